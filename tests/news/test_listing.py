"""Pages without a feed: which links are articles is learned, kept as a form that people change, and read."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daily8.net.cage import Cage
from daily8.news import listing
from daily8.news.charset import decode
from daily8.news.extract import extract
from daily8.news.listing import (
    BadPattern,
    Pattern,
    find_pattern,
    pattern_from_json,
    pattern_to_json,
    read_listing,
)
from daily8.news.listing.outline import readable, words
from daily8.news.listing.pattern import checked, matches
from daily8.news.urls import canonical
from tests.sites import TITLES


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    """A child in which documents are read under limits."""
    with Cage(workers=1) as found:
        yield found


FRONT = "https://harbour-post.example/"
ENGLISH = list(TITLES)
ARABIC = [
    "العبّارة تعود إلى الجزر بعد العاصفة",
    "الميناء يستقبل رقمًا قياسيًا من المسافرين",
    "المجلس البلدي يُبقي المنارة القديمة",
    "تلاميذ المدارس يزرعون ألفي شجرة",
    "أسطول الصيد يلزم المرفأ",
    "افتتاح الجسر الجديد قبل موعده",
]
NAVIGATION = (
    '<nav class="main-nav"><a href="/">Home</a><a href="/news">News</a><a href="/sport">Sport</a>'
    '<a href="/weather">Weather in the whole of the bay today</a></nav>'
)
FOOTER = (
    '<footer><a href="/about-us">Who we are and how we work here</a><a href="/terms-of-use">Terms of use</a>'
    '<a href="/news/how-we-report-the-news">How we report the news every single day</a></footer>'
)


def slug(title: str) -> str:
    return title.lower().replace(" ", "-")


def page(
    items: str, *, lang: str = "en", head: str = "", before: str = NAVIGATION, after: str = FOOTER
) -> str:
    return (
        f'<!doctype html><html lang="{lang}"><head><title>Harbour Post</title>{head}</head>'
        f"<body>{before}<main>{items}</main>{after}</body></html>"
    )


def cards(form: str, titles: list[str], inside: str = '<h3><a href="{url}">{title}</a></h3>') -> str:
    return "".join(
        f'<div class="card">{inside}</div>'.replace(
            "{url}", form.format(n=4100 + n, slug=slug(title), d=n + 1)
        ).replace("{title}", title)
        for n, title in enumerate(titles)
    )


DESIGNS: list[tuple[str, str, str, int]] = [
    ("slugs under one part", page(cards("/news/{slug}", ENGLISH)), "/news/*-*-*", 8),
    ("dates and slugs", page(cards("/2026/11/{d}/{slug}/", ENGLISH)), "/#/#/#/*-*-*", 8),
    ("numbers", page(cards("/story/{n}", ENGLISH)), "/story/#", 8),
    ("slugs at the root", page(cards("/{slug}", ENGLISH)), "/*-*-*", 8),
    ("an id after a slug", page(cards("/world/{slug}-{n}.html", ENGLISH)), "/world/*-#.html", 8),
    ("a query", page(cards("/details.aspx?id={n}", ENGLISH)), "/details.aspx?id=#", 8),
    (
        "a page within a form",
        page(f"<form>{cards('/news.php?nid={n}', ENGLISH)}</form>"),
        "/news.php?nid=#",
        8,
    ),
    (
        "cards that are links as a whole",
        page(
            cards(
                "/news/{slug}",
                ENGLISH,
                '<a href="{url}"><img src="/i.jpg" alt=""><h2>{title}</h2><p>Read on</p></a>',
            )
        ),
        "/news/*-*-*",
        8,
    ),
    (
        "no headings at all",
        page("<ul>" + cards("/a/{n}/{slug}", ENGLISH, '<li><a href="{url}">{title}</a></li>') + "</ul>"),
        "/a/#/*-*-*",
        8,
    ),
    ("Arabic numbers", page(cards("/article/{n}", ARABIC), lang="ar"), "/article/#", 6),
    ("Arabic slugs", page(cards("/أخبار/{slug}", ARABIC), lang="ar"), "/أخبار/*-*-*", 6),
    ("Arabic query", page(cards("/?p={n}", ARABIC), lang="ar"), "", 0),
    (
        "several parts",
        page(
            cards("/politics/{slug}", ENGLISH[:3])
            + cards("/sport/{slug}", ENGLISH[3:6])
            + cards("/sea/{slug}", ENGLISH[6:])
        ),
        "/*/*-*-*",
        8,
    ),
    (
        "Arabic without navigation",
        page(cards("/ar/news/{n}", ARABIC), lang="ar", before="", after=""),
        "/ar/news/#",
        6,
    ),
]


@pytest.mark.parametrize(("html", "links", "count"), [d[1:] for d in DESIGNS], ids=[d[0] for d in DESIGNS])
def test_articles_are_told_from_all_other_links(html: str, links: str, count: int) -> None:
    pattern = find_pattern(html, FRONT)
    if not count:  # a front page whose articles differ from it by their query alone
        assert pattern is None or pattern.score < listing.CONFIDENT
        return
    assert pattern is not None
    assert (pattern.links, pattern.count) == (links, count)
    assert pattern.score >= listing.CONFIDENT
    assert pattern.reasons[0] == f"{count} links of the page are like this."
    feed = read_listing(html, FRONT, pattern)
    assert feed.kind == "page"
    assert [entry.title for entry in feed.entries] == (ARABIC if count == 6 else ENGLISH)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "no page at all",
        page("<p>Nothing is here yet.</p>"),
        page(cards("/news/{slug}", ENGLISH[:3])),
        page(cards("/tag/{slug}", ENGLISH)),
        page(cards("/author/{slug}", ENGLISH)),
        page(cards("https://elsewhere.example/news/{slug}", ENGLISH)),
        page("", before=f"<nav>{cards('/news/{slug}', ENGLISH)}</nav>"),
        page("".join(f'<a href="/{n}">{n}</a>' for n in range(2000, 2030))),
    ],
)
def test_a_page_without_a_list_gives_no_pattern(html: str) -> None:
    assert find_pattern(html, FRONT) is None


def test_a_page_that_calls_itself_an_article_is_not_trusted() -> None:
    head = '<meta property="og:type" content="article">'
    pattern = find_pattern(page(cards("/news/{slug}", ENGLISH), head=head), FRONT)
    assert pattern is not None
    assert pattern.score < listing.CONFIDENT


def test_words_are_counted_as_each_script_means_them() -> None:
    assert words("Ferry runs again") == 3
    assert words("العبّارة تعود مجددًا") == 4.5
    assert words("渡し船が再び島へ向かう") > 4
    assert words("– 12 –") == 0


ITEM = """
<article class="teaser">
  <a href="/news/4101/ferry?utm_source=front"><img data-src="/img/ferry.jpg" alt=""></a>
  <time datetime="2026-11-20T08:15:00+02:00">Friday</time>
  <h2>The ferry runs again &amp; nobody minded</h2>
  <p>The boat left the quay at eight with <b>nine hundred</b> people &lt;aboard&gt; and came back in time.</p>
  <a href="/news/4101/ferry" aria-label="Read more">More</a> <a href="/author/ada-quill">Ada Quill</a>
</article>
<article class="teaser"><a href="/news/2026/11/21/bridge">Bridge over the estuary opens early</a></article>
"""


def test_an_item_gives_title_time_picture_and_summary() -> None:
    feed = read_listing(page(ITEM), FRONT, checked("/news/**"))
    ferry, bridge = feed.entries
    assert ferry.url == "https://harbour-post.example/news/4101/ferry"
    assert ferry.title == "The ferry runs again & nobody minded"
    assert ferry.published == datetime.fromisoformat("2026-11-20T08:15:00+02:00")
    assert ferry.image == "https://harbour-post.example/img/ferry.jpg"
    assert (
        ferry.summary
        == "The boat left the quay at eight with nine hundred people <aboard> and came back in time.".replace(
            "<", "&lt;"
        ).replace(">", "&gt;")
    )
    assert bridge.published == datetime(2026, 11, 21, tzinfo=UTC)
    assert (bridge.summary, bridge.image) == (None, None)
    assert (feed.title, feed.language, feed.home) == ("Harbour Post", "en", FRONT)


def test_titles_come_from_where_they_are() -> None:
    html = page(
        '<p><a href="/n/1" aria-label="The ferry runs again after the storm">Open</a></p>'
        '<p><a href="/n/2" title="The bridge opens a month early"></a></p>'
        '<p><a href="/n/3"><img src="/3.jpg" alt="The lighthouse goes on burning"></a></p>'
        '<div><a href="/n/4">Read more</a><h3>The bakery closes after eighty years</h3></div>'
    )
    titles = [entry.title for entry in read_listing(html, FRONT, checked("/n/#")).entries]
    assert titles == [
        "The ferry runs again after the storm",
        "The bridge opens a month early",
        "The lighthouse goes on burning",
        "The bakery closes after eighty years",
    ]


def test_the_scope_and_the_least_words_are_kept() -> None:
    html = page(
        '<section id="latest" class="river wide"><h2><a href="/news/1">Ferry runs again</a></h2></section>'
        '<aside class="most"><h2><a href="/news/2">The bridge opens early</a></h2></aside>'
        '<h2><a href="/news/3">Sport</a></h2>',
        before='<nav class="top"><a href="/news/9">A headline that stands in the navigation</a></nav>',
    )

    def urls(**said: Any) -> list[str]:
        pattern = pattern_from_json({"links": "/news/#", **said})
        return [str(entry.url).rpartition("/")[2] for entry in read_listing(html, FRONT, pattern).entries]

    assert urls() == ["1", "2", "3"]
    assert urls(least_words=2) == ["1", "2"]
    assert urls(within="main #latest.wide") == ["1"]
    assert urls(within="body aside.most h2") == ["2"]
    assert urls(within="nav") == ["9"]
    assert urls(within=".nowhere") == []


def test_what_else_a_page_says_changes_nothing_of_the_list() -> None:
    before = page(cards("/news/{slug}", ENGLISH))
    other = before.replace("</main>", "<p>4,711 people are reading this</p></main>")
    pattern = checked("/news/*-*-*")
    assert read_listing(before, FRONT, pattern) == read_listing(other, FRONT, pattern)


@pytest.mark.parametrize(
    ("links", "path", "fits"),
    [
        ("/news/*", "/news/ferry", True),
        ("/news/*", "/news/ferry/", True),
        ("/news/*", "/news/", False),
        ("/news/*", "/news/a/b", False),
        ("/news/**", "/news/a/b", True),
        ("/news/**", "/news", False),
        ("/news/#", "/news/2026", True),
        ("/news/#", "/news/2026a", False),
        ("/*-*-*", "/a-b-c-d", True),
        ("/*-*-*", "/a-b", False),
        ("/*-#.html", "/the-bridge-4711.html", True),
        ("/*-#.html", "/4711.html", False),
        ("/a.b/*", "/aXb/c", False),
        ("/details.aspx?id=#", "/details.aspx?id=12", True),
        ("/details.aspx?id=#", "/details.aspx?id=12&x=1", False),
        ("/news/*", "/news/ferry?ref=top", True),
        ("/أخبار/*", "/أخبار/العبّارة-تعود", True),
        ("/news/*/", "/news/ferry", True),
    ],
)
def test_forms_of_paths(links: str, path: str, fits: bool) -> None:
    assert checked(links).matches(path) is fits


LETTERS = st.text(st.sampled_from("ab-7/"), max_size=14)


@given(st.lists(st.sampled_from(["a", "b", "-", "7", "*"]), min_size=1, max_size=6).map("".join), LETTERS)
def test_a_form_means_what_trying_every_way_finds(form: str, path: str) -> None:
    if "**" in form or "*" not in form:
        return

    def every_way(form: str, text: str) -> bool:
        if not form:
            return not text
        if form[0] == "*":
            runs = range(1, len(text) + 1)
            return any("/" not in text[:n] and every_way(form[1:], text[n:]) for n in runs)
        return bool(text) and text[0] == form[0] and every_way(form[1:], text[1:])

    text = "/" + path.strip("/")
    assert matches("/" + form, text) is every_way("/" + form, text)


HOSTILE: list[Any] = [
    None,
    [],
    {},
    "/news/*",
    {"links": 3},
    {"links": ""},
    {"links": "news/*"},
    {"links": "/news"},
    {"links": "/**/x/*"},
    {"links": "/***"},
    {"links": "/*#"},
    {"links": "/" + "*a" * 40},
    {"links": "/*" + "a" * 300},
    {"links": "/news/*\u202e"},
    {"links": "/news /*"},
    {"links": "/news/*", "within": "a > b"},
    {"links": "/news/*", "within": "a " * 9},
    {"links": "/news/*", "within": "[onclick]"},
    {"links": "/news/*", "within": 7},
    {"links": "/news/*", "least_words": -1},
    {"links": "/news/*", "least_words": 10**9},
    {"links": "/news/*", "least_words": True},
    {"links": "/news/*", "least_words": "2"},
]


@pytest.mark.parametrize("data", HOSTILE)
def test_what_is_no_pattern_is_refused_in_a_sentence(data: Any) -> None:
    with pytest.raises(BadPattern) as refused:
        pattern_from_json(data)
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_a_pattern_goes_through_json() -> None:
    pattern = find_pattern(page(cards("/news/{slug}", ENGLISH)), FRONT)
    assert pattern is not None
    again = pattern_from_json(json.loads(json.dumps(pattern_to_json(pattern))))
    assert (again.links, again.within, again.least_words) == (
        pattern.links,
        pattern.within,
        pattern.least_words,
    )
    assert (again.count, again.reasons) == (pattern.count, pattern.reasons)
    assert pattern_from_json({"links": "/news/*", "score": 7, "count": "many"}) == Pattern("/news/*")


def test_another_pattern_is_tried_on_what_was_seen() -> None:
    html = page(cards("/news/{slug}", ENGLISH[:5]) + cards("/sport/{n}", ENGLISH[5:]))
    seen = listing.seen_from_json(
        json.loads(json.dumps(listing.seen_to_json(listing.seen_links(html, FRONT))))
    )
    assert [link.title for link in listing.would_match(checked("/sport/#"), seen)] == ENGLISH[5:]
    assert len(listing.would_match(checked("/news/*"), seen)) == 5
    assert listing.would_match(checked("/news/*", least_words=20), seen) == ()
    assert listing.seen_from_json([1, ["a"], [1, 2], {"a": 1}]) == ()


@settings(max_examples=40)
@given(st.text(st.sampled_from(list("<>/=\"' ahrefdivspn-27.é\n")), max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    find_pattern(text, FRONT)
    read_listing(text, FRONT, checked("/**"))
    listing.seen_links(text, FRONT)


GROWING: dict[str, Callable[[int], str]] = {
    "links": lambda n: "".join(
        f'<h2><a href="/n/{i}-a-b-c">Ferry number {i} came in late</a></h2>' for i in range(n)
    ),
    "dashes": lambda n: "".join(
        f'<a href="/{"-" * 400}{i}">Ferry number {i} came in late</a>' for i in range(n)
    ),
    "depth": lambda n: "<div>" * n + '<a href="/n/1">The ferry came in late</a>' + "</div>" * n,
    "anchors of one": lambda n: '<div><a href="/n/1-a-b">The ferry came in late</a>' * n,
    "headings": lambda n: "<h2>" + '<a href="/n/1-a-b"><h3>The ferry' * n,
    "classes": lambda n: "".join(
        f'<div class="{"nav-" * 50}{i}"><a href="/x/{i}">A b c d</a></div>' for i in range(n)
    ),
}


@pytest.mark.parametrize("name", GROWING)
def test_what_is_built_to_be_slow_is_read_within_the_limits_of_the_cage(name: str, cage: Cage) -> None:
    html = page(GROWING[name](6000))
    found = cage.call(find_pattern, html, FRONT)  # two seconds of the processor, else it raises
    cage.call(read_listing, html, FRONT, found or checked("/*/*"))


@pytest.mark.corpus
def test_patterns_learned_beside_real_articles_fit_the_articles_themselves(corpus: Path) -> None:
    learned = fitting = lists = 0
    for file in sorted((corpus / "pages" / "publishers").rglob("*.html.gz")):
        html = decode(gzip.decompress(file.read_bytes()), None)
        url = next(iter(re.findall(r'property="og:url"[^>]*content="(https?://[^"]+)"', html)), None)
        if url is None:
            continue
        pattern = find_pattern(html, urljoin(url, "/"))
        if pattern is not None:
            learned += 1
            fitting += pattern.matches(readable(canonical(url)))
            sure = pattern.score >= listing.CONFIDENT
            lists += sure and extract(html, url).quality.verdict != "article"
    assert learned >= 100
    assert fitting >= 0.85 * learned
    assert lists == 0
