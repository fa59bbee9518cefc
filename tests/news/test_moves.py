"""Permanent redirects are believed when they last, and only then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from daily8.news.moves import Moving, believed, lasting, sighted

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OLD, NEW = "https://old.example/feed", "https://new.example/feed"
OLD_HTTP = "http://old.example/feed"


@pytest.mark.parametrize(
    ("hops", "url", "expected"),
    [
        ([], OLD, ""),
        ([(301, OLD)], NEW, NEW),
        ([(308, OLD)], NEW, NEW),
        ([(301, OLD), (308, "https://between.example/")], NEW, NEW),
        ([(302, OLD)], NEW, ""),
        ([(303, OLD)], NEW, ""),
        ([(307, OLD)], NEW, ""),
        ([(301, OLD), (302, "https://between.example/")], NEW, ""),
        ([(301, OLD_HTTP)], OLD, OLD),
        # nothing is ever led away from encryption, not even on the way
        ([(301, OLD)], OLD_HTTP, ""),
        ([(301, OLD_HTTP), (301, OLD), (301, "http://x.example/")], NEW, ""),
        # another writing of the same address is no move
        ([(301, OLD)], f"{OLD}?utm_source=feed", ""),
        ([(301, "https://old.example:443/feed")], OLD, ""),
    ],
)
def test_where_redirects_lead_for_good(hops: list[tuple[int, str]], url: str, expected: str) -> None:
    assert lasting(hops, url) == expected


def seen(*sightings: tuple[float, str]) -> list[bool]:
    """Sight places at hours, and tell after each whether the move is believed."""
    moving, told = Moving(), []
    for hours, to in sightings:
        now = NOW + timedelta(hours=hours)
        moving = sighted(moving, to, now)
        told.append(believed(moving, now))
    return told


@pytest.mark.parametrize(
    ("sightings", "expected"),
    [
        ([(0, NEW), (24, NEW), (48, NEW)], True),
        ([(0, NEW), (24, NEW), (47.9, NEW)], False),
        ([(0, NEW), (72, NEW)], False),
        ([(0, NEW), (24, "https://other.example/"), (48, NEW), (72, NEW)], False),
        ([(0, NEW), (24, ""), (48, NEW), (72, NEW)], False),
        ([(0, NEW), (24, ""), (48, NEW), (72, NEW), (96, NEW)], True),
        ([(0, f"{NEW}?t={n}") for n in range(9)], False),
        ([(n, f"{NEW}?t={n}") for n in range(0, 900, 24)], False),
        # the clock was set back between
        ([(100, NEW), (0, NEW), (47, NEW)], False),
        ([(100, NEW), (0, NEW), (48, NEW)], True),
    ],
)
def test_three_times_over_two_days(sightings: list[tuple[float, str]], expected: bool) -> None:
    assert seen(*sightings)[-1] is expected
    assert not any(seen(*sightings)[:-1])


def test_a_replay_hurries_belief_too() -> None:
    moving = Moving(NEW, 3, NOW)
    assert not believed(moving, NOW + timedelta(hours=47), speed=1)
    assert believed(moving, NOW + timedelta(hours=1), speed=60)
