"""Lists of subscriptions."""

from __future__ import annotations

from datetime import UTC, datetime

from daily8.news.opml import MAX_DEPTH, MAX_SUBSCRIPTIONS, NotOpml, read_opml, write_opml
from tests.fuzz.holding import is_address, is_sentence

_LIST = """<?xml version="1.0" encoding="utf-8"?><opml version="2.0"><head><title>قائمة</title></head><body>
<outline text="News"><outline type="rss" text="Harbour" title="Harbour" xmlUrl="https://harbour.example/rss"
 htmlUrl="https://harbour.example/" category="/A/B,c,/D"/><outline text="World"><outline text="Deep"
 xmlUrl="feed://deep.example/x"/></outline></outline><outline type="include" url="https://x.example/list.opml"/>
<outline text="Bad" xmlUrl="javascript:alert(1)"/><outline type="rss"/><outline text="In" xmlUrl="http://127.0.0.1/"/>
</body></opml>"""
SEEDS = (
    _LIST.encode(),
    b"\xff\xfe" + _LIST.encode("utf-16-le"),
    _LIST.replace("utf-8", "windows-1256").encode("cp1256"),
    b"<!DOCTYPE opml [<!ENTITY a 'x'><!ENTITY b SYSTEM 'file:///x'>]><opml><body><outline text='&a;&b;'/></body></opml>",
    b"<opml><body>"
    + b"<outline text='f'>" * 40
    + b"<outline xmlUrl='http://a.example/'/>"
    + b"</outline>" * 40,
)
WORDS = (
    *(
        b"<outline ",
        b"/>",
        b"</outline>",
        b"text='",
        b"xmlUrl='",
        b"XMLURL='http://b.example/'",
        b"category='/x'",
    ),
    *(
        b"type='include'",
        b"type='rss'",
        b"<body>",
        b"</body>",
        b"xml:id='a'",
        b"feed:https://",
        b"file:///",
        b"&a;",
    ),
    *(
        b"&#10;",
        b"&#xfffe;",
        b"\xe2\x80\xae",
        b"+ADw-",
        b"<!DOCTYPE opml [<!ENTITY a 'x'>]>",
        b"<opml>",
        b"'",
    ),
)
_NOW = datetime(2025, 6, 1, tzinfo=UTC)


def one(data: bytes) -> None:
    """Read bytes as a list, write it, and read it again."""
    try:
        found = read_opml(data)
    except NotOpml as error:
        is_sentence(error)
        return
    assert len(found.outlines) <= MAX_SUBSCRIPTIONS
    for feed in found.outlines:
        is_address(feed.url)
        is_address(feed.home)
        assert all(0 < len(folder) <= MAX_DEPTH for folder in feed.folders)
    for problem in found.problems:
        assert problem.reason
        assert problem.row > 0
    again = read_opml(write_opml(found.outlines, found.title or "", _NOW).encode())
    assert again.problems == ()
    assert again.title == found.title
    assert {(f.url, f.title or f.url, f.home, frozenset(f.folders)) for f in again.outlines} == {
        (f.url, f.title or f.url, f.home, frozenset(f.folders)) for f in found.outlines
    }
