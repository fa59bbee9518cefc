"""Fetch what strangers name: the one door to the open web.

Three sets of connections stand behind it and never mix: the public web, where every socket is checked after
the name look-up and no network is crowded; hosts that a replay map leads to loopback; and private places that
the operator has opened.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import MappingProxyType, TracebackType
from typing import Literal, Self, TypeVar
from urllib.parse import urlsplit

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from daily8.net import agents
from daily8.net.bulk import SMALL, Bulk
from daily8.net.connections import ASKING, CONNECT, Asking, open_given, open_public, trust
from daily8.net.crowding import Crowding, Place, Turns
from daily8.net.guard import BadAddress, Blocked, Egress, Target, read_target
from daily8.net.headers import Headers as Headers
from daily8.net.headers import checked, decoded, is_value
from daily8.net.names import Given, Lookup, Names, system_lookup
from daily8.net.unpack import Truncated, Unpacking
from daily8.news import urls
from daily8.news.urls import absolute

FEED_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"
)
PAGE_ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.1"

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HOPS = 5
_GRACE = 5.0
"""Seconds of a body before its speed is judged."""
_LEAST_RATE = 1000.0
"""Bytes a second on the wire."""
T = TypeVar("T")
FailureCode = Literal[
    "bad-address",
    "blocked",
    "dns",
    "refused",
    "unreachable",
    "tls",
    "timeout",
    "too-slow",
    "too-big",
    "cut-off",
    "redirects",
    "sent-on",
    "crowded",
    "bad-response",
    "not-a-picture",
    "status",
]

SENTENCES: dict[FailureCode, str] = {
    "bad-address": "This is not an address of the web that can be fetched; it must begin with http:// or https://.",
    "blocked": "This address does not belong to the public web, so it is not fetched.",
    "dns": "No site of this name could be found; check the spelling, or try again later.",
    "refused": "The site refused the connection; it may be down, so try again later.",
    "unreachable": "The site could not be reached; try again later.",
    "tls": "The site's certificate or encryption is not in order, so nothing was fetched.",
    "timeout": "The site did not answer in full within {seconds:g} seconds; try again later.",
    "too-slow": "The site sent its answer too slowly; try again later.",
    "too-big": "The answer is larger than {megabytes:g} MB, the most that is fetched.",
    "cut-off": "The site broke off before its answer was complete; try again later.",
    "redirects": "The address leads on from place to place without end; use the address of the final page.",
    "sent-on": "The site wants what is sent to it at another address; use that one.",
    "crowded": "Many sites of the same provider are being asked at the moment; try again later.",
    "bad-response": "The site's answer could not be understood; try again later.",
    "not-a-picture": "What is there is not a picture that can be shown (JPEG, PNG, WebP, GIF or AVIF).",
    "status": "The site answered with the status {status:g} instead of what was asked for.",
}
_LASTING = frozenset({"bad-address", "blocked", "too-big", "redirects", "sent-on", "not-a-picture"})


class FetchFailed(Exception):
    """A fetch that brought no answer. As text: one plain sentence that tells nothing of this machine."""

    def __init__(self, code: FailureCode, **values: float) -> None:
        super().__init__(SENTENCES[code].format(**values))
        self.code: FailureCode = code
        self.values: Mapping[str, float] = values
        """What stands in the sentence, for a translation of it."""
        self.hops = 0
        """Redirects that were followed before it failed."""

    @property
    def passing(self) -> bool:
        """Whether the same fetch may well succeed later."""
        if self.code == "status":
            return self.values["status"] >= 500 or self.values["status"] in (408, 425, 429)
        return self.code not in _LASTING


class SentOn(FetchFailed):
    """Something was sent to an address that wants it elsewhere: where, and by which status."""

    def __init__(self, status: int, onward: str) -> None:
        super().__init__("sent-on")
        self.status = status
        self.onward = onward


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Response:
    """A complete answer, decoded. A large body has room in the door for as long as its answer is held."""

    url: str
    """Where it came from in the end."""
    status: int
    headers: Headers
    body: bytes
    """Empty unless the status is 2xx."""
    hops: tuple[tuple[int, str], ...] = ()
    """The redirects on the way: (status, the address that sent us on), first to last."""
    seconds: float = 0.0

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters; or the empty string."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(slots=True)
class _Wish:
    """What is asked of an address, how much of the answer is read, and how far it has come."""

    method: Literal["GET", "POST"]
    headers: dict[str, str]
    limit: int
    hops: int
    """Redirects that may be followed."""
    secret: Mapping[str, str]
    """Headers for the first origin only (scheme, host and port), and never after another."""
    cut: bool = False
    inside: bool = False
    """Whether private places are open to it; no more once it came by any other."""
    body: bytes | None = None
    passed: list[tuple[int, str]] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)


class Door:
    """Reach addresses that strangers and readers name. An async context manager; safe for many tasks at once.

    ``user_agent`` says who asks and where to complain. ``connections`` bounds what is open at once,
    ``connect`` the seconds until a connection stands, ``crowding`` the requests under way to one network
    of the public web, ``turns`` those that redirects lead to one site (``site`` names it for an address), and
    ``bulk`` what large bodies take. ``lookup`` replaces the system's name service, ``tls`` its trust.
    """

    def __init__(
        self,
        egress: Egress,
        user_agent: str,
        *,
        connections: int = 256,
        connect: float = CONNECT,
        crowding: Crowding | None = None,
        turns: Turns | None = None,
        site: Callable[[str], str] = urls.domain,
        bulk: Bulk | None = None,
        lookup: Lookup | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._egress = egress
        self._user_agent = user_agent
        self._connections = connections
        self._connect = connect
        self._tls = tls
        self._crowding = crowding or Crowding()
        self._turns = turns or Turns()
        self._site = site
        self._bulk = bulk or Bulk()
        self._threads: ThreadPoolExecutor | None = None
        self._lookup: Lookup = lookup or self._ask_the_system
        self._names = Names(self._lookup, egress)
        self._public: aiohttp.ClientSession | None = None
        self._mapped: aiohttp.ClientSession | None = None
        self._private: aiohttp.ClientSession | None = None

    @property
    def user_agent(self) -> str:
        """What the door says of itself."""
        return self._user_agent

    @property
    def agent_for_pages(self) -> str:
        """What it says where pages and pictures are read."""
        return agents.for_pages(self._user_agent)

    def agent_for_feed(self, feed: str, subscribers: int) -> str:
        """Give what it says where a feed is asked: which one it is to us, and how many follow it."""
        return agents.for_feed(self._user_agent, feed, subscribers)

    async def __aenter__(self) -> Self:
        # Threads of its own: a name service that hangs must not hold up files and everything else.
        self._threads = ThreadPoolExecutor(32, thread_name_prefix="daily8-names")
        many, tls, soon = self._connections, self._tls or trust(), self._connect
        self._public = open_public(self._egress, connections=many, tls=tls, connect=soon)
        self._mapped = open_given(Given(self._replayed), connections=many, tls=tls, connect=soon)
        self._private = open_given(Given(self._as_named), connections=many, tls=tls, connect=soon)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in (self._public, self._mapped, self._private):
            if session is not None:
                await session.close()
        self._public = self._mapped = self._private = None
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = FEED_ACCEPT,
        limit: int = 5_000_000,
        deadline: float = 20.0,
        user_agent: str | None = None,
        authorization: str | None = None,
        cut: bool = False,
        inside: bool = False,
    ) -> Response:
        """Fetch one address, following at most five redirects, each checked anew.

        The validators are sent back byte for byte, or not at all. ``limit`` is of the decoded body, in bytes;
        with ``cut`` a longer body is cut there, not refused. ``deadline`` is in seconds, for all of it but
        the wait for a turn at a crowded network. ``authorization`` goes to the origin of ``url`` alone.
        With ``inside`` a private place that the operator opened may be asked, here and by redirects from one
        such place to another: for what its own source names. A stranger's address never leads there.

        :raises FetchFailed: when there is no complete answer. An answer of any status is no failure.
        :raises ValueError: for an ``authorization`` that is no value of a header.
        """
        headers = self._headers(accept, user_agent)
        if etag and is_value(etag):
            headers["If-None-Match"] = etag
        if last_modified and is_value(last_modified):
            headers["If-Modified-Since"] = last_modified
        secret = checked({"Authorization": authorization}) if authorization else {}
        return await self._reach(url, _Wish("GET", headers, limit, _HOPS, secret, cut, inside), deadline)

    async def post(
        self,
        url: str,
        *,
        body: bytes,
        content_type: str,
        headers: Mapping[str, str] = MappingProxyType({}),
        accept: str = "*/*",
        limit: int = 100_000,
        deadline: float = 20.0,
        user_agent: str | None = None,
    ) -> Response:
        """Send ``body`` to one address of the public web, and to no other: a redirect is a failure.

        ``headers`` are sent besides; what frames a message or says who asks is not theirs to set. ``limit``
        is of the answer's decoded body, in bytes; ``deadline`` as in `fetch`.

        :raises SentOn: when it sends us elsewhere.
        :raises FetchFailed: when there is no complete answer.
        :raises ValueError: for a header that cannot be sent.
        """
        sent = self._headers(accept, user_agent) | checked({"Content-Type": content_type})
        wish = _Wish("POST", sent, limit, 0, checked(headers), body=body)
        return await self._reach(url, wish, deadline)

    def _headers(self, accept: str, user_agent: str | None) -> dict[str, str]:
        return {
            "User-Agent": user_agent or self._user_agent,
            "Accept": accept,
            "Accept-Encoding": "gzip",
        }

    async def _reach(self, url: str, wish: _Wish, deadline: float) -> Response:
        """Grant a wish at an address or where it sends us, within a deadline."""
        patience = asyncio.timeout(deadline)
        origin = _origin(url) if wish.secret else None
        turn = None
        try:
            async with patience:
                while True:
                    if wish.secret and _origin(url) != origin:
                        wish.secret = {}
                    got = await self._once(url, wish, patience)
                    if isinstance(got, Response):
                        return got
                    before, url = url, _onward(wish, *got)
                    if (site := self._site(url)) != self._site(before):
                        # Who keeps the manners of the first site keeps none of those that it leads to.
                        if turn is not None:
                            turn.leave()
                            turn = None
                        turn = await _in_line(patience, self._turns.take(site))
        except TimeoutError as error:
            raise FetchFailed("timeout", seconds=deadline) from error
        except FetchFailed as error:
            error.hops = len(wish.passed)
            raise
        finally:
            if turn is not None:
                turn.leave()

    async def _once(
        self, url: str, wish: _Wish, patience: asyncio.Timeout
    ) -> Response | tuple[int, str, str | None]:
        """Ask one address once: its answer, or (status, address, where it sends us if that is an address)."""
        with _Plainly():
            target = read_target(url, self._egress)
            asked = URL(target.url, encoded=True)
            if (asked.host_subcomponent or "").strip("[]").removesuffix(".") != target.host:
                raise BadAddress("two readings of one address")
            wish.inside = wish.inside and self._lies_inside(target)
            if self._lies_inside(target) and not wish.inside:
                raise Blocked
            session = self._way(target)
            place = await self._place(target, patience) if session is self._public else None
            asking = ASKING.set(Asking(place))
            try:
                return await self._ask(session, asked, target, wish, patience)
            finally:
                ASKING.reset(asking)
                if place is not None:
                    place.leave()

    def opens(self, url: str) -> bool:
        """Tell whether an address may be tried at all, by how it is written: no name is looked up."""
        try:
            read_target(url, self._egress)
        except (BadAddress, Blocked):
            return False
        return True

    def private(self, url: str) -> tuple[str, int] | None:
        """Give the private place, opened by the operator, at which an address lies; None for all others."""
        if not self._egress.private:
            return None
        try:
            target = read_target(url, self._egress)
        except (BadAddress, Blocked):
            return None
        return (target.host, target.port) if self._lies_inside(target) else None

    def _lies_inside(self, target: Target) -> bool:
        return (target.host, target.port) in self._egress.private and self._egress.mapped(target.host) is None

    def _way(self, target: Target) -> aiohttp.ClientSession:
        if self._egress.mapped(target.host) is not None:
            session = self._mapped
        elif (target.host, target.port) in self._egress.private:
            session = self._private
        else:
            session = self._public
        if session is None:
            raise RuntimeError("the door is used outside of its context")
        return session

    async def _place(self, target: Target, patience: asyncio.Timeout) -> Place:
        """Find the addresses of a host, and wait for a turn at their networks; the deadline waits too."""
        try:
            async with asyncio.timeout(self._connect):
                addresses = await self._names.vetted(target.host)
        except Blocked:
            raise
        except OSError as error:  # a time-out too
            raise FetchFailed("dns") from error
        return await _in_line(patience, self._crowding.place(addresses))

    async def _ask(
        self,
        session: aiohttp.ClientSession,
        asked: URL,
        target: Target,
        wish: _Wish,
        patience: asyncio.Timeout,
    ) -> Response | tuple[int, str, str | None]:
        headers = {**wish.headers, **wish.secret} if wish.secret else wish.headers
        async with session.request(
            wish.method, asked, headers=headers, data=wish.body, allow_redirects=False
        ) as answer:
            status = answer.status
            found = Headers(tuple(decoded(answer.raw_headers)))
            if status in _REDIRECTS and found.get("location"):
                return status, target.url, absolute(found["location"].partition("#")[0], target.url)
            if status < 200:
                raise FetchFailed("bad-response")
            body, room = b"", 0
            if status < 300 and status not in (204, 205):
                body, room = await _read(answer, found, wish, self._bulk, patience)
            seconds = time.monotonic() - wish.started
            got = Response(target.url, status, found, body, tuple(wish.passed), seconds)
            if room:
                self._bulk.hold(got, room)
            return got

    async def _replayed(self, host: str) -> Sequence[tuple[str, int]]:
        """Lead a name of a replay map to its loopback address, whatever port its URL names."""
        place = self._egress.mapped(host.removesuffix("."))
        if place is None:
            raise Blocked
        return [place]

    async def _as_named(self, host: str) -> Sequence[tuple[str, int]]:
        """Find the addresses of a private place, whatever they are: the operator named it."""
        return [(address, 0) for address in await self._lookup(host)]

    async def _ask_the_system(self, host: str) -> Sequence[str]:
        if self._threads is None:
            raise RuntimeError("the door is used outside of its context")
        return await system_lookup(self._threads, host)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(absolute(url) or "")
    return parts.scheme, parts.hostname, parts.port


def _onward(wish: _Wish, status: int, here: str, onward: str | None) -> str:
    """Give the address that a redirect leads to, if it may be followed."""
    wish.passed.append((status, here))
    if onward is None:
        raise FetchFailed("bad-address")
    if not wish.hops:
        raise SentOn(status, onward)
    if len(wish.passed) > wish.hops or onward in {seen for _, seen in wish.passed}:
        raise FetchFailed("redirects")
    return onward


async def _in_line(patience: asyncio.Timeout, turn: Awaitable[T]) -> T:
    """Wait for a turn that others hold up; the deadline waits too."""
    loop, due = asyncio.get_running_loop(), patience.when()
    begun = loop.time()
    patience.reschedule(None)
    try:
        got = await turn
    except TimeoutError as error:
        raise FetchFailed("crowded") from error
    if due is not None:
        patience.reschedule(due + loop.time() - begun)
    return got


class _Plainly:
    """Turn every way in which a fetch fails into `FetchFailed`; time-outs are left to the caller."""

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and (code := _failure(error)):
            raise FetchFailed(code) from error


def _failure(error: BaseException) -> FailureCode | None:
    """Name the way in which a fetch failed; ``None`` for what goes on as it is."""
    match error:
        case aiohttp.ConnectionTimeoutError():
            return "unreachable"
        case FetchFailed() | TimeoutError():
            return None
        case Blocked():
            return "blocked"
        case BadAddress() | aiohttp.InvalidURL():
            return "bad-address"
        case aiohttp.ClientConnectorError():
            return _connection_code(error)
        case Truncated() | aiohttp.ClientPayloadError() | aiohttp.ClientConnectionError() | ConnectionError():
            return "cut-off"
        case aiohttp.ClientError() | HttpProcessingError() | ValueError() | OSError():
            return "bad-response"
    return None


def _connection_code(error: aiohttp.ClientConnectorError) -> FailureCode:
    if isinstance(error, aiohttp.ClientSSLError):
        return "tls"
    if isinstance(error.os_error, Blocked):
        return "blocked"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "dns"
    return "refused" if isinstance(error.os_error, ConnectionRefusedError) else "unreachable"


async def _read(
    answer: aiohttp.ClientResponse, headers: Headers, wish: _Wish, bulk: Bulk, patience: asyncio.Timeout
) -> tuple[bytes, int]:
    """Read a body to its end, its size and its speed watched on the way; give the room that it takes."""
    too_big = FetchFailed("too-big", megabytes=round(wish.limit / 1e6, 2))
    if not wish.cut and (answer.content_length or 0) > wish.limit:
        raise too_big
    unpacked = Unpacking(headers.get("content-encoding", ""), wish.limit, at_once=SMALL)
    loop, room = asyncio.get_running_loop(), 0
    begun = loop.time()
    try:
        while not unpacked.full:
            chunk = await _chunk(answer, begun, unpacked.arrived)
            if not chunk:
                break
            unpacked.feed(chunk)
            if unpacked.large:
                asked = loop.time()
                room = await _in_line(patience, bulk.take(wish.limit))
                begun += loop.time() - asked
                unpacked.grow()
        if unpacked.full and not wish.cut:
            raise too_big  # noqa: TRY301 - the room is given back below, whatever goes wrong
        body = unpacked.so_far() if unpacked.full else unpacked.whole()
    except BaseException:
        bulk.give_back(room)
        raise
    if room > len(body):
        bulk.give_back(room - len(body))
        room = len(body)
    return body, room


async def _chunk(answer: aiohttp.ClientResponse, begun: float, arrived: int) -> bytes:
    # Each thousand bytes buy a second; a server that trickles runs out of them before the deadline.
    patience = asyncio.timeout_at(begun + max(_GRACE, arrived / _LEAST_RATE))
    try:
        async with patience:
            return await answer.content.readany()
    except TimeoutError:
        if patience.expired():
            raise FetchFailed("too-slow") from None
        raise
