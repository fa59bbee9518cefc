"""The words that betray names: titles, heads of names, prepositions, given names; a file a script."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from daily8.news.entities.folding import fold


@dataclass(frozen=True, slots=True)
class Cues:
    """Words by role, folded; the files of `data` say what each role is."""

    title: frozenset[str]
    say: frozenset[str]
    organisation: frozenset[str]
    place: frozenset[str]
    event: frozenset[str]
    where: frozenset[str]
    given: frozenset[str]
    common: frozenset[str]
    time: frozenset[str]
    agency: frozenset[str]
    role: frozenset[str] = frozenset()
    office: frozenset[str] = frozenset()
    particle: frozenset[str] = frozenset()
    vague: frozenset[str] = frozenset()
    proper: frozenset[str] = frozenset()
    half: frozenset[str] = frozenset()
    adjective: frozenset[str] = frozenset()
    general: frozenset[str] = frozenset()
    final: frozenset[str] = frozenset()
    royal: frozenset[str] = frozenset()
    thing: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    """Words that many names hold, and that name nothing alone; no common words."""
    kept: frozenset[str] = frozenset()
    """Heads that stay in the name of a place (marked by + in the file)."""


@cache
def latin() -> Cues:
    """Give the cues of texts whose script has capitals."""
    return _read("latin.txt")


@cache
def arabic() -> Cues:
    """Give the cues of Arabic texts."""
    return _read("arabic.txt")


def _read(name: str) -> Cues:
    text = files("daily8.news.entities").joinpath("data").joinpath(name).read_text("utf-8")
    roles: dict[str, set[str]] = {}
    for line in text.splitlines():
        role, colon, words = line.partition(":")
        if not colon or line.startswith("#"):
            continue
        held = roles.setdefault(role, set())
        for word in words.split():
            folded = fold(word)
            held.add(folded)
            if word.endswith("+"):
                roles.setdefault("kept", set()).add(folded)
    roles["common"] -= roles.get("weak", set())
    return Cues(**{field.name: frozenset(roles.get(field.name, ())) for field in fields(Cues)})
