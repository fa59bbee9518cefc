"""Connections of a door: checked sockets, a place held at the network, and no patience for chatter."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from contextvars import ContextVar
from functools import partial
from typing import Any, cast

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_exceptions import HttpProcessingError

from daily8.net.crowding import Place
from daily8.net.guard import Blocked, Egress, guarded_socket
from daily8.net.names import Given

CONNECT = 10.0
"""Seconds for a connection with its encryption; a black hole must not hold a place for the whole deadline."""

_STALE = 5
"""Kept connections to elsewhere that are put away before a request is given up."""
_FRAMING = 1 << 20
"""Bytes of an answer on the wire that are not its body."""
_INTERIM = 20
"""Answers of 1xx before the true one."""


class Asking:
    """One request under way."""

    __slots__ = ("made", "place")

    def __init__(self, place: Place | None = None) -> None:
        self.place = place
        """Held by a request to the public web."""
        self.made = False
        """Whether a connection was made for it."""


ASKING: ContextVar[Asking | None] = ContextVar("asking", default=None)
"""The request that is being made."""


class _Talk(ResponseHandler):
    """One connection's conversation, ended when a server says far more than it tells.

    Interim answers, tiny chunks and their extensions cost a processor much and bring nothing.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._interim = 0
        self._wire = 0

    def data_received(self, data: bytes) -> None:
        """Take what arrives."""
        self._wire += len(data)
        super().data_received(data)
        payload = self._payload
        if payload is not None and self._wire - payload.total_bytes > _FRAMING:
            payload.set_exception(HttpProcessingError(message="more framing than content"))
            self._give_up("more framing than content")

    def feed_data(self, data: Any, size: int = 0) -> None:
        """Take an answer's head."""
        interim = 100 <= data[0].code < 200
        self._interim, self._wire = self._interim + 1 if interim else 0, 0
        if self._interim > _INTERIM:
            self._give_up("too many interim answers")
        else:
            super().feed_data(data, size)

    def _give_up(self, why: str) -> None:
        self.set_exception(HttpProcessingError(message=why))
        if self.transport is not None:
            self.transport.abort()


class _Connections(aiohttp.TCPConnector):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._factory = cast("partial[ResponseHandler]", partial(_Talk, loop=self._loop))

    async def connect(
        self, req: aiohttp.ClientRequest, traces: list[Any], timeout: aiohttp.ClientTimeout
    ) -> Any:
        """Give a connection, and keep of the request's place what it needs.

        What a new connection lost is not sent again at once: only what was sent into a kept one, as its
        server closed it, may be (RFC 9112 section 9.3.1).
        """
        asking = ASKING.get()
        if asking is not None and asking.made:
            raise aiohttp.ServerDisconnectedError
        place = asking.place if asking is not None else None
        for _ in range(_STALE):
            connection = await super().connect(req, traces, timeout)
            if place is None or connection.transport is None:
                return connection
            peer = connection.transport.get_extra_info("peername")
            if peer is not None and place.settle(peer[0]):
                return connection
            connection.close()  # one kept from when the name led elsewhere
        raise Blocked

    async def _create_connection(
        self, req: aiohttp.ClientRequest, traces: list[Any], timeout: aiohttp.ClientTimeout
    ) -> ResponseHandler:
        made = await super()._create_connection(req, traces, timeout)
        if (asking := ASKING.get()) is not None:
            asking.made = True
        return made


def open_public(
    egress: Egress, *, connections: int, tls: ssl.SSLContext, connect: float = CONNECT
) -> aiohttp.ClientSession:
    """Open connections to the public web: to the addresses of the request's place, each socket checked."""

    async def held(host: str) -> Sequence[tuple[str, int]]:
        asking = ASKING.get()
        if asking is None or asking.place is None:
            raise Blocked
        return [(address, 0) for address in asking.place.addresses]

    factory = partial(guarded_socket, egress)
    return _session(Given(held), connections, tls, connect, socket_factory=factory, use_dns_cache=False)


def open_given(
    names: Given, *, connections: int, tls: ssl.SSLContext, connect: float = CONNECT
) -> aiohttp.ClientSession:
    """Open connections to what the operator opened by name."""
    return _session(names, connections, tls, connect)


def trust() -> ssl.SSLContext:
    """Give the system's trust in sites, by TLS 1.2 or later."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _session(
    names: Given, connections: int, tls: ssl.SSLContext, connect: float, **options: Any
) -> aiohttp.ClientSession:
    connector = _Connections(
        resolver=names, limit=connections, limit_per_host=4, keepalive_timeout=15.0, ssl=tls, **options
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        raise_for_status=False,
        timeout=aiohttp.ClientTimeout(total=None, connect=connect),
        max_line_size=8190,
        max_field_size=16_384,
        max_headers=128,
    )
