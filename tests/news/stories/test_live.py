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
