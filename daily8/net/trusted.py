"""Reach one endpoint that the operator set: a model, a mailbox, a push gateway. That one, and no other.

The operator's word opens the address, private or not; it opens nothing besides. Strangers' addresses go
through `daily8.net.egress`.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from types import MappingProxyType, TracebackType
from typing import Any, Self
from urllib.parse import SplitResult, urlsplit

import aiohttp
from yarl import URL

from daily8.net.connections import CONNECT, trust
from daily8.net.egress import Response
from daily8.net.headers import Headers, checked, decoded

_PORTS = {"https": 443, "http": 80, "imaps": 993, "imap": 143, "smtps": 465, "smtp": 25, "submission": 587}
_ENCRYPTED = frozenset({"https", "imaps", "smtps"})
_PAGES = frozenset({"https", "http"})
_LINE = 1 << 20
"""Bytes of one line of a stream."""


class TrustedFailed(Exception):
    """The endpoint gave no answer. As text: one sentence for the operator, who set it; it bears no secret."""

    def __init__(self, place: str, problem: str, *, passing: bool = True) -> None:
        super().__init__(f"{place} {problem}.")
        self.passing = passing
        """Whether the same request may well succeed later."""


class Trusted:
    """One endpoint of the operator's. An async context manager where `request` and `lines` are used.

    ``url`` gives scheme (http, https, imap, imaps, smtp, smtps, submission), host, port and, for the web, the
    path below which requests go; a user and password in it are not used here, and never shown. ``deadline``
    is in seconds for a whole exchange, ``limit`` in bytes of an answer. ``tls`` replaces the system's trust.

    :raises ValueError: for a ``url`` that names no endpoint.
    """

    def __init__(
        self,
        url: str,
        *,
        deadline: float = 60.0,
        limit: int = 10_000_000,
        user_agent: str = "Daily8",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        parts = _read(url)
        self._scheme = parts.scheme
        self._path = parts.path.rstrip("/")
        self.host = (parts.hostname or "").lower()
        self.port = parts.port or _PORTS[parts.scheme]
        self._deadline = deadline
        self._limit = limit
        self._user_agent = user_agent
        self._tls = tls
        self._session: aiohttp.ClientSession | None = None

    @property
    def place(self) -> str:
        """Name the endpoint as ``scheme://host:port``, for people."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self._scheme}://{host}:{self.port}"

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=32, ssl=self._context()),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            headers={"User-Agent": self._user_agent},
            raise_for_status=False,
            timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT),
            max_line_size=8190,
            max_field_size=16_384,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def request(
        self,
        method: str,
        path: str = "",
        *,
        json: Any = None,
        body: bytes | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
        deadline: float | None = None,
    ) -> Response:
        """Ask the endpoint once: ``path`` is below its own, with a query if need be.

        :raises TrustedFailed: where no complete answer came in time, or one that leads elsewhere.
        :raises ValueError: for a path that leaves the endpoint, or a header that cannot be sent.
        """
        started = time.monotonic()
        async with self._asked(method, path, json, body, headers, deadline) as (answer, due):
            got = bytearray()
            while piece := await _next(answer, due):
                got += piece
                if len(got) > self._limit:
                    raise self._failed(f"answered with more than {self._limit} bytes", passing=False)
            found = Headers(tuple(decoded(answer.raw_headers)))
            return Response(
                str(answer.url), answer.status, found, bytes(got), seconds=time.monotonic() - started
            )

    async def lines(
        self,
        method: str,
        path: str = "",
        *,
        json: Any = None,
        body: bytes | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
        deadline: float | None = None,
    ) -> AsyncIterator[str]:
        """Ask the endpoint, and give the lines of its answer as they come, without their ends.

        :raises TrustedFailed: as in `request`, and for a status other than 2xx or a line of over 1 MB.
        """
        async with self._asked(method, path, json, body, headers, deadline) as (answer, due):
            if not 200 <= answer.status < 300:
                raise self._failed(f"answered with the status {answer.status}", passing=answer.status >= 429)
            rest, arrived = b"", 0
            while piece := await _next(answer, due):
                arrived += len(piece)
                *whole, rest = (rest + piece).split(b"\n")
                if arrived > self._limit or len(rest) > _LINE:
                    raise self._failed("answered with more than is read", passing=False)
                for line in whole:
                    yield line.removesuffix(b"\r").decode("utf-8", "replace")
            if rest:
                yield rest.decode("utf-8", "replace")

    def connect(
        self, host: str | None = None, port: int | None = None, *, timeout: float | None = None
    ) -> socket.socket:
        """Open a connection, encrypted where the scheme says so; for mail. Blocks: use it in a thread.

        ``host`` and ``port`` are what a library was told, to be held against the endpoint. ``timeout`` is in
        seconds, of the connection and of each thing that is later read from it.

        :raises TrustedFailed: where it cannot be made, or another place was asked for.
        """
        if (host or self.host).lower() != self.host or (port or self.port) != self.port:
            raise self._failed("is the only place that is reached by this setting", passing=False)
        with self._plainly(self._deadline if timeout is None else timeout):
            plain = socket.create_connection((self.host, self.port), timeout=timeout or self._deadline)
            if self._scheme not in _ENCRYPTED:
                return plain
            try:
                return self.encrypt(plain)
            except BaseException:
                plain.close()
                raise

    def encrypt(self, plain: socket.socket) -> socket.socket:
        """Encrypt a connection that `connect` gave (STARTTLS), and hold its certificate against the name.

        :raises TrustedFailed: for a certificate or an encryption that is not in order.
        """
        with self._plainly(self._deadline):
            return self._context().wrap_socket(plain, server_hostname=self.host)

    @asynccontextmanager
    async def _asked(
        self,
        method: str,
        path: str,
        json: Any,
        body: bytes | None,
        headers: Mapping[str, str],
        deadline: float | None,
    ) -> AsyncIterator[tuple[aiohttp.ClientResponse, float]]:
        if self._session is None:
            raise RuntimeError("the endpoint is used outside of its context")
        url, sent, seconds = self._below(path), checked(headers), deadline or self._deadline
        content = {"json": json} if json is not None else {"data": body}
        due = asyncio.get_running_loop().time() + seconds
        with self._plainly(seconds):
            async with asyncio.timeout_at(due):
                answer = await self._session.request(
                    method, url, headers=sent, allow_redirects=False, **content
                )
            async with answer:
                if 300 <= answer.status < 400 and answer.status != 304:
                    problem = "sends us to another address; set the setting to the final one"
                    raise self._failed(problem, passing=False)
                # No deadline is held over this: who takes lines is not to be cancelled between two of them.
                yield answer, due

    def _below(self, path: str) -> URL:
        """Give the address of a path below the endpoint's own.

        :raises ValueError: for one that leads away from it.
        """
        if self._scheme not in _PAGES:
            raise ValueError(f"{self.place} is not asked by HTTP")
        below = path.lstrip("/")
        url = URL(f"{self.place}{self._path}{f'/{below}' if below else ''}", encoded=True)
        way = url.raw_path.split("/")
        if not path.isascii() or any(c <= " " or c in "\\#\x7f" for c in path) or ".." in way:
            raise ValueError("the path leads away from the endpoint")
        if (url.scheme, url.host, url.port) != (self._scheme, self.host, self.port):
            raise ValueError("the path leads away from the endpoint")
        return url

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = trust()
        return self._tls

    def _failed(self, problem: str, *, passing: bool = True) -> TrustedFailed:
        return TrustedFailed(self.place, problem, passing=passing)

    @contextmanager
    def _plainly(self, seconds: float) -> Iterator[None]:
        """Turn every way in which an exchange fails into `TrustedFailed`."""
        try:
            yield
        except TrustedFailed:
            raise
        except (ssl.SSLError, ssl.CertificateError, aiohttp.ClientSSLError) as error:
            raise self._failed("has a certificate or an encryption that is not in order") from error
        except TimeoutError as error:
            raise self._failed(f"did not answer within {seconds:g} seconds") from error
        except socket.gaierror as error:
            raise self._failed("has a name that cannot be found") from error
        except aiohttp.ClientConnectorDNSError as error:
            raise self._failed("has a name that cannot be found") from error
        except (aiohttp.ClientConnectorError, ConnectionRefusedError) as error:
            raise self._failed("cannot be reached; see whether it runs") from error
        except (aiohttp.ClientError, OSError) as error:
            raise self._failed("broke off before its answer was complete") from error


async def _next(answer: aiohttp.ClientResponse, due: float) -> bytes:
    async with asyncio.timeout_at(due):
        return await answer.content.readany()


def _read(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise ValueError("an endpoint is written as https://host:port/path") from None
    if parts.scheme not in _PORTS or not parts.hostname or port == 0 or parts.query or parts.fragment:
        raise ValueError(
            f"an endpoint is written as scheme://host:port, the scheme one of {', '.join(_PORTS)}"
        )
    return parts
