"""The callback: what hubs, and those who pretend to be one, get to hear."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from daily8 import wiring
from daily8.news import websub
from daily8.store import deliveries, subscriptions
from daily8.store.models import Delivery, Errand, Host, Poll, Source, Subscription
from daily8.store.subscriptions import Wanted
from daily8.web.views.media import SANDBOX
from tests.newsroom import Newsroom
from tests.web.reading import text, tree

pytestmark = pytest.mark.django_db
State = Subscription.State
TOPIC = "https://harbour.example/feed.xml?a=1&b=%D8%A3"
FEED = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>'


@pytest.fixture
def subscription(newsroom: Newsroom, settings: Any) -> Subscription:
    """A subscription that was asked for."""
    settings.WEBSUB = "on"
    now = datetime.now(UTC)
    wanted = Wanted({"https://hub.example/": "hub.example"}, TOPIC, reachable=True)
    assert subscriptions.want(newsroom.english.id, wanted, now=now) == {"hub.example": now}
    Subscription.objects.update(state=State.ASKED, asked_at=now)
    return Subscription.objects.get()


@pytest.fixture
def active(subscription: Subscription) -> Subscription:
    """A subscription that runs."""
    subscription.state = State.ACTIVE
    subscription.lease_until = datetime.now(UTC) + timedelta(days=1)
    subscription.save()
    return subscription


def _path(row: Subscription) -> str:
    return f"/websub/{row.id.hex}/{row.token}"


def _ask(client: Client, row: Subscription, **changes: str | None) -> Any:
    query = {
        "hub.mode": "subscribe",
        "hub.topic": TOPIC,
        "hub.challenge": "abc-123",
        "hub.lease_seconds": "864000",
    } | {f"hub.{name}": value for name, value in changes.items()}
    return client.get(_path(row), {name: value for name, value in query.items() if value is not None})


def _push(client: Client, row: Subscription, body: bytes = FEED, **headers: str) -> Any:
    signature = "sha256=" + hmac.new(row.secret.encode(), body, "sha256").hexdigest()
    extra = {"HTTP_X_HUB_SIGNATURE": signature, **headers}
    return client.post(_path(row), body, content_type="application/atom+xml", **extra)  # type: ignore[arg-type]


def test_a_subscription_that_was_asked_for_is_confirmed(client: Client, subscription: Subscription) -> None:
    answer = _ask(client, subscription)
    assert answer.status_code == 200
    assert answer.content == b"abc-123"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == SANDBOX
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    subscription.refresh_from_db()
    assert subscription.state == State.ACTIVE
    assert subscription.asked_at is None


def test_a_hub_may_ask_again_whether_a_running_subscription_is_meant(
    client: Client, active: Subscription
) -> None:
    assert _ask(client, active).content == b"abc-123"
    active.refresh_from_db()
    assert active.lease_until is not None
    assert active.lease_until > datetime.now(UTC) + timedelta(days=9)
    assert Errand.objects.get(kind="hub").due_at > datetime.now(UTC) + timedelta(days=7)


@pytest.mark.parametrize(
    "changes",
    [
        {"topic": TOPIC + "/"},
        {"topic": TOPIC.lower()},
        {"topic": None},
        {"mode": None},
        {"mode": "publish"},
        {"mode": "unsubscribe"},
        {"challenge": None},
        {"challenge": ""},
        {"challenge": "<script>alert(1)</script>\n"},
        {"challenge": "a b"},
        {"challenge": "x" * 2049},
        {"challenge": "تحدٍّ"},
        {"lease_seconds": "0"},
        {"lease_seconds": "-1"},
        {"lease_seconds": "10"},
        {"lease_seconds": "soon"},
    ],
)
def test_what_was_not_asked_for_is_not_confirmed(
    client: Client, subscription: Subscription, changes: dict[str, str | None]
) -> None:
    answer = _ask(client, subscription, **changes)
    assert answer.status_code == 404
    assert answer.content == b""
    subscription.refresh_from_db()
    assert subscription.state == State.ASKED


@pytest.mark.parametrize("state", [State.WANTED, State.DENIED, State.LEAVING])
def test_what_is_not_wanted_is_not_confirmed(client: Client, subscription: Subscription, state: str) -> None:
    Subscription.objects.update(state=state)
    assert _ask(client, subscription).status_code == 404


def test_an_old_hub_may_name_no_lease(client: Client, subscription: Subscription) -> None:
    assert _ask(client, subscription, lease_seconds=None, verify_token="x").status_code == 200


def test_a_challenge_that_looks_like_mark_up_is_plain_text(
    client: Client, subscription: Subscription
) -> None:
    answer = _ask(client, subscription, challenge="<script>alert(1)</script>")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Type"].startswith("text/plain")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_who_knows_no_token_learns_nothing(client: Client, active: Subscription) -> None:
    for path in (
        f"/websub/{active.id.hex}/{active.token[:-1]}",
        f"/websub/{active.id.hex}/{active.token}x",
        f"/websub/{active.id.hex}/x",
        f"/websub/{active.id.hex}/تحدٍّ",
        f"/websub/{uuid4().hex}/{active.token}",
        f"/websub/{UUID(int=0).hex}/",
    ):
        for method in (client.get, client.post):
            assert method(path).status_code == 404
    wrong = [client.get(f"/websub/{one}/x") for one in (active.id.hex, uuid4().hex)]
    assert wrong[0].content == wrong[1].content
    assert dict(wrong[0].headers) == dict(wrong[1].headers)


def test_leaving_is_confirmed_only_when_it_was_asked_for(client: Client, active: Subscription) -> None:
    assert _ask(client, active, mode="unsubscribe").status_code == 404
    Subscription.objects.update(state=State.LEAVING)
    assert _ask(client, active, mode="unsubscribe", topic="https://other.example/").status_code == 404
    answer = _ask(client, active, mode="unsubscribe", lease_seconds=None)
    assert (answer.status_code, answer.content) == (200, b"abc-123")
    assert not Subscription.objects.exists()
    assert not Errand.objects.filter(kind="hub").exists()


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        (None, "The hub will not send the news of this source."),
        ("no \x00\u202e way\n", "The hub will not send the news of this source, saying: \u2068no way\u2069"),
        ("كلا", "The hub will not send the news of this source, saying: \u2068كلا\u2069"),
    ],
)
def test_a_hub_may_say_no(client: Client, active: Subscription, reason: str | None, cause: str) -> None:
    answer = _ask(client, active, mode="denied", reason=reason, challenge=None, lease_seconds=None)
    assert answer.status_code == 200
    active.refresh_from_db()
    assert (active.state, active.cause, active.lease_until) == (State.DENIED, cause, None)
    again = Errand.objects.get(kind="hub").due_at - datetime.now(UTC)
    assert timedelta(days=6.9) < again <= timedelta(days=7)
    assert Host.objects.get(name="hub.example").next_at is not None


def test_no_to_another_topic_is_not_heard(client: Client, active: Subscription) -> None:
    assert _ask(client, active, mode="denied", topic="https://other.example/").status_code == 404
    active.refresh_from_db()
    assert active.state == State.ACTIVE


def test_a_long_reason_is_cut(client: Client, active: Subscription) -> None:
    _ask(client, active, mode="denied", reason="no " * 500)
    active.refresh_from_db()
    assert len(active.cause) < 280


def test_a_push_is_kept_as_it_came(client: Client, active: Subscription) -> None:
    body = "<feed>خبر</feed>".encode()
    assert _push(client, active, body).status_code == 202
    row = Delivery.objects.get()
    assert (row.source_id, row.kind, row.url) == (active.source_id, "pushed", TOPIC)
    assert bytes(row.body) == body
    assert row.headers == {"content-type": "application/atom+xml"}
    errand = Errand.objects.get(kind="delivery")
    assert (errand.subject, errand.host) == (row.id, f"here:{active.source.host}")


def test_the_csrf_guard_stands_everywhere_but_there(active: Subscription) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert _push(strict, active).status_code == 202


@pytest.mark.parametrize("signature", ["", "sha256=" + "0" * 64, "sha1=x", "md5=" + "0" * 32, "\x00"])
def test_a_wrong_signature_is_not_told(client: Client, active: Subscription, signature: str) -> None:
    answer = _push(client, active, HTTP_X_HUB_SIGNATURE=signature)
    good = _push(client, active)
    assert answer.status_code == good.status_code == 202
    assert answer.content == good.content
    assert Delivery.objects.count() == 1
    active.refresh_from_db()
    assert active.refused == 1


def test_a_push_without_signature_is_ignored(client: Client, active: Subscription) -> None:
    assert client.post(_path(active), FEED, content_type="text/xml").status_code == 202
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("state", [State.WANTED, State.ASKED, State.DENIED, State.LEAVING])
def test_a_hub_that_pushes_unasked_may_stop(client: Client, active: Subscription, state: str) -> None:
    Subscription.objects.update(state=state)
    assert _push(client, active).status_code == 410
    assert not Delivery.objects.exists()


def test_a_push_after_the_lease_is_not_taken(client: Client, active: Subscription) -> None:
    Subscription.objects.update(lease_until=datetime.now(UTC) - timedelta(seconds=1))
    assert _push(client, active).status_code == 410


@pytest.mark.parametrize("state", [Source.State.PAUSED, Source.State.GONE])
def test_a_push_of_a_source_that_is_asked_no_more_is_not_taken(
    client: Client, active: Subscription, state: str
) -> None:
    Source.objects.filter(id=active.source_id).update(state=state)
    assert _push(client, active).status_code == 410


@pytest.mark.parametrize(("choice", "site"), [("off", "https://n.example.org"), ("auto", "http://localhost")])
def test_a_site_that_is_shut_takes_nothing(
    client: Client, active: Subscription, settings: Any, choice: str, site: str
) -> None:
    settings.WEBSUB, settings.SITE_URL = choice, site
    assert _push(client, active).status_code == 410
    assert _ask(client, active).status_code == 404


def test_a_push_has_at_most_five_megabytes(client: Client, active: Subscription) -> None:
    assert _push(client, active, b"x" * 5_000_000).status_code == 202
    assert _push(client, active, b"x" * 5_000_001).status_code == 413
    assert Delivery.objects.count() == 1


def test_a_length_that_is_a_lie_is_not_believed(client: Client, active: Subscription) -> None:
    assert _push(client, active, FEED, CONTENT_LENGTH="9").status_code == 202
    assert not Delivery.objects.exists()  # what was signed is not what arrived
    assert Subscription.objects.get().refused == 1


def test_a_push_may_come_in_chunks_of_no_stated_length(client: Client, active: Subscription) -> None:
    for body, status in ((FEED, 202), (b"x" * 5_000_001, 413)):
        frame = {
            "CONTENT_LENGTH": "",
            "HTTP_TRANSFER_ENCODING": "chunked",
            "wsgi.input": BytesIO(body),
        }
        assert _push(client, active, body, **frame).status_code == status  # type: ignore[arg-type]
    assert bytes(Delivery.objects.get().body) == FEED


def test_a_push_that_breaks_off_is_not_taken(client: Client, active: Subscription) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError

    assert _push(client, active, **{"wsgi.input": Broken()}).status_code == 400  # type: ignore[arg-type]
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("choice", "site", "callback"),
    [
        ("auto", "https://news.example.org", "https://news.example.org/websub/"),
        ("auto", "http://localhost:8008", ""),
        ("on", "http://localhost:8008", "http://localhost:8008/websub/"),
        ("off", "https://news.example.org", ""),
    ],
)
def test_hubs_are_told_where_we_listen(settings: Any, choice: str, site: str, callback: str) -> None:
    settings.WEBSUB, settings.SITE_URL = choice, site
    assert wiring.callback() == callback
    assert reverse("websub", args=[UUID(int=1), "token"]) == f"/websub/{UUID(int=1).hex}/token"


def test_a_packed_push_is_not_unpacked(client: Client, active: Subscription) -> None:
    assert _push(client, active, HTTP_CONTENT_ENCODING="gzip").status_code == 415


@pytest.mark.parametrize(
    ("body", "packing", "status"), [(b"x" * 5_000_001, "identity", 413), (FEED, "gzip", 415)]
)
def test_after_a_push_that_is_not_taken_the_source_is_asked_at_its_pace(
    client: Client, active: Subscription, body: bytes, packing: str, status: int
) -> None:
    now = datetime.now(UTC)
    rows = Poll.objects.filter(source=active.source)
    why = {"code": "pushed", "seconds": 43200.0}
    rows.update(next_at=now + timedelta(hours=12), fetched_at=now, interval=3600.0, why=why)
    Host.objects.filter(name=active.source.host).update(next_at=None)
    assert _push(client, active, body, HTTP_CONTENT_ENCODING=packing).status_code == status
    assert rows.get().next_at == now + timedelta(hours=1)
    assert Host.objects.get(name=active.source.host).next_at == now + timedelta(hours=1)


def test_the_token_stands_in_no_log(
    client: Client, active: Subscription, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client.raise_request_exception = False
    statuses = {
        _push(client, active, HTTP_CONTENT_ENCODING="gzip").status_code,
        _push(client, active, b"x" * 5_000_001).status_code,
        _ask(client, active, topic="https://other.example/").status_code,
        client.put(_path(active)).status_code,
        client.post(_path(active) + "/", FEED, content_type="text/xml").status_code,
        client.get("/ar" + _path(active)).status_code,
        client.get(_path(active), headers={"host": "evil.example"}).status_code,
    }
    settings.WEBSUB = "off"
    statuses.add(_push(client, active).status_code)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE store_subscription RENAME TO gone")
    statuses.add(_push(client, active).status_code)
    assert statuses >= {404, 405, 410, 413, 415, 500}
    assert f"/websub/{active.id.hex}/…" in caplog.text
    for canary in (active.token, active.token[5:25]):
        assert canary not in caplog.text
        assert not any(canary in repr(record.args) for record in caplog.records)


def test_pushes_do_not_pile_up(client: Client, active: Subscription) -> None:
    for _ in range(subscriptions.PENDING_MOST):
        assert _push(client, active).status_code == 202
    full = _push(client, active)
    assert full.status_code == 503
    assert int(full["Retry-After"]) > 0
    assert deliveries.pending(active.source_id) == subscriptions.PENDING_MOST


@pytest.mark.parametrize("method", ["head", "put", "delete", "patch", "options"])
def test_other_methods_are_not_heard(client: Client, active: Subscription, method: str) -> None:
    assert getattr(client, method)(_path(active)).status_code == 405


def test_a_callback_costs_few_queries(
    client: Client, active: Subscription, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(1):
        client.get(f"/websub/{active.id.hex}/x")
    with django_assert_max_num_queries(2):
        _push(client, active, HTTP_X_HUB_SIGNATURE="sha1=x")
    with django_assert_max_num_queries(8):
        assert _ask(client, active).status_code == 200
    with django_assert_max_num_queries(16):
        assert _push(client, active).status_code == 202


def _told(client: Client, row: Subscription, prefix: str = "") -> str:
    page = tree(client.get(f"{prefix}/source/{row.source_id.hex}"))
    label = "الإرسال الفوري" if prefix else "Pushes"
    return text(page, f'//dt[.="{label}"]/following-sibling::dd')


@pytest.mark.parametrize(
    ("state", "words", "arabic"),
    [
        (
            State.WANTED,
            "The hub hub.example is asked to send news",
            "يُطلب من الموزّع hub.example إرسال الأخبار",
        ),
        (State.ASKED, "has not confirmed it yet", "ولم يؤكده بعد"),
        (State.ACTIVE, "the hub hub.example does so until", "يفعل ذلك الموزّع hub.example حتى"),
        (State.DENIED, "has not confirmed it yet", "ولم يؤكده بعد"),
        (State.LEAVING, "The hub hub.example is told that", "يُبلَّغ الموزّع hub.example"),
    ],
)
def test_the_page_of_a_source_tells_of_its_pushes(
    client: Client, active: Subscription, state: str, words: str, arabic: str
) -> None:
    Subscription.objects.update(state=state, cause=websub.AWAITED)
    assert words in _told(client, active)
    assert arabic in _told(client, active, "/ar")


def test_the_page_of_a_source_counts_what_was_signed_wrongly(client: Client, active: Subscription) -> None:
    assert "Nothing has been sent yet." in _told(client, active)
    _push(client, active)
    _push(client, active, HTTP_X_HUB_SIGNATURE="sha1=x")
    assert "Last push:" in _told(client, active)
    assert "1 push was signed wrongly and ignored." in _told(client, active)
    Subscription.objects.update(refused=3)
    assert "تُجوهلت ٣ إرسالات توقيعها خاطئ." in _told(client, active, "/ar")


def test_the_page_of_a_source_says_why_nothing_is_pushed(
    client: Client, active: Subscription, settings: Any
) -> None:
    settings.WEBSUB, settings.SITE_URL = "auto", "http://localhost:8008"
    assert "cannot be reached from outside" in _told(client, active)
    settings.WEBSUB = "off"
    assert "switched off here" in _told(client, active)
    assert "معطَّل هنا" in _told(client, active, "/ar")


def test_what_a_hub_says_is_no_mark_up_on_our_page(client: Client, active: Subscription) -> None:
    _ask(client, active, mode="denied", reason="<img src=x onerror=alert(1)> & {words} \u202eبا")
    told = _told(client, active)
    assert "saying: \u2068<img src=x onerror=alert(1)> & {words}" in told
    assert "\u202e" not in told
    assert "لن يرسل الموزّع أخبار هذا المصدر، وقال: \u2068<img" in _told(client, active, "/ar")


def test_a_source_without_a_hub_says_nothing_of_pushes(client: Client, newsroom: Newsroom) -> None:
    page = tree(client.get(f"/source/{newsroom.other.id.hex}"))
    assert not page.xpath('//dt[.="Pushes"]')
