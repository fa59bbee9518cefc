"""What programs are told of stories."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from daily8.api.stories import Story as StoryShape
from daily8.api.stories import TopStory as TopShape
from daily8.pipeline import fronts
from daily8.store.models import Article, Membership, Standing, Story
from tests.api.conftest import NOW, SITE, Ask


@pytest.fixture
def story(site: Article) -> Story:
    made = Story.objects.create(opened_seq=1, opened_at=NOW)
    rows = Article.objects.order_by("-published_at")
    decision: dict[str, Any] = {}
    for seq, row in enumerate([*rows[:3], rows.get(language="ar")], 1):
        Membership.objects.create(article=row, seq=seq, story=made, decision=decision, recipe="r")
    return made


def test_a_story_is_given_with_its_reports(story: Story, site: Article, ask: Ask) -> None:
    told = ask(f"/stories/{story.id.hex}").json()
    StoryShape.model_validate(told)
    assert told["page"] == f"{SITE}/stories/{story.id.hex}"
    assert told["href"] == f"{SITE}/api/v1/stories/{story.id.hex}"
    assert told["reports"] == 4
    assert told["lead"]["id"] == site.id.hex
    assert "image" in told["reasons"]
    assert len(told["articles"]) == 3
    assert told["countries"] == ["EG", "IE"]
    assert sum(told["growth"]["counts"]) == 4
    assert told["turns"][0]["article"] in {row["id"] for row in told["articles"]}


def test_a_language_says_who_leads(story: Story, ask: Ask) -> None:
    told = ask(f"/stories/{story.id.hex}?language=AR").json()
    assert told["lead"]["language"] == "ar"
    assert ask(f"/stories/{story.id.hex}?language=arabic").status_code == 400


def test_the_stories_that_matter_most_are_given_with_their_reasons(story: Story, ask: Ask) -> None:
    assert ask("/stories").json() == {"stories": []}
    fronts.renew(NOW)
    [told] = ask("/stories").json()["stories"]
    TopShape.model_validate(told)
    assert (told["id"], told["reports"], told["publishers"]) == (story.id.hex, 4, 2)
    assert {"code": "countries", "number": 2} in told["reasons"]
    [arabic] = ask("/stories?language=AR&country=eg").json()["stories"]
    assert arabic["lead"]["language"] == "ar"
    assert ask("/stories?language=fr").json() == {"stories": []}
    assert ask("/stories?trending=true").json() == {"stories": []}
    Standing.objects.update(growth=2.5)
    assert len(ask("/stories?trending=true").json()["stories"]) == 1
    assert ask("/stories?limit=0").status_code == 400


def test_there_is_no_story_where_none_is(story: Story, ask: Ask) -> None:
    answer = ask(f"/stories/{uuid4().hex}")
    assert (answer.status_code, answer.json()) == (404, {"error": "There is no such story."})


def test_an_answer_costs_few_queries(
    story: Story, ask: Ask, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(7):
        assert ask(f"/stories/{story.id.hex}").status_code == 200
