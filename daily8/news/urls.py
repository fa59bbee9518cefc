"""Read, clean and compare the addresses that strangers write.

Whether an address may be *reached* is not decided here but at the socket, in `daily8.net`.
"""

from __future__ import annotations

import ipaddress
import re
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import quote, urljoin

import idna
from publicsuffixlist import PublicSuffixList

MAX_LENGTH = 4096
"""Characters; a longer address is refused."""
ADDRESS_MOST = 2000
"""Characters of an address that is kept; an index has no room for much longer ones."""

_DEFAULT_PORTS = {"http": "80", "https": "443"}

# Whatever is invisible or turns the direction of text has no place in an address (CVE-2023-36462).
_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff]"
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_PARTS = re.compile(r"(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
# Nine addresses of ten are clean already: short, plain host, no user, no port, nothing to escape.
_CLEAN_HOST = re.compile(r"https?://(?!-)(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{1,63}")
_CLEAN_PATH = re.compile("{0}(?:%[0-9A-Fa-f]{{2}}{0})*+".format("[A-Za-z0-9._~!$&'()*+,;=:@/?#-]*+"))
_CLEAN_LENGTH = 250
_ASCII_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SAFE = "%/:=&?~#+!$,;'@()*[]|"
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

# Parameters that say how a reader came, never what is read.
_TRACKING_NAMES = """
    fbclid gclid gclsrc gbraid wbraid dclid msclkid yclid ysclid twclid ttclid li_fat_id igshid igsh
    epik scid rdt_cid srsltid mc_cid mc_eid mkt_tok _hsenc _hsmi __hssc __hstc __hsfp hsctatracking
    vero_id vero_conv oly_enc_id oly_anon_id wickedid ml_subscriber ml_subscriber_hash _openstat
    __twitter_impression guccounter guce_referrer guce_referrer_sig ito xtor ncid cmpid cmp icid ocid
    smid sr_share ns_mchannel ns_source ns_campaign ns_linkname at_medium at_campaign at_custom1
    at_custom2 at_custom3 at_custom4 at_link_id at_link_type at_link_origin at_ptr_name at_bbc_team
    at_format traffic_source _ga _gl _branch_match_id _branch_referrer spm_id_from
"""
_TRACKING = frozenset(_TRACKING_NAMES.split())
_TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "matomo_", "hsa_", "stm_")
# These names often identify; only with such a value do they say how a reader came.
_FEED_REFERRERS = frozenset(
    f"{name}={value}"
    for name in (
        "ref",
        "source",
        "src",
        "from",
        "partner",
        "emc",
        "output",
        "feed",
        "via",
        "medium",
        "origin",
    )
    for value in ("rss", "rssfeed", "rss_feed", "feed", "feedburner")
    if (name, value) not in {("output", "rss"), ("feed", "rss"), ("feed", "feed"), ("output", "feed")}
)


class _Parts(NamedTuple):
    scheme: str
    host: str
    """Lower-case ASCII; an IPv6 address in brackets."""
    port: str
    path: str
    query: str | None
    fragment: str | None


@lru_cache(maxsize=4096)
def _ascii_host(text: str) -> str | None:
    """Give the host in the form that name servers are asked for, or None (RFC 5891, UTS 46)."""
    if text.startswith("["):
        if "%" in text:
            return None
        try:
            return f"[{ipaddress.IPv6Address(text[1:-1]).compressed}]" if text.endswith("]") else None
        except ValueError:
            return None
    name = text.lower()
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True, transitional=False).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return None
    name = name.removesuffix(".")
    return name if len(name) <= 253 and _ASCII_HOST.fullmatch(name) else None


def _split(url: str) -> _Parts | None:
    match = _PARTS.fullmatch(url)
    if match is None:
        return None
    scheme, authority, path, query, fragment = match.groups()
    if "@" in authority:
        return None
    name, colon, port = authority.rpartition(":")
    if not colon or authority.endswith("]"):
        name, port = authority, ""
    if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        return None
    found = _ascii_host(name)
    return None if found is None else _Parts(scheme, found, port, path, query, fragment)


def _joined(url: str, base: str | None) -> str | None:
    """Resolve a reference as browsers do: the scheme first, a backslash is a slash, two schemes only."""
    match = _SCHEME.match(url)
    scheme = match[1].lower() if match else None
    # `example.com:8080/x` has no scheme, but neither is it a path: only the two schemes below are known.
    if scheme is not None and scheme not in _DEFAULT_PORTS:
        return None
    cut = len(url) if (at := re.search(r"[?#]", url)) is None else at.start()
    url = url[:cut].replace("\\", "/") + url[cut:]
    if scheme is not None and match is not None:
        url = scheme + url[match.end(1) :]
        if url.startswith(f"{scheme}://"):
            return url
    elif base is None:
        return None
    if base is None or _split(base) is None:
        return None
    try:
        return urljoin(base, url)
    except ValueError:
        return None


def _without_dots(path: str) -> str:
    """Resolve `.` and `..` in an absolute path (RFC 3986 section 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def is_clean(url: str) -> bool:
    """Say whether an address is absolute and stays as it is, as nine of ten do."""
    if len(url) > _CLEAN_LENGTH or "/." in url:
        return False
    at = url.find("/", 8)
    if at == -1:
        at = len(url)
    return _is_clean_host(url[:at]) and _CLEAN_PATH.fullmatch(url, at) is not None


@lru_cache(maxsize=1024)
def _is_clean_host(url: str) -> bool:
    return _CLEAN_HOST.fullmatch(url) is not None


def absolute(url: str | None, base: str | None = None) -> str | None:
    """Give a reference as an absolute http or https address in ASCII, or None where it cannot be one.

    Control and invisible characters and outer white space are dropped, inner spaces and letters beyond
    ASCII escaped, the host written in lower-case IDNA; user names, other schemes, ports out of range and
    addresses beyond `MAX_LENGTH` are refused. The scheme is judged before the host. ``base`` must itself be
    absolute; it is not needed for absolute references (RFC 3986 section 5, WHATWG URL).
    """
    if url is None or len(url) > MAX_LENGTH:
        return None
    if is_clean(url):
        return url
    text = _INVISIBLE.sub("", url).strip()
    if not text:
        return None
    if base is not None and base != (clean := _INVISIBLE.sub("", base).strip()):
        base = clean
    joined = _joined(text, base)
    parts = None if joined is None else _split(joined)
    if parts is None:
        return None
    tail = _without_dots(parts.path)
    if parts.query is not None:
        tail += f"?{parts.query}"
    if parts.fragment is not None:
        tail += f"#{parts.fragment}"
    tail = quote(_BARE_PERCENT.sub("%25", tail), safe=_SAFE, errors="ignore")
    port = f":{parts.port}" if parts.port else ""
    whole = f"{parts.scheme}://{parts.host}{port}{tail}"
    return whole if len(whole) <= MAX_LENGTH else None


def _plain_escapes(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if char in _UNRESERVED else match[0].upper()

    return _ESCAPE.sub(one, text)


def _tracks(parameter: str) -> bool:
    name, _, value = parameter.lower().partition("=")
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES) or f"{name}={value}" in _FEED_REFERRERS


def canonical(url: str) -> str:
    """Give the form of an address under which two writings of it are the same.

    On top of `absolute`: default port and fragment dropped (a route, ``#!``, is kept), an empty path made
    ``/``, escapes in one writing (RFC 3986 section 6.2.2), tracking parameters dropped; all others keep their
    order, for they may say which article it is. Idempotent. What is no http address comes back stripped.
    """
    clean = absolute(url)
    parts = None if clean is None else _split(clean)
    if parts is None:
        return url.strip()
    port = f":{parts.port}" if parts.port and int(parts.port) != int(_DEFAULT_PORTS[parts.scheme]) else ""
    path = _without_dots(_plain_escapes(parts.path)) or "/"
    kept = [p for p in _plain_escapes(parts.query or "").split("&") if p and not _tracks(p)]
    query = "?" + "&".join(kept) if kept else ""
    fragment = parts.fragment or ""
    route = "#" + _plain_escapes(fragment) if fragment.startswith("!") else ""
    return f"{parts.scheme}://{parts.host}{port}{path}{query}{route}"


def host(url: str) -> str:
    """Give the host of an address in lower-case ASCII, IPv6 without brackets; or the empty string."""
    clean = absolute(url)
    parts = None if clean is None else _split(clean)
    return "" if parts is None else parts.host.strip("[]")


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def domain(url: str, own_suffixes: tuple[str, ...] = ()) -> str:
    """Give the registrable domain of an address or a host name, by the packaged public suffix list.

    An IP literal is itself, so is a public suffix, and so is each name under one of ``own_suffixes``
    (``"replay.test"``). The empty string if there is no host.
    """
    name = host(url if "://" in url else f"http://{url}")
    if not name or _is_ip(name):
        return name
    if any(name.endswith(f".{suffix}") for suffix in own_suffixes):
        return name
    found: str | None = _suffixes().privatesuffix(name)
    return found or name
