"""What publishers say of the pace: found, kept as JSON, and read again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from daily8.news.freshness import Freshness
from daily8.news.hints import Hints, Rhythm, read_hints, rhythm, ttl_seconds

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = 3600.0


def at(*hours: float) -> list[datetime]:
    return [NOW - timedelta(hours=h) for h in hours]


def test_rhythm_is_the_usual_gap_or_the_silence_since() -> None:
    def found(*hours: float) -> float | None:
        one = rhythm(at(*hours), NOW)
        return one.at(NOW) if one else None

    assert found(1, 2, 3, 10) == HOUR
    assert found(100, 101, 102) == 50 * HOUR
    assert found(1, 2) is None
    assert found(1, 1, 1) is None
    assert found(-5, -6, 1, 2) is None
    assert found(*range(1, 11), *(1000 * n for n in range(1, 50))) == HOUR
    # a clock that was set back makes nothing quicker
    assert Rhythm(HOUR, NOW).at(NOW - timedelta(days=9)) == HOUR


def test_a_ttl_is_a_span_or_nothing() -> None:
    assert [ttl_seconds(minutes) for minutes in (None, 0, -5, 60, 10**30)] == [None, None, None, 3600, 6e9]


def test_nothing_said_is_stored_as_nothing() -> None:
    assert Hints().stored() == {}
    assert read_hints(None) == read_hints({}) == Hints()


spans = st.none() | st.floats(0, 1e10)
moments = st.datetimes(timezones=st.just(UTC))


@given(
    st.builds(
        Hints,
        fresh=st.builds(Freshness, max_age=spans, expires=spans, void=st.booleans()),
        ttl=spans,
        skip_hours=st.lists(st.integers(0, 23)).map(tuple),
        skip_days=st.lists(st.integers(0, 6)).map(tuple),
        rhythm=st.none() | st.builds(Rhythm, st.floats(0, 1e10), moments),
    )
)
def test_hints_are_the_same_after_they_were_stored(hints: Hints) -> None:
    assert read_hints(json.loads(json.dumps(hints.stored()))) == hints
