"""Names in scripts that have capitals: runs of capitalised words, cut by what stands in and around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from daily8.news.entities.cues import latin
from daily8.news.entities.folding import fold
from daily8.news.entities.known import Names
from daily8.news.entities.values import Kind, Known

LONGEST_WORD = 40
_SIDE = 48
"""Characters beside a name that are looked at."""


class Sighting(NamedTuple):
    """A name at one place of a text, and what speaks for its kind there."""

    name: str
    kind: Kind | None
    known: Known | None
    at: int
    sure: bool
    """Whether more than a capital at a sentence's start speaks for a name."""
    strength: int = 1
    """How much speaks for the kind: 3 surely (known, titles, heads), 2 (context), 1 (mere form)."""
    demonym: bool = False
    short: str = ""
    """An abbreviation in brackets behind it."""


class Segment(NamedTuple):
    """Words of a run that may be one name."""

    words: tuple[str, ...]
    first: bool
    """Whether it begins the run."""
    last: bool
    """Whether it ends the run."""


@cache
def _class(category: str) -> str:
    """Give the letters of a category below U+0530 and in Latin and Greek Extended, as ranges of a class."""
    found = [n for n in (*range(0x530), *range(0x1E00, 0x2000)) if unicodedata.category(chr(n)) == category]
    ranges: list[list[int]] = []
    for n in found:
        if ranges and ranges[-1][1] == n - 1:
            ranges[-1][1] = n
        else:
            ranges.append([n, n])
    return "".join(chr(a) if a == b else f"{chr(a)}-{chr(b)}" for a, b in ranges)


_UP = f"[{_class('Lu')}]"
_WORD = (
    rf"(?:(?:al|el|as|ash|ad|an|ar|O)['’\-]|(?:[dlLD]|dell|all|nell|sull|dall|qu)['’])?"
    rf"(?:{_UP}\.(?:{_UP}\.)*+(?!\w)|(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Sen|Rep|Gov|Lt|Sgt|Capt|Rev)\.(?=\s)"
    rf"|{_UP}[^\W_]*+(?:['’\-‑&.][^\W_]++)*+['’]?+)"
)
_JOIN = (
    r"(?:of the|of|for the|for|and the|and|&|the|van der|van den|van de|van|von der|von|zu|"
    r"de la|de las|de los|de l['’]|del|della|delle|dello|dei|degli|di|da|dos|das|do|de|du|des|d['’]|der|den|"
    r"ter|ten|bin|ibn|ben|al|el|la|abu|bint|und|für|et|pour|y|e|и|по)"
)
_GAP = "[ \u00a0]"
RUN = re.compile(rf"(?<![^\W_])(?<![\w]['’\-]){_WORD}(?:{_GAP}(?:{_JOIN}{_GAP}?)?{_WORD}){{0,11}}+")
_SPLIT = re.compile(r"[ \u00a0]|(?<=[dl]['’])(?=\w)")
_OF = frozenset({"of", "for", "de", "du", "des", "del", "della", "dello", "delle", "dei", "degli", "di", "da", "do", "das", "dos", "la", "las", "los", "the", "für", "pour", "по", "l", "d"})  # fmt: skip
_AND = frozenset({"and", "und", "et", "y", "e", "и"})
_PARTICLES = frozenset({"van", "von", "der", "den", "zu", "ter", "ten", "bin", "ibn", "ben", "al", "el", "abu", "bint"})  # fmt: skip
_ELIDED = re.compile(r"^(?:[dlDL]|dell|all|nell|sull|dall|qu)['’](?=\w{2})")
_OWNED = re.compile(r"(?:['’]s?|['’]S)$")
_ENDS = re.compile(r"(?:^|[.!?…:;\"“”„«»‹(\[\n•|–—]|['‘’]) *$")
_LAST_WORD = re.compile(r"([^\W\d_][\w'’\-]*)[ \u00a0,]*$")
_AGE = re.compile(r"^,? ?(?:\(?\d{2}\)?[,) ]|who\b|whose\b|qui\b|der\b.{0,30}\bJahre)")
_NEXT_WORD = re.compile(r"^[ \u00a0,]*([^\W\d_][\w'’\-]*)")
_SHORT = re.compile(rf"^ ?\(({_UP}[\w&.\-]{{1,9}})\)")
_REGION = re.compile(rf"^, ({_UP}[\w\-]+)")
ACRONYM = re.compile(rf"{_UP}(?:{_UP}|&(?={_UP})|\d|-(?=\d)){{1,6}}")
_DOTTED = re.compile(rf"(?:{_UP}\.){{2,}}")
_INITIAL = re.compile(rf"{_UP}\.?")


def shouting(text: str) -> bool:
    """Tell whether most letters of a text are capitals, so that they say nothing."""
    letters = [c for c in text[:400] if c.isalpha()]
    return len(letters) > 3 and sum(c.isupper() for c in letters) > 0.6 * len(letters)


def title_cased(text: str) -> bool:
    """Tell whether a headline writes all its words with capitals, so that they say nothing."""
    common = latin().common
    words = [w for w in re.findall(r"[^\W\d_][\w'’]*", text[:1000])[1:] if len(w) > 3 and fold(w) not in common]
    return len(words) >= 3 and sum(w[0].isupper() for w in words) >= 0.75 * len(words)


def sightings(text: str, names: Names, *, nouns: bool, offset: int = 0) -> Iterator[Sighting]:
    """Find the names of a text of sentences; ``nouns``: common nouns have capitals too (German)."""
    for run in RUN.finditer(text):
        if run.end() - run.start() < 2:
            continue
        before = text[max(0, run.start() - _SIDE) : run.start()]
        after = text[run.end() : run.end() + _SIDE]
        starts = _ENDS.search(before) is not None
        for segment in _segments(run.group(), names):
            yield from _read(
                segment,
                before if segment.first else "",
                after if segment.last else "",
                names,
                run.start() + offset,
                starts=starts and segment.first,
                nouns=nouns,
            )


def _segments(run: str, names: Names) -> list[Segment]:
    """Cut a run where a possessive, a small word or a joint that joins no name stands."""
    words = [w for w in _SPLIT.split(run) if w]
    folded = [fold(w) or w for w in words]
    cues = latin()
    found: list[Segment] = []
    held: list[str] = []
    opened = taken = 0

    def close(upto: int) -> None:
        nonlocal held
        while held and held[-1][0].islower():
            held.pop()
        if held:
            found.append(Segment(tuple(held), opened == 0, upto >= len(words)))
        held = []

    for n, word in enumerate(words):
        if n < taken:
            held.append(word)
            if n == taken - 1 and _OWNED.search(word):
                close(n + 1)
            continue
        match = names.at(folded, n)
        if match and match.length > 1:
            taken = n + match.length
        if not held:
            opened = n
        if n < taken:
            held.append(word)
        elif len(word) > LONGEST_WORD:
            close(n)
        elif word[0].islower() and folded[n] in _OF | _AND | _PARTICLES | {"&"}:
            if not (held and _joins(folded[n], held, folded, n, names)):
                close(n)
            elif held:
                held.append(word)
        elif word == "&" and held:
            held.append(word)
        elif (folded[n] in cues.common or folded[n] in cues.time) and not ACRONYM.fullmatch(word):
            close(n)
        else:
            held.append(word)
            if _OWNED.search(word) and word[-2:] != "s'":
                close(n + 1)
    close(len(words))
    return found


def _joins(joint: str, held: list[str], folded: Sequence[str], n: int, names: Names) -> bool:
    """Tell whether a small word binds what stands before it with what follows."""
    cues = latin()
    before = [fold(w) for w in held]
    heads = cues.organisation | cues.event | cues.place
    headed = any(word in heads or word in {"republic", "kingdom", "isle", "union", "states"} for word in before)
    if joint in _AND:
        following = folded[n + 1] if n + 1 < len(folded) else ""
        return (
            headed
            and bool(_OF.intersection(before))
            and following not in cues.title
            and following not in heads
            and names.at(folded, n + 1) is None
        )
    if joint in {"of", "for", "für", "pour", "по", "the"}:
        return headed
    if joint in _PARTICLES:
        return before[-1] not in cues.title or joint in {"bin", "al", "el", "abu", "van", "von"}
    return before[-1] not in cues.title


def _read(
    segment: Segment, before: str, after: str, names: Names, at: int, *, starts: bool, nouns: bool
) -> Iterator[Sighting]:
    """Say what a segment names."""
    cues = latin()
    words = [_OWNED.sub("", w) if len(w) > 3 else w for w in segment.words]
    words = [_ELIDED.sub("", w) for w in words]
    if len(words) == 1:
        words[0] = words[0].rstrip("'’")
    folded = [fold(w) for w in words]
    short = found[1] if (found := _SHORT.match(after)) else ""
    while words:
        match = names.at(folded, 0)
        if match and match.length == len(words):
            yield Sighting(" ".join(words), match.known.kind, match.known, at, True, 3, match.demonym, short)
            return
        if kind := _headed(folded):
            yield Sighting(" ".join(words), kind, None, at, True, 3, short=short)
            return
        if match and (match.demonym or match.length > 1 or folded[match.length] in cues.title):
            yield Sighting(" ".join(words[: match.length]), match.known.kind, match.known, at, True, 3, match.demonym)
            words, folded, starts, before = words[match.length :], folded[match.length :], False, ""
            continue
        break
    yield from _person_or_else(words, folded, before, after, names, at, starts=starts, nouns=nouns, short=short)


def _person_or_else(
    words: list[str],
    folded: list[str],
    before: str,
    after: str,
    names: Names,
    at: int,
    *,
    starts: bool,
    nouns: bool,
    short: str,
) -> Iterator[Sighting]:
    cues = latin()
    titles = [n for n, word in enumerate(folded) if word in cues.title and not ACRONYM.fullmatch(words[n])]
    titles += [n for n, word in enumerate(words) if word in {"CEO", "CFO", "MP", "PM"}]
    titled = False
    if titles and titles[-1] < len(words) - 1 or titles and len(titles) == len(words):
        cut = max(titles) + 1
        if titles[0] > 0:
            yield from _person_or_else(
                words[: titles[0]], folded[: titles[0]], before, "", names, at, starts=starts, nouns=nouns, short=""
            )
        words, folded, titled, starts, before = words[cut:], folded[cut:], True, False, ""
        while words and (words[0][0].islower() and folded[0] not in _PARTICLES):
            words, folded, titled = words[1:], folded[1:], False
    if not words or not any(folded):
        return
    name = " ".join(words)
    if match := names.whole(folded):
        yield Sighting(name, match.known.kind, match.known, at, True, 3, match.demonym, short)
        return
    kind, strength = _kind(words, folded, before, after, names, titled=titled)
    if len(words) == 1 and not titled and _idle(words[0], folded[0]):
        return
    if nouns and strength < 2:
        return
    yield Sighting(name, kind, None, at, not starts or strength >= 2, strength, short=short)


def _idle(word: str, folded: str) -> bool:
    """Tell whether a single word is never a name."""
    cues = latin()
    if ACRONYM.fullmatch(word):
        return len(word) < 2 or word.isdigit()
    return (
        len(folded) < 3
        or folded in cues.weak
        or folded in cues.title
        or folded in cues.organisation
        or folded in cues.place
        or folded in cues.event
        or folded in cues.role
    )


def _headed(folded: Sequence[str]) -> Kind | None:
    """Give the kind that the head of a name says: its last word, or its first, or the one before *of*."""
    if len(folded) < 2:
        return None
    cues = latin()
    heads = [folded[-1], folded[0]]
    heads[1:1] = [folded[n] for n in range(len(folded) - 1) if folded[n + 1] in _OF]
    for head in heads:
        if head in cues.event:
            return "event"
        if head in cues.organisation:
            return "organisation"
        if head in cues.place:
            return "place"
    return None


def _kind(
    words: Sequence[str], folded: Sequence[str], before: str, after: str, names: Names, *, titled: bool
) -> tuple[Kind | None, int]:
    """Judge a name without a head by its form and what stands around it."""
    cues = latin()
    if titled:
        return "person", 3
    size = sum(1 for word in words if word[0].isupper())
    if size == 1 and (ACRONYM.fullmatch(words[0]) or _DOTTED.fullmatch(words[0])):
        return "organisation", 2
    many = 2 <= size <= 4
    if many and (folded[0] in cues.given or _INITIAL.fullmatch(words[0]) or _INITIAL.fullmatch(words[1])):
        return "person", 3
    if many and any(w in _PARTICLES for w in folded[1:-1]):
        return "person", 2
    previous = fold(found[1]) if (found := _LAST_WORD.search(before)) else ""
    following = fold(found[1]) if (found := _NEXT_WORD.match(after)) else ""
    if previous == "the":
        return ("organisation" if many else None), 1
    if previous in cues.role and "," not in before[-2:]:
        return "person", 3
    if many and (_AGE.match(after) or following in cues.say or previous in cues.say):
        return "person", 2
    if following in cues.say or previous in cues.say:
        return "person", 2
    if (region := _REGION.match(after)) and names.at([fold(region[1])], 0) and size <= 2:
        return "place", 2
    if previous in cues.where and size <= 2 and not before.rstrip(" \u00a0").endswith(","):
        return "place", 1
    return ("person", 1) if many and size <= 3 else (None, 1)


