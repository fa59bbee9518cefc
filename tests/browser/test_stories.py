"""Stories as people read them: on front pages, on their own page, beside an article, in the console."""

from __future__ import annotations

import pytest

from daily8.store.models import Article, Story
from tests import newsroom as rows
from tests.browser.conftest import DESKTOP, PHONE, Visit, Visitor
from tests.browser.test_accessibility import violations
from tests.newsroom import Newsroom

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}
PREFIXES = pytest.mark.parametrize("prefix", ["", "/ar"], ids=["english", "arabic"])
LEAST = 24
"""Pixels that a finger needs (WCAG 2.2, target size)."""


def _signed_in(visitor: Visitor, path: str, size: dict[str, int]) -> Visit:
    editor = rows.reader("editor")
    visit = visitor.visit(f"/accounts/login/?next={path}", size=size)
    visit.page.fill("#id_login", editor.email)
    visit.page.fill("#id_password", rows.PASSWORD)
    visit.page.click("main form button")
    visit.page.wait_for_url(f"**{path}")
    return visit


def _fits(visit: Visit, path: str) -> None:
    page = visit.to(path)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.evaluate("innerWidth"), f"{path} is {width} px wide"
    assert violations(visit) == [], path
    assert visit.wrong == [], path


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(NARROW, "light"), (PHONE, "dark"), (DESKTOP, "light")],
    ids=["narrow", "phone", "desktop"],
)
@PREFIXES
def test_nothing_is_wrong_with_pages_of_stories(
    visitor: Visitor, told: Story, article: Article, prefix: str, scheme: str, size: dict[str, int]
) -> None:
    visit = visitor.visit(size=size, color_scheme=scheme)
    for path in ("/", "/edition/world", f"/stories/{told.id.hex}", f"/article/{article.id.hex}"):
        _fits(visit, prefix + path)


@pytest.mark.parametrize(
    ("prefix", "size"), [("", DESKTOP), ("/ar", NARROW)], ids=["english-desktop", "arabic-narrow"]
)
def test_nothing_is_wrong_in_the_console(
    visitor: Visitor,
    told: Story,
    article: Article,
    arabic_article: Article,
    prefix: str,
    size: dict[str, int],
) -> None:
    visit = _signed_in(visitor, "/console/stories", size)
    pair = f"one={article.id.hex}&other={arabic_article.id.hex}"
    for path in ("stories", f"stories/{told.id.hex}", f"stories/pair?{pair}"):
        _fits(visit, f"{prefix}/console/{path}")


@PREFIXES
@pytest.mark.parametrize("size", [NARROW, DESKTOP], ids=["narrow", "desktop"])
def test_a_story_stands_within_the_margins_of_the_page(
    visitor: Visitor, told: Story, prefix: str, size: dict[str, int]
) -> None:
    page = visitor.visit(f"{prefix}/stories/{told.id.hex}", size=size).page
    start = page.evaluate(
        """prefix => { const side = e => { const box = document.querySelector(e).getBoundingClientRect();
        return Math.round(prefix ? innerWidth - box.right : box.left) };
        return [side('.masthead-logo'), side('h1'), side('#reports'), side('.tale-words')] }""",
        prefix,
    )
    assert len(set(start)) == 1, start
    assert start[0] >= 12


@PREFIXES
def test_targets_are_large_enough_for_a_finger(visitor: Visitor, told: Story, prefix: str) -> None:
    visit = visitor.visit(size=PHONE)
    for path in ("/", f"/stories/{told.id.hex}"):
        page = visit.to(prefix + path)
        small = page.locator("main a").evaluate_all(
            "(links, least) => links.filter(a => a.getBoundingClientRect().height < least)"
            ".map(a => a.outerHTML.slice(0, 120))",
            LEAST,
        )
        assert small == [], path


@PREFIXES
def test_the_keyboard_goes_from_the_front_page_through_a_story_to_an_article(
    visitor: Visitor, told: Story, prefix: str
) -> None:
    visit = visitor.visit(f"{prefix}/")
    page = visit.page
    assert _tab(visit, ".standing a") == f"{prefix}/stories/{told.id.hex}"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/stories/{told.id.hex}")
    headline = page.locator("h1").inner_text()
    report = _tab(visit, ".tale-read a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{report}")
    assert page.locator("h1").inner_text() == headline
    assert _tab(visit, ".story-link a") == f"{prefix}/stories/{told.id.hex}"
    assert visit.wrong == []


def _tab(visit: Visit, selector: str) -> str:
    """Go on by the tabulator until a link has the focus, and shows it; give where it leads."""
    for _ in range(80):
        visit.page.keyboard.press("Tab")
        found = visit.page.evaluate(
            "selector => document.activeElement.matches(selector) && "
            "getComputedStyle(document.activeElement).outlineStyle === 'solid' && "
            "document.activeElement.getAttribute('href')",
            selector,
        )
        if found:
            return str(found)
    pytest.fail(f"the keyboard does not reach {selector}")


@PREFIXES
def test_nothing_moves_while_a_story_comes(visitor: Visitor, told: Story, prefix: str) -> None:
    for path in ("/", f"/stories/{told.id.hex}"):
        visit = visitor.visit()
        visit.page.add_init_script(
            "window.moved = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) "
            "if (!e.hadRecentInput) window.moved += e.value })"
            ".observe({type: 'layout-shift', buffered: true})"
        )
        page = visit.to(prefix + path)
        page.mouse.wheel(0, 2000)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.moved") <= 0.02, path


def test_why_a_story_stands_on_top_is_said_once(visitor: Visitor, newsroom: Newsroom, told: Story) -> None:
    page = visitor.visit("/").page
    lead = page.locator(".top-lead .standing")
    assert lead.locator("span").all_inner_texts() == ["3 new publishers in two hours", "from 2 countries"]
    rows_of = page.locator(".rest-stories li").evaluate_all(
        "cards => new Set(cards.map(card => card.getBoundingClientRect().left)).size"
    )
    assert rows_of == 3  # of stories, so that they are larger than the latest news below
