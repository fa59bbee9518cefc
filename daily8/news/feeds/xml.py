"""Read a feed that is XML: RSS 0.9x, 1.0 and 2.0, RDF, Atom 0.3 and 1.0."""

from __future__ import annotations

import dataclasses
import re

from lxml import etree

from daily8.news import urls
from daily8.news.feeds import tree
from daily8.news.feeds.entry import entry, moment, wishes
from daily8.news.feeds.media import number
from daily8.news.feeds.parts import Parts
from daily8.news.types import Feed, FeedKind

MAX_ENTRIES = 500
"""The newest are kept."""

_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_KINDS: dict[str, FeedKind] = {
    "rss": "rss",
    "channel": "rss",
    "rdf": "rdf",
    "rdf:rdf": "rdf",
    "feed": "atom",
    "atom:feed": "atom",
    "entry": "atom",
    "atom:entry": "atom",
}


def read(root: etree._Element, url: str | None) -> Feed | None:
    """Read a feed from its tree, or give None if the root is not that of a feed."""
    name = tree.short(root.tag)
    kind = _KINDS.get(name) or _KINDS.get(name.rpartition(":")[2])
    if kind is None:
        return None
    atom = kind == "atom"
    channel = root if atom else next((c for n, c in tree.children(root) if n.endswith("channel")), root)
    items = [root] if name.endswith("entry") else _items(root, channel)
    parts = Parts(channel, url, atom=atom)
    home = _home(parts)
    links = parts.links()
    authors = parts.authors() if atom else ()
    asked = wishes(parts)
    entries = []
    for item in newest(items):
        found = entry(item, url, home, atom=atom)
        if authors and not found.authors:
            found = dataclasses.replace(found, authors=authors)
        if asked and not found.wishes:
            found = dataclasses.replace(found, wishes=asked)
        entries.append(found)
    return Feed(
        kind=kind,
        title=None if channel in items else parts.title("atom:title", "title", "dc:title", "itunes:title"),
        description=parts.title(
            *(
                "atom:subtitle",
                "atom:tagline",
                "description",
                "subtitle",
                "itunes:summary",
                "itunes:subtitle",
            ),
            *("dc:description", "abstract", "atom:info", "feedburner:browserfriendly"),
        ),
        url=next((link.href for link in links if link.relation == "self"), None),
        home=home,
        language=tree.language(parts.text("language", "dc:language")) or tree.language_of(channel),
        hub=next((link.href for link in links if "hub" in link.relation.split()), None),
        ttl=_ttl(parts),
        skip_hours=_skip_hours(parts),
        skip_days=_skip_days(parts),
        image=_image(parts, root),
        entries=tuple(entries),
    )


def _items(root: etree._Element, channel: etree._Element) -> list[etree._Element]:
    """Give the entries wherever they stand: in the channel, beside it (RSS 0.9, RDF), in `items`."""
    places = [channel] if root is channel else [channel, root]
    found: list[etree._Element] = []
    for place in places:
        found += [c for name, c in tree.children(place) if name.rpartition(":")[2] in {"item", "entry"}]
    return found or list(root.iterdescendants("{*}item", "{*}entry"))


def newest(items: list[etree._Element]) -> list[etree._Element]:
    """Keep the newest entries of a very long feed, in the feed's order; those without a time come last."""
    if len(items) <= MAX_ENTRIES:
        return items
    order = sorted(range(len(items)), key=lambda i: (moment(items[i]), -i), reverse=True)
    return [items[i] for i in sorted(order[:MAX_ENTRIES])]


def _home(parts: Parts) -> str | None:
    pages = [link for link in parts.links() if link.relation == "alternate"]
    for link in pages:
        if link.type in {"", "text/html", "application/xhtml+xml"}:
            return link.href
    for _, child in parts.all("link"):
        if (found := urls.absolute(tree.text_of(child), parts.base(child))) is not None:
            return found
    return pages[0].href if pages else urls.absolute(parts.element.get("HREF"))


def _ttl(parts: Parts) -> int | None:
    """Give the minutes between polls that the publisher asks for (RSS 2.0 ttl, RSS 1.0 syndication)."""
    if (minutes := number(parts.text("ttl"))) is not None:
        return minutes
    period = _PERIODS.get((parts.text("sy:updateperiod") or "").lower())
    if period is None:
        return None
    return max(1, period // (number(parts.text("sy:updatefrequency")) or 1))


def _skip_hours(parts: Parts) -> tuple[int, ...]:
    found = set()
    for _, child in parts.all("skiphours"):
        for _, hour in tree.children(child):
            text = tree.text_of(hour)
            if re.fullmatch(r"[0-9]{1,2}", text) and int(text) <= 24:
                found.add(int(text) % 24)
    return tuple(sorted(found))


def _skip_days(parts: Parts) -> tuple[int, ...]:
    found = set()
    for _, child in parts.all("skipdays"):
        for _, day in tree.children(child):
            if (text := tree.text_of(day).lower()) in _DAYS:
                found.add(_DAYS.index(text))
    return tuple(sorted(found))


def _image(parts: Parts, root: etree._Element) -> str | None:
    names = ("image", "itunes:image", "itunes:link", "atom:logo", "atom:icon", "media:thumbnail")
    candidates = [child for _, child in parts.all(*names) if (child.get("rel") or "image") == "image"]
    candidates += [child for name, child in tree.children(root) if name == "image"]
    for child in candidates:
        inner = Parts(child, None, atom=False)
        reference = inner.text("url") or child.get("href") or child.get("url") or tree.text_of(child)
        if (found := urls.absolute(reference, parts.base(child))) is not None:
            return found
    return None
