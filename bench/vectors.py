"""Measure vectors: how well likeness of pairs is told by language, and what the index of the store gives.

python -m bench.vectors                  (pairs of the corpus at DAILY8_CORPUS; --provider minilm for others)
python -m bench.vectors --index 100000   (made-up vectors in a database of their own, 512 dimensions)
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
from rich.console import Console
from rich.table import Table

from daily8.ai.models import ModelNotInstalled
from daily8.ai.ports import Embedder
from daily8.ai.registry import open_embedder

MODELS = Path(__file__).parents[1] / "data" / "models"
ROUNDS = 50
DAYS = 365


def pearson(embedder: Embedder, file: Path) -> tuple[dict[str, tuple[float, int]], float]:
    """Give the correlation of likeness with the judges' by language, with the pairs; and texts/s."""
    found: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    taken = texts = 0.0
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["lang1"] != row["lang2"]:
            continue
        start = time.process_time()
        first, second = embedder.embed([row["text1"], row["text2"]])
        taken, texts = taken + time.process_time() - start, texts + 2
        found[row["lang1"]].append((float(first @ second), -float(row["overall"])))
    return {language: (_correlation(found[language]), len(found[language])) for language in sorted(found)}, (
        texts / taken
    )


def _correlation(pairs: list[tuple[float, float]]) -> float:
    ours, theirs = np.array(pairs).T
    return float(np.corrcoef(ours, theirs)[0, 1])


def similarity(console: Console, file: Path, names: Sequence[str]) -> None:
    table = Table("recipe", "texts/s", "by language: Pearson (pairs)")
    for name in names:
        try:
            embedder = open_embedder(name, MODELS)
        except ModelNotInstalled as error:
            console.print(str(error))
            continue
        by, rate = pearson(embedder, file)
        said = ", ".join(f"{language} {value:.3f} ({count})" for language, (value, count) in by.items())
        table.add_row(embedder.recipe.key, f"{rate:.0f}", said)
    console.print(table)


def made_up(count: int, dimensions: int) -> Iterator[np.ndarray[tuple[int], np.dtype[np.float32]]]:
    """Make vectors that lie in clouds of twenty, as articles of stories do."""
    chance = np.random.default_rng(8)
    for number in range(count):
        if number % 20 == 0:
            middle = chance.standard_normal(dimensions)
        vector = middle + 0.7 * chance.standard_normal(dimensions)
        yield (vector / np.linalg.norm(vector)).astype(np.float32)


def index(console: Console, count: int, dimensions: int = 512) -> None:
    """Fill a store and ask it for the nearest, with the index and without."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ |= {"DAILY8_DATA": folder, "DJANGO_SETTINGS_MODULE": "daily8.conf.settings"}
        from daily8.cli.start import database

        with database(migrate=True):
            _measure(console, count, dimensions)


def _measure(console: Console, count: int, dimensions: int) -> None:
    from daily8.store import sources, vectors
    from daily8.store.models import Article, Source
    from daily8.store.sources import NewSource
    from daily8.store.vectors import Made

    now = datetime(2026, 6, 1, tzinfo=UTC)
    feed = "https://post.example/feed.xml"
    sources.add([NewSource(feed, feed, "post.example", "post.example", "Post")], due={feed: now})
    source = Source.objects.get()
    recipe = vectors.want([Made("made-up 1", dimensions)], now).wanted.parts[0].id
    points, start = made_up(count, dimensions), time.perf_counter()
    step = timedelta(days=DAYS) / count
    for first in range(0, count, 1000):
        rows = Article.objects.bulk_create(
            Article(
                publisher=source.publisher,
                source=source,
                key=str(number),
                published_at=now - step * number,
                arrived_at=now,
            )
            for number in range(first, min(first + 1000, count))
        )
        keys = [row.key for row in rows]
        stored = Article.objects.filter(key__in=keys).order_by("id")
        vectors.write((row.id, recipe, next(points).tolist(), "", row.published_at) for row in stored)
    console.print(f"{count} vectors written, {count / (time.perf_counter() - start):.0f} a second")
    asked = [
        point.tolist()
        for number, point in enumerate(made_up(count, dimensions))
        if number % (count // ROUNDS) == 7
    ]
    whole: dict[str, list[set[UUID]]] = {}
    week: dict[str, list[set[UUID]]] = {}
    for label in ("without an index", "with it"):
        if label == "with it":
            start = time.perf_counter()
            vectors.index(1)
            console.print(f"index made in {time.perf_counter() - start:.0f} s")
        for span, since, kept in (("ever", None, whole), ("7 days", now - timedelta(days=7), week)):
            start = time.perf_counter()
            found = [{one.article for one in vectors.nearest(v, recipe, 20, since=since)} for v in asked]
            taken = 1000 * (time.perf_counter() - start) / len(asked)
            kept[label] = found
            truth = kept["without an index"]
            recall = sum(len(a & b) for a, b in zip(found, truth, strict=True)) / sum(map(len, truth))
            console.print(f"{label}, {span}: {taken:.1f} ms a search, recall of 20 {recall:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=int, default=0, metavar="N")
    parser.add_argument("--provider", action="append", default=[])
    arguments = parser.parse_args()
    wanted: int = arguments.index
    console = Console(width=150)
    if wanted:
        index(console, wanted)
    else:
        corpus = Path(os.environ.get("DAILY8_CORPUS", "../shared/corpus"))
        similarity(
            console, corpus / "similarity" / "semeval2022_pairs.jsonl", arguments.provider or ["lexical"]
        )


if __name__ == "__main__":
    main()
