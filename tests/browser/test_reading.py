"""The pages as people read them: in both directions, both themes, by keyboard, without scripts."""

from __future__ import annotations

import re

import pytest

from daily8.store.models import Article
from tests import newsroom as rows
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.newsroom import Newsroom

pytestmark = pytest.mark.browser

BLOCKS = [
    ".masthead .logo",
    ".story-picture img",
    "h1",
    ".byline-who",
    ".byline-when",
    ".dek",
    ".prose",
    "#hashtags",
    "#ai",
    "#comments",
    "#related",
    "#more-news",
    "#install",
]
NARROW = {"width": 320, "height": 640}


def paths(newsroom: Newsroom, article: Article) -> list[str]:
    return [
        "/",
        "/edition/world",
        "/edition/ie-en",
        f"/article/{article.id.hex}",
        f"/publisher/{newsroom.english.publisher.slug}",
        "/sources",
        f"/source/{newsroom.english.id.hex}",
        "/about",
        "/about/fetching",
        "/accounts/login/",
        "/accounts/password/reset/",
    ]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_an_article_is_read_from_top_to_bottom(
    visitor: Visitor, article: Article, prefix: str, size: dict[str, int]
) -> None:
    visit = visitor.visit(f"{prefix}/article/{article.id.hex}", size=size)
    tops = []
    for selector in BLOCKS:
        box = visit.page.locator(selector).first.bounding_box()
        assert box, selector
        assert box["width"] > 0, selector
        tops.append(box["y"])
    assert tops == sorted(tops)
    when = visit.page.locator(".byline-when .meta-time time")
    assert when.inner_text() == ("منذ ١٧ دقيقة" if prefix else "17 minutes ago")
    assert visit.page.locator("html").get_attribute("dir") == ("rtl" if prefix else "ltr")
    assert visit.wrong == []


def test_an_arabic_article_runs_from_right_to_left_within_english_pages(
    visitor: Visitor, arabic_article: Article
) -> None:
    page = visitor.visit(f"/article/{arabic_article.id.hex}").page
    headline = page.locator("h1")
    assert headline.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert page.locator("#ai").evaluate("e => getComputedStyle(e).direction") == "ltr"
    assert page.locator(".prose").evaluate("e => getComputedStyle(e).textAlign") == "start"


@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_nothing_goes_wrong_and_nothing_sticks_out(
    visitor: Visitor, newsroom: Newsroom, article: Article, prefix: str
) -> None:
    visit = visitor.visit(size=NARROW)
    for path in paths(newsroom, article):
        page = visit.to(prefix + path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= NARROW["width"], f"{prefix}{path} is {width} px wide"
        assert visit.wrong == [], prefix + path


def test_the_console_fits_too(visitor: Visitor, newsroom: Newsroom) -> None:
    editor = rows.reader("editor")
    visit = visitor.visit("/accounts/login/?next=/console/", size=NARROW)
    visit.page.fill('[name="login"]', editor.email)
    visit.page.fill('[name="password"]', rows.PASSWORD)
    visit.page.click("main form button")
    visit.page.wait_for_url("**/console/")
    for path in ("/console/", "/ar/console/", "/console/sources", "/accounts/email/", "/accounts/logout/"):
        page = visit.to(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], path
    assert visit.wrong == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_moves_while_a_page_comes(visitor: Visitor, article: Article, size: dict[str, int]) -> None:
    for path in ("/", "/ar/", f"/article/{article.id.hex}"):
        visit = visitor.visit(size=size)
        visit.page.add_init_script(
            "window.moved = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) "
            "if (!e.hadRecentInput) window.moved += e.value })"
            ".observe({type: 'layout-shift', buffered: true})"
        )
        page = visit.to(path)
        page.mouse.wheel(0, 2000)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.moved") <= 0.02, path


def test_the_theme_is_switched_and_remembered(visitor: Visitor, newsroom: Newsroom) -> None:
    visit = visitor.visit("/", color_scheme="light")
    page = visit.page
    paper = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    page.click("[data-theme-switch]")
    dark = page.evaluate(paper)
    assert dark != "rgb(255, 255, 255)"
    visit.to("/about")
    assert page.evaluate(paper) == dark
    page.click("[data-theme-switch]")
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    assert visit.page.context.cookies() == []
    assert visit.wrong == []


def test_more_is_loaded_into_the_list(visitor: Visitor, newsroom: Newsroom) -> None:
    visit = visitor.visit("/")
    items = visit.page.locator("#list > li")
    before = items.count()
    visit.page.locator("[data-more]").press("Enter")
    items.nth(before).wait_for()
    assert visit.page.url == f"{visit.server}/"
    hrefs = visit.page.locator(".card-title a").evaluate_all("list => list.map(a => a.href)")
    assert len(hrefs) == len(set(hrefs)) == 40
    assert visit.page.evaluate("document.activeElement.closest('#list > li') !== null")
    assert visit.wrong == []


def test_all_is_read_without_scripts(visitor: Visitor, newsroom: Newsroom, article: Article) -> None:
    visit = visitor.visit("/", java_script_enabled=False)
    visit.page.locator("[data-more]").click()
    assert re.search(r"\?older=\d+-[0-9a-f]{32}$", visit.page.url)
    assert visit.page.locator(".card").count() >= 10
    visit.to("/").locator(".editions summary").click()
    visit.page.locator('.editions a[href="/edition/eg-ar"]').click()
    assert visit.page.locator("h1").inner_text().startswith("Egypt")
    page = visit.to(f"/article/{article.id.hex}")
    assert page.locator("[data-theme-switch]").is_hidden()
    assert page.locator(".film-play").get_attribute("href") == "https://www.youtube.com/watch?v=abcdefghijk"


def test_a_film_comes_only_after_a_click(visitor: Visitor, article: Article) -> None:
    visit = visitor.visit(f"/article/{article.id.hex}")
    assert visit.page.locator("iframe").count() == 0
    assert visit.wrong == []
    visit.page.locator(".film-play").click()
    frame = visit.page.locator(".film iframe")
    assert frame.get_attribute("src") == "https://www.youtube-nocookie.com/embed/abcdefghijk?autoplay=1&rel=0"
    assert not [wrong for wrong in visit.wrong if wrong.startswith("policy")]


def test_the_keyboard_reaches_the_content_first(visitor: Visitor, newsroom: Newsroom) -> None:
    page = visitor.visit("/").page
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate("e => e === document.activeElement")
    box = skip.bounding_box()
    assert box
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    focused = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert focused == "solid"


def test_menus_close_by_escape(visitor: Visitor, newsroom: Newsroom) -> None:
    page = visitor.visit("/").page
    page.locator(".editions summary").click()
    assert page.locator(".editions-sheet").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".editions-sheet").is_hidden()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_page_is_printed_without_its_furniture(visitor: Visitor, article: Article) -> None:
    page = visitor.visit(f"/article/{article.id.hex}").page
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    for furniture in (".masthead-nav", ".ai", ".comments", ".install", ".masthead-tools"):
        assert page.locator(furniture).is_hidden(), furniture


def test_cards_are_short(visitor: Visitor, newsroom: Newsroom) -> None:
    long = newsroom.publish(1, source=newsroom.other, title="Long", excerpt="word " * 40)
    newsroom.picture(long)
    path = f"/publisher/{newsroom.other.publisher.slug}"
    desktop = visitor.visit(path).page.locator(".card-text").first
    lines = desktop.evaluate("e => e.offsetHeight / parseFloat(getComputedStyle(e).lineHeight)")
    assert round(lines) == 3
    phone = visitor.visit(path, size=PHONE).page.locator(".card-text").first
    assert phone.is_hidden()
