"""Careless pages: bodies in code, labels, guessed dates, pages whose feed alone gives a time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from daily8.news.blocks import blocks_to_text
from daily8.news.extract import extract
from daily8.news.extract.labels import is_label
from daily8.news.types import Entry
from tests.news.test_extract import TEXT, URL, article, page


@pytest.mark.parametrize(
    ("before", "after"),
    [("%3Cp%3E", "%3C/p%3E"), ("%3cp%3e", "%3C%2Fp%3E"), ("&lt;p class=x&gt;", "&lt;/p&gt;")],
)
def test_a_body_in_code_is_written_out(before: str, after: str) -> None:
    coded = "".join(f"{before}{text}{after}" for text in TEXT)
    found = extract(page(f"<article><h1>Harbour opens after ten years</h1><div>{coded}</div></article>"), URL)
    assert blocks_to_text(found.blocks).split("\n\n") == TEXT


def test_what_a_coded_body_hides_is_cleaned() -> None:
    evil = "%3Cp%3E%3Cimg src=x onerror=alert(1)%3E%3Cscript%3Ealert(1)%3C/script%3E" + TEXT[0] + "%3C/p%3E"
    found = extract(page(f"<article><h1>Harbour opens</h1><div>{evil}</div>{article()}</article>"), URL)
    assert "alert" not in str(found.blocks)


def test_code_that_is_shown_stays() -> None:
    shown = "<pre><code>&lt;p&gt;A paragraph of a page.&lt;/p&gt;</code></pre>"
    found = extract(page(article(extra=shown)), URL)
    assert "&lt;p&gt;A paragraph of a page.&lt;/p&gt;" in str(found.blocks)


@pytest.mark.parametrize(
    "text",
    [
        "Share Tweet Copy link",
        "شارك | طباعة",
        "١٢ تعليقًا",
        "تصوير: وكالة الرصيف",
        "تابعنا على فيسبوك",
        "3 تعليقات",
        "طباعة",
        "انضموا إلينا اليوم",
        "اشترك الآن عبر بريدك الإلكتروني",
    ],
)
def test_labels(text: str) -> None:
    assert is_label(text)


@pytest.mark.parametrize(
    "text",
    [
        "Share prices rose on Monday.",
        "شارك آلاف السكان في المسيرة.",
        "صورة الميناء تغيرت كثيرًا.",
        "Save the lamp",
    ],
)
def test_sentences_are_no_labels(text: str) -> None:
    assert not is_label(text)


FEEDS = datetime(2026, 3, 4, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stated", "entry", "expected"),
    [
        ("03/04/2026", None, datetime(2026, 4, 3, tzinfo=UTC)),
        ("03/04/2026", FEEDS, FEEDS),
        ("04/03/2026", FEEDS, FEEDS),  # agrees, and the feed knows the hour
        ("21/03/2026", FEEDS, datetime(2026, 3, 21, tzinfo=UTC)),
        ("2026-03-02", FEEDS, datetime(2026, 3, 2, tzinfo=UTC)),
    ],
)
def test_of_two_readings_of_a_date_a_surer_one_decides(
    stated: str, entry: datetime | None, expected: datetime
) -> None:
    head = f'<meta name="publish-date" content="{stated}">'
    address = "https://paper.example/world/harbour-opens"
    said = Entry(url=address, published=entry) if entry else None
    assert extract(page(article(), head), address, None, said).published == expected


def test_a_time_of_the_feed_makes_no_article_of_an_error() -> None:
    address = "https://paper.example/world/harbour-opens"
    entry = Entry(url=address, title="Harbour opens", published=FEEDS)
    sorry = (
        "The page that you asked for is not here any more, or it has never been here at all. Try our front."
    )
    text = f"<main><h1>Page not found</h1><p>{sorry}</p></main>"
    found = extract(page(text, title="404"), address, None, entry)
    assert found.quality.verdict == "none"
    assert "error" in found.quality.reasons[0]
