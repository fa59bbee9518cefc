"""What a page says about itself, gathered once and read by every witness."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from daily8.news.extract.linked import Node, address, article_node, linked_nodes, reference, several, string
from daily8.news.references import unescape
from daily8.news.tree import elements, squeeze, text_of
from daily8.news.types import Entry
from daily8.news.urls import absolute

LONGEST_META = 5_000
LONGEST_NAMES = 200
_UNREAD = ("script", "style", "template", "svg", "select", "textarea", "datalist", "canvas")
"""Elements whose content nobody reads once the linked data is."""
_PROPERTIES = frozenset({"datePublished", "dateModified", "image"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """A page's tree and its statements; ``meta`` holds names in lower case, values in document order."""

    tree: HtmlElement
    url: str | None
    base: str | None
    entry: Entry | None
    meta: dict[str, list[str]]
    nodes: list[Node]
    article: Node
    """The JSON-LD object that describes the article; empty where there is none."""
    headings: list[HtmlElement] = field(default_factory=list)
    """Every ``h1``."""
    links: dict[str, list[str]] = field(default_factory=dict)
    """Addresses of ``link`` elements by their relation."""
    properties: dict[str, list[str]] = field(default_factory=dict)
    """Microdata: dates and images."""

    def said(self, *names: str) -> str | None:
        """Give the first value of the first of these meta names that has one."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value:
                    return value
        return None

    def site_names(self) -> set[str]:
        """Give what the publisher calls itself, case folded, and its host."""
        names = {self.said("og:site_name"), self.said("application-name"), self.said("publisher")}
        for node in (self.article, *(n for n in self.nodes if "publisher" in n)):
            names |= {string(value) for value in reference(node.get("publisher"), self.nodes)}
        if self.url and "//" in self.url:
            host = self.url.split("/")[2].split(":")[0].removeprefix("www.")
            names |= {host, host.split(".")[0]}
        return {name.casefold() for name in names if name}


def gather(tree: HtmlElement, url: str | None, entry: Entry | None) -> Evidence:
    """Read a page's meta elements, JSON-LD and headings; what holds no text is taken out of the tree."""
    meta: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = element.get("content")
        if not content:
            continue
        stated = " ".join(v for n in ("property", "name", "itemprop") if (v := element.get(n)))
        if not stated or len(stated) > LONGEST_NAMES:
            continue
        value = squeeze(unescape(content[:LONGEST_META]))
        for name in dict.fromkeys(stated.lower().split()):  # RDFa: several names, parted by white space
            meta.setdefault(name, []).append(value)
    url = url or (entry.url if entry else None)
    bases = (href for tag in tree.iter("base") if (href := tag.get("href")))
    stated_base = next(bases, None)
    base = absolute(stated_base, url) if stated_base else None
    links = _links(tree)
    nodes = linked_nodes(tree)
    etree.strip_elements(tree, *_UNREAD, with_tail=False)
    headings = list(tree.iter("h1"))
    titles = {text_of(h).casefold() for h in headings} | {t.casefold() for t in meta.get("og:title", [])}
    if entry and entry.title:
        titles.add(entry.title.casefold())
    own = {url, *meta.get("og:url", []), *links.get("canonical", [])}
    addresses = {a.split("#")[0].rstrip("/") for a in own if a}
    return Evidence(
        tree=tree,
        url=url,
        base=base or url,
        entry=entry,
        meta=meta,
        nodes=nodes,
        article=article_node(nodes, titles, addresses) or {},
        headings=headings,
        properties=_microdata(tree),
        links=links,
    )


def _links(tree: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for link in tree.iter("link"):
        rel, href = link.get("rel"), link.get("href")
        if rel and href:
            for name in rel.lower().split()[:5]:
                found.setdefault(name, []).append(href)
    return found


def _microdata(tree: HtmlElement) -> dict[str, list[str]]:
    """Give the values of microdata properties (HTML, section 5.2.4), plain text, in document order."""
    values: dict[str, list[str]] = {}
    for element in elements(tree, "//*[@itemprop]"):
        name = element.get("itemprop") or ""
        if name in _PROPERTIES:
            stated = (
                element.get("content") or element.get("datetime") or element.get("href") or element.get("src")
            )
            value = squeeze(stated) or text_of(element)
            if value:
                values.setdefault(name, []).append(value)
    return values


__all__ = ["Evidence", "address", "gather", "several", "string"]
