"""Headlines: which of a page's many is the article's own, and what is glued to it."""

from __future__ import annotations

import json

import pytest

from daily8.news.extract import extract
from daily8.news.types import Entry

URL = "https://paper.example/world/harbour"
TEXT = "<p>The old harbour of Lindholm opened to ships on Monday, ten years after a storm.</p>" * 5


def titled(
    h1: str = "",
    og: str = "",
    ld: dict[str, str] | None = None,
    title: str = "",
    entry: str | None = None,
    head: str = "",
) -> str | None:
    linked = json.dumps({"@type": "NewsArticle", **(ld or {})})
    page = (
        f"<html><head><title>{title}</title>{head}"
        + (f'<meta property="og:title" content="{og}">' if og else "")
        + f'<script type="application/ld+json">{linked}</script></head>'
        + f"<body><article><h1>{h1}</h1>{TEXT}</article></body></html>"
    )
    return extract(page, URL, entry=Entry(id="1", url=URL, title=entry) if entry else None).title


def test_what_is_shown_and_shared_outweighs_what_is_for_machines() -> None:
    said = {"headline": "Lindholm harbour reopening: ships, sand, storm"}
    assert titled("Harbour opens after ten years", "Harbour opens after ten years", said) == (
        "Harbour opens after ten years"
    )
    assert titled(
        "عودة الميناء القديم", "عودة الميناء القديم", {"headline": "الميناء القديم: سفن ورمال"}
    ) == ("عودة الميناء القديم")


def test_a_headline_stated_twice_outweighs_them() -> None:
    said = {
        "headline": "Sand out, ships in at the harbour",
        "alternativeHeadline": "Sand out, ships in at the harbour",
    }
    assert (
        titled("Harbour opens to ships", "Harbour opens to ships", said)
        == "Sand out, ships in at the harbour"
    )


def test_the_feed_decides_between_the_page_s_headlines() -> None:
    said = {"headline": "Lindholm harbour opens to ships"}
    assert titled("Lindholm harbour opens to ships", "Ships are back in Lindholm harbour", said) == (
        "Lindholm harbour opens to ships"
    )
    found = titled(
        "Lindholm harbour opens to ships",
        "Ships are back in Lindholm harbour",
        said,
        entry="Ships are back in Lindholm harbour",
    )
    assert found == "Ships are back in Lindholm harbour"
    assert titled("Lindholm harbour opens to ships", entry="Something else in the feed", ld=said) == (
        "Lindholm harbour opens to ships"
    )


def test_a_statement_that_resembles_no_other_is_no_headline() -> None:
    assert (
        titled("Lindholm", "Lindholm", {"headline": "port on the north coast", "name": "Lindholm"})
        == "Lindholm"
    )
    assert titled("About us", title="Harbour opens after ten years") == "Harbour opens after ten years"
    assert titled("الميناء القديم يعود", title="The Paper") == "الميناء القديم يعود"


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        ("Harbour opens after ten years | The Paper", "Harbour opens after ten years"),
        ("Harbour opens after ten years-Worldㅣ더페이퍼", "Harbour opens after ten years"),
        ("عودة الميناء القديم إلى السفن - الصحيفة", "عودة الميناء القديم إلى السفن"),
        ("Harbour opens after ten years – My site", "Harbour opens after ten years"),
        ("Sand - and more sand", "Sand - and more sand"),
    ],
)
def test_names_of_sites_and_sections_go(title: str, clean: str) -> None:
    head = "".join(
        f'<meta property="{name}" content="{value}">'
        for name, value in (
            ("og:site_name", "The Paper"),
            ("application-name", "더페이퍼"),
            ("article:section", "World"),
        )
    )
    head += '<meta name="publisher" content="الصحيفة">'
    assert titled(title=title, head=head) == clean


def test_names_of_dublin_core_are_read_and_several_in_one_attribute() -> None:
    head = '<meta property="dc:title foaf:title" content="Harbour opens at last">'
    assert titled(head=head) == "Harbour opens at last"


def test_unseen_characters_are_no_other_headline() -> None:
    said = {"headline": "Harbour mayor speaks of ships"}
    assert titled("Har\u00adbour mayor speaks of ships\u200b", ld=said) == "Harbour mayor speaks of ships"
