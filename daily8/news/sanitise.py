"""Make strangers' HTML fit to stand on our pages.

`nh3` (ammonia over html5ever) is the judge. Before it stands a linear normaliser, because html5ever needs
quadratic time for deep or misnested trees: it writes the fragment anew with allowed tags only, well nested,
at most `MAX_DEPTH` deep. Nothing here relies on it for safety, only for time.
"""

from __future__ import annotations

import html as entities
import re
from collections import Counter
from dataclasses import dataclass, field

import nh3

from daily8.news import urls

POLICY_VERSION = 1
"""Rises whenever something that was let through no longer is: stored HTML below it is sanitised again."""

MAX_LENGTH = 512 * 1024
"""Characters; what is beyond is cut off."""
MAX_DEPTH = 256
"""Open elements; deeper ones vanish and their text stays."""
MAX_FORMATTING = 16
"""Open formatting elements; browsers reopen them in each block, which multiplies a document's size."""

_VOID = frozenset({"br", "hr", "img", "source", "wbr"})
_FORMATTING = frozenset({"a", "b", "code", "em", "i", "s", "small", "strong", "u"})
_INLINE = frozenset(
    {
        *("a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "em", "i", "kbd", "mark", "q", "s", "small"),
        *("span", "strong", "sub", "sup", "time", "u"),
    }
)
_TABLE = frozenset({"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"})
_BLOCKS = frozenset(
    {
        *("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "pre"),
        *("figure", "figcaption", "hr", "div", "section", "article", "aside", "details", "summary"),
    }
)
_HEADS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MEDIA = frozenset({"img", "audio", "video", "source"})
_RICH = _INLINE | _TABLE | _BLOCKS | _MEDIA | {"wbr", "ins", "del", "samp", "var", "dfn", "ruby", "rt", "rp"}
# Blocks of pages that mean no more to us than a division.
_RENAMED = dict.fromkeys(
    (
        "address",
        "body",
        "center",
        "dialog",
        "dir",
        "fieldset",
        "footer",
        "form",
        "header",
        "hgroup",
        "legend",
    ),
    "div",
) | {"main": "div", "nav": "div", "strike": "s", "tt": "code", "listing": "pre"}
_BREAKS = _BLOCKS | _TABLE | {"br", "option"} | {k for k, v in _RENAMED.items() if v in _BLOCKS}

_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "noframes", "noembed"})
_DROPPED = _RAW | {
    *("applet", "canvas", "embed", "frameset", "head", "iframe", "math", "noscript", "object", "select"),
    *("svg", "template"),
}

_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"dir", "lang"},
    "a": {"href", "hreflang", "title"},
    "abbr": {"title"},
    "audio": {"src"},
    "del": {"datetime"},
    "img": {"src", "alt", "title", "width", "height"},
    "ins": {"datetime"},
    "li": {"value"},
    "ol": {"start", "reversed"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "video": {"src", "poster", "width", "height"},
}
_NUMBERS = frozenset({"width", "height", "value", "start", "colspan", "rowspan"})
_NUMBER = re.compile(r"-?[0-9]{1,5}")
_LANGUAGE = re.compile(r"[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8}){0,5}")
_MAIL = re.compile(r"mailto:[^\s<>\"'&?@:]{1,64}@[A-Za-z0-9.\-]{1,253}", re.IGNORECASE)

_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_START = re.compile(
    r"<([A-Za-z][^\s/>]*+)"
    r"((?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+)*+)"
    r"[\s/]*+>"
)
_ATTRIBUTE = re.compile(r"[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]*+)))?+")
_END = re.compile(r"</([A-Za-z][^\s/>]*+)[^>]*+>")
_CLOSERS = {name: re.compile(rf"</{name}(?=[\s/>])[^>]*+>", re.IGNORECASE) for name in _DROPPED}
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)
_PRE = re.compile(r"(<pre[^>]*>)\n+")

_P_SCOPE = _TABLE | {"details", "summary"}
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
            self.formatting -= top in _FORMATTING
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
        if name in _TABLE - {"table"}:
            return self.make_table_room(name)
        if top in {"table", "thead", "tbody", "tfoot", "tr"}:
            return False
        if name in _BLOCKS or name == "table":
            self.close_implied(frozenset({"p"}), _P_SCOPE)
        if name == "li":
            self.close_implied(frozenset({"li"}), _LIST_SCOPE | _TABLE)
        elif name in {"dd", "dt"}:
            self.close_implied(frozenset({"dd", "dt"}), _LIST_SCOPE | _TABLE)
        elif name == "a":
            self.close_implied(frozenset({"a"}), frozenset())
        elif name in _HEADS:
            self.close_implied(_HEADS, _P_SCOPE | _LIST_SCOPE)
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
        while self.stack[-1] not in _TABLE:
            self.pop_to(self.stack[-1])
        return True

    def start(self, name: str, attributes: str) -> None:
        name = _RENAMED.get(name, name)
        if name not in self.allowed:
            if self.spaced and name in _BREAKS:
                self.out.append(" ")
            return
        if not self.make_room(name):
            self.skipped[name] += name not in _VOID
            return
        if name in _VOID:
            self.out.append(f"<{name}{_attributes(name, attributes, self.base)}>")
        elif len(self.stack) >= MAX_DEPTH or (name in _FORMATTING and self.formatting >= MAX_FORMATTING):
            self.skipped[name] += 1
        else:
            self.out.append(f"<{name}{_attributes(name, attributes, self.base)}>")
            self.stack.append(name)
            self.open[name] += 1
            self.formatting += name in _FORMATTING

    def end(self, name: str) -> None:
        name = _RENAMED.get(name, name)
        if name not in self.allowed:
            if self.spaced and name in _BREAKS:
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
            if top in {"td", "th", "caption"} and name not in _TABLE:
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
    wanted = _ATTRIBUTES["*"] | _ATTRIBUTES.get(name, set())
    found: dict[str, str | None] = {}
    for match in _ATTRIBUTE.finditer(text):
        key = match[1].lower()
        if key in wanted and key not in found:
            raw = match[2] or match[3] or match[4] or ""
            found[key] = _value(name, key, entities.unescape(raw) if "&" in raw else raw, base)
    return "".join(f' {key}="{entities.escape(value)}"' for key, value in found.items() if value is not None)


def _value(tag: str, name: str, value: str, base: str | None) -> str | None:
    """Give the value of an attribute as it may stand, or None."""
    if len(value) > urls.MAX_LENGTH:
        return None
    if name in {"href", "src", "poster"}:
        if tag == "a" and _MAIL.fullmatch(value.strip()):
            return value.strip()
        return urls.absolute(value, base)
    if name in _NUMBERS:
        return value if _NUMBER.fullmatch(value) else None
    if name == "dir":
        return value.lower() if value.lower() in {"ltr", "rtl", "auto"} else None
    if name in {"lang", "hreflang"}:
        return value if _LANGUAGE.fullmatch(value) else None
    return _BAD.sub("", value)


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
            if name in _DROPPED:
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
        clean_content_tags=set(_DROPPED),
        attributes={tag: names for tag, names in _ATTRIBUTES.items() if tag == "*" or tag in allowed},
        link_rel="noopener noreferrer nofollow ugc",
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
    )


_RICH_JUDGE = _judge(_RICH)
_INLINE_JUDGE = _judge(_INLINE)


def _cleaned(html: str, judge: nh3.Cleaner) -> str:
    return _PRE.sub(r"\1", _BAD.sub("", judge.clean(html).replace("\r", "\n")))


# Tags whose attributes `_value` would all leave as they are; the search is for one of which that is not sure.
_CLEAN_URL = (
    r"https?://(?!-)(?:[a-z0-9-]{1,40}\.){1,4}[a-z0-9-]{2,40}"
    r"(?:[/?#](?!\.)(?:[A-Za-z0-9._~!$()*+,;=:@?#-]|/(?!\.)|&amp;){0,200})?"
)
_OTHERS = "|".join(("href", "src", "poster", "dir", "lang", "hreflang", *sorted(_NUMBERS)))
_SETTLED = "|".join(
    (
        rf'(?:href|src|poster)="{_CLEAN_URL}"',
        rf'(?:{"|".join(sorted(_NUMBERS))})="[0-9]{{1,5}}"',
        r'dir="(?:ltr|rtl|auto)"',
        r'(?:lang|hreflang)="[a-z]{2,3}(?:-[A-Z]{2})?"',
        rf'(?!(?:{_OTHERS})[\s=/>])[a-z][a-z-]*+="[^"<>]*+"',
    )
)
_UNSETTLED = re.compile(rf"<[a-z][a-z0-9]*+(?!\s*+/?>)(?!(?:\s++(?:{_SETTLED}))++\s*+/?>)")
_ODD = re.compile(rf"<(?!/?(?:{'|'.join(sorted(_RICH - _TABLE, key=len, reverse=True))})[\s/>])")
_HEAD_TAG = re.compile(r"<(/?)h[1-6]")


def _simple(html: str) -> bool:
    """Say whether html5ever may have a fragment as it is: short, known tags, no heading in a heading."""
    if len(html) > 16384 or html.count("<") > MAX_DEPTH or _ODD.search(html):
        return False
    heads = _HEAD_TAG.findall(html)
    return heads == ["", "/"] * (len(heads) // 2)


def sanitise(html: str, base: str | None = None) -> str:
    """Give the safe part of an HTML fragment: text, blocks, inline marks, links, pictures, media.

    Never script, style, SVG, MathML, frames, forms or templates, nor ``id``, ``class``, ``name``, ``style``.
    Links and sources come out absolute against ``base``, http and https only (links also mailto); relative
    ones are dropped without it. Linear in time; cut at `MAX_LENGTH` characters, flattened at `MAX_DEPTH`
    levels. Idempotent.
    """
    html = _BAD.sub("", html[:MAX_LENGTH])
    if "<" not in html and "&" not in html and ">" not in html:
        return html.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", "&nbsp;")
    if not _simple(html):
        html = _normalised(html, _Writer(_RICH, base))
    elif _UNSETTLED.search(html):
        html = _START.sub(lambda tag: f"<{tag[1]}{_attributes(tag[1], tag[2], base)}>", html)
    return _cleaned(html, _RICH_JUDGE)


def sanitise_inline(html: str, base: str | None = None) -> str:
    """Give the safe inline part of an HTML fragment, as it may stand inside a block of ours.

    As `sanitise`, with inline marks and links only; a block tag leaves a space. Idempotent.
    """
    html = _BAD.sub("", html[:MAX_LENGTH])
    if "<" not in html and "&" not in html and ">" not in html:
        return html.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", "&nbsp;")
    return _cleaned(_normalised(html, _Writer(_INLINE, base, spaced=True)), _INLINE_JUDGE)


def plain(html: str) -> str:
    """Give the visible text of an HTML fragment: entities resolved, white space folded to single spaces."""
    text = html[:MAX_LENGTH]
    if "<" in text:
        text = _normalised(text, _Writer(frozenset(), spaced=True))
    if "&" in text:
        text = entities.unescape(text)
    return " ".join(_BAD.sub("", text).split())
