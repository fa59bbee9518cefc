"""The HTML of publishers: front pages and article pages in three layouts, with all that surrounds a text."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import quote

import lxml.etree
import lxml.html
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from daily8.replay.articles import Article, Publisher
from daily8.replay.feeds import TYPES, episode, link, paragraphs, picture, rfc3339, summary
from daily8.replay.wording import WORDS

LAYOUTS = 3
_RIGHT_TO_LEFT = {"ar", "fa", "he", "ur", "ps", "ckb"}
_YOUTUBE = re.compile(
    r"(?:youtu\.be/|youtube(?:-nocookie)?\.com/(?:watch\?(?:.*&)?v=|embed/|shorts/))([\w-]{11})"
)

_ADVERTISEMENT = Markup(
    '<div class="ad-slot ad-slot--inline" data-slot="mid"><span class="ad-label">%s</span></div>'
)
_NEWSLETTER = Markup(
    '<aside class="newsletter-promo"><p>%s</p><form action="/newsletter" method="post">'
    '<input type="email" name="email" placeholder="%s"><button>%s</button></form></aside>'
)
_READ_MORE = Markup('<div class="inline-related"><strong>%s:</strong> <a href="%s">%s</a></div>')


@dataclass(frozen=True, slots=True)
class Card:
    """A line of a list of articles."""

    url: str
    title: str
    time: datetime | None
    updated: datetime | None
    dek: str | None
    image: str | None


def front_page(publisher: Publisher, articles: Sequence[Article]) -> bytes:
    """Draw the front page: the newest articles, and the feed announced in the head."""
    return _draw("front.html", publisher, cards=[card(publisher, a) for a in articles])


def article_page(publisher: Publisher, article: Article, older: Sequence[Article]) -> bytes:
    """Draw an article's page with links to `older`; a row whose html is a whole page gives that."""
    if article.html and re.match(r"\s*(<!doctype|<html)", article.html, re.IGNORECASE):
        return article.html.encode()
    layout = zlib.crc32(publisher.slug.encode()) % LAYOUTS
    cards = [card(publisher, a) for a in older]
    return _draw(
        f"article-{layout}.html",
        publisher,
        article=article,
        url=link(publisher, article),
        image=picture(publisher, article.image) if article.image else None,
        dek=article.dek,
        description=summary(article),
        author=", ".join(article.authors),
        data=structured_data(publisher, article),
        blocks=_interrupted(_blocks(article), publisher, cards, layout),
        film=_film(publisher, article),
        sound=episode(publisher, article)[0].removeprefix(publisher.origin)
        if article.kind == "podcast"
        else None,
        gallery=_gallery(article),
        caption=article.captions[0] if article.captions else None,
        cards=cards,
        minutes=max(1, len((article.text or article.html or "").split()) // 220),
    )


def card(publisher: Publisher, article: Article) -> Card:
    """Give the line that stands for an article in a list."""
    path = link(publisher, article).removeprefix(publisher.origin)
    image = f"/img/{article.image}.jpg" if article.image else None
    return Card(path, article.title, article.time, article.updated, summary(article, 140), image)


def structured_data(publisher: Publisher, article: Article) -> Markup:
    """Write the article as JSON-LD (schema.org NewsArticle), safe inside a script element."""
    kinds = {"live": "LiveBlogPosting", "video": "NewsArticle", "podcast": "NewsArticle"}
    image = picture(publisher, article.image) if article.image else None
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kinds.get(article.kind, "NewsArticle"),
        "mainEntityOfPage": {"@type": "WebPage", "@id": link(publisher, article)},
        "headline": article.title,
        "description": article.dek,
        "datePublished": rfc3339(article.time),
        "dateModified": rfc3339(article.updated or article.time),
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": publisher.name,
            "logo": {"@type": "ImageObject", "url": f"{publisher.origin}/logo.png"},
        },
        "image": [image] if image else None,
        "articleSection": article.section,
        "keywords": ", ".join(article.tags) or None,
        "inLanguage": article.language,
    }
    if article.kind == "video":
        video = {"@type": "VideoObject", "name": article.title, "thumbnailUrl": image}
        video |= {"embedUrl": _film(publisher, article), "uploadDate": rfc3339(article.time)}
        if article.duration:
            video["duration"] = f"PT{article.duration}S"
        data["video"] = {k: v for k, v in video.items() if v}
    if article.kind == "podcast":
        data["audio"] = {"@type": "AudioObject", "contentUrl": episode(publisher, article)[0]}
    text = json.dumps({k: v for k, v in data.items() if v}, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def _film(publisher: Publisher, article: Article) -> str | None:
    if article.kind != "video" and not article.video:
        return None
    known = _YOUTUBE.search(article.video or "")
    if known:
        return f"https://www.youtube-nocookie.com/embed/{known[1]}"
    if article.video and article.video.startswith(("http://", "https://")):
        return article.video
    if article.video and article.video.startswith("/"):
        return publisher.origin + quote(article.video)
    if "<video" in (article.html or ""):
        return None
    return f"{publisher.origin}/video/{quote(article.id, safe='')}.mp4"


def _gallery(article: Article) -> list[tuple[str, str]]:
    if article.kind != "gallery" or not article.image:
        return []
    return [(f"/img/{article.image}-{number}.jpg", c) for number, c in enumerate(article.captions[1:], 2)]


def _blocks(article: Article) -> list[Markup]:
    if not article.html:
        return [Markup("<p>%s</p>") % p for p in paragraphs(article.text)]
    try:
        body = lxml.html.fragment_fromstring(article.html, create_parent="div")
    except (lxml.etree.LxmlError, ValueError):
        return [Markup(article.html)]  # noqa: S704
    blocks = [Markup(lxml.html.tostring(e, encoding="unicode").strip()) for e in body]  # noqa: S704
    return [Markup("<p>%s</p>") % body.text.strip(), *blocks] if (body.text or "").strip() else blocks


def _interrupted(blocks: list[Markup], publisher: Publisher, cards: list[Card], layout: int) -> list[Markup]:
    """Put among the blocks what publishers put there: an advertisement, a link, a form."""
    words = _words(publisher)
    between: dict[int, Markup | None] = {}
    if layout == 1:
        between = {3: _advertisement(words), 6: _newsletter(words)}
    elif layout == 2:
        between = {2: _read_more(words, cards), 5: _advertisement(words)}
    parts: list[Markup] = []
    place = count(1)
    for number, block in enumerate(blocks, 1):
        parts.append(block)
        if block.startswith("<p") and number < len(blocks) and (extra := between.get(next(place))):
            parts.append(extra)
    return parts


def _advertisement(words: dict[str, str]) -> Markup:
    return _ADVERTISEMENT % words["advertisement"]


def _newsletter(words: dict[str, str]) -> Markup:
    return _NEWSLETTER % (words["newsletter"], words["email"], words["subscribe"])


def _read_more(words: dict[str, str], cards: list[Card]) -> Markup | None:
    return _READ_MORE % (words["more"], cards[0].url, cards[0].title) if cards else None


def _words(publisher: Publisher) -> dict[str, str]:
    return WORDS.get((publisher.language or "en").partition("-")[0], WORDS["en"])


def _draw(template: str, publisher: Publisher, **values: Any) -> bytes:
    article = values.get("article")
    language = (article.language if article else None) or publisher.language or "en"
    return (
        _environment()
        .get_template(template)
        .render(
            publisher=publisher,
            feed_type=TYPES[publisher.format],
            w=_words(publisher),
            lang=language,
            dir="rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr",
            hue=zlib.crc32(publisher.key.encode()) % 360,
            **values,
        )
        .encode("utf-8", "replace")
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("daily8.replay"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["iso"] = rfc3339
    environment.filters["day"] = _day
    return environment


def _day(time: datetime) -> str:
    return f"{time.day:02}.{time.month:02}.{time.year} {time:%H:%M} UTC"


def listing(title: str, publishers: Sequence[Publisher], port: int, problems: Sequence[str]) -> bytes:
    """Draw the list of publishers that the bare address shows."""
    rows = Markup("").join(
        Markup('<tr><td><a href="http://%s.localhost:%d/">%s</a><td>%s<td>%s<td><code>%s</code></tr>\n')
        % (p.slug, port, p.name, p.country or "", p.language or "", p.feed)
        for p in publishers
    )
    faults = Markup("").join(Markup("<li>%s</li>") % p for p in problems)
    return (
        Markup(
            '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>%s</title>'
            "<style>body{font:16px/1.5 system-ui;margin:2rem auto;max-width:70rem}"
            "td{padding:.1rem 1rem .1rem 0}</style><h1>%s</h1>"
            '<p><a href="/opml">OPML</a> · <a href="/status">Status</a></p>'
            "<table>%s</table><ul>%s</ul></html>\n"
        )
        % (title, title, rows, faults)
    ).encode()
