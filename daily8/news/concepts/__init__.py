"""What a report is about, in features that reports of other languages and scripts have too.

Keys: ids of the gazetteer (``country:EG``, ``person:...``), ``number:``, ``score:`` and ``date:``
(`numbers`), ``name:`` and the consonants of a name (`skeletons`), ``word:`` and a concept (`vocabulary`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import blake2b
from importlib.resources import files

from daily8.news.concepts import numbers, skeletons, vocabulary
from daily8.news.gazetteer import Mention, find_in
from daily8.news.gazetteer.folding import Word, is_arabic, readings, words

VERSION = 1
"""Rises with what the programs of this package or of the gazetteer read otherwise."""
KINDS = ("gazetteer", "numbers", "skeletons", "vocabulary")
TEXT = 1000
"""Characters of the text that are read."""
WEIGHTS = {
    "person": 2.0, "team": 1.8, "org": 1.6, "event": 1.2, "city": 1.4, "place": 1.4, "region": 1.0,
    "country": 1.2, "score": 1.4, "date": 0.8, "number": 1.0, "name": 1.3, "word": 0.8,
}  # fmt: skip
"""By the first part of a key: how rarely two reports share such a thing by chance."""
WEAK = 0.4
"""Of words of the table ``general`` and of small numbers."""
BODY = 0.5
"""Of what stands in the text only."""


def concepts(
    title: str, text: str = "", language: str = "", kinds: Sequence[str] = KINDS
) -> Mapping[str, float]:
    """Give the concepts of a report with their weights, 0 to 2, without any idf: the caller knows the stream.

    ``language`` is a primary code; where it is empty the script decides between Arabic, Russian and English.
    ``kinds`` leaves out ingredients, for measuring.
    """
    found = _of(title, language, kinds)
    if text:
        for key, weight in _of(text[:TEXT], language, kinds).items():
            found.setdefault(key, weight * BODY)
    return found


@cache
def recipe() -> str:
    """Name by what concepts are found: the version of the programs, and a checksum of their data."""
    told = blake2b(digest_size=4)
    for package in ("daily8.news.concepts", "daily8.news.gazetteer"):
        names = sorted(file.name for file in (files(package) / "data").iterdir() if file.is_file())
        for name in names:
            told.update(f"{name}\n{(files(package) / 'data' / name).read_text('utf-8')}".encode())
    return f"concepts/{VERSION} {told.hexdigest()}"


def _of(text: str, language: str, kinds: Sequence[str]) -> dict[str, float]:
    told = words(text)
    language = language or _guess(told)
    found: dict[str, float] = {}
    named: list[Mention] = find_in(told, language) if "gazetteer" in kinds else []
    for mention in named:
        found[mention.id] = WEIGHTS[mention.id.partition(":")[0]]
    meant = list(vocabulary.meanings(told, language))
    if "vocabulary" in kinds:
        for each in meant:
            concept = each.phrase.meaning
            found[f"word:{concept}"] = WEAK if vocabulary.is_weak(concept) else WEIGHTS["word"]
    if "numbers" in kinds:
        for key in numbers.numbers(text, told, language):
            kind, _, value = key.partition(":")
            small = kind == "number" and value.isdigit() and int(value) < 13
            found[key] = WEAK if small else WEIGHTS[kind]
    if "skeletons" in kinds:
        spans = [(each.start, each.end) for each in named] + [(each.start, each.end) for each in meant]
        taken = {at for start, end in spans for at in range(start, end)}
        for key, weight in _names(told, taken):
            found.setdefault(key, weight)
    return found


def _names(told: Sequence[Word], taken: set[int]) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for at, word in enumerate(told):
        if at in taken or word.written[:1].islower() or not word.folded[:1].isalpha():
            continue
        forms = readings(word.folded)[:3] if is_arabic(word.folded) else (word.folded,)
        found += [
            (f"name:{skeleton}", WEIGHTS["name"] * min(1.4, 0.4 + 0.2 * len(skeleton)))
            for form in forms
            for skeleton in skeletons.skeletons(form)
        ]
    return found


def _guess(told: Sequence[Word]) -> str:
    for word in told:
        if is_arabic(word.folded):
            return "ar"
        if "а" <= word.folded[:1] <= "я":
            return "ru"
    return "en"
