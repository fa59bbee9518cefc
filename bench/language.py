"""Measure how languages are told: whole sentences and their beginnings, with and without what is stated.

python -m bench.language --corpus FOLDER
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from daily8.news.language import of_article, of_block

CUTS = (0, 60, 30)
"""Characters that are left of a sentence; 0: all."""
SAME = {"no": "nb"}


@dataclass(slots=True)
class Told:
    """What sentences of one language were taken for, by their number of characters."""

    right: Counter[int] = field(default_factory=Counter)
    all: Counter[int] = field(default_factory=Counter)
    taken_for: Counter[str] = field(default_factory=Counter)


def sentences(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Give each language with its sentences."""
    for file in sorted((folder / "language" / "sentences").glob("*.txt")):
        yield file.stem, [line for row in file.read_text("utf-8").splitlines() if (line := row.strip())]


def alone(text: str, language: str) -> str:
    return of_article(text, "").language


def stated(text: str, language: str) -> str:
    return of_article(text, "", (language,)).language


def misstated(text: str, language: str) -> str:
    """Ask with the wrong language stated: the one that careless sites leave in their templates."""
    return of_article(text, "", ("en" if language != "en" else "de",)).language


def block(text: str, language: str) -> str:
    return of_block(text, language)


def foreign_block(text: str, language: str) -> str:
    return of_block(text, "en" if language != "en" else "ar")


WAYS: dict[str, Callable[[str, str], str]] = {
    "alone": alone,
    "stated": stated,
    "misstated": misstated,
    "block": block,
    "foreign block": foreign_block,
}


def tell(folder: Path, way: Callable[[str, str], str], step: int = 1) -> dict[str, Told]:
    """Ask of every sentence, or every ``step``-th, and of its beginnings."""
    found = {}
    for language, rows in sentences(folder):
        told = found[language] = Told()
        for row in rows[::step]:
            for cut in CUTS:
                answer = way(row[:cut] if cut else row, language)
                answer = SAME.get(answer, answer)
                told.all[cut] += 1
                told.right[cut] += answer == SAME.get(language, language)
                if answer != language and cut == CUTS[1]:
                    told.taken_for[answer or "nothing"] += 1
    return found


def share(told: dict[str, Told], cut: int, languages: Callable[[str], bool] = lambda name: True) -> float:
    """Give the share of right answers, each language counting the same."""
    shares = [each.right[cut] / each.all[cut] for name, each in told.items() if languages(name)]
    return sum(shares) / len(shares)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--corpus", type=Path, required=True)
    asked.add_argument("--verbose", action="store_true", help="print each language")
    given = asked.parse_args()
    console = Console(width=120)
    table = Table("way", *(f"{cut} characters" if cut else "whole" for cut in CUTS), "a processor-second")
    for name, way in WAYS.items():
        start = time.process_time()
        told = tell(given.corpus, way)
        speed = sum(each.all.total() for each in told.values()) / (time.process_time() - start)
        table.add_row(name, *(f"{share(told, cut):.3f}" for cut in CUTS), f"{speed:,.0f}")
        if given.verbose:
            for language, each in told.items():
                worst = [f"{each.right[cut] / each.all[cut]:.3f}" for cut in CUTS]
                if each.right[CUTS[1]] / each.all[CUTS[1]] < 0.98:
                    console.print(name, language, *worst, each.taken_for.most_common(4))
    console.print(table)


if __name__ == "__main__":
    main()
