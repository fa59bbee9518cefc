"""The locale is in the address; the default one has no prefix."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from daily8.web.addresses import in_locale
from tests.web.reading import tree


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/en", "/"),
        ("/en/", "/"),
        ("/en/about", "/about"),
        ("/en/about?x=1&y=%D8%A7", "/about?x=1&y=%D8%A7"),
        ("/en//evil.example/", "/evil.example/"),
        ("/en///evil.example", "/evil.example"),
        ("/en/ar/about", "/ar/about"),
    ],
)
def test_the_default_locale_has_no_prefix(client: Client, path: str, to: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (301, to)


def test_what_is_posted_to_the_prefixed_form_is_posted_again(client: Client) -> None:
    assert client.post("/en/accounts/login/").status_code == 308


@pytest.mark.parametrize("path", ["/", "/about", "/sources", "/accounts/login/"])
def test_each_page_leads_to_itself_in_the_other_locale(client: Client, db: None, path: str) -> None:
    english = tree(client.get(path))
    other = english.xpath('//header//a[@hreflang="ar"]/@href')[0]
    assert other == f"/ar{path}"
    response = client.get(other)
    assert response["Content-Language"] == "ar"
    arabic = tree(response)
    assert (arabic.get("lang"), arabic.get("dir")) == ("ar", "rtl")
    assert arabic.xpath('//header//a[@hreflang="en"]/@href') == [path]


def test_neither_cookie_nor_header_changes_the_locale(client: Client, db: None) -> None:
    client.cookies["django_language"] = "ar"
    response = client.get("/about", headers={"accept-language": "ar"})
    assert tree(response).get("lang") == "en"
    assert "Accept-Language" not in response["Vary"]


def test_the_locale_ends_with_the_request(client: Client, db: None) -> None:
    client.get("/ar/about")
    assert tree(client.get("/about")).get("lang") == "en"


def test_addresses_in_another_locale() -> None:
    assert in_locale("/about?x=1", "ar") == "/ar/about?x=1"
    assert in_locale("/ar/about", "en") == "/about"
    assert in_locale("/ar", "en") == "/"
    assert in_locale("/arable", "ar") == "/ar/arable"


def test_arabic_may_be_the_default() -> None:
    program = """
import django
django.setup()
from django.test import Client
client = Client(headers={"host": "localhost"})
assert 'lang="ar" dir="rtl"' in client.get("/about").content.decode()
assert 'lang="en" dir="ltr"' in client.get("/en/about").content.decode()
assert client.get("/ar/about")["Location"] == "/about"
assert 'href="/en/about"' in client.get("/about").content.decode()
"""
    env = {**os.environ, "DAILY8_DEFAULT_LOCALE": "ar", "DJANGO_SETTINGS_MODULE": "daily8.conf.settings"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=env,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
