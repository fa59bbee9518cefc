"""Look up the words of news by what they mean, in ten languages.

The tables in ``data/`` hold one concept a row (kill, election, earthquake, final) with its forms by language;
they were written for news in general, by field. Other languages have no vocabulary and share names and
numbers only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from daily8.news.gazetteer import tables
from daily8.news.gazetteer.folding import Word
from daily8.news.gazetteer.lexicon import Found, Lexicon

_PACKAGE = "daily8.news.concepts"
WEAK = frozenset({"general"})
"""Tables whose concepts say little of what an article is about."""


def meanings(told: Sequence[Word], language: str) -> Iterator[Found]:
    """Give what the words of a text mean, leftmost and longest."""
    if language not in tables.LANGUAGES:
        return
    for found in _lexicon(language).find(told):
        if not found.phrase.upper or all(word.written.isupper() for word in told[found.start : found.end]):
            yield found


def is_weak(concept: str) -> bool:
    """Tell whether a concept says little by itself."""
    return _fields().get(concept) in WEAK


@cache
def _fields() -> dict[str, str]:
    return {
        row["concept"]: name.removesuffix(".tsv")
        for name in tables.names(_PACKAGE)
        for row in tables.rows(_PACKAGE, name)
    }


@cache
def _lexicon(language: str) -> Lexicon:
    made = Lexicon()
    for name in tables.names(_PACKAGE):
        for row in tables.rows(_PACKAGE, name):
            for form in tables.forms(row[language]):
                made.add(form.rstrip("!"), row["concept"], upper=form.endswith("!!"))
    return made
