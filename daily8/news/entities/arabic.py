"""Names in Arabic, which has no capitals: known ones, and what titles, heads and given names betray."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from daily8.news.entities.capitals import Sighting
from daily8.news.entities.cues import Cues, arabic
from daily8.news.entities.folding import bare, definite, fold, undefined, unmarked
from daily8.news.entities.known import Names
from daily8.news.entities.values import Kind

_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|\n")
ARABIC = re.compile("[\u0621-\u064a]")
LONGEST_WORD = 30
_QUOTES = frozenset('«"“„')
_NISBA = re.compile("(?:ي|يه|يون|يين)$")
_JOINED = ("و", "ف", "ب", "ل", "ك", "ي", "ت", "سي", "ست")
_SUFFIXED = re.compile(r"\w{3}(?:ها|هم|هما)$")
_AFTER_OFFICE = 7
_ROLES = (
    *("title", "office", "say", "organisation", "place", "event", "where", "given", "particle", "common"),
    *("time", "vague", "kept", "proper", "half", "adjective"),
)
_EMPTY: frozenset[str] = frozenset()


@lru_cache(maxsize=1 << 15)
def roles(word: str) -> tuple[frozenset[str], str]:
    """Give the roles of a folded word, and the form without clitics that has them.

    The word as it stands counts first.
    """
    cues = arabic()
    forms = [word]
    forms += [form for form in bare(word)[1:] if definite(form) or not definite(word)]
    for form in forms:
        found = _listed(form, cues)
        if found:
            return found, form
    return _EMPTY, word


def _listed(word: str, cues: Cues) -> frozenset[str]:
    return frozenset(name for name in _ROLES if word in getattr(cues, name))


@dataclass(slots=True)
class Words:
    """A text as words and marks, side by side as written and folded."""

    raw: list[str]
    folded: list[str]
    roles: list[frozenset[str]]
    counts: Counter[str]
    pairs: Counter[tuple[str, str]]
    names: Names

    @classmethod
    def of(cls, text: str, names: Names) -> Words:
        """Cut a text."""
        raw = _TOKEN.findall(unmarked(text))
        folded = [fold(word) for word in raw]
        # The preposition and the name Ali differ by the dots of the last letter only.
        found = [
            frozenset({"common"}) if word in {"على", "وعلى"} else roles(form)[0]
            for word, form in zip(raw, folded, strict=True)
        ]
        pairs = Counter(pairwise(folded))
        return cls(raw, folded, found, Counter(folded), pairs, names)

    def word(self, n: int) -> bool:
        """Tell whether a word of Arabic that may be of a name stands there."""
        return (
            n < len(self.folded)
            and bool(self.folded[n])
            and 1 < len(self.folded[n]) <= LONGEST_WORD
            and ARABIC.match(self.folded[n]) is not None
            and not self.roles[n] & _NEVER
        )

    def said(self, start: int, end: int) -> str:
        """Give the words as written, without the clitics of the first."""
        first = self.raw[start]
        form = roles(self.folded[start])[1]
        cut = len(self.folded[start]) - len(form)
        if cut > 0 and self.folded[start].endswith(form):
            first = first[cut:]
        elif self.folded[start].startswith(("لل", "ولل")) and form.startswith("ال"):
            first = "ال" + first[first.index("ل") + 2 :]
        return " ".join([first, *(word for word in self.raw[start + 1 : end] if word[0].isalnum())])


_NO_NAME = frozenset({"organisation", "place", "event", "vague", "title", "office", "where"})
_NEVER = frozenset({"common", "time", "say"})


def sightings(text: str, names: Names, offset: int = 0) -> Iterator[Sighting]:
    """Find the names of an Arabic text; places are counted in words times six, about characters."""
    words = Words.of(text, names)
    n = 0
    while n < len(words.folded):
        found, taken = _at(words, n)
        for one in found:
            yield one._replace(at=offset + n * 6)
        n += max(1, taken)


def _at(words: Words, n: int) -> tuple[list[Sighting], int]:
    """Read the names that begin at a word, and say how many words they take."""
    if not ARABIC.match(words.folded[n]):
        return [], 1
    here = words.roles[n]
    match = words.names.at(words.folded, n)
    if match and match.length > 1:  # also one that begins with a common word: Real (riyal) Madrid
        return [_known(words, n, match.length)], match.length
    match = None if here & _NEVER else match
    for kind in ("organisation", "event", "place"):
        if kind in here and (end := _headed(words, n, kind)):
            return [_named(words, n, end, kind)], end - n
    if "title" in here:
        return _titled(words, n)
    if match:
        return _one(words, n), 1
    if ("given" in here or _servant(words, n)) and _ali(words, n) and (end := _name(words, n)) > n + 1:
        return [Sighting(words.said(n, end), "person", None, 0, True, 3)], end - n
    if "say" in here and words.word(n + 1) and _plain(words, n + 1):
        end = _name(words, n + 1)
        if end > n + 2 and not words.roles[n + 1] and not words.names.at(words.folded, n + 2):
            return [Sighting(words.said(n + 1, end), "person", None, 0, False, 2)], end - n
    return [], 1


def _known(words: Words, n: int, length: int) -> Sighting:
    match = words.names.at(words.folded, n)
    if match is None:
        return Sighting(words.said(n, n + length), None, None, 0, False, 1)
    return Sighting(
        match.known.arabic or words.said(n, n + length),
        match.known.kind,
        match.known,
        0,
        True,
        3,
        match.demonym,
        "",
        match.unsure,
    )


def _ali(words: Words, n: int) -> bool:
    """Tell whether what may be the name Ali is not the preposition, which some write the same,
    and Omar no age.
    """
    if words.folded[n] == "عمر":
        return not (n and words.folded[n - 1] in {"عن", "من", "في"})
    if words.folded[n] != "علي":
        return True
    if "على" not in words.raw:
        return _pairs(words, n + 1) > 1
    following = words.roles[n + 1] if n + 1 < len(words.roles) else _EMPTY
    return bool(following & {"given", "particle"}) or _pairs(words, n + 1) > 1


def _one(words: Words, n: int) -> list[Sighting]:
    """Give what is known by one word, where it may be meant: cities have common words' names."""
    one = _known(words, n, 1)
    known = one.known
    led = (n > 0 and bool(words.roles[n - 1] & {"where", "place"})) or words.folded[n].startswith("ب")
    if known is None or not known.id.startswith(("city:", "place:")):
        return [one] if led or "vague" not in words.roles[n] else []
    if words.roles[n] & {"adjective", "office", "vague", "event", "title"}:
        return []
    headed = n == 0 and len(words.folded) > 1 and not words.folded[1]
    return [one._replace(unsure=one.unsure or (known.minor and not led and not headed))]


def _servant(words: Words, n: int) -> bool:
    return words.folded[n] == "عبد" and n + 1 < len(words.folded) and definite(words.folded[n + 1])


def _plain(words: Words, n: int) -> bool:
    """Tell whether a word may be a person's first name where nothing is known of it.

    One that begins with a letter that may be a clitic is none unless it is known as a name.
    """
    if "given" in words.roles[n]:
        return True
    word = words.folded[n]
    return not (word.startswith(_JOINED) or definite(word) or words.roles[n] & _NO_NAME)


def _titled(words: Words, n: int) -> tuple[list[Sighting], int]:
    """Read the name behind a title, over offices, adjectives and countries that stand between."""
    found: list[Sighting] = []
    at, passed = n + 1, 0
    while at < min(len(words.folded), n + _AFTER_OFFICE) and ARABIC.match(words.folded[at]):
        match = words.names.at(words.folded, at) if not words.roles[at] & _NEVER else None
        if match and match.known.kind == "person":
            break
        if match:
            found.append(_known(words, at, match.length))
            at += match.length
        elif words.roles[at] & {"office", "title"} or _adjective(words.folded[at]):
            at += 1
        else:
            break
        passed += 1
    if not words.word(at) or not _plain(words, at):
        return found, max(1, at - n)
    if match := words.names.at(words.folded, at):
        return [*found, _known(words, at, match.length)], at + match.length - n
    given = "given" in words.roles[at] or _servant(words, at)
    if not given and not passed and not definite(roles(words.folded[n])[1]):
        return found, 1
    end = _name(words, at)
    if end == at:
        return found, max(1, at - n)
    many = end > at + 1
    sure = given or (many and words.counts[words.folded[end - 1]] > 1) or (many and passed > 0)
    if many or (given and "title" in words.roles[n]):
        found.append(Sighting(words.said(at, end), "person", None, 0, sure, 3))
        return found, end - n
    return found, max(1, at - n)


def _adjective(word: str) -> bool:
    return definite(word) and _NISBA.search(word) is not None


def _name(words: Words, n: int) -> int:
    """Give where the name of a person that begins at a word ends; the word itself if none does."""
    if not words.word(n):
        return n
    at = _unit(words, n)
    for unit in range(1, 4):
        if not words.word(at) or words.roles[at] & {"title", "organisation", "event", "where", "office"}:
            break
        word, last = words.folded[at], words.folded[at - 1]
        if "particle" in words.roles[at] and word == roles(word)[1]:
            if not words.word(at + 1):
                break
            at = _unit(words, at + 1)
        elif definite(word):
            return at + 1 if word.startswith("ال") and not _common_adjective(words, at) else at
        elif _verbal(words, at) or (unit > 1 and not _goes_on(words, at, last)) or _whole(words, n, at):
            break
        else:
            at = _unit(words, at)
    return at


def _whole(words: Words, n: int, at: int) -> bool:
    """Tell whether a name of two words (Abdel Aty), which the text says again, is whole before a word."""
    if at != n + 2 or "given" in words.roles[at] or _pairs(words, at) > 1:
        return False
    return _pairs(words, n + 1) > 1


def _unit(words: Words, n: int) -> int:
    """Give the end of one part of a name: a word, or two where the first cannot stand alone."""
    if words.folded[n] in {"عبد", "ابو", "ال", "ام", "زين", "سيف", "نور", "صلاح", "علاء", "عز", "بهاء"}:
        return (
            n + 2
            if words.word(n + 1) and (definite(words.folded[n + 1]) or words.folded[n] in {"ابو", "ال"})
            else n + 1
        )
    return n + 1


def _common_adjective(words: Words, n: int) -> bool:
    return bool(words.roles[n] & {"adjective", "office"})


def _verbal(words: Words, n: int) -> bool:
    """Tell whether a word looks like a verb or bears a clitic, and comes only once."""
    word = words.folded[n]
    if "given" in words.roles[n] or words.counts[word] > 1:
        return False
    if word.startswith("و") or _SUFFIXED.search(word) or (word.startswith("ت") and len(word) <= 5):
        return True
    if word.startswith(("ي", "سي", "ست")) and len(word) <= 6:
        return True
    return word.startswith(("ل", "ب", "ف", "ك")) and any(form in words.counts for form in bare(word)[1:])


def _goes_on(words: Words, n: int, last: str) -> bool:
    if "given" in words.roles[n]:
        return "given" in roles(last)[0]
    return _pairs(words, n) > 1


def _pairs(words: Words, n: int) -> int:
    """Count how often a word comes behind the one that it stands behind."""
    return words.pairs[words.folded[n - 1], words.folded[n]] if 0 < n < len(words.folded) else 0


def _headed(words: Words, n: int, kind: str) -> int:
    """Give where a name that begins with its head ends; 0 where the head names nothing."""
    head = roles(words.folded[n])[1]
    at, joined = n + 1, 0
    if at < len(words.raw) and words.raw[at] in _QUOTES:
        return _quoted(words, at)
    proper = "proper" in words.roles[n] and not head.startswith("ال")
    while joined < 4 and words.word(at) and not words.roles[at] & {"title"}:
        match = words.names.at(words.folded, at)
        word = words.folded[at]
        if match and match.demonym and not definite(word):
            break
        if match and (match.demonym or not head.startswith("ال")) and match.known.kind != "person":
            at += match.length
            joined += 1
            if not match.demonym:
                break
        elif not joined and head == "مركز" and undefined(word) in _CENTRED:
            break
        elif definite(word) and not word.startswith(("بال", "كال", "فال")):
            if not _continues(words, at, head, joined):
                break
            at += 1
            joined += 1
        elif joined == 0 and _may_follow(words, at) and (proper or _bound(words, at)):
            at += 2 if "half" in words.roles[at] and words.word(at + 1) else 1
            joined += 1
            if kind == "place" and not (at < len(words.folded) and words.folded[at] == "الله"):
                break
        else:
            break
    if not joined or (kind == "place" and not proper and head in _AREAS and not _sure_area(words, n)):
        return 0
    return at


def _may_follow(words: Words, n: int) -> bool:
    """Tell whether a word without article may follow the head of a name."""
    return "vague" not in words.roles[n] and not words.folded[n].startswith("و") and not _verbal(words, n)


_CENTRED = frozenset(
    {fold(word) for word in ("زلزال", "هزة", "إعصار", "عاصفة", "انفجار", "حريق", "ثقل", "صدارة", "اهتمام")}
)
"""What has a centre, or a place, that is no institution: earthquakes, storms."""
_AREAS = frozenset({fold(word) for word in ("منطقة", "حي", "ناحية", "قضاء", "ساحة", "العاصمة", "إقليم")})


def _sure_area(words: Words, n: int) -> bool:
    return definite(words.folded[n + 1]) or words.names.at(words.folded, n + 1) is not None


def _bound(words: Words, n: int) -> bool:
    """Tell whether a word without article belongs to a known name behind it (nations of Africa)."""
    if n + 1 >= len(words.folded) or not words.word(n + 1) or words.roles[n] & {"vague", "title"}:
        return False
    match = words.names.at(words.folded, n + 1)
    return match is not None and not match.demonym


def _continues(words: Words, at: int, head: str, joined: int) -> bool:
    word = words.folded[at]
    if words.roles[at] & {"organisation", "place", "event"} and "adjective" not in words.roles[at]:
        return joined == 0 and not head.startswith("ال") and "organisation" not in words.roles[at]
    if word.startswith("و"):
        return joined > 0 and head == "وزاره"
    if word.startswith(("لل", "ولل")):
        return joined > 0
    if undefined(word) in arabic().vague:
        return joined > 0 or (at + 1 < len(words.folded) and words.folded[at + 1].startswith("لل"))
    if joined == 0:
        return "vague" not in words.roles[at] and (
            not head.startswith("ال") or _adjective(word) or "adjective" in words.roles[at]
        )
    return _adjective(word) or "adjective" in words.roles[at]


def _quoted(words: Words, opening: int) -> int:
    for end in range(opening + 2, min(opening + 6, len(words.raw))):
        if words.raw[end] in '»"”':
            return end
    return 0


def _named(words: Words, n: int, end: int, kind: str) -> Sighting:
    kinds: dict[str, Kind] = {"organisation": "organisation", "place": "place", "event": "event"}
    if kind == "place" and "kept" not in words.roles[n]:
        match = words.names.at(words.folded, n + 1)
        if match and not match.demonym and n + 1 + match.length == end:
            return _known(words, n + 1, match.length)
        return Sighting(" ".join(words.raw[n + 1 : end]), "place", None, 0, True, 3)
    inner = words.names.at(words.folded, n + 1) if kind == "organisation" else None
    if inner and inner.known.kind == "organisation" and n + 1 + inner.length <= end:
        return _known(words, n + 1, inner.length)
    return Sighting(words.said(n, end), kinds[kind], None, 0, True, 3)


def surname(folded: Sequence[str]) -> str:
    """Give the last part of a folded Arabic name, by which a text speaks of somebody again."""
    return undefined(folded[-1]) if len(folded[-1]) > 4 else folded[-1]
