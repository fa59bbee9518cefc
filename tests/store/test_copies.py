"""Of copies one leads, and a better one takes its place; no list shows two of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from daily8.news.copies import Copy as Found
from daily8.store import copies
from daily8.store.models import Arrival, Article, Copy
from tests.pipeline.stories import source

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


def arrived(n: int, *, canonical: str = "", origin: str = "", length: int = 900, minutes: int = 0) -> Article:
    of = source(f"paper{n}.example", f"Paper {n}")
    at = NOW + timedelta(minutes=minutes or n)
    url = f"https://paper{n}.example/news/basin-closed"
    row = Article.objects.create(
        publisher=of.publisher,
        source=of,
        key=url,
        url=url,
        title=f"Basin {n}",
        published_at=at,
        arrived_at=at,
    )
    Arrival.objects.create(
        seq=n,
        article=row,
        title=row.title,
        publisher=of.publisher.domain,
        url=url,
        canonical_url=canonical,
        syndicated_from=origin,
        length=length,
        published_at=at,
        taken_at=at,
    )
    return row


def join(row: Article, n: int, of: int) -> None:
    found = Found(n, of, 1, "same text", 0.98765, 0.95, 200, (210, 205), 0)
    copies.join([(row.id, found)], recipe="copies/1")


def led() -> dict[str, str]:
    return {row.article.title: row.leader.title for row in Copy.objects.all()}


def test_the_earliest_leads_until_another_is_named_as_the_origin() -> None:
    first, second = arrived(1), arrived(2)
    join(second, 2, 1)
    assert led() == {"Basin 2": "Basin 1"}
    third = arrived(3, canonical="https://paper2.example/news/basin-closed")
    join(third, 3, 1)
    assert led() == {"Basin 1": "Basin 2", "Basin 3": "Basin 2"}
    assert {row.led_by for row in Copy.objects.all()} == {"named"}
    assert {row.share for row in Copy.objects.all()} == {0.988}
    fourth = arrived(4)
    join(fourth, 4, 3)
    assert led() == {"Basin 1": "Basin 2", "Basin 3": "Basin 2", "Basin 4": "Basin 2"}
    assert first.id in copies.leaders([first.id])


def test_an_agency_and_a_whole_text_lead_before_an_excerpt() -> None:
    arrived(1, length=100)
    whole = arrived(2)
    join(whole, 2, 1)
    assert led() == {"Basin 1": "Basin 2"}
    agency = arrived(3)
    agency.publisher.kind = "agency"
    agency.publisher.save()
    join(agency, 3, 2)
    assert led() == {"Basin 1": "Basin 3", "Basin 2": "Basin 3"}


def test_each_copy_names_the_others_with_the_leader_first() -> None:
    rows = [arrived(n) for n in (1, 2, 3)]
    join(rows[1], 2, 1)
    join(rows[2], 3, 1)
    assert [(one.publisher, one.leads) for one in copies.also_at(rows[2].id)] == [
        ("Paper 1", True),
        ("Paper 2", False),
    ]
    assert [(one.publisher, one.leads) for one in copies.also_at(rows[0].id)] == [
        ("Paper 2", False),
        ("Paper 3", False),
    ]
    assert copies.also_at(arrived(9).id) == ()


def test_of_copies_a_list_keeps_the_first_and_none_that_is_shown_anyway() -> None:
    rows = [arrived(n) for n in (1, 2, 3, 4)]
    join(rows[1], 2, 1)
    join(rows[2], 3, 1)
    one, two, three, four = (row.id for row in rows)
    assert copies.without_copies([three, four, two, one]) == [three, four]
    assert copies.without_copies([two, four], shown=[three]) == [four]
