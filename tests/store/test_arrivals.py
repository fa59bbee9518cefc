"""What arrives is written once, believed within reason, and never made worse by a bad page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from daily8.news.repeats import Aside
from daily8.news.sanitise import POLICY_VERSION
from daily8.news.types import Entry as FeedEntry
from daily8.news.types import Extracted, Image, Paragraph, Quality, Wish
from daily8.store import arrivals, articles, hosts, pictures, sources
from daily8.store.arrivals import Draft, PageResult
from daily8.store.hosts import DuePage, DuePoll, HostClaim
from daily8.store.models import Article, ArticlePicture, Entry, Errand, Picture, Source
from tests.store.conftest import NOW, new_source

pytestmark = pytest.mark.django_db
LEASE = timedelta(minutes=3)
PATIENCE = timedelta(hours=6)


def draft(number: int = 1, **values: Any) -> Draft:
    url = f"https://post.example/{number}"
    given = Draft(
        key=f"id-{number}",
        digest="first",
        article=url,
        url=url,
        domain="post.example",
        has_page=True,
        title=f"Ferry number {number}",
        dek="",
        authors=("Ada Quill",),
        kind="text",
        language="en",
        tags=(),
        image=None,
        enclosures=(),
        summary="<p>Late.</p>",
        content="",
        excerpt="Late.",
        published_at=NOW - timedelta(hours=1),
        updated_at=None,
    )
    return replace(given, **values)


def due_of(source: Source) -> DuePoll:
    poll = next(d for d in hosts.claim(NOW, lease=LEASE)[0].due if isinstance(d, DuePoll))
    assert poll.source == source.id
    return poll


def arrive(
    due: DuePoll, *new: Draft, changed: tuple[Draft, ...] = (), now: datetime = NOW
) -> arrivals.Arrived:
    return arrivals.arrive(due, new, changed, (), now=now, patience=PATIENCE)


def read(article: Article, *, now: datetime = NOW, aside: tuple[Aside, ...] = (), **values: Any) -> None:
    """Record a page as if its host were in hand."""
    errand = Errand.objects.get(kind="page", subject=article.id)
    due = DuePage(errand.id, article.id, article.url, errand.tries, errand.due_at)
    found = Extracted(
        **{
            "title": article.title,
            "blocks": (Paragraph("The ferry came in late."),),
            "quality": Quality(0.9, "article"),
            **values,
        }
    )
    lead = (found.image.url,) if found.image else ()
    result = PageResult(found, "The ferry came in late.", "recipe 1", lead, aside=aside)
    arrivals.record_page(_claim(), due, result, now=now, lease=LEASE)


def _claim() -> HostClaim:
    from daily8.store.models import Host

    row = Host.objects.get(name="post.example")
    assert row.claim_token is not None
    return HostClaim(row.name, row.claim_token, None, ())


def test_an_edited_entry_is_read_again_once(source: Source) -> None:
    due = due_of(source)
    arrive(due, draft())
    article = Article.objects.get()
    read(article)
    later = NOW + timedelta(hours=1)
    edited = draft(digest="second", title="Ferry number 1, corrected")
    told = arrive(due, changed=(edited,), now=later)
    assert Entry.objects.get().digest == "second"
    # Not before some hours after its last reading: a feed that stamps each answer asks for nothing more.
    assert told.due == {"post.example": NOW + PATIENCE}
    assert Errand.objects.get(kind="page").due_at == NOW + PATIENCE
    assert sources.known(source.id, ["id-1"]) == {"id-1": "second"}


def test_an_old_article_is_not_read_again(source: Source) -> None:
    due = due_of(source)
    arrive(due, draft(published_at=NOW - timedelta(days=30)))
    read(Article.objects.get())
    told = arrive(due, changed=(draft(digest="second"),), now=NOW + timedelta(days=1))
    assert told.due == {}
    assert Errand.objects.get(kind="page").verdict == "done"


@pytest.mark.parametrize(
    "stated",
    [
        datetime.fromisoformat("0001-01-01T00:00:00+02:00"),
        datetime.fromisoformat("9999-12-31T23:59:59-05:00"),
        datetime(1969, 7, 20, tzinfo=UTC),
        datetime(2040, 1, 1, tzinfo=UTC),
        None,
    ],
)
def test_times_that_cannot_be_are_not_believed(source: Source, stated: datetime | None) -> None:
    arrive(due_of(source), draft(published_at=stated, updated_at=stated))
    read(Article.objects.get(), published=stated, updated=stated)
    (card,) = articles.latest(language="en").list.cards
    assert card.published_at == NOW
    page = articles.page(card.id, signed_in=False, visibility="private")
    assert page is not None
    assert page.updated_at in (None, NOW)


def test_a_wall_shown_as_a_page_does_not_replace_the_article(source: Source) -> None:
    due = due_of(source)
    arrive(due, draft())
    article = Article.objects.get()
    read(article)
    hosts.again(Errand.Kind.PAGE, {article.id: "post.example"}, NOW)
    wall = Quality(0.0, "none", ("A page that asks for a check of the browser.",))
    read(article, title="Just a moment...", blocks=(), quality=wall)
    article.refresh_from_db()
    assert (article.title, article.verdict) == ("Ferry number 1", "article")
    assert article.revisions.count() == 1


def test_what_a_feed_no_longer_says_is_not_taken_back(source: Source) -> None:
    due = due_of(source)
    arrive(due, draft())
    arrive(due, changed=(draft(digest="second", authors=(), url="", title="Ferry 1"),))
    article = Article.objects.get()
    assert (article.title, article.authors, article.url) == (
        "Ferry 1",
        ["Ada Quill"],
        "https://post.example/1",
    )


def test_a_publisher_speaks_for_what_stands_on_its_own_site(source: Source) -> None:
    links = new_source("links", rights="link")
    sources.add([links], due={links.key: NOW})
    claims = {claim.name: claim for claim in hosts.claim(NOW, lease=LEASE)}
    stranger, own = (
        next(due for due in claims[name].due if isinstance(due, DuePoll))
        for name in ("links.example", "post.example")
    )
    arrive(stranger, draft(has_page=False))
    arrive(own, draft())
    article = Article.objects.get()
    assert article.source_id == source.id
    assert article.publisher_id == source.publisher_id
    assert Errand.objects.get(kind="page", subject=article.id).verdict is None
    arrive(stranger, draft(has_page=False, key="again"))
    article.refresh_from_db()
    assert article.source_id == source.id


def test_an_article_has_one_lead_picture_and_keeps_the_feeds_where_its_page_has_none(source: Source) -> None:
    first, second = "https://post.example/1.jpg", "https://post.example/2.jpg"
    due = due_of(source)
    arrive(due, draft(image=Image(first)))
    article = Article.objects.get()
    read(article)
    assert ArticlePicture.objects.get(lead=True).picture.url == first
    hosts.again(Errand.Kind.PAGE, {article.id: "post.example"}, NOW)
    read(article, image=Image(second))
    assert ArticlePicture.objects.get().picture.url == second


def test_the_feeds_picture_stands_in_for_an_article_without_a_page(source: Source) -> None:
    arrive(due_of(source), draft(has_page=False, image=Image("https://post.example/1.jpg")))
    assert ArticlePicture.objects.filter(lead=True).count() == 1
    assert Errand.objects.get(kind="picture").verdict is None


def test_asking_for_a_picture_makes_it_due_only_where_it_can_help(source: Source) -> None:
    arrive(due_of(source), draft(has_page=False, image=Image("https://post.example/1.jpg")))
    picture = Picture.objects.get()
    Picture.objects.update(widths=[320, 640], size=10)
    Errand.objects.filter(kind="picture").update(verdict="done")
    assert not pictures.ask(picture.id, 7, NOW)  # there is no such width, and there never will be
    assert Errand.objects.get(kind="picture").verdict == "done"
    assert pictures.ask(picture.id, 320, NOW)  # its file is gone
    assert Errand.objects.get(kind="picture").verdict is None
    assert not pictures.ask(UUID(int=0), 320, NOW)


def test_entries_that_left_their_feed_long_ago_are_forgotten_and_articles_stay(source: Source) -> None:
    due = due_of(source)
    arrive(due, draft(1), draft(2))
    later = NOW + timedelta(days=100)
    arrivals.arrive(due, (), (), ["id-2"], now=later, patience=PATIENCE)
    assert arrivals.prune(NOW + timedelta(days=1)) == 1
    assert Entry.objects.get().key == "id-2"
    assert Article.objects.count() == 2


def test_what_a_feed_says_anew_does_not_vouch_for_older_texts(source: Source) -> None:
    due = due_of(source)
    arrive(due, draft())
    assert Article.objects.get().policy == POLICY_VERSION
    Article.objects.update(policy=POLICY_VERSION - 1)
    arrive(due, changed=(draft(digest="second", summary="<p>Later.</p>"),))
    row = Article.objects.get()
    assert (row.summary, row.policy) == ("<p>Later.</p>", POLICY_VERSION - 1)


def test_reading_again_never_raises_an_article_as_new(source: Source) -> None:
    arrive(due_of(source), draft())
    row = Article.objects.get()
    read(row, published=NOW - timedelta(hours=2))
    row.refresh_from_db()
    found = Extracted(
        title=row.title,
        published=NOW - timedelta(minutes=5),
        blocks=(Paragraph("The ferry came in late."),),
        quality=Quality(0.9, "article"),
    )
    arrivals.retake(row, PageResult(found, "", "recipe 2", ()), FeedEntry())
    assert row.published_at == NOW - timedelta(hours=2)


def test_reading_again_takes_back_what_only_the_older_recipe_found(source: Source) -> None:
    arrive(due_of(source), draft(tags=("sea",)))
    row = Article.objects.get()
    wrong = Image("https://post.example/logo.png")
    read(row, authors=("Log in",), tags=("menu",), kind="video", dek="Subscribe now", image=wrong)
    row.refresh_from_db()
    assert (row.tags, row.kind) == (["sea", "menu"], "video")
    found = Extracted(
        title=row.title,
        tags=("boats",),
        blocks=(Paragraph("The ferry came in late."),),
        quality=Quality(0.9, "article"),
    )
    said = FeedEntry(authors=("Ada Quill",), categories=("sea",), kind="text")
    arrivals.retake(row, PageResult(found, "", "recipe 2", ()), said)
    assert (row.authors, row.tags, row.kind) == (["Ada Quill"], ["sea", "boats"], "text")
    assert (row.dek, row.image) == ("", None)


def test_the_picture_of_a_feed_is_kept_only_where_it_may_be_shown(source: Source) -> None:
    picture = Image("https://post.example/1.jpg")
    asked = (Wish("max-image-preview", "feed", "none"),)
    due = due_of(source)
    arrive(due, draft(1, has_page=False, image=picture, wishes=asked))
    assert not Picture.objects.exists()
    arrive(due, draft(2, has_page=False, image=picture))
    assert ArticlePicture.objects.get().article.key == "https://post.example/2"
    Source.objects.update(rights="link")  # while the feed is in hand
    arrive(due, draft(3, has_page=False, image=picture))
    assert ArticlePicture.objects.count() == 1
