"""Measure which names are found in texts of our own, by kind and language; and how many articles a second.

    python -m bench.entities [--json] [--misses] [--speed FILE]

The texts are those of ``tests/quality/named``: titles behind ``#``, names expected behind their kind, in the
form of the text; ``~`` marks one that may be found or not. A name is found if it folds to the same, or to a
part of at least half of its words; an expected country may be found by its adjective. What is found and
not expected counts against precision, of whatever kind; kinds are compared for what is found.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from daily8.news.entities import KINDS, Entity, entities, fold, names_of
from daily8.news.hashtags import hashtags
from daily8.news.reports import Report, read_report

FOLDER = Path(__file__).parents[1] / "tests/quality/named"
_NAMES = re.compile(r"^(person|organisation|place|event): (.*)$")


@dataclass(frozen=True)
class Labelled:
    """A text with the names that it holds."""

    language: str
    title: str
    text: str
    names: tuple[tuple[str, str, bool], ...]
    """Kind, name, and whether it must be found."""

    def report(self) -> Report:
        """Give it as a report."""
        return Report(self.title, self.title, self.text, self.language)


@dataclass
class Tally:
    """What was found, expected and right."""

    expected: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    of_kind: int = 0
    misses: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, dict[str, float]]:
        """Give precision, recall and counts by kind, and for all kinds."""
        rows = {}
        for kind in (*KINDS, "all"):
            expected, hit = _sum(self.expected, kind), _sum(self.hit, kind)
            found, right = _sum(self.found, kind), _sum(self.right, kind)
            rows[kind] = {
                "precision": round(right / found, 3) if found else 1.0,
                "recall": round(hit / expected, 3) if expected else 1.0,
                "expected": expected,
                "found": found,
            }
        rows["all"]["kind"] = round(self.of_kind / max(1, _sum(self.right, "all")), 3)
        return rows


def _sum(counts: Counter[str], kind: str) -> int:
    return sum(counts.values()) if kind == "all" else counts[kind]


def labelled(folder: Path = FOLDER) -> Iterator[Labelled]:
    """Read the labelled texts."""
    for file in sorted(folder.glob("*.txt")):
        language = file.stem
        for part in file.read_text("utf-8").split("\n\n"):
            title, lines, names = "", [], []
            for line in part.strip().splitlines():
                if line.startswith("## "):
                    language = line[3:]
                elif line.startswith("# "):
                    title = line[2:]
                elif told := _NAMES.match(line):
                    names += [
                        (told[1], name.strip().rstrip("~"), not name.strip().endswith("~"))
                        for name in told[2].split("|")
                    ]
                else:
                    lines.append(line)
            if title:
                yield Labelled(language, title, "\n\n".join(lines), tuple(names))


def same(entity: Entity, name: str, language: str) -> bool:
    """Tell whether an entity is the one expected."""
    match = names_of(language).whole(fold(name).split())
    if match and match.known.id == entity.known:
        return True
    forms = {fold(entity.name), *(fold(told) for _, told in entity.names)}
    wanted = fold(name)
    if wanted in forms or wanted.removeprefix("ال") in {form.removeprefix("ال") for form in forms}:
        return True
    words = set(wanted.split())
    return any(words & set(f.split()) and _near(words, set(f.split())) for f in forms)


def _near(words: set[str], found: set[str]) -> bool:
    return (found <= words or words <= found) and 2 * len(words & found) >= max(len(words), len(found))


def judge(one: Labelled, found: Sequence[Entity], tally: Tally) -> None:
    """Count what was found of a text."""
    used = set()
    for kind, name, must in one.names:
        entity = next((e for e in found if e.key not in used and same(e, name, one.language)), None)
        if entity is None:
            entity = next((e for e in found if same(e, name, one.language)), None)
        if entity:
            if entity.key not in used:
                tally.of_kind += entity.kind == kind
                tally.right[entity.kind] += 1
            used.add(entity.key)
        if must:
            tally.expected[kind] += 1
            tally.hit[kind] += entity is not None
            if entity is None:
                tally.misses.append(f"{one.language} not found: {name} ({kind}) in {one.title}")
            elif entity.kind != kind:
                tally.misses.append(f"{one.language} {name}: {entity.kind}, not {kind}")
    for entity in found:
        tally.found[entity.kind] += 1
        if entity.key not in used:
            tally.misses.append(f"{one.language} not expected: {entity.name} ({entity.kind}) in {one.title}")


def measure(texts: Iterable[Labelled]) -> dict[str, Tally]:
    """Find the names of all texts, by language."""
    tallies: dict[str, Tally] = {}
    for one in texts:
        language = one.language if one.language in ("en", "ar") else "other"
        judge(one, entities(one.report()), tallies.setdefault(language, Tally()))
    return tallies


def speed(file: Path, console: Console) -> None:
    """Time entities and hashtags of a file of JSON lines, texts cut to 3,000 characters."""
    lines = file.read_text("utf-8").splitlines()
    reports = [
        read_report({**(row := json.loads(line)), "text": (row.get("text") or "")[:3000]}) for line in lines
    ]
    for report in reports:
        hashtags(report, entities(report))
    started = time.process_time()
    for report in reports:
        hashtags(report, entities(report))
    spent = time.process_time() - started
    size = sum(len(report.text) for report in reports) / max(1, len(reports))
    console.print(f"{len(reports) / spent:,.0f} articles a processor-second ({size:,.0f} characters each)")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--speed", type=Path)
    told = parser.parse_args()
    console = Console()
    if told.speed:
        speed(told.speed, console)
        return
    tallies = measure(labelled())
    if told.json:
        print(json.dumps({language: tally.figures() for language, tally in tallies.items()}))
        return
    table = Table("language", "kind", "expected", "found", "precision", "recall", "kind right")
    for language, tally in sorted(tallies.items()):
        for kind, row in tally.figures().items():
            cells = [str(row.get(name, "")) for name in ("expected", "found", "precision", "recall", "kind")]
            table.add_row(language, kind, *cells)
        if told.misses:
            console.print("\n".join(tally.misses), markup=False)
    console.print(table)


if __name__ == "__main__":
    main()
