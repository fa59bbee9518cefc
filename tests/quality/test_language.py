"""Floors under telling languages: they may only rise."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import language

pytestmark = pytest.mark.corpus

FLOORS = {
    "alone": {0: 0.985, 60: 0.97, 30: 0.94},
    "stated": {0: 0.99, 60: 0.985, 30: 0.98},
    "misstated": {0: 0.98, 60: 0.96, 30: 0.915},
}
"""Mean over 38 languages, by characters left of a sentence (0: all), on every third of them."""


@pytest.mark.parametrize("way", FLOORS)
def test_languages_keep_their_floors(corpus: Path, way: str) -> None:
    if not (corpus / "language" / "sentences").is_dir():
        pytest.skip(f"no sentences at {corpus / 'language' / 'sentences'}")
    told = language.tell(corpus, language.WAYS[way], step=3)
    assert len(told) == 38
    below = {
        cut: language.share(told, cut)
        for cut in language.CUTS
        if language.share(told, cut) < FLOORS[way][cut]
    }
    assert not below, f"below the floor: {below}"
