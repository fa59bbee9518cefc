"""What whole sites ask: robots.txt beyond crawling, and TDMRep."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.types import Wish
from daily8.news.wishes import (
    Reservation,
    SiteWishes,
    Usage,
    at_address,
    read_reservations,
    read_robots,
    site_from_json,
    site_of,
    site_to_json,
)
from daily8.news.wishes.sites import MOST_RULES

HOME = "https://post.example"
ROBOTS = f"{HOME}/robots.txt"


def asked(text: str, path: str = "/news/1", token: str = "daily8") -> list[str]:
    site = read_robots(text, ROBOTS, token)
    return [f"{wish.name}={wish.value}" for wish in at_address(site, HOME + path)]


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("User-agent: *\nContent-Usage: / ai-use=n", "/news/1", ["content-usage=ai-use=n"]),
        ("User-agent: *\nContent-Usage: ai-use=n # note", "/news/1", ["content-usage=ai-use=n"]),
        ("User-agent: *\nContent-Usage: / ai-use=n\nContent-Usage: /open/ ai-use=y", "/open/1", []),
        (
            "User-agent: *\nContent-Usage: / ai-use=y\nContent-Usage: / ai-use=n",
            "/",
            ["content-usage=ai-use=n"],
        ),
        ("User-agent: *\nContent-Usage: /news/ ai-use=n", "/sport/1", []),
        ("User-agent: *\nContent-Signal: search=yes, ai-input=no", "/", ["content-signal=ai-input=n"]),
        ("User-agent: otherbot\nContent-Usage: / ai-use=n", "/", []),
        ("User-agent: *\nContent-Usage: / ai-use=n\n\nUser-agent: Daily8\nAllow: /", "/", []),
        (
            "User-agent: *\nAllow: /\n\nUser-agent: Daily8\nContent-Usage: / ai-use=n",
            "/",
            ["content-usage=ai-use=n"],
        ),
        ("User-agent: otherbot\nUser-agent: *\nContent-Usage: / ai-use=n", "/", ["content-usage=ai-use=n"]),
        ("Content-Signal: ai-input=no\nUser-agent: *\nAllow: /", "/", ["content-signal=ai-input=n"]),
        ("License: https://post.example/rsl.xml", "/", ["rsl=https://post.example/rsl.xml"]),
        ("User-agent: otherbot\nLicense: /other.xml", "/", []),
        ("User-agent: otherbot\nDisallow: /\n\nLicense: /rsl.xml", "/", ["rsl=https://post.example/rsl.xml"]),
        (
            "License: /all.xml\nUser-agent: daily8\nLicense: /ours.xml",
            "/",
            ["rsl=https://post.example/ours.xml"],
        ),
        ("User-agent: GPTBot\nDisallow: /\nUser-agent: CCBot\nDisallow: /", "/", []),
        ("<html>Not found</html>", "/", []),
    ],
)
def test_what_a_robots_txt_asks_of_us(text: str, path: str, expected: list[str]) -> None:
    assert asked(text, path) == expected


@pytest.mark.parametrize(
    ("location", "path", "matches"),
    [
        ("/", "/", True),
        ("/", "/news/1?x=1", True),
        ("/news/", "/news/1", True),
        ("/news/", "/News/1", False),
        ("/news/*.pdf$", "/news/a/b.pdf", True),
        ("/news/*.pdf$", "/news/b.pdf?x", False),
        ("/a*b*c", "/axxbyyc", True),
        ("/a*b*c", "/axxc", False),
        ("/only$", "/only", True),
        ("/only$", "/only/", False),
        ("/*a$", "/ba", True),
        ("/a*a$", "/a", False),
        ("/%D8%AE", "/خ", True),
        ("/a%20b", "/a b", True),
    ],
)
def test_the_paths_of_a_reservation(location: str, path: str, matches: bool) -> None:
    site = SiteWishes(reservations=(Reservation(location, True, "https://post.example/tdm"),))
    wishes = at_address(site, HOME + path)
    expected = (Wish("tdm-reservation", "tdmrep", "https://post.example/tdm"),)
    assert wishes == (expected if matches else ())


def test_the_first_rule_that_matches_counts() -> None:
    rows = [{"location": "/open/", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]
    site = SiteWishes(reservations=read_reservations(json.dumps(rows).encode()))
    assert at_address(site, f"{HOME}/open/1") == ()
    assert at_address(site, f"{HOME}/news/1") == (Wish("tdm-reservation", "tdmrep"),)


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (b'[{"location": "/", "tdm-reservation": 1}]', 1),
        (b'\xef\xbb\xbf[{"location": "/", "tdm-reservation": "1", "tdm-policy": 7}]', 1),
        (b'[{"location": "/", "tdm-reservation": 2}, {"tdm-reservation": 1}, 7, null]', 0),
        (b'{"location": "/", "tdm-reservation": 1}', 0),
        (b"<html>", 0),
        (b"[" * 100_000, 0),
        (json.dumps([{"location": "/", "tdm-reservation": 1}] * 2000).encode(), MOST_RULES),
        (json.dumps([{"location": "/" + "a" * 501, "tdm-reservation": 1}]).encode(), 0),
    ],
)
def test_what_a_tdmrep_holds(body: bytes, count: int) -> None:
    assert len(read_reservations(body)) == count


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://Post.example:443/a?b#c", "https://post.example"),
        ("http://post.example:8080/", "http://post.example:8080"),
        ("mailto:a@post.example", ""),
        ("", ""),
    ],
)
def test_the_site_of_an_address(url: str, site: str) -> None:
    assert site_of(url) == site


@given(st.text(max_size=1500), st.binary(max_size=500), st.text(max_size=60))
def test_no_text_breaks_the_readers(text: str, body: bytes, path: str) -> None:
    robots = read_robots(f"User-agent: *\nContent-Usage: {text}\nLicense: {text}", ROBOTS, "daily8")
    site = SiteWishes(robots.usage, robots.licences, read_reservations(body))
    assert len(robots.usage) <= MOST_RULES
    assert site_from_json(json.loads(json.dumps(site_to_json(site)))) == site
    for wish in at_address(site, f"{HOME}/{path}"):
        assert len(wish.value) <= 200


@given(st.text("ab/*$", max_size=12), st.text("ab/", max_size=12))
def test_a_longer_beginning_matches_no_more(pattern: str, path: str) -> None:
    def hits(location: str) -> bool:
        return bool(at_address(SiteWishes(reservations=(Reservation(location, True),)), f"{HOME}/{path}"))

    if hits(f"/{pattern.replace('$', '')}a"):
        assert hits(f"/{pattern.replace('$', '')}")


def test_rules_about_uses_are_kept_as_they_stand() -> None:
    site = read_robots("User-agent: *\nContent-Usage: /a ai-use=n", ROBOTS, "daily8")
    assert site.usage == (Usage("content-usage", "/a", "ai-use=n"),)
