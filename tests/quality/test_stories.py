"""Floors under stories: they may only rise. All corpora with one set of defaults."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import stories

pytestmark = pytest.mark.corpus

FLOORS = {
    "Olympics, whole stream": 0.64,
    "Olympics, en": 0.73,
    "Olympics, es": 0.67,
    "Olympics, pt": 0.70,
    "Olympics, fr": 0.75,
    "Olympics, ru": 0.67,
    "ECB+ texts": 0.83,
    "UCI headlines": 0.65,
}
"""B-cubed F1."""
CROSSING = {
    "Olympics, pairs of other language": (0.68, 0.12),
    "Olympics, pairs of other script": (0.60, 0.085),
}
"""Precision and recall."""
LARGEST_FALSE = 80


def test_stories_keep_their_floors(corpus: Path) -> None:
    folder = corpus / "stories"
    if not folder.is_dir():
        pytest.skip(f"no corpora of stories at {folder}")
    rows, false = stories.quality(folder)
    found = {row.about: row for row in rows}
    assert set(found) == {*FLOORS, *CROSSING}
    below = {about: found[about].f1 for about, floor in FLOORS.items() if (found[about].f1 or 0.0) < floor}
    assert not below
    for about, (precision, recall) in CROSSING.items():
        assert (found[about].precision >= precision, found[about].recall >= recall) == (True, True), found[
            about
        ]
    assert max(false.values()) <= LARGEST_FALSE


def test_b_cubed_is_that_of_the_paper() -> None:
    precision, recall, f1 = stories.b_cubed("AAAAABBCCCCC", [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2])
    assert precision == pytest.approx(0.762, abs=0.001)
    assert recall == 1.0
    assert f1 == pytest.approx(2 * precision / (precision + 1))
    assert stories.largest_false("AAB", [1, 1, 1]) == 1
