"""Polls that found nothing new, written with others."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from daily8.news import source_life
from daily8.news.schedule import Manners, Outcome
from daily8.news.source_life import Fetched
from daily8.store import hosts, polls, sources, steering
from daily8.store.hosts import DuePoll
from daily8.store.models import Source
from daily8.store.polls import PollResult, Unchanged
from tests.store.conftest import NOW, new_source
from tests.store.test_hosts import LEASE


@pytest.mark.django_db(transaction=True)
def test_who_steers_a_source_that_is_being_recorded_waits_in_no_circle(transactional_db: None) -> None:
    wanted = new_source()
    sources.add([wanted], due={wanted.key: NOW})
    source = Source.objects.get().id
    (claim,) = hosts.claim(NOW, lease=LEASE)
    (due,) = claim.due
    assert isinstance(due, DuePoll)
    step = source_life.step(due.known, Fetched(Outcome(304), True), now=NOW, manners=Manners(), chance=0.0)
    poll = Unchanged(claim, due, PollResult(step, 304, 0.1, 0), NOW, LEASE)
    problems: list[BaseException] = []

    def again(work: Callable[[], object]) -> None:
        try:
            for _ in range(100):
                work()
        except BaseException as error:
            problems.append(error)
        finally:
            connection.close()

    def steer() -> None:
        sources.refresh([source], NOW, not_since=NOW + timedelta(days=1))
        steering.pause(source, NOW)
        steering.resume(source, NOW)

    threads = [
        threading.Thread(target=again, args=[work])
        for work in (
            lambda: polls.unchanged([poll]),
            lambda: polls.record(claim, due, poll.result, now=NOW, lease=LEASE),
            steer,
        )
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
