"""What holds of every route there is: its headers, that a GET changes nothing, that no other site posts."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from daily8.store import subscriptions
from daily8.store.models import Article, Subscription
from daily8.store.subscriptions import Wanted
from tests import newsroom as rows
from tests.newsroom import Newsroom
from tests.store.conftest import NOW
from tests.web.routes import ROUTES, address, every_route, unlisted
from tests.web.test_headers import POLICY

SANDBOX = "default-src 'none'; sandbox"
SANDBOXED = {"media", "websub"}
"""Where bytes of others are answered, or with others' words."""
STANDS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TYPES = {
    "page": ("text/html; charset=utf-8",),
    "data": ("application/json", "application/json; charset=utf-8", "application/manifest+json"),
    "text": ("text/plain; charset=utf-8",),
    "file": (
        "application/json",
        "application/json; charset=utf-8",
        "text/plain",
        "application/toml; charset=utf-8",
        "image/webp",
        "image/svg+xml",
        "image/x-icon",
        "text/plain; charset=utf-8",
    ),
    "hub": ("text/plain; charset=utf-8",),
}
NAMES = sorted(ROUTES)
LOCALES = pytest.mark.parametrize("prefix", ["", "/ar"])


@pytest.fixture
def things(newsroom: Newsroom, article: Article, media: Path) -> dict[str, object]:
    """One of each thing that an address may name."""
    newsroom.other.way = "page"
    newsroom.other.pattern = {"links": "/news/*", "seen": [["/news/1", "Ferry comes in"]]}
    newsroom.other.save()
    wanted = Wanted({"https://hub.example/": "hub.example"}, newsroom.english.url, reachable=True)
    subscriptions.want(newsroom.english.id, wanted, now=NOW)
    subscription = Subscription.objects.get()
    story = newsroom.story(article, newsroom.articles[0])
    return {
        "edition": ("IE", "en"),
        "article": article.id,
        "story": story.id,
        "story_hex": story.id.hex,
        "revision": 1,
        "domain": "harbour.example",
        "article_hex": article.id.hex,
        "publisher": "the-harbour-post",
        "source": newsroom.english.id,
        "source_hex": newsroom.english.id.hex,
        "watched": newsroom.other.id,
        "picture": newsroom.picture(newsroom.articles[0]).id,
        "width": 640,
        "subscription": subscription.id,
        "token": subscription.token,
        "key": "none",
        "user": "1",
    }


def holds(response: Any, name: str) -> None:
    """Hold the contract of headers against an answer of a route, whatever it is."""
    said = (name, response.status_code, dict(response.headers))
    allowed = {SANDBOX, POLICY} if response.status_code in (403, 405) else {SANDBOX}
    assert response["Content-Security-Policy"] in (allowed if name in SANDBOXED else {POLICY}), said
    for header, value in STANDS.items():
        assert response[header] == value, said
    assert response["X-Robots-Tag"].startswith("noindex"), said
    for header in ("Access-Control-Allow-Origin", "Server", "X-Powered-By"):
        assert header not in response.headers, said
    told = response.get("Content-Disposition", "")
    assert "attachment" not in told or re.fullmatch(r'attachment; filename="[\w.-]+"', told), said
    for cookie in response.cookies.values():
        assert cookie["httponly"], said
        assert cookie["samesite"] == "Lax", said


def test_every_route_stands_in_the_table() -> None:
    """A new route says what it is in tests/web/routes.py; then these tests and the browser's look at it."""
    assert unlisted() == set()
    assert set(ROUTES) - {name for name, _ in every_route()} == set()


def test_a_route_that_is_not_in_the_table_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ROUTES, "about")
    assert unlisted() == {"about"}


def test_what_changes_by_a_get_says_why() -> None:
    assert all(bool(route.writes) == bool(route.why) for route in ROUTES.values())


@LOCALES
@pytest.mark.parametrize("role", ["", "editor"])
def test_the_headers_of_every_route(
    client: Client, things: dict[str, object], role: str, prefix: str
) -> None:
    if role:
        client.force_login(rows.reader(role), backend="allauth.account.auth_backends.AuthenticationBackend")
    for name in NAMES:
        response = client.get(prefix + address(name, things))
        holds(response, "" if prefix and response.status_code == 404 else name)
        if response.status_code == 200:
            assert response["Content-Type"] in TYPES[ROUTES[name].kind], name


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "FOO"])
def test_the_headers_of_every_refusal(client: Client, things: dict[str, object], method: str) -> None:
    for name in NAMES:
        response = client.generic(method, address(name, things))
        holds(response, name)
        assert response.status_code != 500, name
        assert b"TRACE" not in getattr(response, "content", b""), name


def test_the_headers_where_there_is_nothing(client: Client, things: dict[str, object]) -> None:
    for thing in things:
        if thing in ("article", "source", "watched", "picture", "subscription"):
            things[thing] = uuid4()
    for thing in ("article_hex", "source_hex", "publisher", "token"):
        things[thing] = uuid4().hex
    for name in NAMES:
        response = client.get(address(name, things))
        holds(response, name)
        assert response.status_code in (200, 302, 404, 405), (name, response.status_code)


def _hashes() -> dict[str, str]:
    """Give a digest of each table's rows."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            found[table] = hashlib.blake2b(repr(cursor.fetchall()).encode()).hexdigest()
    return found


@pytest.mark.parametrize("role", ["", "reader", "editor"])
def test_asking_changes_nothing(client: Client, things: dict[str, object], role: str) -> None:
    """A GET of any route leaves the database as it was, but for what the table of routes names."""
    if role:
        client.force_login(rows.reader(role), backend="allauth.account.auth_backends.AuthenticationBackend")
    before, changed = _hashes(), {}
    assert len(before) > 20
    for name in NAMES:
        for query in ("", "?older=x&q=a&word=accept&next=/&did=pause&hub.mode=denied"):
            for path in (address(name, things), f"/ar{address(name, things)}"):
                client.get(f"{path}{query}")
                client.head(f"{path}{query}")
        after = _hashes()
        if tables := {table for table in after if after[table] != before[table]}:
            changed[name] = tables - set(ROUTES[name].writes)
        before = after
    assert {name: tables for name, tables in changed.items() if tables} == {}
    assert "media" in changed, "the digest does not see what a picture makes due"


def test_the_digest_sees_a_change(things: dict[str, object]) -> None:
    before = _hashes()
    Article.objects.filter(id=str(things["article"])).update(dek="Another one.")
    assert [table for table, digest in _hashes().items() if before[table] != digest] == ["store_article"]


def _posting(role: str) -> tuple[Client, str]:
    """Give a client whose answers are checked as a browser's are, signed in, with its token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(rows.reader(role), backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/accounts/logout/")
    return client, client.cookies["csrftoken"].value


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
    ],
    ids=["no token", "strange origin", "no origin", "cross-site", "cross-site that lies"],
)
def test_nothing_is_taken_from_another_site(things: dict[str, object], headers: dict[str, str]) -> None:
    """Without a token, or with one but from elsewhere, every form is refused and nothing changes."""
    client, token = _posting("editor")
    before = _hashes()
    given = {"word": "pause", "login": "x", **({"csrfmiddlewaretoken": token} if headers else {})}
    for name in NAMES:
        response = client.post(address(name, things), given, headers=headers)
        holds(response, name)
        if ROUTES[name].kind == "hub" and "sec-fetch-site" not in headers:
            assert response.status_code == 410  # hubs have no token: what they send is signed, or is no news
        else:
            assert response.status_code in (403, 405), (name, response.status_code)
    assert _hashes() == before


def test_with_its_token_and_from_here_a_form_is_taken(things: dict[str, object]) -> None:
    client, token = _posting("editor")
    given = {"word": "pause", "csrfmiddlewaretoken": token}
    for site in ("same-origin", "none"):
        headers = {"origin": "http://testserver", "sec-fetch-site": site}
        response = client.post(address("console-steer", things), given, headers=headers)
        assert response.status_code == 302, site


@LOCALES
def test_a_form_from_another_site_is_refused_in_the_reader_s_language(
    client: Client, db: None, prefix: str
) -> None:
    response = client.post(f"{prefix}/accounts/login/", headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    words = "تعذّر قبول هذا النموذج" if prefix else "This form could not be accepted"
    assert words in response.content.decode()


@pytest.mark.parametrize(
    "name", ['a"; filename="x.exe', "a\r\nX-Injected: 1", "../../x", "a;b", "é", "a\x00"]
)
def test_a_file_s_name_is_no_place_to_write_headers(editor: Client, name: str) -> None:
    response = editor.get("/console/reading/rules", {"site": name})
    assert response["Content-Disposition"] == 'attachment; filename="site-rules.toml"'
    assert "X-Injected" not in response.headers
