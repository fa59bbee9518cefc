"""Read news sitemaps, plain sitemaps and indexes of sitemaps (sitemaps.org 0.9, Google News sitemap 0.9)."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from daily8.news import urls
from daily8.news.feeds import tree
from daily8.news.feeds.media import duration
from daily8.news.feeds.parts import MAX_CATEGORIES, Parts, once
from daily8.news.feeds.xml import newest
from daily8.news.sanitise import plain, sanitise
from daily8.news.types import Enclosure, Entry, Feed


def read(root: etree._Element, url: str | None) -> Feed | None:
    """Read a sitemap from its tree, or give None if the root is not that of one.

    A row without an address is dropped. Rows of an index are entries of kind ``sitemap``.
    """
    name = tree.short(root.tag).rpartition(":")[2]
    if name not in {"urlset", "sitemapindex"}:
        return None
    index = name == "sitemapindex"
    rows = [child for row, child in tree.children(root) if row.rpartition(":")[2] in {"url", "sitemap"}]
    entries = []
    publication: tuple[str | None, str | None] = (None, None)
    for row in newest(rows):
        parts = Parts(row, url, atom=False)
        address = urls.absolute(parts.text("loc"), parts.base())
        if address is None:
            continue
        found, about = _entry(parts, address, index=index)
        entries.append(found)
        if publication == (None, None):
            publication = about
    title, language = publication
    return Feed(
        kind="sitemap-index" if index else "sitemap",
        title=title,
        url=url,
        language=language,
        entries=tuple(entries),
    )


def _entry(parts: Parts, address: str, *, index: bool) -> tuple[Entry, tuple[str | None, str | None]]:
    """Read a row; give it with the name and language of the publication that it states."""
    news = next((Parts(child, None, atom=False) for _, child in parts.all("news:news")), None)
    image = None
    for _, child in parts.all("image:image"):
        image = image or urls.absolute(Parts(child, None, atom=False).text("image:loc"), parts.base())
    updated = parts.date("lastmod")
    film = next((Parts(child, None, atom=False) for _, child in parts.all("video:video")), None)
    if film is not None:
        image = image or urls.absolute(film.text("video:thumbnail_loc"), parts.base())
    if news is None:
        found = Entry(
            id=address, url=address, updated=updated, image=image, kind="sitemap" if index else None
        )
        return found if film is None else _film(found, film), (None, None)
    about: tuple[str | None, str | None] = (None, None)
    for _, child in news.all("news:publication"):
        publication = Parts(child, None, atom=False)
        about = (publication.title("news:name"), tree.language(publication.text("news:language")))
    words = (news.text("news:keywords") or "").split(",")
    entry = Entry(
        id=address,
        url=address,
        title=news.title("news:title"),
        published=news.date("news:publication_date"),
        updated=updated,
        language=about[1],
        categories=once(plain(word) for word in words)[:MAX_CATEGORIES],
        image=image,
        kind=None if film is None else "video",
    )
    return entry, about


def _film(entry: Entry, film: Parts) -> Entry:
    """Add what a row says of its film (Google video sitemap 1.1)."""
    address = urls.absolute(film.text("video:content_loc"), film.base())
    length = duration(film.text("video:duration"))
    description = film.text("video:description")
    return replace(
        entry,
        title=film.title("video:title"),
        published=film.date("video:publication_date"),
        summary=sanitise(description, entry.url).strip() or None if description else None,
        enclosures=() if address is None else (Enclosure(address, "video/*", None, length),),
        kind="video",
    )
