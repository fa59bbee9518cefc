"""Subscribing to hubs as far as it needs nothing: what is announced, what is believed, when to renew.

Sections named here are those of the W3C Recommendation WebSub (23 January 2018).
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode, urlsplit

from daily8.news import urls
from daily8.news.excerpts import clamp
from daily8.news.links import Link, read_links
from daily8.news.markup import tags, visible
from daily8.news.types import Feed

LEASE = 10 * 86_400
"""Seconds for which we ask to be sent news."""
LEAST_LEASE = 900
"""Seconds; renewing a shorter lease would be more work than polling."""
LONGEST_LEASE = 90 * 86_400
"""Seconds after which a hub is asked anew, whatever it promised."""
CHALLENGE_MOST = 2048
"""Characters that are echoed."""
HUBS_MOST = 4
"""Hubs of one document that are considered."""

Shut = Literal["", "off", "not-public"]

AWAITED = "The hub took the request and has not confirmed it yet."
REFUSED = "The hub refused the request (HTTP {status})."
DENIED = "The hub will not send the news of this source."
DENIED_SAYING = "The hub will not send the news of this source, saying: {words}"
SENTENCES = (AWAITED, REFUSED, DENIED, DENIED_SAYING)
"""Why there are no pushes, to be written down."""

_PAGE_MOST = 2 * 1024 * 1024
_BODY = re.compile(r"<body\b|</head\b", re.IGNORECASE)

_WORDS_MOST = 200
_RENEW_AT = 0.8
_RENEW_BY = 0.95
_SIGNATURE = re.compile(r"(sha1|sha256|sha384|sha512)=([0-9a-f]{40,128})", re.IGNORECASE | re.ASCII)
_CHALLENGE = re.compile(rf"[\x21-\x7e]{{1,{CHALLENGE_MOST}}}", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,12}", re.ASCII)
# Names that nobody outside can look up (RFC 2606, 6761, 6762, 7686, 8375, 9476, usage).
_UNREACHABLE = frozenset(
    (
        *("localhost", "localdomain", "local", "internal", "intranet", "lan", "home", "corp", "private"),
        *("test", "example", "invalid", "onion", "alt", "arpa"),
    )
)


@dataclass(frozen=True, slots=True)
class Announced:
    """Where a document says that pushes of it can be had."""

    hubs: tuple[str, ...]
    """Absolute addresses, best first."""
    topic: str


def announced(
    source: str, url: str, headers: Mapping[str, str], feed: Feed, own_suffixes: tuple[str, ...] = ()
) -> Announced | None:
    """Say where pushes of a document can be had: by its HTTP headers, else by its own words (section 4).

    ``source`` is the address we know the source by, ``url`` the one at which the document was found;
    ``headers`` bear names in lower case. A document may name any hub, but as its topic only an address of the
    source's own site. ``None`` where there is nothing to subscribe to.
    """
    given = read_links(headers.get("link", ""), url)
    hubs = _targets(given, "hub")
    topics = _targets(given, "self")
    if not hubs:
        hubs = _usable([feed.hub], url)
        topics = _usable([feed.url], url) or topics
    topic = (topics or _usable([feed.url], url) or (url,))[0].partition("#")[0]
    if not hubs or not _own(topic, source, own_suffixes):
        return None
    # The secret travels to the hub: one that is asked in private comes first.
    ordered = sorted(hubs, key=lambda hub: not hub.startswith("https:"))
    return Announced(tuple(ordered[:HUBS_MOST]), topic)


def in_page(html: str, url: str) -> tuple[str | None, str | None]:
    """Give the hub and the topic that the head of a page names, absolute (section 4, third way).

    What stands in its body may be anybody's words, and is passed over.
    """
    text = visible(html[:_PAGE_MOST])
    head = text[: body.start()] if (body := _BODY.search(text)) else text
    base, found = url, dict[str, str]()
    for name, given in tags(head):
        if name == "base":
            base = urls.absolute(given.get("href"), url) or base
        elif name == "link" and (address := urls.absolute(given.get("href") or base, base)):
            for relation in given.get("rel", "").lower().split():
                found.setdefault(relation, address)
    return found.get("hub"), found.get("self")


def _targets(given: tuple[Link, ...], relation: str) -> tuple[str, ...]:
    return _usable([link.target for link in given if relation in link.relations], "")


def _usable(addresses: list[str | None], base: str) -> tuple[str, ...]:
    found = (urls.absolute(address, base or None) for address in addresses)
    return tuple(dict.fromkeys(address for address in found if address and len(address) <= urls.ADDRESS_MOST))


def _own(topic: str, source: str, own_suffixes: tuple[str, ...]) -> bool:
    if len(topic) > urls.ADDRESS_MOST:
        return False
    ours = urls.domain(source, own_suffixes)
    return urls.canonical(topic) == urls.canonical(source) or (
        bool(ours) and urls.domain(topic, own_suffixes) == ours
    )


def form(mode: Literal["subscribe", "unsubscribe"], *, topic: str, callback: str, secret: str) -> bytes:
    """Write the request to a hub (section 5.1)."""
    values = {"hub.mode": mode, "hub.topic": topic, "hub.callback": callback}
    if mode == "subscribe":
        values |= {"hub.lease_seconds": str(LEASE), "hub.secret": secret}
    # Hubs of the time before the Recommendation ask for this one; others pass over it.
    return urlencode({**values, "hub.verify": "async"}).encode("ascii")


def redirected(hub: str, status: int, location: str | None) -> str | None:
    """Say where a hub sends a request on to (section 5.1.2): only within its own host, by 307 or 308."""
    onward = urls.absolute(location, hub) if status in (307, 308) else None
    if onward is None or urls.host(onward) != urls.host(hub):
        return None
    # What began in private is not sent on in the open.
    return None if hub.startswith("https:") and onward.startswith("http:") else onward


def challenge(text: str) -> str | None:
    """Give a hub's challenge where it can be echoed: printable ASCII of a sane length (section 5.3.1)."""
    return text if _CHALLENGE.fullmatch(text) else None


def lease(text: str | None) -> int | None:
    """Read for how many seconds a hub will send news; ``None`` where it cannot be meant, or is too short.

    Hubs of the time before the Recommendation may name no time: then it is what we asked for.
    """
    if text is None:
        return LEASE
    if not _WHOLE.fullmatch(text) or int(text) < LEAST_LEASE:
        return None
    return min(int(text), LONGEST_LEASE)


def renewal(lease: float, chance: float) -> float:
    """Give the seconds after which a lease is renewed: at 80 % of it, chance (0 to 1) adding up to 15 %."""
    return lease * (_RENEW_AT + (_RENEW_BY - _RENEW_AT) * chance)


def denied(words: str) -> str:
    """Say that a hub said no, with its reason if it gave one: plain, short, its direction kept to itself."""
    told = clamp("".join(c if c.isprintable() else " " for c in words), _WORDS_MOST)
    return DENIED_SAYING.format(words=f"\u2068{told}\u2069") if told else DENIED


def signed(secret: str, body: bytes, signature: str) -> bool:
    """Tell whether a body bears the signature of who knows the secret (`X-Hub-Signature`, section 7.1).

    SHA-1 is among the methods: most hubs sign with it, and collisions do not help to forge an HMAC (RFC 6151
    section 2.3 says so even of MD5). Compares in constant time.
    """
    found = _SIGNATURE.fullmatch(signature.strip())
    if found is None or not secret:
        return False
    expected = hmac.new(secret.encode(), body, found[1].lower()).hexdigest()
    return hmac.compare_digest(expected, found[2].lower())


def shut(choice: str, site: str) -> Shut:
    """Say why hubs are not asked to send news to this site; the empty string where they are.

    ``choice`` is ``on``, ``off`` or ``auto``: only if ``site``, the site's own address, can be reached from
    outside.
    """
    if choice == "off":
        return "off"
    return "" if choice == "on" or _public(site) else "not-public"


def _public(site: str) -> bool:
    name = urls.host(site)
    if not name or urlsplit(site).scheme not in ("http", "https"):
        return False
    try:
        return ipaddress.ip_address(name).is_global
    except ValueError:
        labels = name.split(".")
        return len(labels) > 1 and labels[-1] not in _UNREACHABLE
