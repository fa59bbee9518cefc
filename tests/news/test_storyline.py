"""Which report leads a story, how the story went on, and how it stands."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.storyline import BARS_MOST, TURNS_MOST, Member, growth, lead, state, turns

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def member(id_: str, hours: float = 1.0, publisher: str = "", **values: object) -> Member:
    """Make a report, ``hours`` old."""
    told = {"title": f"Report {id_}", "language": "en", **values}
    return Member(id_, publisher=publisher or id_, at=NOW - timedelta(hours=hours), **told)  # type: ignore[arg-type]


def test_an_original_leads_before_its_copies_whatever_they_have() -> None:
    agency = member("a", 5)
    copies = [member(f"c{n}", 4, copy_of="a", full=True, image=True) for n in range(3)]
    found = lead([*copies, agency])
    assert found is not None
    assert found.id == "a"
    assert found.reasons == ("original", "repeated", "first")


@pytest.mark.parametrize(("language", "leads"), [("en", "e"), ("ar", "a"), ("", "e"), ("de", "e")])
def test_it_leads_in_the_language_of_the_edition_where_there_is_one(language: str, leads: str) -> None:
    found = lead([member("e", 3, language="en"), member("a", 2, language="ar")], language=language)
    assert found is not None
    assert found.id == leads
    assert ("language" in found.reasons) == (language in ("en", "ar"))


def test_a_weightier_source_leads_but_not_by_words_of_others() -> None:
    light, usual, heavy = (member(name, 2, weight=n) for name, n in (("l", 0.5), ("u", 1.0), ("h", 2.0)))
    early = member("e", 9, language="ar")
    for members, leads in (([early, usual, heavy, light], "h"), ([early, light, usual], "u")):
        found = lead(members, language="en")
        assert found is not None
        assert found.id == leads
        assert ("weight" in found.reasons) == (leads == "h")
    copy = member("c", 2, copy_of="l", full=True, image=True, weight=4.0)
    found = lead([light, copy])
    assert found is not None
    assert found.id == "l"


def test_a_full_text_with_a_picture_leads_before_the_first_short_one() -> None:
    found = lead([member("first", 3), member("whole", 2, full=True, image=True)])
    assert found is not None
    assert found.id == "whole"
    assert found.reasons == ("original", "full", "image")


def test_among_equals_the_earliest_leads_and_nobody_without_members() -> None:
    found = lead([member("b", 1), member("a", 1), member("c", 2)])
    assert found is not None
    assert found.id == "c"
    assert lead([]) is None


def test_a_burst_after_a_pause_is_a_turn_and_a_straggler_is_not() -> None:
    members = [
        *(member(f"a{n}", 30 - n / 10) for n in range(5)),
        member("alone", 20),
        member("b0", 10, title="The captain is charged"),
        member("b1", 9.5),
        member("b2", 9),
        member("same0", 3, "same"),
        member("same1", 2.9, "same"),
    ]
    found = turns(members)
    assert [(turn.id, turn.reports, turn.publishers) for turn in found] == [("a0", 6, 6), ("b0", 5, 4)]
    assert found[1].title == "The captain is charged"
    assert turns([]) == ()


def test_a_story_told_once_a_day_does_not_turn_every_day() -> None:
    daily = [member(f"{day}{n}", 24 * (20 - day) - 3 * n) for day in range(20) for n in range(2)]
    assert len(turns(daily)) == 1


def test_growth_counts_each_report_in_a_bar() -> None:
    found = growth({NOW - timedelta(hours=5): 2, NOW: 1})
    assert found is not None
    assert found.since == NOW - timedelta(hours=5)
    assert (found.hours, found.counts) == (1, (2, 0, 0, 0, 0, 1))
    assert growth({}) is None


@given(st.lists(st.tuples(st.floats(0, 200_000), st.integers(0, 5)), min_size=1, max_size=60))
def test_whatever_comes_all_is_counted_and_few_bars_and_turns_are_drawn(
    told: list[tuple[float, int]],
) -> None:
    members = [member(str(n), hours, f"p{who}") for n, (hours, who) in enumerate(told)]
    found = growth(Counter(one.at for one in members))
    assert found is not None
    assert sum(found.counts) == len(members)
    assert len(found.counts) <= BARS_MOST
    drawn = turns(members)
    assert 1 <= len(drawn) <= TURNS_MOST
    assert drawn[0].at == min(one.at for one in members)
    assert [turn.at for turn in drawn] == sorted(turn.at for turn in drawn)
    assert lead(members) is not None


@pytest.mark.parametrize(
    ("hours", "stands"),
    [
        ((2, 1, 0.5), "breaking"),
        ((2, 1), "developing"),
        ((13, 2, 1, 0.5), "developing"),
        ((40, 23), "developing"),
        ((40, 25), "settled"),
        ((), "settled"),
    ],
)
def test_how_a_story_stands(hours: tuple[float, ...], stands: str) -> None:
    assert state([member(str(n), age) for n, age in enumerate(hours)], NOW) == stands
