"""The feeds that pages announce."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.discovery import asks_for_consent, channel_feed, documented_feed, feed_links

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


def test_rel_feed_and_the_header_announce_too() -> None:
    assert found('<link rel="feed" href="/f">') == ["https://news.example/f"]
    assert found('<link rel="alternate" href="/feed.xml" title="RSS">') == ["https://news.example/feed.xml"]
    assert found('<link rel="alternate" href="/ar/">') == []
    header = (
        '</h.atom>; rel="alternate"; type="application/atom+xml"; title="a, b", <https://x.example/n>; rel=n'
    )
    assert [link.url for link in feed_links("", PAGE, header)] == ["https://news.example/h.atom"]
    escaped = '</h.atom>; type="application/atom+xml"; title="a \\"b\\""; rel=alternate; rel=stylesheet'
    assert [link.title for link in feed_links("", PAGE, escaped)] == ['a "b"']
    both = feed_links(f"<link rel=alternate {RSS} href=/page>", PAGE, header)
    assert [link.url for link in both] == ["https://news.example/h.atom", "https://news.example/page"]
    assert found(
        f'<meta http-equiv="refresh" content="0; url=/feed.xml"><link rel=alternate {RSS} href=/r>'
    ) == ["https://news.example/r"]


def test_other_languages_come_behind_and_comments_last() -> None:
    html = (
        '<html dir="rtl" lang="ar-EG"><head>'
        f'<link rel=alternate {RSS} title="تعليقات الموقع" href="/c">'
        f'<link rel=alternate {RSS} hreflang="en" href="/en/feed">'
        f'<link rel=alternate {RSS} hreflang="ar" href="/ar/feed">'
        '<link rel=alternate type="application/feed+json" href="/j">'
    )
    assert found(html) == [f"https://news.example{path}" for path in ("/ar/feed", "/j", "/en/feed", "/c")]


CHANNEL = "UC" + "a1B2_-" * 3 + "wxyz"
VIDEOS = "https://www.youtube.com/feeds/videos.xml?channel_id=" + CHANNEL
DOCUMENTED = [
    (f"https://www.youtube.com/channel/{CHANNEL}", VIDEOS),
    (f"https://m.youtube.com/channel/{CHANNEL}/videos?view=0", VIDEOS),
    (f"http://youtube.com/channel/{CHANNEL}", VIDEOS),
    ("https://www.youtube.com/channel/UCshort", None),
    ("https://www.youtube.com/@harbourpost", None),
    ("https://www.youtube.com/c/harbourpost", None),
    ("https://www.youtube.com/watch?v=abcdefghijk", None),
    (
        "https://www.youtube.com/playlist?list=PLabcdefghijklmnop",
        "https://www.youtube.com/feeds/videos.xml?playlist_id=PLabcdefghijklmnop",
    ),
    (f"https://evil.example/channel/{CHANNEL}", None),
    (f"https://www.youtube.com.evil.example/channel/{CHANNEL}", None),
    ("https://www.reddit.com/r/harbours/", "https://www.reddit.com/r/harbours/.rss"),
    ("https://old.reddit.com/r/harbours", "https://www.reddit.com/r/harbours/.rss"),
    ("https://www.reddit.com/r/harbours/comments/1/x", None),
    ("https://github.com/quay/crane/releases", "https://github.com/quay/crane/releases.atom"),
    ("https://github.com/quay/crane", None),
    ("https://vimeo.com/harbourpost", "https://vimeo.com/harbourpost/videos/rss"),
    ("https://vimeo.com/123456", None),
    ("https://vimeo.com/categories", None),
    ("https://medium.com/@harbourpost", "https://medium.com/feed/@harbourpost"),
    ("https://harbourpost.medium.com/", "https://harbourpost.medium.com/feed"),
    ("https://harbourpost.substack.com", "https://harbourpost.substack.com/feed"),
    ("https://harbourpost.substack.com/p/a-story", None),
    ("https://harbourpost.tumblr.com/", "https://harbourpost.tumblr.com/rss"),
    ("https://harbourpost.blogspot.com/", "https://harbourpost.blogspot.com/feeds/posts/default"),
    ("https://bsky.app/profile/did:plc:abcdefgh", "https://bsky.app/profile/did:plc:abcdefgh/rss"),
    ("https://bsky.app/profile/harbour.example", None),
    ("https://substack.com/", None),
    ("https://news.example/", None),
    ("nonsense", None),
]


@pytest.mark.parametrize(("url", "feed"), DOCUMENTED)
def test_platforms_that_document_their_feeds(url: str, feed: str | None) -> None:
    assert documented_feed(url) == feed


@pytest.mark.parametrize(
    "html",
    [
        f'<meta itemprop="identifier" content="{CHANNEL}">',
        f'<script>var d = {{"externalId":"{CHANNEL}","channelId":"UC{"z" * 22}"}};</script>',
        f'<link rel="canonical" href="https://www.youtube.com/channel/{CHANNEL}">',
    ],
)
def test_a_handle_is_told_by_its_page(html: str) -> None:
    assert channel_feed(html, "https://www.youtube.com/@harbourpost") == VIDEOS
    assert channel_feed(html, "https://news.example/@harbourpost") is None


def test_a_page_of_two_minds_about_its_channel_is_not_believed() -> None:
    html = f'"externalId":"{CHANNEL}" "externalId":"UC{"z" * 22}"'
    assert channel_feed(html, "https://www.youtube.com/@harbourpost") is None
    assert channel_feed("", "https://www.youtube.com/@harbourpost") is None


def test_a_question_for_consent_is_told_apart() -> None:
    assert asks_for_consent("https://consent.youtube.com/m?continue=https://www.youtube.com/@x")
    assert not asks_for_consent("https://www.youtube.com/@x")
