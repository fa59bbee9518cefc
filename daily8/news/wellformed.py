"""Clean HTML that is well-formed without building a tree: what is allowed is written anew, the rest left out.

Nine fragments of ten that feeds carry are well nested, their tags written by the book. For those the answer
of a parser of HTML 5 is known beforehand, and it is this one, letter by letter; where there is any doubt
there is no answer, and a parser is asked. Nothing comes out but text without ``<`` and tags put together here
from listed names, listed attributes and escaped values: what is let through does not rest on nesting.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import NamedTuple

from daily8.news.allowed import (
    ATTRIBUTES,
    BLOCKS,
    BREAKS,
    DROPPED,
    FORMATTING,
    HEADS,
    MAIL,
    MAX_FORMATTING,
    REL,
    RENAMED,
    RICH,
    TABLE,
    VOID,
    legal,
    value_of,
)
from daily8.news.references import unescape

_MAX_DEPTH = 64
_CACHED = 48
"""Characters of a tag that is worth remembering."""
_GONE = "\0"

_CUT = re.compile(r"<([^<>]*+)>")
_VALUE = r"(?:[ \t\n]*+=[ \t\n]*+(?:\"{0}\"|'{1}'|{2}))?+"
_KEY = r"[ \t\n]++{0}[A-Za-z_:@][\w:.@-]*+{1}"
_SHAPE = _KEY.format("", "") + _VALUE.format('[^"]*+', "[^']*+", r"[^\s\"'=`]++")
_START = re.compile(rf"([A-Za-z][A-Za-z0-9:-]*+)((?:{_SHAPE})*+)[ \t\n]*+/?", re.ASCII)
_ATTRIBUTE = re.compile(
    _KEY.format("(", ")") + _VALUE.format('([^"]*+)', "([^']*+)", r"([^\s\"'=`]++)"), re.ASCII
)
_END = re.compile(r"/([A-Za-z][A-Za-z0-9:-]*+)[ \t\n]*+", re.ASCII)
# Addresses that `urls.absolute` and the URL standard alike leave as they are; a last label that begins with a
# letter is no number of an IPv4 address, and a host without `xn--` needs no look at its letters.
_HOST = r"https?://(?!-)(?![^/?#\"]*xn--)(?:[a-z0-9-]{1,63}\.){1,9}[a-z][a-z-]{0,62}"
_CLEAN_URL = re.compile(
    _HOST + r"(?:[/?#](?:[A-Za-z0-9._~!$()*+,;=:@/?#-]++|&amp;|%[0-9A-Fa-f]{2})*+)?", re.ASCII
)
_SURE_URL = re.compile(_HOST + r"(?::[0-9]{1,5})?(?:[/?#][!-~]*)?", re.ASCII)
_CLEAN_LENGTH = 1000
_WORDS = frozenset({"alt", "datetime", "reversed", "scope", "title", "type"})
_ADDRESSES = frozenset({"href", "src", "poster"})
# `&copy` without its semicolon means one thing in text and another in a value.
_LOOSE = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]*|#[0-9]{1,6}|#[xX][0-9A-Fa-f]{1,5});)[A-Za-z0-9#]")
_REFERENCE = re.compile(r"&(?:(?:#[0-9]{1,5}|#[xX][0-9A-Fa-f]{1,4}|[A-Za-z][A-Za-z0-9]{1,31});)?")
_FAR = re.compile(r"&#(?:[xX]([0-9A-Fa-f]{5,})|([0-9]{5,}))")

_UNSURE = frozenset({"pre", "listing", "ruby", "rt", "rp"})
_WANTED = {name: ATTRIBUTES["*"] | ATTRIBUTES.get(name, set()) for name in RICH}
_ENDS = {f"/{name}": f"</{RENAMED.get(name, name)}>" for name in (RICH | RENAMED.keys()) - VOID - _UNSURE}
_ROWS = frozenset({"/table", "/thead", "/tbody", "/tfoot", "/tr"})
"""What holds nothing but parts of a table and white space."""
_HOLDERS = {
    **dict.fromkeys(("caption", "thead", "tbody", "tfoot"), frozenset({"/table"})),
    "tr": frozenset({"/thead", "/tbody", "/tfoot"}),
    "td": frozenset({"/tr"}),
    "th": frozenset({"/tr"}),
    "dd": frozenset({"/dl"}),
    "dt": frozenset({"/dl"}),
    "li": frozenset({"/ul", "/ol"}),
}
_CLOSED_HEADS = frozenset(f"/{name}" for name in HEADS)
_FORMATS = frozenset(f"/{name}" for name in FORMATTING)
_CLOSING = (BLOCKS | TABLE | {name for name, new in RENAMED.items() if new == "div"}) - HEADS - {"p", "hr"}
"""Whose end tags close the paragraphs and items that are open in them."""


class _Doubtful(Exception):
    """A parser is to be asked."""


class _Start(NamedTuple):
    """A start tag as it will stand."""

    written: str
    name: str
    """Empty for one that is left out."""
    end: str
    """The end tag that it waits for, without brackets; empty for none."""


_LEFT_OUT = _Start("", "", "")
_REL = f' rel="{REL}"'


def _bare() -> dict[str, _Start]:
    found: dict[str, _Start] = {}
    for name in (RICH | RENAMED.keys()) - _UNSURE:
        new = RENAMED.get(name, name)
        written = f"<{new}{_REL if new == 'a' else ''}>"
        found[name] = _Start(written, new, "" if name in VOID else f"/{name}")
        if name in VOID:
            found[f"{name}/"] = found[f"{name} /"] = found[name]
    return found


_BARE = _bare()


def _plain(
    keys: frozenset[str] | set[str], values: dict[str, str]
) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Give what finds the attributes that are not kept, and what settles those that are, each once."""
    names = "|".join(sorted(keys))
    once = "|".join(rf' {key}="{value}"(?!.* {key}=")' for key, value in values.items())
    other = rf'(?!(?:{names})=)[a-z][a-z0-9:_-]*+="[^"]*+"'
    kept = re.compile(rf' {other}|( (?:{names})="[^"]*+")', re.ASCII)
    return kept, re.compile(rf"(?:{once})*+", re.ASCII | re.DOTALL)


_DOUBLE = re.compile(r'(?: [a-z][a-z0-9:_-]*+="[^"]*+")*+', re.ASCII)
_NUMBER = "[0-9]{1,5}"
_WORD = '[^"&]*+'
_PLAIN = {
    "a": _plain(_WANTED["a"], {"href": _CLEAN_URL.pattern}),
    "img": _plain(
        _WANTED["img"],
        {"src": _CLEAN_URL.pattern, "alt": _WORD, "title": _WORD, "width": _NUMBER, "height": _NUMBER},
    ),
}
_EASY = {
    tag: (start.written, start.end, start.name not in BLOCKS)
    for tag, start in _BARE.items()
    if start.name not in HEADS | TABLE | {"a", "hr"} and start.name not in _HOLDERS
}
"""Tags that may stand anywhere outside of tables, with their end; whether also where a paragraph is open."""


def written(html: str, base: str | None) -> str | None:
    """Give the safe part of a well-formed fragment as `daily8.news.sanitise.sanitise` does, or None in doubt.

    ``html`` holds only legal characters and no carriage return. Linear in time.
    """
    pieces = _CUT.split(html)
    if len(pieces) // 2 != html.count("<") or "\ufeff" in html:
        return None
    try:
        ending = _write(pieces, base)
        if "&" in html or html.count(">") != len(pieces) // 2:
            for at in range(0, len(pieces), 2):
                if "&" in (text := pieces[at]):
                    pieces[at] = _text(text)
                elif ">" in text:
                    pieces[at] = text.replace(">", "&gt;")
    except _Doubtful:
        return None
    return ("".join(pieces) + ending).replace("\xa0", "&nbsp;")


def _write(pieces: list[str], base: str | None) -> str:
    """Put each tag, every second piece, as it will stand; give the end tags of what stays open."""
    stack: list[str] = []
    innermost: str | None = None
    tables = False
    for at in range(1, len(pieces), 2):
        tag = pieces[at]
        if tag == innermost:
            pieces[at] = _ENDS[stack.pop()]
        elif (
            not tables
            and len(stack) < MAX_FORMATTING
            and (easy := _EASY.get(tag)) is not None
            and (easy[2] or "/p" not in stack)
        ):
            pieces[at], end, _ = easy
            if end:
                stack.append(end)
        else:
            pieces[at] = _unlike(tag, at, pieces, stack, base)
            tables = tables or "/table" in stack
        innermost = stack[-1] if stack else None
        if tables and innermost in _ROWS and pieces[at + 1].strip(" \t\n"):
            raise _Doubtful
    return "".join([_ENDS[end] for end in reversed(stack)])


def _unlike(tag: str, at: int, pieces: list[str], stack: list[str], base: str | None) -> str:
    """Give a tag that does not close the innermost element as it will stand."""
    start = _BARE.get(tag)
    if start is None:
        if tag == _GONE:
            return ""
        if tag[:1] == "/":
            return _end(tag, stack)
        if tag[:1] == "!":
            if len(tag) < 5 or not (tag.startswith("!--") and tag.endswith("--")):
                raise _Doubtful
            return ""
        start = _remembered(tag, base) if len(tag) <= _CACHED else _start(tag, base)
        if start is None:
            _leave_out(tag, at, pieces)
            return ""
        if start is _LEFT_OUT:
            return ""
    before = _room(start.name, stack)
    if start.end:
        if len(stack) >= _MAX_DEPTH:
            raise _Doubtful
        stack.append(start.end)
    return before + start.written


def _room(name: str, stack: list[str]) -> str:
    """Give the end tags that a start tag implies (HTML 13.2.6.4.7); doubt where it would be moved."""
    before = ""
    if name in BLOCKS or name == "table":
        before = _items_closed(stack) if name == "li" else _paragraph_closed(stack)
        if "/p" in stack or (name in HEADS and not _CLOSED_HEADS.isdisjoint(stack)):
            raise _Doubtful
    if name in _HOLDERS:
        if not stack or stack[-1] not in _HOLDERS[name]:
            raise _Doubtful
    elif stack and stack[-1] in _ROWS:
        raise _Doubtful
    if name in FORMATTING and stack:
        if name == "a" and "/a" in stack:
            raise _Doubtful
        if len(stack) >= MAX_FORMATTING and sum(end in _FORMATS for end in stack) >= MAX_FORMATTING:
            raise _Doubtful
    return before


def _paragraph_closed(stack: list[str]) -> str:
    return _ENDS[stack.pop()] if stack and stack[-1] == "/p" else ""


def _items_closed(stack: list[str]) -> str:
    before = _paragraph_closed(stack)
    return before + _ENDS[stack.pop()] if stack and stack[-1] == "/li" else before


def _end(tag: str, stack: list[str]) -> str:
    """Give an end tag, with those that it implies."""
    match = _END.fullmatch(tag)
    if match is None:
        raise _Doubtful
    name = match[1].lower()
    if name not in RICH and name not in RENAMED:
        return ""
    end, before = f"/{name}", ""
    if name in _CLOSING:
        before = _paragraph_closed(stack) if name == "li" else _items_closed(stack)
    if not stack or stack[-1] != end:
        raise _Doubtful
    return before + _ENDS[stack.pop()]


def _leave_out(tag: str, at: int, pieces: list[str]) -> None:
    """Blank all from behind a start tag to its end tag: an element that is dropped with what it holds."""
    match = _START.fullmatch(tag)
    name = match[1].lower() if match else ""
    for later in range(at + 2, len(pieces), 2):
        pieces[later - 1] = ""
        tag, pieces[later] = pieces[later], _GONE
        if tag[1 : len(name) + 1].lower() == name and tag[:1] == "/" and tag[len(name) + 1 :][:1] in "/ \t\n":
            return
    raise _Doubtful


def _start(tag: str, base: str | None) -> _Start | None:
    """Read a start tag; give None for one that is dropped with its content."""
    match = _START.fullmatch(tag)
    if match is None:
        raise _Doubtful
    name = match[1].lower()
    if name in DROPPED:
        return None
    bare = _BARE.get(name)
    if bare is None:
        if name in _UNSURE:
            raise _Doubtful
        return _LEFT_OUT
    attributes = _attributes(bare.name, match[2], base) if match[2] else ""
    rel = _REL if bare.name == "a" else ""
    return _Start(f"<{bare.name}{attributes}{rel}>", bare.name, bare.end)


_remembered = lru_cache(maxsize=2048)(_start)


def _attributes(name: str, text: str, base: str | None) -> str:
    wanted = _WANTED[name]
    if name in _PLAIN and _DOUBLE.fullmatch(text):
        # Nearly all pictures and links are written in one way, and nothing of theirs is to be changed.
        kept_ones, settled = _PLAIN[name]
        kept = "".join(kept_ones.findall(text)).replace("&#038;", "&amp;")
        if len(kept) <= _CLEAN_LENGTH and "/." not in kept and settled.fullmatch(kept):
            return kept
    found: dict[str, str] = {}
    for key, double, single, bare in _ATTRIBUTE.findall(text):
        key = key.lower()
        if key in wanted and key not in found:
            found[key] = _value(name, key, double or single or bare, base)
    return "".join(found.values())


def _value(tag: str, key: str, raw: str, base: str | None) -> str:
    """Give an attribute as it will stand, with a space before it; empty for one that may not."""
    if key in _ADDRESSES:
        raw = raw.replace("&#038;", "&amp;")  # as WordPress writes it
        if len(raw) <= _CLEAN_LENGTH and "/." not in raw and _CLEAN_URL.fullmatch(raw):
            return f' {key}="{raw}"'
        value = value_of(tag, key, unescape(raw) if "&" in raw else raw, base)
        if value is not None and not (_SURE_URL.fullmatch(value) or MAIL.fullmatch(value)):
            raise _Doubtful
    elif "&" not in raw:
        if key in _WORDS and '"' not in raw and len(raw) <= _CLEAN_LENGTH:
            return f' {key}="{raw}"'
        value = value_of(tag, key, raw, base)
    elif _LOOSE.search(raw) or _is_far(raw):
        raise _Doubtful
    else:
        value = value_of(tag, key, unescape(raw), base)
    if value is None:
        return ""
    if "\r" in value:
        raise _Doubtful
    return f' {key}="{escape(value, quote=False).replace(chr(34), "&quot;")}"'


def _is_far(text: str) -> bool:
    """Say whether a number stands in the text that two readers may take for two characters."""
    codes = (
        int(hexadecimal, 16) if hexadecimal else int(decimal[:9])
        for hexadecimal, decimal in _FAR.findall(text)
    )
    return any(code & 0xFFFE == 0xFFFE or code > 0x10FFFF for code in codes)


def _text(text: str) -> str:
    """Give text with its entities resolved, and escaped again where it must be."""
    try:
        return _REFERENCE.sub(_resolved, text).replace(">", "&gt;")
    except LookupError:
        if "&#" in text and _is_far(text):
            raise _Doubtful from None
        return escape(legal(unescape(text)).replace("\r", "\n"), quote=False)


def _resolved(match: re.Match[str]) -> str:
    if match[0] != "&":
        return _character(match[0])
    after = match.string[match.end() : match.end() + 1]
    if after.isalnum() or after == "#":
        raise LookupError  # perhaps an entity that lacks its semicolon
    return "&amp;"


@lru_cache(maxsize=4096)
def _character(reference: str) -> str:
    return escape(legal(unescape(reference)).replace("\r", "\n"), quote=False)


_PLAIN_TAG = re.compile(r"/?([A-Za-z][A-Za-z0-9:-]*+)", re.ASCII)


@lru_cache(maxsize=512)
def _gap(name: str) -> str | None:
    """Give what a tag leaves in plain text; None for one whose content is no text."""
    name = name.lower()
    return None if name in DROPPED else " " if name in BREAKS else ""


def text_of(html: str) -> str | None:
    """Give the text of a fragment, a space for each break, entities as they are; None in doubt."""
    pieces = _CUT.split(html)
    if len(pieces) // 2 != html.count("<"):
        return None
    for at in range(1, len(pieces), 2):
        tag = pieces[at]
        match = _PLAIN_TAG.match(tag)
        if match is None or (match.end() != len(tag) and _START.fullmatch(tag) is None):
            return None
        gap = _gap(match[1]) if match.end() <= _CACHED else ""
        if gap is None:
            return None
        pieces[at] = gap
    return "".join(pieces)
