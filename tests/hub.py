"""A true hub of WebSub on loopback, and the publishers that name it: it verifies, signs and sends."""

from __future__ import annotations

import hmac
import threading
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, urlencode, urlsplit
from zlib import crc32

CHALLENGE = "Zm9y-the_love.of~news"


@dataclass
class Subscriber:
    """Who wants the pushes of a topic, as the hub remembers it."""

    topic: str
    callback: str
    secret: str
    lease: int


@dataclass
class Called:
    """What a callback answered."""

    status: int
    body: bytes
    headers: dict[str, str]


@dataclass
class Document:
    """What stands at an address of a publisher."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200


class Hub:
    """Serves documents by host and path, takes subscriptions at ``/hub`` of any host, calls callbacks back.

    ``answers`` are the statuses and headers that it gives to requests before it works as it should. With
    ``hasty`` it verifies before it answers, else when `settle` says so. ``shortens`` is the lease it grants.
    """

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.asked: list[dict[str, str]] = []
        self.fetched: list[str] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.hasty = False
        self.shortens: int | None = None
        self.method = "sha256"
        self.pending: list[dict[str, str]] = []
        self.subscribers: dict[tuple[str, str], Subscriber] = {}
        self.verified: list[Called] = []
        hub = self

        class Handler(_Handler):
            owner = hub

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def hosts_map(self) -> str:
        """Lead all names of the replay here."""
        return f"*.replay.test=127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def take(self, form: dict[str, str]) -> tuple[int, dict[str, str]]:
        """Hear a request, and say what is answered to it."""
        self.asked.append(form)
        if self.answers:
            return self.answers.pop(0)
        self.pending.append(form)
        if self.hasty:
            self.settle()
        return 202, {}

    def settle(self) -> None:
        """Verify the intent of those who asked (section 5.3)."""
        while self.pending:
            form = self.pending.pop(0)
            lease = self.shortens or int(form.get("hub.lease_seconds", "864000"))
            query = {
                "hub.mode": form["hub.mode"],
                "hub.topic": form["hub.topic"],
                "hub.challenge": CHALLENGE,
                "hub.lease_seconds": str(lease),
            }
            called = self.call(form["hub.callback"], query)
            self.verified.append(called)
            if called.status // 100 != 2 or called.body != CHALLENGE.encode():
                continue
            key = form["hub.topic"], form["hub.callback"]
            if form["hub.mode"] == "subscribe":
                self.subscribers[key] = Subscriber(*key, form.get("hub.secret", ""), lease)
            else:
                self.subscribers.pop(key, None)

    def deny(self, reason: str = "") -> list[Called]:
        """Tell everybody that there will be no pushes (section 5.2)."""
        forms = self.pending or [
            {"hub.callback": one.callback, "hub.topic": one.topic} for one in self.subscribers.values()
        ]
        query = {"hub.mode": "denied"} | ({"hub.reason": reason} if reason else {})
        called = [self.call(f["hub.callback"], {**query, "hub.topic": f["hub.topic"]}) for f in forms]
        self.pending, self.subscribers = [], {}
        return called

    def publish(self, topic: str, body: bytes, kind: str = "application/atom+xml") -> list[Called]:
        """Send a document to all subscribers of a topic (section 7); who answers 410 is forgotten."""
        called = []
        for key, one in list(self.subscribers.items()):
            if one.topic != topic:
                continue
            answer = self.send(one, body, kind)
            called.append(answer)
            if answer.status == 410:
                del self.subscribers[key]
        return called

    def send(self, to: Subscriber, body: bytes, kind: str = "", signature: str | None = None) -> Called:
        """Send a document, signed as it is to be, or with another ``signature``."""
        digest = hmac.new(to.secret.encode(), body, self.method).hexdigest()
        headers = {
            "Content-Type": kind or "application/atom+xml",
            "Link": f'<http://hub.replay.test/hub>; rel="hub", <{to.topic}>; rel="self"',
            "X-Hub-Signature": f"{self.method}={digest}" if signature is None else signature,
        }
        return _request("POST", to.callback, body, {name: value for name, value in headers.items() if value})

    def call(self, callback: str, query: dict[str, str]) -> Called:
        """Ask a callback with a query appended to its own."""
        mark = "&" if urlsplit(callback).query else "?"
        return _request("GET", f"{callback}{mark}{urlencode(query)}")


def _request(
    method: str, url: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> Called:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=10)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, target, body, headers or {})
        answer = connection.getresponse()
        return Called(answer.status, answer.read(), {k.lower(): v for k, v in answer.getheaders()})
    except (OSError, HTTPException) as error:
        return Called(0, str(error).encode(), {})
    finally:
        connection.close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over clients that leave as they like."""


class _Handler(BaseHTTPRequestHandler):
    owner: ClassVar[Hub]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        name = (self.headers["Host"] or "").partition(":")[0] + self.path
        self.owner.fetched.append(name)
        found = self.owner.documents.get(name, Document(b"nothing here", status=404))
        self._say(found.status, found.headers, found.body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.path.startswith("/hub") or "urlencoded" not in self.headers["Content-Type"]:
            self._say(404, {}, b"")
            return
        form = {name: values[0] for name, values in parse_qs(body.decode("ascii")).items()}
        self._say(*self.owner.take(form), b"")

    def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def atom(topic: str, titles: list[str], *, hub: str | None = None, language: str = "en") -> bytes:
    """Write a feed of articles, the newest first; each is known by its title."""
    links = f'<link rel="self" href="{topic}"/>' + (f'<link rel="hub" href="{hub}"/>' if hub else "")
    base = topic.rpartition("/")[0]
    entries = "".join(
        f"<entry><id>tag:{title}</id><title>{title}</title><updated>2026-03-0{n % 9 + 1}T10:00:00Z</updated>"
        f'<link href="{base}/{crc32(title.encode())}"/>'
        f'<content type="text">{title}. The ferry was late.</content></entry>'
        for n, title in enumerate(titles)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}"><id>{topic}</id>'
        f"<title>The Harbour</title><updated>2026-03-01T10:00:00Z</updated>{links}{entries}</feed>"
    ).encode()
