"""Ask a site's robots.txt before its pages are read (RFC 9309)."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from protego import Protego

from daily8.net import agents
from daily8.net.egress import Door, FetchFailed, Response
from daily8.net.reservations import Reservations
from daily8.news.urls import absolute
from daily8.news.wishes import SiteWishes, read_robots, site_of

Verdict = Literal["allowed", "disallowed", "unknown"]

_KEPT = 86_400.0
_KEPT_UNKNOWN = 3600.0
_LIMIT = 500 * 1024
_MOST_RULES = 5000
_MOST_BYTES = 64 << 20
"""Of the rules of all sites; most take about a thousand."""
_ENTRY = 700
"""Bytes that the rules of a site take besides what they say."""
_MOST_PARSERS = 200
_LARGE = 20_000
"""Characters of rules that are parsed each time, which takes some milliseconds."""
_MOST_SITEMAPS = 50
# Where robots.txt cannot be had for these, the page cannot either, and tells the cause itself.
_SAME_FOR_PAGES = frozenset({"bad-address", "blocked", "dns", "refused", "unreachable", "tls"})


_ASKS_NOTHING = SiteWishes()


@dataclass(frozen=True, slots=True)
class _Rules:
    verdict: Verdict | None
    """One for the whole site, or None: the text says."""
    until: float
    text: str = ""
    """What is said to us, parsed when it is asked: a parser holds tens of times as much."""
    sitemaps: tuple[str, ...] = ()
    wishes: SiteWishes = _ASKS_NOTHING
    """What is asked of those who use what they read."""
    failed: FetchFailed | None = None
    """Why the file could not be had."""

    @property
    def size(self) -> int:
        """Bytes that they take, about."""
        asked = [*self.wishes.licences, *(rule.path + rule.stated for rule in self.wishes.usage)]
        return _ENTRY + sys.getsizeof(self.text) + sum(map(sys.getsizeof, (*self.sitemaps, *asked)))


class Robots:
    """What sites let programs read, kept for a day per site. For many tasks at once in one event loop.

    ``clock`` gives monotonic seconds; ``most`` bounds what is kept, in bytes: the site that was asked about
    longest ago goes first.
    """

    def __init__(
        self, door: Door, *, clock: Callable[[], float] = time.monotonic, most: int = _MOST_BYTES
    ) -> None:
        self._door = door
        self._clock = clock
        self._most = most
        self._token = agents.token(door.user_agent)
        self._sites: OrderedDict[str, _Rules] = OrderedDict()
        self._size = 0
        self._parsers: OrderedDict[str, tuple[str, Protego]] = OrderedDict()
        """By site, with the text that was parsed."""
        self._asking: dict[tuple[str, bool], asyncio.Task[_Rules]] = {}
        self.reservations = Reservations(door, clock=clock)
        """The other file in which a site says what it allows."""

    def known(self, url: str) -> bool:
        """Tell whether it is known what a site lets programs read, so that nothing need be asked of it."""
        clean = absolute(url)
        rules = self._sites.get(site_of(clean)) if clean else None
        return clean is None or (rules is not None and self._clock() < rules.until)

    async def learn(self, url: str, *, inside: bool = False) -> FetchFailed | None:
        """Ask a site for its robots.txt, unless it is `known`; give why it could not be had.

        What keeps its pages from being had too is not told here: they tell it themselves. ``inside`` as in
        `Door.fetch`.
        """
        return (await self._rules(url, inside=inside))[1].failed

    async def allowed(self, url: str, *, inside: bool = False) -> bool:
        """Tell whether a page may be read now; a site whose robots.txt is out of order is left alone."""
        return await self.verdict(url, inside=inside) == "allowed"

    async def verdict(self, url: str, *, inside: bool = False) -> Verdict:
        """Tell what robots.txt says of a page; ``unknown`` when it cannot be had for now.

        4xx allows all but 429; 5xx, 429 and a time-out allow nothing (RFC 9309 section 2.3.1). ``inside`` as
        in `Door.fetch`.
        """
        site, rules = await self._rules(url, inside=inside)
        parser = await self._parser(site, rules)
        if parser is None:
            return rules.verdict or "allowed"
        return "allowed" if parser.can_fetch(url, self._token) else "disallowed"

    async def delay(self, url: str) -> float | None:
        """Give the seconds between requests that the site asks for (Crawl-delay), if it does."""
        parser = await self._parser(*await self._rules(url))
        return parser.crawl_delay(self._token) if parser else None

    async def sitemaps(self, url: str, *, inside: bool = False) -> tuple[str, ...]:
        """Give the sitemaps that a site names in its robots.txt (sitemaps.org, "Specifying the location")."""
        return (await self._rules(url, inside=inside))[1].sitemaps

    async def wishes(self, url: str, *, inside: bool = False) -> SiteWishes:
        """Give what a site asks of those who use what lies on it, by both of its files."""
        _, rules = await self._rules(url, inside=inside)
        return replace(rules.wishes, reservations=self.reservations.rules(url))

    async def _rules(self, url: str, *, inside: bool = False) -> tuple[str, _Rules]:
        clean = absolute(url)
        if clean is None:
            return "", _Rules("allowed", 0.0)
        site = site_of(clean)
        known = self._sites.get(site)
        if known is not None and self._clock() < known.until:
            self._sites.move_to_end(site)
            return site, known
        way = site, inside
        task = self._asking.get(way)
        if task is None:
            task = self._asking[way] = asyncio.create_task(self._ask(site, known, inside=inside))
            task.add_done_callback(lambda _: self._asking.pop(way, None))
        # Several may wait for one answer: that one of them gives up must not take it from the others.
        return site, await asyncio.shield(task)

    async def _parser(self, site: str, rules: _Rules) -> Protego | None:
        """Parse what a site says to us, unless that was done lately; None where it says nothing."""
        if rules.verdict is not None or not rules.text:
            return None
        text, parser = self._parsers.get(site, ("", None))
        if parser is None or text != rules.text:
            parser = await asyncio.to_thread(Protego.parse, rules.text)
            if len(rules.text) > _LARGE:
                return parser
            self._parsers[site] = rules.text, parser
        self._parsers.move_to_end(site)
        if len(self._parsers) > _MOST_PARSERS:
            self._parsers.popitem(last=False)
        return parser

    async def _ask(self, site: str, known: _Rules | None, *, inside: bool) -> _Rules:
        now = self._clock()
        try:
            answer = await self._door.fetch(
                f"{site}/robots.txt",
                accept="text/plain, */*;q=0.1",
                limit=_LIMIT,
                user_agent=self._door.agent_for_pages,
                cut=True,
                inside=inside,
            )
        except FetchFailed as error:
            if error.code in _SAME_FOR_PAGES and not error.hops:
                return _Rules("allowed", 0.0)
            if error.code == "crowded":  # it was not asked, so nothing was learnt
                return known or _Rules("unknown", 0.0)
            # Kept without its frames, which hold what was read.
            verdict: Verdict = "allowed" if error.code == "redirects" else "unknown"
            rules = _Rules(verdict, now + _KEPT_UNKNOWN, failed=FetchFailed(error.code, **error.values))
        else:
            rules = await self._read(answer, now)
        if rules.verdict == "unknown" and known is not None and known.verdict is None:
            # Rules known before stay in force while the file cannot be reached (RFC 9309 section 2.4).
            rules = replace(known, until=rules.until, failed=rules.failed)
        self._keep(site, rules)
        return rules

    def _keep(self, site: str, rules: _Rules) -> None:
        if (old := self._sites.pop(site, None)) is not None:
            self._size -= old.size
        self._sites[site] = rules
        self._size += rules.size
        while self._size > self._most:
            self._size -= self._sites.popitem(last=False)[1].size

    async def _read(self, answer: Response, now: float) -> _Rules:
        if answer.status >= 500 or answer.status == 429:
            return _Rules("unknown", now + _KEPT_UNKNOWN)
        if answer.status >= 300 or not answer.body:
            return _Rules("allowed", now + _KEPT)
        said, named, asked = await asyncio.to_thread(self._said, answer.body, answer.url)
        return _Rules(None, now + _KEPT, said, named, asked)

    def _said(self, body: bytes, url: str) -> tuple[str, tuple[str, ...], SiteWishes]:
        text = body.decode("utf-8-sig", "replace")
        return ours(text, self._token), sitemaps(text, url), read_robots(text, url, self._token)


def ours(text: str, token: str) -> str:
    """Keep of a robots.txt what is said to all and to ``token`` (lower case), and drop all other groups.

    A file of many agents over many rules costs a parser their product: 500 kB took 278 s.
    """
    kept: list[str] = []
    agents: list[str] = []
    in_rules = True
    for line in text.splitlines():
        field, colon, value = line.partition("#")[0].partition(":")
        field, value = field.strip().lower(), value.strip()
        if not colon:
            continue
        if field in ("user-agent", "useragent", "user agent"):
            if in_rules:
                agents, in_rules = [], False
            name = value.partition("/")[0].strip().lower()
            if name in ("*", token) and name not in agents:
                agents.append(name)
                kept.append(f"User-agent: {name}")
        elif field in ("allow", "disallow", "crawl-delay"):
            in_rules = True
            if agents:
                kept.append(f"{field}: {value}")
                if len(kept) > _MOST_RULES:
                    break
    return "\n".join(kept)


def sitemaps(text: str, url: str) -> tuple[str, ...]:
    """Give the sitemaps that a robots.txt at ``url`` names, in its order; they belong to no group."""
    found: dict[str, None] = {}
    for line in text.splitlines():
        field, colon, value = line.partition("#")[0].partition(":")
        if colon and field.strip().lower() == "sitemap" and (address := absolute(value.strip(), url)):
            found[address] = None
            if len(found) >= _MOST_SITEMAPS:
                break
    return tuple(found)
