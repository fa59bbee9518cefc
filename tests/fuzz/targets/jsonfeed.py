"""JSON Feeds, and JSON of other kinds."""

from __future__ import annotations

import json

from daily8.news.feeds import NotAFeed, parse_feed
from tests.fuzz.holding import is_feed, is_sentence

_FULL = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Harbour <b>",
    "home_page_url": "https://harbour.example/",
    "feed_url": "/feed.json",
    "icon": "icon.png",
    "language": "ar",
    "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
    "authors": [{"name": "Ada", "url": "javascript:1"}],
    "items": [
        {
            "id": 7,
            "url": "one",
            "title": "One & all",
            "content_html": "<p onclick=x><a href='data:x'>y</a><script>z</script></p>",
            "content_text": "a\n\nb",
            "summary": "<i>s</i>",
            "date_published": "2025-06-01T12:00:00+03:00",
            "date_modified": "9999-12-31T23:59:59-12:00",
            "tags": ["sea", 1, None],
            "attachments": [{"url": "a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 1e400}],
            "image": "//img.example/x.jpg",
        },
        {"id": None, "url": ["x"], "tags": {}, "authors": "x", "attachments": [[]]},
        "no object",
    ],
}
SEEDS = (
    json.dumps(_FULL, ensure_ascii=False).encode(),
    json.dumps(_FULL).encode("utf-16"),
    b'{"items": [{"content_text": "\\ud800\\u0000", "size": NaN}]}',
    b'{"items": []}',
    b'{"error": "no"}',
    b"[" * 2000,
)
WORDS = (
    *(b'"items":', b"[", b"]", b"{", b"}", b",", b"null", b"true", b"1e999", b"-1", b"NaN", b"Infinity"),
    *(b'"\\ud800"', b'"\\u0000"', b'"content_html":', b'"attachments":', b'"size_in_bytes":', b'"tags":'),
    *(
        b'"date_published":',
        b'"authors":',
        b'"id":',
        b'"url":',
        b'"hubs":',
        b'"duration_in_seconds":',
        b"9" * 5000,
    ),
)


def one(data: bytes) -> None:
    """Read bytes as JSON, then as a feed."""
    try:
        found = parse_feed(b"{" + data if len(data) % 7 == 0 else data, "https://fuzz.example/feed.json")
    except NotAFeed as error:
        is_sentence(error)
    else:
        is_feed(found)
