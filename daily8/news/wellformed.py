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

from daily8.news.allowed import (
    BLOCKS,
    BREAKS,
    DROPPED,
    FORMATTING,
    HEADS,
    MAX_FORMATTING,
    RENAMED,
    RICH,
    TABLE,
    VOID,
    legal,
)
from daily8.news.references import unescape
from daily8.news.tags import BARE, START, UNSURE, Doubtful, Kind, is_far, start_tag

_MAX_DEPTH = 64
_CACHED = 64
"""Characters of a tag, or of a part of it, that is worth remembering."""
_GONE = "<!\0"
_ROOT = "\0root"

_END = re.compile(r"</([A-Za-z][A-Za-z0-9:-]*+)[ \t\n]*+", re.ASCII)
_STRAY = re.compile(r"(<[^<>]*+>)|>")
_REFERENCE = re.compile(r"&(?:(?:#[0-9]{1,5}|#[xX][0-9A-Fa-f]{1,4}|[A-Za-z][A-Za-z0-9]{1,31});)?")
_WHOLE = re.compile(r"(&[#A-Za-z][A-Za-z0-9]{1,31};)")
_WRITTEN = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\xa0": "&nbsp;"}
_UNWRITTEN = re.compile(r"&(?!(?:amp|lt|gt|nbsp);)")
_QUOTES = (("&quot;", '"'), ("&#39;", "'"), ("&#039;", "'"), ("&apos;", "'"))
# A tag is known by all of it but its last bracket, and an open element by the end tag that it waits for.
_ENDS = {f"</{name}": f"</{RENAMED.get(name, name)}>" for name in (RICH | RENAMED.keys()) - VOID - UNSURE}
_ROWS = frozenset({"</table", "</thead", "</tbody", "</tfoot", "</tr"})
"""What holds nothing but parts of a table and white space."""
_FORMATS = frozenset(f"</{name}" for name in FORMATTING)
_CLOSING = (BLOCKS | TABLE | {name for name, new in RENAMED.items() if new == "div"}) - HEADS - {"p", "hr"}
"""Whose end tags close the paragraphs and items that are open in them."""


def written(html: str, base: str | None) -> str | None:
    """Give the safe part of a well-formed fragment as `daily8.news.sanitise.sanitise` does, or None in doubt.

    ``html`` holds only legal characters and no carriage return. Linear in time.
    """
    if "&" in html:
        html = _with_letters(html)
    pieces = _cut(html)
    if pieces is None or "\ufeff" in html:
        return None
    try:
        tags, ending = _written_tags(pieces, base)
        if "&" in html and _UNWRITTEN.search(html) is not None:
            pieces[::2] = [_text(text) if "&" in text else text for text in pieces[::2]]
    except Doubtful:
        return None
    pieces[1::2] = tags
    return ("".join(pieces) + ending).replace("\xa0", "&nbsp;")


def _cut(html: str) -> list[str] | None:
    """Give text and tags by turns, each tag without its last bracket; None if one is open within another.

    If every second piece begins with a bracket, all is in its turn.
    """
    brackets = html.count("<")
    if html.count(">") != brackets:
        html = _STRAY.sub(lambda match: match[1] or "&gt;", html)
    pieces = html.replace("<", "><").split(">")
    return pieces if len(pieces) == 2 * brackets + 1 else None


def _with_letters(html: str) -> str:
    """Put letters in the place of references: beyond ASCII they mean the same wherever a reference does."""
    pieces = _WHOLE.split(html)
    pieces[1::2] = map(_letter, pieces[1::2])
    return "".join(pieces)


@lru_cache(maxsize=4096)
def _letter(reference: str) -> str:
    """Give the letter that a reference stands for; of those that stay, the one writing that we use."""
    text = unescape(reference)
    if text in _WRITTEN:
        return _WRITTEN[text]
    plain = len(text) == 1 and text.isprintable() and legal(text) == text
    return text if plain and not text.lower().isascii() else reference


def _written_tags(pieces: list[str], base: str | None) -> tuple[list[str], str]:
    """Give each tag, every second piece, as it will stand, and the end tags of what stays open."""
    tags = pieces[1::2]
    done: list[str] = []
    stack = [_ROOT]
    innermost = _ROOT
    tables = False
    for tag in tags:
        if tag == innermost:
            done.append(_ENDS[stack.pop()])
        elif (start := BARE.get(tag) or start_tag(tag, base)) is not None:
            put, (name, end, bars, holders) = start
            if (
                tables
                or len(stack) > MAX_FORMATTING
                or (bars and not bars.isdisjoint(stack))
                or (holders and innermost not in holders)
            ):
                put = _room(start[1], stack) + put
            if end:
                stack.append(end)
            done.append(put)
            tables = tables or name == "table"
        else:
            done.append(_other(tag, len(done), tags, stack))
        innermost = stack[-1]
        if tables and innermost in _ROWS and pieces[2 * len(done)].strip(" \t\n"):
            raise Doubtful
    if _GONE in tags:
        pieces[:-1:2] = ["" if tag == _GONE else text for text, tag in zip(pieces[::2], tags, strict=False)]
    return done, "".join([_ENDS[end] for end in stack[:0:-1]])


def _room(kind: Kind, stack: list[str]) -> str:
    """Give the end tags that a start tag implies (HTML 13.2.6.4.7); doubt where it would be moved."""
    name, end, bars, holders = kind
    if not name:
        return ""
    before = ""
    if name in BLOCKS or name == "table":
        before = _items_closed(stack) if name == "li" else _paragraph_closed(stack)
    if not bars.isdisjoint(stack):
        raise Doubtful
    if stack[-1] not in holders if holders else stack[-1] in _ROWS:
        raise Doubtful
    if end and len(stack) > _MAX_DEPTH:
        raise Doubtful
    if name in FORMATTING and sum(end in _FORMATS for end in stack) >= MAX_FORMATTING:
        raise Doubtful
    return before


def _paragraph_closed(stack: list[str]) -> str:
    return _ENDS[stack.pop()] if stack[-1] == "</p" else ""


def _items_closed(stack: list[str]) -> str:
    before = _paragraph_closed(stack)
    return before + _ENDS[stack.pop()] if stack[-1] == "</li" else before


def _other(tag: str, at: int, tags: list[str], stack: list[str]) -> str:
    """Give what a tag leaves that begins nothing of ours: end tags, or nothing."""
    if tag == _GONE:
        return ""
    if tag.startswith("<!"):
        if len(tag) < 6 or not (tag.startswith("<!--") and tag.endswith("--")):
            raise Doubtful
        return ""
    if not tag.startswith("</"):
        _leave_out(tag, at, tags)
        return ""
    match = _END.fullmatch(tag)
    if match is None:
        raise Doubtful
    name = match[1].lower()
    if name not in RICH and name not in RENAMED:
        return ""
    end, before = f"</{name}", ""
    if name in _CLOSING:
        before = _paragraph_closed(stack) if name == "li" else _items_closed(stack)
    if stack[-1] != end:
        raise Doubtful
    return before + _ENDS[stack.pop()]


def _leave_out(tag: str, at: int, tags: list[str]) -> None:
    """Take away all tags behind a start tag up to its end tag: an element is dropped with what it holds."""
    match = START.fullmatch(tag)
    end = f"</{match[1].lower()}" if match else ""
    for later in range(at + 1, len(tags)):
        tag, tags[later] = tags[later], _GONE
        if tag[:1] != "<":
            raise Doubtful
        if tag[: len(end)].lower() == end and tag[len(end) :][:1] in "/ \t\n":
            return
    raise Doubtful


def _text(text: str) -> str:
    """Give text with its entities resolved, and escaped again where it must be."""
    for reference, quote in _QUOTES:
        text = text.replace(reference, quote)
    if _UNWRITTEN.search(text) is None:
        return text
    try:
        return _REFERENCE.sub(_resolved, text)
    except LookupError:
        if "&#" in text and is_far(text):
            raise Doubtful from None
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


_PLAIN_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]*+)", re.ASCII)


@lru_cache(maxsize=512)
def _gap(name: str) -> str | None:
    """Give what a tag leaves in plain text; None for one whose content is no text."""
    name = name.lower()
    return None if name in DROPPED else " " if name in BREAKS else ""


def text_of(html: str) -> str | None:
    """Give the text of a fragment, a space for each break, entities as they are; None in doubt."""
    pieces = _cut(html)
    if pieces is None:
        return None
    for at in range(1, len(pieces), 2):
        tag = pieces[at]
        match = _PLAIN_TAG.match(tag)
        if match is None or (match.end() != len(tag) and START.fullmatch(tag) is None):
            return None
        gap = _gap(match[1]) if match.end() <= _CACHED else ""
        if gap is None:
            return None
        pieces[at] = gap
    return "".join(pieces)
