"""When a source is polled next: the rules as a table, the bounds as properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.freshness import Freshness, retry_after
from daily8.news.hints import Hints, Rhythm, ttl_seconds
from daily8.news.reasons import ASKED_TO_WAIT, DAY, Reason, explain
from daily8.news.schedule import Manners, Outcome, Poll, State, next_poll

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday
DATE = "Mon, 02 Mar 2026 12:00:00 GMT"
HOUR = 3600.0
MANNERS = Manners()


def decide(outcome: Outcome, previous: State | None = None, chance: float = 0.0) -> Poll:
    return next_poll(now=NOW, outcome=outcome, previous=previous, manners=MANNERS, chance=chance)


def every(gap: float) -> Rhythm:
    """Give the rhythm of a source that has just published, as it does every ``gap`` seconds."""
    return Rhythm(gap, NOW)


def wait(poll: Poll, now: datetime = NOW) -> float:
    return (poll.at - now).total_seconds()


@pytest.mark.parametrize(
    ("headers", "ttl", "rhythm_", "seconds", "code"),
    [
        # nothing said: the floor, the rhythm, the ceiling
        ({}, None, 60.0, HOUR, "floor"),
        ({}, None, 8 * HOUR, 4 * HOUR, "rhythm"),
        ({}, None, 90 * DAY, DAY, "ceiling"),
        # a publisher's hint only ever delays ...
        ({"Cache-Control": "public, max-age=43200"}, None, 60.0, 43_200, "max-age"),
        ({"Cache-Control": "MAX-AGE=43200", "Age": "3600"}, None, 60.0, 39_600, "max-age"),
        ({"Cache-Control": "max-age=3600"}, None, 8 * HOUR, 4 * HOUR, "rhythm"),
        ({"Cache-Control": "max-age=2147483648"}, None, 60.0, DAY, "max-age"),
        ({"cache-control": "max-age=99999999999999999999"}, None, 60.0, DAY, "max-age"),
        ({}, 180, 60.0, 3 * HOUR, "ttl"),
        ({"Cache-Control": "max-age=7200"}, 180, 60.0, 3 * HOUR, "ttl"),
        ({"Expires": "Mon, 02 Mar 2026 15:00:00 GMT", "Date": DATE}, None, 60.0, 3 * HOUR, "expires"),
        ({"Expires": "Mon, 02 Mar 2026 15:00:00 GMT"}, None, 60.0, 3 * HOUR, "expires"),
        # ... relative to the publisher's own clock, however wrong it is
        (
            {"Expires": "Fri, 01 Jan 2010 02:00:00 GMT", "Date": "Fri, 01 Jan 2010 00:00:00 GMT"},
            None,
            60.0,
            2 * HOUR,
            "expires",
        ),
        ({"Expires": "Fri, 01 Jan 2100 00:00:00 GMT"}, None, 60.0, DAY, "expires"),
        # ... but a short one opens the way below the floor, to a quarter of an hour
        ({"Cache-Control": "max-age=1200"}, None, 60.0, 1200, "floor"),
        ({"Cache-Control": "max-age=60"}, None, 60.0, 900, "floor"),
        ({}, 5, 60.0, 900, "floor"),
        ({"Cache-Control": "max-age=60"}, None, 4000.0, 2000, "rhythm"),
        # a void hint is none
        ({"Cache-Control": "no-cache, max-age=43200"}, None, 60.0, HOUR, "floor"),
        ({"Cache-Control": "max-age=43200, no-store"}, 0, 60.0, HOUR, "floor"),
        ({"Cache-Control": "max-age=0"}, None, 60.0, HOUR, "floor"),
        ({"Cache-Control": "max-age=-5"}, None, 60.0, HOUR, "floor"),
        ({"Expires": "0"}, None, 60.0, HOUR, "floor"),
        ({"Expires": "-1", "Date": "rubbish"}, -5, 60.0, HOUR, "floor"),
        (
            {"Cache-Control": "max-age=0", "Expires": "Mon, 02 Mar 2026 15:00:00 GMT"},
            None,
            60.0,
            HOUR,
            "floor",
        ),
        ({"Cache-Control": "max-age=600", "Age": "601"}, None, 60.0, HOUR, "floor"),
        # Retry-After is obeyed whatever the status
        ({"Retry-After": "7200"}, None, 60.0, 2 * HOUR, "retry-after"),
        ({"Retry-After": "99999999999"}, None, 60.0, 7 * DAY, "retry-after"),
    ],
)
@pytest.mark.parametrize("status", [200, 304])
def test_while_all_is_well(
    status: int, headers: dict[str, str], ttl: int | None, rhythm_: float, seconds: float, code: str
) -> None:
    if status == 200:
        poll = decide(Outcome(200, headers, ttl=ttl, rhythm=every(rhythm_)), State(HOUR, failures=3))
    else:  # what a document said before holds as well
        hints = Hints(ttl=ttl_seconds(ttl), rhythm=every(rhythm_))
        poll = decide(Outcome(304, headers), State(HOUR, failures=3, hints=hints))
    assert wait(poll) == seconds
    assert poll.why.code == code
    assert poll.state.failures == 0


def test_without_a_rhythm_the_interval_feels_its_way() -> None:
    state = None
    seen = []
    for new in (5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 1):
        poll = decide(Outcome(200, new=new), state)
        seen.append(round(poll.state.interval / HOUR, 2))
        state = poll.state
    assert seen == [1, 1.5, 2.25, 3.38, 5.06, 7.59, 11.39, 17.09, 24, 24, 12, 6]


@pytest.mark.parametrize(
    ("outcome", "waits", "code"),
    [
        (Outcome(500), [1, 2, 4, 8, 16, 24, 24], "server-error"),
        (Outcome(None), [1, 2, 4, 8, 16, 24, 24], "no-answer"),
        (Outcome(None, passing=False), [24, 24], "not-possible"),
        (Outcome(200, readable=False), [1, 2, 4, 8, 16, 24], "unreadable"),
        (Outcome(304, readable=False), [1, 2], "unreadable"),
        (Outcome(204, readable=False), [1, 2], "unreadable"),
        (Outcome(404), [1, 2, 4, 8, 16, 24], "not-found"),
        (Outcome(402), [1, 2, 4, 8, 16, 24], "not-served"),
        (Outcome(451), [1, 2, 4, 8, 16, 24], "not-served"),
        (Outcome(401), [4, 8, 16, 24, 24], "refused"),
        (Outcome(403), [4, 8, 16, 24, 24], "refused"),
        (Outcome(429), [4, 8, 16, 24, 24], "throttled"),
        (Outcome(503), [4, 8, 16, 24, 24], "throttled"),
    ],
)
def test_failures_double_their_wait(outcome: Outcome, waits: list[float], code: str) -> None:
    state = State(2 * HOUR)
    for number, hours in enumerate(waits, 1):
        poll = decide(outcome, state)
        assert (wait(poll) / HOUR, poll.state.failures, poll.why.code) == (hours, number, code)
        assert poll.state.interval == 2 * HOUR
        state = poll.state


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("86400", DAY),
        ("172800", 2 * DAY),
        ("99999999999", 7 * DAY),
        ("9" * 5000, 7 * DAY),
        ("Wed, 04 Mar 2026 12:00:00 GMT", 2 * DAY),
        ("Wednesday, 04-Mar-26 12:00:00 GMT", 2 * DAY),
        ("Wed Mar  4 12:00:00 2026", 2 * DAY),
        ("Fri, 31 Dec 2099 23:59:59 GMT", 7 * DAY),
        ("60", HOUR),
        # nothing that can be obeyed: the usual back-off
        ("-5", 4 * HOUR),
        ("0", 4 * HOUR),
        ("soon", 4 * HOUR),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 4 * HOUR),
        ("١٢٠", 4 * HOUR),
        ("1e9", 4 * HOUR),
        ("", 4 * HOUR),
    ],
)
def test_retry_after(status: int, value: str, seconds: float) -> None:
    poll = decide(Outcome(status, {"Retry-After": value, "Date": DATE}))
    assert wait(poll) == seconds


@pytest.mark.parametrize("status", [429, 503])
def test_who_is_throttled_is_never_asked_sooner_than_usual(status: int) -> None:
    short = Outcome(status, {"Retry-After": "60"})
    fresh = Hints(fresh=Freshness(max_age=12 * HOUR))
    for state, hours in (
        (State(DAY), 24),
        (State(6 * HOUR, hints=fresh), 12),
        (State(HOUR, hints=Hints(ttl=5 * HOUR)), 5),
        (State(4 * HOUR, pressure=2.0, pressed_at=NOW), 8),
        (State(18 * HOUR, pressure=2.0, pressed_at=NOW), 24),
        (State(HOUR, hints=Hints(ttl=10 * DAY)), 24),
    ):
        poll = decide(short, state)
        assert (wait(poll) / HOUR, poll.why) == (hours, Reason("throttled", hours * HOUR))
    assert wait(decide(Outcome(status), State(HOUR, hints=fresh))) == 12 * HOUR
    long = decide(Outcome(status, {"Retry-After": "172800"}), State(DAY))
    assert (wait(long), long.why) == (2 * DAY, Reason("retry-after", 2 * DAY))


def test_a_short_retry_after_that_repeats_doubles_its_wait() -> None:
    state, waits = State(HOUR), []
    for _ in range(6):
        poll = decide(Outcome(503, {"Retry-After": "60"}), state)
        waits.append(wait(poll) / HOUR)
        state = poll.state
    assert waits == [1, 2, 4, 8, 16, 24]


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "60"}, {"Retry-After": "10800"}])
def test_who_is_throttled_is_not_asked_while_nothing_changes(headers: dict[str, str]) -> None:
    poll = decide(Outcome(429, headers), State(HOUR, hints=Hints(skip_hours=tuple(range(13, 20)))))
    assert poll.at == datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
    assert poll.why.code in ASKED_TO_WAIT  # so that nobody asks before by hand
    monday = decide(Outcome(429, headers), State(HOUR, hints=Hints(skip_days=(0,))))
    assert monday.at == datetime(2026, 3, 3, 0, 0, tzinfo=UTC)


def test_who_was_throttled_slows_down_for_days() -> None:
    poll = decide(Outcome(429), State(4 * HOUR))
    assert poll.state.pressure == 1.5
    waits = []
    for days in (0, 3.5, 7, 30):
        later = NOW + timedelta(days=days)
        well = Outcome(200, rhythm=Rhythm(8 * HOUR, later))
        again = next_poll(now=later, outcome=well, previous=poll.state, manners=MANNERS, chance=0)
        waits.append(wait(again, later) / HOUR)
    assert waits == [6, 5, 4, 4]
    for _ in range(20):
        poll = decide(Outcome(429), poll.state)
    assert poll.state.pressure == 8


def test_gone_is_believed_the_second_time_a_day_later() -> None:
    state: State | None = None
    seen = []
    for hours in (0, 1, 23.9, 24, 25):
        now = NOW + timedelta(hours=hours)
        poll = next_poll(now=now, outcome=Outcome(410), previous=state, manners=MANNERS, chance=0)
        seen.append((poll.gone, poll.why.code))
        state = poll.state
    assert seen == [(False, "gone-once")] * 3 + [(True, "gone")] * 2
    assert wait(decide(Outcome(410))) == DAY

    back = decide(Outcome(404), state)
    assert not back.gone
    assert back.state.gone_since is None


@pytest.mark.parametrize(
    ("hours", "days", "at", "code"),
    [
        ((13, 14), (), datetime(2026, 3, 2, 15, 0, tzinfo=UTC), "skip-hours"),
        (tuple(range(13, 24)), (), datetime(2026, 3, 3, 0, 0, tzinfo=UTC), "skip-hours"),
        ((), (0,), datetime(2026, 3, 3, 0, 0, tzinfo=UTC), "skip-days"),
        ((0, 1), (0, 1), datetime(2026, 3, 4, 2, 0, tzinfo=UTC), "skip-days"),
        ((12,), (6,), datetime(2026, 3, 2, 13, 0, tzinfo=UTC), "floor"),
        # who skips everything, or what does not exist, skips nothing
        (tuple(range(24)), (), datetime(2026, 3, 2, 13, 0, tzinfo=UTC), "floor"),
        ((), tuple(range(7)), datetime(2026, 3, 2, 13, 0, tzinfo=UTC), "floor"),
        ((), (9, -1), datetime(2026, 3, 2, 13, 0, tzinfo=UTC), "floor"),
    ],
)
def test_hours_and_days_in_which_nothing_changes(
    hours: tuple[int, ...], days: tuple[int, ...], at: datetime, code: str
) -> None:
    poll = decide(Outcome(200, rhythm=every(60.0), skip_hours=hours, skip_days=days))
    assert (poll.at, poll.why.code) == (at, code)


def test_a_replay_hurries_every_span_but_the_deadline() -> None:
    hurried = MANNERS.hurried(60).hurried(10)
    assert hurried.spacing == pytest.approx(5 / 600)
    assert hurried.floor == pytest.approx(6)
    assert hurried.ceiling == pytest.approx(144)
    assert hurried.deadline == 20
    for outcome in (
        Outcome(200, {"Cache-Control": "max-age=43200"}),
        Outcome(500),
        Outcome(429, {"Retry-After": "172800"}),
        Outcome(410),
    ):
        poll = next_poll(now=NOW, outcome=outcome, manners=hurried, chance=0)
        assert wait(poll) == pytest.approx(wait(decide(outcome)) / 600, abs=1e-3)
    for wrong in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="above zero"):
            MANNERS.hurried(wrong)


def test_what_a_document_said_holds_until_the_publisher_says_otherwise() -> None:
    said = Outcome(200, {"Cache-Control": "max-age=7200"}, ttl=180, rhythm=every(60.0), skip_hours=(15,))
    state = decide(said).state
    silent = decide(Outcome(304), state)
    assert silent.at == NOW + timedelta(hours=4)  # three hours by its ttl, then the hour that it skips
    assert silent.state.hints == state.hints

    sooner = decide(Outcome(304, {"Cache-Control": "max-age=3600"}), State(hints=Hints(ttl=60.0)))
    assert wait(sooner) == HOUR
    later = decide(Outcome(304, {"Cache-Control": "max-age=43200"}), silent.state)
    assert wait(later) == 12 * HOUR
    assert wait(decide(Outcome(304), later.state)) == 12 * HOUR
    assert wait(decide(Outcome(304, {"Cache-Control": "no-cache"}), later.state)) == 4 * HOUR

    for failure in (Outcome(500), Outcome(None), Outcome(410), Outcome(429), Outcome(200, readable=False)):
        assert decide(failure, state).state.hints == state.hints
    assert decide(Outcome(200), state).state.hints == Hints()  # a new document says everything anew


def test_a_source_that_falls_silent_is_asked_less_often_by_304s_too() -> None:
    state = decide(Outcome(200, rhythm=every(4 * HOUR))).state
    waits = []
    for days in (0, 1, 2):
        later = NOW + timedelta(days=days)
        poll = next_poll(now=later, outcome=Outcome(304), previous=state, manners=MANNERS, chance=0)
        waits.append(wait(poll, later) / HOUR)
    assert waits == [2, 6, 12]


@pytest.mark.parametrize(
    ("headers", "gap", "seconds", "code"),
    [
        ({}, 60.0, 12 * HOUR, "pushed"),
        ({}, 40 * HOUR, 20 * HOUR, "rhythm"),
        ({"Cache-Control": "max-age=72000"}, 60.0, 20 * HOUR, "max-age"),
        ({"Cache-Control": "max-age=900"}, 60.0, 12 * HOUR, "pushed"),
    ],
)
def test_who_sends_us_its_news_is_asked_seldom(
    headers: dict[str, str], gap: float, seconds: float, code: str
) -> None:
    poll = decide(Outcome(200, headers, rhythm=every(gap), subscribed=True))
    assert (wait(poll), poll.why.code) == (seconds, code)
    unsubscribed = decide(Outcome(304, headers), poll.state)
    assert wait(unsubscribed) <= wait(poll)
    assert wait(decide(Outcome(500, subscribed=True))) == HOUR  # trouble is looked into as ever


numbers = st.one_of(st.integers().map(str), st.floats().map(str), st.text(max_size=20))
dates = st.datetimes().map(lambda d: d.strftime("%a, %d %b %Y %H:%M:%S GMT"))
headers = st.fixed_dictionaries(
    {},
    optional={
        "Cache-Control": st.one_of(numbers.map("max-age={}".format), st.text(max_size=30)),
        "Age": numbers,
        "expires": st.one_of(dates, st.text(max_size=30)),
        "DATE": st.one_of(dates, st.text(max_size=30)),
        "Retry-After": st.one_of(numbers, dates),
    },
)
spans = st.floats(0, 1e9)
moments = st.timedeltas(timedelta(days=-9), timedelta(days=9)).map(lambda span: NOW + span)
rhythms = st.none() | st.builds(Rhythm, spans, moments)
outcomes = st.builds(
    Outcome,
    status=st.one_of(st.none(), st.sampled_from([200, 204, 304, 401, 403, 404, 410, 418, 429, 500, 503])),
    headers=headers,
    passing=st.booleans(),
    readable=st.booleans(),
    ttl=st.one_of(st.none(), st.integers()),
    skip_hours=st.lists(st.integers(0, 23)).map(tuple),
    skip_days=st.lists(st.integers(0, 6)).map(tuple),
    new=st.integers(0, 1000),
    rhythm=rhythms,
    subscribed=st.booleans(),
)
said = st.builds(
    Hints,
    fresh=st.builds(Freshness, max_age=st.none() | spans, expires=st.none() | spans, void=st.booleans()),
    ttl=st.none() | spans,
    skip_hours=st.lists(st.integers(0, 23)).map(tuple),
    rhythm=rhythms,
)
states = st.builds(
    State,
    interval=st.floats(0, DAY),
    failures=st.integers(0, 10_000),
    gone_since=st.one_of(st.none(), st.just(NOW - timedelta(hours=30)), st.just(NOW + timedelta(days=1))),
    pressure=st.floats(1, 8),
    pressed_at=st.one_of(st.none(), st.just(NOW - timedelta(days=1)), st.just(NOW + timedelta(days=1))),
    hints=said,
)
chances = st.floats(0, 1)


@given(outcomes, states, chances)
def test_any_answer_keeps_the_bounds(outcome: Outcome, previous: State, chance: float) -> None:
    poll = decide(outcome, previous, chance)
    least = MANNERS.publisher_floor if poll.state.failures == 0 else MANNERS.floor
    assert least <= wait(poll) <= MANNERS.longest * 1.1 + 1e-3
    retry = retry_after(outcome.headers, NOW)
    skips = poll.why.code.startswith("skip-") or (poll.why.code == "throttled" and previous.hints.skip_hours)
    if retry is None and not poll.gone and not skips:
        assert wait(poll) <= MANNERS.ceiling * 1.1 + 1e-3
    assert explain(poll.why)


@given(outcomes, states, chances)
def test_chance_only_delays(outcome: Outcome, previous: State, chance: float) -> None:
    plain, drawn = decide(outcome, previous, 0.0), decide(outcome, previous, chance)
    assert plain.at <= drawn.at
    assert (plain.why.code, plain.state) == (drawn.why.code, drawn.state)


@given(outcomes, states)
def test_the_publisher_is_obeyed(outcome: Outcome, previous: State) -> None:
    """No poll comes before its publisher's word, up to the bounds."""
    poll = decide(outcome, previous)
    if poll.state.failures == 0:
        fresh = poll.state.hints.fresh.left(outcome.headers)
        asked = max(fresh[1] if fresh else 0.0, poll.state.hints.ttl or 0.0)
        assert wait(poll) >= min(asked, MANNERS.ceiling) - 1e-3
    if poll.state.failures == 0 or outcome.status in (429, 503):
        asked = retry_after(outcome.headers, NOW) or 0.0
        assert wait(poll) >= min(asked, MANNERS.longest) - 1e-3


@given(outcomes, st.integers(0, 40))
def test_each_further_failure_waits_no_less(outcome: Outcome, failures: int) -> None:
    one, two = (decide(outcome, State(HOUR, n)) for n in (failures, failures + 1))
    assert one.at <= two.at


@given(states, st.sets(st.integers(0, 23)), st.sets(st.integers(0, 6)), chances)
def test_skipped_times_are_skipped(state: State, hours: set[int], days: set[int], chance: float) -> None:
    poll = decide(Outcome(200, skip_hours=tuple(hours), skip_days=tuple(days)), state, chance)
    if len(hours) < 24 and len(days) < 7:
        assert poll.at.hour not in hours
        assert poll.at.weekday() not in days
