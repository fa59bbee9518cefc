"""From a publisher's feed to the article page, on a replayed web."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from daily8.store import articles
from daily8.store.models import Article, Errand, Fetch, Host, Picture, Poll, Source
from tests.pipeline.conftest import NOW, Line, row

pytestmark = pytest.mark.django_db(transaction=True)


def test_articles_arrive_whole(line: Callable[..., Line]) -> None:
    there = line([row(1), row(2), row(3, "hill-gazette", lang="ar", title="وصلت العبّارة إلى الميناء أخيرًا")])
    there.subscribe()
    there.drain()

    assert Article.objects.count() == 3
    article = Article.objects.get(title="Ferry number 1 reaches the harbour at last")
    page = articles.page(article.id, signed_in=False, visibility="private")
    assert page is not None
    assert page.ready
    assert page.publisher.name
    assert page.authors == ("Ada Quill",)
    assert page.published_at == NOW - timedelta(minutes=10)
    assert len([block for block in page.blocks if "passengers" in str(block)]) == 5
    assert page.picture is not None
    assert page.picture.widths
    assert [card.title for card in page.more] == []  # the other of its language is the publisher's own
    arabic = Article.objects.get(language="ar")
    assert arabic.title == "وصلت العبّارة إلى الميناء أخيرًا"


def test_what_is_unchanged_is_asked_conditionally_and_brings_nothing(line: Callable[..., Line]) -> None:
    there = line([row(1)])
    there.subscribe()
    there.drain()
    there.moment += timedelta(days=2)
    there.drain()
    fetches = list(Fetch.objects.order_by("at"))
    assert [fetch.status for fetch in fetches] == [200, 304]
    assert Article.objects.count() == 1
    assert Poll.objects.get().cause == ""


def test_a_source_becomes_active_by_its_first_fetch(line: Callable[..., Line]) -> None:
    there = line([row(1)])
    there.subscribe()
    assert Source.objects.get().state == Source.State.UNVERIFIED
    there.drain()
    assert Source.objects.get().state == Source.State.ACTIVE


def test_a_failure_leaves_its_cause_and_the_next_try(line: Callable[..., Line]) -> None:
    there = line([row(1)])
    there.subscribe(["http://harbour-post.replay.test/nowhere.xml", "http://harbour-post.replay.test/"])
    there.drain()
    causes = dict(Poll.objects.values_list("source__url", "cause"))
    assert "HTTP 404" in causes["http://harbour-post.replay.test/nowhere.xml"]
    assert "web page" in causes["http://harbour-post.replay.test/"]
    for poll in Poll.objects.all():
        assert poll.failures == 1
        assert poll.next_at is not None
        assert poll.next_at > NOW
        assert poll.etag is None  # what was not read leaves no validators


def test_one_article_of_two_sources_stands_once(line: Callable[..., Line]) -> None:
    there = line([row(1)])
    publisher = there.server.publishers[0]
    there.subscribe([publisher.feed, f"{publisher.home}news-sitemap.xml"])
    there.drain()
    assert Source.objects.count() == 2
    assert Article.objects.count() == 1


def test_running_twice_does_the_work_once(line: Callable[..., Line]) -> None:
    there = line([row(1), row(2)])
    there.subscribe()
    there.drain()
    asked = there.server.log.count()
    assert there.drain() == 0
    assert there.server.log.count() == asked
    assert not Errand.objects.filter(verdict=None).exists()


def test_every_host_is_given_back(line: Callable[..., Line]) -> None:
    there = line([row(1), row(2, "hill-gazette")])
    there.subscribe()
    there.drain()
    for host in Host.objects.all():
        assert host.claim_token is None
        assert host.next_at == Poll.objects.get(source__host=host.name).next_at


def test_pictures_are_stored_and_served(line: Callable[..., Line]) -> None:
    from daily8.store import pictures

    there = line([row(1)])
    there.subscribe()
    there.drain()
    picture = Picture.objects.get(articles__lead=True)
    for width in picture.widths:
        file = pictures.stored(picture.id, width)
        assert file is not None
        assert file.path.read_bytes()[8:12] == b"WEBP"
    assert picture.colour.startswith("#")
