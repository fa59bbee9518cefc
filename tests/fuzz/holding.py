"""What must hold of whatever was read, judged by other means than those that read it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit

from daily8.news.feeds import MAX_ENTRIES, feed_to_json
from daily8.news.sanitise import MAX_LENGTH, sanitise
from daily8.news.storing import storable
from daily8.news.types import Entry, Feed
from daily8.news.urls import absolute

_FORBIDDEN_TAGS = """
    script style svg math iframe frame frameset form input button select textarea option template noscript
    object embed applet base meta link html head body title canvas portal dialog slot marquee plaintext xmp
    noembed noframes annotation-xml foreignobject set animate
"""
_KNOWN_ATTRIBUTES = """
    href hreflang title src alt width height datetime value start reversed type colspan rowspan scope poster
    dir lang rel
"""
_ADDRESSES = frozenset({"href", "src", "poster"})


class _Reader(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in _FORBIDDEN_TAGS.split(), f"<{tag}> was let through"
        for name, value in attrs:
            assert name in _KNOWN_ATTRIBUTES.split(), f"{name}= was let through"
            if name in _ADDRESSES:
                assert value is not None
                scheme = value.partition(":")[0].lower()
                assert scheme in {"http", "https"} or (tag == "a" and scheme == "mailto"), value
                assert not any(c <= " " or c == "\x7f" for c in value), value

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment was let through: {data!r}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration was let through: {decl!r}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction was let through: {data!r}")


def is_safe(html: str) -> None:
    """Hold that HTML has nothing in it that could run, load from another scheme or reach into a page."""
    reader = _Reader(convert_charrefs=True)
    reader.feed(html)
    reader.close()


def is_settled(html: str) -> None:
    """Hold that HTML is safe and comes out of the sanitiser as it went in."""
    is_safe(html)
    if len(html) <= MAX_LENGTH:
        again = sanitise(html)
        assert again == html, (html, again)


def is_address(url: str | None) -> None:
    """Hold that an address, where there is one, is plain, of the web, and stays as it is."""
    if url is None:
        return
    assert absolute(url) == url, url
    parts = urlsplit(url)
    assert parts.scheme in {"http", "https"}, url
    assert parts.hostname, url
    assert parts.username is None, url


def is_moment(when: datetime | None) -> None:
    """Hold that a time has a zone, and that it can be put into any other."""
    if when is None:
        return
    assert when.utcoffset() is not None, when
    when.astimezone(UTC)


def is_sentence(error: ValueError) -> None:
    """Hold that a refusal is one plain sentence."""
    text = str(error)
    assert text, "a refusal without a word"
    assert len(text) < 200, text
    assert text.isprintable(), text


def is_feed(feed: Feed) -> None:
    """Hold what every feed keeps to, whatever was in its document."""
    assert len(feed.entries) <= MAX_ENTRIES
    for url in (feed.url, feed.home, feed.hub, feed.image):
        is_address(url)
    assert all(0 <= hour < 24 for hour in feed.skip_hours)
    assert all(0 <= day < 7 for day in feed.skip_days)
    assert feed.ttl is None or feed.ttl > 0
    for entry in feed.entries:
        _is_entry(entry)
    # What goes to the database and out of the interfaces.
    kept = storable(feed)
    assert "\0" not in json.dumps(feed_to_json(kept), ensure_ascii=False)
    json.dumps(feed_to_json(kept), ensure_ascii=False).encode()


def _is_entry(entry: Entry) -> None:
    for url in (entry.url, entry.image, *(enclosure.url for enclosure in entry.enclosures)):
        is_address(url)
    for when in (entry.published, entry.updated):
        is_moment(when)
    for html in (entry.summary, entry.content):
        if html is not None:
            is_settled(html)
    for text in (entry.title, *entry.authors, *entry.categories):
        assert text is None or text.strip() == " ".join(text.split()), repr(text)
