"""Floors under the names found in labelled texts of our own: they may only rise."""

from __future__ import annotations

import pytest

from bench.entities import labelled, measure

FLOORS = {
    "en": {"precision": 0.97, "recall": 0.96, "kind": 0.96},
    "ar": {"precision": 0.96, "recall": 0.95, "kind": 0.95},
    "other": {"precision": 0.90, "recall": 0.80, "kind": 0.90},
}


def test_there_are_enough_texts() -> None:
    texts = list(labelled())
    assert len(texts) >= 40
    assert sum(one.language == "ar" for one in texts) >= 20
    assert all(one.text and one.names for one in texts)


@pytest.mark.parametrize("language", FLOORS)
def test_names_keep_their_floors(language: str) -> None:
    figures = measure(labelled())[language].figures()["all"]
    below = {name: figures[name] for name, floor in FLOORS[language].items() if figures[name] < floor}
    assert not below
