"""Floors under categories: they may only rise."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import categories, not_news

FLOORS = {"MasakhaNEWS en": 0.82, "MasakhaNEWS fr": 0.75, "ANT ar": 0.79}
"""Macro-F1 by title and text alone, with nothing learned."""


@pytest.mark.corpus
def test_categories_keep_their_floors(corpus: Path) -> None:
    folder = corpus / "categories"
    if not folder.is_dir():
        pytest.skip(f"no categories at {folder}")
    counts = {"MasakhaNEWS en": 472, "MasakhaNEWS fr": 211, "ANT ar": 1257}
    for read in categories.corpora(folder):
        assert len(read.items) == counts[read.name]
        found = categories.judge(read, categories.ours(read))[0]
        assert found >= FLOORS[read.name], f"{read.name}: {found:.3f} is below the floor"
        keywords = categories.judge(read, categories.keywords(read))[0]
        assert found > keywords + 0.05


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_is_no_news_keeps_its_floors(language: str) -> None:
    assert (
        len(not_news.titles(not_news.NOT_NEWS, language))
        == len(not_news.titles(not_news.NEWS, language))
        == 32
    )
    precision, recall, wrong = not_news.figures(language)
    assert precision >= 0.96, wrong
    assert recall >= 0.96, wrong


def test_macro_f1_is_the_mean_over_the_classes_that_there_are() -> None:
    mean, each = categories.macro_f1([("a", "a"), ("a", "b"), ("b", "b"), ("b", "c")])
    assert each == {"a": pytest.approx(2 / 3), "b": pytest.approx(0.5)}
    assert mean == pytest.approx(7 / 12)
