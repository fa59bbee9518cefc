"""Hosts are claimed in batches, once, and a token fences who lost one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from daily8.store import hosts, sources
from daily8.store.hosts import DuePage, DuePoll, Fenced, HostClaim
from daily8.store.models import Article, Errand, Host, Poll, Source
from tests.store.conftest import NOW, new_source

LEASE = timedelta(minutes=3)


@pytest.mark.django_db
def test_a_claimed_host_is_nobody_elses_until_its_lease_ends(source: Source) -> None:
    (claim,) = hosts.claim(NOW, lease=LEASE)
    assert [type(due) for due in claim.due] == [DuePoll]
    assert hosts.claim(NOW, lease=LEASE) == []
    assert not hosts.any_due(NOW)
    (again,) = hosts.claim(NOW + LEASE, lease=LEASE)
    assert again.name == claim.name
    assert again.token != claim.token


@pytest.mark.django_db
def test_who_lost_a_host_writes_nothing(source: Source) -> None:
    (lost,) = hosts.claim(NOW, lease=LEASE)
    (taken,) = hosts.claim(NOW + LEASE, lease=LEASE)

    def write() -> None:
        with transaction.atomic():
            Poll.objects.update(cause="written by the one who lost")
            hosts.hold(lost, now=NOW, lease=LEASE)

    with pytest.raises(Fenced):
        write()
    assert Poll.objects.get().cause == ""
    hosts.release(lost)
    assert Host.objects.get().claim_token == taken.token


@pytest.mark.django_db
def test_nothing_is_due_before_its_time(source: Source) -> None:
    assert hosts.claim(NOW - timedelta(seconds=1), lease=LEASE) == []


@pytest.mark.django_db
def test_a_host_told_while_it_is_held_is_due_after_it_is_given_back(
    source: Source, article: Callable[..., Article]
) -> None:
    (claim,) = hosts.claim(NOW, lease=LEASE)
    Poll.objects.update(next_at=NOW + timedelta(days=1))
    hosts.send(Errand.Kind.PAGE, {article().id: claim.name}, NOW)
    hosts.tell({claim.name: NOW})
    hosts.release(claim)
    assert Host.objects.get().next_at == NOW
    (again,) = hosts.claim(NOW, lease=LEASE)
    assert [type(due) for due in again.due] == [DuePage]


@pytest.mark.django_db
def test_errands_have_one_verdict_and_can_be_asked_again(
    source: Source, article: Callable[..., Article]
) -> None:
    subject = article().id
    hosts.send(Errand.Kind.PAGE, {subject: "post.example"}, NOW)
    hosts.send(Errand.Kind.PAGE, {subject: "post.example"}, NOW)  # done twice is done once
    errand = Errand.objects.get()
    hosts.finish(errand.id, cause="There is nothing at this address (HTTP 404).", aside=True)
    hosts.again(Errand.Kind.PAGE, [subject], NOW)
    errand.refresh_from_db()
    assert errand.verdict is None
    assert errand.cause == ""


@pytest.mark.django_db
def test_few_errands_of_a_host_are_taken_at_once(source: Source) -> None:
    hosts.send(Errand.Kind.PAGE, {uuid4(): "post.example" for _ in range(50)}, NOW)
    assert len(list(hosts._due_errands(["post.example"], NOW))) == 0  # subjects that are gone are passed over
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM store_errand")
        row = cursor.fetchone()
    assert row is not None
    assert row[0] == 50


@pytest.mark.django_db(transaction=True)
def test_workers_that_claim_at_once_share_the_hosts() -> None:
    wanted = [new_source(f"paper{number}") for number in range(60)]
    sources.add(wanted, due=dict.fromkeys((source.key for source in wanted), NOW))
    claimed: list[list[HostClaim]] = []

    def work() -> None:
        mine: list[HostClaim] = []
        while found := hosts.claim(NOW, lease=LEASE, limit=7):
            mine += found
        claimed.append(mine)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = [claim.name for mine in claimed for claim in mine]
    assert len(names) == len(set(names)) == 60


@pytest.mark.django_db(transaction=True)
def test_workers_that_tell_each_others_hosts_do_not_wait_for_ever() -> None:
    wanted = [new_source(f"paper{number}") for number in range(2)]
    sources.add(wanted, due=dict.fromkeys((source.key for source in wanted), NOW))
    first, second = hosts.claim(NOW, lease=LEASE)
    problems: list[BaseException] = []

    def work(mine: HostClaim, other: str) -> None:
        due: dict[str, datetime] = {other: NOW}
        try:
            for _ in range(50):
                with transaction.atomic():
                    hosts.hold(mine, now=NOW, lease=LEASE, due=due)
        except BaseException as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=work, args=(first, second.name)),
        threading.Thread(target=work, args=(second, first.name)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
