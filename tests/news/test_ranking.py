"""What matters more stands higher, and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from daily8.news.ranking import Rank, Ranked, Reason, Voice, arrange, rank

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def voice(publisher: str, hours: float = 1.0, **facts: object) -> Voice:
    return replace(Voice(publisher, NOW - timedelta(hours=hours)), **facts)  # type: ignore[arg-type]


@st.composite
def voices(draw: st.DrawFn) -> list[Voice]:
    publishers = draw(st.lists(st.sampled_from("abcdefgh"), max_size=12))
    return [
        voice(
            publisher,
            draw(st.floats(0, 72)),
            country=draw(st.sampled_from(["", "EG", "FR"])),
            language=draw(st.sampled_from(["", "ar", "en"])),
            copy=draw(st.booleans()),
        )
        for publisher in publishers
    ]


@given(voices())
def test_an_independent_publisher_more_never_takes_rank_away(found: list[Voice]) -> None:
    assert rank([*found, voice("new", 0.5)], NOW).score > rank(found, NOW).score


@given(voices(), st.floats(1, 48))
def test_a_story_fades(found: list[Voice], hours: float) -> None:
    now = NOW + timedelta(hours=72)  # nothing grows any more
    assert rank(found, now + timedelta(hours=hours)).score <= rank(found, now).score


@given(voices())
def test_copies_and_repeats_of_a_publisher_add_no_voice(found: list[Voice]) -> None:
    copies = [replace(each, publisher=f"mirror {each.publisher}", copy=True) for each in found]
    assert rank([*found, *copies, *found], NOW) == rank(found, NOW)


@given(voices())
def test_the_order_of_arrival_does_not_matter(found: list[Voice]) -> None:
    assert rank(found[::-1], NOW) == rank(found, NOW)


def test_reasons_are_told() -> None:
    many = [voice(name, 1, country=name.upper(), language="en") for name in ("eg", "fr", "de", "jp", "br")]
    assert rank([*many, voice("old", 30, country="US", language="ar")], NOW, country="EG").reasons == (
        Reason("growing", 5),
        Reason("publishers", 6),
        Reason("countries", 6),
        Reason("languages", 2),
        Reason("edition", 1),
    )
    assert rank([voice("one", 0.5, weight=2.0)], NOW).reasons == (
        Reason("weight"),
        Reason("new", 30),
        Reason("original"),
    )


def test_a_burst_is_told_from_a_steady_stream() -> None:
    steady = [voice(str(n), n / 2) for n in range(28)]
    burst = [voice(str(n), n / 10) for n in range(12)]
    assert rank(burst, NOW).growth > 4 > 1.5 > rank(steady, NOW).growth


def test_houses_that_tell_a_story_on_and_on_make_it_neither_grow_nor_new() -> None:
    """Their newest reports are all of this hour, as those of a new story are."""
    hours = (0.5, *range(2, 30, 2))
    going_on = [voice(name, hour + n / 20) for n, name in enumerate("abcdefgh") for hour in hours]
    found = rank(going_on, NOW)
    assert found.growth < 1.5
    assert {reason.code for reason in found.reasons}.isdisjoint({"growing", "new"})
    fresh = rank([voice(name, 0.5 + n / 20) for n, name in enumerate("abcdefgh")], NOW)
    assert fresh.growth > 4
    assert {"growing", "new"} <= {reason.code for reason in fresh.reasons}


def test_a_live_blog_alone_is_no_growth() -> None:
    assert rank([voice("blog", n / 20) for n in range(30)], NOW).growth < 1.5


def test_a_story_that_began_with_a_copy_is_as_old_as_the_copy() -> None:
    found = rank([voice("agency", 5, copy=True), voice("own", 0.5)], NOW)
    assert "new" not in {reason.code for reason in found.reasons}


def test_what_is_near_weighs_more_in_its_edition() -> None:
    near, far = [voice("a", country="EG"), voice("b", country="EG")], [voice("c", country="FR"), voice("d")]
    assert rank(near, NOW, country="EG").score > rank(far, NOW, country="EG").score


def test_nothing_is_worth_nothing_and_the_future_does_not_count() -> None:
    assert rank([], NOW) == Rank(0.0, 0.0, ())
    assert rank([voice("a", copy=True), voice("b", -24.0)], NOW) == Rank(0.0, 0.0, ())


def story(key: str, score: float, growth: float = 0.0, **facts: object) -> Ranked:
    return replace(Ranked(key, Rank(score, growth, ())), **facts)  # type: ignore[arg-type]


def test_no_subject_fills_a_page() -> None:
    war = [
        story(f"war{n}", 10 - n / 10, category="World", topics=frozenset({"war", f"w{n}"})) for n in range(6)
    ]
    others = [story("ferry", 8, category="Business"), story("cup", 7.5, category="Sport")]
    order = [each.key for each in arrange([*war, *others], 8)]
    assert order[0] == "war0"
    assert {"ferry", "cup"} <= set(order[:3])
    assert len(order) == len(set(order)) == 8
    assert arrange([*others, *war][::-1], 8) == arrange([*war, *others], 8)
