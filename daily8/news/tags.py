"""Start tags as they will stand: what is listed of them is written anew, with its values judged and escaped.

A tag is known here by all of it but its last bracket, so that text can never be taken for one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import NamedTuple

from daily8.news.allowed import (
    ATTRIBUTES,
    BLOCKS,
    DROPPED,
    HEADS,
    MAIL,
    NUMBERS,
    REL,
    RENAMED,
    RICH,
    VOID,
    value_of,
)
from daily8.news.references import unescape

_CACHED = 64
"""Characters of a tag, or of a part of it, that is worth remembering."""

_VALUE = r"(?:[ \t\n]*+=[ \t\n]*+(?:\"{0}\"|'{1}'|{2}))?+"
_KEY = r"[ \t\n]++{0}[A-Za-z_:@][\w:.@-]*+{1}"
_SHAPE = _KEY.format("", "") + _VALUE.format('[^"]*+', "[^']*+", r"[^\s\"'=`]++")
START = re.compile(rf"<([A-Za-z][A-Za-z0-9:-]*+)((?:{_SHAPE})*+)[ \t\n]*+/?", re.ASCII)
_ATTRIBUTE = re.compile(
    _KEY.format("(", ")") + _VALUE.format('([^"]*+)', "([^']*+)", r"([^\s\"'=`]++)"), re.ASCII
)
_NO_STARTS = frozenset({"</", "<!"})
_OTHER_KEY = re.compile(r" [a-z][a-z0-9:_-]*+=", re.ASCII)
# Addresses that `urls.absolute` and the URL standard alike leave as they are; a last label that begins with a
# letter is no number of an IPv4 address, and a host without `xn--` needs no look at its letters.
_HOST = r"https?://(?!-)(?![^/?#\"]*xn--)(?:[a-z0-9-]{1,63}\.){1,9}[a-z][a-z-]{0,62}"
_CLEAN_HOST = re.compile(_HOST, re.ASCII)
_PLAIN_PATH = "[A-Za-z0-9._~!$()*+,;=:@/?#-]*+"
_PATH = f"{_PLAIN_PATH}(?:(?:&amp;|%[0-9A-Fa-f]{{2}}){_PLAIN_PATH})*+"
_CLEAN_PATH = re.compile(_PATH, re.ASCII)
_SURE_URL = re.compile(_HOST + r"(?::[0-9]{1,5})?(?:[/?#][!-~]*)?", re.ASCII)
_CLEAN_LENGTH = 1000
_WORDS = frozenset({"alt", "datetime", "reversed", "scope", "title", "type"})
_ADDRESSES = frozenset({"href", "src", "poster"})
# `&copy` without its semicolon means one thing in text and another in a value.
_LOOSE = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]*|#[0-9]{1,6}|#[xX][0-9A-Fa-f]{1,5});)[A-Za-z0-9#]")
_FAR = re.compile(r"&#(?:[xX]([0-9A-Fa-f]{5,})|([0-9]{5,}))")


_PASSED = rf'(?: (?!(?:{"|".join(sorted(ATTRIBUTES["*"] | ATTRIBUTES["a"]))})=)[a-z][a-z0-9:_-]*+="[^"]*+")*+'
_LINK = re.compile(rf'<a{_PASSED} href="(https?://[^"/]*+)({_PATH})"{_PASSED}', re.ASCII)
"""A link as nearly all of them are written, of which nothing is to be kept but its address."""

UNSURE = frozenset({"pre", "listing", "ruby", "rt", "rp"})
_WANTED = {name: ATTRIBUTES["*"] | ATTRIBUTES.get(name, set()) for name in RICH}
_KEYS = {name: {f" {key}=": key for key in keys} for name, keys in _WANTED.items()}
_CLOSED = frozenset({"", "/", " ", " /"})
_LINKING = frozenset(name for name, keys in ATTRIBUTES.items() if not _ADDRESSES.isdisjoint(keys))
_HOLDERS = {
    **dict.fromkeys(("caption", "thead", "tbody", "tfoot"), frozenset({"</table"})),
    "tr": frozenset({"</thead", "</tbody", "</tfoot"}),
    "td": frozenset({"</tr"}),
    "th": frozenset({"</tr"}),
    "dd": frozenset({"</dl"}),
    "dt": frozenset({"</dl"}),
    "li": frozenset({"</ul", "</ol"}),
}


class Doubtful(Exception):
    """A parser is to be asked."""


class Kind(NamedTuple):
    """What is known of an element."""

    name: str
    """Under which it is written."""
    end: str
    """The end tag that it waits for, without its bracket; empty for none."""
    bars: frozenset[str]
    """In which it may not stand, however deep."""
    holders: frozenset[str]
    """Right in which alone it may stand; empty if anywhere."""


Start = tuple[str, Kind]
"""A start tag as it will stand."""


def _kind(name: str) -> Kind:
    new = RENAMED.get(name, name)
    bars = {"</p"} if new in BLOCKS or new == "table" else {"</a"} if new == "a" else set()
    if new in HEADS:
        bars |= {f"</{head}" for head in HEADS}
    return Kind(new, "" if name in VOID else f"</{name}", frozenset(bars), _HOLDERS.get(new, frozenset()))


_KINDS = {f"<{name}": _kind(name) for name in (RICH | RENAMED.keys()) - UNSURE}
_REL = f' rel="{REL}"'
BARE = {tag: (f"<{kind.name}{_REL if kind.name == 'a' else ''}>", kind) for tag, kind in _KINDS.items()}
BARE |= {f"<{name}{end}": BARE[f"<{name}"] for name in VOID for end in ("/", " /")}
_LEFT_OUT = ("", Kind("", "", frozenset(), frozenset()))


def start_tag(tag: str, base: str | None) -> Start | None:
    """Read a start tag; give None for one that is dropped with its content, and for other tags."""
    if (link := _LINK.fullmatch(tag)) is not None and len(tag) <= _CLEAN_LENGTH:
        host, path = link.groups()
        if "/." not in path and _is_host(host):
            return f'<a href="{host}{path}"{_REL}>', _KINDS["<a"]
    name = tag.partition(" ")[0]
    kind = _KINDS.get(name)
    if kind is None:
        return _read(tag, base)
    if kind.name not in _LINKING and len(tag) <= _CACHED:
        return _remembered(tag)
    attributes = _like_most(kind.name, tag[len(name) :], base)
    if attributes is None:
        return _read(tag, base)
    return f"<{kind.name}{attributes}{_REL if kind.name == 'a' else ''}>", kind


def _read(tag: str, base: str | None) -> Start | None:
    """Read a start tag, however it is written."""
    if tag[:2] in _NO_STARTS:
        return None
    match = START.fullmatch(tag)
    if match is None:
        raise Doubtful
    name = match[1].lower()
    if name in DROPPED:
        return None
    kind = _KINDS.get(f"<{name}")
    if kind is None:
        if name in UNSURE:
            raise Doubtful
        return _LEFT_OUT
    attributes = _attributes(kind.name, match[2], base) if match[2] else ""
    return f"<{kind.name}{attributes}{_REL if kind.name == 'a' else ''}>", kind


@lru_cache(maxsize=2048)
def _remembered(tag: str) -> Start | None:
    """Read a start tag without addresses."""
    return _read(tag, None)


def _like_most(name: str, text: str, base: str | None) -> str | None:
    """Give the attributes that are written as most are: small letters, double quotes; None for others."""
    parts = text.split('"')
    if parts.pop() not in _CLOSED or len(parts) % 2:
        return None
    keys = _KEYS[name]
    found: dict[str, str] = {}
    for at in range(0, len(parts), 2):
        written = parts[at]
        key = keys.get(written)
        if key is None:
            if len(written) > _CACHED or not _is_key(written):
                return None
        elif key not in found:
            found[key] = _value(name, key, parts[at + 1], base)
    return "".join(found.values())


@lru_cache(maxsize=1024)
def _is_key(written: str) -> bool:
    return _OTHER_KEY.fullmatch(written) is not None


def _attributes(name: str, text: str, base: str | None) -> str:
    wanted = _WANTED[name]
    found: dict[str, str] = {}
    for key, double, single, bare in _ATTRIBUTE.findall(text):
        key = key.lower()
        if key in wanted and key not in found:
            found[key] = _value(name, key, double or single or bare, base)
    return "".join(found.values())


def _is_clean(url: str) -> bool:
    """Say whether an address is one of those that stay as they are."""
    if len(url) > _CLEAN_LENGTH or "/." in url:
        return False
    at = url.find("/", 8)
    if at == -1:
        return _is_host(url)
    return _is_host(url[:at]) and _CLEAN_PATH.fullmatch(url, at) is not None


@lru_cache(maxsize=1024)
def _is_host(url: str) -> bool:
    return _CLEAN_HOST.fullmatch(url) is not None


def _value(tag: str, key: str, raw: str, base: str | None) -> str:
    """Give an attribute as it will stand, with a space before it; empty for one that may not."""
    if key in _ADDRESSES:
        raw = raw.replace("&#038;", "&amp;")  # as WordPress writes it
        if _is_clean(raw):
            return f' {key}="{raw}"'
        value = value_of(tag, key, unescape(raw) if "&" in raw else raw, base)
        if value is not None and not (_SURE_URL.fullmatch(value) or MAIL.fullmatch(value)):
            raise Doubtful
    elif "&" not in raw:
        if key in _WORDS and '"' not in raw and len(raw) <= _CLEAN_LENGTH:
            return f' {key}="{raw}"'
        if key in NUMBERS and raw.isascii() and raw.isdigit() and len(raw) <= 5:
            return f' {key}="{raw}"'
        value = value_of(tag, key, raw, base)
    elif _LOOSE.search(raw) or is_far(raw):
        raise Doubtful
    else:
        value = value_of(tag, key, unescape(raw), base)
    if value is None:
        return ""
    if "\r" in value:
        raise Doubtful
    return f' {key}="{escape(value, quote=False).replace(chr(34), "&quot;")}"'


def is_far(text: str) -> bool:
    """Say whether a number stands in the text that two readers may take for two characters."""
    codes = (
        int(hexadecimal, 16) if hexadecimal else int(decimal[:9])
        for hexadecimal, decimal in _FAR.findall(text)
    )
    return any(code & 0xFFFE == 0xFFFE or code > 0x10FFFF for code in codes)
