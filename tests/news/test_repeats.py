"""Repeated blocks: what counts as one, and what is taken away."""

from __future__ import annotations

import pytest

from daily8.news.blocks import block_text
from daily8.news.repeats import edges, is_repeated, letters, mark, parted, whole
from daily8.news.types import Block, Heading, Image, ListBlock, Paragraph

LONG = "The boat came in late and nobody minded much, for the harbour master had rung the bell at noon. " * 4
BOX = "Follow the Harbour Post on all channels."
ARABIC_BOX = "تابعوا صحيفة الميناء على جميع المنصات."


def texts(blocks: tuple[Block, ...]) -> list[str]:
    return [block_text(block) for block in blocks]


def article(*ends: Block, body: int = 8) -> tuple[Block, ...]:
    return (*(Paragraph(f"{n} {LONG}") for n in range(body)), *ends)


def test_short_texts_at_both_ends_are_edges() -> None:
    blocks = (
        Paragraph("By the desk of the Harbour Post"),
        *article(Paragraph(BOX), Heading("More from the quay")),
    )
    middle = (*article(), Paragraph("A short word in the middle of it."), *article())
    assert [edge.text for edge in edges(blocks)] == ["By the desk of the Harbour Post", BOX]
    assert edges(middle) == ()


@pytest.mark.parametrize("text", ["BBC News", "— — — — — — — — — — —", "x" * 301])
def test_names_ornaments_and_long_texts_are_none(text: str) -> None:
    assert edges(article(Paragraph(text))) == ()


def test_spellings_of_one_text_are_equal() -> None:
    assert mark(" Follow  the HARBOUR post, on all channels") == mark(BOX)
    assert mark("تابِعوا صحيفة المينـــاء على جميع المنصات") == mark(ARABIC_BOX)
    assert mark("Follow the Harbour Post on 3 channels.") != mark("Follow the Harbour Post on 4 channels.")
    assert letters("المينـــاء") == "الميناء"


@pytest.mark.parametrize(
    ("articles", "days", "of", "told"),
    [(4, 2, 4, True), (40, 1, 40, False), (3, 3, 3, False), (4, 2, 20, True), (4, 2, 21, False)],
)
def test_when_a_text_is_the_sites(articles: int, days: int, of: int, told: bool) -> None:
    assert is_repeated(BOX, articles, days, of) is told


@pytest.mark.parametrize(
    ("articles", "days", "of", "told"),
    [(4, 2, 4, False), (8, 2, 8, True), (8, 2, 14, False), (30, 9, 40, True)],
)
def test_a_text_as_long_as_a_paragraph_of_the_news_needs_most_articles(
    articles: int, days: int, of: int, told: bool
) -> None:
    assert is_repeated(LONG[:140], articles, days, of) is told


def without(blocks: tuple[Block, ...], learned: set[str]) -> tuple[Block, ...]:
    """Give what stays, when both parts together are the whole text."""
    left, aside = parted(blocks, learned)
    assert whole(left, aside) == blocks
    return left


@pytest.mark.parametrize("box", [BOX, ARABIC_BOX])
def test_it_is_taken_away_with_the_heading_above_it(box: str) -> None:
    blocks = article(Heading("Stay with us"), ListBlock((box,)), Paragraph("Sign up for our letters today."))
    learned = {mark(box), mark("Sign up for our letters today.")}
    assert without(blocks, learned) == article()
    assert without(blocks, {mark(box)}) == article(
        Heading("Stay with us"), Paragraph("Sign up for our letters today.")
    )


def test_what_lies_behind_one_that_was_taken_is_an_edge_then() -> None:
    boxes = [Paragraph(f"Box of the Harbour Post, number {n}") for n in range(9)]
    assert without(article(*boxes), {mark(block_text(b)) for b in boxes}) == article()


def test_the_same_words_in_the_middle_stay() -> None:
    blocks = (*article(), Paragraph(BOX), *article())
    assert without(blocks, {mark(BOX)}) == blocks


def test_nothing_is_taken_that_would_leave_an_article_empty() -> None:
    blocks = (Image("https://harbour.example/1.jpg"), Paragraph(BOX), Paragraph("Only this."))
    assert without(blocks, {mark(BOX)}) == blocks
    assert texts(without((Paragraph(LONG), Paragraph(BOX)), {mark(BOX)})) == [LONG.strip()]
