"""Fuzz with coverage: ``python -m tests.fuzz [TARGET] [--seconds N]``.

Each target runs in a process of its own, with a time for one input and a bound on how far it may grow. What
breaks it lies in ``build/fuzz/<target>`` afterwards, and so does what was found to be worth trying.
"""

from __future__ import annotations

import argparse
import contextlib
import resource
import subprocess
import sys
from pathlib import Path

from tests.fuzz.mutation import MOST
from tests.fuzz.targets import names, target

BUILD = Path(__file__).parents[2] / "build" / "fuzz"
GROWTH = 256
"""Megabytes that a target may grow by."""
ONE = 10
"""Seconds that one input may take."""


def main() -> int:
    """Fuzz one target, or all in turn; give 1 when something broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("target", nargs="?", choices=[*names(), "all"], default="all")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        _fuzz(given.target, given.seconds)
        return 0
    broken = []
    for name in names() if given.target == "all" else [given.target]:
        command = [sys.executable, "-m", "tests.fuzz", name, "--seconds", str(given.seconds), "--inside"]
        if subprocess.run(command, check=False).returncode:
            broken.append(name)
    for name in broken:
        print(f"{name} broke; the input lies in {BUILD / name}")
    return int(bool(broken))


def _fuzz(name: str, seconds: int) -> None:
    """Run libFuzzer on a target in this process; it ends the process itself."""
    import atheris

    found = target(name, atheris.instrument_imports(include=["daily8", "feedparser", "protego"]))
    here = BUILD / name
    corpus = here / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(found.seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    words = here / "words"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in found.words if len(word) < 64))
    for seed in found.seeds:  # what is loaded once is no growth
        with contextlib.suppress(Exception):
            found.one(seed)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 + GROWTH
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={ONE}",
        f"-rss_limit_mb={most}",
        f"-max_len={MOST}",
        f"-dict={words}",
        f"-artifact_prefix={here}/",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], found.one)
    atheris.Fuzz()


def _escaped(word: bytes) -> str:
    return "".join(chr(c) if 32 <= c < 127 and c not in b'"\\' else f"\\x{c:02x}" for c in word)


if __name__ == "__main__":
    sys.exit(main())
