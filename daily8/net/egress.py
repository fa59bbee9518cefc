"""Fetch what strangers name: the one door to the open web.

Three sets of connections stand behind it and never mix: the public web, where every socket is checked after
the name look-up; hosts that a replay map leads to loopback; and private places that the operator has opened.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Literal, Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from daily8.net.guard import BadAddress, Blocked, Egress, Target, guarded_socket, is_public, read_target
from daily8.net.unpack import Truncated, Unpacking
from daily8.news.urls import absolute

FEED_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"
)
PAGE_ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.1"

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HOPS = 5
_GRACE = 5.0
"""Seconds of a body before its speed is judged."""
_LEAST_RATE = 1000.0
"""Bytes a second on the wire."""
_ADDRESSES = 16

Lookup = Callable[[str], Awaitable[Sequence[str]]]
"""Gives the IP addresses of a host name, best first; raises OSError where there are none."""

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
    "bad-response": "The site's answer could not be understood; try again later.",
    "not-a-picture": "What is there is not a picture that can be shown (JPEG, PNG, WebP, GIF or AVIF).",
    "status": "The site answered with the status {status:g} instead of what was asked for.",
}
_LASTING = frozenset({"bad-address", "blocked", "too-big", "redirects", "not-a-picture"})


class FetchFailed(Exception):
    """A fetch that brought no answer. As text: one plain sentence that tells nothing of this machine."""

    def __init__(self, code: FailureCode, **values: float) -> None:
        super().__init__(SENTENCES[code].format(**values))
        self.code: FailureCode = code
        self.values: Mapping[str, float] = values
        """What stands in the sentence, for a translation of it."""

    @property
    def passing(self) -> bool:
        """Whether the same fetch may well succeed later."""
        if self.code == "status":
            return self.values["status"] >= 500 or self.values["status"] in (408, 425, 429)
        return self.code not in _LASTING


class Headers(Mapping[str, str]):
    """The headers of an answer: names in any case, repeated ones joined by a comma (RFC 9110 section 5.3)."""

    __slots__ = ("_values",)

    def __init__(self, pairs: Sequence[tuple[str, str]] = ()) -> None:
        values: dict[str, str] = {}
        for name, value in pairs:
            key = name.lower()
            values[key] = f"{values[key]}, {value}" if key in values else value
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({list(self._values.items())!r})"


@dataclass(frozen=True, slots=True)
class Response:
    """A complete answer, decoded."""

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


class _Names(AbstractResolver):
    """Look host names up for one set of connections."""

    def __init__(self, lookup: Lookup, vet: bool) -> None:
        self._lookup = lookup
        self._vet = vet

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        addresses = (await self._lookup(host))[:_ADDRESSES]
        # The socket is the true check. This one lets a name of mixed addresses be reached by its public ones.
        open_ones = [a for a in addresses if is_public(a)] if self._vet else list(addresses)
        if addresses and not open_ones:
            raise Blocked
        return [_result(host, address, port) for address in open_ones]

    async def close(self) -> None:
        """Nothing is held."""


class _Map(AbstractResolver):
    """Lead the names of a replay map to their loopback addresses, whatever port their URL names."""

    def __init__(self, egress: Egress) -> None:
        self._egress = egress

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        place = self._egress.mapped(host.removesuffix("."))
        if place is None:
            raise Blocked
        return [_result(host, *place)]

    async def close(self) -> None:
        """Nothing is held."""


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=socket.IPPROTO_TCP, flags=0
    )


class Door:
    """Fetch addresses that strangers and readers name. An async context manager; safe for many tasks at once.

    ``user_agent`` says who asks and where to complain. ``connections`` bounds what is open at once.
    ``lookup`` replaces the system's name service. ``tls`` replaces the system's trust.
    """

    def __init__(
        self,
        egress: Egress,
        user_agent: str,
        *,
        connections: int = 256,
        lookup: Lookup | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._egress = egress
        self._user_agent = user_agent
        self._connections = connections
        self._lookup = lookup
        self._tls = tls
        self._threads: ThreadPoolExecutor | None = None
        self._public: aiohttp.ClientSession | None = None
        self._mapped: aiohttp.ClientSession | None = None
        self._private: aiohttp.ClientSession | None = None

    @property
    def user_agent(self) -> str:
        """What the door says of itself."""
        return self._user_agent

    async def __aenter__(self) -> Self:
        lookup = self._lookup
        if lookup is None:
            # Threads of its own: a name service that hangs must not hold up files and everything else.
            self._threads = ThreadPoolExecutor(32, thread_name_prefix="daily8-names")
            lookup = partial(_system_lookup, self._threads)
        self._public = self._session(_Names(lookup, vet=True), partial(guarded_socket, self._egress))
        self._mapped = self._session(_Map(self._egress), None)
        self._private = self._session(_Names(lookup, vet=False), None)
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
        cut: bool = False,
    ) -> Response:
        """Fetch one address, following at most five redirects, each checked anew.

        The validators are sent back byte for byte, or not at all. ``limit`` is of the decoded body, in bytes;
        with ``cut`` a longer body is cut there, not refused. ``deadline`` is in seconds, for all of it.

        :raises FetchFailed: when there is no complete answer. An answer of any status is no failure.
        """
        started = time.monotonic()
        headers = self._headers(etag, last_modified, accept, user_agent)
        hops: list[tuple[int, str]] = []
        try:
            async with asyncio.timeout(deadline):
                while True:
                    got = await self._once(url, headers, limit, cut)
                    if isinstance(got, Response):
                        seconds = time.monotonic() - started
                        return Response(got.url, got.status, got.headers, got.body, tuple(hops), seconds)
                    status, here, onward = got
                    hops.append((status, here))
                    if len(hops) > _HOPS or onward in {seen for _, seen in hops}:
                        raise FetchFailed("redirects")
                    url = onward
        except TimeoutError as error:
            raise FetchFailed("timeout", seconds=deadline) from error

    def _headers(
        self, etag: str | None, last_modified: str | None, accept: str, user_agent: str | None
    ) -> dict[str, str]:
        known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        return {
            "User-Agent": user_agent or self._user_agent,
            "Accept": accept,
            "Accept-Encoding": "gzip",
            **{name: value for name, value in known.items() if value and not _CONTROL.search(value)},
        }

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

    async def _once(
        self, url: str, headers: Mapping[str, str], limit: int, cut: bool
    ) -> Response | tuple[int, str, str]:
        """Ask one address once: its answer, or (status, address, where it sends us)."""
        async with _plainly():
            target = read_target(url, self._egress)
            asked = URL(target.url, encoded=True)
            if (asked.host_subcomponent or "").strip("[]").removesuffix(".") != target.host:
                raise BadAddress("two readings of one address")
            async with self._way(target).get(asked, headers=headers, allow_redirects=False) as answer:
                status = answer.status
                found = Headers(tuple(_decoded(answer.raw_headers)))
                if status in _REDIRECTS and found.get("location"):
                    onward = absolute(found["location"].partition("#")[0], target.url)
                    if onward is None:
                        raise BadAddress("a redirect to no address")
                    return status, target.url, onward
                if status < 200:
                    raise FetchFailed("bad-response")
                body = b""
                if status < 300 and status not in (204, 205):
                    body = await _read(answer, found, limit, cut)
                return Response(target.url, status, found, body)

    def _session(
        self, names: AbstractResolver, factory: Callable[[aiohttp.AddrInfoType], socket.socket] | None
    ) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=names,
            socket_factory=factory,
            limit=self._connections,
            limit_per_host=4,
            keepalive_timeout=15.0,
            ssl=self._tls or True,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            raise_for_status=False,
            timeout=aiohttp.ClientTimeout(total=None),
            max_line_size=8190,
            max_field_size=16_384,
            max_headers=128,
        )


async def _system_lookup(threads: ThreadPoolExecutor, host: str) -> Sequence[str]:
    loop = asyncio.get_running_loop()
    ask = partial(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return tuple(dict.fromkeys(str(info[4][0]) for info in await loop.run_in_executor(threads, ask)))


@asynccontextmanager
async def _plainly() -> AsyncIterator[None]:
    """Turn every way in which a fetch fails into `FetchFailed`; time-outs are left to the caller."""
    try:
        yield
    except (FetchFailed, TimeoutError):
        raise
    except Blocked as error:
        raise FetchFailed("blocked") from error
    except BadAddress as error:
        raise FetchFailed("bad-address") from error
    except aiohttp.InvalidURL as error:
        raise FetchFailed("bad-address") from error
    except aiohttp.ClientConnectorError as error:
        raise FetchFailed(_connection_code(error)) from error
    except (Truncated, aiohttp.ClientPayloadError, aiohttp.ClientConnectionError, ConnectionError) as error:
        raise FetchFailed("cut-off") from error
    except (aiohttp.ClientError, HttpProcessingError, ValueError, OSError) as error:
        raise FetchFailed("bad-response") from error


def _connection_code(error: aiohttp.ClientConnectorError) -> FailureCode:
    if isinstance(error, aiohttp.ClientSSLError):
        return "tls"
    if isinstance(error.os_error, Blocked):
        return "blocked"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "dns"
    return "refused" if isinstance(error.os_error, ConnectionRefusedError) else "unreachable"


def _decoded(raw: Sequence[tuple[bytes, bytes]]) -> Iterator[tuple[str, str]]:
    """Decode headers as UTF-8, else Latin-1; leave out a validator that could not be echoed byte for byte."""
    for name, value in raw:
        key = name.decode("latin-1")
        try:
            yield key, value.decode()
        except UnicodeDecodeError:
            if key.lower() not in ("etag", "last-modified"):
                yield key, value.decode("latin-1")


async def _read(answer: aiohttp.ClientResponse, headers: Headers, limit: int, cut: bool) -> bytes:
    """Read a body to its end, its size and its speed watched on the way."""
    too_big = FetchFailed("too-big", megabytes=round(limit / 1e6, 2))
    if not cut and (answer.content_length or 0) > limit:
        raise too_big
    body = Unpacking(headers.get("content-encoding", ""), limit)
    begun = asyncio.get_running_loop().time()
    while not body.full:
        # Each thousand bytes buy a second; a server that trickles runs out of them before the deadline.
        patience = asyncio.timeout_at(begun + max(_GRACE, body.arrived / _LEAST_RATE))
        try:
            async with patience:
                chunk = await answer.content.readany()
        except TimeoutError:
            if patience.expired():
                raise FetchFailed("too-slow") from None
            raise
        if not chunk:
            return body.whole()
        body.feed(chunk)
    if not cut:
        raise too_big
    return body.so_far()
