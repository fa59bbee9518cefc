"""Floors under likeness by words: they may only rise."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.vectors import pearson
from daily8.ai.registry import open_embedder

FLOORS = {"ar": 0.45, "de": 0.42, "en": 0.72, "es": 0.62, "pl": 0.62, "tr": 0.73}
"""Pearson by language; languages with fewer than forty pairs are left out (``bench/vectors.py``)."""


@pytest.mark.corpus
def test_likeness_by_words_keeps_its_floors(corpus: Path) -> None:
    file = corpus / "similarity" / "semeval2022_pairs.jsonl"
    if not file.is_file():
        pytest.skip(f"no pairs at {file}")
    found, _ = pearson(open_embedder("lexical", Path()), file)
    below = {name: found[name][0] for name, floor in FLOORS.items() if found[name][0] < floor}
    assert not below, f"below the floor: {below}"
