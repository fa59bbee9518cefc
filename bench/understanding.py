"""Measure the whole of understanding an article: articles a second on some processes, and where time goes.

    python -m bench.understanding [--processes 2] [--articles 1000] [--minilm]

Articles are the sample newsroom's, strung together to some 3,000 characters and varied by names and numbers,
so that no two are copies; half of them are in Arabic. Each process does what the product does with an
article: its language, whether it is a copy, its embedding (title and beginning; English by MiniLM where
that is installed in ``data/models``, the rest by words), entities, hashtags, category, story and related
articles. Stories and copies have one process in the product, so the sum for two processes is what two
machines' cores do, not what one assigner must.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.table import Table

from daily8.ai.ports import Embedder
from daily8.ai.registry import open_embedder
from daily8.news import language
from daily8.news.categories import classify
from daily8.news.concepts import concepts
from daily8.news.copies import LiveCopies
from daily8.news.entities import entities
from daily8.news.hashtags import hashtags
from daily8.news.relation import Finder, Subject, related, subject
from daily8.news.reports import Report
from daily8.news.stories.live import LiveStories
from daily8.replay.newsroom import press

TEXT = 3_000
OPENING = 280
"""Characters of title and text that are embedded: some 64 tokens."""
MODELS = Path("data/models")
RELATED_TO = 200
"""Candidates that are ranked."""
WARM = 60
"""Articles before the clock starts: tables are read, and models opened."""
_T = TypeVar("_T")
_TAG = re.compile(r"<[^>]+>")
_NUMBER = re.compile(r"\d+")


def made_up(count: int, seed: int) -> Iterator[Report]:
    """Give articles of a title and `TEXT` characters, no two of the same sentences."""
    chance = random.Random(seed)
    by_language: dict[str, list[tuple[dict[str, Any], list[str]]]] = {"en": [], "ar": []}
    for row in press.rows():
        parts = [_TAG.sub("", part).strip() for part in row["html"].split("</p>")]
        spoken = row["lang"][:2]
        if spoken in by_language and any(parts):
            by_language[spoken].append((row, [part for part in parts if part]))
    start = datetime(2026, 5, 4, tzinfo=UTC)
    for n in range(count):
        told = by_language[("en", "ar")[n % 2]]
        row, own = chance.choice(told)
        text = "\n\n".join(own)
        while len(text) < TEXT:
            text += "\n\n" + chance.choice(chance.choice(told)[1])
        text = _NUMBER.sub(lambda _: str(chance.randrange(2, 4_000)), text)
        words = text[:TEXT].split(" ")
        for at in range(chance.randrange(12), len(words), 12):
            words[at] = chance.choice(words)
        title = f"{row['title']} {' '.join(chance.sample(words, 2))}"
        time = start + timedelta(minutes=n)
        address = f"https://{row['publisher']}.example/{n}"
        yield Report(str(n), title, " ".join(words), row["lang"][:2], time, row["publisher"], address)


class Line:
    """All that understands an article, and the seconds that each part has spent."""

    def __init__(self, minilm: bool) -> None:
        self.words = open_embedder("lexical", MODELS)
        self.english: Embedder = open_embedder("minilm", MODELS) if minilm else self.words
        self.copies, self.stories, self.finder = LiveCopies(), LiveStories(concepts=concepts), Finder()
        self.subjects: list[Subject] = []
        self.spent: dict[str, float] = {}

    def timed(self, part: str, work: Callable[[], _T]) -> _T:
        """Do a part of the work, and note its processor time."""
        began = time.process_time()
        found = work()
        self.spent[part] = self.spent.get(part, 0.0) + time.process_time() - began
        return found

    def understand(self, report: Report, seq: int) -> None:
        """Do with one article what the product does."""
        spoken = self.timed(
            "language", lambda: language.of_article(report.title, report.text, [report.language])
        )
        self.timed("copies", lambda: self.copies.place(report, seq))
        embedder = self.english if spoken.language == "en" else self.words
        opening = f"{report.title}\n{report.text}"[:OPENING]
        self.timed("embedding", lambda: embedder.embed([opening]))
        named = self.timed("entities", lambda: entities(report))
        self.timed("hashtags", lambda: hashtags(report, named))
        self.timed("category", lambda: classify(report))
        self.timed("story", lambda: self.stories.assign(report, seq))
        self.timed("relations", lambda: self._relate(report))

    def _relate(self, report: Report) -> None:
        own = subject(report)
        near = self.finder.near(own.traits, RELATED_TO)
        related(own, [self.subjects[n] for n in near], self.finder.frequencies)
        self.finder.add(len(self.subjects), own.traits)
        self.subjects.append(own)


def run(told: tuple[int, int, bool]) -> tuple[int, float, dict[str, float]]:
    """Understand articles in this process: their number, the seconds that passed, and those of each part."""
    count, seed, minilm = told
    line = Line(minilm)
    reports = [*made_up(count + WARM, seed)]
    for seq, report in enumerate(reports[:WARM]):
        line.understand(report, seq)
    line.spent.clear()
    began = time.perf_counter()
    for seq, report in enumerate(reports[WARM:], start=WARM):
        line.understand(report, seq)
    return count, time.perf_counter() - began, line.spent


def show(found: Sequence[tuple[int, float, dict[str, float]]], console: Console) -> None:
    """Print the speeds, and the parts by what they cost."""
    articles = sum(count for count, _, _ in found)
    table = Table("part", "ms an article", "articles a processor-second", "share")
    parts = {part: sum(spent[part] for _, _, spent in found) for part in found[0][2]}
    whole = sum(parts.values())
    for part, spent in sorted([*parts.items(), ("all", whole)], key=lambda one: -one[1]):
        figures = (f"{spent / articles * 1e3:.2f}", f"{articles / spent:,.0f}", f"{spent / whole:.0%}")
        table.add_row(part, *figures)
    console.print(table)
    passing = sum(count / seconds for count, seconds, _ in found)
    console.print(f"{passing:.1f} articles a second on {len(found)} processes, by the clock")
    console.print(f"{articles / whole * len(found):.1f} by processor time")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--articles", type=int, default=1_000, help="of each process")
    parser.add_argument("--minilm", action="store_true", help="embed English by MiniLM, which is installed")
    told = parser.parse_args()
    with multiprocessing.get_context("spawn").Pool(told.processes) as pool:
        found = pool.map(
            run, [(told.articles, seed, told.minilm) for seed in range(told.processes)], chunksize=1
        )
    show(found, Console())


if __name__ == "__main__":
    main()
