"""The corpus's own clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.replay.clock import CorpusClock, clock_for
from tests.replay.rows import NOW, corpus, row

ABSOLUTE = corpus(row(1), row(5))
RELATIVE = corpus(row(1), row(2, published="+1h"))


def test_the_clock_runs_at_its_speed() -> None:
    clock = CorpusClock(NOW, 60.0, NOW)
    assert clock.at(0) == NOW
    assert clock.at(30) == NOW + timedelta(minutes=30)


def test_relative_corpora_begin_now() -> None:
    assert clock_for(RELATIVE, now=NOW).start == NOW
    assert clock_for(RELATIVE, now=NOW, speed=10).start == NOW


def test_absolute_corpora_begin_at_the_end_or_with_a_speed_at_the_first_article() -> None:
    later = datetime(2027, 1, 1, tzinfo=UTC)
    assert clock_for(ABSOLUTE, now=later).start == NOW - timedelta(hours=1)
    assert clock_for(ABSOLUTE, now=later, speed=2).start == NOW - timedelta(hours=5)
    assert clock_for(ABSOLUTE, now=later, shift=True).start == later
    assert clock_for(ABSOLUTE, now=later, speed=2, shift=True).start == later - timedelta(hours=4)


def test_where_it_begins_can_be_told() -> None:
    assert clock_for(ABSOLUTE, now=NOW, start="start").start == NOW - timedelta(hours=5)
    assert clock_for(ABSOLUTE, now=NOW, speed=2, start="end").start == NOW - timedelta(hours=1)
    moment = datetime(2026, 3, 4, 9, tzinfo=UTC)
    assert clock_for(ABSOLUTE, now=NOW, start=moment).start == moment


@pytest.mark.parametrize("speed", [0, -1, float("inf"), float("nan")])
def test_a_speed_must_be_positive(speed: float) -> None:
    with pytest.raises(ValueError, match="must be a positive number"):
        clock_for(ABSOLUTE, now=NOW, speed=speed)


@given(st.floats(0, 1e12), st.floats(0, 1e12), st.floats(1e-6, 1e12))
def test_the_clock_never_goes_back_or_breaks(a: float, b: float, speed: float) -> None:
    clock = CorpusClock(NOW, speed, NOW)
    assert clock.at(min(a, b)) <= clock.at(max(a, b))
