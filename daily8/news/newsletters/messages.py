"""Read a mail's headers and texts (RFC 5322, RFC 2045 to 2047, RFC 2231), whatever its sender made of them.

The standard library's header parser of today raises on hostile values, needs quadratic time and recurses
without end (a thousand open brackets), and its parser of parts does so for parameters. Here every part is
split by one search, parts and their depth are counted, and only short values meet the library.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message as Library

from daily8.news.charset import decode

MAX_RAW = 7_000_000
"""Bytes of a message as it is sent: base64 makes 5 MB this long."""
MAX_TEXT = 5_000_000
"""Decoded bytes of a message's texts."""
MAX_PARTS = 60
MAX_DEPTH = 10
"""Parts beyond either are not looked at."""
MAX_HEADERS = 256_000
MAX_VALUE = 2_000
"""Bytes of one header; what stands behind them is not read."""
MAX_SAME = 20
"""Headers of one name."""
NAMES = frozenset(
    {
        *(
            "from",
            "to",
            "cc",
            "delivered-to",
            "x-original-to",
            "envelope-to",
            "x-envelope-to",
            "apparently-to",
        ),
        *("subject", "date", "message-id", "content-language", "return-path", "precedence"),
        *("list-id", "list-unsubscribe", "list-archive", "archived-at", "auto-submitted", "x-autoreply"),
        *("x-autorespond", "authentication-results"),
        *("content-type", "content-transfer-encoding", "content-disposition"),
    }
)
"""Headers that are read at all."""

_FOLD = re.compile(rb"\n[ \t]+")
_HEADER = re.compile(rb"([!-9;-~]{1,80})[ \t]*:[ \t]*(.*)", re.DOTALL)
_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,40})?\?([bBqQ])\?([^?]*)\?=")
_LOST_BOUNDARY = re.compile(rb"(?:^|\n)--([^\s-][^\n]{0,190})\n(?=[Cc]ontent-[A-Za-z-]{4,20}:)")
_MARKUP = re.compile(r"<(?:html|body|table|div|p|br)\b", re.IGNORECASE)
_PLAIN_ENCODINGS = frozenset({"", "7bit", "8bit", "binary"})


@dataclass(frozen=True, slots=True)
class Message:
    """A mail as far as newsletters go."""

    headers: Mapping[str, tuple[str, ...]]
    """Values by name in lower case, topmost first, unfolded, encoded words as they stand."""
    types: frozenset[str]
    """Media types of its parts."""
    html: str
    text: str

    def first(self, name: str) -> str:
        """Give the topmost value of a header, encoded words decoded; empty where there is none."""
        return decode_words(next(iter(self.headers.get(name, ())), "")).strip()


def read(raw: bytes) -> Message:
    """Read a message. Nothing is refused: what cannot be read is absent."""
    body = raw[:MAX_RAW].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    headers, rest = _split(body)
    walk = _Walk()
    walk.part(headers, rest, 0)
    return Message(headers, frozenset(walk.types), walk.html, walk.text)


def read_headers(raw: bytes) -> Mapping[str, tuple[str, ...]]:
    """Read the headers of a message alone, as `Message.headers`."""
    head = raw[:MAX_HEADERS].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return _split(head)[0]


def _split(part: bytes) -> tuple[dict[str, tuple[str, ...]], bytes]:
    if part.startswith(b"\n"):
        return {}, part[1:]
    head, _, rest = part.partition(b"\n\n")
    found: dict[str, list[bytes]] = {}
    for line in _FOLD.sub(b" ", head[:MAX_HEADERS]).split(b"\n"):
        if (match := _HEADER.match(line)) and (name := match[1].decode("ascii").lower()) in NAMES:
            values = found.setdefault(name, [])
            if len(values) < MAX_SAME:
                values.append(match[2][:MAX_VALUE])
    kind = next(iter(found.get("content-type", ())), b"").decode("ascii", "replace")
    return {
        name: tuple(decode(value, kind).strip() for value in values) for name, values in found.items()
    }, rest


def decode_words(text: str) -> str:
    """Decode the encoded words of a header (RFC 2047).

    Neighbours in one charset are joined before they are decoded: many senders cut letters in two.
    """
    out: list[str] = []
    run: list[bytes] = []
    charset, at = "", 0

    def finish() -> None:
        if run:
            out.append(decode(b"".join(run), f"text/plain; charset={charset}"))
            run.clear()

    for match in _WORD.finditer(text):
        between = text[at : match.start()]
        data = _word(match[2], match[3])
        if data is None:
            continue
        if not run or between.strip() or match[1].lower() != charset:
            finish()
            out.append(between if between.strip() or at == 0 else "")
        charset, at = match[1].lower(), match.end()
        run.append(data)
    finish()
    out.append(text[at:])
    return " ".join("".join(out).split())


def _word(encoding: str, text: str) -> bytes | None:
    data = text.encode("ascii", "ignore")
    if encoding in "qQ":
        return binascii.a2b_qp(data, header=True)
    return _base64(data)


def _base64(data: bytes) -> bytes | None:
    try:
        return binascii.a2b_base64(data + b"==")
    except binascii.Error:
        return None


@dataclass(slots=True)
class _Walk:
    """What was found of a message's texts so far."""

    types: set[str] = field(default_factory=set)
    html: str = ""
    text: str = ""
    parts: int = 0
    left: int = MAX_TEXT

    def part(self, headers: Mapping[str, tuple[str, ...]], body: bytes, depth: int) -> None:
        self.parts += 1
        if self.parts > MAX_PARTS or depth > MAX_DEPTH:
            return
        stated = next(iter(headers.get("content-type", ())), "text/plain")
        kind = stated.partition(";")[0].strip().lower() or "text/plain"
        self.types.add(kind)
        if kind.startswith("multipart/"):
            for inner in _parts(body, _parameter(stated, "boundary")):
                self.part(*_split(inner), depth + 1)
        elif kind in {"text/plain", "text/html"}:
            disposition = next(iter(headers.get("content-disposition", ())), "")
            if not disposition.lower().startswith("attachment"):
                encoding = next(iter(headers.get("content-transfer-encoding", ())), "")
                self.take(kind, stated, _decoded(body, encoding.strip().lower()))

    def take(self, kind: str, stated: str, body: bytes) -> None:
        """Keep the first text of each kind: what follows are the list's own additions."""
        body = body[: self.left]
        self.left -= len(body)
        charset = _parameter(stated, "charset")
        text = decode(body, f"text/plain; charset={charset}" if charset else None)
        if kind == "text/html" or (not self.text and len(_MARKUP.findall(text[:5000])) > 3):
            self.html = self.html or text
        else:
            self.text = self.text or text


def _decoded(body: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding == "base64":
        return _base64(body) or b""
    # Of what else there is, uuencoding above all, nothing is unpacked.
    return body if encoding in _PLAIN_ENCODINGS else b""


def _parts(body: bytes, boundary: str) -> Iterator[bytes]:
    """Split the body of a multipart (RFC 2046 section 5.1.1); a boundary that is lost is looked for."""
    mark = boundary.encode("utf-8", "replace")
    if not mark or b"--" + mark not in body:
        lost = _LOST_BOUNDARY.search(body)
        if lost is None:
            yield body if body.startswith((b"Content-", b"content-")) else b"\n" + body
            return
        mark = lost[1].rstrip()
    line = re.compile(rb"(?:^|\n)--" + re.escape(mark) + rb"(--)?[ \t]*(?=\n|$)")
    at = None
    for found in line.finditer(body):
        if at is not None:
            yield body[at : found.start()]
        if found[1]:
            return
        at = found.end() + 1
    if at is not None:
        yield body[at:]


def _parameter(value: str, name: str) -> str:
    """Give a parameter of a header, also in the form of RFC 2231; empty where there is none."""
    if name not in value.lower():
        return ""
    holder = Library()
    holder["content-type"] = "".join(c if c.isprintable() else " " for c in value[:MAX_VALUE])
    try:
        found = holder.get_param(name)
        if isinstance(found, tuple):
            found = found[2]
    except (ValueError, LookupError, TypeError):
        return ""
    return str(found or "").strip()[:200]
