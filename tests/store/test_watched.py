"""Watched pages: a person changes the pattern while a worker reads the page."""

from __future__ import annotations

import pytest

from daily8.news import source_life
from daily8.news.listing import Pattern, checked
from daily8.news.schedule import Manners, Outcome
from daily8.news.source_life import Fetched
from daily8.store import hosts, polls, sources, watched
from daily8.store.hosts import DuePoll, HostClaim
from daily8.store.models import Poll, Source
from daily8.store.polls import FeedFacts, PollResult
from tests.store.conftest import NOW, new_source
from tests.store.test_hosts import LEASE

pytestmark = pytest.mark.django_db
SEEN = {"seen": [["/news/1", "Ferry one"]], "passed": ["0a1b"]}


@pytest.fixture
def reading(db: None) -> tuple[HostClaim, DuePoll]:
    """A page that is being read."""
    page = new_source(way="page", pattern={"links": "/news/#", "within": "", "least_words": 0})
    sources.add([page], due={page.key: NOW})
    (claim,) = hosts.claim(NOW, lease=LEASE)
    (due,) = claim.due
    assert isinstance(due, DuePoll)
    return claim, due


def _record(claim: HostClaim, due: DuePoll, facts: FeedFacts | None) -> None:
    outcome = Outcome(200 if facts else 304, {"etag": '"one"'})
    step = source_life.step(due.known, Fetched(outcome), now=NOW, manners=Manners(), chance=0.0)
    result = PollResult(step, outcome.status, 0.1, 10, facts=facts)
    polls.record(claim, due, result, now=NOW, lease=LEASE)


def test_a_reading_is_remembered_beside_its_pattern(reading: tuple[HostClaim, DuePoll]) -> None:
    claim, due = reading
    _record(claim, due, FeedFacts(seen=SEEN))
    assert Source.objects.get().pattern == {**due.pattern, **SEEN}
    assert Poll.objects.get().etag == '"one"'


@pytest.mark.parametrize(
    "pattern", [checked("/sport/#"), checked("/news/#", "main", 0), checked("/news/#", "", 3)]
)
@pytest.mark.parametrize("facts", [FeedFacts(seen=SEEN), None], ids=["200", "304"])
def test_a_pattern_that_is_changed_meanwhile_begins_anew(
    reading: tuple[HostClaim, DuePoll], pattern: Pattern, facts: FeedFacts | None
) -> None:
    claim, due = reading
    assert watched.adjust(due.source, pattern, NOW)
    _record(claim, due, facts)
    stored = Source.objects.get().pattern
    assert (stored["links"], stored["seen"], "passed" in stored) == (pattern.links, [], False)
    poll = Poll.objects.get()
    assert (poll.etag, poll.last_modified, poll.fetched_at) == (None, None, NOW)
