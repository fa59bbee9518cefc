"""Pages that announce feeds."""

from __future__ import annotations

from daily8.news.discovery import MAX_LINKS, feed_links
from tests.fuzz.holding import is_address

SEEDS = (
    b'<link rel=alternate type="application/rss+xml" title="News" href="/rss?a=1&amp;b=2">',
    b'<base href="//other.example/x/"><a href=feed.xml>RSS</a><a href=/comments/feed>c</a>',
    b'<!-- <link rel=alternate type=application/atom+xml href=a> --><script>"<link rel=alternate>"</script>',
    b'<link rel="stylesheet alternate" type="application/rss+xml" href="x"><LINK HREF=y REL=feed TYPE=application/feed+json>',
)
WORDS = (
    *(
        b"<link ",
        b"<a ",
        b"<base ",
        b"href=",
        b"rel=alternate ",
        b"type=application/atom+xml ",
        b"<!--",
        b"-->",
        b">",
    ),
    *(
        b"<script>",
        b"</script>",
        b"<noscript>",
        b"javascript:",
        b"//",
        b"data:",
        b"&#x6a;",
        b"'",
        b'"',
        b"/",
        b"=",
    ),
)


def one(data: bytes) -> None:
    """Look for feeds on a page."""
    found = feed_links(data.decode("utf-8", "surrogateescape"), "https://fuzz.example/page")
    assert len(found) <= MAX_LINKS
    for link in found:
        is_address(link.url)
        assert link.title is None or len(link.title) <= 300
