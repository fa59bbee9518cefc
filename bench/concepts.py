"""Measure what concepts alone tell of one event in two languages.

python -m bench.concepts             (links of the Olympics stream; --ablation: also without each ingredient)
python -m bench.concepts --pairs     (Pearson with what people said of pairs of articles)
python -m bench.concepts --speed     (titles a second)

A link is the likest earlier report of another language within 72 hours; of another *script* where it says
so. Recall counts the reports that have a report of their story there. Titles only; nothing is learned.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from daily8.news.concepts import KINDS, concepts
from daily8.news.concepts.likeness import Rarity, Weighed, likeness
from daily8.news.reports import Report, read_report

CORPUS = Path(os.environ.get("DAILY8_CORPUS", "../shared/corpus"))
WINDOW = 72 * 3600.0
PRECISION = 0.7
FEWEST = 10
SCRIPTS = {"ar": "Arabic", "ru": "Cyrillic"}
Link = tuple[float, bool, str]


def stream() -> list[tuple[Report, str]]:
    """Read the Olympics titles with their stories, in time order, without the eight in Chinese."""
    lines = (CORPUS / "stories/olympics_titles.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [(report, str(row["story"])) for row in rows if (report := read_report(row)).language != "zh"]


def script(report: Report) -> str:
    return SCRIPTS.get(report.language, "Latin")


def seconds(report: Report) -> float:
    return report.time.timestamp() if report.time else 0.0


def links(
    rows: Sequence[tuple[Report, str]], kinds: Sequence[str]
) -> tuple[dict[str, list[Link]], Counter[str]]:
    """Give the best link of each report by pair of scripts, and how many could be found."""
    rarity, taken = Rarity(), list[Weighed]()
    places: defaultdict[str, list[int]] = defaultdict(list)
    earlier: defaultdict[str, list[int]] = defaultdict(list)
    found: defaultdict[str, list[Link]] = defaultdict(list)
    possible: Counter[str] = Counter()
    for at, (report, story) in enumerate(rows):
        here = concepts(report.title, "", report.language, kinds)
        rarity.add(here, report.language)
        mine = rarity.weigh(here, report.language)
        best: dict[str, tuple[float, int]] = {}
        for other in {each for key in here for each in recent(places[key], rows, report)}:
            pair = script(rows[other][0]) + " < " + script(report)
            hours = (seconds(report) - seconds(rows[other][0])) / 3600
            best[pair] = max(best.get(pair, (0.0, 0)), (likeness(mine, taken[other], hours), other))
        for pair, (score, other) in best.items():
            found[pair].append((score, rows[other][1] == story, pair))
        near = recent(earlier[story], rows, report)
        possible.update({script(rows[other][0]) + " < " + script(report) for other in near})
        taken.append(mine)
        earlier[story].append(at)
        for key in here:
            places[key].append(at)
    return found, possible


def recent(places: Sequence[int], rows: Sequence[tuple[Report, str]], report: Report) -> Iterator[int]:
    for other in reversed(places):
        if seconds(report) - seconds(rows[other][0]) > WINDOW:
            return
        if rows[other][0].language != report.language:
            yield other


def recall(found: Sequence[Link], possible: int, precision: float = PRECISION) -> tuple[float, float]:
    """Give the greatest recall at a precision, and the threshold that gives it."""
    right, best = 0, (0.0, 1.0)
    for count, (score, true, _) in enumerate(sorted(found, reverse=True), 1):
        right += true
        if count >= FEWEST and right / count >= precision:
            best = (right / max(1, possible), score)
    return best


def across(console: Console, ablation: bool) -> None:
    rows = stream()
    table = Table(
        "ingredients", "scripts", "could be linked", "recall", "threshold", title=f"at precision {PRECISION}"
    )
    trials = [KINDS, *(tuple(each for each in KINDS if each != left) for left in KINDS if ablation)]
    for kinds in trials:
        found, possible = links(rows, kinds)
        merged = {
            "across scripts": [pair for pair in found if len(set(pair.split(" < "))) == 2],
            "Latin < Latin": ["Latin < Latin"],
        }
        if kinds == KINDS:
            merged |= {pair: [pair] for pair in sorted(found) if pair != "Latin < Latin"}
        for name, pairs in merged.items():
            count = sum(possible[pair] for pair in pairs)
            value, threshold = recall([link for pair in pairs for link in found[pair]], count)
            left = ", ".join(set(KINDS) - set(kinds))
            table.add_row(
                f"without {left}" if left else "all", name, str(count), f"{value:.3f}", f"{threshold:.2f}"
            )
    console.print(table)


def pearson(one: Sequence[float], other: Sequence[float]) -> float:
    a, b = sum(one) / len(one), sum(other) / len(other)
    top = sum((x - a) * (y - b) for x, y in zip(one, other, strict=True))
    return top / math.sqrt(sum((x - a) ** 2 for x in one) * sum((y - b) ** 2 for y in other) or 1.0)


def pairs(console: Console) -> None:
    """Compare the cosine of concepts with what people said, by pair of languages."""
    lines = (CORPUS / "similarity/semeval2022_pairs.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    sides = [
        [concepts(row[f"text{n}"][:150], row[f"text{n}"][150:], row[f"lang{n}"]) for n in (1, 2)]
        for row in rows
    ]
    rarity = Rarity()
    for row, two in zip(rows, sides, strict=True):
        for n, side in enumerate(two, 1):
            rarity.add(side, row[f"lang{n}"])
    told: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for row, two in zip(rows, sides, strict=True):
        one, other = (rarity.weigh(side, row[f"lang{n}"]) for n, side in enumerate(two, 1))
        dot = sum(one.weights[key] * other.weights[key] for key in one.weights.keys() & other.weights.keys())
        cosine = dot / ((one.norm * other.norm) or 1.0)
        told[f"{row['lang1']} {row['lang2']}"].append((cosine, -row["overall"]))
    table = Table("languages", "pairs", "Pearson")
    for name, values in sorted(told.items()):
        table.add_row(name, str(len(values)), f"{pearson(*zip(*values, strict=True)):.3f}")
    console.print(table)


def speed(console: Console) -> None:
    rows = [report for report, _ in stream()]
    run: Callable[[], object] = lambda: [concepts(each.title, "", each.language) for each in rows]  # noqa: E731
    for name in ("first", "again"):
        start = time.process_time()
        run()
        console.print(f"{name}: {len(rows) / (time.process_time() - start):.0f} titles a processor-second")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--ablation", action="store_true")
    asked = parser.parse_args()
    console = Console(width=110)
    if asked.pairs:
        pairs(console)
    elif asked.speed:
        speed(console)
    else:
        across(console, asked.ablation)


if __name__ == "__main__":
    main()
