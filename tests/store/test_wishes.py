"""What is asked and agreed decides every text and picture that leaves the store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from daily8.news.types import Block, Paragraph, Wish, block_to_json
from daily8.news.types import Image as ImageBlock
from daily8.news.wishes import Reservation, SiteWishes
from daily8.pipeline import upkeep
from daily8.store import articles, pictures, publishers, sources, wishes
from daily8.store.models import (
    Article,
    ArticlePicture,
    Errand,
    Picture,
    Revision,
    Site,
    Source,
    TimedText,
)
from daily8.store.values import ArticlePage, Card
from tests.store.conftest import NOW, new_source

pytestmark = pytest.mark.django_db

CANARY = (
    "canary words of the publisher, which are quite a few and go on for a while, longer than sixty letters"
)


@pytest.fixture
def canary(article: Callable[..., Article]) -> Article:
    """An article whose every text has the canary in it, with two pictures."""
    row = article(
        content=f"<p>{CANARY}</p>",
        summary=f"<p>{CANARY}</p>",
        excerpt=CANARY,
        dek=CANARY,
        enclosures=[
            {"url": "https://post.example/canary.mp3", "type": "audio/mpeg", "length": 1, "duration": 1}
        ],
        image={"url": "https://post.example/1.jpg", "alt": CANARY, "caption": CANARY, "credit": ""},
    )
    blocks: list[Block] = [Paragraph(CANARY), ImageBlock("https://post.example/2.jpg", caption=CANARY)]
    Revision.objects.create(
        article=row, number=1, seen_at=NOW, blocks=list(map(block_to_json, blocks)), digest="1", recipe="r"
    )
    for number in (1, 2):
        picture = Picture.objects.create(url=f"https://post.example/{number}.jpg", widths=[320, 640])
        ArticlePicture.objects.create(article=row, picture=picture, lead=number == 1, recipe="r")
    return row


def ask(row: Article, *asked: Wish) -> None:
    wishes.on_page(row, asked, NOW)
    row.save()


def seen(row: Article, **reader: object) -> ArticlePage:
    value = articles.page(row.id, **{"signed_in": False, "visibility": "private", **reader})  # type: ignore[arg-type]
    assert value is not None
    return value


def cards() -> list[Card]:
    slug = Source.objects.get().publisher.slug
    page = publishers.page(slug)
    assert page is not None
    return [*articles.latest(language="en").list.cards, *page.list.cards]


def test_the_canary_sings_where_nothing_is_asked(canary: Article) -> None:
    value = seen(canary)
    assert str(value).count("canary") >= 4
    assert all("canary" in str(card) for card in cards())
    assert len(value.pictures) == 2


@pytest.mark.parametrize("visibility", ["private", "public"])
@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("by", ["nosnippet", "max-snippet", "rights"])
def test_no_word_and_no_picture_where_only_a_link_may_be_shown(
    canary: Article, by: str, visibility: str, signed_in: bool
) -> None:
    if by == "rights":
        wishes.settle(canary.source_id, rights="link", ai="asked", now=NOW)
    else:
        ask(canary, Wish(by, "page", "0" if by == "max-snippet" else ""))
    value = seen(canary, signed_in=signed_in, visibility=visibility)
    assert value.display == "link"
    assert value.limited == by
    everything: list[ArticlePage | Card] = [value, *cards()]
    for shown in everything:
        assert "canary" not in str(shown)
        assert shown.picture is None
    assert value.pictures == {}


def test_an_article_is_let_go_when_its_time_is_over(canary: Article) -> None:
    end = NOW + timedelta(hours=3)
    later = end + timedelta(days=1)
    ask(
        canary,
        Wish("unavailable_after", "page", end.isoformat()),
        Wish("unavailable_after", "header", later.isoformat()),
    )
    upkeep.tick(end - timedelta(minutes=1))
    assert seen(canary).display == "full"
    assert Picture.objects.exists()
    upkeep.tick(end)
    value = seen(canary)
    assert (value.display, value.limited) == ("link", "unavailable_after")
    assert "canary" not in str(value)
    assert not Picture.objects.exists()
    canary.refresh_from_db()
    assert canary.lapses_at == later
    upkeep.tick(later)
    assert not wishes.any_lapsed(later + timedelta(days=99))


@pytest.mark.parametrize("rights", ["unknown", "excerpt"])
def test_no_more_than_so_many_characters(canary: Article, rights: str) -> None:
    ask(canary, Wish("max-snippet", "header", "24"))
    wishes.settle(canary.source_id, rights=rights, ai="asked", now=NOW)
    value = seen(canary)
    assert value.display == "excerpt"
    assert value.blocks == ()
    assert value.dek == ""
    assert value.excerpt == "canary words of the…"
    assert {card.text for card in cards()} == {value.excerpt}


def test_an_agreement_gives_the_whole_text_at_once(canary: Article) -> None:
    ask(canary, Wish("nosnippet", "page"), Wish("max-image-preview", "page", "none"))
    assert wishes.settle(canary.source_id, rights="full", ai="asked", now=NOW)
    value = seen(canary, visibility="public")
    assert value.display == "full"
    assert len(value.blocks) == 2
    assert value.picture is not None
    assert not value.permissions.may_use_ai
    wishes.settle(canary.source_id, rights="full", ai="agreed", now=NOW)
    assert seen(canary).permissions.may_use_ai
    wishes.settle(canary.source_id, rights="full", ai="never", now=NOW)
    assert not seen(canary).permissions.may_use_ai


@pytest.mark.parametrize(("value", "widths"), [("none", None), ("standard", (320,)), ("large", (320, 640))])
def test_how_large_pictures_may_be(canary: Article, value: str, widths: tuple[int, ...] | None) -> None:
    ask(canary, Wish("max-image-preview", "page", value))
    page = seen(canary)
    assert page.display == "full"
    assert (page.picture.widths if page.picture else None) == widths
    assert {picture.widths for picture in page.pictures.values()} == ({widths} if widths else set())
    assert len(page.blocks) == (2 if widths else 1)
    for card in cards():
        assert (card.picture.widths if card.picture else None) == widths


def test_a_picture_that_has_not_come_is_asked_for_in_its_smallest_width() -> None:
    row = Picture.objects.create(url="https://post.example/new.jpg")
    assert pictures.view(row, small=True).widths == (pictures.SMALL,)
    assert pictures.view(row).widths == ()


def test_a_picture_that_another_article_shows_is_kept(
    canary: Article, article: Callable[..., Article]
) -> None:
    other = article(2)
    shared = Picture.objects.get(url="https://post.example/1.jpg")
    ArticlePicture.objects.create(article=other, picture=shared, lead=True, recipe="r")
    pictures.forget(canary.id)
    assert list(Picture.objects.all()) == [shared]
    assert ArticlePicture.objects.get().article_id == other.id
    pictures.forget(canary.id)


def test_what_a_site_asks_holds_for_all_that_lies_there(article: Callable[..., Article]) -> None:
    rows = [
        article(1),
        article(2, url="https://post.example/open/2"),
        article(3, url="https://other.example/3"),
    ]
    reserved = (Reservation("/open/", False), Reservation("/", True, "https://post.example/tdm"))
    wishes.on_site("https://post.example", SiteWishes(reservations=reserved), NOW)
    found = wishes.of(list(Article.objects.select_related("source")))
    assert [found[row.id].may_use_ai for row in rows] == [False, True, True]
    (why, *_) = found[rows[0].id].reasons["ai"]
    assert (why.place, why.value, why.seen_at) == ("tdmrep", "https://post.example/tdm", NOW)
    wishes.on_site("https://post.example", SiteWishes(), NOW)
    assert wishes.of([Article.objects.select_related("source").get(id=rows[0].id)])[rows[0].id].may_use_ai


def test_a_site_that_asks_nothing_takes_no_row() -> None:
    wishes.on_site("https://post.example", SiteWishes(), NOW)
    assert not Site.objects.exists()


def test_rights_that_there_are_not_are_refused(source: Source) -> None:
    for rights, ai in (("all", "asked"), ("full", "yes"), ("", "")):
        with pytest.raises(ValueError, match="there are no rights"):
            wishes.settle(source.id, rights=rights, ai=ai, now=NOW)
    assert not wishes.settle(uuid4(), rights="full", ai="asked", now=NOW)


def test_parts_of_an_index_have_its_rights(source: Source) -> None:
    part = Source.objects.create(
        publisher=source.publisher, url="https://post.example/p", key="p", host="post.example", parent=source
    )
    wishes.settle(source.id, rights="excerpt", ai="never", now=NOW)
    part.refresh_from_db()
    assert (part.rights, part.ai) == ("excerpt", "never")


def test_opened_rights_ask_for_recent_pages_alone(article: Callable[..., Article], source: Source) -> None:
    new, _read = article(1), article(2, read_at=NOW)
    article(3, published_at=NOW.replace(year=2024))
    wishes.settle(source.id, rights="link", ai="asked", now=NOW)
    assert not Errand.objects.exists()
    wishes.settle(source.id, rights="excerpt", ai="asked", now=NOW)
    assert [errand.subject for errand in Errand.objects.all()] == [new.id]


def test_nothing_more_is_fetched_where_only_links_may_be_shown(
    canary: Article, article: Callable[..., Article]
) -> None:
    wanted = new_source("other")
    sources.add([wanted], due={wanted.key: NOW})
    other = article(9, source=Source.objects.get(key=wanted.key))
    read = article(2)
    timed = TimedText.objects.create(article=canary, kind="transcript", url="https://post.example/1.vtt")
    shown = ArticlePicture.objects.filter(article=canary).values_list("picture_id", flat=True)[0]
    for subject, kind, verdict in (
        (canary.id, "page", None),
        (timed.id, "timed", None),
        (shown, "picture", None),
        (read.id, "page", "done"),
        (other.id, "page", None),
    ):
        Errand.objects.create(kind=kind, subject=subject, host="post.example", due_at=NOW, verdict=verdict)
    wishes.settle(canary.source_id, rights="link", ai="asked", now=NOW)
    told = {(e.kind, e.subject): (e.verdict, e.cause) for e in Errand.objects.all()}
    assert told == {
        ("page", canary.id): ("aside", wishes.CLOSED),
        ("timed", timed.id): ("aside", wishes.CLOSED),
        ("page", read.id): ("done", ""),
        ("page", other.id): (None, ""),
    }
    assert not Picture.objects.exists()
    # What was set aside, and what has lost its pictures, is asked for anew.
    Article.objects.filter(id=canary.id).update(read_at=NOW)
    wishes.settle(canary.source_id, rights="unknown", ai="asked", now=NOW)
    due = Errand.objects.filter(kind="page", verdict=None).values_list("subject", flat=True)
    assert set(due) == {canary.id, read.id, other.id}


def test_many_articles_are_let_go_bit_by_bit(
    canary: Article, article: Callable[..., Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wishes, "_AT_ONCE", 1)
    row = article(2)
    ArticlePicture.objects.create(article=row, picture=Picture.objects.all()[0], lead=True, recipe="r")
    wishes.settle(canary.source_id, rights="link", ai="asked", now=NOW)
    assert not Picture.objects.exists()
