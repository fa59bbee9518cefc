"""Floors under extraction from real pages: they may only rise."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.pages import Tally, judge, ours, pages, summary

pytestmark = pytest.mark.corpus

FLOORS = {"title": 0.80, "text_f1": 0.96, "text_90": 0.93, "authors": 0.83, "published": 0.94, "image": 0.85}
"""On every third page of the corpus; all pages are measured by ``bench/pages.py``."""


def test_extraction_keeps_its_floors(corpus: Path) -> None:
    folder = corpus / "pages" / "publishers"
    if not folder.is_dir():
        pytest.skip(f"no pages of publishers at {folder}")
    tally = Tally()
    for number, page in enumerate(pages(folder)):
        if number % 3 == 0:
            tally.scores.append(judge(page.expected, ours(page)))
    figures = summary(tally)
    assert figures["pages"] == 86
    below = {name: figures[name] for name, floor in FLOORS.items() if (figures[name] or 0.0) < floor}
    assert not below, f"below the floor: {below}"
