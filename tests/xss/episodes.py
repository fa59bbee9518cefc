"""Episodes and films whose every word is a payload: addresses, chapters, transcripts, people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from daily8.news import types
from daily8.news.storing import storable
from daily8.store.models import Article, Revision, Source, TimedText
from tests.sites import NOW
from tests.xss.documents import names
from tests.xss.payloads import Payload, payloads

COUNT = 4
"""Episodes, and as many films; among them each payload is a chapter, a line, a speaker and an address."""
FRAME = "https://www.youtube-nocookie.com/embed/"


def found(source: Source) -> None:
    """Publish episodes with chapters and transcripts, and films of each form that pages of ours know."""
    for n in range(COUNT):
        some = payloads()[n::COUNT]
        _timed(_published(source, n, "podcast", f"https://sound.example/{n}.mp3"), some)
        form = ("mp4", "m3u8", "frame")[n % 3]
        film = _published(
            source, COUNT + n, "video", f"https://film.example/{n}.{form}", film=form == "frame"
        )
        _timed(film, some)
        _embedded(film, some)


def _published(source: Source, number: int, kind: str, address: str, *, film: bool = False) -> Article:
    name = storable(names())[number % len(names())]
    medium = "audio/mpeg" if kind == "podcast" else "video/mp4"
    at = NOW - timedelta(days=3, minutes=number)
    plays: dict[str, Any] = {"url": f"{address}?{name[:800]}", "type": medium, "length": 9, "duration": 4000}
    page = f"https://www.youtube.com/watch?v=abcdefghij{number % 10}&t={name[:200]}"
    return Article.objects.create(
        publisher=source.publisher,
        source=source,
        key=f"https://sound.example/{number}?{name[:200]}",
        url=page if film else f"https://sound.example/{number}?{name}",
        canonical_url="" if film else f"https://sound.example/{number}?{name}",
        title=name,
        kind=kind,
        language="en",
        section=name,
        enclosures=[] if film else [plays],
        episode={"season": 2, "number": 7, "people": storable([p.text for p in payloads()[number::COUNT]])},
        duration=4000,
        excerpt=name[:260],
        published_at=at,
        arrived_at=at,
    )


def _timed(article: Article, some: tuple[Payload, ...]) -> None:
    texts = storable([payload.text for payload in some])
    chapters = [{"start": 9 * n, "title": text, "url": text} for n, text in enumerate(texts)]
    lines = [{"start": 9 * n or None, "speaker": text, "text": text} for n, text in enumerate(texts)]
    kinds = TimedText.Kind
    for kind, rows in ((kinds.CHAPTERS, chapters), (kinds.TRANSCRIPT, lines)):
        tag = '"><img src=x onerror=pwned(-1)>'
        TimedText.objects.create(
            article=article, kind=kind, url=texts[0], type=texts[1], language=tag, content=rows, recipe="test"
        )


def _embedded(article: Article, some: tuple[Payload, ...]) -> None:
    """Keep films in the text whose numbers and addresses are payloads."""
    blocks: list[types.Block] = []
    for payload in some:
        text = storable([payload.text])[0]
        provider = ("youtube", "vimeo")[payload.number % 2]
        blocks.append(types.Embed(provider, text, text, author=text, text=text))
    blocks += [types.Embed("youtube", "https://www.youtube.com/watch?v=abcdefghijk", "abcdefghijk")]
    blocks += [types.Embed("vimeo", "https://vimeo.com/123456", "123456")]
    Revision.objects.create(
        article=article,
        number=1,
        seen_at=NOW,
        title=article.title,
        blocks=[types.block_to_json(block) for block in blocks],
        digest="1",
        recipe="test",
    )
