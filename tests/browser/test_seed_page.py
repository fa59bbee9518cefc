"""The page after which ours is modelled, rebuilt of its own articles: every block, in the same order."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from daily8.store.models import Article
from tests import seed
from tests.browser.arrivals import arrive
from tests.browser.conftest import DESKTOP, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.corpus]

ORDER = [
    ".masthead .logo",
    ".story-picture img",
    "h1",
    ".byline-who .publisher",
    ".byline-when",
    ".dek",
    ".prose",
    "#hashtags",
    "#ai",
    "#comments",
    ".comments-none",
    "#related",
    ".related .quiet",
    "#more-news",
    ".related .card",
    "#install",
]
DIGITS = "0123456789"
ARABIC_INDIC = str.maketrans(DIGITS, "٠١٢٣٤٥٦٧٨٩")


@pytest.fixture
def begun(visitor: Visitor, tmp_path: Path, settings: Any) -> datetime:
    """The moment of the page, at which its four articles have arrived."""
    settings.MEDIA_FOLDER = tmp_path
    now = datetime.now(UTC)
    arrive([piece.row(image="/img/crowd.jpg") for piece in seed.pieces()], now)
    return now


def _open(visitor: Visitor, prefix: str, size: dict[str, int]) -> Page:
    article = Article.objects.get(title=seed.pieces()[0].headline)
    visit = visitor.visit(f"{prefix}/article/{article.id.hex}", size=size)
    assert visit.wrong == []
    return visit.page


def _ages(begun: datetime, minutes: int, *, arabic: bool) -> set[str]:
    """Say how old something is that was so old at the beginning: the test may have taken a while since."""
    if minutes == 60:
        return {"منذ ساعة واحدة" if arabic else "an hour ago"}
    most = minutes + int((datetime.now(UTC) - begun).total_seconds() // 60)
    said = (f"منذ {n} دقيقة" if arabic else f"{n} minutes ago" for n in range(minutes, most + 1))
    return {text.translate(ARABIC_INDIC) if arabic else text for text in said}


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("prefix", ["", "/ar"], ids=["english", "arabic"])
def test_blocks_stand_in_the_order_of_the_original(
    visitor: Visitor, begun: datetime, prefix: str, size: dict[str, int]
) -> None:
    page = _open(visitor, prefix, size)
    boxes = [page.locator(selector).first.bounding_box() for selector in ORDER]
    assert [
        selector for selector, box in zip(ORDER, boxes, strict=True) if not box or not box["height"]
    ] == []
    tops = [box["y"] for box in boxes if box]
    assert tops == sorted(tops)


@pytest.mark.parametrize("prefix", ["", "/ar"], ids=["english", "arabic"])
def test_the_article_is_there_and_nothing_is_made_up(visitor: Visitor, begun: datetime, prefix: str) -> None:
    main, *others = seed.pieces()
    page = _open(visitor, prefix, DESKTOP)
    html = page.locator("html")
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == (
        ("ar", "rtl") if prefix else ("en", "ltr")
    )
    for selector in ("h1", ".dek", ".prose"):  # an English article stays one within Arabic pages
        part = page.locator(selector)
        assert (part.get_attribute("lang"), part.get_attribute("dir")) == ("en", "ltr")

    assert page.locator("h1").inner_text() == main.headline
    assert main.publisher in page.locator(".byline-who").inner_text()
    assert page.locator(".dek").inner_text() == main.dek
    assert page.locator(".prose").inner_text().split() == main.text.split()

    related = page.locator(".related")
    assert related.locator(".quiet").inner_text() == (
        "لا يُعرف بعد ما له صلة بهذا المقال."
        if prefix
        else "Nothing is known to be related to this article yet."
    )
    assert related.locator(".card-title").all_inner_texts() == [piece.headline for piece in others]
    assert page.locator(".hashtags .chip").count() == 0


@pytest.mark.parametrize("prefix", ["", "/ar"], ids=["english", "arabic"])
def test_times_are_words_of_the_locale_in_one_system_of_digits(
    visitor: Visitor, begun: datetime, prefix: str
) -> None:
    page = _open(visitor, prefix, DESKTOP)
    arabic = bool(prefix)
    minutes = [25, 17, 44, 60]
    times = page.locator(".byline-when .meta-time time, .related .meta-time time").all()
    for time, old in zip(times, minutes, strict=True):
        assert time.inner_text() in _ages(begun, old, arabic=arabic)
        stamp = datetime.fromisoformat(time.get_attribute("datetime") or "")
        assert round((begun - stamp).total_seconds() / 60) == old
    digits = set(re.findall(r"\d", " ".join(page.locator("time").all_inner_texts())))
    assert digits <= set(DIGITS.translate(ARABIC_INDIC) if arabic else DIGITS)
