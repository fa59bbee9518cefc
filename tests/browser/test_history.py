"""The history of an article in a browser: in both directions, both themes, wide and narrow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from daily8.news.types import Heading, Image, ListBlock, Paragraph, Quote
from daily8.store.models import Article
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.browser.test_accessibility import violations
from tests.newsroom import Newsroom

pytestmark = pytest.mark.browser

SAME = [
    Paragraph(f"Paragraph {n} tells how the boat came in late and why nobody minded much.") for n in range(6)
]
SAME_AR = [Paragraph(f"الفقرة {n} تروي كيف وصل القارب متأخرًا ولم ينزعج أحد من ذلك كثيرًا.") for n in range(6)]


def changed(newsroom: Newsroom, *, arabic: bool) -> Article:
    """Publish an article and change it in every way: silently, then with a word, then a slip."""
    start = newsroom.now - timedelta(hours=5)
    made = newsroom.publish(
        300,
        arabic=arabic,
        key=f"changed-{arabic}",
        title="وصول قارب على متنه ١٥ شخصًا" if arabic else "Boat with 15 aboard returns to the harbour",
    )
    newsroom.now, now = start, newsroom.now
    first = (
        "قال الصيادون إن ١٢ شخصًا كانوا في القارب، وإنهم «رأوا الضوء من بعيد» ثم عادوا."
        if arabic
        else "Fishers said that 12 were in the boat, and that they “saw the light from afar” and returned."
    )
    second = (
        first.replace("١٢", "١٥").replace("الضوء", "المنارة")
        if arabic
        else first.replace("12", "15").replace("the light", "a lamp")
    )
    same = SAME_AR if arabic else SAME
    tail = "خبر جديد: أُرسل قارب آخر." if arabic else "Another boat was sent out with food and water."
    newsroom.text(made, Paragraph(first), *same, Quote((tail,), "Orla Finn"))
    made.revisions.update(title=made.title.replace("15", "12").replace("١٥", "١٢"), kind="first")
    newsroom.change(
        made,
        Heading(tail),
        Paragraph(second),
        *same,
        ListBlock((tail, second)),
        Image("https://harbour.example/1.jpg", caption=tail),
        title=made.title,
        silent=True,
    )
    newsroom.now = now
    return made


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("prefix", ["", "/ar"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_what_changed_is_read_by_everybody(
    visitor: Visitor, newsroom: Newsroom, prefix: str, scheme: str, size: dict[str, int]
) -> None:
    visit = visitor.visit(size=size, color_scheme=scheme)
    for arabic in (False, True):
        made = changed(newsroom, arabic=arabic)
        for path in (f"/article/{made.id.hex}", f"/article/{made.id.hex}/history"):
            page = visit.to(prefix + path)
            assert violations(visit) == [], prefix + path
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], f"{prefix}{path} is {width} wide"
        for name, line in (("ins", "underline"), ("del", "line-through")):  # told apart without colours
            found = page.locator(f".change-text {name}").first
            assert found.evaluate("found => getComputedStyle(found).textDecorationLine") == line
        gone = page.locator(".change-text del").first
        direction = gone.evaluate("found => getComputedStyle(found.closest('p')).direction")
        assert direction == ("rtl" if arabic else "ltr")  # of the text, whatever that of the page
        spoken = page.locator(".spoken").first.bounding_box()
        assert spoken
        assert spoken["width"] <= 1
    assert visit.wrong == []


def test_a_reader_goes_from_the_article_to_its_first_text_and_back(
    visitor: Visitor, newsroom: Newsroom
) -> None:
    made = changed(newsroom, arabic=False)
    page = visitor.visit(f"/article/{made.id.hex}").page
    page.get_by_role("link", name="What changed").click()
    page.get_by_role("link", name="The first text that was seen").click()
    page.wait_for_url(f"**/article/{made.id.hex}/history/1")
    assert "history begins" in page.locator(".change").inner_text()
    page.get_by_role("link", name="The article").click()
    page.wait_for_url(f"**/article/{made.id.hex}")
