"""Measure stories: how well reports are put together, how fast, and what it costs when many are live.

python -m bench.stories [--quick]        (--quick leaves the speeds out)

The corpora are found through ``DAILY8_CORPUS``. One set of defaults serves all of them.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.pages import corpus
from daily8.news.concepts import concepts
from daily8.news.reports import Report, read_report
from daily8.news.stories.live import LiveStories
from daily8.news.stories.placing import Placing

LEAST_TITLES = 300
"""Of a language that has a row of its own."""
OTHER_SCRIPTS = frozenset({"ar", "ru"})
NOT_LATIN = OTHER_SCRIPTS | {"zh"}
LEDE = 600
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Gold:
    """Reports in the order of time, each with the story that people put it into."""

    reports: list[Report]
    stories: list[str]


def olympics(folder: Path) -> Gold:
    """Read the stream of titles in nine languages."""
    return _read(folder / "olympics_titles.jsonl", "story")


def ecb(folder: Path) -> Gold:
    """Read full texts of events that are easily taken for each other."""
    return _read(folder / "ecbplus_texts.jsonl", "event")


def headlines(folder: Path) -> Gold:
    """Read English headlines; their times would give the stories away and are dropped."""
    return _read(folder / "google_news_headlines.jsonl", "story")


def _read(file: Path, story: str) -> Gold:
    rows: list[tuple[Report, str]] = []
    for line in file.read_text("utf-8").splitlines():
        told: dict[str, Any] = json.loads(line)
        rows.append((read_report(told), str(told[story])))
    if all(report.time for report, _ in rows):
        rows.sort(key=lambda row: row[0].time or datetime.min.replace(tzinfo=UTC))
    return Gold([report for report, _ in rows], [story for _, story in rows])


def cluster(reports: Sequence[Report], live: LiveStories | None = None) -> list[int]:
    """Give the story of each report, decided as it came."""
    if live is not None:
        return [live.assign(report, seq).story for seq, report in enumerate(reports)]
    placing = Placing(concepts=concepts)
    return [placing.assign(report, seq).decision.story for seq, report in enumerate(reports)]


def b_cubed(gold: Iterable[Any], found: Iterable[Any]) -> tuple[float, float, float]:
    """Give precision, recall and F1 (Bagga and Baldwin 1998)."""
    pairs = [*zip(gold, found, strict=True)]
    of_gold, of_found = Counter(g for g, _ in pairs), Counter(f for _, f in pairs)
    both = Counter(pairs)
    precision = sum(n * n / of_found[f] for (_, f), n in both.items()) / len(pairs)
    recall = sum(n * n / of_gold[g] for (g, _), n in both.items()) / len(pairs)
    return precision, recall, 2 * precision * recall / (precision + recall)


def largest_false(gold: Sequence[Any], found: Sequence[Any]) -> int:
    """Give the greatest number of reports that do not belong to most of their story."""
    within: dict[Any, Counter[Any]] = defaultdict(Counter)
    for g, f in zip(gold, found, strict=True):
        within[f][g] += 1
    return max(counts.total() - max(counts.values()) for counts in within.values())


def crossing_pairs(
    reports: Sequence[Report],
    gold: Sequence[Any],
    found: Sequence[Any],
    cross: Callable[[str, str], bool],
) -> tuple[float, float]:
    """Give precision and recall of pairs of reports whose languages ``cross``."""

    def count(names: Iterable[Any]) -> int:
        within: dict[Any, Counter[str]] = defaultdict(Counter)
        for name, report in zip(names, reports, strict=True):
            within[name][report.language] += 1
        return sum(
            c[one] * c[other]
            for c in within.values()
            for one in c
            for other in c
            if one < other and cross(one, other)
        )

    both = count(zip(gold, found, strict=True))
    return both / max(count(found), 1), both / max(count(gold), 1)


def other_language(one: str, other: str) -> bool:
    """Tell whether two languages are two."""
    return one != other


def other_script(one: str, other: str) -> bool:
    """Tell whether one language is Arabic or Russian and the other is in Latin script."""
    return (one in OTHER_SCRIPTS) != (other in OTHER_SCRIPTS) and not {one, other} & (
        NOT_LATIN - OTHER_SCRIPTS
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of quality."""

    about: str
    precision: float
    recall: float
    f1: float | None = None


def quality(folder: Path) -> tuple[list[Row], dict[str, int]]:
    """Measure every corpus; gives the rows and the largest false story of each."""
    gold = olympics(folder)
    found = cluster(gold.reports)
    rows = [Row("Olympics, whole stream", *b_cubed(gold.stories, found))]
    languages = Counter(report.language for report in gold.reports)
    for language, count in languages.most_common():
        if count >= LEAST_TITLES:
            own = [n for n, report in enumerate(gold.reports) if report.language == language]
            scores = b_cubed([gold.stories[n] for n in own], [found[n] for n in own])
            rows.append(Row(f"Olympics, {language}", *scores))
    for about, cross in (("other language", other_language), ("other script", other_script)):
        rows.append(
            Row(f"Olympics, pairs of {about}", *crossing_pairs(gold.reports, gold.stories, found, cross))
        )
    false = {"Olympics": largest_false(gold.stories, found)}
    for about, other in (("ECB+ texts", ecb(folder)), ("UCI headlines", headlines(folder))):
        found = cluster(other.reports)
        rows.append(Row(about, *b_cubed(other.stories, found)))
        false[about] = largest_false(other.stories, found)
    return rows, false


def made_up(count: int, hours: float, *, lede: bool, seed: int = 8) -> Iterable[Report]:
    """Give reports of made-up words, by Zipf's law, in stories of one to some hundred, over some hours."""
    chance = random.Random(seed)
    syllables = [a + b for a in "bcdfghjklmnprstvwz" for b in "aeiou"]
    words = ["".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 3)))) for _ in range(60_000)]
    weights = [1.0 / (n + 10) for n in range(len(words))]
    pool = chance.choices(words, weights, k=400_000)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    events: list[list[str]] = []
    for n in range(count):
        if not events or chance.random() < 0.3:
            names = [chance.choice(words).title() for _ in range(4)]
            events.append(names + chance.choices(pool, k=10))
            event = events[-1]
        else:
            event = events[-1 - min(int(chance.paretovariate(0.5)) - 1, len(events) - 1)]
        title = " ".join(chance.sample(event, 6) + chance.choices(pool, k=4))
        text = " ".join(chance.choices(event, k=25) + chance.choices(pool, k=75))[:LEDE] if lede else ""
        yield Report(str(n), title, text, "en", start + timedelta(hours=hours * n / count), f"p{n % 400}")


def per_second(reports: Sequence[Report]) -> float:
    """Give the reports assigned in a second of one core; the best of some rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        live = LiveStories(concepts=concepts)
        began = time.process_time()
        cluster(reports, live)
        best = max(best, len(reports) / (time.process_time() - began))
    return best


def speeds(folder: Path) -> list[tuple[str, float]]:
    """Measure reports a second, from texts in hand to decisions."""
    titles = [*olympics(folder / "stories").reports, *headlines(folder / "stories").reports]
    texts = []
    for line in (folder / "similarity" / "semeval2022_pairs.jsonl").read_text("utf-8").splitlines():
        told = json.loads(line)
        for n in "12":
            text = told[f"text{n}"].strip()
            texts.append(Report("", text[:80], text[80 : 80 + LEDE], told[f"lang{n}"]))
    return [
        ("titles", per_second(titles)),
        ("titles with 600 characters", per_second(texts)),
        ("made-up titles", per_second([*made_up(10_000, 48, lede=False)])),
        ("made-up titles with 600 characters", per_second([*made_up(10_000, 48, lede=True)])),
    ]


def growth(*, lede: bool) -> list[tuple[int, float, float]]:
    """Measure what an article costs while many lie in the window: their number, microseconds, kilobytes."""
    live = LiveStories(concepts=concepts)
    found: list[tuple[int, float, float]] = []
    marks = (20_000, 50_000, 100_000, 200_000)
    spent, counted, before = 0.0, 0, _resident()
    for seq, report in enumerate(made_up(max(marks), 71, lede=lede)):
        began = time.process_time()
        live.assign(report, seq)
        spent += time.process_time() - began
        counted += 1
        if seq + 1 in marks:
            found.append((seq + 1, spent / counted * 1e6, (_resident() - before) / (seq + 1)))
        if (seq + 1) % 5_000 == 0:
            spent, counted = 0.0, 0
    return found


def _resident() -> float:
    """Give the kilobytes of memory that this process holds."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS"):
            return float(line.split()[1])
    return 0.0


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave the speeds out")
    options = parser.parse_args()
    folder = corpus()
    console = Console()
    rows, false = quality(folder / "stories")
    table = Table("corpus", "precision", "recall", "F1", title="Stories: B-cubed; pairs")
    for row in rows:
        f1 = "" if row.f1 is None else f"{row.f1:.3f}"
        table.add_row(row.about, f"{row.precision:.3f}", f"{row.recall:.3f}", f1)
    console.print(table)
    console.print("Largest false story:", ", ".join(f"{about} {count}" for about, count in false.items()))
    if options.quick:
        return
    for about, speed in speeds(folder):
        console.print(f"{about}: {speed:,.0f} a second")
    for lede in (False, True):
        for count, microseconds, kilobytes in growth(lede=lede):
            console.print(
                f"{count:,} {'with 600 characters' if lede else 'titles'} in the window: "
                f"{microseconds:,.0f} microseconds, {kilobytes:.1f} kB each"
            )


if __name__ == "__main__":
    main()
