"""News that is pushed: a true hub, the whole line and the pages' server, each on a socket of loopback."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from daily8.net.cage import Cage
from daily8.net.outside import Outside
from daily8.news.listing import checked
from daily8.store import subscriptions
from daily8.store.models import Article, Delivery, Errand, Fetch, Host, Poll, Source, Subscription
from tests.hub import Document, Hub, atom
from tests.pipeline.conftest import Line

pytestmark = pytest.mark.django_db(transaction=True)

FEED = "http://harbour.replay.test/feed.xml"
HUB = "http://hub.replay.test/hub"
State = Subscription.State


class Service(Line):
    """A service that hubs can reach."""

    def __init__(self, hub: Hub, cage: Cage, site: str) -> None:
        super().__init__(hub, cage)  # type: ignore[arg-type]  # it serves the publishers too
        self.hub = hub
        self.moment = datetime.now(UTC)
        self.speed = 1.0
        self.callback = f"{site}/websub/"

    @asynccontextmanager
    async def world(self) -> AsyncIterator[Outside]:
        async with super().world() as world:
            manners = dataclasses.replace(world.manners, spacing=0.0)
            yield dataclasses.replace(world, callback=self.callback, manners=manners)

    def serve(self, *titles: str, hub: str | None = HUB, url: str = FEED, **headers: str) -> None:
        """Let the publisher have published articles, the newest first."""
        self.hub.documents[url.removeprefix("http://")] = Document(atom(url, [*titles], hub=hub), headers)

    def drain(self) -> int:
        self.moment = max(self.moment, datetime.now(UTC))  # by which pushes arrive
        return super().drain()

    def later(self, **span: float) -> None:
        """Let time pass, and do what is due then."""
        self.moment += timedelta(**span)
        self.drain()


@pytest.fixture
def there(transactional_db: None, live_server: Any, cage: Cage, settings: Any) -> Iterator[Service]:
    settings.EGRESS_SUFFIXES = ("replay.test",)
    settings.WEBSUB = "on"
    with Hub() as hub:
        service = Service(hub, cage, live_server.url)
        service.serve("Ferry one")
        yield service


@pytest.fixture
def pushed(there: Service) -> Service:
    """A service to which the hub pushes."""
    there.subscribe([FEED])
    there.drain()
    there.hub.settle()
    assert Subscription.objects.get().state == State.ACTIVE
    return there


def _titles() -> set[str]:
    return set(Article.objects.values_list("title", flat=True))


def test_a_feed_that_names_a_hub_is_subscribed(there: Service) -> None:
    there.subscribe([FEED])
    there.drain()
    (form,) = there.hub.asked
    assert form["hub.mode"] == "subscribe"
    assert form["hub.topic"] == FEED
    assert form["hub.lease_seconds"] == "864000"
    row = Subscription.objects.get()
    assert form["hub.callback"] == f"{there.callback}{row.id.hex}/{row.token}"
    assert len(row.token) >= 43
    assert len(form["hub.secret"]) >= 43
    assert row.state == State.ASKED

    there.hub.settle()
    row.refresh_from_db()
    assert [called.status for called in there.hub.verified] == [200]
    assert row.state == State.ACTIVE
    assert row.lease_until is not None
    assert abs(row.lease_until - there.moment - timedelta(days=10)) < timedelta(minutes=2)
    errand = Errand.objects.get(kind="hub")
    assert timedelta(days=7.9) < errand.due_at - there.moment < timedelta(days=9.6)
    there.later(hours=2)  # when a look would have been due, had the hub not called back
    assert len(there.hub.asked) == 1
    assert Host.objects.get(name="hub.replay.test").next_at == errand.due_at
    callback = subscriptions.find(row.id, row.token, now=there.moment)
    assert callback is not None
    assert callback.live


def test_a_hub_that_verifies_before_it_answers_is_believed(there: Service) -> None:
    there.hub.hasty = True
    there.subscribe([FEED])
    there.drain()
    assert [called.status for called in there.hub.verified] == [200]
    row = Subscription.objects.get()
    assert (row.state, row.tries, row.cause, row.asked_at) == (State.ACTIVE, 0, "", None)


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha512"])
def test_what_is_pushed_arrives(pushed: Service, method: str) -> None:
    pushed.hub.method = method
    poll = Poll.objects.get()
    fetched = len(pushed.hub.fetched)
    answers = pushed.hub.publish(FEED, atom(FEED, ["عبّارة ثانية تصل الميناء", "Ferry two"], language="ar"))
    assert [answer.status for answer in answers] == [202]
    assert _titles() == {"Ferry one"}  # nobody has read it yet
    pushed.drain()
    assert _titles() == {"Ferry one", "Ferry two", "عبّارة ثانية تصل الميناء"}
    assert not Delivery.objects.exists()
    newest = Fetch.objects.order_by("-at", "-id")[0]
    assert (newest.via, newest.arrivals) == ("pushed", 2)
    after = Poll.objects.get()
    assert (after.next_at, after.etag, after.fetched_at) == (poll.next_at, poll.etag, poll.fetched_at)
    assert not [name for name in pushed.hub.fetched[fetched:] if name.endswith("feed.xml")]
    assert Subscription.objects.get().pushed_at is not None


def test_entries_that_are_not_in_a_push_are_still_there(pushed: Service) -> None:
    pushed.hub.publish(FEED, atom(FEED, ["Ferry two"]))
    pushed.drain()
    pushed.serve("Ferry two", "Ferry one")
    pushed.later(days=2)
    assert sorted(Article.objects.values_list("title", flat=True)) == ["Ferry one", "Ferry two"]


def test_a_push_that_is_sent_again_brings_nothing_twice(pushed: Service) -> None:
    body = atom(FEED, ["Ferry two", "Ferry one"])
    for _ in range(3):
        pushed.hub.publish(FEED, body)
    pushed.drain()
    pushed.hub.publish(FEED, body)
    pushed.drain()
    assert sorted(Article.objects.values_list("title", flat=True)) == ["Ferry one", "Ferry two"]


@pytest.mark.parametrize("signature", ["", "sha256=" + "0" * 64, "md5=" + "0" * 32, "sha1"])
def test_a_push_that_is_signed_wrongly_is_ignored_in_silence(pushed: Service, signature: str) -> None:
    (one,) = pushed.hub.subscribers.values()
    body = atom(FEED, ["A lie"])
    assert pushed.hub.send(one, body, signature=signature).status == 202
    forged = dataclasses.replace(one, secret="another")
    assert pushed.hub.send(forged, body).status == 202
    pushed.drain()
    assert _titles() == {"Ferry one"}
    assert Subscription.objects.get().refused == 2


def test_a_push_that_is_no_feed_leaves_a_cause_and_nothing_else(pushed: Service) -> None:
    pushed.hub.publish(FEED, b"<!doctype html><title>Hello</title><p>There", "text/html")
    pushed.drain()
    assert not Delivery.objects.exists()
    assert "a web page, not a feed" in Fetch.objects.order_by("-id")[0].cause
    assert Poll.objects.get().cause == ""
    assert Subscription.objects.get().state == State.ACTIVE


def test_after_a_push_that_cannot_be_read_the_source_is_asked_at_its_pace(pushed: Service) -> None:
    fetched = {"fetched_at": pushed.moment, "interval": 3600.0}
    Poll.objects.update(
        next_at=pushed.moment + timedelta(hours=12), why={"code": "pushed", "seconds": 43200}, **fetched
    )
    pushed.hub.publish(FEED, b"<!doctype html><title>Hello</title><p>There", "text/html")
    pushed.drain()
    poll = Poll.objects.get()
    assert poll.why == {"code": "rhythm", "seconds": 3600.0}
    assert poll.next_at == Host.objects.get(name="harbour.replay.test").next_at
    pushed.serve("Ferry two", "Ferry one")
    pushed.later(hours=1)
    assert "Ferry two" in _titles()


def test_a_hub_that_does_not_send_what_a_poll_finds_does_not_count_until_its_next_push(
    pushed: Service,
) -> None:
    def why() -> str:
        return str((Poll.objects.get().why or {})["code"])

    pushed.later(hours=1.2)
    assert why() == "pushed"  # nothing new: it may well work
    _publish(pushed, "Ferry two")
    pushed.later(hours=14)
    assert "Ferry two" in _titles()
    assert why() != "pushed"
    _publish(pushed, "Ferry three")
    pushed.later(hours=14)
    assert why() != "pushed"
    pushed.hub.publish(FEED, atom(FEED, ["Ferry four"]))
    pushed.drain()
    Subscription.objects.update(pushed_at=pushed.moment + timedelta(minutes=1))  # the pages' clock is not set
    _publish(pushed, "Ferry five")  # which is between two pushes
    pushed.later(hours=25)
    assert {"Ferry four", "Ferry five"} <= _titles()
    assert why() == "pushed"


def _publish(there: Service, title: str) -> None:
    """Let something be published a little later, without a push."""
    at = there.moment + timedelta(minutes=5)
    body = atom(FEED, [title], hub=HUB).replace(b"2026-03-01T10:00:00Z", f"{at:%FT%TZ}".encode())
    there.hub.documents[FEED.removeprefix("http://")] = Document(body)


def test_a_lease_is_renewed_at_eight_tenths(pushed: Service) -> None:
    first = Subscription.objects.get()
    due = Errand.objects.get(kind="hub").due_at
    assert timedelta(days=7.9) < due - pushed.moment < timedelta(days=9.6)
    pushed.later(days=7.9)
    assert len(pushed.hub.asked) == 1
    pushed.moment = due
    pushed.drain()
    assert len(pushed.hub.asked) == 2
    assert {form["hub.callback"] for form in pushed.hub.asked} == {pushed.hub.asked[0]["hub.callback"]}
    during = Subscription.objects.get()
    assert (during.state, during.lease_until) == (State.ACTIVE, first.lease_until)  # pushes go on meanwhile
    pushed.hub.publish(FEED, atom(FEED, ["Ferry two"]))
    pushed.hub.settle()
    renewed = Subscription.objects.get()
    assert renewed.state == State.ACTIVE
    assert renewed.lease_until is not None
    assert first.lease_until is not None
    assert renewed.lease_until > first.lease_until
    pushed.drain()
    assert "Ferry two" in _titles()


def test_a_lease_that_the_hub_shortens_is_renewed_sooner(there: Service) -> None:
    there.hub.shortens = 7200
    there.subscribe([FEED])
    there.drain()
    there.hub.settle()
    wait = Errand.objects.get(kind="hub").due_at - there.moment
    assert timedelta(minutes=95) < wait < timedelta(minutes=116)


def test_a_lease_that_is_too_short_is_not_wanted(there: Service) -> None:
    there.hub.shortens = 60
    there.subscribe([FEED])
    there.drain()
    there.hub.settle()
    assert [called.status for called in there.hub.verified] == [404]
    assert Subscription.objects.get().state == State.ASKED
    assert there.hub.subscribers == {}


def test_a_lease_that_runs_out_makes_the_source_polled_at_once(pushed: Service) -> None:
    Poll.objects.update(next_at=pushed.moment + timedelta(days=30), why={"code": "pushed", "seconds": 86400})
    pushed.hub.answers = [(503, {})] * 50
    pushed.later(days=8.1)
    for _ in range(4):
        pushed.later(hours=11)
    assert Subscription.objects.get().state == State.ACTIVE
    fetched = len(pushed.hub.fetched)
    pushed.later(hours=12)
    row = Subscription.objects.get()
    assert row.state != State.ACTIVE
    assert row.lease_until is None
    assert len(pushed.hub.fetched) > fetched
    assert "HTTP 503" in row.cause
    (one,) = pushed.hub.subscribers.values()
    assert pushed.hub.publish(FEED, atom(FEED, ["Late news"]))[0].status == 410
    assert pushed.hub.subscribers == {}
    assert one.topic == FEED


def test_a_hub_that_says_no_is_asked_again_after_a_week(there: Service) -> None:
    there.subscribe([FEED])
    there.drain()
    (called,) = there.hub.deny("نعتذر عن ذلك")
    assert called.status == 200
    row = Subscription.objects.get()
    assert row.state == State.DENIED
    assert row.cause == "The hub will not send the news of this source, saying: \u2068نعتذر عن ذلك\u2069"
    there.later(days=6.9)
    assert len(there.hub.asked) == 1
    there.later(days=0.2)
    assert len(there.hub.asked) == 2
    there.hub.settle()
    assert Subscription.objects.get().state == State.ACTIVE


def test_a_hub_may_end_what_it_began(pushed: Service) -> None:
    Poll.objects.update(next_at=pushed.moment + timedelta(days=1), why={"code": "pushed", "seconds": 86400})
    pushed.hub.deny()
    row = Subscription.objects.get()
    assert (row.state, row.lease_until) == (State.DENIED, None)
    assert row.cause == "The hub will not send the news of this source."
    poll = Poll.objects.get()
    assert poll.next_at is not None
    assert poll.next_at < pushed.moment + timedelta(hours=12)
    assert Host.objects.get(name="harbour.replay.test").next_at == poll.next_at


def test_a_hub_that_is_down_is_tried_less_and_less_and_then_not_for_a_week(there: Service) -> None:
    there.hub.answers = [(500, {})] * 6
    there.subscribe([FEED])
    there.drain()
    waits = []
    while len(there.hub.asked) < 6:
        due = Errand.objects.get(kind="hub").due_at
        waits.append(round((due - there.moment).total_seconds() / 3600))
        there.moment = due
        there.drain()
    assert waits == [1, 2, 4, 8, 16]
    row = Subscription.objects.get()
    assert (row.state, row.tries, row.cause) == (State.WANTED, 0, "The hub refused the request (HTTP 500).")
    assert Errand.objects.get(kind="hub").due_at - there.moment == timedelta(days=7)
    there.later(days=7)
    there.hub.settle()
    assert Subscription.objects.get().state == State.ACTIVE


def test_a_hub_that_asks_to_wait_is_waited_for(there: Service) -> None:
    there.hub.answers = [(429, {"Retry-After": "36000"})]
    there.subscribe([FEED])
    there.drain()
    assert Errand.objects.get(kind="hub").due_at - there.moment == timedelta(hours=10)


def test_a_hub_that_never_calls_back_is_asked_again(there: Service) -> None:
    there.subscribe([FEED])
    there.drain()
    row = Subscription.objects.get()
    assert row.cause == "The hub took the request and has not confirmed it yet."
    there.later(hours=1.1)
    assert len(there.hub.asked) == 2
    there.hub.settle()
    assert Subscription.objects.get().state == State.ACTIVE


@pytest.mark.parametrize(
    "hub", ["http://127.0.0.1/hub", "http://169.254.169.254/", "http://[::1]/", "http://10.0.0.1/"]
)
def test_a_hub_that_is_no_place_of_the_public_web_is_not_asked(there: Service, hub: str) -> None:
    there.serve("Ferry one", hub=hub)
    there.subscribe([FEED])
    there.drain()
    row = Subscription.objects.get()
    assert row.cause == "This address does not belong to the public web, so it is not fetched."
    assert row.state == State.WANTED
    assert Errand.objects.get(kind="hub").due_at - there.moment == timedelta(days=7)
    assert there.hub.asked == []


@pytest.mark.parametrize(
    ("status", "place"),
    [
        (301, "/hub"),
        (303, "/hub"),
        (307, "/hub"),
        (308, "/hub"),
        (307, "http://127.0.0.1:{port}/hub"),
        (307, "http://other.replay.test/hub"),
    ],
)
def test_a_hub_is_followed_within_its_own_host_only(there: Service, status: int, place: str) -> None:
    there.hub.answers = [(status, {"Location": place.format(port=there.hub.port)})]
    there.subscribe([FEED])
    there.drain()
    followed = place == "/hub" and status in (307, 308)
    assert len(there.hub.asked) == (2 if followed else 1)
    row = Subscription.objects.get()
    assert row.state == (State.ASKED if followed else State.WANTED)


def test_a_hub_that_leads_in_a_ring_is_left(there: Service) -> None:
    there.hub.answers = [(307, {"Location": "/hub"})] * 9
    there.subscribe([FEED])
    there.drain()
    assert len(there.hub.asked) == 3
    assert Subscription.objects.get().state == State.WANTED


def test_when_the_hub_changes_the_old_one_is_left_and_the_new_one_asked(pushed: Service) -> None:
    pushed.serve("Ferry two", hub="http://new.replay.test/hub")
    pushed.later(days=1.5)
    assert [form["hub.mode"] for form in pushed.hub.asked] == ["subscribe", "unsubscribe"]
    pushed.hub.settle()
    assert pushed.hub.subscribers == {}
    assert not Subscription.objects.exists()
    assert not Errand.objects.filter(kind="hub").exists()
    pushed.later(days=1.5)
    assert Subscription.objects.get().hub == "http://new.replay.test/hub"
    pushed.hub.settle()
    assert Subscription.objects.get().state == State.ACTIVE


def test_when_no_hub_is_named_any_more_it_is_left(pushed: Service) -> None:
    pushed.serve("Ferry two", hub=None)
    pushed.hub.answers = []
    pushed.later(days=1.5)
    assert pushed.hub.asked[-1]["hub.mode"] == "unsubscribe"
    (one,) = pushed.hub.subscribers.values()
    assert pushed.hub.send(one, atom(FEED, ["Late news"])).status == 410
    pushed.hub.settle()
    assert not Subscription.objects.exists()
    assert pushed.hub.send(one, atom(FEED, ["Late news"])).status == 404


def test_a_push_that_names_no_hub_ends_nothing(pushed: Service) -> None:
    pushed.hub.publish(FEED, atom(FEED, ["Ferry two"], hub=None))
    pushed.drain()
    assert Subscription.objects.get().state == State.ACTIVE


def test_a_source_that_is_paused_is_not_pushed_and_the_hub_is_told(pushed: Service) -> None:
    Source.objects.update(state=Source.State.PAUSED)
    assert pushed.hub.publish(FEED, atom(FEED, ["Ferry two"]))[0].status == 410
    pushed.later(days=9.6)
    assert pushed.hub.asked[-1]["hub.mode"] == "unsubscribe"
    pushed.hub.settle()
    assert not Subscription.objects.exists()


def test_a_source_that_is_gone_leaves_its_hub(pushed: Service) -> None:
    pushed.hub.documents["harbour.replay.test/feed.xml"] = Document(b"gone", status=410)
    pushed.later(days=1.5)
    pushed.later(days=2)
    assert Source.objects.get().state == Source.State.GONE
    assert pushed.hub.asked[-1]["hub.mode"] == "unsubscribe"


def test_a_farewell_that_nobody_hears_is_not_repeated_for_ever(pushed: Service) -> None:
    pushed.serve("Ferry two", hub=None)
    pushed.hub.answers = [(500, {})] * 3
    for _ in range(6):
        pushed.later(days=1.5)
    assert [form["hub.mode"] for form in pushed.hub.asked] == ["subscribe", *["unsubscribe"] * 3]
    assert not Subscription.objects.exists()


def test_a_site_that_nobody_can_reach_subscribes_to_nothing(there: Service) -> None:
    there.callback = ""
    there.subscribe([FEED])
    there.drain()
    assert there.hub.asked == []
    assert Subscription.objects.get().state == State.WANTED
    assert not Errand.objects.filter(kind="hub").exists()


def test_a_site_that_cannot_be_reached_any_more_forgets_its_subscriptions(pushed: Service) -> None:
    pushed.callback = ""
    pushed.later(days=9.6)
    row = Subscription.objects.get()
    assert (row.state, row.lease_until) == (State.WANTED, None)
    assert len(pushed.hub.asked) == 1
    assert not Errand.objects.filter(kind="hub").exists()


def test_what_a_stranger_names_as_topic_is_not_subscribed(there: Service) -> None:
    body = atom("http://stranger.replay.test/feed.xml", ["Ferry one"], hub=HUB)
    there.hub.documents["harbour.replay.test/feed.xml"] = Document(body)
    there.subscribe([FEED])
    there.drain()
    assert _titles() == {"Ferry one"}
    assert not Subscription.objects.exists()


def test_headers_name_the_hub_too(there: Service) -> None:
    there.serve("Ferry one", hub=None, Link=f'<{HUB}?a=1>; rel="hub", <{FEED}?canonical>; rel="self"')
    there.subscribe([FEED])
    there.drain()
    assert there.hub.asked[0]["hub.topic"] == f"{FEED}?canonical"
    assert Subscription.objects.get().hub == f"{HUB}?a=1"


def test_a_watched_page_may_be_pushed_too(there: Service) -> None:
    page = "http://harbour.replay.test/news"

    def listed(*numbers: int) -> bytes:
        links = "".join(
            f'<li><a href="/news/{n}">العبّارة رقم {n} تصل إلى الميناء أخيرًا</a></li>' for n in numbers
        )
        head = f'<link rel="hub" href="{HUB}"><link rel="self" href="{page}">'
        return f"<html lang=ar><head>{head}</head><body><ul>{links}</ul></body></html>".encode()

    there.hub.documents["harbour.replay.test/news"] = Document(
        listed(1, 2, 3, 4, 5), {"Content-Type": "text/html; charset=utf-8"}
    )
    there.subscribe([page], pattern=checked("/news/#"))  # type: ignore[arg-type]
    there.drain()
    there.hub.settle()
    assert Subscription.objects.get().state == State.ACTIVE
    assert Article.objects.count() == 5
    there.hub.publish(page, listed(6, 1, 2), "text/html; charset=utf-8")
    there.drain()
    assert Article.objects.filter(url=f"{page}/6").exists()
    assert Article.objects.count() == 6
