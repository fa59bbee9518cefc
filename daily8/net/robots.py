"""Ask a site's robots.txt before its pages are read (RFC 9309)."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from protego import Protego

from daily8.net import agents
from daily8.net.egress import Door, FetchFailed, Response
from daily8.news.urls import absolute

Verdict = Literal["allowed", "disallowed", "unknown"]

_KEPT = 86_400.0
_KEPT_UNKNOWN = 3600.0
_LIMIT = 500 * 1024
_MOST_RULES = 5000
_MOST_SITES = 500
_MOST_SITEMAPS = 50
# Where robots.txt cannot be had for these, the page cannot either, and tells the cause itself.
_SAME_FOR_PAGES = frozenset({"bad-address", "blocked", "dns", "refused", "unreachable", "tls"})


@dataclass(frozen=True, slots=True)
class _Rules:
    verdict: Verdict | None
    """One for the whole site, or None: ask the parser."""
    parser: Protego | None
    until: float
    sitemaps: tuple[str, ...] = ()


class Robots:
    """What sites let programs read, kept for a day per site. For many tasks at once in one event loop.

    ``clock`` gives monotonic seconds.
    """

    def __init__(self, door: Door, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._door = door
        self._clock = clock
        self._token = agents.token(door.user_agent)
        self._sites: OrderedDict[str, _Rules] = OrderedDict()
        self._asking: dict[str, asyncio.Task[_Rules]] = {}

    async def allowed(self, url: str) -> bool:
        """Tell whether a page may be read now; a site whose robots.txt is out of order is left alone."""
        return await self.verdict(url) == "allowed"

    async def verdict(self, url: str) -> Verdict:
        """Tell what robots.txt says of a page; ``unknown`` when it cannot be had for now.

        4xx allows all but 429; 5xx, 429 and a time-out allow nothing (RFC 9309 section 2.3.1).
        """
        rules = await self._rules(url)
        if rules.verdict is not None or rules.parser is None:
            return rules.verdict or "allowed"
        return "allowed" if rules.parser.can_fetch(url, self._token) else "disallowed"

    async def delay(self, url: str) -> float | None:
        """Give the seconds between requests that the site asks for (Crawl-delay), if it does."""
        rules = await self._rules(url)
        return rules.parser.crawl_delay(self._token) if rules.parser else None

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """Give the sitemaps that a site names in its robots.txt (sitemaps.org, "Specifying the location")."""
        return (await self._rules(url)).sitemaps

    async def _rules(self, url: str) -> _Rules:
        clean = absolute(url)
        if clean is None:
            return _Rules("allowed", None, 0.0)
        parts = urlsplit(clean)
        site = f"{parts.scheme}://{parts.netloc}"
        known = self._sites.get(site)
        if known is not None and self._clock() < known.until:
            self._sites.move_to_end(site)
            return known
        task = self._asking.get(site)
        if task is None:
            task = self._asking[site] = asyncio.create_task(self._ask(site, known))
            task.add_done_callback(lambda _: self._asking.pop(site, None))
        # Several may wait for one answer: that one of them gives up must not take it from the others.
        return await asyncio.shield(task)

    async def _ask(self, site: str, known: _Rules | None) -> _Rules:
        now = self._clock()
        try:
            answer = await self._door.fetch(
                f"{site}/robots.txt",
                accept="text/plain, */*;q=0.1",
                limit=_LIMIT,
                user_agent=self._door.agent_for_pages,
                cut=True,
            )
        except FetchFailed as error:
            if error.code in _SAME_FOR_PAGES and not error.hops:
                return _Rules("allowed", None, 0.0)
            rules = _Rules("allowed" if error.code == "redirects" else "unknown", None, now + _KEPT_UNKNOWN)
        else:
            rules = await self._read(answer, now)
        if rules.verdict == "unknown" and known is not None and known.parser is not None:
            # Rules known before stay in force while the file cannot be reached (RFC 9309 section 2.4).
            rules = _Rules(known.verdict, known.parser, rules.until, known.sitemaps)
        self._sites[site] = rules
        self._sites.move_to_end(site)
        while len(self._sites) > _MOST_SITES:
            self._sites.popitem(last=False)
        return rules

    async def _read(self, answer: Response, now: float) -> _Rules:
        if answer.status >= 500 or answer.status == 429:
            return _Rules("unknown", None, now + _KEPT_UNKNOWN)
        if answer.status >= 300 or not answer.body:
            return _Rules("allowed", None, now + _KEPT)
        parser, named = await asyncio.to_thread(self._parse, answer.body, answer.url)
        return _Rules(None, parser, now + _KEPT, named)

    def _parse(self, body: bytes, url: str) -> tuple[Protego, tuple[str, ...]]:
        text = body.decode("utf-8-sig", "replace")
        return Protego.parse(ours(text, self._token)), sitemaps(text, url)


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
