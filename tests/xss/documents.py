"""Documents of made-up publishers whose every word is a payload: feeds, pages, a list of subscriptions."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from html import escape

from daily8.news.blocks import blocks_from_html, blocks_to_text
from tests.xss.payloads import Payload, packed, payloads

LONG = 1900
"""Characters of a title or a name that are surely kept."""
SHORT = 260
"""Characters that an excerpt surely shows."""
BODY_MOST = 30
FILES = 5
"""Enclosures of an entry: as many as bring each payload in, over all entries."""
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a feed, in which each field is strangers' words."""

    number: int
    url: str
    title: str
    author: str
    category: str
    summary: str
    content: str
    image: str
    files: tuple[str, ...]
    file_type: str


def _survives(texts: list[str]) -> bool:
    """Tell whether what stands behind each text is still read, so that none hides the next."""
    marked = "".join(f"{text}<p title=\"a\" lang='en'>End{n}.</p>" for n, text in enumerate(texts))
    words = blocks_to_text(blocks_from_html(marked))
    return all(f"End{n}." in words for n in range(len(texts)))


@cache
def bodies() -> list[str]:
    """Give the payloads as bodies of articles, many in one where none of them swallows what follows."""
    found: list[str] = []
    together: list[str] = []
    for payload in payloads():
        if not _survives([payload.text]):
            found.append(f"<p>Before.</p>{payload.text}<p>Behind.</p>")
            continue
        if len(together) == BODY_MOST or not _survives([*together, payload.text]):
            found.append("<p>Next.</p>".join(together))
            together = []
        together.append(payload.text)
    return [*found, "<p>Next.</p>".join(together)]


@cache
def names() -> list[str]:
    """Give all payloads as some long names: of feeds, publishers, people."""
    return packed(payloads(), LONG)


@cache
def excerpts() -> list[str]:
    """Give all payloads as short texts."""
    return packed(payloads(), SHORT)


def addresses(host: str) -> list[str]:
    """Give all payloads as addresses: those that are written as such, the others within one of a host."""
    return [
        payload.text if payload.address else f"https://{host}/held/{payload.number}?{payload.text}"
        for payload in payloads()
    ]


def items(host: str, first: int, count: int) -> list[Item]:
    """Give entries ``first`` and on; over a whole round of them each payload has stood in each field."""
    titles, texts, told, places = names(), bodies(), excerpts(), addresses(host)
    found = []
    for n in range(first, first + count):
        title = titles[n % len(titles)]
        found.append(
            Item(
                number=n,
                url=f"https://{host}/held/{n}?{payloads()[n % len(payloads())].text}",
                # Escaped once more every other round: then the words themselves are the payload.
                title=title if (n // len(titles)) % 2 else escape(title),
                author=escape(titles[(n + 1) % len(titles)]),
                category=escape(titles[(n + 2) % len(titles)]),
                summary=escape(told[n % len(told)]),
                content=texts[n % len(texts)],
                image=places[(n * 5) % len(places)],
                files=tuple(places[(n * FILES + k) % len(places)] for k in range(FILES)),
                file_type=f"{'audio' if n % 2 else 'video'}/{payloads()[n % len(payloads())].text}",
            )
        )
    return found


def rss(title: str, rows: list[Item]) -> str:
    """Write an RSS feed; XML cannot hold some controls, which are left to JSON."""
    entries = "".join(
        f"<item><title>{escape(row.title)}</title><link>{escape(row.url)}</link>"
        f'<guid isPermaLink="false">{row.number} {escape(row.title[:200])}</guid>'
        f"<comments>{escape(row.image)}</comments><author>{escape(row.author)}</author>"
        f'<category domain="{escape(row.image)}">{escape(row.category)}</category>'
        f'<source url="{escape(row.image)}">{escape(row.category)}</source>'
        f"<description>{escape(row.summary)}</description>"
        f"<content:encoded>{escape(row.content)}</content:encoded>"
        f'<media:content url="{escape(row.image)}" medium="image"/>'
        + "".join(
            f'<enclosure url="{escape(file)}" type="{escape(row.file_type)}" length="1"/>'
            for file in row.files
        )
        + "</item>"
        for row in rows
    )
    whole = (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<title>{escape(escape(title))}</title><language>en</language>{entries}</channel></rss>"
    )
    return _NOT_XML.sub("", whole)


def json_feed(title: str, rows: list[Item]) -> str:
    """Write a JSON Feed: any character can stand in it."""
    entries = [
        {
            "id": f"{row.number} {row.title[:200]}",
            "url": row.url,
            "external_url": row.image,
            "title": row.title,
            "authors": [{"name": row.author, "url": row.image, "avatar": row.image}],
            "tags": [row.category],
            "summary": row.summary,
            "content_html": row.content,
            "image": row.image,
            "attachments": [{"url": file, "mime_type": row.file_type} for file in row.files],
        }
        for row in rows
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": escape(title), "items": entries}
    return json.dumps({**feed, "language": "en"})


def page(row: Item, extra: tuple[Payload, ...]) -> str:
    """Write the page of an article: the payloads are what it says of itself, too."""
    told = {
        "@type": "NewsArticle",
        "headline": row.title,
        "description": row.summary,
        "author": {"@type": "Person", "name": row.author, "url": row.image},
        "articleSection": row.category,
        "keywords": [row.category],
        "image": {"@type": "ImageObject", "url": row.image, "caption": row.author, "creditText": row.title},
        "mainEntityOfPage": row.image,
    }
    linked = json.dumps(told).replace("<", "\\u003c")
    words = "".join(
        f"<p>Paragraph {n} tells how the boat came in late and why nobody minded much; the harbour master "
        f"had counted {n * 7} passengers before the bell was rung. {escape(payload.text)}</p>"
        f'<figure><img src="https://wire.example/{n}.jpg?{escape(payload.text)}" width=900 height=600 '
        f'alt="{escape(payload.text)}"><figcaption>{escape(payload.text)} <small class="credit">Photo: '
        f"{escape(payload.text)}</small></figcaption></figure>"
        f'<blockquote class="twitter-tweet"><p>{escape(payload.text)}</p>{escape(payload.text)} '
        f'<a href="https://twitter.com/finn/status/{10_000_000 + n}?{escape(payload.text)}">then</a>'
        "</blockquote>"
        f"<blockquote><p>{escape(payload.text)}</p><cite>{escape(payload.text)}</cite></blockquote>"
        f"<table><caption>{escape(payload.text)}</caption><tr><th>{escape(payload.text)}</th></tr>"
        f"<tr><td>{escape(payload.text)}</td></tr></table>"
        f'<video src="https://wire.example/{n}.mp4?{escape(payload.text)}"></video>'
        f"<h2>{escape(payload.text)}</h2><ul><li>{escape(payload.text)}</li></ul>"
        for n, payload in enumerate(extra, start=1)
    )
    return (
        f"<!doctype html><html lang=en><head><title>{escape(row.title)}</title>"
        f'<meta property="og:title" content="{escape(row.title)}">'
        f'<meta name="author" content="{escape(row.author)}">'
        f'<meta name="description" content="{escape(row.summary)}">'
        f'<link rel=canonical href="{escape(row.image)}">'
        f'<script type="application/ld+json">{linked}</script></head>'
        f"<body><article><h1>{escape(row.title)}</h1>{words}{row.content}</article></body></html>"
    )


def opml(host: str) -> str:
    """Write a list of subscriptions whose names, folders and addresses are payloads."""
    places = addresses(host)
    outlines = "".join(
        f'<outline text="{escape(name)}"><outline type="rss" text="{escape(name)}" title="{escape(name)}" '
        f'xmlUrl="https://{host}/{n}.xml?{escape(places[n])}" htmlUrl="{escape(places[n])}" '
        f'category="/{escape(name)}"/></outline>'
        for n, name in enumerate(packed(payloads(), 480))
    )
    return _NOT_XML.sub("", f'<opml version="2.0"><body>{outlines}</body></opml>')
