"""Linked data in a page: JSON-LD as publishers really write it (schema.org), broken JSON tolerated."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from daily8.news.references import unescape
from daily8.news.tree import elements, squeeze

Node = dict[str, Any]

MOST_NODES = 2_000
DEEPEST = 12
ARTICLES = frozenset(
    {
        "NewsArticle",
        "Article",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "OpinionNewsArticle",
        "BackgroundNewsArticle",
        "ReviewNewsArticle",
        "AskPublicNewsArticle",
        "AdvertiserContentArticle",
        "SatiricalArticle",
        "ScholarlyArticle",
        "TechArticle",
        "BlogPosting",
        "LiveBlogPosting",
        "SocialMediaPosting",
        "DiscussionForumPosting",
        "Report",
        "Review",
        "CriticReview",
        "ClaimReview",
        "Recipe",
        "WebArticle",
        "PodcastEpisode",
        "ImageGallery",
        "MediaGallery",
    }
)
"""Types of schema.org that describe an article or a thing shown as one."""
_WRAP = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_TRAILING = re.compile(r",(\s*[}\]])")
_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')


def linked_nodes(tree: HtmlElement) -> list[Node]:
    """Give every object of the page's JSON-LD, outer before inner, in document order."""
    nodes: list[Node] = []
    for script in elements(tree, "//script[contains(@type, 'ld+json')]"):
        for node in _walk(_load(script.text or ""), 0):
            nodes.append(node)
            if len(nodes) >= MOST_NODES:
                return nodes
    return nodes


def _load(text: str) -> Any:
    text = _WRAP.sub("", _WRAP.sub("", text)).strip().rstrip(";")
    mended = _ESCAPE.sub(r"\\\\", _TRAILING.sub(r"\1", text))
    for attempt in (text, mended, unescape(mended)):
        if not attempt:
            return None
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            pass
        try:  # two objects one after the other, or waste behind the first
            return json.JSONDecoder(strict=False).raw_decode(attempt)[0]
        except (ValueError, RecursionError):
            continue
    return None


def _walk(value: Any, depth: int) -> Iterator[Node]:
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for item in value.values():
            if isinstance(item, dict | list):
                yield from _walk(item, depth + 1)


def types(node: Node) -> set[str]:
    """Give a node's types without their namespace."""
    return {str(t).rstrip("/").rsplit("/", 1)[-1].removeprefix("schema:") for t in several(node.get("@type"))}


def several(value: Any) -> list[Any]:
    """Give a value as a list: nothing, one, or many."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def string(value: Any) -> str | None:
    """Give a value as plain text: the first string, or a node's name or address; entities resolved."""
    for item in several(value):
        if isinstance(item, dict):
            item = item.get("@value") or item.get("name") or item.get("headline")
        if isinstance(item, str) and item.strip():
            return squeeze(unescape(item)) or None
    return None


def address(value: Any) -> str | None:
    """Give the address that a value is or bears (``url``, ``contentUrl``, ``@id``)."""
    for item in several(value):
        if isinstance(item, str) and item.strip():
            return item.strip()
        if isinstance(item, dict):
            for key in ("url", "contentUrl", "thumbnailUrl", "@id"):
                found = address(item.get(key)) if not isinstance(item.get(key), dict) else None
                if found:
                    return found
    return None


def article_node(nodes: list[Node], titles: set[str], addresses: set[str]) -> Node | None:
    """Choose the node that describes this page's article, not one of those it links to.

    ``titles`` are headings the page shows in lower case, ``addresses`` the page's own.
    """
    best: tuple[float, Node] | None = None
    for node in nodes:
        kinds = types(node)
        if not kinds & ARTICLES:
            continue
        score = 1.0 if kinds - {"Article", "WebPage", "ImageGallery", "MediaGallery", "Review"} else 0.5
        headline = (string(node.get("headline")) or string(node.get("name")) or "").casefold()
        if headline and any(headline == t or headline in t or t in headline for t in titles if t):
            score += 2
        own = {address(node.get("url")), address(node.get("mainEntityOfPage")), address(node.get("@id"))}
        if any(a and a.split("#")[0].rstrip("/") in addresses for a in own):
            score += 2
        score += 0.3 * sum(key in node for key in ("articleBody", "datePublished", "author", "headline"))
        if best is None or score > best[0]:
            best = (score, node)
    return best[1] if best else None


def reference(value: Any, nodes: list[Node]) -> Any:
    """Resolve ``{"@id": ...}`` to the node of that id, in lists too."""
    resolved = []
    for item in several(value):
        if isinstance(item, dict) and "@id" in item and not (item.keys() - {"@id", "@type", "name"}):
            found = next((n for n in nodes if n.get("@id") == item["@id"] and len(n) > len(item)), item)
            resolved.append(found)
        else:
            resolved.append(item)
    return resolved
