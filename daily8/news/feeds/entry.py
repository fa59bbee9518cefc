"""Read one entry of RSS, RDF or Atom."""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import etree

from daily8.news import urls
from daily8.news.dates import parse_date
from daily8.news.feeds import tree
from daily8.news.feeds.episodes import chapters, episode, timed_files
from daily8.news.feeds.media import Files
from daily8.news.feeds.parts import MAX_TEXT, Link, Parts
from daily8.news.types import Entry, Wish
from daily8.news.wishes.licences import in_element

_OTHER_RELATIONS = frozenset(
    {"self", "enclosure", "hub", "edit", "edit-media", "replies", "next", "prev", "first", "last", "license"}
)
_MOMENTS = {
    name: rank
    for rank, name in enumerate(
        (
            *("pubdate", "atom:published", "published", "atom:updated", "updated", "atom:issued"),
            *("atom:modified", "dc:date", "dcterms:issued", "dcterms:modified", "lastmod"),
            "news:news",
        )
    )
}
"""Elements that tell when an entry was, the surest first; Google News hides it one step deeper."""


def moment(element: etree._Element) -> datetime:
    """Give the time by which entries are ordered; the beginning of time if there is none."""
    best, found = len(_MOMENTS), None
    for name, child in tree.children(element):
        rank = _MOMENTS.get(name, best)
        if rank < best:
            inner = (one for part, one in tree.children(child) if part == "news:publication_date")
            place = next(inner, child) if name == "news:news" else child
            if (date := parse_date(tree.text_of(place))) is not None:
                best, found = rank, date
    return found or datetime.min.replace(tzinfo=UTC)


def entry(element: etree._Element, document: str | None, home: str | None, *, atom: bool) -> Entry:
    """Read an entry. ``document`` is the address of the feed, ``home`` that of its site."""
    parts = Parts(element, document or home, atom=atom)
    links = parts.links()
    url = _url(parts, links)
    base = parts.base() if parts.has_base() else url or parts.base()
    files = Files(parts, links)
    content = parts.html(base, "content:encoded", "atom:content", "xhtml:body", "body", *_FULL_TEXTS)
    published = parts.date("pubdate", "atom:published", "published", "atom:issued", "dcterms:issued")
    updated = parts.date("atom:updated", "updated", "atom:modified", "dcterms:modified")
    updated = updated or parse_date(element.get("LASTMOD"))
    if published is None:
        published = parts.date("dc:date", "dcterms:created", "atom:created", "date")
    return Entry(
        id=_id(parts),
        url=url,
        title=parts.title("atom:title", "title", "dc:title", "media:title", "itunes:title"),
        published=published,
        updated=updated,
        authors=parts.authors() or _source_authors(parts),
        summary=parts.html(base, *_SUMMARIES),
        content=content,
        language=parts.language("dc:language", "language"),
        categories=parts.categories(),
        enclosures=files.enclosures,
        image=files.image,
        kind=files.kind,
        wishes=wishes(parts),
        episode=episode(parts),
        chapters=chapters(parts),
        timed=timed_files(parts),
    )


def wishes(parts: Parts) -> tuple[Wish, ...]:
    """Give what a licence asks that stands in an entry or in a channel (RSL 1.0 section 4.7)."""
    if "rsl:content" not in parts.known:
        return ()
    return tuple(wish for _, child in parts.all("rsl:content") for wish in in_element(child, place="feed"))[
        :5
    ]


_FULL_TEXTS = ("fullitem", "fulltext", "content", "?:fullitem")
_SUMMARIES = (
    *("atom:summary", "description", "summary", "itunes:summary", "abstract"),
    *("dc:description", "media:description", "googleplay:description", "itunes:subtitle"),
)


def _source_authors(parts: Parts) -> tuple[str, ...]:
    for _, source in parts.all("atom:source"):
        return Parts(source, None, atom=True).authors()
    return ()


def _id(parts: Parts) -> str | None:
    found = (
        parts.text("atom:id", "guid", "id") or parts.element.get(tree.ABOUT) or parts.text("dc:identifier")
    )
    if found and found.startswith("/"):
        found = urls.absolute(found, parts.base()) or found
    return found[:MAX_TEXT] if found else None


def _url(parts: Parts, links: list[Link]) -> str | None:
    """Choose the address of the article itself."""
    original = urls.absolute(parts.text("feedburner:origlink"))
    if original is not None:
        return original
    pages = [link for link in links if link.relation == "alternate"]
    for link in pages:
        if link.type in {"", "text/html", "application/xhtml+xml"}:
            return link.href
    for _, child in parts.all("link"):
        if (found := parts.address(tree.text_of(child), child)) is not None:
            return found
    if pages:
        return pages[0].href
    for _, child in parts.all("guid"):
        if (child.get("isPermaLink") or "true").lower() != "false" and (
            found := urls.absolute(tree.text_of(child))
        ):
            return found
    for _, child in parts.all("atom:content"):
        if (found := urls.absolute(child.get("src"), parts.base(child))) is not None:
            return found
    others = [link.href for link in links if link.relation not in _OTHER_RELATIONS]
    about = (
        parts.element.get(tree.ABOUT) or parts.element.get("HREF") or parts.text("atom:id", "dc:identifier")
    )
    return others[0] if others else urls.absolute(about)
