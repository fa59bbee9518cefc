"""Names in scripts that have capitals: runs of capitalised words, cut by what stands in and around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from daily8.news.entities.cues import latin
from daily8.news.entities.folding import fold
from daily8.news.entities.known import Match, Names
from daily8.news.entities.values import Kind, Known

LONGEST_WORD = 40
_SHORTEST_RUN = 12
_AHEAD = 6
"""Words of a known name that are compared."""
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
    unsure: bool = False
    """Whether what is known of it wants something else of the same country beside it."""


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
_SMALL = frozenset(
    {"with", "from", "over", "into", "than", "after", "that", "amid", "upon", "about", "their", "when"}
)
_OF = frozenset(
    (
        *("of", "for", "de", "du", "des", "del", "della", "dello", "delle", "dei", "degli", "di", "da", "do"),
        *("das", "dos", "la", "las", "los", "the", "für", "pour", "по", "l", "d"),
    )
)
_ARTICLES = frozenset({"la", "le", "les", "el", "los", "las", "il", "lo", "l"})
_AND = frozenset({"and", "und", "et", "y", "e", "и"})
_INSIDE = frozenset({"in", "near", "across", "outside", "en", "в"})
_PARTICLES = frozenset(
    ["van", "von", "der", "den", "zu", "ter", "ten", "bin", "ibn", "ben", "al", "el", "abu", "bint"]
)
_ELIDED = re.compile(r"^(?:[dlDL]|dell|all|nell|sull|dall|qu)['’](?=\w{2})")
_ARTICLED = re.compile(rf"[lL]['’]{_UP}")
_OFFICE = re.compile(
    r"(?:\w{3}|-)(?:chefs?|chefin|ministers?|ministerin|präsident(?:en|in)?|kanzlers?|kanzlerin|sprechers?|sprecherin"
    r"|trainers?|trainerin|vorsitzender?n?|direktors?|direktorin|beauftragter?n?|kommissars?|kommissarin"
    r"|sekretärs?|sekretärin)$",
    re.IGNORECASE,
)
"""German offices, which are written together with what they are of."""
_GERMAN_CASE = re.compile(r"(?<=e)n$")
_CLUB = frozenset({"fc", "cf", "ac", "as", "sc", "sv", "vfb", "vfl", "rc"})
"""What stands before the name of a team."""
_MINISTRY = re.compile(
    r"\b(?:ministr[eao]|secrétaire d['’]État|commissaire|présidente?|préf[eè]te?|maire"
    r"|procureure?|sénat(?:eur|rice)|députée?)s?(?: (?:délégué|chargé)e?s?)? "
    r"(?:aux |du |des |à la |à l['’]|de la |de l['’]|d['’]|del |della |dell['’]|de )$",
    re.IGNORECASE,
)
"""An office, up to what it is of: *ministre des* (Transports), after which a person may be named."""
_OWNED = re.compile(
    r"(?:['’]s?|['’]S|['’](?:[dt][ea]n?|n?[ıiuü]n|y?[eaıiuü]|n?d[ea]n?|d[ea]ki|yl[ea]|l[ea]))$"
)
"""The possessive, and the endings that Turkish sets apart by an apostrophe."""
_DATELINE = frozenset("(-–—")
_ENDS = frozenset(".!?…:;\"“”„«»‹([\n•|–—'‘’")
_AGE = re.compile(r"^,? ?(?:\(?\d{2}\)?[,) ]|who\b|whose\b|qui\b|der\b.{0,30}\bJahre)")
_NEXT_WORD = re.compile(r"^[ \u00a0,]*([^\W\d_][\w'’\-]*)")
_HYPHENED = re.compile(rf"({_UP}[^\W_]*)[-‑](?=[a-z]{{3,}}$)")
_SHORT = re.compile(rf"^ ?\(({_UP}[\w&.\-]{{1,9}})\)")
_REGION = re.compile(rf"^, ({_UP}[\w\-]+)")
ACRONYM = re.compile(rf"{_UP}(?:{_UP}|&(?={_UP})){{1,6}}")
_CODE = re.compile(r"(?=.*\d)[\w.\-]+")
_DOTTED = re.compile(rf"(?:{_UP}\.){{2,}}")
_INITIAL = re.compile(rf"{_UP}\.?")


def shouting(text: str) -> bool:
    """Tell whether most letters of a text are capitals, so that they say nothing."""
    letters = [c for c in text[:400] if c.isalpha()]
    return len(letters) > 3 and sum(c.isupper() for c in letters) > 0.6 * len(letters)


def title_cased(text: str) -> bool:
    """Tell whether a headline writes all its words with capitals, so that they say nothing."""
    words = [w for w in re.findall(r"[^\W\d_][\w'’]*", text[:1000])[1:] if len(w) > 3 and w not in _SMALL]
    return len(words) >= 3 and sum(w[0].isupper() for w in words) >= 0.75 * len(words)


def sightings(text: str, names: Names, *, nouns: bool, offset: int = 0) -> Iterator[Sighting]:
    """Find the names of a text of sentences; ``nouns``: common nouns have capitals too (German)."""
    common = latin().common
    for run in RUN.finditer(text):
        word = run.group()
        # Most runs are the small word that begins a sentence.
        if len(word) < 2 or (len(word) < _SHORTEST_RUN and fold(word) in common):
            continue
        before = text[max(0, run.start() - _SIDE) : run.start()]
        after = text[run.end() : run.end() + _SIDE]
        starts = _starts(before)
        kind: Kind | None = None
        for segment in _segments(word, names, nouns):
            for one in _read(
                segment,
                # In "from Lisbon and Porto" the preposition stands before both.
                before if segment.first or kind == "place" else "",
                after if segment.last else "",
                names,
                run.start() + offset,
                starts=starts and segment.first,
                nouns=nouns,
            ):
                kind = one.kind
                yield one


def _segments(run: str, names: Names, nouns: bool) -> list[Segment]:
    """Cut a run where a possessive, a small word or a joint that joins no name stands."""
    words = [w for w in _SPLIT.split(run) if w]
    folded = [fold(w) or w for w in words]
    found: list[Segment] = []
    held: list[str] = []
    opened = taken = 0
    for n, word in enumerate(words):
        match = _look(names, folded, n, words) if n >= taken else None
        if match and match.length > 1:
            taken = n + match.length
        opened = opened if held else n
        fate = "keep" if n < taken else _fate(word, folded, n, held, names, nouns)
        half = _HYPHENED.match(word) if fate == "half" else None
        if fate != "drop":
            held.append(half[1] if half else word)
        if fate in ("drop", "half") or (n >= taken - 1 and _OWNED.search(word) and word[-2:] != "s'"):
            found += _closed(held, opened, n + (fate != "drop"), len(words))
            held = []
    return found + _closed(held, opened, len(words), len(words))


def _closed(held: list[str], opened: int, upto: int, size: int) -> list[Segment]:
    while held and held[-1].islower():  # al-Turabi is not
        held.pop()
    return [Segment(tuple(held), opened == 0, upto >= size)] if held else []


def _fate(word: str, folded: Sequence[str], n: int, held: list[str], names: Names, nouns: bool) -> str:
    """Say whether a word of a run is kept, dropped, or kept up to its hyphen (of "Kyiv-born", "Kyiv")."""
    cues = latin()
    if len(word) > LONGEST_WORD:
        return "drop"
    if word == "&":
        return "keep" if held else "drop"
    if word[0].islower() and folded[n] in _OF | _AND | _PARTICLES:
        return "keep" if held and _joins(folded[n], held, folded, n, names, nouns) else "drop"
    if folded[n] in cues.common or folded[n] in cues.time or _contracted(word, folded[n]):
        return "drop"
    return "half" if _HYPHENED.match(word) else "keep"


def _contracted(word: str, folded: str) -> bool:
    """Tell whether a word is a small one with what is left of another: We'll, I've, Don't; not L'OTAN."""
    return (
        not _ARTICLED.match(word) and ("'" in word or "’" in word) and folded.split(" ")[0] in latin().common
    )


def _joins(joint: str, held: list[str], folded: Sequence[str], n: int, names: Names, nouns: bool) -> bool:
    """Tell whether a small word binds what stands before it with what follows."""
    cues = latin()
    before = [fold(w) for w in held]
    heads = cues.organisation | cues.event | cues.place
    headed = any(
        word in heads or word in {"republic", "kingdom", "isle", "union", "states"} for word in before
    )
    if joint in _AND:
        following = folded[n + 1] if n + 1 < len(folded) else ""
        return (
            headed
            and bool(_OF.intersection(before))
            and following not in cues.title
            and following not in heads
            and _look(names, folded, n + 1, ()) is None
        )
    if joint in {"of", "for", "für", "pour", "по", "the"}:
        return headed
    following = folded[n + 1] if n + 1 < len(folded) else ""
    given = before[0] in cues.given or (len(before) == 1 and not names.at([following], 0) and not nouns)
    if nouns and (joint not in {"bin", "al", "el", "abu", "van", "ben"}):
        # Articles and prepositions stand between common nouns here.
        return given and joint in {"von", "zu", "de", "la"}
    if joint in _PARTICLES:
        return before[-1] not in cues.title or joint in {"bin", "al", "el", "abu", "van", "von"}
    return (headed or given or len(before) > 1) and before[-1] not in cues.title


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
        match = _look(names, folded, 0, words)
        if match and match.length == len(words) and not _of_a_person(match, before, after):
            alone = match.length == 1 and match.known.id.startswith("city:") and not _where(before)
            doubtful = alone and (nouns or starts or match.known.minor)
            doubtful = doubtful and after.lstrip()[:1] not in _DATELINE
            yield _known(match, " ".join(words), at, short)._replace(unsure=match.unsure or doubtful)
            return
        longer = _goes_on(names, folded, after) if segment.last else None
        if longer:
            yield _known(longer, " ".join(words), at)
            return
        if starts and folded[0] in _ARTICLES and len(words) > 1:
            words, folded = words[1:], folded[1:]
            continue
        if whole := _more_than_known(words, folded, match, names):
            yield _known(whole, " ".join(words), at, short)
            return
        part = match if match and match.length < len(words) else None
        if nouns and part and part.demonym and not starts and _is_of_a_name(words, folded):
            name = " ".join([_GERMAN_CASE.sub("", words[0]), *words[1:]])
            yield Sighting(name, "organisation", None, at, True, 2, short=short)
            return
        apart = part and folded[part.length] in cues.title
        if not apart and (kind := _headed(folded)):
            yield Sighting(" ".join(words), kind, None, at, True, 3, short=short)
            return
        if part is None or not (apart or part.demonym or part.length > 1):
            break
        yield _known(part, " ".join(words[: part.length]), at)
        words, folded, starts, before = words[part.length :], folded[part.length :], False, ""
        while words and words[0][0].islower():
            words, folded = words[1:], folded[1:]
    yield from _person_or_else(
        words, folded, before, after, names, at, starts=starts, nouns=nouns, short=short
    )


def _more_than_known(
    words: Sequence[str], folded: Sequence[str], match: Match | None, names: Names
) -> Match | None:
    """Find what is known by less: a team without its FC, a person without the last of the names."""
    rest = len(words) - 1
    if match and match.known.kind == "person" and match.length == rest and words[-1][0].islower():
        return match
    club = _look(names, folded, 1, words) if rest and folded[0] in _CLUB else None
    return club if club and club.length == rest and club.known.id.startswith("team:") else None


def _is_of_a_name(words: Sequence[str], folded: Sequence[str]) -> bool:
    """Tell whether a German adjective with a capital is of a name: Deutsche Bahn, not der Deutsche Thomas."""
    cues = latin()
    return words[0].endswith(("e", "en", "er", "es")) and not {folded[1]} & (cues.given | cues.title)


def _goes_on(names: Names, folded: Sequence[str], after: str) -> Match | None:
    """Find a known name that goes on in lower case, as names do in French and Spanish (Union européenne)."""
    if not (after[:1] == " " and after[1:2].islower()):
        return None
    match = names.at([*folded, *(fold(word) for word in after.split()[:3])], 0)
    return match if match and match.length > len(folded) else None


def _look(names: Names, folded: Sequence[str], n: int, words: Sequence[str]) -> Match | None:
    """Find what is known at a word; words with hyphens are looked at in their parts too."""
    if n >= len(folded) or not (" " in folded[n] or names.begins(folded[n])):
        return None
    here = folded[n : n + _AHEAD]
    if not any(" " in word for word in here):
        return names.at(folded, n, words)
    flat = [(part, at) for at, word in enumerate(here, start=1) for part in word.split()]
    match = names.at([part for part, _ in flat], 0)
    if match is None:
        return None
    at = flat[match.length - 1][1]
    whole = match.length == len(flat) or flat[match.length][1] != at
    return match._replace(length=at) if whole else None


def _known(match: Match, name: str, at: int, short: str = "") -> Sighting:
    known = match.known
    if name.isupper() and not known.english.isupper():
        name = known.english
    return Sighting(name, known.kind, known, at, True, 3, match.demonym, short, match.unsure)


def _starts(before: str) -> bool:
    """Tell whether a sentence, a heading or a quotation begins behind this."""
    plain = before.rstrip(" \u00a0")
    return not plain or plain[-1] in _ENDS


def _previous(before: str) -> str:
    """Give the word that ends a text, folded; a comma may follow it."""
    words = before.rstrip(" ,\u00a0").rsplit(None, 1)
    return fold(words[-1]) if words and words[-1][-1].isalpha() else ""


def _where(before: str) -> bool:
    return _previous(before) in latin().where


def _of_a_person(match: Match, before: str, after: str) -> bool:
    """Tell whether what is known as a city bears somebody's name here: it speaks."""
    if match.length > 1 or not match.known.id.startswith("city:"):
        return False
    previous = _previous(before)
    following = fold(found[1]) if (found := _NEXT_WORD.match(after)) else ""
    cues = latin()
    return previous not in cues.where and (following in cues.say or previous in cues.role)


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
    titles = _titles(words, folded, nouns)
    if not titles and _MINISTRY.search(before):
        titles = [n - 1 for n in range(1, len(words) - 1) if folded[n] in cues.given][:1]
        if titles and (place := _look(names, folded, 0, words)) and place.length == titles[0] + 1:
            yield _known(place, " ".join(words[: place.length]), at)
            words, folded, titles = words[place.length - 1 :], folded[place.length - 1 :], [0]
    titled, royal = False, ""
    if titles and (titles[-1] < len(words) - 1 or len(titles) == len(words)):
        cut = max(titles) + 1
        royal = words[cut - 1] if folded[cut - 1] in cues.royal else ""
        if titles[0] > 0:
            yield from _person_or_else(
                words[: titles[0]],
                folded[: titles[0]],
                before,
                "",
                names,
                at,
                starts=starts,
                nouns=nouns,
                short="",
            )
        words, folded, titled, starts, before = words[cut:], folded[cut:], True, False, ""
        while words and (words[0][0].islower() and folded[0] not in _PARTICLES):
            words, folded, titled = words[1:], folded[1:], False
    if not words or not any(folded):
        return
    name = " ".join(words)
    if titled and len(words) == 1 and royal:
        name = f"{royal} {name}"
    match = _look(names, folded, 0, words)
    if whole := _more_than_known(words, folded, match, names):
        yield _known(whole, name, at, short)
        return
    if (
        match
        and match.length == len(words)
        and not ((titled and match.known.kind == "place") or _of_a_person(match, before, after))
    ):
        yield _known(match, name, at, short)
        return
    kind, strength = _kind(words, folded, before, after, names, titled=titled)
    if len(words) == 1 and not titled and _idle(words[0], folded[0]):
        return
    if nouns and (strength < 2 or (len(words) == 1 and strength < 3 and not ACRONYM.fullmatch(name))):
        return
    yield Sighting(name, kind, None, at, not starts or strength >= 2, strength, short=short)


def _titles(words: Sequence[str], folded: Sequence[str], nouns: bool) -> list[int]:
    """Give where titles and offices stand in a run."""
    return [
        n
        for n, word in enumerate(words)
        if (folded[n] in latin().title and not ACRONYM.fullmatch(word))
        or (nouns and _OFFICE.search(word))
        or word in {"CEO", "CFO", "MP", "PM"}
    ]


def _idle(word: str, folded: str) -> bool:
    """Tell whether a single word is never a name."""
    cues = latin()
    if ACRONYM.fullmatch(word):
        return fold(word) in cues.general
    return (
        _CODE.fullmatch(word) is not None
        or len(folded) < 3
        or folded in cues.weak
        or folded in cues.title
        or folded in cues.organisation
        or folded in cues.place
        or folded in cues.event
        or folded in cues.role
    )


def _headed(folded: Sequence[str]) -> Kind | None:
    """Give the kind that the head of a name says: its last word, or its first, or the one before *of*."""
    cues = latin()
    if len(folded) < 2 or (
        len(folded) == 2 and folded[0] in cues.given and folded[1] in cues.thing | cues.place
    ):
        return None
    heads = [
        folded[-1],
        *([folded[0]] if folded[0] not in cues.final and folded[0] not in cues.given else []),
    ]
    heads[1:1] = [folded[n] for n in range(len(folded) - 1) if folded[n + 1] in _OF]
    for head in heads:
        if head in cues.event:
            return "event"
        if head in cues.organisation:
            return "organisation"
        if head in cues.place:
            return "place"
    return "other" if folded[-1] in cues.thing else None


def _kind(
    words: Sequence[str], folded: Sequence[str], before: str, after: str, names: Names, *, titled: bool
) -> tuple[Kind | None, int]:
    """Judge a name without a head by its form and what stands around it."""
    cues = latin()
    if titled:
        return "person", 3
    size = sum(1 for word in words if any(letter.isupper() for letter in word))
    if folded[0] == "storm" and 2 <= size <= 3:
        return "event", 3
    if size == 1 and (ACRONYM.fullmatch(words[0]) or _DOTTED.fullmatch(words[0])):
        return "organisation", 2
    many = 2 <= size <= 4
    paper = size == 2 and folded[0] in _ARTICLES  # Le Monde, La Stampa
    if many and (folded[0] in cues.given or _INITIAL.fullmatch(words[0]) or _INITIAL.fullmatch(words[1])):
        return "person", 3
    if many and any(w in _PARTICLES | {"de", "di", "da", "la"} for w in folded[1:-1]):
        return "person", 2
    previous = _previous(before)
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
    if (previous in cues.where if size == 1 else size == 2 and previous in _INSIDE) and not before.rstrip(
        " \u00a0"
    ).endswith(","):
        return "place", 1
    return ("person", 1) if size == 2 and not paper else (None, 1)
