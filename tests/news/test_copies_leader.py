"""Which of the copies leads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.copies import Leader, Member, leader
from daily8.news.urls import canonical

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def member(seq: int, words: int = 300, hours: int | None = None, **values: object) -> Member:
    time = NOON + timedelta(hours=seq if hours is None else hours)
    return Member(seq, words, **{"time": time, "publisher": f"House {seq}", **values})  # type: ignore[arg-type]


def test_one_leads_itself() -> None:
    assert leader([member(4)]) == Leader(4, "alone")
    with pytest.raises(ValueError, match="at least one"):
        leader([])


def test_the_origin_that_is_named_leads() -> None:
    agency = member(3, publisher="Sariya", url="https://sariya.example/a")
    assert leader([member(1), member(2, syndicated_from="SARIYA"), agency]) == Leader(3, "named")
    assert leader([member(1, syndicated_from="https://www.sariya.example/"), agency]) == Leader(3, "named")
    pointed = member(2, url="https://b.example/x", canonical_url="https://sariya.example/a?utm_source=b")
    assert leader([member(1), pointed, agency]) == Leader(3, "named")


def test_two_that_name_each_other_name_nobody() -> None:
    both = [member(1, syndicated_from="House 2"), member(2, syndicated_from="House 1")]
    assert leader(both) == Leader(1, "earliest")


def test_the_agency_leads_where_nobody_is_named() -> None:
    assert leader([member(1), member(2, agency=True), member(3, agency=True)]) == Leader(2, "agency")
    assert leader([member(1), member(2, words=40, agency=True)]) == Leader(1, "longest")


def test_else_the_earliest_whole_text_leads() -> None:
    assert leader([member(2), member(1, hours=5), member(3)]) == Leader(2, "earliest")
    assert leader([member(1, words=40), member(2), member(3)]) == Leader(2, "earliest")
    assert leader([member(1, words=40), member(2)]) == Leader(2, "longest")
    assert leader([Member(1, 300), member(2)]) == Leader(2, "earliest")


members = st.builds(
    Member,
    seq=st.integers(1, 50),
    words=st.integers(0, 500),
    time=st.none() | st.integers(0, 1000).map(lambda hours: NOON + timedelta(hours=hours)),
    publisher=st.sampled_from(["", "A", "B", "C"]),
    url=st.sampled_from(["", "https://a.example/1", "https://b.example/1", "\ud800"]),
    canonical_url=st.sampled_from(["", "https://a.example/1"]),
    syndicated_from=st.sampled_from(["", "A", "b", "https://a.example", "://"]),
    agency=st.booleans(),
)


@given(st.lists(members, min_size=1, max_size=8, unique_by=lambda each: each.seq), st.randoms())
def test_the_order_plays_no_part(some: list[Member], chance: object) -> None:
    found = leader(some)
    chance.shuffle(some)  # type: ignore[attr-defined]
    assert leader(some) == found
    assert found.seq in {each.seq for each in some}


def test_an_address_is_read_once_however_many_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(url: str) -> str:
        read.append(url)
        return canonical(url)

    monkeypatch.setattr(import_module("daily8.news.copies.leader"), "canonical", counted)
    some = [member(n, url=f"https://p{n}.example/a", canonical_url="https://a.example/a") for n in range(40)]
    assert leader([*some, member(90, url="https://a.example/a")]) == Leader(90, "named")
    assert len(read) <= 2 * 41
