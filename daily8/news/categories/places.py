"""Which countries words mean, and whether a country speaks a language.

Names in all languages come from Unicode's CLDR (through Babel), demonyms and capitals from ``countries.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files

from babel import Locale, UnknownLocaleError
from babel.core import get_global

_COLUMNS = {"en": 1, "fr": 2, "ar": 3}
_AMBIGUOUS = frozenset(
    {
        ("en", "TD"),
        ("en", "TR"),
        ("en", "JE"),
        ("en", "GE"),
        ("fr", "NE"),
        ("ar", "OM"),
        ("ar", "GG"),
        ("ar", "TT"),
        ("ar", "MC"),
    }
)
"""Where the bare name of a country is more often something else: Chad, Jersey, Georgia (the state), ``عمان``
(Amman)."""
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_REGION = re.compile(r"[A-Z]{2}")
_NO_COUNTRIES = frozenset(
    {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO", "AQ", "CP", "DG", "EA", "IC", "TA", "AC", "BV", "HM"}
)
_SPOKEN = 20.0
"""Per cent of a country's people by which a language is at home there even where it is not official."""


@lru_cache(maxsize=64)
def country_patterns(language: str) -> tuple[tuple[str, str], ...]:
    """Give pairs of a country's ISO 3166 code and a pattern (see ``lexicon``) by which it is meant."""
    return tuple(dict.fromkeys((*_named(language), *_listed(language))))


def _named(language: str) -> Iterator[tuple[str, str]]:
    if not _LANGUAGE.fullmatch(language):  # Babel opens a file of this name
        return
    try:
        names: Mapping[str, str] = Locale(language).territories
    except (UnknownLocaleError, ValueError):
        return
    for country, name in sorted(names.items()):
        if not _REGION.fullmatch(country) or country in _NO_COUNTRIES or (language, country) in _AMBIGUOUS:
            continue
        bare = re.sub(r"\s*[(\[（].*", "", name).strip()
        parts = re.findall(r"[^\W_]+", bare)
        if len("".join(parts)) < 3:
            continue
        yield country, "_".join(parts)


def _listed(language: str) -> Iterator[tuple[str, str]]:
    column = _COLUMNS.get(language)
    if column is None:
        return
    text = (files("daily8.news.categories") / "countries.tsv").read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            cells = line.split("\t")
            for pattern in cells[column].split():
                yield cells[0], pattern


@lru_cache(maxsize=4096)
def speaks(country: str, language: str) -> bool:
    """Say whether a language is official in a country, or that of a good part of its people."""
    spoken = get_global("territory_languages").get(country, {}).get(language)
    return bool(spoken) and (
        str(spoken["official_status"] or "").startswith("official") or spoken["population_percent"] >= _SPOKEN
    )


@lru_cache(maxsize=512)
def country_name(country: str) -> str:
    """Give the English name of a country, or its code where it has none."""
    return str(Locale("en").territories.get(country, country))
