"""Floors under knowing copies: they may only rise."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import copies, perturbed, unlike

RECALL, PRECISION = 0.97, 0.995
STRENGTH = 0.94
"""Of each strength of a kind; the strongest are harder than the mean."""
BASES = [base for base in perturbed.sample() if len(base.text.split()) >= perturbed.LEAST]


@pytest.mark.parametrize("language", copies.LANGUAGES)
@pytest.mark.parametrize("kind", perturbed.KINDS)
def test_copies_of_each_kind_are_known(kind: str, language: str) -> None:
    bases = [base for base in BASES if base.language == language]
    assert len(bases) >= 60
    total = copies.Score()
    for strength in range(perturbed.KINDS[kind][1]):
        score, failed = copies.recall_of(bases, kind, strength)
        assert score.recall >= STRENGTH, failed
        total.add(score)
    assert total.recall >= RECALL
    assert total.precision >= PRECISION


@pytest.mark.parametrize("language", copies.LANGUAGES)
@pytest.mark.parametrize("kind", unlike.KINDS)
def test_what_only_looks_like_a_copy_is_none(kind: str, language: str) -> None:
    pairs, false, failed = copies.alarms_of(BASES, kind, language)
    assert pairs >= 12
    assert false <= pairs // 30, failed


def test_reports_of_one_event_are_no_copies() -> None:
    assert copies.same_event_alarms(BASES) == []


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "least", "same"), [("ecbplus_texts", 20, 1.0), ("olympics_titles", 1000, 0.975)]
)
def test_copies_in_the_world_are_of_one_story(corpus: Path, name: str, least: int, same: float) -> None:
    if not (corpus / "stories" / f"{name}.jsonl").is_file():
        pytest.skip(f"no {name} at {corpus / 'stories'}")
    rows, found = copies.corpus_copies(corpus, name)
    assert len(found) >= least
    assert sum(rows[copy.seq][1] == rows[copy.of][1] for copy in found) / len(found) >= same
