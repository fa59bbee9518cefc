"""Bodies that a page writes in code: tags as text (``&lt;p&gt;``) or as in an address (``%3Cp%3E``)."""

from __future__ import annotations

import re
from urllib.parse import unquote

from lxml import html
from lxml.etree import ParserError
from lxml.html import HtmlElement

_ADDRESS = re.compile(
    r"%3C/?(?:p|br|div|h[1-6]|blockquote|ul|ol|li|strong|em)(?:%20[^<>]{0,200}?)?(?:/|%2F)?%3E", re.IGNORECASE
)
_TAGS = re.compile(r"<(p|div|blockquote|h[1-6]|li)(?: [^<>]{0,200})?>", re.IGNORECASE)
_OURS = re.compile(r"</(p|div|blockquote|h[1-6]|li)>", re.IGNORECASE)
_LITERAL = frozenset(
    {"pre", "code", "script", "style", "textarea", "noscript", "title", "template", "kbd", "samp"}
)
MOST = 400_000
"""Characters of one text; a longer one stays as it is."""


_SIGN = re.compile(r"(?:%3C|&lt;|&#60;|&#x3c;)/?(?:p|br|div|blockquote|h[1-6]|li)\b", re.IGNORECASE)


def is_coded(page: str) -> bool:
    """Tell whether a page may hold mark-up as text, before its tree is looked through."""
    return bool(_SIGN.search(page))


def uncode(tree: HtmlElement) -> None:
    """Write out, in the tree itself, the mark-up that stands in it as text; code that is shown stays."""
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.tag in _LITERAL or not element.text:
            continue
        if any(above.tag in _LITERAL for above in element.iterancestors()):
            continue
        if markup := _markup(element.text):
            try:
                parts = html.fragments_fromstring(markup)
            except (ParserError, ValueError):
                continue
            element.text = ""
            at = 0
            for part in parts:
                if isinstance(part, str):
                    element.text += part
                else:
                    element.insert(at, part)
                    at += 1


def _markup(text: str) -> str:
    if len(text) > MOST:
        return ""
    if "%3" in text and _ADDRESS.search(text):
        text = unquote(text, errors="replace")
        return text if _TAGS.search(text) or "<br" in text.lower() else ""
    return text if "<" in text and _TAGS.search(text) and _OURS.search(text) else ""
