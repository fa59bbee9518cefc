"""Which versions are kept, what a page says of the last change, and how a difference is folded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.revisions import (
    Change,
    ChangeKind,
    Gap,
    Notice,
    Passage,
    Run,
    folded,
    notice,
    replaces_newest,
    spared,
)

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def versions(*kinds: ChangeKind) -> list[Change]:
    """Make versions, one an hour."""
    return [Change(n, NOW + (n - 1) * HOUR, kind) for n, kind in enumerate(kinds, 1)]


def test_of_live_coverage_the_first_the_newest_and_one_an_hour_are_kept() -> None:
    kept = versions("first")
    for minutes in range(5, 24 * 60, 5):
        now = NOW + timedelta(minutes=minutes)
        new = Change(kept[-1].number + 1, now, "update")
        if replaces_newest(kept, live=True, now=now):
            kept[-1] = replace(new, number=kept[-1].number)
        else:
            kept.append(new)
    assert kept[0].seen_at == NOW
    assert kept[-1].seen_at == NOW + timedelta(minutes=24 * 60 - 5)
    assert 24 <= len(kept) <= 29
    assert not replaces_newest(kept, live=False, now=kept[-1].seen_at)


@pytest.mark.parametrize(
    ("kinds", "most", "gone"),
    [
        (["first", "update"], 2, None),
        (["first", "update", "typo", "update", "typo"], 4, 3),
        (["first", "typo", "reread", "update"], 3, 2),
        (["first", "typo"], 1, None),
    ],
)
def test_slight_versions_go_first(kinds: list[ChangeKind], most: int, gone: int | None) -> None:
    if gone is None:
        assert spared(versions(*kinds), max(most, 2)) is None
    else:
        assert spared(versions(*kinds), most) == gone


def test_else_the_one_goes_that_stood_for_the_shortest_time() -> None:
    kept = versions("first", "update", "rewritten", "correction")
    kept[2] = replace(kept[2], seen_at=kept[1].seen_at + HOUR / 4)
    assert spared(kept, 3) == 2


@given(st.lists(st.sampled_from(["typo", "update", "reread", "rewritten"]), min_size=2, max_size=60))
def test_the_first_and_the_newest_always_stay(kinds: list[ChangeKind]) -> None:
    kept = versions("first", *kinds)
    while (number := spared(kept, 5)) is not None:
        kept = [version for version in kept if version.number != number]
    assert len(kept) <= 5
    assert (kept[0].number, kept[-1].number) == (1, len(kinds) + 1)


UPDATED = NOW + 5 * HOUR


def test_what_a_page_says_of_the_last_change() -> None:
    first, second = versions("first", "update")
    silent = replace(second, silent=True)
    assert notice([], published=NOW, updated=None) is None
    assert notice([first], published=NOW, updated=NOW) is None
    assert notice([first], published=NOW, updated=UPDATED) == Notice(UPDATED, silent=False)
    assert notice([first, second], published=NOW, updated=UPDATED) == Notice(UPDATED, silent=False)
    assert notice([first, silent], published=NOW, updated=None) == Notice(silent.seen_at, silent=True)
    assert notice([first, silent], published=NOW, updated=NOW + HOUR / 2) == Notice(
        silent.seen_at, silent=True
    )
    # A later word of the publisher's counts more.
    assert notice([first, silent], published=NOW, updated=UPDATED) == Notice(UPDATED, silent=False)
    # It told in the text that it changed, and stated no time.
    assert notice([first, second], published=NOW, updated=None) == Notice(second.seen_at, silent=False)


def test_slips_that_were_mended_are_no_update() -> None:
    first, slip = versions("first", "typo")
    assert notice([first, slip], published=NOW, updated=UPDATED) is None
    told = replace(first, updated_at=NOW + HOUR)
    assert notice([told, slip], published=NOW, updated=UPDATED) == Notice(NOW + HOUR, silent=False)
    second, last = replace(slip, kind="update", updated_at=NOW + HOUR), Change(3, UPDATED, "typo")
    assert notice([first, second, last], published=NOW, updated=UPDATED) == Notice(NOW + HOUR, silent=False)


def passages(ops: str) -> list[Passage]:
    names = {"s": "same", "c": "changed", "i": "inserted"}
    return [Passage("paragraph", names[op], (Run("same", str(n)),)) for n, op in enumerate(ops)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ops", "shown"),
    [
        ("sssss", ["5"]),
        ("ssscsss", ["2", "s", "c", "s", "2"]),
        ("sscs", ["s", "s", "c", "s"]),
        ("csssscs", ["c", "s", "2", "s", "c", "s"]),
        ("i", ["i"]),
        ("", []),
    ],
)
def test_what_stayed_is_folded(ops: str, shown: list[str]) -> None:
    found = folded(passages(ops))
    assert [str(part.count) if isinstance(part, Gap) else part.op[0] for part in found] == shown
