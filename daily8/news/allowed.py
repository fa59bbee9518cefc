"""What may stand in HTML of ours: names, attributes, values. Both writers and the judge go by this list."""

from __future__ import annotations

import re

from daily8.news import urls

MAX_DEPTH = 256
"""Open elements; deeper ones vanish and their text stays."""
MAX_FORMATTING = 16
"""Open formatting elements; browsers reopen them in each block, which multiplies a document's size."""

VOID = frozenset({"br", "hr", "img", "source", "wbr"})
FORMATTING = frozenset({"a", "b", "code", "em", "i", "s", "small", "strong", "u"})
INLINE = frozenset(
    {
        *("a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "em", "i", "kbd", "mark", "q", "s", "small"),
        *("span", "strong", "sub", "sup", "time", "u"),
    }
)
TABLE = frozenset({"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"})
BLOCKS = frozenset(
    {
        *("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "pre"),
        *("figure", "figcaption", "hr", "div", "section", "article", "aside", "details", "summary"),
    }
)
HEADS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
MEDIA = frozenset({"img", "audio", "video", "source"})
RICH = INLINE | TABLE | BLOCKS | MEDIA | {"wbr", "ins", "del", "samp", "var", "dfn", "ruby", "rt", "rp"}
# Blocks of pages that mean no more to us than a division.
RENAMED = dict.fromkeys(
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
BREAKS = BLOCKS | TABLE | {"br", "option"} | {k for k, v in RENAMED.items() if v in BLOCKS}

RAW = frozenset({"script", "style", "textarea", "title", "xmp", "noframes", "noembed"})
DROPPED = RAW | {
    *("applet", "canvas", "embed", "frameset", "head", "iframe", "math", "noscript", "object", "select"),
    *("svg", "template"),
}

ATTRIBUTES: dict[str, set[str]] = {
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
NUMBERS = frozenset({"width", "height", "value", "start", "colspan", "rowspan"})
NUMBER = re.compile(r"-?[0-9]{1,5}")
LANGUAGE = re.compile(r"[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8}){0,5}")
MAIL = re.compile(r"mailto:[^\s<>\"'&?@:]{1,64}@[A-Za-z0-9.\-]{1,253}", re.IGNORECASE)

REL = "noopener noreferrer nofollow ugc"
"""Of each link."""

BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_CONTROLS = bytes({*range(32), 127} - {9, 10, 13})


def legal(text: str) -> str:
    """Drop the characters that no text has: controls, surrogates, what Unicode never assigns."""
    if text.isprintable():
        return text
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        return BAD.sub("", text)
    # Looking through bytes is ten times as fast as a search among all characters.
    if len(raw.translate(None, _CONTROLS)) == len(raw) and (
        len(raw) == len(text) or b"\xef" not in raw or not (b"\xef\xb7" in raw or b"\xef\xbf" in raw)
    ):
        return text
    return BAD.sub("", text)


def value_of(tag: str, name: str, value: str, base: str | None) -> str | None:
    """Give the value of an attribute as it may stand, or None."""
    if len(value) > urls.MAX_LENGTH:
        return None
    if name in {"href", "src", "poster"}:
        if tag == "a" and MAIL.fullmatch(value.strip()):
            return value.strip()
        return urls.absolute(value, base)
    if name in NUMBERS:
        return value if NUMBER.fullmatch(value) else None
    if name == "dir":
        return value.lower() if value.lower() in {"ltr", "rtl", "auto"} else None
    if name in {"lang", "hreflang"}:
        return value if LANGUAGE.fullmatch(value) else None
    return legal(value)
