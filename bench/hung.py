"""Measure how late healthy sources are polled while one host in ten takes requests and never answers.

    python -m bench.hung [--seconds 90] [--rounds 2] [--json]

2,000 feeds on 400 hosts, polled every thirty seconds by one worker; forty hosts hang in every second round.
Lateness is from when a source was due to when it was answered, over the sources of the 360 hosts that are
healthy in every round. Deadlines are as in life; intervals are shorter than in life by 120, so that a hung
host holds its place in the worker that much more of the time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import service
from bench.unchanged import Unchanged, unchanged

FEEDS, HOSTS, HUNG = 2000, 400, 40
EVERY = 30.0


async def _round(web: Unchanged, seconds: float) -> None:
    """Poll for so long, as a worker does that looks for work every second."""
    from daily8.desk.subscribing import Wanted, add
    from daily8.news.schedule import Manners
    from daily8.pipeline import fetch
    from daily8.pipeline.threads import StoreThreads

    manners = Manners().hurried(3600.0 / EVERY)
    store = StoreThreads(4)
    try:
        async with service.outside(web.map, workers=1, polite=manners) as world:
            await store(add, world, [Wanted(url, rights="link") for url in web.by_name(FEEDS)])
            await store(_spread)
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                stopping = asyncio.Event()
                timer = asyncio.get_running_loop().call_later(max(end - time.monotonic(), 0), stopping.set)
                await fetch.drain(world, store, stopping)
                timer.cancel()
                await asyncio.sleep(1)
    finally:
        store.close()


def _spread() -> None:
    """Let the sources be due one after another."""
    from daily8.store.models import Host, Poll

    now = datetime.now(UTC)
    for number, poll in enumerate(Poll.objects.select_related("source").order_by("source__host")):
        poll.next_at = now + timedelta(seconds=number * EVERY / FEEDS)
        poll.save(update_fields=["next_at"])
        Host.objects.filter(name=poll.source.host, next_at__gt=poll.next_at).update(next_at=poll.next_at)


def _lateness(hosts: list[str]) -> list[float]:
    from daily8.store.models import Fetch

    rows = Fetch.objects.filter(source__host__in=hosts, source__isnull=False).order_by("source", "at")
    due: dict[Any, datetime] = {}
    found = []
    for source, at, following in rows.values_list("source_id", "at", "next_at"):
        if source in due:
            found.append((at - due[source]).total_seconds())
        if following:
            due[source] = following
    return found


def measure(hung: int, seconds: float) -> dict[str, float]:
    """Give the lateness of the sources on hosts that are always healthy, in seconds."""
    from daily8.store.models import Host, Publisher, Source

    for model in (Source, Publisher, Host):
        model._default_manager.all().delete()
    with unchanged(HOSTS, hung=hung) as web:
        service.run(_round(web, seconds))
    late = _lateness([f"host-{n}.replay.test" for n in range(HOSTS - HUNG)])
    cuts = statistics.quantiles(late, n=100)
    return {"polls": len(late), "median": cuts[49], "p95": cuts[94], "p99": cuts[98]}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=90.0)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    args = parser.parse_args()
    found: dict[str, list[dict[str, float]]] = {"healthy": [], "hung": []}
    with service.scratch():
        for _ in range(args.rounds):
            found["healthy"].append(measure(0, args.seconds))
            found["hung"].append(measure(HUNG, args.seconds))
    p95 = {name: statistics.median(row["p95"] for row in rows) for name, rows in found.items()}
    worse = p95["hung"] / p95["healthy"] - 1
    if args.json:
        print(json.dumps({**found, "worse": worse}, indent=2))
        return
    for name, rows in found.items():
        for row in rows:
            print(name, " ".join(f"{key} {value:.3f}" for key, value in row.items()))
    print(
        f"p95 with one host in ten hung is {worse:+.1%} (medians {p95['healthy']:.3f} s, {p95['hung']:.3f} s)"
    )


if __name__ == "__main__":
    main()
