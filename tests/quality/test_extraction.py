"""Floors under extraction from real pages: they may only rise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bench import pages as publishers
from bench import readability

pytestmark = pytest.mark.corpus

FLOORS = {
    "title": 0.83,
    "title_f1": 0.95,
    "text_f1": 0.97,
    "text_90": 0.95,
    "authors": 0.83,
    "published": 0.96,
    "image": 0.86,
}
"""On every third page of the publishers; all pages are measured by ``bench/pages.py``."""
READABILITY_FLOORS = {
    "text": 0.955,
    "ratio": 0.95,
    "title_strict": 0.82,
    "title": 0.88,
    "byline": 0.90,
    "excerpt": 0.94,
    "siteName": 0.98,
    "lang": 0.99,
    "dir": 0.99,
    "publishedTime": 0.99,
    "metadata": 0.945,
}
"""On every third page of Readability's; all are measured by ``bench/readability.py``."""


def assert_above(figures: Mapping[str, float | int | None], floors: dict[str, float]) -> None:
    below = {name: figures[name] for name, floor in floors.items() if (figures[name] or 0.0) < floor}
    assert not below, f"below the floor: {below}"


def test_extraction_keeps_its_floors(corpus: Path) -> None:
    folder = corpus / "pages" / "publishers"
    if not folder.is_dir():
        pytest.skip(f"no pages of publishers at {folder}")
    tally = publishers.Tally()
    for number, page in enumerate(publishers.pages(folder)):
        if number % 3 == 0:
            tally.scores.append(publishers.judge(page.expected, publishers.ours(page)))
    figures = publishers.summary(tally)
    assert figures["pages"] == 86
    assert_above(figures, FLOORS)


def test_content_and_metadata_keep_their_floors(corpus: Path) -> None:
    folder = corpus / "pages" / "readability"
    if not folder.is_dir():
        pytest.skip(f"no pages of Readability at {folder}")
    rows = [
        {**readability.judge(page, readability.ours(page)), "seconds": 1.0}
        for number, page in enumerate(readability.pages(folder))
        if number % 3 == 0
    ]
    figures = readability.summary(rows)
    assert figures["pages"] == 44
    assert_above(figures, READABILITY_FLOORS)


def test_scripts_and_halves_are_told_apart() -> None:
    assert [publishers.script_of(t) for t in ("harbour", "الميناء", "порт", "נמל", "港湾", "항구", "12")] == (
        ["Latin", "Arabic", "Cyrillic", "Hebrew", "CJK", "CJK", "other"]
    )
    halves = {country: publishers.half_of(country) for country in ("at", "de", "uk", "us", "za", "jp")}
    assert set(halves.values()) == {"half 1", "half 2"}
