"""The console: open to its roles, unknown to everybody else."""

from __future__ import annotations

import pytest
from django.test import Client

from daily8.store import fronts
from daily8.web.console import PAGES
from tests import newsroom as rows
from tests.newsroom import Newsroom
from tests.web.reading import text, texts, tree


@pytest.mark.parametrize("prefix", ["", "/ar"])
@pytest.mark.parametrize("path", ["/console/", "/console/sources"])
def test_strangers_sign_in_first(client: Client, db: None, prefix: str, path: str) -> None:
    response = client.get(prefix + path)
    assert response.status_code == 302
    assert response["Location"] == f"{prefix}/accounts/login/?next={prefix}{path}"


@pytest.mark.parametrize("path", ["/console/", "/console/sources"])
def test_readers_learn_nothing(signed_in: Client, path: str) -> None:
    assert signed_in.get(path).status_code == 404


def test_the_overview(editor: Client, newsroom: Newsroom) -> None:
    rows.fail(newsroom.english, newsroom.now)
    fronts.worked(newsroom.now, "1", seconds=2.5, editions=3)
    response = editor.get("/console/")
    assert "no-store" in response["Cache-Control"]
    page = tree(response)
    figures = dict(
        zip(texts(page, '//dl[@class="figures"]//dt'), texts(page, '//dl[@class="figures"]//dd'), strict=True)
    )
    assert figures["Publishers"] == "3"
    assert figures["Failing sources"] == "1"
    assert figures["Articles"] == "56"
    assert figures["Front pages worked out"].endswith("2.5 s")
    assert texts(page, "//tbody/tr/th") == [
        "Ask sources",
        "Read pages",
        "Fetch pictures",
        "Read what came by itself",
        "Ask hubs",
        "Read chapters and transcripts",
        "Look again at pages",
        "Read stored pages again",
        "Understand articles",
        "Put articles into stories",
        "Relate articles",
        "Embed articles",
    ]
    assert texts(page, '//nav[@class="console-nav"]/a') == [str(entry.label) for entry in PAGES]
    assert text(page, '//nav[@class="console-nav"]/a[@aria-current]') == "Overview"


def test_the_overview_in_arabic(editor: Client, newsroom: Newsroom) -> None:
    page = tree(editor.get("/ar/console/"))
    assert text(page, "//main//h1") == "نظرة عامة"
    assert "٥٦" in texts(page, '//dl[@class="figures"]//dd')
    assert texts(page, "//tbody/tr/th")[-1] == "حساب متجهات المقالات"


def test_the_health_of_sources(editor: Client, newsroom: Newsroom) -> None:
    rows.fail(newsroom.english, newsroom.now)
    page = tree(editor.get("/console/sources"))
    assert "The publisher refuses us this address (HTTP 403)." in texts(page, '//p[@class="source-cause"]')
    assert editor.get("/console/sources", {"older": "x"}).status_code == 404
    assert texts(
        tree(editor.get("/console/sources", {"q": "islander"})), '//h2[@class="source-title"]/a'
    ) == ["The Islander"]


def test_the_menu_leads_staff_to_the_console(editor: Client, newsroom: Newsroom) -> None:
    assert "/console/" in tree(editor.get("/")).xpath("//header//@href")


def test_the_menu_of_readers(signed_in: Client, newsroom: Newsroom) -> None:
    menu = tree(signed_in.get("/")).xpath('//header//div[@class="menu-sheet"]//@href')
    assert menu == ["/accounts/email/", "/accounts/password/change/", "/accounts/logout/"]
