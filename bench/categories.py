"""Measure categories against corpora that none of our words were taken from, beside two baselines.

python -m bench.categories             (corpora from DAILY8_CORPUS)
python -m bench.categories --errors 20 (titles that were put elsewhere)
python -m bench.categories --speed     (articles a second on one core)

*majority* says the largest class always; *keywords* counts ten words a class, the first that come to mind,
and says the class with the most, else the largest.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from daily8.news.categories import CATEGORIES, Learned, classify
from daily8.news.reports import Report

Guess = Callable[["Item"], str]

MASAKHANE = {
    "World": "politics",
    "Politics": "politics",
    "Business": "business",
    "Technology": "technology",
    "Science": "technology",
    "Health": "health",
    "Sport": "sports",
    "Entertainment": "entertainment",
}
"""MasakhaNEWS has no world (its politics is of all countries) and no science. ``General``, ``Lifestyle`` and
``Opinion`` have no class there and count as wrong."""

ANT_GOLD = {
    "culture": "Entertainment",
    "economy": "Business",
    "internationalNews": "World",
    "politic": "Politics",
    "sport": "Sport",
    "technology": "Technology",
    "localNews": "General",
    "society": "General",
    "diverse": "General",
}
"""The radio's *national*, *society* and *miscellany* hold accidents, courts, weather, schools, strikes,
health and oddities: what is ``General`` with us, or has no class of its own there."""
ANT_OURS = {"Science": "Technology", "Health": "General", "Lifestyle": "General", "Opinion": "General"}

KEYWORDS = {
    "en": {
        "sports": "match team player league goal coach cup win season club",
        "business": "company bank market price economy business profit trade tax firm",
        "politics": "government minister election president party parliament vote law policy leader",
        "health": "health hospital doctor patient disease cancer virus medical nhs treatment",
        "entertainment": "film music show star actor singer album festival award tv",
        "technology": "technology app internet online phone data software google facebook digital",
    },
    "fr": {
        "sports": "match équipe joueur ligue but entraîneur coupe victoire saison club",
        "business": "entreprise banque marché prix économie commerce dollars euros francs croissance",
        "politics": "gouvernement ministre élection président parti parlement vote loi politique opposition",
        "health": "santé hôpital médecin patient maladie cancer virus médical traitement oms",
        "technology": "technologie application internet ligne téléphone données logiciel web facebook tech",
    },
    "ar": {
        "Sport": "مباراة فريق لاعب الدوري هدف مدرب كأس فوز النادي البطولة",
        "Business": "شركة بنك السوق أسعار الاقتصاد مليون دينار الاستثمار التجارة المالية",
        "Politics": "الحكومة وزير الانتخابات رئيس حزب البرلمان النواب قانون السياسية حركة",
        "World": "قتل الجيش الأمم الرئيس الحرب قوات الأمريكية سوريا الدولية هجوم",
        "Entertainment": "فيلم موسيقى مهرجان فنان مسرح أغنية السينما الثقافة عرض كتاب",
        "Technology": "تكنولوجيا تطبيق الإنترنت هاتف شركة غوغل فيسبوك الهواتف مستخدمي رقمية",
        "General": "الشرطة محكمة حادث الأمن الطقس المدارس مواطن سيارة وفاة منطقة",
    },
}


@dataclass(frozen=True)
class Item:
    """One article with the class that the corpus gives it."""

    gold: str
    report: Report
    country: str = ""


@dataclass(frozen=True)
class Corpus:
    name: str
    items: tuple[Item, ...]
    classes: dict[str, str]
    """What our categories are called in the corpus; those that are missing keep their name."""

    def asked(self, name: str) -> str:
        return self.classes.get(name, name)


def masakhane(folder: Path, language: str, code: str) -> Corpus:
    with (folder / "masakhane" / language / "dev.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    items = [
        Item(
            row["category"],
            Report(str(n), row["headline"], row["text"] or "", code, url=row.get("url") or ""),
        )
        for n, row in enumerate(rows)
    ]
    return Corpus(f"MasakhaNEWS {code}", tuple(items), MASAKHANE)


def _field(raw: str, name: str) -> str:
    found = re.search(rf"<{name}>(.*?)</{name}>", raw, re.DOTALL)
    return found[1].strip() if found else ""


def ant(folder: Path) -> Corpus:
    items = []
    for n, line in enumerate((folder / "ant_arabic.jsonl").read_text("utf-8").splitlines()):
        row = json.loads(line)
        report = Report(str(n), _field(row["raw"], "TITLE"), _field(row["raw"], "TEXT"), "ar")
        items.append(Item(ANT_GOLD[row["category"]], report, "TN"))
    return Corpus("ANT ar", tuple(items), ANT_OURS)


def corpora(folder: Path) -> Iterator[Corpus]:
    """Read the corpora of a folder."""
    yield masakhane(folder, "eng", "en")
    yield masakhane(folder, "fra", "fr")
    yield ant(folder)


def ours(corpus: Corpus, *, country: bool = False, address: bool = False, text: bool = True) -> Guess:
    """Guess as the service does; with the publisher's country or the article's address if so asked."""

    def guess(item: Item) -> str:
        given = item.report
        report = Report(
            given.id,
            given.title,
            given.text if text else "",
            given.language,
            url=given.url if address else "",
        )
        return corpus.asked(classify(report, country=item.country if country else "").name)

    return guess


def taught(corpus: Corpus) -> Guess:
    """Guess as a service does that has learned from the other half of the corpus."""
    back = {named: ours_ for ours_, named in corpus.classes.items() if ours_ not in ("World", "Science")}
    back |= {name: name for name in CATEGORIES}
    halves = [Learned(), Learned()]
    for n, item in enumerate(corpus.items):
        halves[1 - n % 2].learn(item.report, back[item.gold])
    places = {id(item): n % 2 for n, item in enumerate(corpus.items)}

    def guess(item: Item) -> str:
        return corpus.asked(
            classify(_without_url(item.report), country=item.country, learned=halves[places[id(item)]]).name
        )

    return guess


def _without_url(report: Report) -> Report:
    return Report(report.id, report.title, report.text, report.language)


def majority(corpus: Corpus) -> Guess:
    largest = Counter(item.gold for item in corpus.items).most_common(1)[0][0]
    return lambda _: largest


def keywords(corpus: Corpus) -> Guess:
    table = {name: words.split() for name, words in KEYWORDS[corpus.items[0].report.language].items()}
    fallback = majority(corpus)

    def guess(item: Item) -> str:
        words = Counter(re.findall(r"\w+", f"{item.report.title} {item.report.text}".lower()))
        found = {name: sum(words[word] for word in listed) for name, listed in table.items()}
        best = max(found, key=lambda name: found[name])
        return best if found[best] else fallback(item)

    return guess


def macro_f1(pairs: Sequence[tuple[str, str]]) -> tuple[float, dict[str, float]]:
    """Give the mean of the F1 of the gold classes, and each. Pairs are gold and guess."""
    each = {}
    for name in sorted({gold for gold, _ in pairs}):
        right = sum(gold == guess == name for gold, guess in pairs)
        said = sum(guess == name for _, guess in pairs)
        there = sum(gold == name for gold, _ in pairs)
        each[name] = 2 * right / (said + there)
    return sum(each.values()) / len(each), each


def judge(corpus: Corpus, guess: Guess) -> tuple[float, dict[str, float], float]:
    """Give macro-F1, F1 by class, and the share of right ones."""
    pairs = [(item.gold, guess(item)) for item in corpus.items]
    mean, each = macro_f1(pairs)
    return mean, each, sum(gold == said for gold, said in pairs) / len(pairs)


def show(corpus: Corpus, console: Console) -> None:
    ways: dict[str, Guess] = {
        "majority": majority(corpus),
        "keywords": keywords(corpus),
        "ours": ours(corpus),
    }
    ways["ours, title alone"] = ours(corpus, text=False)
    if any(item.country for item in corpus.items):
        ways["ours, publisher's country known"] = ours(corpus, country=True)
    if any(item.report.url for item in corpus.items):
        ways["ours, address known"] = ours(corpus, address=True)
    ways["ours, taught by the other half"] = taught(corpus)
    classes = sorted({item.gold for item in corpus.items})
    table = Table(f"{corpus.name} ({len(corpus.items)})", "macro-F1", "right", *classes)
    for name, guess in ways.items():
        mean, each, right = judge(corpus, guess)
        table.add_row(name, f"{mean:.3f}", f"{right:.3f}", *(f"{each[c]:.2f}" for c in classes))
    halves = [judge(Corpus(corpus.name, corpus.items[n::2], corpus.classes), ours(corpus))[0] for n in (0, 1)]
    console.print(table)
    console.print(f"halves: {halves[0]:.3f}, {halves[1]:.3f}")


def show_errors(corpus: Corpus, count: int, console: Console) -> None:
    shown = 0
    for item in corpus.items[::3]:
        found = classify(_without_url(item.report), country=item.country)
        if corpus.asked(found.name) != item.gold and shown < count:
            shown += 1
            console.print(f"{item.gold} <- {found.name}/{found.runner_up} {found.score} {item.report.title}")
            console.print("    ", "; ".join(found.reasons), found.countries, markup=False)


def speed(corpus: Corpus) -> float:
    """Give articles a CPU-second, title and 1,500 characters each, the median of three rounds."""
    reports = [
        Report(i.report.id, i.report.title, (i.report.text * 4)[:1500], i.report.language)
        for i in corpus.items
    ]
    taken = []
    for _ in range(4):
        start = time.process_time()
        for report in reports:
            classify(report)
        taken.append(time.process_time() - start)
    return len(reports) / sorted(taken[1:])[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--speed", action="store_true")
    asked = parser.parse_args()
    folder = Path(os.environ.get("DAILY8_CORPUS", "../shared/corpus")) / "categories"
    console = Console(width=150)
    for corpus in corpora(folder):
        if asked.speed:
            console.print(f"{corpus.name}: {speed(corpus):.0f} articles per CPU-second")
        elif asked.errors:
            show_errors(corpus, asked.errors, console)
        else:
            show(corpus, console)


if __name__ == "__main__":
    main()
