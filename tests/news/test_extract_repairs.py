"""What must be in the text and what not, in hard places; and facts beside the text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from daily8.news.blocks import blocks_to_text
from daily8.news.extract import extract, extracted_to_json
from daily8.news.extract.authors import names_in
from daily8.news.types import ListBlock, Paragraph, Table

URL = "https://paper.example/world/harbour"
ENGLISH = [
    "The old harbour of Lindholm opened to ships on Monday, ten years after a storm had filled it with sand.",
    "Engineers moved four million tonnes of it, the port said, and found a schooner that nobody had missed.",
    "Fishing crews will be the first to return; ferries to the islands follow in June, if the pilots agree.",
]
ARABIC = [
    "افتتح الميناء القديم أبوابه أمام السفن يوم الاثنين بعد عشر سنوات من عاصفة ملأت حوضه بالرمال.",
    "وقالت إدارة الميناء إن المهندسين نقلوا أربعة ملايين طن من الرمال وعثروا على هيكل سفينة قديمة.",
    "وسيكون الصيادون أول العائدين إلى الأرصفة، على أن تتبعهم العبارات المتجهة إلى الجزر في يونيو.",
]
BOTH = pytest.mark.parametrize("text", [ENGLISH, ARABIC], ids=["English", "Arabic"])


def paragraphs(text: list[str]) -> str:
    return "".join(f"<p>{p}</p>" for p in text)


def page(body: str, head: str = "", linked: dict[str, Any] | None = None, attributes: str = "") -> str:
    script = f'<script type="application/ld+json">{json.dumps(linked)}</script>' if linked else ""
    return f"<html {attributes}><head><title>Harbour</title>{head}{script}</head><body>{body}</body></html>"


def lines(body: str) -> list[str]:
    return blocks_to_text(extract(page(body), URL).blocks).split("\n\n")


@BOTH
@pytest.mark.parametrize(
    "hiding", ["style='display: none'", "style='visibility:hidden'", "hidden", "aria-hidden='true'"]
)
def test_what_the_page_hides_is_left_out(text: list[str], hiding: str) -> None:
    longer = "".join(f"<p {hiding}>{p} {p} {n}</p>" for n, p in enumerate(text))
    assert lines(f"<article>{paragraphs(text)}{longer}</article>") == text


@BOTH
def test_a_text_that_only_a_script_would_show_is_read(text: list[str]) -> None:
    assert lines(f"<article><div style='display:none'>{paragraphs(text)}</div></article>") == text


@BOTH
def test_a_gallery_longer_than_the_article_is_not_the_article(text: list[str]) -> None:
    slides = "".join(
        f"<li class='slide'><h2>{n}/12 {p[:20]}</h2><p>{p} ({n}) {p}</p></li>"
        for n in range(1, 13)
        for p in text[:1]
    )
    found = lines(f"<article>{paragraphs(text)}<div class='photo-gallery'><ul>{slides}</ul></div></article>")
    assert found == text


@BOTH
def test_comments_longer_than_the_article_are_not_the_article(text: list[str]) -> None:
    said = "".join(f"<div class='reply'><p>{p} {n} {p}</p></div>" for n, p in enumerate(text * 3))
    assert lines(f"<article>{paragraphs(text)}</article><section class='comments'>{said}</section>") == text


@BOTH
def test_data_full_of_links_is_kept(text: list[str]) -> None:
    rows = "".join(f"<tr><td><a href='/{n}'>{p}</a></td><td>{n} 412</td></tr>" for n, p in enumerate(text))
    table = f"<table><tr><th>A</th><th>B</th></tr>{rows}</table>"
    sources = "".join(f"<li>{p} <a href='/s/{n}'>{p[:30]}</a></li>" for n, p in enumerate(text))
    found = extract(
        page(f"<article>{paragraphs(text)}{table}<ul>{sources}</ul>{paragraphs(text)}</article>"), URL
    )
    assert [type(b) for b in found.blocks if isinstance(b, Table | ListBlock)] == [Table, ListBlock]


@BOTH
def test_a_line_that_is_only_a_date_is_left_out(text: list[str]) -> None:
    day = "4 May 2026, 10:30" if text is ENGLISH else "٤ مايو ٢٠٢٦"
    assert lines(f"<article><div>{day}</div>{paragraphs(text)}</article>") == text


@BOTH
def test_a_refrain_stands_twice_and_a_copy_for_small_screens_once(text: list[str]) -> None:
    refrain = f"<div class='part'><p>{text[0]}</p><p>{text[1]}</p></div><h2>II</h2>"
    refrain += f"<div class='part'><p>{text[2]}</p><p>{text[1]}</p></div>"
    assert lines(f"<article>{refrain}</article>") == [text[0], text[1], "II", text[2], text[1]]
    copy = f"<div class='wide'>{paragraphs(text)}</div><div class='narrow'>{paragraphs(text)}</div>"
    assert lines(f"<article>{copy}</article>") == text


@BOTH
def test_text_in_a_link_to_nothing_is_text(text: list[str]) -> None:
    found = extract(page(f"<article><a href='javascript:void(0)'>{paragraphs(text)}</a></article>"), URL)
    assert [b.html for b in found.blocks if isinstance(b, Paragraph)] == text


@BOTH
@pytest.mark.parametrize(
    "furniture",
    [
        "<p>Photo: E. Sund</p>",
        "<p>12/30</p>",
        "<p>Follow us on Instagram</p>",
        "<p>5 min read</p>",
        "<p>صورة 3 من 12</p>",
        "<p>تابعونا</p><p>شاهد أيضا: خبر آخر</p>",
        "<div class='share'><a href='#'>مشاركة</a></div>",
        "<div class='newsletter'><p>اشترك في نشرتنا اليومية لتصلك أهم الأخبار كل صباح.</p></div>",
        "<div id='cookie-banner'><p>نستخدم ملفات تعريف الارتباط لتحسين تجربتك على موقعنا.</p></div>",
        "<style>.a{color:red}</style><p>.story p{margin:0;color:#222;}</p>",
        "<p>var player = window.player || {};</p>",
    ],
)
def test_furniture_is_left_out(text: list[str], furniture: str) -> None:
    body = f"<p>{text[0]}</p>{furniture}<p>{text[1]}</p>{furniture}<p>{text[2]}</p>"
    assert lines(f"<article><div class='story-body'>{body}</div></article>") == text


def test_a_text_too_short_is_told_all_the_same() -> None:
    found = extract(page("<article><h1>Harbour</h1><p>It opened.</p></article>"), URL)
    assert (found.quality.verdict, blocks_to_text(found.blocks)) == ("none", "It opened.")


@pytest.mark.parametrize(
    ("attributes", "text", "direction"),
    [
        ("", ARABIC, "rtl"),
        ("dir='ltr'", ARABIC, "rtl"),
        ("", ENGLISH, "ltr"),
        ("dir='rtl'", ENGLISH, "rtl"),
        ("", ["1"], None),
    ],
)
def test_the_direction_of_writing(attributes: str, text: list[str], direction: str | None) -> None:
    body = f"<article>{paragraphs(text)}</article>"
    html = page(body, attributes=attributes).replace("<title>Harbour</title>", "")
    assert extract(html, URL).direction == direction


def test_site_description_amp_and_origin() -> None:
    head = (
        "<meta property='og:site_name' content='The Paper Online'>"
        "<meta property='og:description' content='The old harbour of Lindholm opened to ships'>"
        "<link rel='amphtml' href='/amp/harbour'>"
        "<link rel='canonical' href='https://agency.example.org/wire/harbour?utm_source=x'>"
    )
    linked = {"@type": "NewsArticle", "publisher": {"name": "The Paper"}}
    told = extracted_to_json(extract(page(f"<article>{paragraphs(ENGLISH)}</article>", head, linked), URL))
    assert told["site_name"] == "The Paper"
    assert told["description"] == "The old harbour of Lindholm opened to ships"
    assert told["amp_url"] == "https://paper.example/amp/harbour"
    assert told["syndicated_from"] == "https://agency.example.org/wire/harbour"


def test_the_own_address_is_no_origin() -> None:
    head = "<link rel='canonical' href='https://www.paper.example/world/harbour-2'>"
    found = extract(page(f"<article>{paragraphs(ENGLISH)}</article>", head), URL)
    assert (found.syndicated_from, found.amp_url) == (None, None)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Ada Holm March 25, 2026", ["Ada Holm"]),
        ("Ada Holm | 4 May 2026, 10:30", ["Ada Holm"]),
        ("Harbour News by Ada Holm", ["Ada Holm"]),
        ("Ada Holm (https://paper.example/ada)", ["Ada Holm"]),
        ("Ada Holm —", ["Ada Holm"]),
        ("بقلم: سلمى الحداد - 12/05/2026", ["سلمى الحداد"]),
    ],
)
def test_names_are_freed_of_times_sections_and_addresses(text: str, names: list[str]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    "byline",
    [
        "<div class='sig hasnt-bio'><p class='byline'>By <a href='/people/ada-holm'>Ada Holm</a></p></div>",
        "<div class='StoryByline'>By <b>Ada Holm</b> March 25, 2026</div>",
    ],
)
def test_shown_bylines_are_read(byline: str) -> None:
    found = extract(page(f"<article><h1>Harbour</h1>{byline}{paragraphs(ENGLISH)}</article>"), URL)
    assert found.authors == ("Ada Holm",)
