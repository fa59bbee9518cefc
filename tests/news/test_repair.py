"""Site rules: what may be said, how it is shared, and what it does to a page."""

from __future__ import annotations

import contextlib
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.blocks import block_text, blocks_to_text
from daily8.news.extract import EXTRACTOR, extract
from daily8.news.repair import (
    GENERATION,
    BadRules,
    Guide,
    Rules,
    checked,
    is_like,
    read,
    rules_for,
    rules_from_json,
    rules_to_json,
    side_by_side,
)
from daily8.news.repair.selectors import BadSelector, check, select
from daily8.news.repair.sharing import read as read_file
from daily8.news.repair.sharing import written
from daily8.news.sanitise import POLICY_VERSION
from daily8.news.tree import parse
from daily8.news.types import Entry, Image, Paragraph

URL = "https://www.harbour.example/news/1"
SENTENCE = "The boat came in late and nobody minded much, for the harbour master had rung the bell at noon. "
PAGE = f"""<!doctype html><html lang=en><head><title>Ferry returns - Harbour Post</title></head><body>
<div class="top"><h1>Weather today</h1><span class="by">Maeve Byrne</span><span class="by">Tom Quay</span>
<i id="when" data-kind="published" datetime="2026-11-20T08:00:00+01:00">Friday</i></div>
<div class="box lead"><img src="/ferry.jpg" alt="The ferry"></div>
<h2 class="head">Ferry returns after the storm</h2>
<div class="story one"><p>First: {SENTENCE * 3}</p><p class="tease">Read more: the old lighthouse</p></div>
<div class="story two"><p>Second: {SENTENCE * 3}</p><p>Harbour Post | the voice of the quay</p></div>
<div class="also"><p>Something else: {SENTENCE * 4}</p></div>
</body></html>"""


def rules(path: str = "", **said: tuple[str, ...]) -> Rules:
    return checked("harbour.example", path, said)


def found(selector: str, page: str = PAGE) -> list[str]:
    tree = parse(page)
    assert tree is not None
    return [f"{e.tag}.{e.get('class') or ''}" for e in select(tree, check(selector))]


@pytest.mark.parametrize(
    ("selector", "elements"),
    [
        ("h2", ["h2.head"]),
        (".story", ["div.story one", "div.story two"]),
        ("div.story.two", ["div.story two"]),
        ("#when", ["i."]),
        ('[data-kind="published"]', ["i."]),
        ("i[data-kind^=pub]", ["i."]),
        ("i[data-kind$=shed][datetime]", ["i."]),
        ("i[data-kind*=blish]", ["i."]),
        ("[class~=two]", ["div.story two"]),
        ("[class=two]", []),
        ("body > div p.tease", ["p.tease"]),
        ("body > p", []),
        ("div > div", []),
        ("body  >  .story>p:last-child", ["p.tease", "p."]),
        (".story p:first-child", ["p.", "p."]),
        (".story:not(.one)", ["div.story two"]),
        (".top *", ["h1.", "span.by", "span.by", "i."]),
    ],
)
def test_selectors_find_what_css_says(selector: str, elements: list[str]) -> None:
    assert found(selector) == elements


@pytest.mark.parametrize(
    "selector",
    [
        "",
        ">",
        "p >",
        "> p",
        "p,div",
        "p:hover",
        "p:has(a)",
        "..x",
        "p[",
        "a:not(:not(b))",
        "p::before",
        "p " * 9,
    ],
)
def test_other_selectors_are_refused_in_a_sentence(selector: str) -> None:
    with pytest.raises(BadSelector, match=r"cannot be read; it may hold"):
        check(selector)


@given(st.text(max_size=60))
def test_any_text_is_a_selector_or_is_refused(text: str) -> None:
    tree = parse(PAGE)
    assert tree is not None
    with contextlib.suppress(BadSelector):
        select(tree, check(text))


def test_a_selector_takes_linear_time_however_deep_the_page() -> None:
    tree = parse("<div>" * 100 + "<p>x</p>" * 20_000)
    assert tree is not None
    start = time.process_time()
    select(tree, "div div div div div div div b")
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("text", "form", "alike"),
    [
        ("Read more: the lighthouse", "read more:*", True),
        ("Read  more: the lighthouse", "Read more: * lighthouse", True),
        ("Please read more: it", "read more:*", False),
        ("Please read more: it", "*read more:*", True),
        ("abc", "abc", True),
        ("abcd", "abc", False),
        ("aba", "ab*ba", False),
        ("a-x-b-x-c", "a*x*x*c", True),
        ("a-x-c", "a*x*x*c", False),
        ("تابعونا على المنصات", "تابعونا *", True),
    ],
)
def test_forms_of_texts(text: str, form: str, alike: bool) -> None:
    assert is_like(text, form) is alike


@pytest.mark.parametrize(
    ("domain", "path", "said", "sentence"),
    [
        ("not a name", "", {}, "must be a name"),
        ("harbour.example", "sport", {}, "must begin with a slash"),
        ("harbour.example", "", {"colour": ["red"]}, "no field called colour"),
        ("harbour.example", "", {"body": ["p:hover"]}, "cannot be read"),
        ("harbour.example", "", {"body": ["p" * 201]}, "longer than 200"),
        ("harbour.example", "", {"body": ["[title='a\x00b']"]}, "cannot be read"),  # no column can hold it
        ("harbour.example", "", {"body": ['[title="a\ud800b"]']}, "cannot be read"),
        ("harbour.example", "", {"remove": [f".x{n}" for n in range(41)]}, "more than 40 lines"),
        ("harbour.example", "", {"drop": ["*a*"]}, "at least 3 letters"),
        ("harbour.example", "", {"drop": ["a" * 301]}, "longer than 300"),
        ("harbour.example", "", {"flags": ["loud"]}, "no flag called loud"),
        ("harbour.example", "", {"flags": ["page", "feed"]}, "not both"),
    ],
)
def test_rules_that_cannot_be_used_are_refused_in_a_sentence(
    domain: str, path: str, said: dict[str, list[str]], sentence: str
) -> None:
    with pytest.raises(BadRules, match=sentence):
        checked(domain, path, said)


def test_the_longest_path_counts() -> None:
    general, sport, arabic = rules(), rules("/sport/"), rules("/أخبار/")
    every = (general, sport, arabic)
    assert rules_for(every, "https://harbour.example/sport/1") is sport
    assert rules_for(every, "https://harbour.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/1") is arabic
    assert rules_for(every, "https://harbour.example/sports") is general
    assert rules_for((sport,), "https://harbour.example/") is None


LINES = st.lists(st.sampled_from(["p.a", "#b > c", '[d="e\\"\u007e"]'.replace('\\"', "'")]), max_size=3).map(
    tuple
)
FORMS = st.lists(st.text(alphabet='ab "\\*ع’', min_size=8, max_size=20), max_size=3).map(tuple)


@given(LINES, FORMS, st.sampled_from(["", "/sport/", '/a"b\\']))
def test_rules_survive_the_file_and_the_store(
    lines: tuple[str, ...], forms: tuple[str, ...], path: str
) -> None:
    try:
        one = checked("harbour.example", path, {"body": lines, "remove": lines, "drop": forms, "keep": forms})
    except BadRules:
        return
    assert read_file(written([one])) == (one,)
    assert rules_from_json(one.domain, one.path, rules_to_json(one)) == one


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "no TOML"),
        ("", "begins with the line"),
        ('format = "other/1"', "begins with the line"),
        ('format = "daily8-site-rules/1"\nsite = 3', "section of its own"),
        ('format = "daily8-site-rules/1"\n[[site]]\npath = "/x"', "must be a name"),
        ('format = "daily8-site-rules/1"\n[[site]]\ndomain = "a.example"\nbody = 3', "a list of texts"),
        ("x = " + "[" * 5000, "no TOML"),
        ("x" * 500_001, "longer than"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadRules, match=sentence):
        read_file(text)


def test_without_rules_a_page_is_read_as_ever() -> None:
    plain = read(PAGE, URL, None, None, Guide())
    assert plain.extracted == extract(PAGE, URL)
    assert plain.witness == "page"


def test_rules_say_where_everything_stands() -> None:
    said = rules(
        title=(".none", "h2.head"),
        authors=(".by",),
        date=("#when",),
        image=(".lead",),
        body=(".story",),
        drop=("Read more: *",),
    )
    reading = read(PAGE, URL, None, None, Guide(said, 1))
    got = reading.extracted
    assert reading.witness == "rules"
    assert (got.title, got.authors) == ("Ferry returns after the storm", ("Maeve Byrne", "Tom Quay"))
    assert got.published == datetime(2026, 11, 20, 7, tzinfo=UTC)
    assert got.image == Image("https://www.harbour.example/ferry.jpg", alt="The ferry")
    assert [block_text(b)[:6] for b in got.blocks] == ["First:", "Second", "Harbou"]
    assert (got.quality.verdict, got.quality.score) == ("article", 0.9)
    assert got.quality.reasons == ("the text was taken by the rules of this site",)


def test_what_is_removed_is_not_read() -> None:
    got = read(PAGE, URL, None, None, Guide(rules(remove=(".also", ".tease", ".top")), 1)).extracted
    text = blocks_to_text(got.blocks)
    assert "First:" in text
    assert "Something else" not in text
    assert "Read more" not in text


def test_rules_that_find_nothing_are_told_of() -> None:
    got = read(PAGE, URL, None, None, Guide(rules(body=("article.gone",)), 1)).extracted
    assert "the rules of this site found no text on this page" in got.quality.reasons
    assert got.blocks


def test_the_flags() -> None:
    short = f"<html><body><article><h1>Ferry</h1><p>{SENTENCE * 2}</p></article></body></html>"
    assert read(short, URL, None, None, Guide()).extracted.quality.verdict == "excerpt"
    whole = read(short, URL, None, None, Guide(rules(flags=("whole",)), 1)).extracted
    assert whole.quality.verdict == "article"
    entry = Entry(url=URL, title="Ferry", content=f"<p>Feed: {SENTENCE * 9}</p>")
    assert read(PAGE, URL, None, entry, Guide(rules(flags=("page",)), 1)).witness == "page"
    fed = read(PAGE, URL, None, entry, Guide(rules(flags=("feed",)), 1))
    assert fed.witness == "feed"
    assert blocks_to_text(fed.extracted.blocks).startswith("Feed:")


def test_rules_never_make_markup_unsafe() -> None:
    link = '<a href="javascript:a()">b</a>'
    page = f'<div class=x><p onclick="a()">{SENTENCE}<script>a()</script>{link}</p></div>'
    got = read(page, URL, None, None, Guide(rules(body=(".x",)), 1)).extracted
    assert isinstance(got.blocks[0], Paragraph)
    assert "script" not in got.blocks[0].html
    assert "onclick" not in got.blocks[0].html


@given(st.binary(max_size=400))
def test_no_page_breaks_the_rules(page: bytes) -> None:
    said = rules(title=("h1",), date=("time",), image=("img",), body=("div",), remove=("html", "body", "p"))
    read(page, URL, None, None, Guide(said, 1, frozenset({"x"})))


def test_what_changes_is_marked() -> None:
    before = (Paragraph("one"), Paragraph("two"), Image("https://a.example/1.jpg"))
    after = (Paragraph("one"), Image("https://a.example/1.jpg"), Paragraph("three"))
    left, right = side_by_side(before, after)
    assert [(line.text, line.mark) for line in left] == [
        ("one", ""),
        ("two", "gone"),
        ("https://a.example/1.jpg", ""),
    ]
    assert [(line.text, line.mark) for line in right] == [
        ("one", ""),
        ("https://a.example/1.jpg", ""),
        ("three", "new"),
    ]


def test_the_generation_rises_with_extractor_and_policy() -> None:
    assert f"{GENERATION // 1000} {GENERATION % 1000}" == f"{EXTRACTOR.partition('/')[2]} {POLICY_VERSION}"
