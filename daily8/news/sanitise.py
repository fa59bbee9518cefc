"""Make strangers' HTML fit to stand on our pages.

What is well-formed beyond doubt is written anew by `daily8.news.wellformed`. Of all else `nh3` (ammonia over
html5ever) is the judge. Before it stands a linear normaliser, because html5ever needs quadratic time for deep
or misnested trees: it writes the fragment anew with allowed tags only, well nested, at most `MAX_DEPTH` deep.
Nothing here relies on that one for safety, only for time.
"""

from __future__ import annotations

import html as entities
import re
from collections import Counter
from dataclasses import dataclass, field

import nh3

from daily8.news import wellformed
from daily8.news.allowed import (
    ATTRIBUTES,
    BLOCKS,
    BREAKS,
    DROPPED,
    FORMATTING,
    HEADS,
    INLINE,
    MAX_DEPTH,
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

POLICY_VERSION = 1
"""Rises whenever something that was let through no longer is: stored HTML below it is sanitised again."""

MAX_LENGTH = 512 * 1024
"""Characters; what is beyond is cut off."""
_START = re.compile(
    r"<([A-Za-z][^\s/>]*+)"
    r"((?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+)*+)"
    r"[\s/]*+>"
)
_ATTRIBUTE = re.compile(r"[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]*+)))?+")
_END = re.compile(r"</([A-Za-z][^\s/>]*+)[^>]*+>")
_CLOSERS = {name: re.compile(rf"</{name}(?=[\s/>])[^>]*+>", re.IGNORECASE) for name in DROPPED}
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)
_PRE = re.compile(r"(<pre[^>]*>)\n+")

_P_SCOPE = TABLE | {"details", "summary"}
_LIST_SCOPE = frozenset({"ul", "ol", "dl", "blockquote", "figure", "section", "article", "aside", "details"})


@dataclass(slots=True)
class _Writer:
    """The open elements of a fragment that is being written anew."""

    allowed: frozenset[str]
    base: str | None = None
    spaced: bool = False
    """Whether a block tag that is not allowed leaves a space."""
    out: list[str] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    open: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    formatting: int = 0

    def text(self, text: str) -> None:
        self.out.append(text)

    def pop_to(self, name: str) -> None:
        while True:
            top = self.stack.pop()
            self.open[top] -= 1
            self.formatting -= top in FORMATTING
            self.out.append(f"</{top}>")
            if top == name:
                return

    def close_implied(self, names: frozenset[str], scope: frozenset[str]) -> None:
        """Close the nearest of the named elements that is open, if no element of the scope lies nearer."""
        if not any(self.open[name] for name in names):
            return
        for top in reversed(self.stack):
            if top in names:
                self.pop_to(top)
                return
            if top in scope:
                return

    def make_room(self, name: str) -> bool:
        """Close what a start tag closes by itself (HTML 13.2.6.4.7); say whether the tag may stand here."""
        top = self.stack[-1] if self.stack else ""
        if name in TABLE - {"table"}:
            return self.make_table_room(name)
        if top in {"table", "thead", "tbody", "tfoot", "tr"}:
            return False
        if name in BLOCKS or name == "table":
            self.close_implied(frozenset({"p"}), _P_SCOPE)
        if name == "li":
            self.close_implied(frozenset({"li"}), _LIST_SCOPE | TABLE)
        elif name in {"dd", "dt"}:
            self.close_implied(frozenset({"dd", "dt"}), _LIST_SCOPE | TABLE)
        elif name == "a":
            self.close_implied(frozenset({"a"}), frozenset())
        elif name in HEADS:
            self.close_implied(HEADS, _P_SCOPE | _LIST_SCOPE)
        return True

    def make_table_room(self, name: str) -> bool:
        if not self.open["table"]:
            return False
        table = frozenset({"table"})
        if name in {"td", "th"}:
            self.close_implied(frozenset({"td", "th", "caption"}), table | {"tr"})
        elif name == "tr":
            self.close_implied(frozenset({"tr", "caption"}), table)
        else:
            self.close_implied(frozenset({"caption", "thead", "tbody", "tfoot"}), table)
        while self.stack[-1] not in TABLE:
            self.pop_to(self.stack[-1])
        return True

    def start(self, name: str, attributes: str) -> None:
        name = RENAMED.get(name, name)
        if name not in self.allowed:
            if self.spaced and name in BREAKS:
                self.out.append(" ")
            return
        if not self.make_room(name):
            self.skipped[name] += name not in VOID
            return
        if name in VOID:
            self.out.append(f"<{name}{_attributes(name, attributes, self.base)}>")
        elif len(self.stack) >= MAX_DEPTH or (name in FORMATTING and self.formatting >= MAX_FORMATTING):
            self.skipped[name] += 1
        else:
            self.out.append(f"<{name}{_attributes(name, attributes, self.base)}>")
            self.stack.append(name)
            self.open[name] += 1
            self.formatting += name in FORMATTING

    def end(self, name: str) -> None:
        name = RENAMED.get(name, name)
        if name not in self.allowed:
            if self.spaced and name in BREAKS:
                self.out.append(" ")
        elif self.skipped[name]:
            self.skipped[name] -= 1
        elif self.open[name] and self.reachable(name):
            self.pop_to(name)

    def reachable(self, name: str) -> bool:
        """Say whether an end tag may close its element: inside a cell it closes nothing outside of it."""
        for top in reversed(self.stack):
            if top == name:
                return True
            if top in {"td", "th", "caption"} and name not in TABLE:
                return False
        return False

    def finish(self) -> str:
        if self.stack:
            self.pop_to(self.stack[0]) if len(self.stack) == 1 else self._pop_all()
        return "".join(self.out)

    def _pop_all(self) -> None:
        while self.stack:
            self.pop_to(self.stack[-1])


def _attributes(name: str, text: str, base: str | None) -> str:
    wanted = ATTRIBUTES["*"] | ATTRIBUTES.get(name, set())
    found: dict[str, str | None] = {}
    for match in _ATTRIBUTE.finditer(text):
        key = match[1].lower()
        if key in wanted and key not in found:
            raw = match[2] or match[3] or match[4] or ""
            found[key] = value_of(name, key, unescape(raw) if "&" in raw else raw, base)
    return "".join(f' {key}="{entities.escape(value)}"' for key, value in found.items() if value is not None)


def _normalised(html: str, writer: _Writer) -> str:
    """Write a fragment anew in linear time: allowed tags and values only, well nested, within the depth."""
    hopeless: set[str] = set()
    at, last = 0, html.rfind(">")
    while (less := html.find("<", at)) != -1 and less < last:
        writer.text(html[at:less])
        after = html[less + 1 : less + 2]
        if after.isascii() and after.isalpha():
            match = _START.match(html, less)
            if match is None:
                at = less
                break
            name, at = match[1].lower(), match.end()
            if name in DROPPED:
                at = _past_content(html, at, name, hopeless)
            else:
                writer.start(name, match[2])
        elif (end := _END.match(html, less)) is not None:
            writer.end(end[1].lower())
            at = end.end()
        elif after in {"!", "?", "/"}:
            at = _past_declaration(html, less, hopeless)
        else:
            writer.text("&lt;")
            at = less + 1
    rest = html[at:].partition("<!--")[0]
    writer.text(rest.replace("<", "&lt;"))
    return writer.finish()


def _past_content(html: str, at: int, name: str, hopeless: set[str]) -> int:
    """Give the place behind the end tag of what is dropped whole; without one, only the start tag is."""
    if name in hopeless:
        return at
    closer = _CLOSERS[name].search(html, at)
    if closer is not None:
        return closer.end()
    if name in {"script", "style"}:
        return len(html)
    hopeless.add(name)
    return at


def _past_declaration(html: str, at: int, hopeless: set[str]) -> int:
    """Give the place behind a comment or a declaration; without its end, a comment is cut at a bracket."""
    if html.startswith("<!--", at) and "<!--" not in hopeless:
        comment = _COMMENT.match(html, at)
        if comment is not None:
            return comment.end()
        hopeless.add("<!--")
    return html.index(">", at) + 1


def _judge(allowed: frozenset[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(allowed),
        clean_content_tags=set(DROPPED),
        attributes={tag: names for tag, names in ATTRIBUTES.items() if tag == "*" or tag in allowed},
        link_rel=REL,
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
    )


_RICH_JUDGE = _judge(RICH)
_INLINE_JUDGE = _judge(INLINE)


def _cleaned(html: str, judge: nh3.Cleaner) -> str:
    return _PRE.sub(r"\1", legal(judge.clean(html).replace("\r", "\n")))


def sanitise(html: str, base: str | None = None) -> str:
    """Give the safe part of an HTML fragment: text, blocks, inline marks, links, pictures, media.

    Never script, style, SVG, MathML, frames, forms or templates, nor ``id``, ``class``, ``name``, ``style``.
    Links and sources come out absolute against ``base``, http and https only (links also mailto); relative
    ones are dropped without it. Linear in time; cut at `MAX_LENGTH` characters, flattened at `MAX_DEPTH`
    levels. Idempotent.
    """
    html = _text(html)
    if "<" not in html and "&" not in html and ">" not in html:
        return html.replace("\xa0", "&nbsp;")
    straight = wellformed.written(html, base)
    if straight is not None:
        return straight
    return _cleaned(_normalised(html, _Writer(RICH, base)), _RICH_JUDGE)


def _text(html: str) -> str:
    html = legal(html[:MAX_LENGTH])
    return html.replace("\r\n", "\n").replace("\r", "\n") if "\r" in html else html


def sanitise_inline(html: str, base: str | None = None) -> str:
    """Give the safe inline part of an HTML fragment, as it may stand inside a block of ours.

    As `sanitise`, with inline marks and links only; a block tag leaves a space. Idempotent.
    """
    html = _text(html)
    if "<" not in html and "&" not in html and ">" not in html:
        return html.replace("\xa0", "&nbsp;")
    return _cleaned(_normalised(html, _Writer(INLINE, base, spaced=True)), _INLINE_JUDGE)


def plain(html: str) -> str:
    """Give the visible text of an HTML fragment: entities resolved, white space folded to single spaces."""
    text = html[:MAX_LENGTH]
    if "<" in text:
        straight = wellformed.text_of(text)
        text = _normalised(text, _Writer(frozenset(), spaced=True)) if straight is None else straight
    if "&" in text:
        text = unescape(text)
    return " ".join(legal(text).split())
