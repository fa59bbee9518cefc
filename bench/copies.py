"""Measure how copies are known, on copies and non-copies made from the newsroom of the demo.

python -m bench.copies                  (recall, precision, false alarms, speed)
python -m bench.copies --corpus FOLDER  (what it calls copies in streams of real headlines and texts)
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import perturbed, unlike
from daily8.news.copies import Copy, LiveCopies
from daily8.news.reports import Report, read_report

LANGUAGES = ("en", "ar")


@dataclass(slots=True)
class Score:
    """What became of the copies of one kind."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.wrong + self.missed)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    def add(self, other: Score) -> None:
        self.right, self.wrong, self.missed = (
            self.right + other.right,
            self.wrong + other.wrong,
            self.missed + other.missed,
        )


def filled(bases: list[Report]) -> tuple[LiveCopies, dict[str, int]]:
    """Take the articles in; give the state and the number of each."""
    live = LiveCopies()
    numbers = {}
    for seq, base in enumerate(bases):
        live.place(base, seq)
        numbers[base.id] = seq
    return live, numbers


def recall_of(bases: list[Report], kind: str, strength: int) -> tuple[Score, list[str]]:
    """Place the copies of one kind and strength after all articles; give the score and what went wrong."""
    live, numbers = filled(bases)
    score, failed = Score(), []
    for seq, made in enumerate(perturbed.copies(bases, kind, strength), start=len(bases)):
        copy = live.place(made.report, seq)
        if copy is None:
            score.missed += 1
            failed.append(f"missed {made.report.id}")
        elif copy.group == numbers[made.of]:
            score.right += 1
        else:
            score.wrong += 1
            failed.append(f"wrong {made.report.id}")
    return score, failed


def alarms_of(bases: list[Report], kind: str, language: str) -> tuple[int, int, list[str]]:
    """Place pairs that are no copies; give how many there are, how many are called copies, and which."""
    live = LiveCopies()
    pairs, false, failed, seq = 0, 0, [], 0
    known: set[str] = set()
    for one, other in unlike.KINDS[kind](bases, language):
        pairs += 1
        for each in (one, other):
            if each.id not in known:
                known.add(each.id)
                copy = live.place(each, seq)
                seq += 1
                if copy is not None:
                    false += 1
                    failed.append(f"{each.id}: {copy.rule} {copy.share:.2f} {copy.words}")
    return pairs, false, failed


def same_event_alarms(bases: list[Report]) -> list[str]:
    """Give the articles of the newsroom that are called copies though each was written by itself."""
    live = LiveCopies()
    found = []
    for seq, base in enumerate(bases):
        copy = live.place(base, seq)
        if copy is not None:
            found.append(f"{base.id} of {bases[copy.of].id}: {copy.rule} {copy.share:.2f} {copy.words}")
    return found


def measure(console: Console, verbose: bool) -> None:
    whole = perturbed.sample()
    bases = {language: [base for base in whole if base.language == language] for language in LANGUAGES}
    table = Table("kind", "language", "made", "recall by strength", "recall", "precision")
    totals = {language: Score() for language in LANGUAGES}
    for kind, (_, strengths) in perturbed.KINDS.items():
        for language in LANGUAGES:
            total, by_strength = Score(), []
            for strength in range(strengths):
                score, failed = recall_of(bases[language], kind, strength)
                by_strength.append(f"{score.recall:.3f}")
                total.add(score)
                if verbose:
                    console.print(*failed[:12], sep="\n")
            totals[language].add(total)
            made = total.right + total.wrong + total.missed
            table.add_row(
                kind,
                language,
                str(made),
                " ".join(by_strength),
                f"{total.recall:.3f}",
                f"{total.precision:.3f}",
            )
    console.print(table)
    table = Table("no copies", "language", "pairs", "called copies")
    for kind in unlike.KINDS:
        for language in LANGUAGES:
            pairs, false, failed = alarms_of(whole, kind, language)
            totals[language].wrong += false
            table.add_row(kind, language, str(pairs), str(false))
            if verbose:
                console.print(*failed[:12], sep="\n")
    for language in LANGUAGES:
        found = same_event_alarms(bases[language])
        totals[language].wrong += len(found)
        table.add_row("written by themselves", language, str(len(bases[language])), str(len(found)))
        console.print(*found, sep="\n")
    console.print(table)
    for language in LANGUAGES:
        total = totals[language]
        console.print(
            f"{language}: recall {total.recall:.4f}, precision with all false alarms {total.precision:.4f}"
        )
    numbers = filled(whole)[1]
    live, _ = filled(whole)
    natural = perturbed.natural()
    hits = 0
    for seq, (of, report) in enumerate(natural, start=len(whole)):
        copy = live.place(report, seq)
        hits += copy is not None and copy.group == numbers[of]
    console.print(f"the newsroom's own re-posts: {hits} of {len(natural)}")


def speed(console: Console) -> None:
    """Print documents a processor-second at several lengths, every fifth a copy."""
    table = Table("words", "articles", "a processor-second", "copies found")
    words = sorted({word for base in perturbed.sample() for word in base.text.split()})
    for length, count in ((0, 20000), (100, 6000), (400, 3000), (1000, 1500)):
        chance = random.Random(length)
        rows: list[Report] = []
        for number in range(count):
            text = " ".join(chance.choices(words, k=length))
            report = Report(
                str(number),
                " ".join(chance.choices(words, k=9)),
                text,
                "en",
                perturbed.NOON,
                f"p{number % 50}",
            )
            rows.append(
                replace(rows[-5], id=str(number), publisher="x") if number % 5 == 4 and number > 9 else report
            )
        live, start = LiveCopies(), time.process_time()
        found = sum(live.place(report, seq) is not None for seq, report in enumerate(rows))
        table.add_row(str(length), str(count), f"{count / (time.process_time() - start):,.0f}", str(found))
    console.print(table)


FILES = {"ecbplus_texts": "event", "google_news_headlines": "story", "olympics_titles": "story"}


def read_stream(folder: Path, name: str) -> Iterator[tuple[Report, str]]:
    """Give the reports of a corpus with the story that each belongs to."""
    for line in (folder / "stories" / f"{name}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if "time_ms" in row:
            row["time"] = datetime.fromtimestamp(row["time_ms"] / 1000, UTC).isoformat()
        yield read_report(row), str(row[FILES[name]])


def corpus_copies(folder: Path, name: str) -> tuple[list[tuple[Report, str]], list[Copy]]:
    """Run over one corpus; give its rows and what is called a copy."""
    rows = list(read_stream(folder, name))
    live = LiveCopies()
    return rows, [copy for seq, (report, _) in enumerate(rows) if (copy := live.place(report, seq))]


def corpora(console: Console, folder: Path, show: int) -> None:
    table = Table("corpus", "articles", "copies", "in the same story", "by rule")
    for name in FILES:
        rows, found = corpus_copies(folder, name)
        same = sum(rows[copy.seq][1] == rows[copy.of][1] for copy in found)
        rules = ", ".join(f"{rule} {n}" for rule, n in Counter(copy.rule for copy in found).most_common())
        table.add_row(name, str(len(rows)), str(len(found)), f"{same / max(1, len(found)):.3f}", rules)
        for copy in random.Random(8).sample(found, min(show, len(found))):
            console.print(f"{copy.rule} {copy.share:.2f} {copy.words}")
            for seq in (copy.seq, copy.of):
                console.print(f"  {rows[seq][0].title} / {rows[seq][0].text[:200]!r}", markup=False)
    console.print(table)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--corpus", type=Path)
    asked.add_argument("--show", type=int, default=0, help="examples to print of each corpus")
    asked.add_argument("--verbose", action="store_true", help="print what was missed")
    given = asked.parse_args()
    console = Console(width=130)
    if given.corpus:
        corpora(console, given.corpus, given.show)
    else:
        measure(console, given.verbose)
        speed(console)


if __name__ == "__main__":
    main()
