"""What publishers ask: headers, pages, robots.txt and tdmrep.json."""

from __future__ import annotations

import json

from daily8.news.types import Wish
from daily8.news.wishes import (
    SiteWishes,
    at_address,
    in_answer,
    in_feed_answer,
    in_page,
    permissions,
    read_reservations,
    read_robots,
    site_from_json,
    site_to_json,
    unsaid,
)

_URL = "https://x.example/news/1?a=b"
_NAMES = ("x-robots-tag", "tdm-reservation", "tdm-policy", "content-usage", "content-signal", "link")
SEEDS = (
    b"x-robots-tag: otherbot: noindex, daily8: max-snippet: 50, unavailable_after: Saturday, 02-Aug-25 15:00:00 GMT",
    b'link: </l.xml>; rel="license"; type="application/rsl+xml"\ncontent-usage: train-ai=n, ai-use=n;a="b"',
    b"tdm-reservation: 1\ntdm-policy: https://x.example/tdm\ncontent-signal: search=yes,ai-input=no",
    b"<meta name=robots content='noai, max-image-preview:none'><meta name=tdm-reservation content=1>",
    b"<link rel=license type=application/rsl+xml href=/l.xml><div data-nosnippet>a <span data-nosnippet>b</span>",
    b'<script type="application/rsl+xml"><rsl><content><license><payment type="crawl"/></license></content></rsl>',
    b"License: /l.xml\nUser-agent: *\nContent-Usage: /a*b$ ai-use=n\nContent-Signal: ai-input=no\n\nLicense: x",
    b'[{"location": "/n*1$", "tdm-reservation": 1, "tdm-policy": "p"}, {"location": "/", "tdm-reservation": 0}]',
)
WORDS = (
    *(b"noai", b"none", b"nosnippet", b"max-snippet:", b"-1", b"9" * 12, b"max-image-preview:", b"standard"),
    *(b"unavailable_after:", b"daily8:", b"robots", b"\n", b",", b":", b"=n", b"*" * 30, b"$", b"%", b"\xff"),
    *(b"User-agent: *", b"Content-Usage: / ", b"data-nosnippet", b"<meta ", b"content=", b"<!ENTITY a 'b'>"),
    *(b"<content>", b"<license>", b"<prohibits>", b"&a;", b"[" * 40, b'"location"', b"\xd8\xae"),
)


def one(data: bytes) -> None:
    """Read bytes as everything in which publishers ask."""
    text = data.decode("utf-8", "replace")
    lines = (line.partition(":") for line in text.split("\n"))
    headers = {name.strip().lower(): value.strip() for name, colon, value in lines if colon}
    told = {**dict.fromkeys(_NAMES, text), **headers}
    page = in_page(text, _URL, "daily8")
    robots = read_robots(text, "https://x.example/robots.txt", "daily8")
    site = SiteWishes(robots.usage, robots.licences, read_reservations(data))
    assert site_from_json(json.loads(json.dumps(site_to_json(site)))) == site
    for wishes in (
        in_answer(told, [told["x-robots-tag"]], _URL, "daily8"),
        in_feed_answer(told, _URL, "daily8"),
        page.wishes,
        at_address(site, _URL),
    ):
        _bounded(wishes)
    assert len(unsaid(text, page.unsaid)) <= len(text)


def _bounded(wishes: tuple[Wish, ...]) -> None:
    assert len(wishes) <= 40
    assert len(set(wishes)) == len(wishes)
    for wish in wishes:
        assert len(wish.name) <= 50
        assert len(wish.value) <= 200
    found = permissions(wishes)
    assert found.may_train is False
    assert found.excerpt_most is None or (found.excerpt_most >= 0 and not found.may_show_full)
