"""Front pages are worked out beforehand from what was put into stories."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from daily8.news.fronts import RECIPE
from daily8.pipeline import fronts
from daily8.store import steering
from daily8.store.models import Article, Membership, Source, Standing
from tests.pipeline.stories import NOW, arrive, assign, no_repair
from tests.web.reading import text, tree

pytestmark = pytest.mark.django_db(transaction=True)

STANDING = '//*[contains(@class, "standing")]/a'


@pytest.fixture
def articles() -> list[Article]:
    made = arrive(30)
    Source.objects.update(language="en")
    no_repair()
    assign()
    return made


def test_stories_stand_in_each_edition_that_has_sources(articles: list[Article]) -> None:
    assert fronts.renew(NOW) == 2
    keys = set(Standing.objects.values_list("edition", flat=True))
    assert keys == {"-", "en-"}
    for row in Standing.objects.filter(edition="en-"):
        assert row.lead.language == "en"
        assert row.recipe == RECIPE
        assert row.reports == Membership.objects.filter(story=row.story).count()
    before = list(
        Standing.objects.values_list("edition", "place", "story", "lead").order_by("edition", "place")
    )
    fronts.renew(NOW)
    after = list(
        Standing.objects.values_list("edition", "place", "story", "lead").order_by("edition", "place")
    )
    assert before == after


def test_what_is_old_leaves_the_front_page(articles: list[Article]) -> None:
    fronts.renew(NOW)
    assert Standing.objects.exists()
    fronts.renew(NOW + timedelta(days=5))
    assert not Standing.objects.exists()


def test_an_edition_that_lost_its_sources_has_no_front_page(articles: list[Article]) -> None:
    fronts.renew(NOW)
    Source.objects.update(language="fr")
    fronts.renew(NOW)
    assert not Standing.objects.filter(edition="en-").exists()


def test_the_front_page_shows_stories_and_why_they_stand_there(
    articles: list[Article], client: Client
) -> None:
    fronts.renew(NOW)
    page = tree(client.get("/edition/world"))
    lines = page.xpath(STANDING)
    assert len(lines) >= 4
    stories = [line.get("href") for line in lines]
    assert len(set(stories)) == len(stories)
    assert client.get(stories[0]).status_code == 200
    assert "this publisher alone" in text(page, f"({STANDING})[1]")
    arabic = tree(client.get("/ar/edition/world"))
    assert "هذا الناشر وحده" in text(arabic, f"({STANDING})[1]")
    # Who leads a story stands on the page once.
    titles = page.xpath('//*[contains(@class, "card-title")]/a/@href')
    assert len(titles) == len(set(titles))


def test_without_stories_the_newest_articles_stand_on_top(client: Client) -> None:
    arrive(8)
    page = tree(client.get("/edition/world"))
    assert page.xpath('//section[contains(@class, "top")]')
    assert not page.xpath(STANDING)


def test_they_are_worked_out_where_something_changed_and_when_they_grow_old(articles: list[Article]) -> None:
    assert fronts.keep(NOW)
    assert not fronts.keep(NOW + timedelta(minutes=1))
    assert fronts.keep(NOW + timedelta(minutes=5))
    source = Source.objects.order_by("id")[0]
    assert steering.weigh(source.id, "more")
    assert fronts.keep(NOW + timedelta(minutes=6))
    assert not fronts.keep(NOW + timedelta(minutes=7))
    assert fronts.keep(NOW), "a clock that was set back"


def test_a_new_report_changes_them(articles: list[Article]) -> None:
    assert fronts.keep(NOW)
    arrive(3)
    assign()
    assert fronts.keep(NOW + timedelta(minutes=1))


def test_a_source_that_weighs_more_stands_higher_and_says_so(articles: list[Article]) -> None:
    fronts.renew(NOW)
    last = Standing.objects.filter(edition="-").order_by("-place")[0]
    before = last.score
    assert steering.weigh(last.lead.source_id, "most")
    fronts.renew(NOW)
    again = Standing.objects.get(edition="-", story=last.story_id)
    assert again.score > before
    assert "weight" in [code for code, _ in again.reasons]
