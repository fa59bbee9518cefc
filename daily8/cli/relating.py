"""``daily8 related`` and ``daily8 similarity``: what has to do with what, from JSON lines."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daily8.cli.lines import read_lines, read_reports
from daily8.cli.output import Refused, as_json, progress
from daily8.cli.start import settings

if TYPE_CHECKING:
    from daily8.ai.ports import Embedder
    from daily8.news.relation import Frequencies, Subject, Traits
    from daily8.news.reports import Report

DEFAULT = "minilm"
_NEAR = 200
"""Candidates that are ranked."""
_EMBEDDED = 40
"""Of these, how many are embedded, the closest by words first."""
_BATCH = 16
_BEGINNING, _WHOLE = 300, 1000
"""Characters of a text whose concepts are looked for, where alphabets are mixed: of many, of a pair."""

Input = Annotated[str, typer.Argument(metavar="X", help="A file of JSON lines, or - for standard input.")]
Provider = Annotated[
    str | None,
    typer.Option("--provider", metavar="NAME", help="Provider of embeddings; minilm where it is installed."),
]


def related(
    document: Input,
    wanted: Annotated[str, typer.Option("--for", metavar="ID", help="The report to relate others to.")],
    limit: Annotated[int, typer.Option("-n", min=1, max=1000, help="How many to give.")] = 10,
    provider: Provider = None,
) -> None:
    """Print which reports have to do with one, each with its relation and the reason."""
    from daily8.news.relation import related, say

    read = read_reports(document, _read)
    at = next((number for number, report in enumerate(read.rows) if report.id == wanted), None)
    if at is None:
        raise Refused(f"No report has the id {wanted[:80]}.")
    target, near, frequencies = _near(read.rows, at)
    target, near = _with_meaning(target, near, _embedder(provider))
    for each in related(target, near, frequencies, limit):
        reason = say(each.reason, target.report.language)
        score = round(each.score, 4)
        as_json({"id": read.given[each.id], "relation": each.relation, "score": score, "reason": reason})
    read.end()


def _near(rows: Sequence[Report], at: int) -> tuple[Subject, list[Subject], Frequencies]:
    """Give the report at a place, those that may have to do with it, and what terms are worth among all."""
    from daily8.news.concepts import concepts
    from daily8.news.relation import Finder, subject
    from daily8.news.relation.terms import alphabet

    def drawn(report: Report) -> Subject:
        shared = concepts(report.title, report.text[:_BEGINNING], report.language) if mixed else None
        return subject(report, shared)

    finder = Finder()
    mixed = len({alphabet(f"{report.title} {report.text[:_BEGINNING]}") for report in rows}) > 1
    with progress("Reading", len(rows)) as advance:
        for number, report in enumerate(rows):
            finder.add(number, drawn(report).traits)
            advance()
    # What was read is read again for the few: to keep it of all would take some 20 KB a report.
    target = drawn(rows[at])
    near = [drawn(rows[number]) for number in finder.near(target.traits, _NEAR) if number != at]
    return target, near, finder.frequencies


def _read(line: Mapping[str, Any]) -> Report:
    from daily8.news.language import detect
    from daily8.news.reports import read_report

    report = read_report(line)
    if not report.language:
        report = replace(report, language=detect(f"{report.title} {report.text[:2000]}"))
    return report


def _with_meaning(
    target: Subject, near: list[Subject], embedder: Embedder | None
) -> tuple[Subject, list[Subject]]:
    """Give the target and what is closest to it by words with vectors, where their languages have some."""
    from daily8.news.relation import Subject, meaningful, with_meaning

    if embedder is None or not _speaks(embedder, target.traits.language):
        return target, near
    chosen = [target, *(one for one in near[:_EMBEDDED] if _speaks(embedder, one.traits.language))]
    wholes = [meaningful(one.traits, one.report.text)[1] for one in chosen]
    vectors = embedder.embed(wholes)
    drawn = {
        one.report.id: Subject(one.report, with_meaning(one.traits, vector, vector))
        for one, vector in zip(chosen, vectors.tolist(), strict=True)
    }
    return drawn[target.report.id], [drawn.get(one.report.id, one) for one in near]


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of ``similarity``."""

    id: str | int
    texts: tuple[str, str]
    languages: tuple[str, str]


def similarity(document: Input, provider: Provider = None) -> None:
    """Print how like the two texts of each line are: 0 unlike, 1 the same event and facts.

    What a word is worth is learned from all texts of the input.
    """
    from daily8.news.relation import Frequencies, likeness

    read = read_lines(document, read_pair)
    embedder = _embedder(provider)
    with progress("Comparing", 2 * len(read.rows)) as advance:
        drawn = []
        for pair in read.rows:
            drawn.append(_drawn(pair))
            advance()
        frequencies = Frequencies(one for both in drawn for one in both)
        for start in range(0, len(drawn), _BATCH):
            part = read.rows[start : start + _BATCH]
            meant = _meant(part, drawn[start : start + _BATCH], embedder)
            for pair, (one, other) in zip(part, meant, strict=True):
                found = likeness(one, other, frequencies)
                features = {
                    name: round(value, 4) if isinstance(value, float) else value
                    for name, value in asdict(found.features).items()
                }
                as_json({"id": pair.id, "score": round(found.score, 4), "features": features})
                advance()
    read.end()


def _drawn(pair: Pair) -> list[Traits]:
    from daily8.news.concepts import concepts
    from daily8.news.relation import traits_of
    from daily8.news.relation.terms import alphabet, headline, plain

    across = len({alphabet(text) for text in pair.texts}) > 1
    found = []
    for text, language in zip(pair.texts, pair.languages, strict=True):
        shared = concepts(headline(plain(text).strip()), text[:_WHOLE], language) if across else None
        found.append(traits_of("", text, language, grams=True, concepts=shared))
    return found


def _meant(
    pairs: Sequence[Pair], drawn: Sequence[list[Traits]], embedder: Embedder | None
) -> list[list[Traits]]:
    """Give the traits with vectors where both texts of a pair are in a language that has some."""
    from daily8.news.relation import meaningful, with_meaning

    found = [list(both) for both in drawn]
    if embedder is None:
        return found
    places = [
        (row, side)
        for row, pair in enumerate(pairs)
        if all(_speaks(embedder, code) for code in pair.languages) and all(one.words for one in drawn[row])
        for side in (0, 1)
    ]
    texts = [part for row, side in places for part in meaningful(drawn[row][side], pairs[row].texts[side])]
    vectors = embedder.embed(texts).tolist() if texts else []
    for number, (row, side) in enumerate(places):
        found[row][side] = with_meaning(drawn[row][side], vectors[2 * number], vectors[2 * number + 1])
    return found


def read_pair(line: Mapping[str, Any]) -> Pair:
    """Read ``{id, text1, text2, lang1, lang2}``; a language that is not said is guessed.

    :raises ValueError: for a line that cannot be used.
    """
    from daily8.news.language import code, detect

    given = line.get("id")
    if not isinstance(given, str | int) or isinstance(given, bool) or given == "":
        raise ValueError("it has no id")
    texts, languages = [], []
    for side in ("1", "2"):
        text, said = line.get(f"text{side}"), line.get(f"lang{side}")
        if not isinstance(text, str):
            raise ValueError(f"it has no text{side}")  # noqa: TRY004 - a bad line, no bad call
        if said is not None and not isinstance(said, str):
            raise ValueError(f"its lang{side} is no text")
        texts.append(text)
        languages.append(code(said) or detect(text))
    return Pair(given, (texts[0], texts[1]), (languages[0], languages[1]))


def _speaks(embedder: Embedder, language: str) -> bool:
    return embedder.languages is None or language in embedder.languages


def _embedder(name: str | None) -> Embedder | None:
    """Open what embeds: what was named, else the embedded model where it is installed.

    :raises Refused: for a name that is unknown or not ready.
    """
    settings(signs=False)
    from django.conf import settings as configured

    from daily8.ai.models import ModelNotInstalled
    from daily8.ai.registry import UnknownProvider, open_embedder

    try:
        return open_embedder(name or DEFAULT, configured.DATA / "models", min(4, os.cpu_count() or 1))
    except (UnknownProvider, ModelNotInstalled) as error:
        if name:
            raise Refused(str(error)) from error
        return None
