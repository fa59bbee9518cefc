"""Lists of subscriptions, good ones and bad ones."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daily8.news import opml
from daily8.news.opml import NotOpml, Subscription, read_opml, write_opml

NOW = datetime(2025, 11, 21, 14, 3, 5, tzinfo=UTC)

NESTED = """<?xml version="1.0" encoding="windows-1256"?>
<opml version="2.0"><head><title>اشتراكات</title></head><body>
<outline text="أخبار"><outline text="عالم">
  <outline type="rss" text="الصباح" xmlUrl="https://sabah.example/rss" htmlUrl="https://sabah.example/"/>
</outline></outline>
<outline text="Daily"><outline TYPE="rss" TITLE="Sabah again" XMLURL="https://sabah.example/rss"/></outline>
<outline text="Top" xmlUrl="http://top.example/feed" category="/A/B,word,/C"/>
<outline text="Old" xmlUrl="feed://old.example/rss"/>
<outline text="Broken" type="rss" xmlUrl="javascript:alert(1)"/>
<outline text="Nothing" type="rss"/>
<outline text="Remote" type="include" url="http://elsewhere.example/list.opml"/>
<outline text="Empty folder"></outline>
</body></opml>"""


def test_folders_nest_and_a_feed_keeps_them_all() -> None:
    found = read_opml(NESTED.encode("cp1256"))
    assert found.title == "اشتراكات"
    assert found.outlines == (
        Subscription(
            "https://sabah.example/rss", "الصباح", "https://sabah.example/", (("أخبار", "عالم"), ("Daily",))
        ),
        Subscription("http://top.example/feed", "Top", None, (("A", "B"), ("C",))),
        Subscription("http://old.example/rss", "Old"),
    )


def test_bad_rows_are_told_with_their_number() -> None:
    found = read_opml(NESTED.encode("cp1256"))
    assert [(p.row, p.title) for p in found.problems] == [
        (8, "Broken"),
        (9, "Nothing"),
        (10, "Remote"),
        (11, "Empty folder"),
    ]


BROKEN = [
    (b"", "empty"),
    (b"   \n", "empty"),
    (b"hello", "not an OPML"),
    (b"<html><body>x</body></html>", "web page"),
    (b"<rss version='2.0'><channel/></rss>", "a feed itself"),
    (b"<opml><body><outline xmlUrl='http://a.example/'/>", "breaks off"),
    (b"<opml><body><outline xmlUrl='http://a.example/'></body></opml>", "not well-formed"),
    (b"<opml><head/></opml>", "no body"),
    (b"<svg/>", "another kind"),
    (b"x" * (opml.MAX_BODY + 1), "larger than"),
]


@pytest.mark.parametrize(("body", "words"), BROKEN)
def test_what_is_no_opml_is_refused_in_one_sentence(body: bytes, words: str) -> None:
    with pytest.raises(NotOpml, match=words) as caught:
        read_opml(body)
    assert "\n" not in str(caught.value)


def test_entities_are_not_resolved() -> None:
    bomb = (
        '<!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
        '<opml><body><outline text="&b;&x;" xmlUrl="http://a.example/"/></body></opml>'
    )
    [feed] = read_opml(bomb.encode()).outlines
    assert "haha" not in (feed.title or "")
    assert "root:" not in (feed.title or "")


def test_depth_is_capped() -> None:
    deep = (
        "<outline text='f'>" * 3000 + "<outline text='x' xmlUrl='http://a.example/'/>" + "</outline>" * 3000
    )
    [feed] = read_opml(f"<opml><body>{deep}</body></opml>".encode()).outlines
    assert len(feed.folders[0]) == opml.MAX_DEPTH


def test_count_is_capped() -> None:
    numbers = range(opml.MAX_SUBSCRIPTIONS + 2)
    rows = "".join(f"<outline text='{i}' xmlUrl='http://a.example/{i}'/>" for i in numbers)
    found = read_opml(f"<opml><body>{rows}</body></opml>".encode())
    assert len(found.outlines) == opml.MAX_SUBSCRIPTIONS
    assert [problem.row for problem in found.problems] == [numbers[-2] + 1, numbers[-1] + 1]


names = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="\ufffe\uffff"),
    min_size=1,
)
folders = st.lists(st.lists(names, min_size=1, max_size=4).map(tuple), unique=True, max_size=3).map(tuple)
subscriptions = st.lists(
    st.builds(
        Subscription,
        url=st.integers(0, 50).map(lambda n: f"https://site{n}.example/feed?a=1&b=2"),
        title=names,
        home=st.none() | st.just("https://home.example/"),
        folders=folders,
    ),
    unique_by=lambda feed: feed.url,
    max_size=8,
)


@given(subscriptions, names)
@settings(deadline=None)
def test_what_is_written_is_read_again(feeds: list[Subscription], title: str) -> None:
    found = read_opml(write_opml(feeds, title, NOW).encode())
    assert found.title == title
    assert found.problems == ()
    assert {(f.url, f.title, f.home, frozenset(f.folders)) for f in found.outlines} == {
        (f.url, f.title, f.home, frozenset(f.folders)) for f in feeds
    }
