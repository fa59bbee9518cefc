"""Whom a newsletter was sent to, in every form in which senders write it into their mails."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

from daily8.news.urls import absolute, canonical, domain

_BETWEEN = "[\\s\u00ad\u200b-\u200f\u2060\ufeff]{0,8}"
"""What senders put between the letters of an address so that no program makes a link of it."""
_AT = rf"(?:[@\uff20]|[(\[]{_BETWEEN}at{_BETWEEN}[)\]])"
_URL_MOST = 8_000
"""Characters of an address of the web; a longer one may hold whatever it likes."""
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}")
_HEX = re.compile(r"[0-9A-Fa-f]{16,}")
_NAMED = frozenset(
    {
        *("email", "e_mail", "emailaddress", "email_address", "mail", "recipient", "recipient_id", "rcpt"),
        *("subscriber", "subscriber_id", "subscriberid", "subscriber_uuid", "contact", "contact_id", "uid"),
        *("user_id", "member_id", "email_hash", "emailhash", "ck_subscriber_id", "token", "auth", "jwt"),
        *("mc_eid", "unique_id", "uniqid", "bt_ee", "bt_ts", "sk_subscriber", "lctg", "_bhlid"),
    }
)
"""Parameters of links that name their reader whatever they hold."""
_CHIMP = frozenset({"campaign-archive.com", "mailchi.mp", "list-manage.com"})
_LOGS_OPENING = re.compile(
    r"/(?:wf|track(?:ing)?|e2t|e3t|ss|api|v\d)/(?:o|open)\b|/open(?:\.(?:php|gif|aspx))?(?:[/?]|$)"
    r"|[/.](?:pixel|beacon|spacer|blank|clear|transparent|1x1)[^/]{0,20}\.(?:gif|png)",
    re.IGNORECASE,
)
_GREETINGS = (
    "hi|hey|hello|dear|good (?:morning|evening)|welcome back|مرحب[اًا]+|أهلا[ًا]*|عزيز[يت]ي?|السلام عليكم"
)


class Addressee:
    """The people to whom a message was sent, and what must not be told of them."""

    def __init__(self, addresses: Iterable[str], names: Iterable[str] = ()) -> None:
        known = [address for address in dict.fromkeys(addresses) if "@" in address]
        self._plain = _any(_spelt(address) for address in known)
        self._marks = _any(re.escape(mark) for address in known for mark in _marks(address))
        self._digests = tuple(digest for address in known for digest in _digests(address))
        firsts = (name.split()[0] for name in names if name.split())
        greeted = sorted({re.escape(word) for word in (*names, *firsts) if len(word) > 2}, key=len)
        called = rf"\W*(?:{_GREETINGS})\W+(?:يا\W+)?(?:{'|'.join(reversed(greeted))})\W*"
        self._greeting = re.compile(called, re.IGNORECASE) if greeted else None
        somebody = "|".join(reversed(greeted))
        self._calling = (
            re.compile(
                rf"^\W*(?:(?:{_GREETINGS})\W+)?(?:يا\W+)?(?:{somebody})\s*[,،!]+\s*"
                rf"|\s*[,،]\s*(?:يا\s+)?(?:{somebody})(?=\W*$)",
                re.IGNORECASE,
            )
            if greeted
            else None
        )

    def forget(self, text: str) -> str:
        """Take the addresses out of a text."""
        return self._plain.sub("", text) if self._plain else text

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Give from where to where addresses stand in a text."""
        return [found.span() for found in self._plain.finditer(text)] if self._plain else []

    def greeted(self, text: str) -> bool:
        """Tell whether a short text is a greeting by name."""
        return bool(self._greeting and len(text) <= 120 and self._greeting.fullmatch(text))

    def uncalled(self, subject: str) -> str:
        """Take the name by which somebody is called off a subject."""
        if self._calling is None:
            return subject
        found = self._calling.sub("", subject)
        return found[:1].upper() + found[1:] if found != subject else subject

    def named(self, url: str) -> bool:
        """Tell whether an address of the web holds theirs: bare, escaped, as a digest, or in what is coded as
        base64 or in hexadecimal digits, be it among other words.
        """
        return bool(self._marks) and (len(url) > _URL_MOST or self._holds(url))

    def _holds(self, text: str, depth: int = 2) -> bool:
        for _ in range(4):
            text, escaped = unquote(text), text
            if text == escaped:
                break
        if self._marks and self._marks.search(text.replace("\\u0040", "@")):
            return True
        for data in _decoded(text):
            if any(digest in data for digest in self._digests):
                return True
            if depth and self._holds(data.decode("latin-1"), depth - 1):
                return True
        return False

    def link(self, url: str | None) -> str | None:
        """Give an address of the web without what names its reader; ``None`` where that is not possible."""
        clean = absolute(url)
        if clean is None:
            return None
        front, mark, query = clean.partition("?")
        if mark:
            query, hashed, fragment = query.partition("#")
            chimp = domain(clean) in _CHIMP
            kept = [part for part in query.split("&") if not self._tells(part, chimp=chimp)]
            clean = front + ("?" + "&".join(kept) if kept else "") + hashed + fragment
            if not hashed:
                clean = canonical(clean)  # without the parameters that say how a reader came
        return None if self.named(clean) else clean

    def picture(self, url: str | None) -> str | None:
        """Give the address of a picture; ``None`` for one whose fetch would tell who looks."""
        clean = absolute(url)
        if clean is None or self.named(clean) or _LOGS_OPENING.search(clean):
            return None
        query = clean.partition("?")[2]
        return None if any(self._tells(part) for part in query.split("&") if part) else clean

    def _tells(self, parameter: str, *, chimp: bool = False) -> bool:
        name = unquote(parameter.partition("=")[0]).lower()
        return name in _NAMED or (chimp and name == "e") or self.named(parameter)


def _any(patterns: Iterable[str]) -> re.Pattern[str] | None:
    found = sorted(set(patterns), key=len, reverse=True)
    return re.compile("|".join(found), re.IGNORECASE) if found else None


def _spelt(address: str) -> str:
    """Give the pattern of an address in a text."""
    return _BETWEEN.join(_AT if c == "@" else re.escape(c) for c in address)


def _marks(address: str) -> Iterable[str]:
    """Give what stands for an address in links; digests are no secret here, only known forms."""
    raw = address.encode("utf-8", "replace")
    yield address
    yield quote(address, safe="")
    for at in ("=", "-at-", "_at_"):  # as in the senders' own addresses, which say to whom a mail went
        yield address.replace("@", at)
    for encoded in (base64.b64encode(raw), base64.urlsafe_b64encode(raw)):
        yield encoded.decode("ascii").rstrip("=")
    for digest in _digests(address):
        yield digest.hex()


def _digests(address: str) -> Iterable[bytes]:
    raw = address.encode("utf-8", "replace")
    for name in ("md5", "sha1", "sha256"):
        yield hashlib.new(name, raw, usedforsecurity=False).digest()


def _decoded(text: str) -> Iterable[bytes]:
    """Give what may be coded in a text, from wherever in a run of letters it begins."""
    for found in _BASE64.finditer(text):
        run = found[0].replace("-", "+").replace("_", "/")
        for start in range(4):
            piece = run[start:]
            piece = piece[:-1] if len(piece) % 4 == 1 else piece
            yield binascii.a2b_base64(piece + "=" * (-len(piece) % 4))
    for found in _HEX.finditer(text):
        for start in range(2):
            piece = found[0][start:]
            yield bytes.fromhex(piece[: len(piece) & ~1])
