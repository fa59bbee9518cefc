"""Measure how many unchanged feeds a worker asks and records in a second, held to one core.

    python -m bench.polling [--feeds 2000] [--hosts 200] [--rounds 3] [--peers] [--json]

A small web in another process serves the feeds, which answer 304 to their validators. The worker's process
is bound to one core; the database and the web run on the others. Spacing between requests to a host is
zero, and one request at a time on a host stays the rule. Each round makes every feed due and drains: claims,
conditional requests, decisions on the next poll, everything written. Processor time is the worker's alone.

With ``--peers`` each round also lets `reader` (PyPI, lemon24; installed by uv into a folder of its own) and
newsboat (where it is on the PATH) update the same feeds, each bound to the same core, with 16 threads. Their
databases are SQLite files within their own process; ours is a server that works on the other cores. A round
counts only if the web answered every feed 304 once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import service
from bench.unchanged import Unchanged, unchanged

READER = ("reader==3.26", "sgmllib3k")
THREADS = 16
Run = Callable[[], "Round"]


@dataclass(frozen=True)
class Round:
    """One update of all feeds."""

    feeds: int
    seconds: float
    processor: float
    """Of the updating process, seconds."""


def make_due() -> None:
    """Let every feed be due now."""
    from daily8.store.models import Fetch, Host, Poll

    now = datetime.now(UTC)
    Fetch.objects.all().delete()
    Poll.objects.update(next_at=now)
    Host.objects.update(next_at=now)


def seen() -> dict[int | None, int]:
    """Count the fetches recorded since the last `make_due` by their status."""
    from django.db.models import Count

    from daily8.store.models import Fetch

    return dict(Fetch.objects.values_list("status").annotate(count=Count("id")))


class Ours:
    """Our worker: one loop, one world, one database, from the first round to the last."""

    def __init__(self, web: Unchanged, feeds: int) -> None:
        self._web = web
        self._feeds = feeds

    async def rounds(self, count: int, between: Callable[[int], None]) -> list[Round]:
        """Add the feeds, fetch them once, then drain them unchanged; ``between`` is called after each."""
        from daily8.desk.subscribing import Wanted, add
        from daily8.pipeline import fetch
        from daily8.pipeline.threads import StoreThreads

        # Whose rights are of links only, no pages are read.
        wanted = [Wanted(url, publisher="Harbour", rights="link") for url in self._web.by_name(self._feeds)]
        store, found = StoreThreads(4), []
        try:
            async with service.outside(self._web.map, workers=1) as world:
                await store(add, world, wanted)
                await fetch.drain(world, store, asyncio.Event())
                for number in range(count):
                    await store(make_due)
                    clock, processor = time.perf_counter(), time.process_time()
                    await fetch.drain(world, store, asyncio.Event())
                    clock, processor = time.perf_counter() - clock, time.process_time() - processor
                    statuses = await store(seen)
                    if statuses != {304: self._feeds}:
                        raise RuntimeError(f"feeds were not answered 304: {statuses}")
                    found.append(Round(self._feeds, clock, processor))
                    between(number)
        finally:
            store.close()
        return found


def reader(web: Unchanged, feeds: int, folder: Path) -> Run:
    """Give rounds of `reader`, after a first fetch."""
    python = folder / "environment" / "bin" / "python"
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "-q", python.parent.parent], check=True)
    subprocess.run([*uv, "pip", "install", "-q", "--python", python, *READER], check=True)
    (folder / "addresses").write_text("\n".join(web.by_number(feeds)))
    script = Path(__file__).with_name("peers") / "reader_polls.py"
    command: list[str | Path] = [python, script, folder / "reader.sqlite", folder / "addresses", str(THREADS)]

    def run() -> Round:
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        told = json.loads(said)
        if told["failed"]:
            raise RuntimeError(f"reader failed on {told['failed']} feeds")
        return Round(feeds, told["seconds"], told["processor"])

    run()
    return run


def newsboat(web: Unchanged, feeds: int, folder: Path) -> Run:
    """Give rounds of newsboat, after a first fetch; a round is a whole process, as it has no other way."""
    (folder / "urls").write_text("\n".join(web.by_number(feeds)))
    (folder / "config").write_text(f"reload-threads {THREADS}\n")
    files: list[str | Path] = [
        "-u",
        folder / "urls",
        "-C",
        folder / "config",
        "-c",
        folder / "newsboat.sqlite",
    ]

    def run() -> Round:
        before, begun = os.times(), time.perf_counter()
        subprocess.run(["newsboat", *files, "-x", "reload"], check=True, capture_output=True)
        seconds, after = time.perf_counter() - begun, os.times()
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        return Round(feeds, seconds, spent)

    run()
    run()  # it sends validators from its third update on
    return run


def measure(web: Unchanged, feeds: int, rounds: int, peers: dict[str, Run]) -> dict[str, list[Round]]:
    """Let everybody update all feeds in turn, so that what the machine does meanwhile meets all alike."""
    found: dict[str, list[Round]] = defaultdict(list)

    def between(number: int) -> None:
        for name, run in peers.items():
            web.counts()
            found[name].append(run())
            if (given := web.counts()) != {"304": feeds}:
                raise RuntimeError(f"{name} was not answered 304 alone: {given}")

    found["daily8"] = service.run(Ours(web, feeds).rounds(rounds, between))
    return {"daily8": found.pop("daily8"), **found}


def summary(found: dict[str, list[Round]]) -> dict[str, Any]:
    """Give medians, feeds a second, and how many times ours is ahead."""
    table = {
        name: {
            "a_second": statistics.median(r.feeds / r.seconds for r in rounds),
            "a_processor_second": statistics.median(r.feeds / r.processor for r in rounds),
        }
        for name, rounds in found.items()
    }
    for name in table:
        table[name]["ours_ahead"] = statistics.median(
            theirs.seconds / ours.seconds for ours, theirs in zip(found["daily8"], found[name], strict=True)
        )
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", action="store_true", help="also measure reader and newsboat")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    args = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[1:] or cores)  # what is started now stays away from the worker's core
    with (
        unchanged(args.hosts) as web,
        service.scratch(),
        tempfile.TemporaryDirectory(prefix="daily8-peers-") as place,
    ):
        os.sched_setaffinity(0, cores[:1])
        folder, peers = Path(place), dict[str, Run]()
        if args.peers:
            peers["reader"] = reader(web, args.feeds, folder)
            if shutil.which("newsboat"):
                peers["newsboat"] = newsboat(web, args.feeds, folder)
        found = summary(measure(web, args.feeds, args.rounds, peers))
    if args.json:
        print(json.dumps(found, indent=2))
        return
    print(f"{args.feeds} unchanged feeds on {args.hosts} hosts, medians of {args.rounds} rounds")
    for name, row in found.items():
        print(
            f"{name:10} {row['a_second']:7.0f} a second {row['a_processor_second']:7.0f} a processor-second"
            f"   ours is {row['ours_ahead']:.1f} times as fast"
        )


if __name__ == "__main__":
    main()
