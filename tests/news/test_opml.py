"""Lists of subscriptions, good ones and bad ones."""

from __future__ import annotations

import gzip
import signal
from collections.abc import Callable, Iterator
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


def opml_of(rows: str) -> bytes:
    return f"<opml version='2.0'><body>{rows}</body></opml>".encode()


def row(address: str, text: str = "x") -> str:
    return f'<outline type="rss" text="{text}" xmlUrl="{address}"/>'


ODD_SCHEMES = [
    *(
        "javascript:alert(1)",
        "JAVA&#9;SCRIPT:alert(1)",
        "data:text/xml,x",
        "file:///etc/passwd",
        "gopher://a/",
    ),
    *(
        "ftp://a.example/rss",
        "feed:javascript:1",
        "feed:file:///x",
        "view-source:http://a.example/",
        "//a.example/",
    ),
    *(
        "http://user:secret@a.example/",
        "http://a.example@evil.example/",
        "http://[::1%25eth0]/",
        "a.example/rss",
    ),
    *("http:///rss", "http://a.example:0/", "http://a.example:99999/", "http://a b.example/"),
]


def test_addresses_of_other_schemes_are_told_and_the_others_kept() -> None:
    good = row("https://good.example/rss", "good")
    found = read_opml(opml_of(good + "".join(row(address) for address in ODD_SCHEMES) + good))
    assert [feed.url for feed in found.outlines] == ["https://good.example/rss"]
    assert [problem.row for problem in found.problems] == [*range(2, len(ODD_SCHEMES) + 2)]
    assert {problem.reason for problem in found.problems} == {
        "its address is not one of the web (http or https)",
    }


FEED_SCHEMES = [
    ("feed://a.example/rss", "http://a.example/rss"),
    ("FEED:https://a.example/rss", "https://a.example/rss"),
    ("feed://https://a.example/rss", "https://a.example/rss"),
    ("https://a.example/?u=feed://b.example", "https://a.example/?u=feed://b.example"),
]


@pytest.mark.parametrize(("address", "expected"), FEED_SCHEMES)
def test_the_scheme_of_desktop_readers_is_read(address: str, expected: str) -> None:
    assert [feed.url for feed in read_opml(opml_of(row(address))).outlines] == [expected]


def test_what_is_not_told_of_is_counted() -> None:
    found = read_opml(opml_of(row("javascript:1") * (opml.MAX_PROBLEMS + 7) + row("http://a.example/")))
    assert (len(found.problems), found.untold, len(found.outlines)) == (opml.MAX_PROBLEMS, 7, 1)


def test_words_of_an_outline_are_words() -> None:
    text = "<script>alert(1)</script>\u202e\0&amp;"
    quoted = text.replace("&", "&amp;").replace("<", "&lt;").replace("\0", "")
    [feed] = read_opml(opml_of(row("http://a.example/", quoted))).outlines
    assert feed.title == text.replace("\0", "")
    written = write_opml([feed], text, NOW)
    assert "<script" not in written
    assert read_opml(written.encode()).outlines == (feed,)


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_form_of_unicode_is_read(codec: str) -> None:
    text = f"<?xml version='1.0'?><opml><body>{row('http://a.example/', 'خبر')}</body></opml>"
    [feed] = read_opml(text.encode(codec)).outlines
    assert feed.title == "خبر"


def test_what_hides_in_utf_7_or_is_packed_is_no_list() -> None:
    hidden = b"<?xml version='1.0' encoding='utf-7'?>+ADw-opml+AD4APA-body/+AD4APA-/opml+AD4-"
    bomb = gzip.compress(opml_of(row("http://a.example/")) + b" " * 50_000_000)
    for body in (hidden, b"+/v8-" + hidden, bomb, b"PK\3\4" + bytes(1000)):
        with pytest.raises(NotOpml, match="this is not an OPML document"):
            read_opml(body)


def test_ids_may_repeat_and_addresses_count_once() -> None:
    twice = '<outline id="1" xml:id="a" text="t" xmlUrl="http://a.example/"/>' * 3
    assert [feed.url for feed in read_opml(opml_of(twice)).outlines] == ["http://a.example/"]


HEAVY = {
    "laughs": "<!DOCTYPE opml [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 50}'>" for n in range(12))
    + "]><opml><body><outline text='&m;' xmlUrl='http://a.example/'/></body></opml>",
    "deep": "<opml><body>"
    + "<outline>" * 40_000
    + row("http://a.example/")
    + "</outline>" * 40_000
    + "</body></opml>",
    "attributes": "<opml><body><outline xmlUrl='http://a.example/' "
    + " ".join(f"a{n}=''" for n in range(100_000))
    + "/></body></opml>",
    "categories": "<opml><body><outline xmlUrl='http://a.example/' category='"
    + "/a," * 100_000
    + "'/></body></opml>",
    "includes": "<opml><body>"
    + "<outline type='include' text='x' url='http://a.example/list.opml'/>" * 100_000
    + f"{row('http://a.example/')}</body></opml>",
    "copies": f"<opml><body>{row('http://a.example/') * 50_000}</body></opml>",
}


@pytest.mark.parametrize("name", HEAVY)
def test_what_is_made_to_be_heavy_is_read_or_cut(name: str, bounded: Callable[[float], None]) -> None:
    bounded(10.0)
    [feed] = read_opml(HEAVY[name].encode()).outlines
    assert feed.url == "http://a.example/"


@pytest.fixture
def bounded() -> Iterator[Callable[[float], None]]:
    """Let a test die of a number of seconds of CPU: far more than is needed, far less than a square takes."""

    def over(signum: int, frame: object) -> None:
        raise AssertionError("it takes far longer than its length allows")

    before = signal.signal(signal.SIGVTALRM, over)

    def start(seconds: float) -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)

    yield start
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


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
