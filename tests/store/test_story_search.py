"""Words of titles are found by an index, whatever was typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from daily8.store import story_search
from daily8.store.models import Arrival, Article, Membership, Story
from tests.store.conftest import NOW


def test_what_is_typed_becomes_words() -> None:
    assert story_search.query("The  ferry's CREW") == "'The':* & 'ferry':* & 's':* & 'CREW':*"
    assert story_search.query("الأميـرة") == "'الاميره':*"
    assert story_search.query("' & :* \0 \\") == ""
    assert story_search.query("a " * 50).count("&") == story_search.WORDS_MOST - 1


class Typed(TestCase):
    @given(st.text(max_size=60))
    def test_nothing_that_is_typed_breaks_it(self, words: str) -> None:
        assert story_search.holding(words) == []


@pytest.mark.django_db
def test_the_index_is_used() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            f"EXPLAIN SELECT seq FROM store_arrival WHERE {story_search.WORDS} @@ to_tsquery('simple', 'a')"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "arrival_words" in plan


@pytest.mark.django_db
def test_what_arrived_long_ago_is_not_looked_for(
    article: Callable[..., Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story_search, "REACH", 2)
    stories = []
    for seq in range(1, 5):
        row = article(seq)
        told = {"title": "Ferry " + "x" * 5000, "published_at": NOW, "taken_at": NOW}
        Arrival.objects.create(seq=seq, article=row, **told)
        story = Story.objects.create(opened_seq=seq, opened_at=NOW)
        Membership.objects.create(article=row, seq=seq, story=story, decision={}, recipe="r")
        stories.append(story.id)
    assert set(story_search.holding("ferr")) == set(stories[2:])
