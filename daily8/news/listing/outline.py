"""The links of a page with what surrounds them: read once from its tree, in linear time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from daily8.news.listing.pattern import Trail
from daily8.news.tree import parse, squeeze
from daily8.news.urls import absolute, canonical, host

MOST_LINKS = 3_000
"""Links of a page that are looked at."""
LONGEST_TEXT = 2_000
"""Characters of a link's text that are read."""

_NAVIGATION = frozenset({"nav", "footer"})
_BOXES = frozenset({"form", "dialog"})
"""Navigation where they are small; some sites put their whole page into a form."""
_WHOLE = frozenset({"html", "body", "main", "article"})
_ROLES = frozenset({"navigation", "contentinfo", "banner", "menu", "menubar", "search", "dialog"})
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|submenu|mega-?menu|breadcrumbs?|pagination|pager|footer|sitemap|"
    r"social|share|sharing|cookies?|login|tags?|tag-?cloud|author-?bio|sub-?nav|toolbar|skip-?links?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:aside|sidebar|related|trending|most-?(?:read|viewed|popular)|promo|sponsored|advert\w*|ads?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ASSET = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|avif|css|js|json|xml|rss|pdf|docx?|xlsx?|zip|mp3|mp4|m4a|apk|ics|ico)$",
    re.IGNORECASE,
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_APART = frozenset({"div", "p", "li", "br", "time", "figure", "figcaption", "section", *_HEADINGS})
_UNREAD = frozenset({"script", "style", "template", "noscript", "svg", "head"})
_ARABIC = re.compile("[\u0590-\u08ff\ufb1d-\ufefc]")
_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_LISTS = """
    tag tags topic topics category categories cat author authors profile profiles contributor contributors
    writer writers user users members search login signin sign-in signup register subscribe subscription
    subscriptions account contact contact-us contactus about about-us aboutus privacy privacy-policy terms
    terms-of-use terms-of-service page feed feeds rss sitemap jobs careers advertise advertising newsletter
    newsletters cookies cookie-policy policy help faq wp-admin wp-login.php cart shop store donate
    كاتب كتاب الكاتب كتّاب وسم وسوم تصنيف تصنيفات قسم أقسام اتصل-بنا من-نحن بحث سياسة-الخصوصية
"""
REFUSED = frozenset(_LISTS.split())
"""Parts of paths that lead to lists and services, not to articles."""
_PAGED = re.compile(r"(?:^|&)(?:page|paged|pg|p|s|q|search|start|offset|replytocom|share)=", re.IGNORECASE)


def words(text: str) -> float:
    """Give the length of a text in words as English would need.

    Arabic and Hebrew write articles and prepositions on to the word that they belong to, so that two of
    their words say what three of English do; scripts without spaces say a word in some two characters.
    """
    tokens = [token for token in text.split() if any(map(str.isalpha, token))]
    letters = sum(map(str.isalpha, text)) or 1
    spaceless = len(_SPACELESS.findall(text))
    if spaceless * 3 > letters:
        return spaceless / 2
    return len(tokens) * (1.5 if len(_ARABIC.findall(text)) * 2 > letters else 1.0)


@dataclass(slots=True)
class Node:
    """An element in document order, with what is known of all that it holds."""

    element: HtmlElement
    parent: int
    links: int = 0
    chrome: bool = False
    aside: bool = False
    heading: bool = False


@dataclass(slots=True)
class Target:
    """One address of the same site that a page links to, by one link or several."""

    url: str
    path: str
    """Decoded, without a slash at its end; the query after a question mark."""
    anchors: list[int] = field(default_factory=list)
    """Nodes of its links in document order, those in navigation only where there are no others."""
    chrome: bool = True
    aside: bool = True


@dataclass(slots=True)
class Outline:
    """A page as its links see it."""

    tree: HtmlElement
    url: str
    base: str
    nodes: list[Node]
    targets: list[Target]
    """By their first link outside navigation, in page order."""

    def up(self, at: int) -> Iterator[int]:
        """Give the nodes around a node, the nearest first."""
        while (at := self.nodes[at].parent) >= 0:
            yield at

    def trail(self, at: int) -> Trail:
        """Give what stands around a link, the outermost first."""
        found = [self.nodes[place].element for place in (at, *self.up(at))]
        return tuple(
            (str(e.tag).lower(), e.get("id") or "", frozenset((e.get("class") or "").split()))
            for e in reversed(found)
        )


def outline(html: str, url: str) -> Outline | None:
    """Read the links of a page that lead on within its site; None where there is nothing to read."""
    tree = parse(html)
    if tree is None:
        return None
    nodes = _nodes(tree)
    _mark(nodes)
    first_base = next(tree.iter("base"), None)
    base = absolute(first_base.get("href") if first_base is not None else None, url) or url
    return Outline(tree, url, base, nodes, _targets(nodes, url, base))


def _nodes(tree: HtmlElement) -> list[Node]:
    nodes: list[Node] = []
    places: dict[HtmlElement, int] = {}
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        parent = element.getparent()
        above = places.get(parent, -1) if parent is not None else -1
        if element.tag in _UNREAD or (parent is not None and above < 0):
            continue
        places[element] = len(nodes)
        nodes.append(Node(element, above))
    for node in reversed(nodes):  # children stand after their parents
        node.links += node.element.tag == "a" and node.element.get("href") is not None
        if node.parent >= 0:
            nodes[node.parent].links += node.links
    return nodes


def _mark(nodes: list[Node]) -> None:
    """Tell what is navigation. What holds most of a page's links is the page, whatever it is called."""
    total = nodes[0].links if nodes else 0
    for node in nodes:
        element, above = node.element, nodes[node.parent] if node.parent >= 0 else None
        tag, names = str(element.tag), f"{element.get('class') or ''} {element.get('id') or ''}"
        small = node.links * 2 <= total or total < 4
        chrome = tag in _NAVIGATION or (element.get("role") or "").lower() in _ROLES
        if tag not in _WHOLE and small and not chrome:
            chrome = (
                tag in _BOXES or _CHROME.search(names) is not None or (tag == "header" and _tops(nodes, node))
            )
        node.chrome = (chrome and tag not in _WHOLE) or (above is not None and above.chrome)
        node.aside = (above is not None and above.aside) or (
            tag not in _WHOLE and small and (tag == "aside" or _ASIDE.search(names) is not None)
        )
        node.heading = tag in _HEADINGS or (above is not None and above.heading)


def _tops(nodes: list[Node], node: Node) -> bool:
    """Tell whether a header is the site's: it stands in the body, or in boxes that mean nothing."""
    while node.parent >= 0:
        node = nodes[node.parent]
        if node.element.tag in {"main", "article", "section", "li"}:
            return False
    return True


def _targets(nodes: list[Node], url: str, base: str) -> list[Target]:
    site, own = _site(url), canonical(url)
    found: dict[str, Target] = {}
    seen = 0
    for at, node in enumerate(nodes):
        if node.element.tag != "a" or seen >= MOST_LINKS:
            continue
        address = absolute(node.element.get("href"), base)
        if address is None or _site(address) != site:
            continue
        seen += 1
        key = canonical(address)
        path = readable(key)
        if key == own or path == "/" or _ASSET.search(path.partition("?")[0]):
            continue
        target = found.get(key)
        if target is None or (target.chrome and not node.chrome):
            # Its place is that of its first link outside navigation.
            found.pop(key, None)
            target = found[key] = Target(key, path)
        if node.chrome and target.anchors and not target.chrome:
            continue
        target.anchors.append(at)
        target.chrome = target.chrome and node.chrome
        target.aside = target.aside and node.aside
    return list(found.values())


def _site(url: str) -> str:
    return host(url).removeprefix("www.")


def readable(url: str) -> str:
    """Give the path of an address as people read it, with its query where there is one."""
    parts = urlsplit(url)
    path = unicodedata.normalize("NFC", unquote(parts.path, errors="replace"))
    query = unquote(parts.query, errors="replace")
    return (path.rstrip("/") or "/") + (f"?{query}" if query else "")


def leads_elsewhere(path: str, said: str = "") -> bool:
    """Tell whether a path is that of a list or a service; parts that ``said`` names are meant."""
    before, _, query = path.partition("?")
    meant = set(said.partition("?")[0].lower().split("/"))
    refused = any(part in REFUSED and part not in meant for part in before.lower().split("/"))
    return refused or (bool(query) and "?" not in said and _PAGED.search(query) is not None)


def text_within(element: HtmlElement) -> str:
    """Give the text of a link, white space collapsed; what stands in boxes of its own is set apart."""
    out: list[str] = []
    length = 0
    for piece in element.itertext():
        out.append(piece)
        length += len(piece)
        if length > LONGEST_TEXT:
            break
    apart = any(inner.tag in _APART for inner in element.iter())
    return squeeze((" " if apart else "").join(out))[:LONGEST_TEXT]
