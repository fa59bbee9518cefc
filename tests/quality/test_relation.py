"""Floors under likeness and relations: they may only rise."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import relation

pytestmark = [pytest.mark.corpus, pytest.mark.timeout(600)]

PAIRS = {"en": 0.81, "ar": 0.40, "de": 0.67, "de-en": 0.66, "es": 0.75, "pl": 0.77, "tr": 0.78}
"""Pearson without a model. Arabic has 47 pairs only, some of which hold no article."""
PAIRS_WITH_MODEL = {"en": 0.86}
RANKING = {
    "ndcg_rank": 0.965,
    "ndcg_related": 0.96,
    "same_event_precision": 0.92,
    "same_event_recall": 0.70,
    "background_on_topic": 0.93,
}


def assert_above(figures: dict[str, float], floors: dict[str, float]) -> None:
    below = {name: figures[name] for name, floor in floors.items() if figures[name] < floor}
    assert not below, f"below the floor: {below}"


def _file(corpus: Path, name: str) -> Path:
    path = corpus / name
    if not path.is_file():
        pytest.skip(f"there is no {path}")
    return path


def test_likeness_of_pairs_keeps_its_floors(corpus: Path) -> None:
    scored = relation.score_pairs(_file(corpus, "similarity/semeval2022_pairs.jsonl"), None)
    assert len(scored.gold) == 732
    assert_above(relation.by_language(scored), PAIRS)
    assert relation.pearson(scored.ours, scored.gold) > 0.72


def test_likeness_with_the_embedded_model_keeps_its_floor(corpus: Path) -> None:
    model = relation.embedder()
    if model is None:
        pytest.skip(f"no model is installed in {relation.MODELS}")
    scored = relation.score_pairs(_file(corpus, "similarity/semeval2022_pairs.jsonl"), model)
    assert_above(relation.by_language(scored), PAIRS_WITH_MODEL)


def test_ranking_keeps_its_floors(corpus: Path) -> None:
    assert_above(vars(relation.rank_all(_file(corpus, "stories/ecbplus_texts.jsonl"), None)), RANKING)
