"""Fetches are recorded while others record, steer and are pushed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.db import connection

from daily8.news import source_life
from daily8.news.schedule import Manners, Outcome
from daily8.news.source_life import Fetched
from daily8.store import deliveries, hosts, polls, sources, steering
from daily8.store.arrivals import Draft
from daily8.store.deliveries import Document
from daily8.store.hosts import DueDelivery, DuePoll
from daily8.store.models import Article, Delivery, Entry, Errand, Fetch, Source
from daily8.store.polls import FeedFacts, PollResult, Unchanged
from tests.store.conftest import NOW, new_source
from tests.store.test_arrivals import draft
from tests.store.test_hosts import LEASE


@pytest.mark.django_db(transaction=True)
def test_two_documents_of_one_source_that_are_read_at_once_bring_nothing_twice(
    transactional_db: None,
) -> None:
    wanted = new_source()
    sources.add([wanted], due={wanted.key: NOW})
    (asked,) = hosts.claim(NOW, lease=LEASE)
    (due,) = asked.due
    assert isinstance(due, DuePoll)
    drafts = [draft(number) for number in range(200)]
    step = source_life.step(due.known, Fetched(Outcome(200)), now=NOW, manners=Manners(), chance=0.0)
    document = Document(wanted.url, {}, b"<rss/>")
    deliveries.bring(due.source, "pushed", document, now=NOW)
    (here,) = hosts.claim(NOW, lease=LEASE)
    (delivery,) = here.due
    assert isinstance(delivery, DueDelivery)
    facts = FeedFacts(title="Harbour")
    problems: list[BaseException] = []

    def poll(some: Sequence[Draft]) -> None:
        polls.record(asked, due, PollResult(step, 200, 0.1, 1, facts=facts), new=some, now=NOW, lease=LEASE)

    def push(some: Sequence[Draft]) -> None:
        result = PollResult(None, 200, 0.0, 1, facts=facts, via="pushed")
        polls.record(here, due, result, new=some, now=NOW, lease=LEASE, delivery=delivery)

    def each(work: Callable[[Sequence[Draft]], None]) -> None:
        try:
            for start in range(0, len(drafts), 2):
                work(drafts[start : start + 2])
        except BaseException as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=each, args=[work]) for work in (poll, push)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert Article.objects.count() == Entry.objects.count() == len(drafts)
    assert sum(Fetch.objects.values_list("arrivals", flat=True)) == len(drafts)
    assert not Delivery.objects.exists()
    assert not Errand.objects.filter(kind="delivery").exists()


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
