"""Measure how many unchanged feeds a worker asks and records in a second, held to one core.

    python -m bench.polling [--feeds 2000] [--hosts 200] [--rounds 3] [--json]

A replayed web in another process serves the feeds, which answer 304 to their validators. The worker's
process is bound to one core; the database and the web run on the others. Spacing between requests to a host
is zero, and one request at a time on a host stays the rule. Each round makes every feed due and drains:
claims, conditional requests, decisions on the next poll, one transaction a feed. Processor time is the
worker's alone.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bench import service
from daily8.replay.rows import corpus_from_rows
from daily8.replay.server import ReplayServer
from daily8.replay.site import Answer, Site


class _ManyFeeds(Site):
    """Gives every publisher as many addresses of its feed as are asked for: ``/feed.xml?1``, ``?2``, ..."""

    def respond(self, host: str, path: str, headers: Mapping[str, str], corpus_time: datetime) -> Answer:
        return super().respond(host, path.partition("?")[0], headers, corpus_time)


class _Server(ReplayServer):
    @property
    def site(self) -> Site:
        if not isinstance(self._site, _ManyFeeds):
            self._site = _ManyFeeds(super().site.corpus, super().site.port, self.clock)
        return self._site


def open_web(hosts: int) -> ReplayServer:
    """Make a web of so many hosts, each with a feed of five entries."""
    rows = [
        {
            "id": f"{host}-{number}",
            "publisher": f"host-{host}",
            "publisher_format": "rss",
            "lang": "en",
            "published": f"-{number + 1}h",
            "title": f"Report {number} of host {host}",
            "text": "The ferry came in late, and nobody minded much.",
        }
        for host in range(hosts)
        for number in range(5)
    ]
    return _Server(corpus_from_rows(rows), public_port=80)


@dataclass(frozen=True)
class Round:
    """One drain of all feeds."""

    feeds: int
    seconds: float
    processor: float
    statuses: dict[str, int]


def make_due() -> None:
    """Let every feed be due now."""
    from daily8.store.models import Fetch, Host, Poll

    now = datetime.now(UTC)
    Fetch.objects.all().delete()
    Poll.objects.update(next_at=now)
    Host.objects.update(next_at=now)


def seen() -> dict[str, int]:
    """Count the fetches recorded since the last `make_due` by their status."""
    from django.db.models import Count

    from daily8.store.models import Fetch

    rows = Fetch.objects.values_list("status").annotate(count=Count("id"))
    return {str(status): count for status, count in rows}


async def measure(web: service.Web, feeds: int, rounds: int) -> list[Round]:
    """Add the feeds, fetch them once, then drain them unchanged."""
    from daily8.desk.subscribing import Wanted, add
    from daily8.pipeline import fetch
    from daily8.pipeline.threads import StoreThreads

    hosts = len(web.publishers)
    wanted = [
        # Whose rights are of links only, no pages are read.
        Wanted(f"{web.publishers[n % hosts].feed}?{n}", publisher=f"Host {n % hosts}", rights="link")
        for n in range(feeds)
    ]
    store, found = StoreThreads(4), []
    try:
        async with service.outside(web, workers=1) as world:
            await store(add, world, wanted)
            await fetch.drain(world, store, asyncio.Event())
            for _ in range(rounds):
                await store(make_due)
                clock, processor = time.perf_counter(), time.process_time()
                await fetch.drain(world, store, asyncio.Event())
                clock, processor = time.perf_counter() - clock, time.process_time() - processor
                statuses = await store(seen)
                found.append(Round(sum(statuses.values()), clock, processor, statuses))
    finally:
        store.close()
    return found


def summary(rounds: list[Round]) -> dict[str, Any]:
    """Give medians, feeds a second."""
    return {
        "feeds": rounds[0].feeds,
        "statuses": [r.statuses for r in rounds],
        "a_second": statistics.median(r.feeds / r.seconds for r in rounds),
        "a_processor_second": statistics.median(r.feeds / r.processor for r in rounds),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    args = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[1:] or cores)  # what is started now stays away from the worker's core
    with service.replayed(open_web, args.hosts) as web, service.scratch():
        os.sched_setaffinity(0, cores[:1])
        found = summary(service.run(measure(web, args.feeds, args.rounds)))
    if args.json:
        print(json.dumps(found, indent=2))
        return
    print(f"{found['feeds']} feeds on {args.hosts} hosts, {args.rounds} rounds: {found['statuses']}")
    print(f"{found['a_second']:.0f} a second, {found['a_processor_second']:.0f} a processor-second (medians)")


if __name__ == "__main__":
    main()
