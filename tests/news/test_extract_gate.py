"""The quality gate, and pages that want to do harm."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daily8.news.blocks import blocks_to_text
from daily8.news.extract import extract
from daily8.news.tree import flatten, parse, text_of
from daily8.news.types import Entry, Extracted

SENTENCE = "The lighthouse keeper wrote down every ship that passed in the fog of that long winter. "
LONG = "".join(f"<p>{n}. {SENTENCE * 3}</p>" for n in range(6))
URL = "https://paper.example/world/keeper-of-the-light"


def judged(page: str | bytes, url: str | None = URL) -> tuple[str, str]:
    quality = extract(page, url).quality
    assert 0.0 <= quality.score <= 1.0
    assert quality.reasons
    return quality.verdict, " ".join(quality.reasons)


def html(body: str, title: str = "The keeper", head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("page", "url", "verdict", "reason"),
    [
        ("", URL, "none", "empty"),
        ("   \n", URL, "none", "empty"),
        ("just words", URL, "none", "no web page"),
        (
            html(
                "<h1>404</h1><p>Sorry, this page was not found. Try the search or go home.</p>",
                "Page not found",
            ),
            URL,
            "none",
            "error",
        ),
        (
            html(
                "<p>عذرا، الصفحة المطلوبة لم تعد هنا. عد إلى الصفحة الرئيسية من فضلك.</p>",
                "الصفحة غير موجودة",
            ),
            URL,
            "none",
            "error",
        ),
        (
            html(
                "<p>Please enable JavaScript and cookies to continue. Checking your browser now.</p>",
                "Just a moment...",
            ),
            URL,
            "none",
            "wall",
        ),
        (
            html("<p>We and our partners use cookies and personal data to show you advertising.</p>"),
            URL,
            "none",
            "wall",
        ),
        (
            html(
                "".join(f"<h3><a href='/a/{n}'>A headline about subject {n}</a></h3>" for n in range(30)),
                "News",
            ),
            "https://paper.example/",
            "none",
            "lists",
        ),
        (
            html(
                "<h1>Posts about fog</h1>"
                + "".join(f"<h2><a href='/{n}'>Headline {n}</a></h2><p>A teaser.</p>" for n in range(12))
            ),
            "https://paper.example/tag/fog",
            "none",
            "lists",
        ),
        (html("<h1>The keeper</h1>"), URL, "none", "no text"),
        (html("<h1>The keeper</h1><p>Too short.</p>"), URL, "none", "too short"),
        (html(f"<article><h1>The keeper</h1><p>{SENTENCE * 2}</p></article>"), URL, "excerpt", "short"),
        (
            html(f"<article><h1>The keeper</h1><p>{SENTENCE * 6} And then…</p></article>"),
            URL,
            "excerpt",
            "breaks off",
        ),
        (
            html(
                f"<article><h1>The keeper</h1><p>{SENTENCE * 6}</p></article>",
                head=(
                    '<script type="application/ld+json">'
                    '{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
                ),
            ),
            URL,
            "excerpt",
            "paywall",
        ),
        (
            html(
                f"<article><h1>The keeper</h1><p>{SENTENCE * 6}</p></article>",
                head='<script type="application/ld+json">{"@type":"NewsArticle","wordCount":2400}</script>',
            ),
            URL,
            "excerpt",
            "truncated",
        ),
        (html(f"<article><h1>The keeper</h1>{LONG}</article>"), URL, "article", ""),
    ],
)
def test_verdict_and_reason(page: str, url: str, verdict: str, reason: str) -> None:
    found, reasons = judged(page, url)
    assert (found, reason in reasons) == (verdict, True), reasons


def test_a_page_set_aside_has_no_blocks() -> None:
    assert (
        extract(
            html("<h1>404</h1><p>Sorry, this page was not found here any more.</p>", "Not found"), URL
        ).blocks
        == ()
    )


def test_a_film_needs_no_long_text() -> None:
    page = html(
        "<h1>Watch the keeper</h1><iframe src='https://www.youtube.com/embed/dQw4w9WgXcQ'></iframe>"
        "<p>The keeper shows us round the lighthouse, from cellar to lamp.</p>",
        head=(
            '<meta property="og:type" content="video.other"><meta '
            'property="og:title" content="Watch the keeper">'
        ),
    )
    found = extract(page, URL)
    assert (found.kind, found.quality.verdict) == ("video", "article")


def test_the_score_rises_with_what_is_known() -> None:
    bare = extract(html(LONG, ""), URL).quality.score
    head = (
        '<script type="application/ld+json">'
        '{"@type":"NewsArticle","headline":"The keeper","author":"Ada Holm",'
        '"datePublished":"2026-05-04T08:00:00Z"}</script>'
    )
    assert extract(html(f"<h1>The keeper</h1>{LONG}", head=head), URL).quality.score > bare


@pytest.mark.parametrize(
    "tag", ["div", "span", "ul><li", "table><tr><td", "blockquote", "a", "b", "section", "q"]
)
@pytest.mark.parametrize("depth", [500, 100_000])
def test_deep_pages_are_flattened_and_their_text_kept(tag: str, depth: int) -> None:
    ends = "".join(f"</{name}>" for name in reversed(tag.split("><")))
    page = html(f"<h1>The keeper</h1>{f'<{tag}>' * depth}{LONG}{ends * depth}")
    text = blocks_to_text(extract(page, URL).blocks)
    for number in range(6):
        assert f"{number}. The lighthouse keeper" in text


def test_flattening_parts_blocks_and_joins_words() -> None:
    deep = "<div>" * 200 + "<p>one <b>two</b>three</p><div>four</div><h2>five</h2>six" + "</div>" * 200
    tree = parse(flatten(f"<html><body>{deep}</body></html>"))
    assert tree is not None
    assert text_of(tree).replace(" ", "") == "onetwothreefourfivesix"


@pytest.mark.parametrize(
    "page",
    [
        b"\0" * 5000,
        random.Random(8).randbytes(100_000),
        b"<html><body>" + random.Random(9).randbytes(100_000),
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
        b"%PDF-1.7\n" + bytes(range(256)) * 40,
    ],
    ids=["zeros", "noise", "noise in a page", "png", "pdf"],
)
def test_binary_garbage_is_no_page(page: bytes) -> None:
    assert judged(page) == ("none", "this is no web page")


@pytest.mark.parametrize(
    "page",
    [
        f'<html><body><h1>T</h1><div class="{"a " * 200_000}">{LONG}</div></body></html>',
        f'<html><body><h1>T</h1><img srcset="{"a," * 50_000}">{LONG}</body></html>',
        f'<html><body><script type="application/ld+json">{"[" * 100_000}</script>{LONG}',
        (
            '<html><body><script type="application/ld+json">'
            f'{{"@type":"Article","author":{"[" * 5_000}</script>{LONG}'
        ),
        f"<html><head>{'<meta name=author content=x>' * 1_000}</head><body>{LONG}",
        f"<html><body>{LONG}{'<p><b>word' * 2_000}",
        f"<html><body>{LONG}<!-- {'x' * 100_000}",
    ],
    ids=["class", "srcset", "json", "json in a node", "metas", "unclosed", "comment"],
)
def test_monstrous_pages_are_read_all_the_same(page: str) -> None:
    assert "0. The lighthouse keeper" in blocks_to_text(extract(page, URL).blocks)


def test_a_wrong_charset_is_seen_through() -> None:
    page = html("<h1>Der Wärter</h1>" + LONG.replace("keeper", "Wärter")).encode("cp1252")
    found = extract(page, URL, content_type="text/html; charset=utf-8")
    assert "Wärter" in blocks_to_text(found.blocks)
    page = html(
        "<h1>الحارس</h1>" + "<p>كتب حارس المنارة كل سفينة مرت في ضباب ذلك الشتاء الطويل.</p>" * 9
    ).encode("cp1256")
    assert extract(page, URL, content_type="text/html; charset=windows-1256").title == "الحارس"


def test_json_of_the_wrong_types_does_no_harm() -> None:
    for value in ("7", "[]", "{}", "null", "[[1]]", '{"@id":5}', '{"name":{"name":3}}', "true"):
        keys = (
            "headline name author datePublished image keywords articleSection "
            "articleBody mainEntityOfPage url wordCount description hasPart"
        )
        body = ",".join(f'"{key}":{value}' for key in keys.split())
        page = html(
            LONG, head=f'<script type="application/ld+json">{{"@type":"NewsArticle",{body}}}</script>'
        )
        assert extract(page, URL).quality.verdict in {"article", "excerpt"}


def test_nothing_but_an_entry_still_says_something() -> None:
    entry = Entry(title="The keeper", content=LONG, url=URL)
    found = extract(b"", URL, entry=entry)
    assert (found.title, found.quality.verdict) == ("The keeper", "excerpt")
    assert len(found.blocks) == 6


_PIECES = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div>",
                "</div>",
                "<a",
                "href=x>",
                "<h1>",
                "<script>",
                "</script>",
                "<table>",
                "<tr>",
                "<ul>",
                "<!--",
                "-->",
                "<![CDATA[",
                "&#0;",
                "<",
                ">",
                "<svg>",
                "<p",
            ]
        ),
        st.sampled_from(
            [
                SENTENCE * 3,
                '<script type="application/ld+json">{"@type":"NewsArticle"',
                "<meta property='og:title' content='",
            ]
        ),
    ),
    max_size=25,
).map("".join)


@settings(deadline=None)
@given(_PIECES, st.none() | st.text(max_size=20))
def test_no_page_raises(page: str, url: str | None) -> None:
    assert isinstance(extract(page, url), Extracted)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_raise(page: bytes) -> None:
    assert extract(page, URL).quality.verdict in {"article", "excerpt", "none"}
