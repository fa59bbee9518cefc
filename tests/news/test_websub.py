"""What documents announce of hubs, and what of a hub's words is believed."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news import websub
from daily8.news.types import Feed
from daily8.news.websub import Announced, announced

URL = "https://harbour.example.org/feed.xml"
HUB = "https://hub.example.net/"


def test_headers_come_before_the_feed_s_own_words() -> None:
    header = f'<{HUB}>; rel="hub", <https://harbour.example.org/canonical>; rel="self"'
    found = announced(URL, URL, {"link": header}, Feed("atom", hub="https://other.example.net/", url=URL))
    assert found == Announced((HUB,), "https://harbour.example.org/canonical")


def test_without_headers_the_feed_s_own_words_count() -> None:
    found = announced(URL, URL, {}, Feed("atom", hub=HUB, url="https://www.harbour.example.org/canonical"))
    assert found == Announced((HUB,), "https://www.harbour.example.org/canonical")


def test_headers_without_a_hub_say_nothing() -> None:
    header = "<https://harbour.example.org/api>; rel=self, </wp-json/>; rel=https://api.w.org/"
    found = announced(URL, URL, {"link": header}, Feed("rss", hub=HUB, url=URL + "?x"))
    assert found == Announced((HUB,), URL + "?x")


def test_where_no_topic_is_named_it_is_the_address_itself() -> None:
    assert announced(URL, URL, {}, Feed("json", hub=HUB)) == Announced((HUB,), URL)
    assert announced(URL, URL, {"link": f"<{HUB}>; rel=hub"}, Feed("rss")) == Announced((HUB,), URL)


def test_who_names_no_hub_offers_none() -> None:
    assert announced(URL, URL, {}, Feed("rss", url=URL)) is None


@pytest.mark.parametrize("topic", ["https://stranger.example.com/feed.xml", "https://org/feed.xml"])
def test_a_stranger_s_topic_is_not_subscribed(topic: str) -> None:
    assert announced(URL, URL, {}, Feed("rss", hub=HUB, url=topic)) is None
    assert announced(URL, URL, {"link": f"<{HUB}>; rel=hub, <{topic}>; rel=self"}, Feed("rss")) is None


def test_a_document_that_was_found_elsewhere_is_a_stranger_s_too() -> None:
    assert announced(URL, "https://stranger.example.com/", {}, Feed("rss", hub=HUB)) is None


def test_a_name_of_a_replay_is_a_site_of_its_own() -> None:
    feed = Feed("rss", hub=HUB, url="http://other.replay.test/feed")
    assert announced("http://post.replay.test/feed", "", {}, feed, ("replay.test",)) is None
    assert announced("http://other.replay.test/x", "", {}, feed, ("replay.test",)) is not None


def test_of_several_hubs_one_that_is_asked_in_private_comes_first() -> None:
    header = ", ".join(
        f"<{scheme}://{n}.example.net/>; rel=hub" for n in range(5) for scheme in ("http", "https")
    )
    found = announced(URL, URL, {"link": header}, Feed("rss"))
    assert found is not None
    assert found.hubs == tuple(f"https://{n}.example.net/" for n in range(4))


def test_a_hub_of_an_endless_address_is_passed_over() -> None:
    assert announced(URL, URL, {}, Feed("rss", hub=HUB + "a" * 3000)) is None


@pytest.mark.parametrize(
    ("html", "hub", "topic"),
    [
        (f'<head><link rel=hub href="{HUB}"><link rel="self" href="/list"></head>', HUB, "/list"),
        (f"<LINK REL='x HUB' HREF='{HUB}'/>", HUB, None),
        (
            f'<base href="https://cdn.example.org/"><link rel=self href=a><link rel=hub href="{HUB}">',
            HUB,
            "//a",
        ),
        (f'<link rel=hub href="{HUB}"><link rel=hub href="https://second.example/">', HUB, None),
        (f'<!-- <link rel=hub href="{HUB}"> --><script><link rel=hub href="{HUB}"></script>', None, None),
        (f'<head></head><body><link rel=hub href="{HUB}">', None, None),
        (f"<head></head><link rel=hub href={HUB}>", None, None),
        ('<link rel=hub href="javascript:alert(1)"><a rel=hub href="https://a.example/">x</a>', None, None),
        ("", None, None),
    ],
)
def test_the_head_of_a_page_names_a_hub(html: str, hub: str | None, topic: str | None) -> None:
    page = "https://harbour.example.org/news"
    here = {"/list": "https://harbour.example.org/list", "//a": "https://cdn.example.org/a"}
    assert websub.in_page(html, page) == (hub, here.get(topic) if topic else None)


def test_the_form_says_what_is_asked() -> None:
    topic = "https://harbour.example.org/أخبار?a=1&b=2"
    said = parse_qs(
        websub.form("subscribe", topic=topic, callback="https://x.example/cb", secret="s").decode("ascii")
    )
    assert said["hub.topic"] == [topic]
    assert said["hub.callback"] == ["https://x.example/cb"]
    assert said["hub.mode"] == ["subscribe"]
    assert said["hub.secret"] == ["s"]
    assert said["hub.lease_seconds"] == ["864000"]
    ending = parse_qs(websub.form("unsubscribe", topic=topic, callback="c", secret="s").decode("ascii"))
    assert "hub.secret" not in ending
    assert ending["hub.mode"] == ["unsubscribe"]


@pytest.mark.parametrize("text", ["a", "f3ba-_.~=/+", "!" * 2048])
def test_challenges_are_echoed(text: str) -> None:
    assert websub.challenge(text) == text


@pytest.mark.parametrize("text", ["", " ", "a b", "a\n", "\x00", "é", "تحدٍّ", "!" * 2049, "a\u202eb"])
def test_what_could_be_more_than_a_challenge_is_not(text: str) -> None:
    assert websub.challenge(text) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, 864_000),
        ("86400", 86_400),
        ("900", 900),
        ("899", None),
        ("0", None),
        ("-5", None),
        ("", None),
        ("1e6", None),
        ("٨٦٤٠٠", None),
        ("999999999999", 90 * 86_400),
        ("9" * 13, None),
    ],
)
def test_leases_are_believed_within_reason(text: str | None, seconds: int | None) -> None:
    assert websub.lease(text) == seconds


@given(st.integers(900, websub.LONGEST_LEASE), st.floats(0, 1))
def test_leases_are_renewed_between_80_and_95_hundredths(seconds: int, chance: float) -> None:
    assert 0.8 * seconds <= websub.renewal(seconds, chance) <= 0.95 * seconds + 1e-6


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_good_signatures_of_four_methods_hold(method: str) -> None:
    body = "<feed>خبر</feed>".encode()
    digest = hmac.new(b"secret", body, getattr(hashlib, method)).hexdigest()
    assert websub.signed("secret", body, f"{method}={digest}")
    assert websub.signed("secret", body, f" {method.upper()}={digest.upper()} ")
    assert not websub.signed("secret", body + b" ", f"{method}={digest}")
    assert not websub.signed("Secret", body, f"{method}={digest}")
    assert not websub.signed("secret", body, f"{method}={digest[:-1]}")
    assert not websub.signed("", body, f"{method}={hmac.new(b'', body, method).hexdigest()}")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha256",
        "sha256=",
        "=abc",
        "md5={}",
        "sha224={}",
        "none={}",
        "sha256={},sha1=x",
        "sha256=é" + "a" * 63,
    ],
)
def test_other_signatures_do_not(header: str) -> None:
    digest = hmac.new(b"secret", b"body", "md5").hexdigest()
    assert not websub.signed("secret", b"body", header.format(digest))


@given(st.binary(max_size=50), st.text(max_size=150))
def test_a_signature_is_not_guessed(body: bytes, header: str) -> None:
    assert not websub.signed("the secret", body, header)


@pytest.mark.parametrize(
    "site",
    [
        "https://news.example.org",
        "http://news.example.org:8443",
        "https://أخبار.مصر",
        "https://8.8.8.8",
        "https://[2606:4700::1111]",
    ],
)
def test_public_sites_can_be_called(site: str) -> None:
    assert websub.shut("auto", site) == ""
    assert websub.shut("off", site) == "off"


@pytest.mark.parametrize(
    "site",
    [
        "http://localhost:8008",
        "http://127.0.0.1:8008",
        "http://10.0.0.5",
        "http://169.254.1.1",
        "http://[::1]",
        "http://[fd00::5]",
        "https://news",
        "https://news.lan",
        "https://news.home.arpa",
        "https://news.example",
        "https://news.internal.",
        "ftp://news.example.org",
        "news.example.org",
        "",
    ],
)
def test_sites_that_nobody_outside_can_reach_are_not_called(site: str) -> None:
    assert websub.shut("auto", site) == "not-public"
    assert websub.shut("on", site) == ""
