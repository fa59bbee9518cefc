"""Sitemaps (sitemaps.org 0.9, with Google's news extension) and OPML 2.0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from daily8.replay.articles import Article, Publisher
from daily8.replay.feeds import attribute, clean, element, link, rfc3339
from daily8.replay.shelf import changed


def sitemap_index(publisher: Publisher, articles: Sequence[Article]) -> bytes:
    """Write the index of the publisher's two sitemaps."""
    modified = element("lastmod", rfc3339(changed(articles)))
    rows = "".join(
        f"<sitemap><loc>{publisher.origin}/sitemap-{name}.xml</loc>{modified}</sitemap>"
        for name in ("all", "news")
    )
    return _sitemap("sitemapindex", rows)


def sitemap(publisher: Publisher, articles: Sequence[Article]) -> bytes:
    """Write the sitemap of all articles."""
    rows = (
        f"<url>{element('loc', link(publisher, a))}{element('lastmod', rfc3339(a.updated or a.time))}</url>\n"
        for a in articles
    )
    return _sitemap("urlset", "".join(rows))


def news_sitemap(publisher: Publisher, articles: Sequence[Article]) -> bytes:
    """Write the news sitemap of articles of the last two days."""
    outlet = element("news:name", publisher.name) + element("news:language", publisher.language or "en")
    rows = (
        f"<url><loc>{clean(link(publisher, a))}</loc><news:news><news:publication>{outlet}</news:publication>"
        f"{element('news:publication_date', rfc3339(a.time))}{element('news:title', a.title)}"
        "</news:news></url>\n"
        for a in articles
    )
    return _sitemap("urlset", "".join(rows), ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"')


def _sitemap(root: str, rows: str, spaces: str = "") -> bytes:
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}\n<{root} xmlns="{namespace}"{spaces}>\n{rows}</{root}>\n'.encode()


def opml(title: str, publishers: Iterable[Publisher]) -> str:
    """Write the subscriptions to all publishers as OPML 2.0, in a folder for each country."""
    folders: dict[str, list[str]] = {}
    for publisher in publishers:
        facts = f" language={attribute(publisher.language)}" if publisher.language else ""
        name = attribute(publisher.name)
        folders.setdefault(publisher.country or "", []).append(
            f'<outline type="rss" text={name} title={name} xmlUrl="{publisher.feed}" '
            f'htmlUrl="{publisher.home}"{facts}/>\n'
        )
    body = "".join(
        f"<outline text={attribute(country)}>\n{''.join(rows)}</outline>\n" if country else "".join(rows)
        for country, rows in sorted(folders.items())
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<opml version="2.0"><head>{element("title", title)}</head><body>\n{body}</body></opml>\n'
    )
