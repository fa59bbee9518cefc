"""Reports find their stories as they come in, and the state can be kept and followed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.reports import Report
from daily8.news.stories.checkpoint import BadCheckpoint
from daily8.news.stories.live import LiveStories
from daily8.news.stories.values import (
    Change,
    Decision,
    Settings,
    change_from_json,
    change_to_json,
    decision_from_json,
    decision_to_json,
)

START = datetime(2026, 5, 4, 6, tzinfo=UTC)
TITLES = {
    "en": (
        "Ferry runs aground off Kelmar harbour",
        "Passengers rescued after ferry runs aground near Kelmar",
        "Parliament of Ostrava rejects the water levy",
        "Water levy rejected by parliament in late vote",
        "Kelmar ferry captain questioned over grounding",
        "Striker Odun Barak signs for Port Tellis",
    ),
    "ar": (
        "جنوح عبارة قبالة ميناء كلمار",
        "إنقاذ ركاب عبارة جنحت قرب كلمار",
        "برلمان أوسترافا يرفض رسوم المياه",
        "البرلمان يرفض رسوم المياه في تصويت متأخر",
        "استجواب قبطان عبارة كلمار بعد جنوحها",
        "المهاجم أودون باراك يوقع لنادي بورت تيليس",
    ),
}


def reports(count: int, hours: float = 1.0) -> list[Report]:
    """Give reports in two languages in turn."""
    found = []
    for n in range(count):
        language = ("en", "ar")[n % 2]
        title = TITLES[language][n // 2 % 6]
        found.append(
            Report(str(n), f"{title} {n // 12 or ''}", "", language, START + timedelta(hours=n * hours))
        )
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
def test_reports_of_one_event_are_one_story_and_others_are_not(language: str) -> None:
    live = LiveStories()
    stories = [
        live.assign(Report(str(n), title, "", language, START + timedelta(hours=n)), n).story
        for n, title in enumerate(TITLES[language])
    ]
    assert stories == [0, 0, 2, 2, 0, 5]
    assert live.members(0) == (0, 1, 4)
    assert live.story(3) == 2


@given(st.integers(0, 40), st.integers(0, 40))
def test_followed_decisions_and_loaded_states_go_on_alike(cut: int, other: int) -> None:
    live, followed = LiveStories(), LiveStories()
    kept = {cut: b"", other: b""}
    decisions = []
    for seq, report in enumerate(reports(41, 5.0)):
        if seq in kept:
            kept[seq] = live.dump()
        decision = live.assign(report, seq)
        decisions.append(decision)
        followed.follow(report, decision_from_json(decision_to_json(decision)))
    assert followed.dump() == live.dump()
    for begin, state in kept.items():
        loaded = LiveStories.load(state)
        again = [loaded.assign(report, seq) for seq, report in enumerate(reports(41, 5.0)) if seq >= begin]
        assert again == decisions[begin:]
        assert loaded.dump() == live.dump()


def test_other_bytes_are_no_checkpoint() -> None:
    state = LiveStories().dump()
    for data in (b"", b"D8S1", state[:-3], b"x" + state):
        with pytest.raises(BadCheckpoint):
            LiveStories.load(data)


def test_decisions_and_changes_travel_as_json() -> None:
    decision = Decision(3, 1, False, "score", 0.5, 0.2, 2, 0.1, features=(("ferry", 0.25),))
    assert decision_from_json(decision_to_json(decision)) == decision
    change = Change("split", 1, 4, (4, 5), by_editor=True)
    assert change_from_json(change_to_json(change)) == change


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def test_the_same_title_is_the_same_story_within_a_day_and_never_after_three() -> None:
    title = TITLES["en"][0]
    for hours, same in ((20.0, True), (73.0, False)):
        live = LiveStories()
        live.assign(Report("0", title, "", "en", at(0)), 0)
        decision = live.assign(Report("1", title, "", "en", at(hours)), 1)
        assert (decision.story == 0) is same
        assert decision.rule == ("same title" if same else "opened")


def test_without_times_nothing_fades() -> None:
    live = LiveStories()
    stories = [live.assign(Report(str(n), title, "", "en"), n).story for n, title in enumerate(TITLES["en"])]
    assert stories == [0, 0, 2, 2, 0, 5]


def test_one_report_of_the_future_does_not_end_all_stories() -> None:
    live = LiveStories()
    live.assign(Report("0", TITLES["en"][0], "", "en", at(0)), 0)
    live.assign(Report("1", TITLES["en"][5], "", "en", at(24 * 365)), 1)
    assert live.assign(Report("2", TITLES["en"][1], "", "en", at(1)), 2).story == 0
    assert live.story(0) == 0


def test_idle_stories_are_let_go_and_the_number_of_live_ones_is_bounded() -> None:
    live = LiveStories()
    for seq in range(40):
        live.assign(Report(str(seq), f"{seq}ab {seq}cd {seq}ef", "", "en", at(seq * 4.0)), seq)
    assert live.story(0) is None
    assert live.story(39) == 39
    small = LiveStories(Settings(most=10))
    for seq in range(40):
        small.assign(Report(str(seq), f"{seq}ab {seq}cd {seq}ef", "", "en", at(0)), seq)
    assert sum(small.story(seq) is not None for seq in range(40)) <= 10


def shared(title: str, text: str, language: str) -> dict[str, float]:
    """Give what our two languages share of the ferry: a true port, small."""
    names = {"ferry": "ferry", "عبارة": "ferry", "العبارة": "ferry", "Kelmar": "kelmar", "كلمار": "kelmar"}
    return {names[word]: 1.0 for word in title.split() if word in names}


def test_stories_in_two_languages_are_linked_by_what_both_share() -> None:
    live = LiveStories(concepts=shared)
    live.assign(Report("0", TITLES["en"][0].replace("Ferry", "ferry"), "", "en", at(0)), 0)
    live.assign(Report("1", TITLES["en"][5], "", "en", at(0)), 1)
    decision = live.assign(Report("2", TITLES["ar"][0], "", "ar", at(1)), 2)
    assert (decision.story, decision.rule) == (0, "crossing")
    assert live.assign(Report("3", TITLES["ar"][2], "", "ar", at(1)), 3).opened
    likeness = live.explain(0, 2)
    assert likeness is not None
    assert {name for name, _ in likeness.shared} == {"ferry", "kelmar"}
    assert live.explain(0, 99) is None


def test_a_later_report_may_show_that_two_stories_are_one() -> None:
    live, followed = LiveStories(concepts=shared), LiveStories(concepts=shared)
    told = [
        Report("0", "ferry runs aground off Kelmar harbour", "", "en", at(0)),
        Report("1", "جنوح سفينة قبالة ميناء بعيد", "", "ar", at(0)),
        Report("2", "جنوح عبارة قبالة ميناء كلمار", "", "ar", at(1)),
    ]
    decisions = [live.assign(report, seq) for seq, report in enumerate(told)]
    assert [decision.story for decision in decisions] == [0, 1, 0]
    assert decisions[2].merged == 1
    assert live.members(0) == (0, 1, 2)
    for report, decision in zip(told, decisions, strict=True):
        followed.follow(report, decision_from_json(decision_to_json(decision)))
    assert followed.dump() == live.dump()


def test_what_two_reports_share_is_explained() -> None:
    live = LiveStories()
    for seq in range(2):
        live.assign(Report(str(seq), TITLES["en"][seq], "", "en", at(seq)), seq)
    likeness = live.explain(0, 1)
    assert likeness is not None
    assert likeness.hours == 1.0
    assert 0.0 < likeness.score < 1.0
    assert {"ferry", "kelmar"} <= {name for name, _ in likeness.words}


@pytest.mark.parametrize(
    "title",
    [
        "",
        "\ud800",
        "\u202e\u200f",
        "a" * 1_000_000,
        "ا" * 1_000_000,
        "x " * 100_000,
        "東" * 100_000,
        "7",
        "!?",
    ],
)
def test_hostile_reports_are_taken_in(title: str) -> None:
    live = LiveStories(concepts=shared)
    for seq in range(4):
        decision = live.assign(Report(str(seq), title, title, "en" if seq % 2 else "", at(seq), title), seq)
        assert decision_from_json(decision_to_json(decision)) == decision
    assert LiveStories.load(live.dump(), concepts=shared).dump() == live.dump()
    assert len(live.dump()) < 100_000
