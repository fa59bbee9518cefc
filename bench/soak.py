"""Let a worker poll sixty sources for thirty days of virtual time, and judge it by what their servers saw.

    python -m bench.soak [--days 30] [--json]

The real line runs: claims, the door over loopback, decisions, everything written. Only time is virtual. The
servers remember each request with its time, and judge it by what they themselves had said: a request without
the validators that they gave is avoidable; one before the time that they asked for is early; two at once on
one host, or two within five seconds, break the limit of the host. Three times the worker is stopped,
whatever it has in hand, and started again after minutes or days.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from bench import service
from bench.virtual import VirtualLoop

START = datetime(2026, 3, 2, 7, tzinfo=UTC)  # a Monday
HOUR, DAY = 3600.0, 86_400.0
HOSTS = 12
SPACING = 5.0
TAKES = 0.3
"""Virtual seconds that an answer takes."""
_CLOSE = 0.05
"""Seconds of virtual time that a request takes on its way: none, but for rounding."""


@dataclass(frozen=True)
class Publisher:
    """How a source behaves: what it says of its pace, how often it changes, and what befalls it."""

    every: float = 0.0
    """Seconds between its news; 0 for one that never changes."""
    etag: bool = True
    modified: bool = True
    channel: str = ""
    """Elements about its pace."""
    headers: Callable[[datetime], dict[str, str]] = lambda now: {}
    least: float = HOUR
    """The least seconds between two requests that this source may expect of a polite reader."""
    closed: Callable[[datetime], bool] = lambda now: False
    """Whether it asked not to be asked at this time."""
    trouble: tuple[float, float, int, dict[str, str], float] | None = None
    """(from day, to day, status, headers, least seconds to the next request); status 0 never answers."""


def _expires(now: datetime) -> dict[str, str]:
    return {"Expires": format_datetime(now + timedelta(hours=3), usegmt=True)}


_NIGHT = "<skipHours>" + "".join(f"<hour>{h}</hour>" for h in range(5)) + "</skipHours>"
_SUNDAY = "<skipDays><day>Sunday</day></skipDays>"
_SY = (
    '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">daily</sy:updatePeriod>'
    '<sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">6</sy:updateFrequency>'
)
KINDS: dict[str, Publisher] = {
    "steady": Publisher(3 * HOUR),
    "still": Publisher(modified=False),
    "dated": Publisher(DAY, etag=False),
    "fresh two hours": Publisher(
        2 * HOUR, headers=lambda _: {"Cache-Control": "max-age=7200"}, least=2 * HOUR
    ),
    "fresh half a day": Publisher(
        6 * HOUR, headers=lambda _: {"Cache-Control": "public, max-age=43200"}, least=12 * HOUR
    ),
    "aged": Publisher(
        HOUR, headers=lambda _: {"Cache-Control": "max-age=10800", "Age": "3600"}, least=2 * HOUR
    ),
    "expires": Publisher(5 * HOUR, headers=_expires, least=3 * HOUR),
    "ttl": Publisher(HOUR, channel="<ttl>180</ttl>", least=3 * HOUR),
    "six a day": Publisher(HOUR, channel=_SY, least=4 * HOUR),
    "not by night": Publisher(HOUR, channel=_NIGHT, closed=lambda now: now.hour < 5),
    "not on Sundays": Publisher(HOUR, channel=_SUNDAY, closed=lambda now: now.weekday() == 6),
    "quick": Publisher(900.0, channel="<ttl>20</ttl>", least=1200.0),
    "throttling": Publisher(HOUR, trouble=(5, 5.5, 429, {"Retry-After": "14400"}, 4 * HOUR)),
    "failing": Publisher(HOUR, trouble=(10, 12, 500, {}, HOUR)),
    "overloaded": Publisher(HOUR, trouble=(13, 14, 503, {}, 4 * HOUR)),
    "hung": Publisher(HOUR, trouble=(15, 16, 0, {}, HOUR)),
    "missing": Publisher(HOUR, trouble=(17, 19, 404, {}, HOUR)),
}


@dataclass
class Seen:
    """A request as its server saw it."""

    at: float
    path: str
    status: int
    conditional: bool
    """Whether it bore just the validators that its reader was given, byte for byte."""
    unchanged: bool
    """Whether the source was as its reader had last got it."""
    had: bool
    """Whether its reader had been given validators before."""
    ended: float = 0.0


@dataclass
class Source:
    """One source on a server, and what its reader was given last."""

    kind: str
    publisher: Publisher
    given: int | None = None
    """Number of the edition that the reader has."""
    validators: dict[str, str] = field(default_factory=dict)
    """As they are to be sent back."""
    log: list[Seen] = field(default_factory=list)


class Web:
    """Twelve hosts of five sources, in one event loop."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self._clock = loop.clock(START)
        kinds = itertools.cycle(KINDS)
        self.sources: dict[str, dict[str, Source]] = defaultdict(dict)
        for number in range(HOSTS * 5):
            kind = next(kinds)
            host = f"host-{number % HOSTS}.replay.test"
            self.sources[host][f"/{number}.xml"] = Source(kind, KINDS[kind])
        self.flying: Counter[str] = Counter()
        self.crowded = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *lines = head.decode().split("\r\n")
                pairs = (line.split(": ", 1) for line in lines if ": " in line)
                headers = {name.lower(): value for name, value in pairs}
                await self._answer(reader, writer, first.split()[1], headers)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, headers: dict[str, str]
    ) -> None:
        host, now = headers["host"], self._clock()
        self.crowded += self.flying[host] > 0
        self.flying[host] += 1
        try:
            source = self.sources[host][path]
            seen, answer = self._respond(source, path, headers, now)
            source.log.append(seen)
            if seen.status == 0:
                await reader.read(1)  # until the other side gives up
            else:
                await asyncio.sleep(TAKES)
                writer.write(answer)
                await writer.drain()
            seen.ended = self._loop.time()
        finally:
            self.flying[host] -= 1

    def _respond(
        self, source: Source, path: str, headers: dict[str, str], now: datetime
    ) -> tuple[Seen, bytes]:
        age = (now - START).total_seconds()
        asked = {name: headers[name] for name in ("if-none-match", "if-modified-since") if name in headers}
        # Only what was given counts, all of it, byte for byte.
        seen = Seen(age, path, 200, asked == source.validators, False, bool(source.validators))
        publisher = source.publisher
        if publisher.trouble and publisher.trouble[0] <= age / DAY < publisher.trouble[1]:
            seen.status = publisher.trouble[2]
            return seen, _head(seen.status, now, publisher.trouble[3] | {"Content-Length": "0"})
        edition = int(age // publisher.every) if publisher.every else 0
        seen.unchanged = edition == source.given
        changed = START + timedelta(seconds=edition * publisher.every)
        validators = {}
        if publisher.etag:
            validators["ETag"] = f'W/"edition {edition}"'
        if publisher.modified:
            validators["Last-Modified"] = format_datetime(changed, usegmt=True)
        told = publisher.headers(now) | validators
        names = {"ETag": "if-none-match", "Last-Modified": "if-modified-since"}
        source.given = edition
        source.validators = {names[name]: value for name, value in validators.items()}
        if asked and asked == source.validators:
            seen.status = 304
            return seen, _head(304, now, told)
        body = _feed(path, publisher, edition, changed)
        return seen, _head(200, now, told | {"Content-Length": str(len(body))}) + body


def _head(status: int, now: datetime, headers: dict[str, str]) -> bytes:
    lines = [
        f"{name}: {value}" for name, value in (headers | {"Date": format_datetime(now, usegmt=True)}).items()
    ]
    return "\r\n".join([f"HTTP/1.1 {status} Word", *lines, "", ""]).encode()


def _feed(path: str, publisher: Publisher, edition: int, changed: datetime) -> bytes:
    items = "".join(
        f"<item><guid>{path}-{n}</guid><title>Ferry {n} of {path}</title>"
        f"<link>http://harbour.example{path}/{n}</link>"
        f"<pubDate>{_date(changed, publisher, edition - n)}</pubDate></item>"
        for n in range(edition, max(edition - 10, -1), -1)
    )
    about = f"<title>{path}</title>{publisher.channel}"
    return f'<rss version="2.0"><channel>{about}{items}</channel></rss>'.encode()


def _date(changed: datetime, publisher: Publisher, ago: int) -> str:
    return format_datetime(changed - timedelta(seconds=ago * publisher.every))


def early(source: Source) -> list[tuple[Seen, Seen]]:
    """Give the pairs of requests of which the second came before the source had said that it may."""
    publisher, found = source.publisher, []
    for before, after in itertools.pairwise(source.log):
        well = before.status in (200, 304)
        least = publisher.least if well or not publisher.trouble else publisher.trouble[4]
        if after.at - before.at < least - _CLOSE or publisher.closed(START + timedelta(seconds=after.at)):
            found.append((before, after))
    return found


def judge(web: Web) -> dict[str, Any]:
    """Count what the servers have to complain of."""
    every = [source for host in web.sources.values() for source in host.values()]
    seen = [one for source in every for one in source.log]
    close = 0
    for host in web.sources.values():
        starts = sorted(one.at for source in host.values() for one in source.log)
        close += sum(b - a < SPACING - _CLOSE for a, b in itertools.pairwise(starts))
    unchanged = [one for one in seen if one.unchanged and one.status in (200, 304)]
    complaints = Counter(source.kind for source in every for _ in early(source))
    return {
        "requests": len(seen),
        "statuses": dict(Counter(one.status for one in seen)),
        "avoidable unconditional requests": sum(one.had and not one.conditional for one in seen),
        "early polls": sum(complaints.values()),
        "early polls by kind": dict(complaints),
        "two at once on a host": web.crowded,
        "within five seconds on a host": close,
        "answered 304 of unchanged": sum(one.status == 304 for one in unchanged) / max(len(unchanged), 1),
        "polls a day by kind": {
            source.kind: round(len(source.log) / (max(one.at for one in seen) / DAY), 1) for source in every
        },
    }


async def soak(loop: VirtualLoop, days: float, spoil: Callable[[Any], Any]) -> dict[str, Any]:
    """Poll for so many days and give what the servers saw. Needs a database.

    ``spoil`` takes the world and gives the one that is used: so the judge is judged.
    """
    from daily8.desk.subscribing import Wanted, add
    from daily8.news.schedule import Manners
    from daily8.pipeline.threads import StoreThreads

    web = Web(loop)
    server = await asyncio.start_server(web.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    now = loop.clock(START)
    store = StoreThreads(1)
    try:
        async with service.outside(
            f"*.replay.test=127.0.0.1:{port}", workers=1, now=now, polite=Manners()
        ) as whole:
            world = spoil(whole)
            urls = [f"http://{host}{path}" for host, paths in web.sources.items() for path in paths]
            await store(add, world, [Wanted(url, rights="link") for url in urls])
            for awake, asleep in ((0.3, 0.2), (0.2, 0.05), (0.05, 0.001), (0.2, 0.0)):
                await _work(world, store, loop, loop.time() + awake * days * DAY)
                await asyncio.sleep(asleep * days * DAY)
    finally:
        store.close()
        server.close()
    return judge(web)


async def _work(world: Any, store: Any, loop: VirtualLoop, until: float) -> None:
    """Be a worker: drain what is due, then sleep until something is, as ticks would find it.

    It is stopped at ``until``, whatever it has in hand.
    """
    from daily8.pipeline import fetch, upkeep

    stopping = asyncio.Event()
    loop.call_at(until, stopping.set)
    await store(upkeep.settle, world.now(), world.manners)
    while not stopping.is_set():
        await fetch.drain(world, store, stopping)
        due = await store(_next_due)
        wait = (due - world.now()).total_seconds() if due else DAY
        await asyncio.sleep(min(max(wait, 5.0), until - loop.time() + 1))


def _next_due() -> datetime | None:
    from django.db.models import Min

    from daily8.store.models import Host

    found: datetime | None = Host.objects.aggregate(at=Min("next_at"))["at"]
    return found


def run(days: float, spoil: Callable[[Any], Any] = lambda world: world) -> dict[str, Any]:
    """Run the soak in a loop of its own (`soak`)."""
    loop = VirtualLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(soak(loop, days, spoil))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--days", type=float, default=30.0)
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    args = parser.parse_args()
    with service.scratch():
        found = run(args.days)
    if args.json:
        print(json.dumps(found, indent=2))
        return
    for name, value in found.items():
        print(f"{name:36} {value:.4f}" if isinstance(value, float) else f"{name:36} {value}")


if __name__ == "__main__":
    main()
