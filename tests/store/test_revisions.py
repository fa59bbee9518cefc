"""Each text of an article that matters is kept, told for what it is, and shown as far as rights allow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from daily8.news.repeats import Aside, mark
from daily8.news.revisions import MOST, Notice
from daily8.news.types import Paragraph, Quality
from daily8.store import articles, hosts
from daily8.store.history import history
from daily8.store.models import Article, Errand, Source
from daily8.store.values import ArticlePage, HistoryPage
from tests.store.conftest import NOW
from tests.store.test_arrivals import arrive, draft, due_of, read

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TEXT = (
    "Officials said that 12 people were rescued when the boat ran aground by the island on Monday.",
    "The captain told reporters that he had seen the light and turned, and that nobody was hurt at all.",
    "The harbour master said the investigation would take three weeks and the boat would be towed away.",
)
Read = Callable[..., Article]


@pytest.fixture
def ferry(source: Source) -> Read:
    """Read the page of one article, as often as a test says."""
    due = due_of(source)
    arrive(due, draft())

    def again(*paragraphs: str, now: datetime = NOW, **values: Any) -> Article:
        row = Article.objects.get()
        hosts.again(Errand.Kind.PAGE, {row.id: "post.example"}, now)
        read(row, now=now, blocks=tuple(map(Paragraph, paragraphs or TEXT)), **values)
        return Article.objects.get()

    return again


def edited(old: str, new: str) -> tuple[str, ...]:
    assert sum(paragraph.count(old) for paragraph in TEXT) == 1
    return tuple(paragraph.replace(old, new) for paragraph in TEXT)


def kinds(row: Article) -> list[tuple[int, str, bool]]:
    return list(row.revisions.order_by("number").values_list("number", "kind", "silent"))


def page(row: Article) -> ArticlePage:
    found = articles.page(row.id, signed_in=False, visibility="private")
    assert found is not None
    return found


def shown(row: Article, number: int | None = None, **values: Any) -> HistoryPage:
    found = history(row.id, number, **{"signed_in": False, "visibility": "private", **values})
    assert found is not None
    return found


def test_the_first_text_is_no_change(ferry: Read) -> None:
    row = ferry()
    assert kinds(row) == [(1, "first", False)]
    assert page(row).notice is None


def test_a_text_that_is_only_set_in_another_way_takes_the_place_of_the_old(ferry: Read) -> None:
    ferry()
    row = ferry(f"{TEXT[0]} {TEXT[1]}", TEXT[2], now=NOW + HOUR)
    assert kinds(row) == [(1, "first", False)]
    assert len(page(row).blocks) == 2
    assert row.revisions.get().seen_at == NOW


def test_a_silent_change_is_marked_and_an_announced_one_is_not(ferry: Read) -> None:
    ferry()
    row = ferry(*edited("12", "15"), now=NOW + HOUR)
    assert kinds(row)[1:] == [(2, "correction", True)]
    assert page(row).notice == Notice(NOW + HOUR, silent=True)
    row = ferry(*edited("12", "17"), now=NOW + 3 * HOUR, updated=NOW + 2 * HOUR)
    assert kinds(row)[2:] == [(3, "correction", False)]
    assert page(row).notice == Notice(NOW + 2 * HOUR, silent=False)
    assert page(row).updated_at == NOW + 2 * HOUR


def test_a_publishers_word_of_old_announces_no_new_change(ferry: Read) -> None:
    said = NOW + HOUR
    ferry(updated=said, now=said)
    ferry(updated=said + HOUR, now=said + HOUR)  # its stamp moved, its text did not
    row = ferry(*edited("three weeks", "five weeks"), updated=said + HOUR, now=said + 2 * HOUR)
    assert kinds(row)[1:] == [(2, "correction", True)]
    assert row.revisions.get(number=1).updated_at == said + HOUR


def test_a_headline_that_changed_in_silence_is_marked(ferry: Read) -> None:
    ferry(title="Boat aground by the island")
    row = ferry(title="Captain blamed for boat aground", now=NOW + HOUR)
    assert kinds(row)[1:] == [(2, "update", True)]
    found = shown(row)
    assert found.difference is not None
    assert found.difference.headline
    assert [change.title for change in found.changes] == [
        "Boat aground by the island",
        "Captain blamed for boat aground",
    ]


def test_a_slip_that_was_mended_is_kept_and_raises_nothing(ferry: Read) -> None:
    row = ferry(published=NOW - HOUR)
    mended = edited("investigation", "investigations")
    row = ferry(*mended, now=NOW + HOUR, published=NOW + HOUR, updated=NOW + HOUR)
    assert kinds(row)[1:] == [(2, "typo", False)]
    assert row.published_at == NOW - HOUR  # so it stands where it stood in every list
    assert row.updated_at == NOW + HOUR  # the publisher's own word is kept
    assert page(row).notice is None
    assert "investigations" in str(page(row).blocks)


def test_an_article_that_is_published_anew_is_updated_not_new(ferry: Read) -> None:
    ferry(published=NOW - HOUR)
    row = ferry(*edited("12", "15"), now=NOW + 2 * HOUR, published=NOW)
    assert (row.published_at, row.updated_at) == (NOW - HOUR, NOW)
    assert kinds(row)[1:] == [(2, "correction", False)]


def test_a_wall_in_an_article_takes_no_text_away(ferry: Read) -> None:
    ferry()
    excerpt = Quality(0.4, "excerpt", ("The text ends early.",))
    row = ferry(TEXT[0], "Subscribe to read on.", now=NOW + HOUR, quality=excerpt, paywalled=True)
    assert kinds(row) == [(1, "first", False)]
    assert (row.verdict, row.paywalled) == ("article", True)
    assert len(page(row).blocks) == 3
    row = ferry("This report was withdrawn by the editor.", now=NOW + 2 * HOUR, quality=excerpt)
    assert (row.verdict, len(page(row).blocks)) == ("excerpt", 1)
    assert kinds(row)[1:] == [(2, "rewritten", False)]  # the new text says so itself


def test_live_coverage_is_kept_by_the_hour(ferry: Read) -> None:
    for minutes in range(0, 300, 10):
        now = NOW + timedelta(minutes=minutes)
        row = ferry(
            *TEXT, *(f"At {n} the boat had moved by some feet." for n in range(minutes)), now=now, live=True
        )
    found = kinds(row)
    assert 5 <= len(found) <= 7
    assert not any(silent for _, _, silent in found)
    assert row.revisions.get(number=1).seen_at == NOW
    assert "At 289 the boat" in str(page(row).blocks)


def test_too_many_versions_let_the_slight_ones_go(ferry: Read) -> None:
    ferry()
    ferry(*edited("12", "11"), now=NOW + HOUR)
    ferry(*edited("12", "11")[:2], edited("weeks", "week")[2], now=NOW + 2 * HOUR)
    for number in range(100, 100 + MOST):
        row = ferry(*edited("12", str(number)), now=NOW + number * HOUR)
    found = kinds(row)
    assert len(found) == MOST
    assert (found[0], found[-1][0]) == ((1, "first", False), MOST + 3)
    assert "typo" not in {kind for _, kind, _ in found}
    assert "139 people" in str(page(row).blocks)


def test_what_only_our_reading_changed_is_not_laid_on_the_publisher(ferry: Read) -> None:
    row = ferry()
    row.revisions.update(recipe="an older one")
    row = ferry(*edited("12", "15"), now=NOW + HOUR)
    assert kinds(row)[1:] == [(2, "reread", False)]
    assert page(row).notice is None


def test_a_page_that_waits_to_be_read_again_shows_the_text_it_gave(ferry: Read) -> None:
    row = ferry()
    hosts.again(Errand.Kind.PAGE, {row.id: "post.example"}, NOW)
    assert page(row).ready


def test_a_version_is_compared_with_the_one_before_it(ferry: Read) -> None:
    ferry()
    ferry(*edited("12", "15"), now=NOW + HOUR)
    row = ferry(*edited("12", "17"), now=NOW + 2 * HOUR)
    for number, old, new in ((2, "12", "15"), (3, "15", "17"), (None, "15", "17")):
        found = shown(row, number).difference
        assert found is not None
        assert [(fact.old, fact.new) for fact in found.facts] == [(old, new)]
    first = shown(row, 1)
    assert (first.before, first.difference) == (None, None)
    assert history(row.id, 9, signed_in=False, visibility="private") is None
    assert len(first.changes) == 3


@pytest.mark.parametrize(
    ("rights", "visibility", "signed_in", "whole"),
    [
        ("full", "public", False, True),
        ("unknown", "private", False, True),
        ("unknown", "public", False, False),
        ("unknown", "public", True, True),
        ("excerpt", "private", True, False),
        ("link", "private", True, False),
    ],
)
def test_no_text_leaks_through_a_difference(
    ferry: Read, rights: str, visibility: str, signed_in: bool, whole: bool
) -> None:
    Source.objects.update(rights=rights)
    ferry(title="Boat with 12 aground", dek="All were saved by the boats of the village.")
    row = ferry(
        *edited("12", "15"), now=NOW + HOUR, title="Boat with 15 aground", dek="All were saved from the sea."
    )
    found = shown(row, visibility=visibility, signed_in=signed_in).difference
    assert found is not None
    assert [(fact.old, fact.new) for fact in found.facts] == [("12", "15")]
    assert bool(found.passages) == whole
    assert bool(found.dek) == whole
    assert found.headline


def test_what_the_site_repeats_hides_no_change(ferry: Read) -> None:
    box = "Follow the Harbour Post on all channels."
    ferry(*TEXT, box)
    aside = (Aside(3, mark(box), Paragraph(box)),)
    row = ferry(*edited("12 people", "14 people"), now=NOW + HOUR, aside=aside)
    assert [kind for _, kind, _ in kinds(row)] == ["first", "correction"]
    again = ferry(*edited("12 people", "14 people"), box, now=NOW + 2 * HOUR)
    assert [kind for _, kind, _ in kinds(again)] == ["first", "correction"]
