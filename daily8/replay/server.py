"""The simulated web on loopback: a small HTTP/1.1 server with a thread and a loop of its own."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import re
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType

from daily8.replay.articles import DOMAIN, Corpus, Publisher
from daily8.replay.clock import CorpusClock, Start, clock_for
from daily8.replay.corpus import open_corpus
from daily8.replay.site import Answer, Site

LOOPBACK = "127.0.0.1"
_MOST_HEAD = 32_768
_MOST_BODY = 1 << 20
_IDLE_SECONDS = 75.0
_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that was answered; `began` and `ended` are seconds of a monotonic clock."""

    host: str
    """Without port."""
    path: str
    method: str
    status: int
    conditional: bool
    agent: str
    began: float
    ended: float


class RequestLog:
    """What clients asked for: counts of everything, details of the last 50,000 requests."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, int, bool]] = Counter()
        self._last: deque[Seen] = deque(maxlen=_REMEMBERED)

    def add(self, seen: Seen) -> None:
        """Note a request."""
        with self._lock:
            self._counts[seen.host, seen.path, seen.status, seen.conditional] += 1
            self._last.append(seen)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._counts.clear()
            self._last.clear()

    @property
    def last(self) -> tuple[Seen, ...]:
        """Give the last requests in the order in which they were answered."""
        with self._lock:
            return tuple(self._last)

    def count(
        self,
        host: str | None = None,
        path: str | None = None,
        *,
        status: int | None = None,
        conditional: bool | None = None,
    ) -> int:
        """Count the requests that agree with all that is given."""
        wanted = (host, path, status, conditional)
        with self._lock:
            return sum(
                number
                for key, number in self._counts.items()
                if all(want is None or want == have for want, have in zip(wanted, key, strict=True))
            )

    def gaps(self, host: str) -> tuple[float, ...]:
        """Give the seconds from the end of each request to a host to the beginning of the next."""
        seen = sorted((s for s in self.last if s.host == host), key=lambda s: s.began)
        return tuple(b.began - a.ended for a, b in itertools.pairwise(seen))

    def most_at_once(self, host: str) -> int:
        """Give how many requests to a host were ever being answered at the same time."""
        steps = sorted(step for s in self.last if s.host == host for step in ((s.began, 1), (s.ended, -1)))
        most = now = 0
        for _, step in steps:
            now += step
            most = max(most, now)
        return most


class ReplayServer:
    """Serves a corpus from its own thread while it is entered as a context.

    :param port: 0 takes a free one.
    :param speed: how many times faster than real time the corpus's clock runs; see `clock_for`.
    :param now: what relative times are settled against; the real time by default.
    :param start: where the clock begins: ``start``, ``end`` or a moment.
    :param shift: move absolute times so that the corpus ends at `now`.
    :param entries: the most articles in a feed.
    :param latency: seconds that every answer waits, for tests of manners.
    :param public_port: the port that addresses in feeds and pages bear; the served one by default. With 80
        they bear none, and stay the same from one run to the next.
    """

    def __init__(
        self,
        corpus: Corpus,
        port: int = 0,
        speed: float | None = None,
        now: datetime | None = None,
        *,
        start: Start | None = None,
        shift: bool = False,
        entries: int = 500,
        latency: float = 0.0,
        public_port: int | None = None,
    ) -> None:
        now = now or datetime.now(UTC)
        self.clock: CorpusClock = clock_for(corpus, now=now, speed=speed, start=start, shift=shift)
        self.log = RequestLog()
        self._corpus = corpus.at(now, shift=shift)
        self._wanted_port = port
        self._public_port = public_port
        self._entries = entries
        self._latency = latency
        self._began = time.monotonic()
        self._site: Site | None = None
        self._port = 0
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._connections: set[asyncio.Task[None]] = set()

    def __enter__(self) -> ReplayServer:
        """Start to serve, and the clock with it.

        :raises OSError: when the port is taken.
        """
        listener = socket.create_server((LOOPBACK, self._wanted_port), backlog=512)
        self._port = listener.getsockname()[1]
        self._site = Site(self._corpus, self._public_port or self._port, self.clock, entries=self._entries)
        self._began = time.monotonic()
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listener, ready)), name="replay", daemon=True
        )
        self._thread.start()
        ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, cutting what is still open."""
        if self._thread is None or self._loop is None:
            return
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._thread = self._loop = None

    def serve_forever(self) -> None:
        """Wait, serving, until the thread is interrupted (Ctrl-C)."""
        while self._thread is not None and self._thread.is_alive():
            self._thread.join(timeout=1.0)

    @property
    def site(self) -> Site:
        """Give what is served.

        :raises RuntimeError: before the server is entered.
        """
        if self._site is None:
            raise RuntimeError("The replay does not serve yet: enter it with `with`.")
        return self._site

    @property
    def port(self) -> int:
        """Give the port that is served."""
        return self._port or self._wanted_port

    @property
    def publishers(self) -> tuple[Publisher, ...]:
        """Give the publishers with the addresses of this server."""
        return self.site.corpus.publishers

    @property
    def feeds(self) -> tuple[str, ...]:
        """Give the address of every publisher's feed."""
        return tuple(p.feed for p in self.publishers)

    @property
    def hosts_map(self) -> str:
        """Give the setting ``egress.hosts`` that leads every name of the replay here."""
        return f"*.{DOMAIN}={LOOPBACK}:{self.port}"

    @property
    def opml(self) -> str:
        """Give the subscriptions to all publishers as OPML."""
        return self.site.opml

    @property
    def time(self) -> datetime:
        """Give the corpus's time."""
        return self.clock.at(time.monotonic() - self._began)

    async def _serve(self, listener: socket.socket, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._connect, sock=listener, limit=_MOST_HEAD)
        ready.set()
        async with server:
            await self._stop.wait()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
        try:
            # A client that goes away, falls silent or speaks no HTTP ends its connection and nothing else.
            with contextlib.suppress(OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Serve one request; tell whether the connection stays open."""
        async with asyncio.timeout(_IDLE_SECONDS):
            head = await reader.readuntil(b"\r\n\r\n")
        began = time.monotonic()
        request = read_request(head)
        if request is None:
            writer.write(_written(_refusal(400, "This is no HTTP request."), close=True, bodiless=False))
            await writer.drain()
            return False
        answer, stays = await self._answer(request, reader)
        if self._latency:
            await asyncio.sleep(self._latency)
        headers = request.headers
        # Noted before it is sent, so that who has the answer finds it in the log.
        self.log.add(
            Seen(
                host=re.sub(r":\d*$", "", request.host.lower()),
                path=request.path,
                method=request.method,
                status=answer.status,
                conditional="if-none-match" in headers or "if-modified-since" in headers,
                agent=headers.get("user-agent", ""),
                began=began,
                ended=time.monotonic(),
            )
        )
        writer.write(_written(answer, close=not stays, bodiless=request.method == "HEAD"))
        await writer.drain()
        return stays

    async def _answer(self, request: Request, reader: asyncio.StreamReader) -> tuple[Answer, bool]:
        if request.method not in {"GET", "HEAD"}:
            return _refusal(405, "A replay is only read: use GET or HEAD.", Allow="GET, HEAD"), False
        length = request.headers.get("content-length", "0")
        if "transfer-encoding" in request.headers or not length.isdigit() or int(length) > _MOST_BODY:
            return _refusal(413, "A replay takes no request bodies."), False
        await reader.readexactly(int(length))
        arguments = (request.host, request.path, request.headers, self.time)
        if request.path.startswith("/img/"):  # drawing takes its time; the others need not wait
            return await asyncio.to_thread(self.site.respond, *arguments), request.stays
        return self.site.respond(*arguments), request.stays


@dataclass(frozen=True, slots=True)
class Request:
    """The head of a request; header names in lower case."""

    method: str
    host: str
    path: str
    headers: dict[str, str]
    stays: bool
    """Whether the client keeps the connection."""


def read_request(head: bytes) -> Request | None:
    """Read a request's head (RFC 9112 sections 3 and 5); None where it is none."""
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").lstrip("\r\n").split("\r\n")
    match = re.fullmatch(r"([A-Z]{1,20}) (\S+) HTTP/1\.([01])", first)
    if match is None:
        return None
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            return None
        headers[name.lower()] = value.strip()
    host, path = headers.get("host", ""), match[2]
    absolute = re.match(r"https?://([^/?#]*)(.*)", path)
    if absolute:
        host, path = absolute[1], absolute[2] or "/"
    tokens = {token.strip().lower() for token in headers.get("connection", "").split(",")}
    stays = "keep-alive" in tokens if match[3] == "0" else "close" not in tokens
    return Request(match[1], host, path, headers, stays)


def _refusal(status: int, sentence: str, **fields: str) -> Answer:
    return Answer(status, {"Content-Type": "text/plain; charset=utf-8", **fields}, f"{sentence}\n".encode())


def _written(answer: Answer, *, close: bool, bodiless: bool) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    if answer.status != HTTPStatus.NOT_MODIFIED:
        lines.append(f"Content-Length: {len(answer.body)}")
    if close:
        lines.append("Connection: close")
    head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
    return head if bodiless else head + answer.body


def serve(
    path: Path,
    *,
    speed: float | None = None,
    port: int = 0,
    now: datetime | None = None,
    start: Start | None = None,
    shift: bool = False,
    entries: int = 500,
    public_port: int | None = None,
    ready: Callable[[ReplayServer], None] = lambda server: None,
) -> None:
    """Replay the corpus at `path` until interrupted, telling `ready` once it serves.

    :raises CorpusError: when there is no corpus at `path`.
    :raises OSError: when the port is taken.
    :raises ValueError: for a speed that is not positive.
    """
    server = ReplayServer(
        open_corpus(path),
        port,
        speed,
        now,
        start=start,
        shift=shift,
        entries=entries,
        public_port=public_port,
    )
    with server:
        ready(server)
        server.serve_forever()
