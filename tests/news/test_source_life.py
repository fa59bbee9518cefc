"""The whole life of a source, step by step, whatever servers answer and clocks do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from daily8.net.headers import is_value
from daily8.news.hints import Rhythm
from daily8.news.moves import Moving
from daily8.news.schedule import Manners, Outcome, State
from daily8.news.source_life import Fetched, Known, Step, Validators, step, to_send

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
MANNERS = Manners()
LONGEST = timedelta(seconds=MANNERS.longest * 1.1 + 1)
OLD = Validators('"one"', "Mon, 02 Mar 2026 08:00:00 GMT")
NEW_HOME = "https://new.example/feed"


def take(known: Known, outcome: Outcome, now: datetime = NOW, **values: Any) -> Step:
    return step(known, Fetched(outcome, **values), now=now, manners=MANNERS, chance=0.0)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        # a whole document brings its own, each by itself
        (Outcome(200, {"ETag": 'W/"a b"', "Last-Modified": "yesterday"}), Validators('W/"a b"', "yesterday")),
        (Outcome(200, {"etag": '"two"'}), Validators('"two"', None)),
        (Outcome(200, {"last-modified": "x"}), Validators(None, "x")),
        (Outcome(200), Validators()),
        # one that broke off with news brings none: its rest would be hidden behind a 304
        (Outcome(200, {"ETag": '"two"', "Last-Modified": "x"}, complete=False, new=1), OLD),
        # what no request can bear is none
        (Outcome(200, {"ETag": f'"{"x" * 9000}"', "Last-Modified": "x"}), Validators(None, "x")),
        (Outcome(200, {"ETag": '"a\tb"', "Last-Modified": "x\x7f"}), Validators()),
        (Outcome(304, {"ETag": f'"{"x" * 9000}"'}), OLD),
        # a 304 may renew them
        (Outcome(304), OLD),
        (Outcome(304, {"ETag": '"two"'}), Validators('"two"', OLD.last_modified)),
        # nothing else touches them
        (Outcome(200, {"ETag": '"page"'}, readable=False), OLD),
        (Outcome(304, {"ETag": '"odd"'}, readable=False), OLD),
        *((Outcome(status, {"ETag": '"odd"'}), OLD) for status in (204, 205, 206, 300, 404, 410, 429, 500)),
        (Outcome(None), OLD),
        # that it is not fresh does not make it another document
        (Outcome(304, {"Expires": "0"}), OLD),
    ],
)
def test_validators_are_those_of_the_document_that_we_have(outcome: Outcome, expected: Validators) -> None:
    after = take(Known(validators=OLD), outcome)
    assert after.known.validators == expected
    assert to_send(after.known, NOW, MANNERS) == expected


@given(st.text(max_size=20), st.integers(0, 8001))
@example('"', 7999)
@example('"', 8000)
def test_what_is_remembered_is_what_the_door_would_send(value: str, more: int) -> None:
    tag = value + "x" * more
    kept = take(Known(), Outcome(200, {"ETag": tag})).known.validators.etag
    assert kept == (tag if tag and is_value(tag) else None)


def test_a_document_that_always_breaks_off_is_asked_whole_once_a_day_until_it_is_the_same() -> None:
    cut = Outcome(200, {"ETag": '"cut"'}, complete=False, new=2)
    first = take(Known(), cut).known
    assert (first.validators, first.doubted_at) == (Validators('"cut"'), NOW)
    hour = NOW + timedelta(hours=1)
    assert to_send(first, hour, MANNERS) == Validators('"cut"')
    same = take(first, Outcome(304), hour, conditional=True).known
    assert to_send(same, NOW + DAY, MANNERS) == Validators()
    for found, doubt in ((replace(cut, new=0), None), (cut, NOW)):  # it was whole, or its rest has come
        assert take(same, found, NOW + DAY).known.doubted_at == doubt
    whole = take(same, Outcome(200, {"ETag": '"cut"'}, new=1), NOW + DAY).known
    assert (whole.validators, whole.doubted_at) == (Validators('"cut"'), NOW)


def test_a_document_that_breaks_off_anew_is_read_twice_before_its_validators_are_taken() -> None:
    known = Known(validators=OLD)
    cut = Outcome(200, {"ETag": '"cut"'}, complete=False, new=1)
    once = take(known, cut, conditional=True).known
    assert (once.validators, once.doubted_at) == (OLD, None)
    twice = take(once, replace(cut, new=0), conditional=True).known
    assert (twice.validators, twice.doubted_at) == (Validators('"cut"'), NOW)
    bare = take(once, Outcome(200, complete=False), conditional=True).known
    assert (bare.validators, bare.doubted_at) == (OLD, None)  # it names none: the old ones are better


def test_a_304_is_doubted_once_news_was_sent_to_us_and_asked_whole_once_a_day() -> None:
    known = Known(validators=OLD, whole_at=NOW - 2 * DAY)
    assert to_send(known, NOW, MANNERS) == OLD
    lied = take(known, Outcome(304), conditional=True, pushed=True).known
    assert lied.doubted_at == NOW
    assert to_send(lied, NOW, MANNERS) == Validators()

    later = NOW + timedelta(hours=12)
    whole = take(lied, Outcome(200, {"ETag": '"two"'}, new=1), later).known
    assert whole.doubted_at == NOW
    assert to_send(whole, later + DAY - timedelta(seconds=1), MANNERS) == Validators('"two"')
    assert to_send(whole, later + DAY, MANNERS) == Validators()

    # true again: a change is told to a conditional request, or there is none
    assert take(whole, Outcome(200, {"ETag": '"three"'}), conditional=True).known.doubted_at is None
    assert take(whole, Outcome(200, {"ETag": '"two"'})).known.doubted_at is None
    for still in (Outcome(304), Outcome(200, {"ETag": '"two"'}, new=2), Outcome(500), Outcome(None)):
        assert take(whole, still).known.doubted_at == NOW
    # and without news that was sent, a 304 is true
    assert take(known, Outcome(304), conditional=True).known.doubted_at is None


def test_a_move_is_made_when_it_is_believed_and_the_document_is_the_sources() -> None:
    ready = Known(validators=OLD, moving=Moving(NEW_HOME, 2, NOW - 3 * DAY))
    shared = take(ready, Outcome(200), led_to=NEW_HOME, shares=True)
    assert (shared.moved_to, shared.known.moving) == (NEW_HOME, Moving())
    assert take(ready, Outcome(304), led_to=NEW_HOME).moved_to == NEW_HOME  # its ETag names the document
    stranger = take(ready, Outcome(200), led_to=NEW_HOME)
    assert (stranger.moved_to, stranger.known.moving.seen) == ("", 3)

    dated = Known(validators=Validators(None, "yesterday"), moving=ready.moving)
    assert take(dated, Outcome(304), led_to=NEW_HOME).moved_to == ""
    for failure in (Outcome(500), Outcome(404), Outcome(200, readable=False), Outcome(None)):
        after = take(ready, failure, led_to=NEW_HOME, shares=True)
        assert (after.moved_to, after.known.moving) == ("", ready.moving)
    assert take(ready, Outcome(200)).known.moving == Moving()


headers = st.fixed_dictionaries(
    {},
    optional={
        "ETag": st.sampled_from(['"one"', 'W/"two"', '"three"']),
        "Last-Modified": st.sampled_from(["Mon, 02 Mar 2026 08:00:00 GMT", "Tue, 03 Mar 2026 09:30:00 GMT"]),
        "Cache-Control": st.sampled_from(["max-age=60", "max-age=7200", "max-age=2147483648", "no-cache"]),
        "Expires": st.sampled_from(["0", "Fri, 31 Dec 2099 23:59:59 GMT"]),
        "Age": st.sampled_from(["0", "3600"]),
    },
)
retries = st.none() | st.sampled_from(
    [
        *("120", "86400", "99999999999", "-5", "soon"),
        *("Wed, 04 Mar 2026 12:00:00 GMT", "Wednesday, 04-Mar-26 12:00:00 GMT", "Wed Mar  4 12:00:00 2026"),
        "Fri, 31 Dec 2099 23:59:59 GMT",
    ]
)
places = st.sampled_from(["", NEW_HOME, "https://other.example/feed"])


class SourceLife(RuleBasedStateMachine):
    """A source, its server, and a clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.known = Known()
        self.next_at = NOW
        self.asked_at: datetime | None = None
        self.gone = False
        self.pushed = False
        self.wholes: list[datetime] = []
        self.first_gone: datetime | None = None
        self.led: list[tuple[datetime, str]] = []
        self.base = 0.0

    @initialize(speed=st.sampled_from([1.0, 1.0, 600.0]))
    def begin(self, speed: float) -> None:
        self.manners = MANNERS.hurried(speed)

    def fetch(self, outcome: Outcome, chance: float = 0.0, led_to: str = "", shares: bool = False) -> Step:
        """Ask when it is time, as a worker does, and hold what must hold of every answer."""
        self.now = max(self.now, self.next_at)
        before, sent = self.known, to_send(self.known, self.now, self.manners)
        unchanged = outcome.status == 304
        if unchanged and not sent:
            outcome = Outcome(304, outcome.headers, readable=False)
        pushed = self.pushed and unchanged
        fetched = Fetched(outcome, bool(sent), led_to, shares, pushed)
        after = step(before, fetched, now=self.now, manners=self.manners, chance=chance)
        self.hold_time(after)
        self.hold_validators(before, sent, outcome, after)
        self.hold_moves(before, outcome, led_to, shares, after)
        self.hold_failures(before, outcome, after)
        if not outcome.well:
            assert after.known.state.hints == before.state.hints
        if outcome.status == 200 and outcome.well:
            self.pushed = False
        self.known, self.next_at, self.gone = after.known, after.poll.at, after.poll.gone
        return after

    def hold_time(self, after: Step) -> None:
        assert self.now < after.poll.at <= self.now + LONGEST
        least = self.manners.publisher_floor if after.known.state.failures == 0 else self.manners.floor
        assert after.poll.at >= self.now + timedelta(seconds=least * 0.999)

    def hold_validators(self, before: Known, sent: Validators, outcome: Outcome, after: Step) -> None:
        if before.validators and not sent:
            # The one exception: its 304s are doubted, and a day has passed since the last whole document.
            assert before.doubted_at
            assert before.whole_at
            assert (self.now - before.whole_at).total_seconds() >= self.manners.ceiling
        elif sent:
            assert sent == before.validators
        if not outcome.well:
            assert after.known.validators == before.validators

    def hold_moves(self, before: Known, outcome: Outcome, led_to: str, shares: bool, after: Step) -> None:
        if outcome.well:
            self.led.append((self.now, led_to))
        if not after.moved_to:
            return
        assert outcome.well
        assert after.moved_to == led_to
        assert shares or (outcome.status == 304 and before.validators.etag)
        last = self.led[-3:]
        assert [to for _, to in last] == [led_to] * 3
        run = [at for at, to in self.led[self.unbroken() :] if to == led_to]
        assert (self.now - min(run)).total_seconds() >= 48 * 3600 / self.manners.speed
        self.led.clear()

    def unbroken(self) -> int:
        """Give where the row of fetches that led to the last place begins."""
        begin = len(self.led)
        while begin and self.led[begin - 1][1] == self.led[-1][1]:
            begin -= 1
        return begin

    def hold_failures(self, before: Known, outcome: Outcome, after: Step) -> None:
        state = after.known.state
        if outcome.well:
            assert (state.failures, state.gone_since) == (0, None)
            return
        assert state.failures == before.state.failures + 1
        assert state.interval == before.state.interval
        if outcome.status == 410:
            self.first_gone = self.first_gone or self.now
            if after.poll.gone:
                assert (self.now - self.first_gone).total_seconds() >= self.manners.ceiling * 0.999
            return
        self.first_gone = None
        assert not after.poll.gone
        if outcome.status not in (429, 503):
            wait = (after.poll.at - self.now).total_seconds()
            least = min(self.manners.trouble * 2.0 ** min(before.state.failures, 16), self.manners.ceiling)
            assert wait >= least * 0.999
            assert wait <= self.manners.ceiling * 1.1 + 1e-3

    asking = precondition(lambda self: not self.gone)

    @asking
    @rule(
        headers=headers,
        new=st.integers(0, 3),
        ttl=st.none() | st.sampled_from([5, 180]),
        hours=st.sampled_from([(), (0, 1, 2), tuple(range(24))]),
        gap=st.none() | st.sampled_from([60.0, 8 * 3600.0, 1e8]),
        led_to=places,
        shares=st.booleans(),
        subscribed=st.booleans(),
        chance=st.floats(0, 1),
    )
    def whole(
        self,
        headers: dict[str, str],
        new: int,
        ttl: int | None,
        hours: tuple[int, ...],
        gap: float | None,
        led_to: str,
        shares: bool,
        subscribed: bool,
        chance: float,
    ) -> None:
        now = max(self.now, self.next_at)
        outcome = Outcome(
            200,
            headers,
            ttl=ttl,
            skip_hours=hours,
            new=new,
            rhythm=Rhythm(gap, now) if gap else None,
            subscribed=subscribed,
        )
        after = self.fetch(outcome, chance, led_to, shares)
        given = {name.lower(): value for name, value in headers.items()}
        assert after.known.validators == Validators(given.get("etag"), given.get("last-modified"))
        assert after.known.whole_at == self.now
        self.first_gone = None

    @asking
    @rule(headers=headers, led_to=places, subscribed=st.booleans(), chance=st.floats(0, 1))
    def unchanged(self, headers: dict[str, str], led_to: str, subscribed: bool, chance: float) -> None:
        before, pushed = self.known, self.pushed
        after = self.fetch(Outcome(304, headers, subscribed=subscribed), chance, led_to)
        if after.known.state.failures:
            return  # nobody had asked for that
        self.first_gone = None
        hints, held = after.known.state.hints, before.state.hints
        assert (hints.ttl, hints.skip_hours, hints.rhythm) == (held.ttl, held.skip_hours, held.rhythm)
        if not {"Cache-Control", "Expires"} & headers.keys():
            assert hints == held
        if pushed:
            assert after.known.doubted_at

    @asking
    @rule(status=st.sampled_from([401, 403, 404, 204, 206, 300, 418, 500, 502]), chance=st.floats(0, 1))
    def fails(self, status: int, chance: float) -> None:
        self.fetch(Outcome(status), chance)

    @asking
    @rule(status=st.sampled_from([429, 503]), retry=retries, chance=st.floats(0, 1))
    def throttles(self, status: int, retry: str | None, chance: float) -> None:
        before = self.known.state
        after = self.fetch(Outcome(status, {"Retry-After": retry} if retry else {}), chance)
        if retry in ("86400", "99999999999"):
            asked = min(float(retry) / self.manners.speed, self.manners.longest)
            assert (after.poll.at - self.now).total_seconds() >= asked * 0.999
        if status == 429:
            assert after.known.state.pressure > 1
        else:
            assert after.known.state.pressure == before.pressure

    @asking
    @rule(passing=st.booleans(), chance=st.floats(0, 1))
    def does_not_answer(self, passing: bool, chance: float) -> None:
        self.fetch(Outcome(None, passing=passing), chance)

    @asking
    @rule(chance=st.floats(0, 1), headers=headers)
    def is_unreadable(self, chance: float, headers: dict[str, str]) -> None:
        self.fetch(Outcome(200, headers, readable=False), chance)

    @asking
    @rule(wait=st.timedeltas(timedelta(0), 3 * DAY))
    def is_gone(self, wait: timedelta) -> None:
        self.now += wait
        self.fetch(Outcome(410))

    @rule()
    def news_is_pushed(self) -> None:
        self.pushed = True

    @rule(span=st.timedeltas(timedelta(0), 30 * DAY))
    def time_passes(self, span: timedelta) -> None:
        self.now += span

    @rule(span=st.timedeltas(timedelta(0), 3 * DAY))
    def the_clock_is_set_back(self, span: timedelta) -> None:
        at = self.next_at
        self.now -= span
        assert self.next_at == at  # nothing becomes early by that

    @invariant()
    def a_clean_life_keeps_its_bounds(self) -> None:
        state = self.known.state
        assert 1 <= state.pressure <= 8
        assert state.failures >= 0
        assert 0 <= state.interval <= MANNERS.ceiling
        assert self.known.moving.seen >= 0
        assert isinstance(state, State)


SourceLife.TestCase.settings = settings(max_examples=300, stateful_step_count=25, deadline=None)
test_source_life = SourceLife.TestCase
