"""Pages as trees: parsing that survives anything, and the few looks at a tree that all witnesses share."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

LONGEST_PAGE = 6_000_000
"""Characters; what stands behind them is not read."""
LONG_PAGE, LONGEST_MARK = 300_000, 2_000
"""In pages longer than the one, classes, ids and styles longer than the other are dropped."""
MOST_TAGS = 50_000
"""What stands behind so many tags is not read; the fullest real pages have half as many."""
DEEPEST = 120
"""Nesting kept in a page that is nested beyond what libxml2 reads (256)."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)([^>]*)(?:>|$)")
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9:-]*+")
_LONG = 8_192
_MOST_ATTRIBUTES = 1_000
_CONTROLS = bytes(n for n in range(32) if n not in b"\t\n\r") + b"\x7f"
_NO_CHARACTERS = re.compile(b"\xef\xbf[\xbe\xbf]")
_NO_REFERENCE = re.compile(
    rb"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01]|6553[45])(?![0-9])"
    rb"|[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]|[fF]{3}[eEfF])(?![0-9a-fA-F]));?"
)
"""To what is no character of XML: libxml2 reads it from a page, and refuses it where a text is copied."""
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffd\ue000-\uf8ff\ufffe\uffff]")
_LEAVES = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_INLINE = frozenset(
    {"b", "i", "em", "strong", "span", "font", "u", "small", "big", "sub", "sup", "mark", "code"}
)


def parse(page: str) -> HtmlElement | None:
    """Parse a page; nesting beyond the parser's reach is flattened and its text kept.

    Gives ``None`` where there is nothing to parse. Never raises for what the page holds.
    """
    text = page[:LONGEST_PAGE]
    pieces = text.split("<")
    if max(map(len, pieces)) > _LONG:
        text = "<".join(_fewer(piece) if len(piece) > _LONG else piece for piece in pieces)
    if not text.strip():
        return None
    if text.count("<") > MOST_TAGS:
        text = _bounded(flatten(text))
    tree, deep = _read(text)
    if deep:
        tree, _ = _read(flatten(text))
    if tree is not None and len(text) > LONG_PAGE:
        _shorten(tree)
    return tree


def _shorten(tree: HtmlElement) -> None:
    names = ("class", "id", "style")
    for element in elements(
        tree, f"//*[{' or '.join(f'string-length(@{n}) > {LONGEST_MARK}' for n in names)}]"
    ):
        for name in names:
            if len(element.get(name, "")) > LONGEST_MARK:
                del element.attrib[name]


def _fewer(piece: str) -> str:
    """Drop the attributes of a tag that has more than any page needs: each is compared with all before it."""
    end = piece.find(">")
    name = _NAME.match(piece)
    if name is None or end <= _LONG or piece.count("=", 0, end) <= _MOST_ATTRIBUTES:
        return piece
    return name[0] + piece[end:]


def is_binary(text: str) -> bool:
    """Tell whether decoded text was never text: more than one in fifty of its characters are none."""
    sample = text[:20_000]
    return len(_NO_TEXT.findall(sample)) > 0.02 * len(sample)


def _bounded(text: str) -> str:
    if text.count("<") <= MOST_TAGS:
        return text
    last = next(islice(re.finditer("<", text), MOST_TAGS, None))
    return text[: last.start()]


def _read(text: str) -> tuple[HtmlElement | None, bool]:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    # lxml.html's own look-up asks Python for the class of each element that is touched.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    data = text.encode("utf-8", "replace").translate(None, _CONTROLS)
    if b"\xef\xbf\xbe" in data or b"\xef\xbf\xbf" in data:
        data = _NO_CHARACTERS.sub(b"", data)
    data = _NO_REFERENCE.sub(b" ", data)
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        root = None
    deep = any("Excessive depth" in entry.message for entry in parser.error_log)
    return (root if isinstance(root, HtmlElement) else None), deep


def flatten(text: str) -> str:
    """Take out the tags that stand deeper than `DEEPEST`, leaving their text and a break between blocks."""
    open_tags: list[str] = []
    counts: Counter[str] = Counter()
    leaf = ""
    out: list[str] = [""]
    at = 0
    for tag in _TAG.finditer(text):
        out.append(text[at : tag.start()])
        at = tag.end()
        name = tag.group(2).lower()
        if name in _VOID or name in {"html", "head", "body"}:
            out.append(tag.group(0))
        elif tag.group(1) and name == leaf:
            out.append(f"</{leaf}>")
            leaf = ""
        elif tag.group(1) and counts[name] > 0:
            out.append(_close(name, open_tags, counts))
        elif not tag.group(1) and len(open_tags) < DEEPEST:
            open_tags.append(name)
            counts[name] += 1
            out.append(tag.group(0))
        elif not tag.group(1) and name in _LEAVES and not leaf:
            leaf = name
            out.append(f"<{name}>")
        elif name not in _INLINE:
            _part(out)
    out.append(text[at:])
    return "".join(out)


def _part(out: list[str]) -> None:
    """Write a break, if there is text since the last one."""
    if not out[-1].strip() and (len(out) < 2 or out[-2] == "<br>"):
        out.pop()
        return
    out.append("<br>")


def _close(name: str, open_tags: list[str], counts: Counter[str]) -> str:
    while open_tags:
        last = open_tags.pop()
        counts[last] -= 1
        if last == name:
            break
    return f"</{name}>"


def squeeze(text: str | None) -> str:
    """Collapse white space of every kind to single spaces."""
    return " ".join(text.split()) if text else ""


def text_of(element: HtmlElement) -> str:
    """Give an element's text, white space collapsed."""
    return squeeze("".join(element.itertext()))


def first(tree: HtmlElement, path: str) -> HtmlElement | None:
    """Give the first element that an XPath finds."""
    found = tree.xpath(path)
    return found[0] if isinstance(found, list) and found and isinstance(found[0], HtmlElement) else None


def elements(tree: HtmlElement, path: str) -> list[HtmlElement]:
    """Give the elements that an XPath finds."""
    found = tree.xpath(path)
    return [e for e in found if isinstance(e, HtmlElement)] if isinstance(found, list) else []
