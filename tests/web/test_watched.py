"""The console's page of a watched page: shown to staff, changed by editors, tried on what was seen."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from daily8.store.models import Poll, Source
from tests.newsroom import Newsroom
from tests.web.reading import text, texts, tree

SEEN = [[f"/news/{n}", f"Ferry number {n} came in late"] for n in range(4)]
SEEN += [[f"/sport/{n}", f"Rovers win game number {n}"] for n in range(2)]


@pytest.fixture
def watched(newsroom: Newsroom) -> Source:
    """A source whose page is watched."""
    source = newsroom.english
    source.way = "page"
    source.pattern = {
        "links": "/news/#",
        "within": "",
        "least_words": 2,
        "count": 4,
        "score": 0.9,
        "reasons": ["4 links of the page are like this."],
        "seen": SEEN,
        "passed": [],
    }
    source.save()
    return source


def address(source: Source, prefix: str = "") -> str:
    return f"{prefix}/console/sources/{source.id.hex}"


def send(client: Client, source: Source, word: str, **given: Any) -> Any:
    return client.post(
        address(source), {"word": word, "links": "/sport/#", "within": "", "least_words": "0", **given}
    )


def test_it_shows_the_pattern_and_what_it_finds(editor: Client, watched: Source) -> None:
    page = tree(editor.get(address(watched)))
    assert page.xpath('//input[@name="links"]/@value') == ["/news/#"]
    assert texts(page, '//ul[@class="found-links"]/li') == [
        f"Ferry number {n} came in late /news/{n}" for n in range(4)
    ]
    assert texts(page, '//ul[@class="reasons"]/li') == ["4 links of the page are like this."]


def test_it_speaks_arabic(editor: Client, watched: Source) -> None:
    page = tree(editor.get(address(watched, "/ar")))
    assert text(page, "//main//h1") == "صفحة مُراقَبة"
    assert page.xpath('//ul[@class="reasons"]//span/@lang') == ["ar"]


def test_another_pattern_is_tried_and_nothing_changes(editor: Client, watched: Source) -> None:
    page = tree(send(editor, watched, "try"))
    assert texts(page, '//ul[@class="found-links"]/li/bdi[1]') == [
        f"Rovers win game number {n}" for n in range(2)
    ]
    watched.refresh_from_db()
    assert watched.pattern["links"] == "/news/#"


def test_an_editor_changes_it(editor: Client, watched: Source) -> None:
    Poll.objects.filter(source=watched).update(fetched_at=None, next_at=None)
    response = send(editor, watched, "take", within="main .list", least_words="3")
    assert response.status_code == 302
    watched.refresh_from_db()
    assert {name: watched.pattern[name] for name in ("links", "within", "least_words")} == {
        "links": "/sport/#",
        "within": "main .list",
        "least_words": 3,
    }
    assert watched.pattern["seen"] == SEEN
    assert "passed" not in watched.pattern  # the newest links alone become articles, as at first
    assert Poll.objects.get(source=watched).next_at is not None


def test_a_pattern_that_cannot_be_used_is_refused_in_words(editor: Client, watched: Source) -> None:
    page = tree(send(editor, watched, "take", links="/sport/**/*"))
    assert text(page, '//p[@id="links_wrong"]').startswith("Two wildcards stand side by side")
    assert page.xpath('//input[@name="links"]/@value') == ["/sport/**/*"]
    watched.refresh_from_db()
    assert watched.pattern["links"] == "/news/#"


@pytest.mark.parametrize("given", [{"least_words": "x"}, {"least_words": "9999"}, {"word": "hack"}])
def test_what_no_form_sends_is_refused(editor: Client, watched: Source, given: dict[str, str]) -> None:
    assert send(editor, watched, **{"word": "try", **given}).status_code == 400


def test_others_learn_nothing(signed_in: Client, watched: Source) -> None:
    assert signed_in.get(address(watched)).status_code == 404
    assert send(signed_in, watched, "take").status_code == 404


def test_a_source_that_is_no_page_is_not_there(editor: Client, newsroom: Newsroom) -> None:
    assert editor.get(address(newsroom.other)).status_code == 404


def test_the_page_of_the_source_says_how_it_is_watched(editor: Client, watched: Source) -> None:
    page = tree(editor.get(f"/source/{watched.id.hex}"))
    assert "Links like /news/# Change" in texts(page, '//dl[@class="facts facts-wide"]//dd')
    assert address(watched) in page.xpath("//main//@href")
