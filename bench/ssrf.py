"""Try every way to write an address of this machine at every surface that a stranger or a reader can reach.

    python -m bench.ssrf [--json]

A sentinel listens on one port of all of this machine's addresses, IPv4 and IPv6. Every form of an address is
named where the service takes addresses from outside: as a source, looked up, checked, in a list of
subscriptions, as the page, the picture or the hub of a feed, as a part of a sitemap index, as a place to post
to, and as the target of a redirect from each. The stages, the actions, the door and the store are those of
the service, on a scratch database. The sites that name the addresses are served on loopback, where a replay
map leads their names, and no others. Where no site is wanted, all is tried before that without any map.

The operator's endpoint is tried with every address that is not its own, and with every redirect.

Counted are the connections that the sentinel sees, and every connection that this process begins to any
address but those sites' (seen by Python's own audit of sockets). Fails unless both are none, and where
nothing was said of any address of a surface, or the sites led nobody on from one that is tried by redirects.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import escape
from typing import Any

from bench import service
from tests.net.forms import CONFUSING, FORMS, WITH_CONTROLS

SUFFIX = "sites.test"
_TEXT = (
    "The ferry came in late on Monday, and nobody on the pier minded much, as the sun was out at last.",
    "Its captain said that a rope had to be spliced first, which took the crew the better part of an hour.",
    "The harbour master wrote the delay into her book, the ninth of this spring, and closed the window.",
    "By noon the baker had sold what the passengers usually buy on the way home, and locked his shop.",
    "The next crossing leaves on Tuesday at six, weather permitting, from the northern end of the quay.",
)


@dataclass
class Watch:
    """What is seen of connections."""

    sites: int = 0
    """The port of the sites that may be asked."""
    reached: int = 0
    begun: list[str] = field(default_factory=list)

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note every connection that begins to anywhere but the sites."""
        if event != "socket.connect" or arguments[0].family not in (socket.AF_INET, socket.AF_INET6):
            return
        host, port = arguments[1][:2]
        if (host, port) != ("127.0.0.1", self.sites):
            self.begun.append(f"{host}:{port}")


@dataclass
class Surface:
    """One place at which addresses are taken, and what became of them."""

    name: str
    named: int = 0
    said: Counter[str] = field(default_factory=Counter)
    """What was said of addresses that came as far as the door; the empty text stands for one that did not."""
    reached: int = 0
    begun: int = 0
    led: int = 0
    """Redirects that the sites gave."""

    @property
    def asked(self) -> int:
        """Addresses of which something was said."""
        return sum(count for text, count in self.said.items() if text)

    @property
    def idle(self) -> bool:
        """Whether nothing was tried, so that its silence says nothing."""
        return not self.asked or ("redirect" in self.name and not self.led)

    def row(self) -> str:
        """Give one row of the table."""
        sign = " IDLE" if self.idle else ""
        figures = f"{self.named:6} {self.asked:8} {self.led:5} {self.reached:9} {self.begun:7}"
        return f"{self.name:28} {figures}{sign}"


class Sites:
    """The web that names the addresses: each path says what to answer."""

    def __init__(self, targets: Sequence[str]) -> None:
        self.targets = targets
        self.port = 0
        self.led = 0
        """Redirects that were given."""

    def url(self, path: str, number: int | str = "all") -> str:
        """Give the address of a path on the site of one form."""
        return f"http://n{number}.{SUFFIX}:{self.port}/{path}/{number}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request; on sites called r a robots.txt leads to where the site's form leads."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            kind, _, number = head.split(b" ", 2)[1].decode().strip("/").rpartition("/")
            if number == "robots.txt":
                host = re.search(rb"\r\nHost: r(\w+)\.", head)
                kind, number = "away", host[1].decode() if host else ""
            status, headers, body = self._answer(kind, number)
            lines = [f"HTTP/1.1 {status} x", f"Content-Length: {len(body)}", "Connection: close", *headers]
            writer.write("\r\n".join([*lines, "", ""]).encode("utf-8", "replace") + body)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, IndexError):
            pass
        finally:
            writer.close()

    def _answer(self, kind: str, number: str) -> tuple[int, list[str], bytes]:
        target = self.targets[int(number)] if number.isdigit() else ""
        feed = "Content-Type: application/rss+xml"
        if kind in ("away", "parted", "checked", "onward") and target:
            self.led += 1
            location = target.replace("\r", "").replace("\n", "")
            return 307 if kind == "onward" else 302, [f"Location: {location}"], b""
        if kind == "announcing":
            link = f'<link rel=alternate type="application/rss+xml" href="{escape(target)}">'
            return 200, ["Content-Type: text/html"], f"<!doctype html><title>x</title>{link}".encode()
        if kind in ("pages", "pages-away"):
            away = kind == "pages-away"
            items = [self._item(n, self.url("away", n) if away else t) for n, t in enumerate(self.targets)]
            return 200, [feed], _rss(items)
        if kind in ("pictures", "pictures-away"):
            path = "illustrated-away" if kind == "pictures-away" else "illustrated"
            return 200, [feed], _rss([self._item(n, self.url(path, n)) for n in range(len(self.targets))])
        if kind in ("illustrated", "illustrated-away"):
            picture = self.url("away", number) if kind == "illustrated-away" else target
            return 200, ["Content-Type: text/html"], _page(picture)
        if kind in ("hub", "hub-away"):
            hub = escape(self.url("onward", number) if kind == "hub-away" else target)
            link = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="{hub}"/>'
            return 200, [feed], _rss([link, self._item(number, "")])
        if kind in ("index", "index-away"):
            part = self.url("parted", number) if kind == "index-away" else target
            return 200, ["Content-Type: application/xml"], _index(part)
        return 404, [], b""

    def _item(self, number: int | str, link: str) -> str:
        return f"<item><guid>{number}</guid><title>Report {number}</title><link>{escape(link)}</link></item>"


def _rss(items: Sequence[str]) -> bytes:
    return f"<rss version='2.0'><channel><title>x</title>{''.join(items)}</channel></rss>".encode()


def _page(picture: str) -> bytes:
    image = escape(picture)
    named = f"<meta property=og:image content='{image}'><link rel=icon href='{image}'>"
    head = f"<title>The ferry is late</title>{named}"
    figure = f"<figure><img src='{image}' width=800 height=600></figure>"
    text = "".join(f"<p>{sentence} {other}</p>" for sentence in _TEXT for other in _TEXT if other != sentence)
    body = f"<article><h1>The ferry is late</h1>{figure}{text}</article>"
    return f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>".encode()


def _index(part: str) -> bytes:
    head = "<?xml version='1.0'?><sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
    return f"{head}<sitemap><loc>{escape(part)}</loc></sitemap></sitemapindex>".encode()


async def _lookup(host: str) -> Sequence[str]:
    if host.endswith(SUFFIX):
        return ["127.0.0.1"]
    raise socket.gaierror(socket.EAI_NONAME, "none")


@dataclass
class Trial:
    """Everything that the surfaces are tried with."""

    world: Any
    store: Any
    sites: Sites

    async def drain(self) -> None:
        """Do what is due."""
        from daily8.pipeline import fetch

        await fetch.drain(self.world, self.store, asyncio.Event())

    async def add(self, urls: Sequence[str], *, rights: str) -> dict[str, str]:
        """Add sources; give the keys of those that were taken by their addresses."""
        from daily8.desk.subscribing import BadSource, Wanted, add, describe

        taken = {}
        for url in urls:
            try:
                wanted = Wanted(url, rights=rights)
                taken[url] = describe(self.world, wanted).key
                await self.store(add, self.world, [wanted])
            except BadSource:
                continue
        return taken

    async def polled(self, urls: Sequence[str], *, parts: bool = False) -> list[str]:
        """Add sources, fetch them, and give what was said of each, or of their parts."""
        from daily8.store.models import Poll

        taken = await self.add(urls, rights="link")
        await self.drain()
        polls = Poll.objects.values_list("source__key", "source__parent__key", "cause")
        rows = await self.store(lambda: list(polls))
        said = {parent if parts else key: cause for key, parent, cause in rows if parts == bool(parent)}
        return [said.get(taken[url], "") if url in taken else "" for url in urls]

    async def errands(self, kind: str, feed: str) -> list[str]:
        """Add a feed, do all that comes of it, and give what was said of the errands of a kind."""
        from daily8.store.models import Errand

        await self.add([self.sites.url(feed)], rights="full")
        before = await self.store(lambda: set(Errand.objects.values_list("id", flat=True)))
        await self.drain()
        new = Errand.objects.filter(kind=kind).exclude(id__in=before).values_list("cause", flat=True)
        rows: list[str] = await self.store(lambda: list(new))
        return rows + [""] * (len(self.sites.targets) - len(rows))


def _numbers(trial: Trial, path: str) -> list[str]:
    return [trial.sites.url(path, n) for n in range(len(trial.sites.targets))]


async def _each(
    urls: Sequence[str], ask: Callable[[str], Awaitable[Any]], *plain: type[Exception]
) -> list[str]:
    said = []
    for url in urls:
        try:
            await ask(url)
        except plain as error:
            # A sentence may begin with the address that it is about.
            text = re.sub(rf"http://\S+\.{SUFFIX}\S+", "...", str(error).replace(repr(url), "..."))
            said.append(re.sub(r"^\S+: (?=[A-Z])", "", text))
        else:
            said.append("")
    return said


async def _looked_up(trial: Trial, urls: Sequence[str]) -> list[str]:
    from daily8.desk.looking import NoFeed, look

    return await _each(urls, lambda url: look(trial.world, url), NoFeed)


async def _checked(trial: Trial, urls: Sequence[str]) -> list[str]:
    from daily8.desk.checking import check

    return [(await check(trial.world, url)).detail for url in urls]


async def _imported(trial: Trial, urls: Sequence[str]) -> list[str]:
    from daily8.news.opml import read_opml

    rows = [f'<outline type="rss" text="x" xmlUrl="{escape(url)}"/>' for url in urls if "\x00" not in url]
    document = f"<opml version='2.0'><body>{''.join(rows)}</body></opml>".encode()
    read = await trial.world.cage.acall(read_opml, document)
    said = await trial.polled([subscription.url for subscription in read.outlines])
    return said + [""] * (len(urls) - len(said))


async def _pictures(trial: Trial, urls: Sequence[str]) -> list[str]:
    from daily8.net.egress import FetchFailed
    from daily8.net.pictures import fetch_picture

    return await _each(urls, lambda url: fetch_picture(trial.world.door, url), FetchFailed)


async def _posted(trial: Trial, urls: Sequence[str]) -> list[str]:
    from daily8.net.egress import FetchFailed

    async def post(url: str) -> None:
        await trial.world.door.post(url, body=b"{}", content_type="application/json")

    return await _each(urls, post, FetchFailed)


async def _robots(trial: Trial, urls: Sequence[str]) -> list[str]:
    return [await trial.world.robots.verdict(url) for url in urls]


async def _hubs(trial: Trial, path: str) -> list[str]:
    from daily8.store.models import Subscription

    before = await trial.store(lambda: set(Subscription.objects.values_list("id", flat=True)))
    await trial.add(_numbers(trial, path), rights="link")
    await trial.drain()
    await trial.drain()
    new = Subscription.objects.exclude(id__in=before).values_list("cause", flat=True)
    rows: list[str] = await trial.store(lambda: list(new))
    return rows + [""] * (len(trial.sites.targets) - len(rows))


def surfaces(trial: Trial) -> dict[str, Callable[[], Awaitable[list[str]]]]:
    """Name every surface, and how its addresses are tried; a redirect comes from a site that is open."""
    plain, away = list(trial.sites.targets), _numbers(trial, "away")
    return {
        "source": lambda: trial.polled([_apart(url, "source") for url in plain]),
        "source, redirect": lambda: trial.polled(away),
        "look-up": lambda: _looked_up(trial, plain),
        "look-up, redirect": lambda: _looked_up(trial, away),
        "look-up, announced": lambda: _looked_up(trial, _numbers(trial, "announcing")),
        "check": lambda: _checked(trial, plain),
        "check, redirect": lambda: _checked(trial, _numbers(trial, "checked")),
        "OPML": lambda: _imported(trial, [_apart(url, "opml") for url in plain]),
        "page": lambda: trial.errands("page", "pages"),
        "page, redirect": lambda: trial.errands("page", "pages-away"),
        "picture": lambda: trial.errands("picture", "pictures"),
        "picture, redirect": lambda: trial.errands("picture", "pictures-away"),
        "icon": lambda: _pictures(trial, plain),
        "icon, redirect": lambda: _pictures(trial, away),
        "robots.txt": lambda: _robots(trial, plain),
        "robots.txt, redirect": lambda: _robots(trial, [url.replace("//n", "//r") for url in away]),
        "sitemap part": lambda: trial.polled(_numbers(trial, "index"), parts=True),
        "sitemap part, redirect": lambda: trial.polled(_numbers(trial, "index-away"), parts=True),
        "hub": lambda: _hubs(trial, "hub"),
        "hub, redirect": lambda: _hubs(trial, "hub-away"),
        "post": lambda: _posted(trial, plain),
        "post, redirect": lambda: _posted(trial, _numbers(trial, "onward")),
    }


def _straight(trial: Trial) -> dict[str, Callable[[], Awaitable[list[str]]]]:
    """Name the surfaces at which addresses are named without a site that is open."""
    asked = ("source", "look-up", "check", "OPML", "icon", "robots.txt", "post")
    return {f"{name}, no map": try_it for name, try_it in surfaces(trial).items() if name in asked}


def _emptied() -> None:
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)


def _apart(url: str, mark: str) -> str:
    """Make addresses of one surface other ones than those of the next."""
    return f"{url}{mark}" if re.fullmatch(r"http://[^/]*/", url) else url


async def operator(port: int, sites: Sites) -> list[str]:
    """Try the operator's endpoint, the sites, with every other address and every redirect."""
    from daily8.net.trusted import Trusted, TrustedFailed

    own = f"http://127.0.0.1:{sites.port}"
    said = []
    async with Trusted(own) as trusted:
        paths = [*sites.targets, *(f"away/{n}" for n in range(len(sites.targets)))]
        said += await _each(
            paths, lambda path: trusted.request("POST", path, body=b""), TrustedFailed, ValueError
        )
    mail = Trusted(f"imap://127.0.0.1:{sites.port}")
    for form in (*FORMS, "127.0.0.1"):
        try:
            mail.connect(form.strip("[]"), port).close()
        except TrustedFailed as error:
            said.append(str(error))
    return said


@asynccontextmanager
async def _listening(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any], host: str, port: int, family: int
) -> AsyncIterator[int]:
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    sock.bind((host, port))
    server = await asyncio.start_server(serve, sock=sock)
    async with server:
        yield sock.getsockname()[1]


def targets(port: int) -> list[str]:
    """Write every form as an address of the sentinel."""
    return [f"http://{form}:{port}/" for form in FORMS] + [
        form.replace("{port}", str(port)) for form in (*CONFUSING, *WITH_CONTROLS)
    ]


@asynccontextmanager
async def _trial(egress: Any, sites: Sites, store: Any) -> AsyncIterator[Trial]:
    from daily8.net.cage import Cage
    from daily8.net.egress import Door
    from daily8.net.outside import Outside
    from daily8.net.robots import Robots

    async with Door(egress, "Daily8/bench", lookup=_lookup) as door:
        with Cage(workers=1) as cage:
            world = Outside(
                door=door,
                cage=cage,
                robots=Robots(door),
                manners=service.manners(),
                now=lambda: datetime.now(UTC),
                chance=random.random,
                own_suffixes=(SUFFIX,),
                callback=f"http://news.{SUFFIX}/hub/",
            )
            yield Trial(world, store, sites)


async def measure(watch: Watch) -> list[Surface]:
    """Try every surface, and give what was seen."""
    from daily8.net.guard import Egress
    from daily8.net.interfaces import own_addresses
    from daily8.pipeline.threads import StoreThreads

    def sentinel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        watch.reached += 1
        writer.close()

    store, sites, found = StoreThreads(2), Sites([]), list[Surface]()
    async with (
        _listening(sentinel, "0.0.0.0", 0, socket.AF_INET) as port,
        _listening(sentinel, "::", port, socket.AF_INET6),
        _listening(sites.serve, "127.0.0.1", 0, socket.AF_INET) as own,
    ):
        own_numbers = [f"[{a}]" if ":" in a else a for a in own_addresses() if not a.startswith("fe80")]
        sites.targets, sites.port = targets(port) + [f"http://{a}:{port}/" for a in own_numbers], own
        watch.sites = own
        bare = Egress(ports=frozenset({80, 443, 22, 25, 6379, port}), own=own_addresses())
        mapped = replace(bare, hosts={f"*.{SUFFIX}": ("127.0.0.1", own)})
        try:
            for egress, tried in ((bare, _straight), (mapped, surfaces)):
                async with _trial(egress, sites, store) as trial:
                    for name, try_it in tried(trial).items():
                        found.append(await _tried(name, try_it, watch, sites))
                await store(_emptied)
            last = await _tried("operator's endpoint", lambda: operator(port, sites), watch, sites)
            return [*found, last]
        finally:
            store.close()


async def _tried(
    name: str, try_it: Callable[[], Awaitable[list[str]]], watch: Watch, sites: Sites
) -> Surface:
    reached, begun, led = watch.reached, len(watch.begun), sites.led
    said = await try_it()
    await asyncio.sleep(0.05)  # the sentinel hears of a connection after who made it
    return Surface(
        name,
        len(said),
        Counter(said),
        watch.reached - reached,
        len(watch.begun) - begun,
        sites.led - led,
    )


async def proof(watch: Watch) -> None:
    """See that the sentinel and the audit notice a connection, or their silence would say nothing."""

    def heard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        watch.reached += 1
        writer.close()

    async with _listening(heard, "127.0.0.1", 0, socket.AF_INET) as port:
        with socket.create_connection(("127.0.0.1", port)):
            await asyncio.sleep(0.05)
    if (watch.reached, len(watch.begun)) != (1, 1):
        raise SystemExit("the sentinel is deaf: nothing was measured")
    watch.reached, watch.begun = 0, []


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    args = parser.parse_args()
    watch = Watch()
    sys.addaudithook(watch.audit)
    asyncio.run(proof(watch))
    with service.scratch():
        found = asyncio.run(measure(watch))
    if args.json:
        rows = [{**vars(surface), "said": dict(surface.said)} for surface in found]
        print(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        print(f"{'surface':28} {'named':>6} {'answered':>8} {'led':>5} {'sentinel':>9} {'begun':>7}")
        for surface in found:
            print(surface.row())
            for text, count in surface.said.most_common():
                print(f"    {count:4} {text or '(taken by nobody)'}")
    if watch.reached or watch.begun:
        print("reached:", *sorted(set(watch.begun)), file=sys.stderr)
        raise SystemExit(1)
    if idle := [surface.name for surface in found if surface.idle]:
        raise SystemExit(f"nothing was tried at: {', '.join(idle)}")


if __name__ == "__main__":
    main()
