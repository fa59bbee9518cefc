"""What a source itself says of a piece: its section, its feed categories, the parts of its address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from daily8.news.categories.lexicon import rows
from daily8.news.categories.names import GENERAL, WORLD
from daily8.news.categories.words import fold, split

SECTION, PATH, TAG = 4.0, 3.2, 1.2
"""Natural logarithms by which the odds of a category rise: a section is all but sure, a tag only likely."""
_PART = 0.75
"""What a name is worth of which only a word is known (``Premier League news``)."""
_WHERE = frozenset({WORLD, GENERAL})
_WHERE_PART = 0.3
"""What a section is worth that says where something happened (*World*, *Local*), not what: it may
hold all else."""
_TAGS, _SEGMENTS, _NAME = 12, 6, 80
_NUMBERED = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+){0,2})-\d{5,}")
"""The last part of an address that is a section and a number."""
_LEVELS = re.compile(r"[>/|»›:;,]+")
_SILENT = "-"


def _key(name: str) -> str:
    return " ".join(fold(word) for word in split(name[:_NAME]))


@cache
def _table() -> dict[str, str]:
    """Give the category of each name. A name that stands in two rows belongs to the first."""
    table: dict[str, str] = {}
    for category, cell in rows("sections.tsv"):
        for name in cell.split("|"):
            table.setdefault(_key(name), category)
    return table


@lru_cache(maxsize=4096)
def named(name: str) -> tuple[str, float]:
    """Give the category that a name of a section means, and how surely (1, less, or 0 for none)."""
    table = _table()
    for level in (name, *_LEVELS.split(name)):
        found = table.get(_key(level), "")
        if found and found != _SILENT:
            return found, 1.0
    words = _key(name).split()
    if len(words) > 4:
        return "", 0.0
    pieces = [*words, *(" ".join(pair) for pair in pairwise(words))]
    kinds = {table.get(form, "") for piece in pieces for form in _bare(piece)} - {"", _SILENT}
    return (kinds.pop(), _PART) if len(kinds) == 1 else ("", 0.0)


def _bare(word: str) -> Iterator[str]:
    """Give a word also without the Arabic *and* that is written onto it."""
    yield word
    if len(word) > 4 and word[0] == "و":
        yield word[1:]


@lru_cache(maxsize=4096)
def in_address(url: str) -> tuple[str, str]:
    """Give the category that an address names, and the part of it that does; empty where none does."""
    try:
        parts = urlsplit(url[:2000])
        host = parts.hostname or ""
    except ValueError:
        return "", ""
    labels = host.split(".")
    segments = [piece for piece in parts.path.split("/")[:-1] if piece][:_SEGMENTS]
    numbered = _NUMBERED.fullmatch(unquote(parts.path.rpartition("/")[2][:_NAME], errors="ignore"))
    for piece in (*([numbered[1]] if numbered else []), *segments, *labels[:-2]):
        name = unquote(piece, errors="ignore")
        found = _table().get(_key(name.replace("-", " ")), "")
        if found and found != _SILENT:
            return found, name[:40]
    return "", ""


def evidence(section: str, tags: Sequence[str], url: str) -> Iterator[tuple[str, float, str]]:
    """Give what a source says as triples of category, rise of its odds (natural logarithm) and reason.

    Tags count once for each category, the first dozen of them.
    """
    found, surely = named(section[:_NAME]) if section else ("", 0.0)
    if found:
        yield found, SECTION * surely * _worth(found), f"section {section.strip()[:40]!r}"
    placed, piece = in_address(url) if url else ("", "")
    if placed:
        yield placed, PATH * _worth(placed), f"address part {piece!r}"
    counted: set[str] = set()
    for tag in tags[:_TAGS]:
        told, surely = named(tag[:_NAME])
        if told and told not in counted:
            counted.add(told)
            yield told, TAG * surely * _worth(told), f"tag {tag.strip()[:40]!r}"


def _worth(category: str) -> float:
    return _WHERE_PART if category in _WHERE else 1.0


def own_category(section: str = "", tags: Sequence[str] = (), url: str = "") -> str:
    """Give the category that a source itself clearly says, or the empty string.

    Clearly: its section or its address names one and the other no other one; where neither does, all its tags
    that name any name the same. This is what may be learned from.
    """
    told = {named(section[:_NAME])[0] if section else "", in_address(url)[0] if url else ""}
    told |= {named(tag[:_NAME])[0] for tag in tags[:_TAGS]} if told == {""} else set()
    told.discard("")
    return told.pop() if len(told) == 1 else ""
