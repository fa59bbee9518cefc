"""Measure how late healthy sources are polled while one host in ten takes requests and never answers.

    python -m bench.hung [--waves 2] [--rounds 2] [--json]

2,600 unchanged feeds on as many hosts fall due within thirty seconds, wave after wave, for one worker that
has 200 places; in every second round 260 hosts hang from the first wave on. Lateness is from when a source
was due to when it was answered, or to the end of the wave where it was not, over the sources of the 2,340
hosts that are healthy in every round. Deadlines are as in life; intervals are shorter than in life by 120,
so that a hung host holds its place in the worker that much more of the time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time

from bench import service
from bench.unchanged import Unchanged, unchanged

FEEDS = HOSTS = 2600
HUNG = 260
"""More than there are places in a worker (`daily8.store.hosts.CLAIM_MOST`, and a quarter)."""
EVERY = 30.0
REST = 15.0
"""Seconds after a wave in which those that are late may still come."""


async def _waves(web: Unchanged, waves: int, healthy: frozenset[str]) -> list[float]:
    """Poll as a worker does that looks for work every second; give how late the healthy were, in seconds."""
    from daily8.desk.subscribing import Wanted, add
    from daily8.news.schedule import Manners
    from daily8.pipeline import fetch
    from daily8.pipeline.threads import StoreThreads

    manners = Manners().hurried(3600.0 / EVERY)
    store, late = StoreThreads(4), list[float]()
    try:
        async with service.outside(web.map, workers=1, polite=manners) as world:
            await store(add, world, [Wanted(url, rights="link") for url in web.by_name(FEEDS)])
            await fetch.drain(world, store, asyncio.Event())
            web.hang()
            for _ in range(waves):
                await store(_spread)
                end = time.monotonic() + EVERY + REST
                while time.monotonic() < end:
                    stopping = asyncio.Event()
                    asyncio.get_running_loop().call_later(max(end - time.monotonic(), 0), stopping.set)
                    await fetch.drain(world, store, stopping)
                    await asyncio.sleep(1)
                late += await store(_lateness, healthy)
    finally:
        store.close()
    return late


def _spread() -> None:
    """Let the sources be due one after another, as if nothing had been fetched before."""
    from django.db import connection

    from daily8.store.models import Fetch

    Fetch.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE store_poll poll SET next_at = now() + interval '2 s' + place.n * %s * interval '1 s'
            FROM (SELECT id, row_number() OVER (ORDER BY md5(host)) AS n FROM store_source) place
            WHERE poll.source_id = place.id
            """,
            [EVERY / FEEDS],
        )
        # What they were due at, for a poll moves it on.
        cursor.execute("DROP TABLE IF EXISTS bench_due")
        cursor.execute("CREATE TABLE bench_due AS SELECT source_id AS source, next_at AS due FROM store_poll")
        cursor.execute(
            """
            UPDATE store_host host SET next_at = poll.next_at, started_at = NULL
            FROM store_source source JOIN store_poll poll ON poll.source_id = source.id
            WHERE source.host = host.name
            """
        )


def _lateness(hosts: frozenset[str]) -> list[float]:
    """Give by how many seconds polls of these hosts came after they were due; or did not, by the end."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT extract(epoch FROM coalesce(seen.at, now()) - place.due)
            FROM (
                SELECT source.id, now_due.due FROM store_source source
                JOIN bench_due now_due ON now_due.source = source.id WHERE source.host = ANY(%s)
            ) place LEFT JOIN store_fetch seen ON seen.source_id = place.id
            """,
            [list(hosts)],
        )
        return [float(row[0]) for row in cursor.fetchall()]


def measure(hung: int, waves: int) -> dict[str, float]:
    """Give the lateness of the sources on hosts that are always healthy, in seconds."""
    from daily8.store.models import Article, Host, Publisher, Source

    for model in (Article, Source, Publisher, Host):
        model._default_manager.all().delete()
    healthy = frozenset(f"host-{n}.replay.test" for n in range(HOSTS - HUNG))
    with unchanged(HOSTS, hung=hung) as web:
        late = service.run(_waves(web, waves, healthy))
    cuts = statistics.quantiles(late, n=100)
    return {"polls": len(late), "median": cuts[49], "p95": cuts[94], "p99": cuts[98]}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--waves", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    args = parser.parse_args()
    found: dict[str, list[dict[str, float]]] = {"healthy": [], "hung": []}
    with service.scratch():
        for _ in range(args.rounds):
            found["healthy"].append(measure(0, args.waves))
            found["hung"].append(measure(HUNG, args.waves))
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
