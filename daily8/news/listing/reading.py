"""Read a list page like a feed, and keep what was seen of it, so that a change can be tried."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any

from lxml.html import HtmlElement

from daily8.news.dates import parse_date
from daily8.news.figures import image_of, usable
from daily8.news.listing.outline import Outline, Target, leads_elsewhere, outline, text_within, words
from daily8.news.listing.pattern import Pattern, stands_within
from daily8.news.tree import elements, first, squeeze
from daily8.news.types import Entry, Feed

MOST_ENTRIES = 200
MOST_SEEN = 150
"""Links of a page that are kept for trying a pattern."""
LONGEST_TITLE = 300
_LONGEST_SUMMARY = 1_000
_LEAST_SUMMARY = 8
"""Words of a paragraph that says what an article is about."""
_HIGHEST = 8
"""Elements around a link that its item may have."""
_STOPS = frozenset({"html", "body", "main", "section", "table", "tbody", "ul", "ol"})
_IN_PATH = (
    re.compile(r"/((?:19|20)[0-9]{2})/([0-9]{1,2})/([0-9]{1,2})(?:/|$)"),
    re.compile(r"(?:^|[/_-])((?:19|20)[0-9]{2})-([0-9]{2})-([0-9]{2})(?:[/_.-]|$)"),
    re.compile(r"(?:^|[/_-])(20[0-9]{2})([01][0-9])([0-3][0-9])(?:[/_.-]|$)"),
)


def read_listing(html: str, url: str, pattern: Pattern) -> Feed:
    """Read the articles that a page lists, in page order.

    ``summary`` is HTML as everywhere; a time stands where the item of an article has one
    (``time[datetime]``) or its address holds a date.
    """
    page = outline(html, url)
    if page is None:
        return Feed("page", url=url, home=url)
    chosen = _chosen(page, pattern)
    items = _items(page, chosen)
    entries = []
    for target in chosen:
        entry = _entry(page, target, items[target.url], pattern)
        if entry is not None:
            entries.append(entry)
    return Feed(
        kind="page",
        title=_title(page),
        url=url,
        home=url,
        language=squeeze(page.tree.get("lang"))[:35] or None,
        entries=tuple(entries[:MOST_ENTRIES]),
    )


def _chosen(page: Outline, pattern: Pattern) -> list[Target]:
    """Give the links that are articles; navigation counts only where the pattern's scope names it."""
    found: list[Target] = []
    for target in page.targets:
        if len(found) >= MOST_ENTRIES * 2:
            break
        if not pattern.matches(target.path) or leads_elsewhere(target.path, pattern.links):
            continue
        if pattern.within:
            if any(stands_within(pattern.within, page.trail(at)) for at in target.anchors[:4]):
                found.append(target)
        elif not target.chrome:
            found.append(target)
    return found


def _items(page: Outline, chosen: Sequence[Target]) -> dict[str, HtmlElement]:
    """Give the item of each article: the highest element around its link that holds no other article's."""
    holds: dict[int, str | None] = {}  # None: several
    for target in chosen:
        for at in target.anchors:
            for place in (at, *page.up(at)):
                if place in holds and holds[place] in (None, target.url):
                    break
                holds[place] = None if place in holds else target.url
    found = {}
    for target in chosen:
        at = target.anchors[0]
        best = at
        for steps, place in enumerate(page.up(at)):
            element = page.nodes[place].element
            if steps >= _HIGHEST or holds.get(place) != target.url or element.tag in _STOPS:
                break
            best = place
        found[target.url] = page.nodes[best].element
    return found


def _entry(page: Outline, target: Target, item: HtmlElement, pattern: Pattern) -> Entry | None:
    title = _headline(page, target, item)
    if not title or int(words(title)) < pattern.least_words:
        return None
    return Entry(
        url=target.url,
        title=title,
        published=_time(target.path, item),
        summary=_summary(item, title),
        image=_image(item, page.base),
    )


def _headline(page: Outline, target: Target, item: HtmlElement) -> str:
    """Give an article's title: a heading in or around its link, else the longest that its links say."""
    own = [page.nodes[at] for at in target.anchors[:6]]
    headings = [text for node in own for text in _headings(node.element)]
    headings += [text_within(node.element) for node in own if node.heading]
    if said := max(headings, key=words, default=""):
        return said[:LONGEST_TITLE]
    texts = [_short(node.element) for node in own]
    texts += [squeeze(node.element.get(name)) for node in own for name in ("aria-label", "title")]
    texts += [squeeze(img.get("alt")) for node in own for img in node.element.iter("img")]
    if max(map(words, texts), default=0) <= 2:  # "Read more": the item's own heading says what
        texts += _headings(item)
    return max(texts, key=words, default="")[:LONGEST_TITLE]


def _headings(element: HtmlElement) -> list[str]:
    return [text_within(heading) for heading in element.iter("h1", "h2", "h3", "h4")]


def _short(link: HtmlElement) -> str:
    """Give a link's text; of a link around a whole card the box that reads like a title."""
    text = text_within(link)
    if len(text) <= 140:
        return text
    boxes = (text_within(box) for box in link.iter("div", "span", "strong", "b", "p") if not len(box))
    return next((box for box in boxes if words(box) >= 3), text)


def _time(path: str, item: HtmlElement) -> datetime | None:
    for element in item.iter("time"):
        if found := parse_date(element.get("datetime")):
            return found
    for form in _IN_PATH:
        if match := form.search(path.partition("?")[0]):
            try:
                return datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC)
            except ValueError:
                continue
    return None


def _summary(item: HtmlElement, title: str) -> str | None:
    said = [text_within(p) for p in item.iter("p")]
    best = max(
        (text for text in said if text != title and words(text) >= _LEAST_SUMMARY), key=len, default=""
    )
    return escape(best[:_LONGEST_SUMMARY], quote=False) or None


def _image(item: HtmlElement, base: str) -> str | None:
    for element in item.iter("img", "amp-img"):
        found = image_of(element, base)
        if found is not None and usable(found.url):
            return found.url
    return None


def _title(page: Outline) -> str | None:
    for element in elements(page.tree, "//meta[@property='og:site_name']")[:1]:
        if said := squeeze(element.get("content")):
            return said[:LONGEST_TITLE]
    title = first(page.tree, "//head/title")
    return (text_within(title)[:LONGEST_TITLE] or None) if title is not None else None


@dataclass(frozen=True, slots=True)
class Seen:
    """A link of a page as it was read last: enough to try another pattern on it without asking again."""

    path: str
    title: str
    chrome: bool = False


def seen_links(html: str, url: str) -> tuple[Seen, ...]:
    """Give the links of a page that could be articles, in page order."""
    page = outline(html, url)
    if page is None:
        return ()
    found: list[Seen] = []
    for target in page.targets:
        if not target.chrome and len(found) < MOST_SEEN:
            item = page.nodes[target.anchors[0]].element
            found.append(Seen(target.path[:LONGEST_TITLE], _headline(page, target, item)[:160]))
    return tuple(found)


def would_match(pattern: Pattern, seen: Sequence[Seen]) -> tuple[Seen, ...]:
    """Give those of the links last seen that a pattern takes for articles; its scope cannot be tried."""
    return tuple(
        link
        for link in seen
        if pattern.matches(link.path)
        and not leads_elsewhere(link.path, pattern.links)
        and link.title
        and int(words(link.title)) >= pattern.least_words
    )


def seen_to_json(seen: Sequence[Seen]) -> list[list[str]]:
    """Give links last seen as JSON."""
    return [[link.path, link.title] for link in seen]


def seen_from_json(data: object) -> tuple[Seen, ...]:
    """Read links that `seen_to_json` wrote; what is none is passed over."""
    if not isinstance(data, list):
        return ()
    rows: list[Any] = [row for row in data[:MOST_SEEN] if isinstance(row, (list, tuple)) and len(row) == 2]
    return tuple(Seen(row[0], row[1]) for row in rows if isinstance(row[0], str) and isinstance(row[1], str))
