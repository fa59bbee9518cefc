"""Pages without a feed, read as a list of articles."""

from __future__ import annotations

from daily8.news.listing import find_pattern, pattern_from_json, pattern_to_json, read_listing, seen_links
from tests.fuzz.holding import is_feed

_ITEM = "<li><h2><a href='/2025/06/{0:02}/the-ferry-{0}-is-late-again'>The ferry number {0} is late once again</a></h2><time datetime='2025-06-{0:02}'>x</time><p>Nobody at the harbour minded very much.</p><img src='/{0}.jpg'></li>"
SEEDS = (
    f"<html lang=en><body><nav><a href=/a>A</a></nav><ul>{''.join(map(_ITEM.format, range(1, 9)))}</ul>".encode(),
    "".join(
        f"<article><a href='?p={n}'><h3>خبر رقم {n} من الميناء القديم</h3></a></article>" for n in range(6)
    ).encode(),
    b"<base href='//other.example/'><a href=1>One two three four</a>" * 5,
    b"<table><tr><td><a href='javascript:x'>No</a>" * 30,
)
WORDS = (
    *(
        b"<a href='",
        b"'>",
        b"</a>",
        b"<li>",
        b"<article>",
        b"<h2>",
        b"<time datetime='9999-99-99'>",
        b"<base href=//x>",
    ),
    *(
        b"<nav>",
        b"<div>" * 40,
        b"<ul>",
        b"<p>",
        b"<img src=",
        b"/2025/13/45/",
        b"/0000-00-00/",
        b"?page=2",
        b"#",
        b"\0",
    ),
)
_URL = "https://fuzz.example/news/"


def one(data: bytes) -> None:
    """Learn a page's pattern, and read the page by it."""
    html = data.decode("utf-8", "surrogateescape")
    pattern = find_pattern(html, _URL)
    if pattern is None:
        return
    kept = pattern_from_json(pattern_to_json(pattern))
    assert (kept.links, kept.within) == (pattern.links, pattern.within)
    is_feed(read_listing(html, _URL, pattern))
    for seen in seen_links(html, _URL):
        assert seen.path.startswith("/"), seen
