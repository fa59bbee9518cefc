"""The feeds that pages announce."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.discovery import feed_links

PAGE = "https://news.example/world/"


def found(html: str) -> list[str]:
    return [link.url for link in feed_links(html, PAGE)]


RSS = 'type="application/rss+xml"'
CASES = [
    (f'<link rel="alternate" {RSS} title="All" href="/feed">', ["https://news.example/feed"]),
    (
        "<LINK REL='Alternate' TYPE='application/atom+xml' HREF=atom.xml>",
        ["https://news.example/world/atom.xml"],
    ),
    (f"<link href=//cdn.example/rss {RSS} rel=alternate />", ["https://cdn.example/rss"]),
    (
        f'<base href="https://other.example/x/"><link rel=alternate {RSS} href="f">',
        ["https://other.example/x/f"],
    ),
    (
        f"<link rel=alternate {RSS} title=Comments href=/comments/feed><link rel=alternate {RSS} href=/feed>",
        ["https://news.example/feed", "https://news.example/comments/feed"],
    ),
    (
        f"<link rel=alternate type=application/feed+json href=/j><link rel=alternate {RSS} href=/r>",
        ["https://news.example/r", "https://news.example/j"],
    ),
    (f'<link rel="alternate" {RSS} href="/a&amp;b?x=1&amp;y=2">', ["https://news.example/a&b?x=1&y=2"]),
    ('<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">', []),
    ('<link rel="alternate" hreflang="ar" href="/ar/">', []),
    (f'<link rel="stylesheet" {RSS} href="/x">', []),
    (f'<link rel="alternate" {RSS} href="javascript:alert(1)">', []),
    (f'<!-- <link rel="alternate" {RSS} href="/old"> -->', []),
    (f"<script>var a = '<link rel=alternate {RSS} href=/s>';</script>", []),
    (f'<link rel=alternate {RSS} href=/f><link rel=alternate {RSS} href="/f#x">', ["https://news.example/f"]),
    ('<a href="/rss.xml">RSS</a><a href="/feedback">Say</a>', ["https://news.example/rss.xml"]),
    ('<a href="/news?format=rss">f</a><a href="/rss.png">i</a>', ["https://news.example/news?format=rss"]),
    (f'<a href="/rss">RSS</a><link rel=alternate {RSS} href=/real>', ["https://news.example/real"]),
    ("", []),
]


@pytest.mark.parametrize(("html", "expected"), CASES)
def test_feeds_are_found_best_first(html: str, expected: list[str]) -> None:
    assert found(html) == expected


def test_a_title_is_plain_text() -> None:
    [link] = feed_links(f'<link rel=alternate {RSS} title="أخبار &lt;b&gt;العالم&lt;/b&gt;" href=/f>', PAGE)
    assert (link.title, link.type) == ("أخبار العالم", "application/rss+xml")


@pytest.mark.parametrize(
    "html",
    [
        "<a " * 300_000,
        "<!--" * 200_000,
        "<script>" * 100_000,
        "<link rel='" * 100_000,
        "<a href=x " * 100_000,
    ],
)
@pytest.mark.timeout(10)
def test_hostile_bulk_ends(html: str) -> None:
    assert feed_links(html, PAGE) == ()


@given(st.text())
def test_any_text_is_a_page(html: str) -> None:
    assert all(link.url.startswith("http") for link in feed_links(html, PAGE))
