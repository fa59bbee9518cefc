"""Tell by its headers whether a mail is a newsletter, whose, and to whom it was sent."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from daily8.news.dates import parse_date
from daily8.news.feeds import NotAFeed
from daily8.news.newsletters.addressee import Addressee
from daily8.news.newsletters.messages import decode_words, read_headers
from daily8.news.sanitise import plain
from daily8.news.urls import absolute, domain, host

MAX_NAME = 300
"""Characters of a title or a name."""
MAX_ADDRESSEES = 10

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'@\\]{1,64}@[^\s<>()\[\],;:\"'@\\]{1,253}")
_ANGLE = re.compile(r"<([^<>]{1,400})>")
_LIST = re.compile(r"[\w.+~=@/-]{1,255}")
_COMMENT = re.compile(r"\([^()]*\)")
_FOUND = re.compile(r"\s*(dmarc|dkim)\s*=\s*(pass|fail)\b", re.IGNORECASE)
_SENDER = re.compile(r"\sheader\.from\s*=\s*(?:[^\s@]*@)?([\w.-]{1,253})(?!\S)", re.IGNORECASE)
_SIGNER = re.compile(r"\sheader\.[di]\s*=\s*(?:[^\s@]*@)?([\w.-]{1,253})(?!\S)", re.IGNORECASE)
_ADDRESSEES = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc", "apparently-to")
_MACHINES = frozenset({"mailer-daemon", "postmaster", "mail-daemon"})
# What somebody is asked to do to get in: its links are keys, not news.
_KEYS = re.compile(
    r"\b(?:confirm|verify|activate|validate)\b.{0,30}\b(?:subscription|e-?mail|address|account|sign-?up)\b"
    r"|\b(?:password reset|reset your password|sign-?in (?:link|code)|verification code|one-time code)\b"
    r"|(?:تأكيد|فعّل|تفعيل|أكّد|أكد)\s+(?:ال)?(?:اشتراك|بريد|حساب)|رمز (?:التحقق|الدخول)",
    re.IGNORECASE,
)


SHARED = frozenset(
    {
        *("substack.com", "beehiiv.com", "buttondown.email", "buttondown.com", "ghost.io", "mailchi.mp"),
        *(
            "mailchimpapp.com",
            "mcsv.net",
            "mailerlite.com",
            "tinyletter.com",
            "convertkit-mail.com",
            "kit.com",
        ),
        *("sendgrid.net", "amazonses.com", "mailgun.org", "medium.com", "wordpress.com", "linkedin.com"),
        *(
            "gmail.com",
            "googlegroups.com",
            "outlook.com",
            "hotmail.com",
            "yahoo.com",
            "icloud.com",
            "groups.io",
        ),
    }
)
"""Domains from which many publishers send: there each newsletter stands for itself."""


class NotANewsletter(NotAFeed):
    """A mail that is left alone; the text says why, as one plain clause."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the headers of a newsletter say."""

    sender: str
    """Address, in lower case; its host part alone where it says to whom this mail went."""
    sender_name: str
    list_id: str
    """In lower case (RFC 2919); empty where there is none."""
    title: str
    """The phrase of its List-Id, else its sender's name, else the domain."""
    id: str
    """Message-ID, or one made of what the headers say."""
    subject: str
    date: datetime | None
    """As its sender says."""
    archive: str
    """Address of the list's archive (RFC 2369), on the web; empty where there is none."""
    web: str
    """Address of this very message on the web (RFC 5064)."""
    language: str
    addressees: tuple[str, ...]
    """Addresses to which it was sent, in lower case: they are nobody else's business."""
    names: tuple[str, ...]
    """Of the people there."""

    @property
    def site(self) -> str:
        """Give the host part of the sender's address."""
        return host(f"http://{self.sender.rpartition('@')[2]}")

    @property
    def name(self) -> str:
        """Give what tells this newsletter from others of its sender's domain: its list, else its sender.

        On the domains of `SHARED` anybody may send, and name whichever list: there it is both.
        """
        if self.list_id and domain(self.site) in SHARED:
            return f"{self.sender}/{self.list_id}"
        return self.list_id or self.sender


def read_envelope(raw: bytes, vouched_by: str = "") -> Envelope:
    """Read the headers of a newsletter.

    Newsletters bear ``List-Id``, ``List-Unsubscribe`` or ``Precedence: bulk`` or ``list``. With
    ``vouched_by``, the name of the operator's own mail server in ``Authentication-Results`` (RFC 8601), that
    server must also have found the sender's domain to be true, by DMARC or by an aligned DKIM signature.

    :raises NotANewsletter: for personal mail, answers of machines, reports, invitations, and keys.
    """
    headers = read_headers(raw)
    sender_text = _first(headers, "from")
    sender = _address(sender_text)
    site = host(f"http://{sender.rpartition('@')[2]}") if sender else ""
    if not site or "." not in site:
        raise NotANewsletter("this mail does not say who sent it")
    _refuse_machines(headers, sender)
    addressees = _addressees(headers)
    addressee = Addressee(addressees)

    def unnamed(text: str, instead: str = "") -> str:
        return instead if addressee.named(text) else text

    list_id, phrase = map(unnamed, _list(_first(headers, "list-id")))
    bulk = _first(headers, "precedence").lower() in {"bulk", "list"}
    if not ("list-id" in headers or headers.get("list-unsubscribe") or bulk):
        raise NotANewsletter("this mail is not a newsletter")
    subject = _name(decode_words(_first(headers, "subject")))
    if _KEYS.search(subject):
        raise NotANewsletter("this mail is a matter between its sender and the owner of the mailbox")
    if vouched_by and not _vouched(headers, vouched_by, site):
        raise NotANewsletter("the mail server does not vouch for the sender of this mail")
    date = _first(headers, "date")
    name = _name(decode_words(_ANGLE.sub("", sender_text)).strip(" \"'"))
    name = "" if _ADDRESS.search(name) else unnamed(name)
    stated = _ANGLE.search(_first(headers, "message-id"))
    made = hashlib.blake2b(f"{sender}\n{date}\n{subject}".encode("utf-8", "replace"), digest_size=16)
    id_ = unnamed(stated[1].strip()) if stated else ""
    return Envelope(
        sender=unnamed(sender, site),
        sender_name=name,
        list_id=list_id,
        title=phrase or name or domain(site),
        id=id_ or f"{made.hexdigest()}@{site}",
        subject=subject,
        date=parse_date(_COMMENT.sub(" ", date)),
        archive=addressee.link(_link(_first(headers, "list-archive"))) or "",
        web=_link(_first(headers, "archived-at")),
        language=_first(headers, "content-language").partition(",")[0].strip()[:35],
        addressees=addressees,
        names=_names(headers),
    )


def _first(headers: Mapping[str, tuple[str, ...]], name: str) -> str:
    return next(iter(headers.get(name, ())), "")


def _refuse_machines(headers: Mapping[str, tuple[str, ...]], sender: str) -> None:
    automatic = _first(headers, "auto-submitted").partition(";")[0].strip().lower()
    kind = _first(headers, "content-type").partition(";")[0].strip().lower()
    if (
        _first(headers, "return-path").replace(" ", "") == "<>"
        or sender.partition("@")[0] in _MACHINES
        or kind in {"multipart/report", "message/delivery-status", "text/calendar"}
        or automatic in {"auto-replied", "auto-notified"}
        or (automatic == "auto-generated" and "list-id" not in headers and "list-unsubscribe" not in headers)
        or "x-autoreply" in headers
        or "x-autorespond" in headers
        or _first(headers, "precedence").lower() == "auto_reply"
    ):
        raise NotANewsletter("this mail is the answer or the report of a machine")


def _address(text: str) -> str:
    """Give the first address of a header, that in angle brackets first, in lower case."""
    for candidate in (*_ANGLE.findall(text), text):
        if found := _ADDRESS.search(candidate):
            return found[0].lower().rstrip(".")
    return ""


def _list(value: str) -> tuple[str, str]:
    """Give the identifier and the phrase of a List-Id."""
    angle = _ANGLE.search(value)
    found = (angle[1] if angle else value).strip().lower()
    phrase = _name(decode_words(value[: angle.start()]).strip(" \"'")) if angle else ""
    phrase = "" if _ADDRESS.search(phrase) else phrase
    return (found, phrase) if _LIST.fullmatch(found) else ("", "")


def _name(text: str) -> str:
    return plain(text)[:MAX_NAME] if "<" in text or "&" in text else " ".join(text.split())[:MAX_NAME]


def _link(value: str) -> str:
    """Give the address of the web in a header of angle brackets."""
    for candidate in (*_ANGLE.findall(value), value):
        if found := absolute(candidate.strip()):
            return found
    return ""


def _addressees(headers: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    # Who really got it comes first: who is named beside may be many.
    values = [value for name in _ADDRESSEES for value in headers.get(name, ())]
    found = (address.lower() for value in values for address in _ADDRESS.findall(value))
    return tuple(dict.fromkeys(found))[:MAX_ADDRESSEES]


def _names(headers: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    found = [
        decode_words(_ANGLE.sub("", part)).strip(" \"'")
        for value in headers.get("to", ())
        for part in value.split(",")
    ]
    return tuple(name for name in found if 2 < len(name) <= 60 and "@" not in name)[:10]


def _vouched(headers: Mapping[str, tuple[str, ...]], server: str, site: str) -> bool:
    """Tell whether the operator's server found the sender's domain true; the topmost header is its own."""
    for value in headers.get("authentication-results", ()):
        first, *parts = _bare(value).split(";")
        if (first.split() or [""])[0].lower() != server.lower():
            continue
        found = [(match, part) for part in parts if (match := _FOUND.match(part))]
        said = {(match[1].lower(), match[2].lower()) for match, _ in found}
        return ("dmarc", "fail") not in said and any(
            _about(match[1].lower(), part, site) for match, part in found if match[2].lower() == "pass"
        )
    return False


def _about(method: str, part: str, site: str) -> bool:
    """Tell whether what was found true is the sender's site (RFC 7489 section 3.1, relaxed for DKIM)."""
    if method == "dmarc":
        sender = _SENDER.search(part)
        return sender is not None and sender[1].lower() == site
    signer = _SIGNER.search(part)
    return signer is not None and domain(signer[1].lower()) == domain(site)


def _bare(value: str) -> str:
    """Blank quoted strings and comments (RFC 5322 section 3.2): a stranger may have worded them."""
    out, depth, quoted, escaped = [], 0, False, False
    for c in value:
        kept = False
        if escaped:
            escaped = False
        elif c == "\\":
            escaped = True
        elif quoted:
            quoted = c != '"'
        elif c == '"' and not depth:
            quoted = True
        elif c == "(" or (c == ")" and depth):
            depth += 1 if c == "(" else -1
        else:
            kept = not depth
        out.append(c if kept else " ")
    return "".join(out)
