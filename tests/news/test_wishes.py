"""What pages, answers and licences ask, and what may be done then."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.feeds import parse_feed
from daily8.news.identity import entry_digest
from daily8.news.types import Entry, Wish
from daily8.news.wishes import (
    OPEN,
    Permissions,
    agreed,
    in_answer,
    in_feed_answer,
    in_page,
    permissions,
    unsaid,
    wish_from_json,
    wish_to_json,
)
from daily8.news.wishes.headers import MOST
from daily8.news.wishes.permissions import limits

URL = "https://post.example/news/1"
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


def said(wishes: tuple[Wish, ...]) -> list[str]:
    return [f"{wish.name}={wish.value}" if wish.value else wish.name for wish in wishes]


@pytest.mark.parametrize(
    ("stated", "asked"),
    [
        ("nosnippet", ["nosnippet"]),
        ("NoIndex, NoArchive", ["noindex", "noarchive"]),
        ("noindex nosnippet", ["noindex", "nosnippet"]),
        ("none", ["none"]),
        ("max-snippet:160", ["max-snippet=160"]),
        ("max-snippet: 160, noai", ["max-snippet=160", "noai"]),
        ("max-snippet:-1, max-image-preview:large, max-video-preview:-1", []),
        ("max-image-preview:standard", ["max-image-preview=standard"]),
        ("noai, noimageai", ["noai", "noimageai"]),
        ("index, follow, all", []),
        ("otherbot: nosnippet, noai", []),
        ("otherbot: nosnippet, daily8: noarchive", ["noarchive"]),
        ("Daily8: nosnippet", ["nosnippet"]),
        ("otherbot: max-snippet:20", []),
        ("daily8: max-snippet: 20", ["max-snippet=20"]),
        (
            "unavailable_after: Saturday, 02-Aug-2025 15:00:00 GMT, noai",
            ["unavailable_after=2025-08-02T15:00:00+00:00", "noai"],
        ),
        ("unavailable_after: 2025-08-02", ["unavailable_after=2025-08-02T00:00:00+00:00"]),
        ("unavailable_after: some day", []),
        ("", []),
        (",,:,::", []),
    ],
)
def test_rules_for_robots_in_headers_and_in_pages(stated: str, asked: list[str]) -> None:
    assert said(in_answer({}, [stated], URL, "daily8")) == asked
    page = f'<html><head><meta name="robots" content="{stated}"></head><body><p>x</p></body></html>'
    assert said(in_page(page, URL, "daily8").wishes) == asked


def test_whom_a_header_names_it_names_for_its_own_line() -> None:
    assert said(in_answer({}, ["otherbot: noindex", "nosnippet"], URL, "daily8")) == ["nosnippet"]


def test_a_page_may_speak_to_us_alone() -> None:
    page = '<meta name=Daily8 content=nosnippet><meta name="otherbot" content="noai">'
    assert said(in_page(page, URL, "daily8").wishes) == ["nosnippet"]
    assert said(in_page(page, URL, "other").wishes) == []


def test_what_stands_in_comments_and_scripts_is_not_asked() -> None:
    page = "<!-- <meta name=robots content=noai> --><script>'<meta name=robots content=noai>'</script>"
    assert in_page(page, URL, "daily8").wishes == ()


@pytest.mark.parametrize(
    ("headers", "asked"),
    [
        ({"tdm-reservation": "1"}, ["tdm-reservation"]),
        (
            {"tdm-reservation": "1", "tdm-policy": "https://post.example/tdm"},
            ["tdm-reservation=https://post.example/tdm"],
        ),
        ({"tdm-reservation": "0"}, []),
        ({"tdm-reservation": "0, 1"}, ["tdm-reservation"]),
        ({"tdm-reservation": "yes"}, []),
        ({"content-usage": "train-ai=n, ai-use=n"}, ["content-usage=train-ai=n", "content-usage=ai-use=n"]),
        ({"content-usage": "ai-use=y"}, []),
        ({"content-usage": "ai-use=y, ai-use=n;x=1"}, ["content-usage=ai-use=n"]),
        ({"content-signal": "search=yes, ai-input=no"}, ["content-signal=ai-input=n"]),
        (
            {"link": '</rsl.xml>; rel="license"; type="application/rsl+xml"'},
            ["rsl=https://post.example/rsl.xml"],
        ),
        ({"link": '<https://creativecommons.example/by>; rel="license"'}, []),
    ],
)
def test_headers_about_uses(headers: dict[str, str], asked: list[str]) -> None:
    assert said(in_answer(headers, [], URL, "daily8")) == asked
    assert said(in_feed_answer(headers, URL, "daily8")) == asked
    assert {wish.place for wish in in_feed_answer(headers, URL, "daily8")} <= {"feed"}


def test_how_a_feed_is_listed_says_nothing_of_its_articles() -> None:
    headers = {"x-robots-tag": "noindex, nosnippet, noai"}
    assert said(in_feed_answer(headers, URL, "daily8")) == ["noai"]


@pytest.mark.parametrize(
    ("markup", "asked"),
    [
        ('<meta name="tdm-reservation" content="1">', ["tdm-reservation"]),
        ('<meta name="tdm-reservation" content="0">', []),
        ('<link rel="license" type="application/rsl+xml" href="/l.xml">', ["rsl=https://post.example/l.xml"]),
        ('<link rel="license" href="https://licences.example/by">', []),
        ('<script type="application/rsl+xml"><rsl', ["rsl=unread"]),
        ('<script type="application/rsl+xml">{licence}</script>', ["rsl=ai-all"]),
    ],
)
def test_reservations_and_licences_in_pages(markup: str, asked: list[str]) -> None:
    licence = (
        '<rsl xmlns="https://rslstandard.org/rsl"><content url=""><license>'
        '<prohibits type="usage">ai-all</prohibits></license></content></rsl>'
    )
    text = markup.replace("{licence}", licence)
    text = f"{text}</script>" if text.endswith("<rsl") else text
    assert said(in_page(f"<html><head>{text}</head></html>", URL, "daily8").wishes) == asked


def rss(channel: str = "", item: str = "") -> tuple[Wish, ...]:
    feed = f"""<rss version="2.0" xmlns:rsl="https://rslstandard.org/rsl"><channel><title>Post</title>{channel}
    <item><title>One</title><link>{URL}</link>{item}</item></channel></rss>"""
    return parse_feed(feed.encode()).entries[0].wishes


def licence(*parts: str) -> str:
    return f'<rsl:content url="/"><rsl:license>{"".join(parts)}</rsl:license></rsl:content>'


PROHIBITS = '<rsl:prohibits type="usage">ai-train ai-input</rsl:prohibits>'
PERMITS = '<rsl:permits type="usage">ai-all</rsl:permits>'


@pytest.mark.parametrize(
    ("content", "asked"),
    [
        (licence(PROHIBITS), ["rsl=ai-input, ai-train"]),
        (licence(PERMITS), []),
        (licence('<rsl:permits type="usage">search</rsl:permits>'), ["rsl=terms"]),
        (licence('<rsl:prohibits type="usage">ai-train</rsl:prohibits>'), []),
        (licence(PERMITS, '<rsl:payment type="crawl"/>'), ["rsl=terms"]),
        (licence(PERMITS, '<rsl:payment type="attribution"/>'), []),
        (licence(PERMITS, '<rsl:permits type="geo">IE</rsl:permits>'), ["rsl=terms"]),
        ('<rsl:content url="/" server="https://licences.example"/>', ["rsl=server"]),
        ('<rsl:content url="/"/>', []),
    ],
)
def test_licences_in_feeds(content: str, asked: list[str]) -> None:
    assert said(rss(item=content)) == asked
    assert said(rss(channel=content)) == asked


def test_of_several_licences_one_that_permits_is_enough() -> None:
    two = licence(PROHIBITS).replace("</rsl:content>", "<rsl:license></rsl:license></rsl:content>")
    assert rss(item=two) == ()


def test_an_entry_goes_before_its_channel() -> None:
    assert said(rss(licence('<rsl:payment type="use"/>'), licence(PROHIBITS))) == ["rsl=ai-input, ai-train"]


def test_a_wish_that_is_new_makes_an_entry_another_one() -> None:
    entry = Entry(url=URL, title="One")
    assert entry_digest(replace(entry, wishes=(Wish("rsl", "feed", "x"),))) != entry_digest(entry)


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ([], OPEN),
        (
            [Wish("nosnippet", "page")],
            Permissions(False, 0, may_use_ai=False, may_use_ai_on_pictures=False),
        ),
        ([Wish("max-snippet", "page", "160")], Permissions(False, 160)),
        ([Wish("max-snippet", "page", "160"), Wish("max-snippet", "header", "40")], Permissions(False, 40)),
        (
            [Wish("max-snippet", "page", "0")],
            Permissions(False, 0, may_use_ai=False, may_use_ai_on_pictures=False),
        ),
        ([Wish("max-snippet", "page", "many")], OPEN),
        ([Wish("noarchive", "page")], Permissions(False)),
        ([Wish("none", "page")], Permissions(False, may_index=False)),
        ([Wish("noindex", "page")], Permissions(may_index=False)),
        ([Wish("max-image-preview", "page", "standard")], Permissions(picture="small")),
        ([Wish("max-image-preview", "page", "none")], Permissions(picture="none")),
        (
            [Wish("max-image-preview", "page", "none"), Wish("max-image-preview", "header", "standard")],
            Permissions(picture="none"),
        ),
        ([Wish("noimageindex", "page")], Permissions(picture="none")),
        ([Wish("noai", "page")], Permissions(may_use_ai=False, may_use_ai_on_pictures=False)),
        ([Wish("noimageai", "page")], Permissions(may_use_ai_on_pictures=False)),
        ([Wish("tdm-reservation", "tdmrep")], Permissions(may_use_ai=False, may_use_ai_on_pictures=False)),
        ([Wish("rsl", "robots", "x")], Permissions(may_use_ai=False, may_use_ai_on_pictures=False)),
        ([Wish("content-signal", "robots", "ai-train=n")], OPEN),
        (
            [Wish("content-usage", "header", "ai-use=n")],
            Permissions(may_use_ai=False, may_use_ai_on_pictures=False),
        ),
        ([Wish("content-usage", "header", "search=n")], Permissions(may_index=False)),
        ([Wish("something-new", "header", "1")], OPEN),
    ],
)
def test_what_follows_from_wishes(wishes: list[Wish], expected: Permissions) -> None:
    found = permissions(wishes)
    assert replace(found, reasons={}) == replace(expected, reasons={})
    assert found.may_train is False
    for wish in wishes:
        for limit in limits(wish):
            assert wish in found.reasons[limit], "a limit has its reason"


def test_an_article_is_shown_no_longer_than_asked() -> None:
    end = Wish("unavailable_after", "page", "2025-08-02T15:00:00+00:00")
    assert permissions([end]) == OPEN
    assert permissions([replace(end, seen_at=NOW)]) == OPEN
    late = datetime(2025, 8, 3, tzinfo=UTC)
    assert permissions([replace(end, seen_at=late)]).link_only


@pytest.mark.parametrize(
    ("wish", "rights", "ai", "shown", "most", "may_use_ai"),
    [
        ("nosnippet", "unknown", "asked", False, 0, False),
        ("nosnippet", "full", "asked", True, None, False),
        ("nosnippet", "full", "agreed", True, None, True),
        ("noai", "full", "asked", True, None, False),
        ("noai", "unknown", "agreed", True, None, True),
        ("noai", "link", "agreed", False, 0, True),
        ("noarchive", "excerpt", "never", False, None, False),
        ("nosnippet", "excerpt", "asked", False, 0, False),
        ("noindex", "unknown", "never", True, None, False),
        ("noindex", "full", "asked", True, None, True),
    ],
)
def test_agreements_go_before_wishes_each_in_its_own_matter(
    wish: str, rights: str, ai: str, shown: bool, most: int | None, may_use_ai: bool
) -> None:
    found = agreed(permissions([Wish(wish, "page")]), rights, ai)
    assert (found.may_show_full, found.excerpt_most, found.may_use_ai) == (shown, most, may_use_ai)
    assert found.may_train is False
    assert ("ai" in found.reasons) == (not may_use_ai)
    assert ("full" in found.reasons) == (not shown)


def test_an_agreement_about_text_is_one_about_pictures() -> None:
    asked = permissions([Wish("max-image-preview", "page", "none")])
    assert not asked.shows_pictures
    assert agreed(asked, "full", "asked").shows_pictures
    assert not agreed(OPEN, "link", "asked").shows_pictures


@pytest.mark.parametrize("piece", ["<script type=application/rsl+xml>", "<script type=application/rsl+xml "])
def test_licences_that_never_end_take_linear_time(piece: str) -> None:
    began = time.process_time()
    assert in_page(piece * 20_000, URL, "daily8").wishes == ()
    assert time.process_time() - began < 2


def test_a_few_licences_of_a_page_are_read() -> None:
    page = "<script>x</script>" + "".join(
        f"<script type='application/rsl+xml'><content server='{n}'/></script>" for n in range(9)
    )
    assert said(in_page(page, URL, "daily8").wishes) == ["rsl=server"]
    assert said(in_page(page.replace("</script>", "") + "</SCRIPT>", URL, "daily8").wishes) == ["rsl=unread"]


def test_regions_that_are_no_snippet() -> None:
    page = """<p>The ferry came in <span data-nosnippet>with nine <b>cats</b></span>, at noon.</p>
    <div data-nosnippet>Nobody may <span data-nosnippet>quote</span> this.</div>
    <p data-nosnippet>This one may.</p>"""
    regions = in_page(page, URL, "daily8").unsaid
    assert regions == ("withninecats", "nobodymayquotethis")
    assert unsaid("The ferry came in with nine cats, at noon.", regions) == "The ferry came in, at noon."
    assert unsaid("Nobody may quote this.", regions) == ""
    assert unsaid("may quote", regions) == ""
    assert unsaid("With nine cats it was, with ninecats. Outwith nine cats!", regions) == (
        "it was,. Outwith nine cats!"
    )
    assert unsaid("As  it stands.", ()) == "As  it stands."


@pytest.mark.parametrize(
    "region",
    [
        "<p>Nine cats came.</p><p>They sat down.</p>",
        "<p>Nine cats came.</p><figure><figcaption>A cat</figcaption></figure><p>They sat down.</p>",
        "<p>Nine c&shy;ats came.</p><div>Advertisement</div><p>They <b>s</b>at down.</p>",
        "<p>NINE cats <script>x()</script><button>Share</button>came.</p>They sat down.",
    ],
)
def test_no_block_of_a_region_is_said(region: str) -> None:
    regions = in_page(f"<p>The ferry came.</p><div DATA-NOSNIPPET>{region}</div>", URL, "daily8").unsaid
    assert unsaid("Nine cats came.", regions) == ""
    assert unsaid("They sat down.", regions) == ""
    assert unsaid("The ferry came.", regions) == "The ferry came."


def test_of_a_page_with_too_many_regions_nothing_is_said() -> None:
    assert in_page("<span data-nosnippet>a</span>" * 200, URL, "daily8").unsaid == ("a",)
    regions = in_page("<span data-nosnippet>a</span>" * 201, URL, "daily8").unsaid
    assert regions is None
    assert unsaid("The ferry came.", regions) == ""
    assert unsaid("a b " * 60, ("a",)) == ""


WISHES = st.builds(
    Wish,
    st.sampled_from(
        ["nosnippet", "max-snippet", "max-image-preview", "content-usage", "noai", "noindex", "x"]
    )
    | st.text(max_size=20),
    st.sampled_from(["header", "page", "feed", "robots", "tdmrep"]),
    st.sampled_from(["", "0", "7", "160", "-1", "none", "standard", "ai-use=n"]) | st.text(max_size=30),
    st.none() | st.just(NOW),
)


@given(st.lists(WISHES, max_size=8), st.lists(WISHES, max_size=4))
def test_more_wishes_never_allow_more(some: list[Wish], more: list[Wish]) -> None:
    less, all_of_them = permissions(some), permissions(some + more)
    assert all_of_them.may_show_full <= less.may_show_full
    assert all_of_them.may_use_ai <= less.may_use_ai
    assert all_of_them.may_index <= less.may_index
    order = ["none", "small", "full"]
    assert order.index(all_of_them.picture) <= order.index(less.picture)
    unlimited = 10**10
    mosts = [unlimited if p.excerpt_most is None else p.excerpt_most for p in (all_of_them, less)]
    assert mosts[0] <= mosts[1]


@given(WISHES)
def test_a_wish_is_kept_as_it_is(wish: Wish) -> None:
    assert wish_from_json(wish_to_json(wish)) == wish


@given(st.text(max_size=2000), st.text(max_size=200))
def test_no_text_breaks_the_readers(text: str, policy: str) -> None:
    headers = dict.fromkeys(("tdm-reservation", "content-usage", "content-signal", "link"), text)
    found = in_answer({**headers, "tdm-policy": policy}, [text] * 3, URL, "daily8")
    page = in_page(f"<meta name=robots content='{text}'>{text}<i data-nosnippet>", URL, "daily8")
    for wish in (*found, *page.wishes):
        assert len(wish.name) <= 50
        assert len(wish.value) <= 200
    assert len(found) <= MOST
    assert len(page.wishes) <= MOST
