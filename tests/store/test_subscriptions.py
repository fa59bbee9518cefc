"""What is remembered of hubs: wanted once, asked by who holds the host, confirmed, pushed, left."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from daily8.store import deliveries, hosts, sources, subscriptions
from daily8.store.deliveries import Document
from daily8.store.hosts import DueHub, DuePoll, Fenced, HostClaim
from daily8.store.models import Delivery, Errand, Host, Poll, Source, Subscription
from daily8.store.subscriptions import Ask, Wanted
from tests.store.conftest import NOW, new_source

pytestmark = pytest.mark.django_db
State = Subscription.State
LEASE = timedelta(minutes=3)
HUB, OTHER = "https://hub.example/", "https://other.example/hub"
TOPIC = "https://post.example/feed.xml"
DOCUMENT = Document(TOPIC, {"Content-Type": "text/xml"}, b"<rss/>")


def _wanted(*hubs: str, topic: str = TOPIC, reachable: bool = True) -> Wanted:
    return Wanted({hub: hub.split("/")[2] for hub in hubs or (HUB,)}, topic, reachable)


def _want(source: Source, wanted: Wanted | None = None, now: datetime = NOW) -> Mapping[str, datetime]:
    due = subscriptions.want(source.id, wanted or _wanted(), now=now)
    hosts.tell(due)
    return due


def _claimed(now: datetime = NOW) -> tuple[HostClaim, DueHub]:
    """Take the hub's host in hand."""
    for claim in hosts.claim(now, lease=LEASE):
        for due in claim.due:
            if isinstance(due, DueHub):
                return claim, due
    raise AssertionError("no hub is due")


def _asked(now: datetime = NOW) -> tuple[HostClaim, Ask]:
    claim, due = _claimed(now)
    asked = subscriptions.ask(claim, due, now=now, lease=LEASE)
    assert asked is not None
    return claim, asked


def _confirm(asked: Ask, now: datetime = NOW, seconds: int = 864_000) -> bool:
    callback = subscriptions.find(asked.subscription, asked.token, now=now)
    assert callback is not None
    return subscriptions.confirm(callback, seconds=seconds, now=now, chance=0.0)


def _answered(claim: HostClaim, asked: Ask, now: datetime = NOW, **values: Any) -> None:
    arguments = {"cause": "Not yet.", "until": now + timedelta(hours=1), "pause": False, **values}
    subscriptions.answered(claim, asked, now=now, lease=LEASE, **arguments)


@pytest.fixture
def active(source: Source) -> Ask:
    """What was asked for a subscription that is confirmed now."""
    _want(source)
    claim, asked = _asked()
    _answered(claim, asked)
    assert _confirm(asked)
    hosts.release([(claim, NOW)])
    return asked


def test_a_hub_is_wanted_once(source: Source) -> None:
    assert _want(source) == {"hub.example": NOW}
    row = Subscription.objects.get()
    assert (row.hub, row.topic, row.state) == (HUB, TOPIC, State.WANTED)
    assert _want(source, now=NOW + timedelta(hours=1)) == {}
    assert Subscription.objects.get() == row
    assert Errand.objects.filter(kind="hub").count() == 1


def test_who_offers_nothing_leaves_nothing(source: Source) -> None:
    assert subscriptions.want(source.id, None, now=NOW) == {}
    assert not Subscription.objects.exists()


def test_tokens_and_secrets_are_long_and_never_the_same(db: None) -> None:
    for number in range(20):
        wanted = new_source(f"p{number}")
        sources.add([wanted], due={wanted.key: NOW})
    for source in Source.objects.all():
        subscriptions.want(source.id, _wanted(), now=NOW)
    rows = Subscription.objects.all()
    assert len({row.token for row in rows} | {row.secret for row in rows}) == 40
    assert all(len(row.token) >= 43 and 43 <= len(row.secret) < 200 for row in rows)


def test_a_site_that_cannot_be_reached_keeps_the_offer_in_mind(source: Source) -> None:
    assert subscriptions.want(source.id, _wanted(reachable=False), now=NOW) == {}
    assert Subscription.objects.get().state == State.WANTED
    assert not Errand.objects.filter(kind="hub").exists()
    assert _want(source) == {"hub.example": NOW}
    assert Errand.objects.filter(kind="hub").exists()


def test_the_hub_in_use_is_kept_while_it_is_offered(source: Source, active: Ask) -> None:
    assert _want(source, _wanted(OTHER, HUB)) == {}
    row = Subscription.objects.get()
    assert (row.hub, row.state) == (HUB, State.ACTIVE)


def test_what_was_never_asked_is_replaced_without_a_word(source: Source) -> None:
    _want(source)
    token = Subscription.objects.get().token
    assert _want(source, _wanted(OTHER)) == {"other.example": NOW}
    row = Subscription.objects.get()
    assert row.hub == OTHER
    assert row.token != token
    assert Errand.objects.get(kind="hub").host == "other.example"


@pytest.mark.parametrize("wanted", [None, _wanted(OTHER), _wanted(topic=TOPIC + "?new")])
def test_what_was_asked_is_left_first(source: Source, active: Ask, wanted: Wanted | None) -> None:
    assert subscriptions.want(source.id, wanted, now=NOW) == {"hub.example": NOW}
    hosts.tell({"hub.example": NOW})
    assert Subscription.objects.get().state == State.LEAVING
    assert subscriptions.want(source.id, wanted, now=NOW) == {}
    claim, asked = _asked()
    assert asked.mode == "unsubscribe"
    callback = subscriptions.find(asked.subscription, asked.token, now=NOW)
    assert callback is not None
    assert not callback.live
    assert subscriptions.left(callback)
    _answered(claim, asked)  # the row is gone: nothing to write
    assert not Errand.objects.filter(kind="hub").exists()
    assert bool(subscriptions.want(source.id, wanted, now=NOW)) == bool(wanted)


def test_who_is_being_left_may_be_wanted_again(source: Source, active: Ask) -> None:
    subscriptions.want(source.id, None, now=NOW)
    assert _want(source) == {"hub.example": NOW}
    _, asked = _asked()
    assert asked.mode == "subscribe"
    assert asked.token == active.token


def test_a_hub_that_calls_back_before_it_answers_is_not_overruled(source: Source) -> None:
    _want(source)
    claim, asked = _asked()
    assert _confirm(asked)
    renewal = Errand.objects.get(kind="hub").due_at
    _answered(claim, asked)
    hosts.release([(claim, NOW)])
    row = Subscription.objects.get()
    assert (row.state, row.tries, row.cause) == (State.ACTIVE, 0, "")
    assert Errand.objects.get(kind="hub").due_at == renewal == NOW + timedelta(days=8)
    assert Host.objects.get(name="hub.example").next_at == renewal


def test_nothing_is_confirmed_that_was_not_asked(source: Source) -> None:
    _want(source)
    row = Subscription.objects.get()
    callback = subscriptions.find(row.id, row.token, now=NOW)
    assert callback is not None
    assert not subscriptions.confirm(callback, seconds=864_000, now=NOW, chance=0.0)
    assert not subscriptions.left(callback)
    assert Subscription.objects.get().state == State.WANTED


def test_who_lost_the_host_writes_nothing(source: Source) -> None:
    _want(source)
    lost, due = _claimed()
    _claimed(NOW + LEASE)
    with pytest.raises(Fenced):
        subscriptions.ask(lost, due, now=NOW + LEASE, lease=LEASE)
    row = Subscription.objects.get()
    assert (row.state, row.asked_at) == (State.WANTED, None)
    ask = Ask(row.id, "subscribe", row.hub, row.topic, row.token, row.secret, 0, NOW)
    with pytest.raises(Fenced):
        _answered(lost, ask)
    with pytest.raises(Fenced):
        subscriptions.forget(lost, due, now=NOW, lease=LEASE)
    assert Errand.objects.filter(kind="hub").exists()


def test_tries_are_counted_until_it_is_left_alone(source: Source) -> None:
    _want(source)
    claim, asked = _asked()
    _answered(claim, asked)
    row = Subscription.objects.get()
    assert (row.state, row.tries, row.cause) == (State.ASKED, 1, "Not yet.")
    assert Errand.objects.get(kind="hub").due_at == NOW + timedelta(hours=1)
    _answered(claim, asked, pause=True, until=NOW + timedelta(days=7))
    row = Subscription.objects.get()
    assert (row.state, row.tries, row.cause, row.asked_at) == (State.WANTED, 0, "Not yet.", None)


def test_a_renewal_that_fails_is_looked_at_when_the_lease_ends(active: Ask) -> None:
    later = NOW + timedelta(days=9)
    claim, asked = _asked(later)
    assert asked.token == active.token
    assert Subscription.objects.get().state == State.ACTIVE
    _answered(claim, asked, later, pause=True, until=later + timedelta(days=7))
    assert Errand.objects.get(kind="hub").due_at == NOW + timedelta(days=10)
    assert Subscription.objects.get().state == State.ACTIVE


def _pushed_poll(**values: Any) -> None:
    Poll.objects.update(
        **{
            "next_at": NOW + timedelta(days=11),
            "why": {"code": "pushed", "seconds": 43200.0},
            "interval": 3600.0,
            "fetched_at": NOW + timedelta(days=9),
            **values,
        }
    )


@pytest.mark.parametrize(
    ("poll", "at"),
    [
        ({}, timedelta(days=10)),
        ({"fetched_at": NOW + timedelta(days=9, hours=23, minutes=30)}, timedelta(days=10, minutes=30)),
        ({"hints": {"fresh": {"max_age": 90000.0}}}, timedelta(days=10, hours=1)),
        ({"hints": {"ttl": 93600.0}}, timedelta(days=10, hours=2)),
        ({"why": {"code": "retry-after", "seconds": 1.0}}, timedelta(days=11)),
        ({"next_at": NOW + timedelta(days=9)}, timedelta(days=9)),
    ],
)
def test_when_a_lease_has_ended_the_source_is_polled_at_its_pace(
    active: Ask, poll: dict[str, Any], at: timedelta
) -> None:
    _pushed_poll(**poll)
    end = NOW + timedelta(days=10)
    _, asked = _asked(end)
    assert asked.mode == "subscribe"
    row = Subscription.objects.get()
    assert (row.state, row.lease_until) == (State.ASKED, None)
    found = Poll.objects.get()
    assert found.next_at == NOW + at
    if not {"why", "next_at"} & set(poll):
        assert found.why == {"code": "rhythm", "seconds": 3600.0}
        assert Host.objects.get(name="post.example").next_at is not None
    assert any(
        isinstance(due, DuePoll)
        for c in hosts.claim(NOW + at + timedelta(days=2), lease=LEASE)
        for due in c.due
    )


def test_a_no_ends_what_runs_and_is_asked_about_later(active: Ask) -> None:
    _pushed_poll(fetched_at=NOW)
    callback = subscriptions.find(active.subscription, active.token, now=NOW)
    assert callback is not None
    assert callback.live
    again = NOW + timedelta(days=7)
    subscriptions.deny(callback, "No.", again=again, now=NOW)
    row = Subscription.objects.get()
    assert (row.state, row.cause, row.lease_until) == (State.DENIED, "No.", None)
    assert Poll.objects.get().next_at == NOW + timedelta(hours=1)
    assert Errand.objects.get(kind="hub").due_at == again
    subscriptions.want(row.source_id, _wanted(), now=NOW)
    assert Subscription.objects.get().state == State.DENIED
    _, asked = _asked(again)
    assert asked.mode == "subscribe"


@pytest.mark.parametrize("state", [Source.State.PAUSED, Source.State.GONE])
def test_a_source_that_is_asked_no_more_leaves_its_hub(source: Source, active: Ask, state: str) -> None:
    Source.objects.update(state=state)
    callback = subscriptions.find(active.subscription, active.token, now=NOW)
    assert callback is not None
    assert not callback.live
    _, asked = _asked(NOW + timedelta(days=9))  # at the latest
    assert asked.mode == "unsubscribe"
    assert Subscription.objects.get().state == State.LEAVING


def test_a_source_that_is_asked_no_more_and_was_never_pushed_just_ends(source: Source) -> None:
    _want(source)
    Source.objects.update(state=Source.State.PAUSED)
    claim, due = _claimed()
    assert subscriptions.ask(claim, due, now=NOW, lease=LEASE) is None
    assert not Subscription.objects.exists()
    assert not Errand.objects.filter(kind="hub").exists()


def test_subscriptions_are_left_by_source(source: Source, active: Ask) -> None:
    assert subscriptions.leave([source.id], now=NOW) == {"hub.example": NOW}
    assert Subscription.objects.get().state == State.LEAVING
    assert subscriptions.leave([source.id], now=NOW) == {}


def test_pushes_are_kept_until_there_is_no_room(source: Source, active: Ask) -> None:
    callback = subscriptions.find(active.subscription, active.token, now=NOW)
    assert callback is not None
    kept = [subscriptions.push(callback, DOCUMENT, now=NOW) for _ in range(subscriptions.PENDING_MOST + 1)]
    assert kept == [True] * subscriptions.PENDING_MOST + [False]
    assert deliveries.pending(source.id) == subscriptions.PENDING_MOST
    assert Delivery.objects.first().url == TOPIC  # type: ignore[union-attr]
    assert Subscription.objects.get().pushed_at == NOW
    assert Host.objects.get(name="here:post.example").next_at == NOW


def test_the_page_of_a_source_tells_of_it(source: Source, active: Ask) -> None:
    callback = subscriptions.find(active.subscription, active.token, now=NOW)
    assert callback is not None
    subscriptions.refuse(callback)
    page = sources.page(source.id)
    assert page is not None
    assert page.subscription is not None
    assert (page.subscription.state, page.subscription.hub) == ("active", HUB)
    assert (page.subscription.refused, page.subscription.pushed_at) == (1, None)
    assert page.subscription.lease_until == NOW + timedelta(days=10)


def test_what_is_deleted_with_its_source_leaves_no_errand_due(source: Source, active: Ask) -> None:
    Source.objects.all().delete()
    for claim in hosts.claim(NOW + timedelta(days=9), lease=LEASE):
        assert claim.due == ()
        hosts.release([(claim, NOW)])
    assert not Errand.objects.filter(verdict=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_hub_that_says_no_while_its_source_is_recorded_waits_in_no_circle(transactional_db: None) -> None:
    wanted = new_source()
    sources.add([wanted], due={wanted.key: NOW})
    source = Source.objects.get()
    with transaction.atomic():
        _want(source)
    claim, asked = _asked()
    _answered(claim, asked)
    assert _confirm(asked)
    hosts.release([(claim, NOW)])
    _pushed_poll(fetched_at=NOW)
    callback = subscriptions.find(asked.subscription, asked.token, now=NOW)
    assert callback is not None
    problems: list[BaseException] = []
    begun, waited = threading.Event(), threading.Event()

    def record() -> None:
        """Lock as the recording of a fetch does."""
        try:
            with transaction.atomic():
                Poll.objects.filter(source=source).update(cause="")
                begun.set()
                waited.wait(0.5)
                hosts.tell({source.host: NOW, **subscriptions.want(source.id, None, now=NOW)})
        except BaseException as error:
            problems.append(error)
        finally:
            connection.close()

    def deny() -> None:
        begun.wait()
        try:
            subscriptions.deny(callback, "No.", again=NOW + timedelta(days=7), now=NOW)
        except BaseException as error:
            problems.append(error)
        finally:
            waited.set()
            connection.close()

    threads = [threading.Thread(target=record), threading.Thread(target=deny)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
