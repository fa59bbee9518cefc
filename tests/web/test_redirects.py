"""Nothing that somebody writes into an address of ours leads a reader to another site."""

from __future__ import annotations

from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from daily8.web.addresses import in_locale
from tests import newsroom as rows
from tests.web.reading import tree

HERE = "http://testserver"
TARGETS = (
    *("//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example"),
    *(
        "\\/evil.example",
        "/\\/evil.example",
        "https://evil.example",
        "http:evil.example",
        "https:evil.example",
    ),
    *(
        "https:/evil.example",
        "https:\\\\evil.example",
        "HtTpS://evil.example",
        "javascript:alert(1)",
        "data:,x",
    ),
    *("JaVaScRiPt://%0aalert(1)", "vbscript:x", "\t//evil.example", "/\t/evil.example", "/\n/evil.example"),
    *("\x00//evil.example", "/%09/evil.example", "%09//evil.example", "/%5cevil.example", "/%2fevil.example"),
    *(
        "/.//evil.example",
        "/..//evil.example",
        "./\\evil.example",
        "//evil.example/%2e%2e",
        "//evil.example\\@x",
    ),
    *("http://testserver@evil.example", "http://testserver.evil.example", "//testserver@evil.example"),
    *("http://evil.example\\@testserver", "http://[::1", "https://evil。example", "//evil%E3%80%82example"),
)


def stays(location: str, page: str = f"{HERE}/accounts/login/") -> bool:
    """Tell whether a browser that is told to go there stays on the site (WHATWG URL: ``\\`` is ``/``)."""
    seen = location.strip("".join(map(chr, range(33)))).replace("\\", "/")
    for char in "\t\r\n":
        seen = seen.replace(char, "")
    if seen.startswith("/") and not seen.startswith("//"):
        return True
    return (
        "[" not in seen
        and urlsplit(urljoin(page, seen)).netloc == urlsplit(HERE).netloc
        and not seen.startswith("//")
    )


def test_signing_in_and_out_leads_nowhere_else(client: Client, db: None) -> None:
    reader = rows.reader()
    given = {"login": reader.email, "password": rows.PASSWORD}
    for number, target in enumerate(TARGETS):
        prefix = ("", "/ar")[number % 2]
        cache.clear()  # how often somebody tried
        response = client.post(f"{prefix}/accounts/login/?next={quote(target)}", {**given, "next": target})
        again = client.get(f"{prefix}/accounts/login/?next={quote(target)}")
        out = client.post(f"{prefix}/accounts/logout/?next={quote(target)}", {"next": target})
        for answer in (response, again, out):
            assert answer.status_code == 302, target
            assert stays(answer["Location"]), (target, answer["Location"])


def test_other_forms_lead_nowhere_else(client: Client, db: None) -> None:
    client.force_login(rows.reader(), backend="allauth.account.auth_backends.AuthenticationBackend")
    for target in TARGETS:
        given = {"password": rows.PASSWORD, "next": target, "return": target}
        for path in ("reauthenticate/", "signup/", "password/reset/", "email/"):
            cache.clear()
            response = client.post(f"/accounts/{path}?next={quote(target)}&return={quote(target)}", given)
            assert stays(response.get("Location", "")), (path, response["Location"])


def test_addresses_that_are_mended_stay_here(client: Client, db: None) -> None:
    for target in TARGETS:
        paths = (f"/en{target}", f"/en/{target}", target, f"/ar{target}", f"/{target}", f"/ar/{target}/")
        for path in (*paths, *(quote(path, safe="/%") for path in paths), *(quote(path) for path in paths)):
            if path.startswith("/"):
                response = client.get(f"/{path.lstrip('/')}" if path.startswith("//") else path)
                assert stays(response.get("Location", "")), (path, response["Location"])


def test_links_to_the_same_page_in_the_other_language_stay_here(client: Client, db: None) -> None:
    looked = 0
    for target in TARGETS:
        for path in (f"/ar/{target}", f"/{target}", f"/x?next={target}", f"/ar{target}"):
            page = client.get(quote(path, safe="/%?="))
            if page.status_code == 404 and page["Content-Type"].startswith("text/html"):
                for link in tree(page).xpath("//header//a/@href | //footer//a/@href"):
                    looked += 1
                    assert stays(link, f"{HERE}{path}"), (path, link)
    assert looked > 500


def test_the_other_language_is_never_another_host() -> None:
    assert in_locale("/ar//evil.example", "en") == "/evil.example"
    assert in_locale("/ar///evil.example/x", "en") == "/evil.example/x"
    assert in_locale("/ar", "en") == "/"
    assert in_locale("/ar/about?a=//b", "en") == "/about?a=//b"
    assert in_locale("/about", "ar") == "/ar/about"


@pytest.mark.parametrize(
    "location", ["//evil.example", "/\\evil.example", "\t//evil.example", "/\t/evil.example"]
)
def test_a_way_out_is_seen(location: str) -> None:
    assert not stays(location)
