"""axe-core finds nothing: all its rules, the best practices and the target sizes of WCAG 2.2 among them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from daily8.store.models import Article, RepeatedBlock
from tests.browser.conftest import DESKTOP, PHONE, Visit, Visitor
from tests.newsroom import PASSWORD, Newsroom, keep, reader

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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("prefix", ["", "/ar"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_console_of_reading(
    visitor: Visitor, newsroom: Newsroom, prefix: str, scheme: str, size: dict[str, int]
) -> None:
    visit = repairing(visitor, newsroom, prefix, size=size, color_scheme=scheme)
    assert violations(visit) == []
    visit.page.fill("#body", ".story")
    visit.page.fill("#authors", ".by")
    visit.page.click("button[value=try]")
    visit.page.wait_for_selector(".sides:not(.sides-one)")
    assert violations(visit) == []
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visit.page.click("button[value=save]")
    visit.page.wait_for_selector(".notice")
    assert violations(visit) == []
    visit.to(f"{prefix}/console/reading")
    assert violations(visit) == []
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visit.wrong == []


def repairing(visitor: Visitor, newsroom: Newsroom, prefix: str, **wishes: Any) -> Visit:
    """Sign in as an editor, and open the repair of a site three pages of which are kept."""
    for number in (201, 202, 203):
        keep(newsroom.publish(number, arabic=bool(prefix)), low=number == 201)
    RepeatedBlock.objects.create(
        domain="harbour.example",
        mark="m",
        text="تابعوا صحيفة الميناء على جميع المنصات."
        if prefix
        else "Follow the Harbour Post on all channels.",
        articles=7,
        days=3,
        learned_at=newsroom.now,
        recipe="edges/1",
    )
    account = reader("editor")
    site = f"{prefix}/console/reading/site/harbour.example"
    visit = visitor.visit(f"{prefix}/accounts/login/?next={site}", **wishes)
    visit.page.fill("#id_login", account.email)
    visit.page.fill("#id_password", PASSWORD)
    visit.page.click("main form button")
    visit.page.wait_for_url(f"**{site}")
    return visit


def test_the_editions_menu(visitor: Visitor, newsroom: Newsroom) -> None:
    visit = visitor.visit("/")
    visit.page.locator(".editions summary").click()
    assert violations(visit) == []


def test_axe_is_awake(visitor: Visitor, newsroom: Newsroom) -> None:
    visit = visitor.visit("/about")
    visit.page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert [line for line in violations(visit) if line.startswith("button-name")]
