"""Hosts are claimed in batches, once, and a token fences who lost one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from daily8.store import deliveries, hosts, sources, subscriptions
from daily8.store.deliveries import Document
from daily8.store.hosts import DueDelivery, DueHub, DuePage, DuePoll, Fenced, HostClaim
from daily8.store.models import Article, Errand, Host, Poll, Source
from daily8.store.subscriptions import Wanted
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
    hosts.release([(lost, NOW)])
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
    hosts.release([(claim, NOW)])
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
    due = DuePage(errand.id, subject, "https://post.example/1", 0, NOW)
    hosts.finish(due, cause="There is nothing at this address (HTTP 404).", aside=True)
    later = NOW + timedelta(hours=1)
    hosts.again(Errand.Kind.PAGE, {subject: "elsewhere.example"}, later)
    errand.refresh_from_db()
    assert (errand.verdict, errand.cause, errand.host) == (None, "", "elsewhere.example")
    hosts.finish(due)  # who had the page in hand meanwhile does not end what was asked anew
    errand.refresh_from_db()
    assert (errand.verdict, errand.due_at) == (None, later)


@pytest.mark.django_db
def test_a_paused_source_is_not_asked_and_does_not_keep_its_host_due(source: Source) -> None:
    Source.objects.update(state=Source.State.PAUSED)
    (claim,) = hosts.claim(NOW, lease=LEASE)
    assert claim.due == ()
    hosts.release([(claim, NOW)])
    assert Host.objects.get().next_at is None


@pytest.mark.django_db
def test_few_errands_of_a_host_are_taken_at_once(source: Source, article: Callable[..., Article]) -> None:
    subjects = {article(number).id: "post.example" for number in range(hosts.ERRANDS_MOST + 5)}
    hosts.send(Errand.Kind.PAGE, subjects, NOW)
    (claim,) = hosts.claim(NOW, lease=LEASE)
    assert [type(due) for due in claim.due].count(DuePage) == hosts.ERRANDS_MOST


@pytest.mark.django_db
def test_a_host_whose_errands_lost_their_subject_does_not_stay_due(source: Source) -> None:
    Poll.objects.update(next_at=None)
    hosts.send(Errand.Kind.PAGE, {uuid4(): "post.example" for _ in range(50)}, NOW)
    rounds = 0
    while claims := hosts.claim(NOW, lease=LEASE):
        assert claims[0].due == ()
        hosts.release([(claims[0], NOW)])
        rounds += 1
        assert rounds < 10
    assert not Errand.objects.filter(verdict=None).exists()


@pytest.mark.django_db
def test_a_host_with_much_to_do_queues_up_behind_the_others() -> None:
    busy, calm = new_source("busy"), new_source("calm")
    sources.add([busy], due={busy.key: NOW - timedelta(hours=5)})
    sources.add([calm], due={calm.key: NOW - timedelta(minutes=1)})
    (first,) = hosts.claim(NOW, lease=LEASE, limit=1)
    assert first.name == "busy.example"
    hosts.release([(first, NOW)])  # nothing was done on it: it is due still
    (second,) = hosts.claim(NOW, lease=LEASE, limit=1)
    assert second.name == "calm.example"


@pytest.mark.django_db
def test_no_plan_of_the_database_takes_more_than_was_asked_for() -> None:
    wanted = [new_source(f"paper{number}") for number in range(5)]
    sources.add(wanted, due=dict.fromkeys((source.key for source in wanted), NOW))
    with connection.cursor() as cursor:
        # A limit below a nested loop counts anew in every turn: it skips what is taken and gives another.
        cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        cursor.execute("SET LOCAL enable_hashagg = off; SET LOCAL enable_material = off")
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_memoize = off")
    assert len(hosts.claim(NOW, lease=LEASE, limit=1)) == 1


@pytest.mark.django_db
def test_a_claim_is_kept_while_its_work_waits(source: Source) -> None:
    (claim,) = hosts.claim(NOW, lease=LEASE)
    hosts.renew([claim], until=NOW + 2 * LEASE)
    assert hosts.claim(NOW + LEASE, lease=LEASE) == []
    assert hosts.claim(NOW + 2 * LEASE, lease=LEASE, but=[claim.name]) == []
    assert hosts.claim(NOW + 2 * LEASE, lease=LEASE) != []


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


@pytest.mark.django_db
def test_a_host_that_rests_is_passed_over_whatever_becomes_due(source: Source) -> None:
    (claim,) = hosts.claim(NOW, lease=LEASE)
    until = NOW + timedelta(hours=2)
    hosts.rest(claim, until, "It rests.")
    hosts.release([(claim, NOW)])
    assert Host.objects.get().next_at == until
    hosts.tell({claim.name: NOW})
    assert not hosts.any_due(until - timedelta(seconds=1))
    assert hosts.claim(until - timedelta(seconds=1), lease=LEASE) == []
    (again,) = hosts.claim(until, lease=LEASE)
    assert again.troubles == 1
    hosts.revive(claim)  # who lost it changes nothing
    assert Host.objects.get().troubles == 1
    hosts.revive(again)
    host = Host.objects.get()
    assert (host.quiet_until, host.quiet_why, host.troubles) == (None, "", 0)


@pytest.mark.django_db
def test_who_wants_its_pages_left_alone_is_still_pushed(
    source: Source, article: Callable[..., Article]
) -> None:
    deliveries.bring(source.id, "pushed", Document("https://post.example/feed.xml", {}, b"<rss/>"), now=NOW)
    for kind in (Errand.Kind.PAGE, Errand.Kind.PICTURE, Errand.Kind.HUB):
        hosts.send(kind, {article(len(kind)).id: "post.example"}, NOW)
    until = NOW + timedelta(days=7)
    hosts.quieten("post.example", until)
    assert dict(Errand.objects.values_list("kind", "due_at")) == {
        "page": until,
        "picture": until,
        "hub": NOW,
        "delivery": NOW,
    }


@pytest.mark.django_db
def test_a_hub_does_not_wait_behind_many_pages(source: Source, article: Callable[..., Article]) -> None:
    subjects = {article(number).id: "post.example" for number in range(hosts.ERRANDS_MOST + 5)}
    hosts.send(Errand.Kind.PAGE, subjects, NOW)
    wanted = Wanted({"https://post.example/hub": "post.example"}, "https://post.example/feed.xml", True)
    hosts.tell(subscriptions.want(source.id, wanted, now=NOW + timedelta(seconds=1)))
    (claim,) = hosts.claim(NOW + timedelta(minutes=1), lease=LEASE)
    assert [type(due) for due in claim.due][:3] == [DuePoll, DueHub, DuePage]


@pytest.mark.django_db
def test_a_document_that_is_here_waits_neither_for_rest_nor_behind_pages(
    source: Source, article: Callable[..., Article]
) -> None:
    subjects = {article(number).id: "post.example" for number in range(hosts.ERRANDS_MOST + 5)}
    hosts.send(Errand.Kind.PAGE, subjects, NOW)
    Host.objects.update(quiet_until=NOW + timedelta(hours=20), troubles=3)
    later = NOW + timedelta(minutes=1)
    document = Document("https://post.example/feed.xml", {}, b"<rss/>")
    deliveries.bring(source.id, "pushed", document, now=later)
    assert hosts.any_due(later)
    (claim,) = hosts.claim(later, lease=LEASE, troubled=0)
    assert (claim.name, [type(due) for due in claim.due]) == ("here:post.example", [DueDelivery])
    hosts.release([(claim, later)])
    assert Host.objects.get(name="post.example").next_at == NOW
