"""What editors do to stories is kept, and late repairs never work against it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.reports import Report
from daily8.news.stories.editing import BadChange
from daily8.news.stories.live import LiveStories
from daily8.news.stories.values import APART, LOCK, MERGE, MOVE, SPLIT, UNLOCK, Change, Settings

START = datetime(2026, 5, 4, 6, tzinfo=UTC)
FERRY = (
    "Ferry runs aground off Kelmar harbour",
    "Passengers rescued after ferry runs aground near Kelmar",
    "Kelmar ferry captain questioned over grounding",
)
LEVY = (
    "Parliament of Ostrava rejects the water levy",
    "Water levy rejected by Ostrava parliament",
    "Ostrava mayor calls rejected water levy a loss",
)
TITLES = tuple(title for both in zip(FERRY, LEVY, strict=True) for title in both)


def taken(titles: tuple[str, ...] = TITLES, settings: Settings | None = None) -> LiveStories:
    """Give stories that took titles in, one every ten minutes."""
    live = LiveStories(settings)
    for seq, title in enumerate(titles):
        live.assign(report(seq, title), seq)
    return live


def report(seq: int, title: str) -> Report:
    return Report(str(seq), title, "", "en", START + timedelta(minutes=10 * seq))


def now() -> datetime:
    return START + timedelta(hours=3)


def test_merged_stories_are_one_and_take_in_what_either_would() -> None:
    live = taken()
    assert (live.members(0), live.members(1)) == ((0, 2, 4), (1, 3, 5))
    live.apply(Change(MERGE, 0, 1, by_editor=True))
    assert live.members(0) == (0, 1, 2, 3, 4, 5)
    assert live.members(1) == ()
    assert live.assign(report(6, "Water levy returns to Ostrava parliament"), 6).story == 0


def test_moved_and_split_reports_are_where_they_were_put() -> None:
    live = taken()
    live.apply(Change(MOVE, 1, seqs=(4,), by_editor=True))
    assert (live.members(0), live.members(1)) == ((0, 2), (1, 3, 4, 5))
    live.apply(Change(SPLIT, 1, 3, (3, 5), by_editor=True))
    assert (live.members(1), live.members(3)) == ((1, 4), (3, 5))
    assert live.story(5) == 3


def test_a_locked_story_takes_nothing_in() -> None:
    live = taken()
    live.apply(Change(LOCK, 0))
    assert live.assign(report(6, FERRY[0]), 6).story == 6
    live.apply(Change(UNLOCK, 0))
    live.apply(Change(LOCK, 6))
    assert live.assign(report(7, FERRY[1]), 7).story == 0


def test_changes_of_what_is_held_no_more_do_nothing_and_senseless_ones_are_refused() -> None:
    live = taken()
    state = live.dump()
    for change in (
        Change(MERGE, 0, 99),
        Change(MOVE, 0, seqs=(99,)),
        Change(LOCK, 99),
        Change(SPLIT, 99, 98, (98,)),
    ):
        live.apply(change)
    assert live.dump() == state
    for change in (
        Change("melt", 0),
        Change(MERGE, 0, 0),
        Change(MERGE, 0),
        Change(APART, 0),
        Change(SPLIT, 0, 1, (2,)),
    ):
        with pytest.raises(BadChange):
            live.apply(change)


def split_by_an_editor() -> LiveStories:
    """Give one event in two stories, as an editor wants it."""
    live = taken(FERRY * 2)
    assert live.members(0) == (0, 1, 2, 3, 4, 5)
    live.apply(Change(SPLIT, 0, 3, (3, 4, 5), by_editor=True))
    return live


def test_late_repair_merges_what_is_one() -> None:
    live = split_by_an_editor()
    assert live.repair(now()) == ()
    live = taken(FERRY * 2)
    live.apply(Change(SPLIT, 0, 3, (3, 4, 5)))
    (change,) = live.repair(now())
    assert (change.kind, change.story, change.other) == (MERGE, 0, 3)
    live.apply(Change(LOCK, 3))
    assert live.repair(now()) == ()
    live.apply(Change(UNLOCK, 3))
    live.apply(Change(APART, 0, 3, by_editor=True))
    assert live.repair(now()) == ()


def test_late_repair_splits_what_chained() -> None:
    live = taken()
    live.apply(Change(MERGE, 0, 1))
    (change,) = live.repair(now())
    assert (change.kind, change.story, change.other, change.seqs) == (SPLIT, 0, 1, (1, 3, 5))
    live.apply(change)
    assert (live.members(0), live.members(1)) == ((0, 2, 4), (1, 3, 5))
    assert live.repair(now()) == ()


def test_late_repair_leaves_what_editors_merged() -> None:
    live = taken()
    live.apply(Change(MERGE, 0, 1, by_editor=True))
    assert live.repair(now()) == ()


CHANGES = st.lists(
    st.builds(
        Change,
        st.sampled_from((MERGE, MOVE, SPLIT, LOCK, UNLOCK, APART)),
        st.integers(0, 12),
        st.integers(0, 12),
        st.lists(st.integers(0, 12), max_size=4).map(tuple),
        by_editor=st.booleans(),
    ),
    max_size=12,
)


@given(CHANGES)
def test_any_changes_leave_each_report_in_one_story_and_can_be_kept(changes: list[Change]) -> None:
    live = taken()
    for seq, change in enumerate(changes, start=6):
        try:
            live.apply(change)
        except BadChange:
            continue
        live.assign(report(seq, TITLES[seq % 6]), seq)
        live = LiveStories.load(live.dump())
    stories = {seq: name for seq in range(20) if (name := live.story(seq)) is not None}
    for seq, name in stories.items():
        assert seq in live.members(name)
    assert sum(len(live.members(name)) for name in set(stories.values())) == len(stories)
    assert LiveStories.load(live.dump()).dump() == live.dump()
    live.repair(now())
