"""The made-up newsroom, walked through as a visitor does: home, article, publisher, sources."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request

from daily8.replay.newsroom import rows
from daily8.store.models import Article
from tests.browser.arrivals import arrive
from tests.browser.conftest import Visit, Visitor

pytestmark = pytest.mark.browser

PUBLISHERS = {
    "": ("corrib-dispatch", "openframe", "slow-kettle"),
    "/ar": ("alsafira", "nafidha", "rakwa"),
}
"""Of each language: a newspaper, a maker of films, a podcast."""
EACH = 3
"""Articles of a publisher: its newest."""


@pytest.fixture
def demo(visitor: Visitor, tmp_path: Path, settings: Any) -> None:
    """Some publishers of the newsroom, with their newest articles."""
    settings.MEDIA_FOLDER = tmp_path
    wanted = {name for names in PUBLISHERS.values() for name in names}
    chosen, seen = [], Counter[str]()
    for row in reversed(list(rows())):
        if row["publisher"] in wanted and row["published"].startswith("-") and seen[row["publisher"]] < EACH:
            seen[row["publisher"]] += 1
            chosen.append(row)
    arrive(chosen, datetime.now(UTC))
    assert set(seen) == wanted


def _visit(visitor: Visitor, path: str) -> tuple[Visit, list[str]]:
    """Open a page; gives what was asked for, from the first request on."""
    asked: list[str] = []
    visit = visitor.visit()
    visit.page.on("request", lambda request: asked.append(_place(request)))
    visit.to(path)
    return visit, asked


def _place(request: Request) -> str:
    return "/".join(request.url.split("/")[:3])


def _open(page: Page, selector: str) -> str:
    """Follow a link and give what it said."""
    link = page.locator(selector).first
    words = link.inner_text()
    link.click()
    page.wait_for_load_state("networkidle")
    return words


@pytest.mark.parametrize("prefix", ["", "/ar"], ids=["english", "arabic"])
def test_a_walk_from_the_home_page_to_the_sources(visitor: Visitor, demo: None, prefix: str) -> None:
    visit, asked = _visit(visitor, f"{prefix}/")
    page = visit.page
    assert page.locator("html").get_attribute("dir") == ("rtl" if prefix else "ltr")
    tongues = {title.get_attribute("lang") for title in page.locator(".card-title a").all()}
    assert tongues == {"ar" if prefix else "en"}

    title = _open(page, ".card-title a")
    assert page.locator("h1").inner_text() == title
    assert len(page.locator(".prose").inner_text().split()) > 20
    publisher = _open(page, ".byline-who .publisher bdi")
    assert page.locator("h1").inner_text() == publisher
    assert title in page.locator(".card-title").all_inner_texts()
    _open(page, f'.masthead-nav a[href="{prefix}/sources"]')
    names = page.locator("main").inner_text()
    for article in Article.objects.select_related("publisher"):
        assert article.publisher.name in names

    assert page.url == f"{visit.server}{prefix}/sources"
    assert visit.wrong == []
    assert set(asked) == {visit.server}


@pytest.mark.parametrize("prefix", ["", "/ar"], ids=["english", "arabic"])
def test_films_stand_among_the_news(visitor: Visitor, demo: None, prefix: str) -> None:
    visit, asked = _visit(visitor, f"{prefix}/")
    kinds = visit.page.locator(".card .kind").all_text_contents()
    films = [kind for kind in kinds if ("فيديو" if prefix else "Video") in kind]
    assert len(films) == EACH
    assert visit.wrong == []
    assert set(asked) == {visit.server}


@pytest.mark.parametrize("prefix", ["", "/ar"], ids=["english", "arabic"])
def test_an_episode_can_be_played(visitor: Visitor, demo: None, prefix: str) -> None:
    visit, asked = _visit(visitor, f"{prefix}/")
    card = visit.page.locator(
        ".card", has=visit.page.locator(".kind", has_text="بودكاست" if prefix else "Podcast")
    )
    assert ":" in card.first.locator(".kind time").inner_text()
    card.first.locator(".card-title a").click()
    player = visit.page.locator(".story-media")
    # Sound that is not encrypted is played at its publisher: our pages load none of it.
    player.locator("audio[controls], .at-origin a").wait_for(state="visible")
    assert player.locator("time").inner_text().count(":") in {1, 2}
    assert visit.wrong == []
    assert set(asked) == {visit.server}
