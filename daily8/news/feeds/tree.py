"""Read a tree of XML by short names: `{http://purl.org/dc/elements/1.1/}creator` is `dc:creator`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape

from lxml import etree

from daily8.news import urls
from daily8.news.feeds.mend import NAMESPACES, bare, bounded, flattened, mended, modern
from daily8.news.references import unescape

_XML = "{http://www.w3.org/XML/1998/namespace}"
BASE = f"{_XML}base"
LANG = f"{_XML}lang"
ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


def _bare(uri: str) -> str:
    """Give a namespace without what publishers write in many ways: case, scheme, the last slash."""
    uri = uri.strip().lower()
    return (uri.partition("://")[2] or uri).removeprefix("www.").rstrip("/#")


# Other names of the known namespaces; an empty prefix is that of RSS and of sitemaps.
_OTHER_NAMES = {
    "atom": (
        *("http://purl.org/atom/ns", "http://example.com/newformat", "http://example.com/necho"),
        *("http://purl.org/echo", "uri/of/echo/namespace", "http://purl.org/pie"),
        "http://www.w3.org/2005/Atom/",
    ),
    "": (
        *("http://purl.org/rss/1.0", "http://purl.org/net/rss1.1", "http://purl.org/rss/2.0"),
        *("http://my.netscape.com/rdf/simple/0.9", "http://channel.netscape.com/rdf/simple/0.9"),
        *("http://backend.userland.com/rss", "http://backend.userland.com/rss2"),
        *("http://backend.userland.com/rss091", "http://blogs.law.harvard.edu/tech/rss"),
        *("http://cyber.law.harvard.edu/rss/rss.html", "http://www.rssboard.org/rss-specification"),
        *("http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.google.com/schemas/sitemap/0.84"),
        "http://www.google.com/schemas/sitemap/0.9",
    ),
    "media": ("http://www.rssboard.org/media-rss", "http://video.search.yahoo.com/mrss"),
    "itunes": ("http://example.com/dtds/podcast-1.0.dtd",),
    "dc": ("http://purl.org/dc/elements/1.0",),
    "content": ("http://purl.org/rss/1.0/modules/content/encoded",),
    "podcast": ("https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",),
    "yt": ("http://gdata.youtube.com/schemas/2007",),
}
_ALIASES = {_bare(uri): prefix for prefix, uri in NAMESPACES.items()} | {
    _bare(uri): prefix for prefix, uris in _OTHER_NAMES.items() for uri in uris
}
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
_URL_ATTRIBUTES = frozenset({"href", "src", "poster", "cite"})


@lru_cache(maxsize=8192)
def short(tag: str) -> str:
    """Give the short name of a tag: known prefix and local name in lower case; none for RSS and sitemaps."""
    uri, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    local = local.lower()
    if uri:
        prefix = _ALIASES.get(_bare(uri))
        if prefix is None and uri.startswith("http://backend.userland.com/rss"):
            prefix = ""
        if prefix is None:
            prefix = uri.rpartition(":")[2] if uri.startswith("urn:prefix:") else "?"
        return f"{prefix}:{local}" if prefix else local
    return local


def parse(text: str) -> etree._Element | None:
    """Parse a document strictly, mended where it must be; give its root, or None."""
    text = bare(text)
    data = text.encode("utf-8", "replace")
    if (better := modern(text, data)) is not text:
        text, data = better, better.encode("utf-8", "replace")
    root, error = _strict(data)
    if root is None:
        text = mended(bounded(text))
        root, error = _strict(text.encode("utf-8", "replace"))
    if root is None and "depth" in error:
        root, error = _strict(flattened(text).encode("utf-8", "replace"))
    return root


def recovered(text: str) -> etree._Element | None:
    """Parse what can be parsed of a broken document."""
    text = bare(text)
    text = flattened(mended(bounded(modern(text, text.encode("utf-8", "replace")))))
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), _parser(recover=True))
    except etree.XMLSyntaxError:
        return None


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        collect_ids=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _strict(data: bytes) -> tuple[etree._Element | None, str]:
    try:
        return etree.fromstring(data, _parser(recover=False)), ""
    except etree.XMLSyntaxError as error:
        return None, str(error).lower()


def children(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Walk over the child elements with their short names."""
    for child in element:
        if isinstance(tag := child.tag, str):
            yield short(tag), child


def text_of(element: etree._Element | None) -> str:
    """Give all text inside an element, stripped."""
    if element is None:
        return ""
    if len(element) == 0:
        text: str | None = element.text
        return text.strip() if text else ""
    parts = [element.text or ""]
    for node in element.iterdescendants():
        if node.tag is etree.Entity:
            parts.append(unescape(node.text or ""))
        elif isinstance(node.tag, str):
            parts.append(node.text or "")
        parts.append(node.tail or "")
    return "".join(parts).strip()


def base_of(element: etree._Element, document: str | None) -> str | None:
    """Give the base address at an element: its ``xml:base`` and those above it, then the document's own."""
    found: list[str] = []
    node: etree._Element | None = element
    while node is not None:
        if (own := node.get(BASE)) is not None:
            found.append(own)
        node = node.getparent()
    base = document
    for reference in reversed(found):
        base = urls.absolute(reference, base) or base
    return base


def language_of(element: etree._Element) -> str | None:
    """Give the language at an element by the nearest ``xml:lang``; an empty one means none."""
    node: etree._Element | None = element
    while node is not None:
        if (own := node.get(LANG)) is not None:
            return language(own)
        node = node.getparent()
    return None


def language(tag: str | None) -> str | None:
    """Give a language tag as BCP 47 writes it: hyphens, no blanks; None for what is none."""
    if not tag:
        return None
    clean = tag.strip().replace("_", "-")
    return clean if _LANGUAGE.fullmatch(clean) else None


def has_base(element: etree._Element) -> bool:
    """Say whether any ``xml:base`` holds at an element."""
    node: etree._Element | None = element
    while node is not None:
        if node.get(BASE) is not None:
            return True
        node = node.getparent()
    return False


def markup_of(element: etree._Element, base: str | None) -> str:
    """Give the children of an element as HTML text, addresses resolved against the base at each.

    A single ``div`` around all is no part of the content (RFC 4287 section 3.1.1.3).
    """
    if len(element) == 1 and not (element.text or "").strip():
        only = element[0]
        if short(only.tag).rpartition(":")[2] == "div":
            base = urls.absolute(only.get(BASE), base) or base
            element = only
    out: list[str] = [escape(element.text or "", quote=False)]
    _write(element, base, out)
    return "".join(out).strip()


def _attributes(element: etree._Element) -> list[tuple[str, str]]:
    return [(str(key), str(value)) for key, value in element.attrib.items() if not str(key).startswith("{")]


def _write(parent: etree._Element, base: str | None, out: list[str]) -> None:
    for node in parent:
        if isinstance(node.tag, str):
            name = re.sub(r"[^A-Za-z0-9-]", "", node.tag.rpartition("}")[2])
            own = node.get(BASE)
            inner = base if own is None else urls.absolute(own, base) or base
            out.append(f"<{name}")
            for key, value in _attributes(node):
                if inner is not None and key in _URL_ATTRIBUTES:
                    value = urls.absolute(value, inner) or value
                out.append(f' {key}="{escape(value)}"')
            out.append(">")
            if name.lower() not in _VOID:
                out.append(escape(node.text or "", quote=False))
                _write(node, inner, out)
                out.append(f"</{name}>")
        elif node.tag is etree.Entity:
            out.append(node.text or "")
        out.append(escape(node.tail or "", quote=False))
