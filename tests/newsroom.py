"""A small newsroom for the tests of pages: rows of three publishers, with every kind of block."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from PIL import Image as Pillow

from daily8.news import types
from daily8.news.packing import packed
from daily8.news.repair import Guide, read
from daily8.news.stories.values import OPENED, SCORE, Decision, decision_to_json
from daily8.news.types import Entry
from daily8.store import arrivals, kept, pictures, sources
from daily8.store.arrivals import PageResult
from daily8.store.kept import Keep
from daily8.store.models import (
    Arrival,
    Article,
    ArticlePicture,
    Entity,
    Fetch,
    Hashtag,
    Membership,
    Picture,
    Poll,
    Reader,
    Relation,
    Revision,
    Source,
    Standing,
    Story,
    Tagging,
)
from daily8.store.sources import NewSource

PASSWORD = "a long pass phrase of the tests"
WIDTHS = (320, 640)


@dataclass
class Newsroom:
    """Three publishers, two in English and one in Arabic, and what they have published."""

    now: datetime
    english: Source
    arabic: Source
    other: Source
    articles: list[Article] = field(default_factory=list)

    def publish(self, number: int, *, arabic: bool = False, **values: Any) -> Article:
        """Publish a short article, ``number`` minutes ago."""
        source = values.pop("source", self.arabic if arabic else self.english)
        at = self.now - timedelta(minutes=number)
        title = f"خبر رقم {number} من الميناء" if arabic else f"Ferry number {number} reaches the island"
        article = Article.objects.create(
            **{
                "publisher": source.publisher,
                "source": source,
                "key": f"https://{source.host}/{number}",
                "url": f"https://{source.host}/{number}",
                "canonical_url": f"https://{source.host}/{number}",
                "title": title,
                "language": "ar" if arabic else "en",
                "published_at": at,
                "arrived_at": at,
                "content": "<p>نص الخبر كاملًا.</p>" if arabic else "<p>The whole text of it.</p>",
                "excerpt": "نص الخبر كاملًا." if arabic else "The whole text of it.",
                **values,
            }
        )
        self.articles.append(article)
        return article

    def story(self, *articles: Article) -> Story:
        """Let articles be one story, each with the figures of a decision."""
        first = (Arrival.objects.aggregate(last=Max("seq"))["last"] or 0) + 1
        story = Story.objects.create(opened_seq=first, opened_at=self.now)
        for seq, row in enumerate(articles, first):
            Arrival.objects.create(
                seq=seq,
                article=row,
                title=row.title,
                text=row.excerpt,
                language=row.language,
                publisher=row.publisher.domain,
                published_at=row.published_at,
                taken_at=self.now,
            )
            decided = Decision(
                seq,
                first,
                opened=seq == first,
                rule=OPENED if seq == first else SCORE,
                score=0.31,
                threshold=0.2,
                features=(("ferry", 0.2), ("island", 0.1)),
            )
            Membership.objects.create(
                article=row, seq=seq, story=story, decision=decision_to_json(decided), recipe="test"
            )
        return story

    def text(self, article: Article, *blocks: types.Block) -> None:
        """Give an article the text of its page."""
        Revision.objects.create(
            article=article,
            number=1,
            seen_at=self.now,
            title=article.title,
            blocks=[types.block_to_json(block) for block in blocks],
            digest="1",
            recipe="test",
        )

    def change(self, article: Article, *blocks: types.Block, **values: Any) -> None:
        """Give an article another text, half an hour after the last one; its kind is an update."""
        last = article.revisions.order_by("-number")[0]
        at = last.seen_at + timedelta(minutes=30)
        told = {"kind": "update", "title": last.title, "dek": last.dek, "seen_at": at, **values}
        Revision.objects.create(
            article=article,
            number=last.number + 1,
            blocks=[types.block_to_json(block) for block in blocks],
            digest=str(last.number + 1),
            recipe="test",
            **told,
        )

    def picture(
        self, article: Article, *, url: str = "", lead: bool = True, media: Path | None = None
    ) -> Picture:
        """Give an article a picture: stored in the media folder, or without one yet to be fetched."""
        address = url or f"{article.url}.jpg"
        picture, _ = Picture.objects.get_or_create(url=address)
        picture.refresh_from_db()
        if media:
            for width in WIDTHS:
                file = pictures.path(picture.id, width)
                file.parent.mkdir(parents=True, exist_ok=True)
                body = BytesIO()
                Pillow.new("RGB", (width, width * 2 // 3), "#3a6ea5").save(body, "WEBP")
                file.write_bytes(body.getvalue())
            picture.width, picture.height, picture.colour = 640, 427, "#3a6ea5"
            picture.widths, picture.size = list(WIDTHS), 1000
            picture.save()
        ArticlePicture.objects.create(article=article, picture=picture, lead=lead, recipe="test")
        return picture


def found(now: datetime | None = None) -> Newsroom:
    """Found the newsroom: publishers and sources, nothing published yet."""
    now = now or datetime.now(UTC)
    wanted = [
        NewSource(
            url="https://harbour.example/feed.xml",
            key="https://harbour.example/feed.xml",
            host="harbour.example",
            publisher_domain="harbour.example",
            publisher_name="The Harbour Post",
            home="https://harbour.example/",
            language="en",
            country="IE",
            kind="private",
            owner="Quay Readers' Trust",
            title="Harbour news",
        ),
        NewSource(
            url="https://mina.example/feed.xml",
            key="https://mina.example/feed.xml",
            host="mina.example",
            publisher_domain="mina.example",
            publisher_name="صحيفة الميناء",
            home="https://mina.example/",
            language="ar",
            country="EG",
            kind="public",
            title="أخبار الميناء",
        ),
        NewSource(
            url="https://islander.example/feed.xml",
            key="https://islander.example/feed.xml",
            host="islander.example",
            publisher_domain="islander.example",
            publisher_name="The Islander",
            language="en",
            country="IE",
        ),
    ]
    sources.add(wanted, due={source.key: now + timedelta(minutes=12) for source in wanted})
    english, arabic, other = (Source.objects.get(key=source.key) for source in wanted)
    return Newsroom(now, english, arabic, other)


def fail(source: Source, now: datetime) -> None:
    """Let the last fetch of a source fail."""
    Poll.objects.filter(source=source).update(
        cause="The publisher refuses us this address (HTTP 403).",
        failures=1,
        fetched_at=now,
        next_at=now + timedelta(hours=4),
        why={"code": "refused", "seconds": 14400.0},
    )
    Fetch.objects.create(
        source=source,
        at=now,
        status=403,
        seconds=0.25,
        size=1234,
        cause="The publisher refuses us this address (HTTP 403).",
    )


def every_block() -> list[types.Block]:
    """Give one block of each kind."""
    return [
        types.Paragraph('The ferry <a href="https://harbour.example/old">returned</a> at <em>noon</em>.'),
        types.Heading("What the captain said", 2),
        types.Quote(("We saw the light.", "Then we were home."), "Captain Orla Finn"),
        types.ListBlock(("first <b>rope</b>", "second rope"), ordered=True),
        types.Table((("Day", "Boats"), ("Monday", "4")), header=True, caption="Boats"),
        types.Image(
            "https://harbour.example/quay.jpg", alt="The quay", caption="The quay at noon", credit="A. Finn"
        ),
        types.Embed("x", "https://x.example/finn/1", author="@finn", text="Home at last.\nAll of us."),
        types.Embed("youtube", "https://www.youtube.com/watch?v=abcdefghijk", id="abcdefghijk"),
        types.Embed("audio", "https://harbour.example/horn.mp3"),
        types.Rule(),
        types.Paragraph("The last paragraph."),
    ]


def reader(role: str = "reader") -> Reader:
    """Make an account."""
    return Reader.objects.create_user(f"{role}@harbour.example", PASSWORD, role=role, name=role.title())


_PAGE = """<!doctype html><html lang="{lang}"><head><title>{title}</title></head><body>
<article><h1>{title}</h1><p class="by">{author}</p>
<div class="story">{text}</div><p class="box">{box}</p></article>
</body></html>"""


def keep(article: Article, *, low: bool = False) -> None:
    """Keep the page of an article as if it had been read; with ``low`` it was read badly."""
    arabic = article.language == "ar"
    sentence = (
        "وصلت العبّارة متأخرة ولم يأبه أحد كثيرًا." if arabic else "The ferry came in late and nobody minded."
    )
    page = _PAGE.format(
        lang=article.language,
        title=article.title,
        author="مها الميناوي" if arabic else "Maeve Byrne",
        text="".join(f"<p>{number}. {sentence * 6}</p>" for number in range(1, 4 - low)),
        box="تابعوا صحيفة الميناء على جميع المنصات."
        if arabic
        else "Follow the Harbour Post on all channels.",
    )
    entry, guide = Entry(url=article.url, title=article.title), Guide()
    reading = read(page, article.url, None, entry, guide)
    quality = types.Quality(0.4, "excerpt", ("short: perhaps not the whole article",))
    found = replace(reading.extracted, quality=quality) if low else reading.extracted
    kept_page = Keep("harbour.example", article.url, "text/html", packed(page.encode()), entry, guide)
    with transaction.atomic():
        arrivals.retake(article, PageResult(found, "", "daily8-extract/2 policy 1", ()), entry)
        article.save()
        kept.keep(article, replace(kept_page, edges=reading.edges), found.quality, now=article.arrived_at)


def tell(room: Newsroom, article: Article, arabic: Article) -> Story:
    """Tell a story in two languages, with all that is known of it; it leads each front page."""
    wide = room.publish(200, source=room.other, title="W" * 90)
    first = room.publish(400, title="Ferry missing in the storm")
    near = room.publish(390, arabic=True, title="العبّارة مفقودة في العاصفة")
    story = room.story(first, near, wide, article, arabic)
    for made in (article, arabic):
        for place, (key, name, other) in enumerate((("storm", "Storm", "عاصفة"), ("long", "L" * 60, ""))):
            tag, _ = Hashtag.objects.get_or_create(key=key, defaults={"name_en": name, "name_ar": other})
            Tagging.objects.create(article=made, hashtag=tag, place=place, recipe="test")
        Entity.objects.create(article=made, key="k", name="Kelmar", kind="place", place=0, recipe="test")
        for place, row in enumerate((first, near, wide)):
            reason = {"turn": "earlier", "about": ["Kelmar", "العاصفة"], "seconds": 7200.0}
            values = {"relation": "earlier", "score": 0.4, "place": place, "recipe": "test"}
            Relation.objects.create(article=made, other=row, reason=reason, **values)
    for language, lead in (("en", article), ("ar", arabic), ("", article)):
        others = [row for row in room.articles if row.language == (language or "en")][:9]
        _stand(f"{language}-", 0, story, lead, [["growing", 3], ["publishers", 3], ["countries", 2]])
        for place, row in enumerate(others, 1):
            alone = Story.objects.filter(members__article=row).first() or room.story(row)
            _stand(f"{language}-", place, alone, row, [["new", 0], ["original", 1]])
    return story


def _stand(edition: str, place: int, story: Story, lead: Article, reasons: list[list[Any]]) -> None:
    Standing.objects.create(
        edition=edition,
        place=place,
        story=story,
        lead=lead,
        score=1.0 - place / 10,
        growth=0.0,
        reasons=reasons,
        reports=story.members.count(),
        publishers=1,
        recipe="test",
    )
