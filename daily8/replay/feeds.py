"""Feeds: RSS 2.0, Atom (RFC 4287), RSS 1.0, JSON Feed 1.1.

A document is a function of what is shown alone, so equal contents are equal bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import unescape
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from daily8.replay.articles import Article, FeedFormat, Publisher
from daily8.replay.shelf import changed
from daily8.replay.sound import BYTES_A_SECOND, episode_seconds

TYPES: dict[FeedFormat, str] = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "rdf": "application/rdf+xml",
    "json": "application/feed+json",
}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def feed(publisher: Publisher, articles: Sequence[Article]) -> bytes:
    """Write the publisher's feed of `articles`, the newest first, in its format."""
    return _WRITERS[publisher.format](publisher, articles).encode()


def link(publisher: Publisher, article: Article) -> str:
    """Give the address of an article."""
    return publisher.origin + quote(article.path, safe="/?&=:,;@+$!*'()~[]")


def picture(publisher: Publisher, name: str) -> str:
    """Give the address of a photograph."""
    return f"{publisher.origin}/img/{name}.jpg"


def episode(publisher: Publisher, article: Article) -> tuple[str, int]:
    """Give address and length in bytes of a podcast's sound."""
    return publisher.origin + quote(sound_path(article)), BYTES_A_SECOND * episode_seconds(article.duration)


def sound_path(article: Article) -> str:
    """Give the decoded path of a podcast's sound."""
    told = article.audio or ""
    return told if told.startswith("/audio/") else f"/audio/{article.id.replace('/', '-')}.mp3"


def plain(article: Article) -> str:
    """Give the text of an article in one line, as far as the row tells it."""
    text = article.text or unescape(_TAG.sub(" ", article.html or ""))
    return " ".join(text.split())


def summary(article: Article, most: int = 220) -> str | None:
    """Give the dek, or the beginning of the text."""
    if article.dek:
        return article.dek
    text = plain(article)
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"


def full_html(publisher: Publisher, article: Article) -> str | None:
    """Give the whole body for a feed that carries it, its addresses absolute; None where rights forbid it."""
    if article.page is not None or article.rights in {"excerpt", "link"}:
        return None
    if article.html:
        return re.sub(r'\b(src|href|poster)="/', rf'\1="{publisher.origin}/', article.html)
    return "".join(f"<p>{escape(p)}</p>" for p in paragraphs(article.text)) or None


def paragraphs(text: str | None) -> list[str]:
    """Split at blank lines, or, where there is none, at line ends."""
    text = (text or "").replace("\r\n", "\n")
    parts = re.split(r"\n\s*\n", text) if re.search(r"\n\s*\n", text) else text.split("\n")
    return [" ".join(part.split()) for part in parts if part.strip()]


def clean(value: str) -> str:
    """Escape a text for XML, dropping the characters that XML 1.0 section 2.2 forbids."""
    return escape(_FORBIDDEN.sub("", value))


def element(name: str, value: str | None) -> str:
    """Write an element, or nothing where there is no value."""
    return f"<{name}>{clean(value)}</{name}>" if value else ""


def attribute(value: str) -> str:
    """Write an attribute's value with its quotes."""
    return quoteattr(_FORBIDDEN.sub("", value))


def rfc3339(time: datetime | None) -> str | None:
    """Write a time as RFC 3339 in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ") if time else None


def http_date(time: datetime | None) -> str | None:
    """Write a time as RFC 9110 section 5.6.7 wants it."""
    return format_datetime(time.astimezone(UTC), usegmt=True) if time else None


def _rss(publisher: Publisher, articles: Sequence[Article]) -> str:
    logo = f"<url>{publisher.origin}/logo.png</url>{element('title', publisher.name)}"
    logo += f"<link>{publisher.home}</link>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">\n'
        f"<channel>{element('title', publisher.name)}<link>{publisher.home}</link>"
        f"<description>{clean(publisher.name)}</description>{element('language', publisher.language)}"
        f'<atom:link rel="self" type="application/rss+xml" href="{publisher.feed}"/>'
        f"{element('lastBuildDate', http_date(changed(articles)))}<ttl>5</ttl><image>{logo}</image>\n"
        + "".join(_rss_item(publisher, a) for a in articles)
        + "</channel></rss>\n"
    )


def _rss_item(publisher: Publisher, article: Article) -> str:
    media = ""
    if article.kind == "podcast":
        url, length = episode(publisher, article)
        media += f'<enclosure url="{url}" length="{length}" type="audio/mpeg"/>'
        media += element("itunes:duration", str(article.duration) if article.duration else None)
    if article.image:
        url = picture(publisher, article.image)
        media += f'<media:content url="{url}" medium="image" type="image/jpeg" width="1280" height="720"/>'
    return (
        f"<item>{element('title', article.title)}<link>{clean(link(publisher, article))}</link>"
        f'<guid isPermaLink="false">{clean(article.id)}</guid>{element("pubDate", http_date(article.time))}'
        + "".join(element("dc:creator", a) for a in _authors(article))
        + f"{element('atom:updated', rfc3339(article.updated))}{element('description', summary(article))}"
        + "".join(element("category", t) for t in _topics(article))
        + f"{media}</item>\n"
    )


def _atom(publisher: Publisher, articles: Sequence[Article]) -> str:
    language = f" xml:lang={attribute(publisher.language)}" if publisher.language else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom"{language}>{element("title", publisher.name)}'
        f"<id>tag:{publisher.host},2000:feed</id><updated>{rfc3339(changed(articles) or _EPOCH)}</updated>"
        f'<link rel="self" type="application/atom+xml" href="{publisher.feed}"/>'
        f'<link rel="alternate" type="text/html" href="{publisher.home}"/>'
        f"<author>{element('name', publisher.name)}</author><logo>{publisher.origin}/logo.png</logo>\n"
        + "".join(_atom_entry(publisher, a) for a in articles)
        + "</feed>\n"
    )


def _atom_entry(publisher: Publisher, article: Article) -> str:
    links = f'<link rel="alternate" type="text/html" href={attribute(link(publisher, article))}/>'
    if article.kind == "podcast":
        url, length = episode(publisher, article)
        links += f'<link rel="enclosure" type="audio/mpeg" length="{length}" href="{url}"/>'
    if article.image:
        links += f'<link rel="enclosure" type="image/jpeg" href="{picture(publisher, article.image)}"/>'
    authors = "".join(f"<author>{element('name', a)}</author>" for a in _authors(article))
    return (
        f"<entry>{element('title', article.title)}<id>tag:{publisher.host},2000:{quote(article.id)}</id>"
        f"{element('published', rfc3339(article.time))}"
        f"<updated>{rfc3339(article.updated or article.time or _EPOCH)}</updated>{links}{authors}"
        f"{element('summary', summary(article))}"
        + "".join(f"<category term={attribute(t)}/>" for t in _topics(article))
        + "</entry>\n"
    )


def _rdf(publisher: Publisher, articles: Sequence[Article]) -> str:
    addresses = [attribute(link(publisher, a)) for a in articles]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">\n'
        f'<channel rdf:about="{publisher.feed}">{element("title", publisher.name)}'
        f"<link>{publisher.home}</link><description>{clean(publisher.name)}</description>"
        f"{element('dc:language', publisher.language)}"
        f"{element('dc:date', rfc3339(changed(articles)))}<items><rdf:Seq>"
        + "".join(f"<rdf:li rdf:resource={a}/>" for a in addresses)
        + "</rdf:Seq></items></channel>\n"
        + "".join(_rdf_item(publisher, *pair) for pair in zip(articles, addresses, strict=True))
        + "</rdf:RDF>\n"
    )


def _rdf_item(publisher: Publisher, article: Article, address: str) -> str:
    return (
        f"<item rdf:about={address}>{element('title', article.title)}"
        f"<link>{clean(link(publisher, article))}</link>"
        f"{element('description', summary(article))}{element('dc:date', rfc3339(article.time))}"
        f"{element('dcterms:modified', rfc3339(article.updated))}"
        + "".join(element("dc:creator", a) for a in _authors(article))
        + "".join(element("dc:subject", t) for t in _topics(article))
        + "</item>\n"
    )


def _json(publisher: Publisher, articles: Sequence[Article]) -> str:
    document: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": publisher.name,
        "home_page_url": publisher.home,
        "feed_url": publisher.feed,
        "language": publisher.language,
        "icon": f"{publisher.origin}/logo.png",
        "items": [_json_item(publisher, a) for a in articles],
    }
    return json.dumps(_present(document), ensure_ascii=False)


def _json_item(publisher: Publisher, article: Article) -> dict[str, object]:
    html = full_html(publisher, article)
    item: dict[str, object] = {
        "id": article.id,
        "url": link(publisher, article),
        "title": article.title,
        "summary": summary(article),
        "content_html": html,
        "content_text": None if html else summary(article) or article.title,
        "date_published": rfc3339(article.time),
        "date_modified": rfc3339(article.updated),
        "authors": [{"name": a} for a in _authors(article)],
        "tags": list(_topics(article)),
        "image": picture(publisher, article.image) if article.image else None,
        "language": article.language,
    }
    if article.kind == "podcast":
        url, length = episode(publisher, article)
        sound = {"url": url, "mime_type": "audio/mpeg", "size_in_bytes": length}
        item["attachments"] = [
            sound | ({"duration_in_seconds": article.duration} if article.duration else {})
        ]
    return _present(item)


def _present(values: dict[str, object]) -> dict[str, object]:
    return {k: v for k, v in values.items() if v is not None and v != []}


def _authors(article: Article) -> tuple[str, ...]:
    return () if article.page is not None else article.authors


def _topics(article: Article) -> tuple[str, ...]:
    return (article.section, *article.tags) if article.section else article.tags


_WRITERS: dict[FeedFormat, Callable[[Publisher, Sequence[Article]], str]] = {
    "rss": _rss,
    "atom": _atom,
    "rdf": _rdf,
    "json": _json,
}
