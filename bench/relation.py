"""Measure the likeness of pairs and the ranking of related articles on the evaluation corpora.

python -m bench.relation                 (with the embedded model where it is installed in data/models)
python -m bench.relation --without-model
python -m bench.relation --speed

Pairs (SemEval-2022 task 8): Pearson of the score with ``(4 - overall) / 3``, by language; words' worth is
learned from all texts of the file, as the command does. *Folds* are the lowest and highest of five folds of
the formula as it stands. *Refitted* is what the same figures reach when their weights are fitted (ridge)
to four fifths and scored on the fifth; *from other languages*, when fitted to all other languages.

Ranking (ECB+, full texts without times): for each article all others are ranked. Gain is 2 for the same
`event`, 1 for the same `topic` (which holds two similar events), else 0; the discount is that of
``1 / log2(rank + 1)``, and what is missing among the ten gains nothing. A relation is right when
`same_event` is of the same event.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from daily8.ai.models import ModelNotInstalled
from daily8.ai.ports import Embedder
from daily8.ai.registry import open_embedder
from daily8.news.relation import (
    Features,
    Finder,
    Frequencies,
    Related,
    Subject,
    Traits,
    likeness,
    meaningful,
    rank,
    related,
    subject,
    traits_of,
    with_meaning,
)
from daily8.news.relation.likeness import enough
from daily8.news.reports import Report

CORPUS = Path(os.environ.get("DAILY8_CORPUS", "../shared/corpus"))
MODELS = Path(__file__).parents[1] / "data" / "models"
FOLDS, NEAR, TOP = 5, 200, 10

Numbers = npt.NDArray[np.float64]


def rows(path: Path) -> list[dict[str, Any]]:
    """Read a file of JSON lines."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def embedder() -> Embedder | None:
    """Open the embedded model where it is installed."""
    try:
        return open_embedder("minilm", MODELS, 2)
    except ModelNotInstalled:
        return None


@dataclass(frozen=True)
class Scored:
    """Pairs with what people and we say of them."""

    languages: list[str]
    gold: Numbers
    ours: Numbers
    features: list[Features]

    def of(self, language: str) -> npt.NDArray[np.intp]:
        return np.flatnonzero(np.array(self.languages) == language)


def score_pairs(path: Path, model: Embedder | None) -> Scored:
    """Score all pairs of the file, as ``daily8 similarity`` does."""
    pairs = rows(path)
    drawn = [[traits_of("", p[f"text{s}"], p[f"lang{s}"], grams=True) for s in (1, 2)] for p in pairs]
    frequencies = Frequencies(one for both in drawn for one in both)
    if model is not None:
        for pair, both in zip(pairs, drawn, strict=True):
            if pair["lang1"] == pair["lang2"] == "en":
                for side in (0, 1):
                    both[side] = _embedded(both[side], pair[f"text{side + 1}"], model)
    found = [likeness(one, other, frequencies) for one, other in drawn]
    return Scored(
        [p["lang1"] if p["lang1"] == p["lang2"] else f"{p['lang1']}-{p['lang2']}" for p in pairs],
        np.array([(4.0 - p["overall"]) / 3.0 for p in pairs]),
        np.array([each.score for each in found]),
        [each.features for each in found],
    )


def _embedded(drawn: Traits, text: str, model: Embedder) -> Traits:
    headline, whole = model.embed(meaningful(drawn, text)).tolist()
    return with_meaning(drawn, headline, whole)


def pearson(one: Numbers, other: Numbers) -> float:
    """Correlate two series."""
    return float(np.corrcoef(one, other)[0, 1])


def by_language(scored: Scored) -> dict[str, float]:
    """Give Pearson for each language or pair of languages."""
    return {
        language: pearson(scored.ours[at], scored.gold[at])
        for language in sorted(set(scored.languages))
        for at in (scored.of(language),)
    }


def folds_of(scored: Scored, language: str) -> list[float]:
    """Give Pearson of the formula as it stands on each of five folds."""
    at = scored.of(language)
    return [pearson(scored.ours[at[f::FOLDS]], scored.gold[at[f::FOLDS]]) for f in range(FOLDS)]


def _columns(scored: Scored) -> Numbers:
    def row(one: Features) -> list[float]:
        return [
            enough(one.words),
            enough(one.letters),
            one.headline,
            one.meaning_headline or 0.0,
            one.meaning_whole or 0.0,
        ]

    return np.array([row(one) for one in scored.features])


def _ridge(x: Numbers, y: Numbers, to: Numbers) -> Numbers:
    middle, spread = x.mean(0), x.std(0) + 1e-9
    z = (x - middle) / spread
    weights = np.linalg.solve(z.T @ z + 3.0 * np.eye(z.shape[1]), z.T @ (y - y.mean()))
    return np.asarray((to - middle) / spread @ weights + y.mean())


def refitted(scored: Scored, language: str) -> float:
    """Fit the weights to four fifths of a language and score the fifth, in turn."""
    at, x = scored.of(language), _columns(scored)
    guessed = np.zeros(len(at))
    for fold in range(FOLDS):
        held = np.arange(len(at)) % FOLDS == fold
        guessed[held] = _ridge(x[at[~held]], scored.gold[at[~held]], x[at[held]])
    return pearson(guessed, scored.gold[at])


def from_others(scored: Scored, language: str) -> float:
    """Fit the weights of words and headlines to all other languages, and score this one."""
    at, x = scored.of(language), _columns(scored)[:, :3]
    others = np.setdiff1d(np.arange(len(scored.gold)), at)
    return pearson(_ridge(x[others], scored.gold[others], x[at]), scored.gold[at])


@dataclass(frozen=True)
class Ranking:
    """Figures of the ranking; shares are 0 to 1."""

    ndcg_rank: float
    """Of the whole ranking, copies and all."""
    ndcg_related: float
    """Of what is given: without copies of the article or of one another."""
    same_event_precision: float
    same_event_recall: float
    """Among the ten given: how many of the same event are called so."""
    background_on_topic: float
    halves: tuple[float, float]
    """`ndcg_rank` of the topics in order, first and second half."""


def rank_all(path: Path, model: Embedder | None) -> Ranking:
    """Rank all other articles for each one, as ``daily8 related`` does."""
    texts = rows(path)
    subjects, finder = [], Finder()
    for number, each in enumerate(texts):
        drawn = subject(Report(each["id"], "", each["text"], "en"))
        if model is not None:
            drawn = Subject(drawn.report, _embedded(drawn.traits, each["text"], model))
        subjects.append(drawn)
        finder.add(number, drawn.traits)
    tally = [0, 0, 0, 0, 0]
    whole, given = [], []
    for number, each in enumerate(texts):
        near = [subjects[n] for n in finder.near(subjects[number].traits, NEAR) if n != number]
        gains = {other["id"]: _gain(each, other) for other in texts if other is not each}
        whole.append(_ndcg(rank(subjects[number], near, finder.frequencies)[:TOP], gains))
        best = related(subjects[number], near, finder.frequencies, TOP)
        given.append(_ndcg(best, gains))
        for one in best:
            right = gains[one.id] == 2
            if one.relation == "same_event":
                tally[0] += right
                tally[1] += not right
            else:
                tally[2] += right
                tally[3 if gains[one.id] else 4] += 1
    topics = sorted({int(each["topic"]) for each in texts})
    middle = topics[len(topics) // 2]
    first = [value for value, each in zip(whole, texts, strict=True) if int(each["topic"]) < middle]
    second = [value for value, each in zip(whole, texts, strict=True) if int(each["topic"]) >= middle]
    return Ranking(
        float(np.mean(whole)),
        float(np.mean(given)),
        tally[0] / (tally[0] + tally[1]),
        tally[0] / (tally[0] + tally[2]),
        tally[3] / (tally[3] + tally[4]),
        (float(np.mean(first)), float(np.mean(second))),
    )


def _gain(one: dict[str, Any], other: dict[str, Any]) -> int:
    if one["event"] == other["event"]:
        return 2
    return 1 if one["topic"] == other["topic"] else 0


def _ndcg(given: Sequence[Related], gains: dict[str, int]) -> float:
    ideal = sorted(gains.values(), reverse=True)[:TOP]
    got = [gains[one.id] for one in given]
    return _discounted(got) / _discounted(ideal)


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


WHO = ("mayor", "harbour board", "court", "ministry", "union", "bank", "museum", "team", "surgeon", "pilot")
DID = ("rejected", "opened", "postponed", "investigated", "bought", "closed", "praised", "lost", "sold")


def made_up(count: int) -> list[Subject]:
    """Make reports of invented places, by arithmetic: the same ones each time."""
    found = []
    for n in range(count):
        place = f"{'BDFGKLMNPRSTVZ'[n % 14]}{'aeiou'[n // 14 % 5]}{'lmnrst'[n // 70 % 6]}{n // 420}ia"
        who, did = WHO[n * 7 % 10], DID[n * 11 % 9]
        text = " ".join(
            f"The {WHO[(n * k + k) % 10]} of {place} {DID[(n + k) % 9]} plan {n * k % 977} in quarter {k}."
            for k in range(12)
        )
        found.append(subject(Report(str(n), f"{place} {who} {did} plan {n}", text, "en")))
    return found


def speed(console: Console, count: int = 20_000) -> None:
    """Tell what drawing, looking for and ranking take."""
    start = time.perf_counter()
    subjects = made_up(count)
    drawing = time.perf_counter() - start
    finder = Finder()
    for number, each in enumerate(subjects):
        finder.add(number, each.traits)
    targets = subjects[:: count // 50]
    finder.near(targets[0].traits)
    start = time.perf_counter()
    near = [finder.near(each.traits, NEAR) for each in targets]
    finding = (time.perf_counter() - start) / len(targets)
    times = []
    for _ in range(2):  # the lengths of vectors are remembered from the first
        start = time.perf_counter()
        for target, found in zip(targets, near, strict=True):
            rank(target, [subjects[n] for n in found], finder.frequencies)
        times.append((time.perf_counter() - start) / len(targets))
    console.print(f"drawing: {count / drawing:.0f} reports a second ({count} reports)")
    console.print(f"finding {NEAR} of {count}: {finding * 1000:.1f} ms")
    console.print(f"ranking {NEAR}: {times[0] * 1000:.1f} ms, again {times[1] * 1000:.1f} ms")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Measure likeness and relations.")
    parser.add_argument("--without-model", action="store_true")
    parser.add_argument("--speed", action="store_true")
    arguments = parser.parse_args()
    console = Console()
    if arguments.speed:
        speed(console)
        return
    model = None if arguments.without_model else embedder()
    console.print("With the embedded model for English." if model else "Without a model.")
    scored = score_pairs(CORPUS / "similarity" / "semeval2022_pairs.jsonl", model)
    table = Table("language", "pairs", "Pearson", "folds", "refitted", "from other languages")
    for language, figure in by_language(scored).items():
        folds = folds_of(scored, language) if len(scored.of(language)) >= 40 else []
        shown = f"{min(folds):.2f} to {max(folds):.2f}" if folds else ""
        more = [f"{fit(scored, language):.3f}" for fit in (refitted, from_others)]
        table.add_row(language, str(len(scored.of(language))), f"{figure:.3f}", shown, *more)
    console.print(table)
    console.print(f"all pairs together: {pearson(scored.ours, scored.gold):.3f}")
    for name, value in vars(rank_all(CORPUS / "stories" / "ecbplus_texts.jsonl", model)).items():
        console.print(name, value)


if __name__ == "__main__":
    main()
