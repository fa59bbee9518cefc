"""The life of a source through the real store: what is decided is what is remembered and claimed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from daily8.news.hints import Rhythm
from daily8.news.schedule import Manners, Outcome
from daily8.news.source_life import Fetched, Known, step, to_send
from daily8.pipeline.upkeep import settle
from daily8.store import hosts, polls, sources
from daily8.store.hosts import DuePoll, HostClaim
from daily8.store.models import Fetch, Host, Poll, Source
from daily8.store.moves import Home
from daily8.store.polls import PollResult, Unchanged
from tests.store.conftest import NOW, new_source

LEASE = timedelta(minutes=3)
DAY = timedelta(days=1)
MANNERS = Manners()
PLACES = {
    name: Home(f"https://{name}/feed", f"https://{name}/feed", name) for name in ("a.example", "b.example")
}
headers = st.fixed_dictionaries(
    {},
    optional={
        "ETag": st.sampled_from(['"one"', 'W/"two"']),
        "Last-Modified": st.just("Mon, 02 Mar 2026 08:00:00 GMT"),
        "Cache-Control": st.sampled_from(["max-age=60", "max-age=7200", "no-cache"]),
        "Retry-After": st.sampled_from(["7200", "99999999999"]),
    },
)


class StoredLife(RuleBasedStateMachine):
    """A source in the store, and beside it what a plain memory would hold."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = NOW
        self.known = Known()
        self.next_at = NOW
        self.gone = False
        self.fetches = 0

    @initialize()
    def begin(self) -> None:
        wanted = new_source("post")
        sources.add([wanted], due={wanted.key: NOW})
        self.source = Source.objects.get().id

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def claim(self) -> tuple[HostClaim, DuePoll]:
        """Claim the source when it is due, and not a second before."""
        if self.now < self.next_at:
            assert not [
                due for claim in self.claims(self.next_at - timedelta(seconds=1)) for due in claim.due
            ]
            self.now = self.next_at
        ((claim,), (due,)) = (found := self.claims(self.now)), found[0].due
        assert isinstance(due, DuePoll)
        assert due.known == self.known
        return claim, due

    def claims(self, now: Any) -> list[HostClaim]:
        found = hosts.claim(now, lease=LEASE)
        if not any(claim.due for claim in found):
            hosts.release([(claim, now) for claim in found]) if found else None
        return found

    def fetch(self, outcome: Outcome, chance: float = 0.0, led_to: str = "") -> None:
        claim, due = self.claim()
        sent = to_send(due.known, self.now, MANNERS)
        if outcome.status == 304 and not sent:
            outcome = Outcome(304, outcome.headers, readable=False)
        home = PLACES.get(led_to)
        target = home.url if home and home.url != due.url else ""
        fetched = Fetched(outcome, bool(sent), target, shares=True)
        after = step(due.known, fetched, now=self.now, manners=MANNERS, chance=chance)
        result = PollResult(
            step=after,
            home=home if after.moved_to else None,
            status=outcome.status,
            seconds=0.1,
            size=0,
            cause="" if outcome.well else "It failed.",
            conditional=bool(sent),
        )
        if outcome.well and outcome.status == 304 and not result.home:
            assert polls.unchanged([Unchanged(claim, due, result, self.now, LEASE)]) == [True]
        else:
            polls.record(claim, due, result, now=self.now, lease=LEASE)
        hosts.release([(claim, self.now)])
        self.known, self.next_at, self.gone = after.known, after.poll.at, after.poll.gone
        self.fetches += 1
        self.hold(result)

    def hold(self, result: PollResult) -> None:
        row = Poll.objects.select_related("source").get()
        found = hosts.due_poll(self.source)
        assert found is not None
        assert found.known == self.known
        assert row.next_at == (None if self.gone else self.next_at)
        assert (row.source.state == Source.State.GONE) == self.gone
        assert row.source_id == self.source
        assert Fetch.objects.count() == self.fetches
        assert not Host.objects.exclude(claim_token=None).exists()
        if result.home:
            assert (row.source.url, row.source.host) == (result.home.url, result.home.host)

    asking = precondition(lambda self: not self.gone)

    @asking
    @rule(
        headers=headers,
        ttl=st.none() | st.just(180),
        gap=st.none() | st.sampled_from([60.0, 1e6]),
        led_to=st.sampled_from(["", *PLACES]),
        chance=st.floats(0, 1),
    )
    def whole(
        self, headers: dict[str, str], ttl: int | None, gap: float | None, led_to: str, chance: float
    ) -> None:
        rhythm = Rhythm(gap, self.now) if gap else None
        self.fetch(Outcome(200, headers, ttl=ttl, skip_hours=(3,), rhythm=rhythm), chance, led_to)

    @asking
    @rule(headers=headers, led_to=st.sampled_from(["", *PLACES]))
    def unchanged(self, headers: dict[str, str], led_to: str) -> None:
        self.fetch(Outcome(304, headers), led_to=led_to)

    @asking
    @rule(
        status=st.sampled_from([None, 401, 404, 410, 429, 500, 503]), headers=headers, chance=st.floats(0, 1)
    )
    def fails(self, status: int | None, headers: dict[str, str], chance: float) -> None:
        self.fetch(Outcome(status, headers), chance)

    @asking
    @rule()
    def a_worker_dies_with_it(self) -> None:
        self.claim()
        self.now += LEASE
        assert len(hosts.claim(self.now, lease=LEASE)) == 1
        self.now += LEASE

    @rule(span=st.timedeltas(timedelta(0), 20 * DAY))
    def time_passes(self, span: timedelta) -> None:
        self.now += span

    @asking
    @rule()
    def the_service_starts(self) -> None:
        settle(self.now, MANNERS)
        found = hosts.due_poll(self.source)
        assert found is not None
        assert found.known == self.known  # nothing is lost by it, and nothing early
        assert Poll.objects.get().next_at == self.next_at


@pytest.mark.django_db
def test_a_source_lives_in_the_store_as_it_was_decided() -> None:
    quick = settings(
        max_examples=30,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    run_state_machine_as_test(StoredLife, settings=quick)
