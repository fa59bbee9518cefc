"""axe-core finds nothing: all its rules, the best practices and the target sizes of WCAG 2.2 among them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from daily8.store.models import Article
from tests.browser.conftest import DESKTOP, PHONE, Visit, Visitor
from tests.newsroom import Newsroom

pytestmark = pytest.mark.browser

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
OPTIONS = {
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}


def violations(visit: Visit) -> list[str]:
    """Give what axe finds, one line a node."""
    visit.page.evaluate(AXE)
    found: dict[str, Any] = visit.page.evaluate("options => axe.run(document, options)", OPTIONS)
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("prefix", ["", "/ar"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_home_and_article(
    visitor: Visitor, article: Article, prefix: str, scheme: str, size: dict[str, int]
) -> None:
    visit = visitor.visit(size=size, color_scheme=scheme)
    for path in ("/", f"/article/{article.id.hex}"):
        visit.to(prefix + path)
        assert violations(visit) == [], prefix + path


@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_every_other_page(visitor: Visitor, newsroom: Newsroom, arabic_article: Article, prefix: str) -> None:
    visit = visitor.visit(color_scheme="dark")
    for path in (
        "/edition/eg-ar",
        f"/article/{arabic_article.id.hex}",
        f"/publisher/{newsroom.english.publisher.slug}",
        "/sources",
        f"/source/{newsroom.english.id.hex}",
        "/about",
        "/about/fetching",
        "/accounts/login/",
        "/accounts/signup/",
    ):
        visit.to(prefix + path)
        assert violations(visit) == [], prefix + path


def test_the_editions_menu(visitor: Visitor, newsroom: Newsroom) -> None:
    visit = visitor.visit("/")
    visit.page.locator(".editions summary").click()
    assert violations(visit) == []


def test_axe_is_awake(visitor: Visitor, newsroom: Newsroom) -> None:
    visit = visitor.visit("/about")
    visit.page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert [line for line in violations(visit) if line.startswith("button-name")]
