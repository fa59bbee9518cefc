"""Gather what a text names: one entity for all the forms in which it speaks of somebody."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from daily8.news.entities.capitals import ACRONYM, Sighting
from daily8.news.entities.cues import arabic, latin
from daily8.news.entities.folding import fold, skeleton
from daily8.news.entities.known import root
from daily8.news.entities.values import Entity, Kind, Known

MOST = 60
"""Entities of a text that are kept, the weightiest."""
_PARTICLES = frozenset({"van", "von", "de", "al", "el", "bin", "ibn", "du", "della", "di"})
"""Words that a family's name alone may begin with."""
_LEDE = 500
_ARABIC = re.compile("[\u0621-\u064a]")
_DEFINITE_FAMILY = re.compile("^ال")


@dataclass(slots=True)
class _Group:
    """All sightings of one name, while they are gathered."""

    key: str
    names: Counter[str] = field(default_factory=Counter)
    votes: Counter[Kind] = field(default_factory=Counter)
    known: Known | None = None
    count: int = 0
    adjectives: int = 0
    first: int = 1 << 30
    sure: int = 0
    strongest: int = 0
    in_title: bool = False
    words: tuple[str, ...] = ()

    def take(self, one: Sighting, titled: bool) -> None:
        self.count += 1
        self.adjectives += one.demonym
        self.sure += one.sure
        self.strongest = max(self.strongest, one.strength)
        self.in_title |= titled
        if not titled:
            self.first = min(self.first, one.at)
        if one.kind:
            self.votes[one.kind] += one.strength * one.strength
        if not one.demonym:
            self.names[one.name] += 1

    def join(self, other: _Group) -> None:
        self.count += other.count
        self.adjectives += other.adjectives
        self.sure += other.sure
        self.strongest = max(self.strongest, other.strongest)
        self.in_title |= other.in_title
        self.first = min(self.first, other.first)
        if self.known is None and other.known and other.known.kind == "person":
            self.known = other.known


def gather(
    titled: Sequence[Sighting], told: Sequence[Sighting], title: str, text: str, aside: frozenset[str]
) -> tuple[Entity, ...]:
    """Make entities of the sightings of a title and a text, the weightiest first.

    ``aside`` are folded names that are left out.
    """
    titled, told = _settled(titled, told)
    groups = _grouped(titled, told)
    _join_abbreviations(groups, (*titled, *told))
    _join_persons(groups)
    _join_spellings(groups)
    lowered = f" {fold_text(title)} "
    plain = frozenset(re.findall(r"(?<![^\W_])[^\W\d_]+", text)) if groups else frozenset()
    found = [
        _entity(group, lowered, text, plain)
        for group in groups.values()
        if _stands(group, plain) and not _left_out(group, aside)
    ]
    found.sort(key=lambda entity: (-entity.weight, entity.key))
    return tuple(found[:MOST])


def fold_text(text: str) -> str:
    """Fold a text longer than a name."""
    return " ".join(fold(word) for word in text.split())


def _key(one: Sighting) -> str:
    if one.known:
        return one.known.id
    return " ".join(root(word) for word in fold(one.name).split() if word != "the")


def _settled(
    titled: Sequence[Sighting], told: Sequence[Sighting]
) -> tuple[Sequence[Sighting], Sequence[Sighting]]:
    """Take what is known only where nothing speaks against it: words that are names too want company."""
    near = set()
    for one in (*titled, *told):
        if one.known and not one.unsure:
            near.add(one.known.id)
            if one.known.country:
                near.add(f"country:{one.known.country}")
    if not any(one.unsure for one in (*titled, *told)):
        return titled, told
    return [_sure(one, near) for one in titled], [_sure(one, near) for one in told]


def _sure(one: Sighting, near: set[str]) -> Sighting:
    if not one.unsure or one.known is None:
        return one
    arab_word = one.known.minor and _ARABIC.match(one.name)
    if one.known.id in near or (not arab_word and f"country:{one.known.country}" in near):
        return one
    return one._replace(known=None, kind=None, strength=1, sure=False)


def _grouped(titled: Iterable[Sighting], told: Iterable[Sighting]) -> dict[str, _Group]:
    groups: dict[str, _Group] = {}
    for sightings, in_title in ((titled, True), (told, False)):
        for one in sightings:
            key = _key(one)
            if not key:
                continue
            group = groups.get(key)
            if group is None:
                group = groups[key] = _Group(key, known=one.known, words=tuple(fold(one.name).split()))
            group.take(one, in_title)
    return groups


def _join_abbreviations(groups: dict[str, _Group], sightings: Iterable[Sighting]) -> None:
    """Bring *World Health Organization (WHO)* and *WHO* together."""
    for one in sightings:
        if not one.short or one.kind == "person":
            continue
        short, long = fold(one.short), _key(one)
        capitals = "".join(word[0] for word in fold(one.name).split()).replace(" ", "")
        if short == long or short not in groups or long not in groups:
            continue
        if short[0] in capitals[:2] and groups[short].known is None:
            groups[long].join(groups.pop(short))


def _join_persons(groups: dict[str, _Group]) -> None:
    """Bring a person's last or first name alone to the full one, where just one person bears it."""
    full: dict[str, list[_Group]] = {}
    for group in groups.values():
        if (
            len(group.words) < 2
            or group.words[0] in _PARTICLES
            or (group.known and group.known.kind != "person")
        ):
            continue
        if _best(group) in ("person", None):
            full.setdefault(root(group.words[-1]), []).append(group)
            if _DEFINITE_FAMILY.match(group.words[-1]):
                full.setdefault(group.words[-1][2:], []).append(group)
    firsts = Counter(group.words[0] for held in full.values() for group in held)
    by_first = {g.words[0]: g for held in full.values() for g in held if firsts[g.words[0]] == 1}
    for key, group in list(groups.items()):
        short = len(group.words) == 1 or group.words[0] in _PARTICLES or len(group.words[0]) == 1
        servant = len(group.words) == 2 and group.words[0] == "عبد"
        if key not in groups or not (short or servant):
            continue
        # A city's name may be somebody's too; then the text has that person's full name.
        if group.known and not group.known.id.startswith("city:"):
            continue
        word = root(group.words[-1])
        owners = full.get(word) or ([by_first[group.words[0]]] if group.words[0] in by_first else [])
        if servant:  # Abdel Aty is one name, of Badr Abdel Aty as of Abdel Aty Salem
            longer = (each for held in full.values() for each in held if len(each.words) > 2)
            owners = [each for each in longer if group.words in (each.words[:2], each.words[-2:])]
        if not owners:
            continue
        owner = max(owners, key=lambda each: each.count)
        if owner.key in groups and owner is not group and _initial(group, owner):
            owner.join(group)
            if owner.known is None:
                owner.votes["person"] += 2
            owner.strongest = max(owner.strongest, 2)
            del groups[key]


def _initial(group: _Group, owner: _Group) -> bool:
    """Tell whether an initial (or the French M.) before a surname does not speak against its owner."""
    first = group.words[0]
    return len(first) > 1 or first == "m" or owner.words[0].startswith(first)


def _join_spellings(groups: dict[str, _Group]) -> None:
    """Bring the spellings of one person's name within a text together, and the longer form of one."""
    by_bones: dict[tuple[str, str], _Group] = {}
    for group in sorted(groups.values(), key=lambda each: (-each.count, each.key)):
        if len(group.words) < 2 or _best(group) != "person":
            continue
        bones = (skeleton(group.words[0]), skeleton(group.words[-1]))
        if not all(bones):
            continue
        owner = by_bones.setdefault(bones, group)
        if owner is not group and group.known is None and owner.words[0][0] == group.words[0][0]:
            owner.join(group)
            owner.names.update(group.names)
            del groups[group.key]


def _best(group: _Group) -> Kind | None:
    if group.known:
        return group.known.kind
    votes = sorted((count, kind) for kind, count in group.votes.items())
    return votes[-1][1] if votes else None


def _stands(group: _Group, plain: frozenset[str]) -> bool:
    """Tell whether enough speaks for a name."""
    if group.known:
        return True
    if len(group.words) == 1:
        name = next(iter(group.names))
        if ACRONYM.fullmatch(name):
            return group.sure > 0
        if group.words[0] in plain or name.lower() in plain:
            return False
        if _ARABIC.match(group.words[0]):
            return group.sure > 0
        return group.sure > 0 and (group.count > 1 or group.strongest > 1 or group.votes["place"] > 0)
    if _ARABIC.match(group.words[0]):
        return group.sure > 0 or group.count > 1
    return group.sure > 0 or group.count > 1 or group.strongest > 1


def _left_out(group: _Group, aside: frozenset[str]) -> bool:
    name = " ".join(group.words)
    if group.known is None and (group.words[0] in latin().agency or name in arabic().agency):
        return len(group.words) <= 2
    return name in aside or name.replace(" ", "") in aside or "".join(group.words[:2]) in latin().agency


def _entity(group: _Group, title: str, text: str, plain: frozenset[str]) -> Entity:
    known = group.known
    kind = _best(group) or "other"
    if kind == "person" and known is None and group.strongest < 2 and not plain.isdisjoint(group.words):
        kind = "other"
    arab = bool(_ARABIC.search(text[:200] or title))
    name = _fullest(group) if group.names else _known_name(known, group.key, arab)
    in_title = group.in_title or f" {' '.join(group.words)} " in title
    if not in_title and kind == "person" and len(group.words) > 1:
        in_title = f" {group.words[-1]} " in title
    if known and known.arabic and _ARABIC.search(name):
        name = known.arabic
    names = tuple(
        (language, told)
        for language, told in (("en", known.english), ("ar", known.arabic))
        if told
    ) if known else ()  # fmt: skip
    mentions = group.count - group.adjectives + (group.adjectives + 1) // 2
    weight = (0.45 if in_title else 0) + (0.2 if group.first < _LEDE else 0)
    weight += 0.35 * min(1.0, math.log2(1 + mentions) / 3.5)
    key = known.id if known else " ".join(group.words)
    return Entity(
        name, kind, key, known.id if known else None, round(weight, 3), group.count, in_title, names
    )


def _known_name(known: Known | None, key: str, arab: bool) -> str:
    if known is None:
        return key
    return (arab and known.arabic) or known.english


def _fullest(group: _Group) -> str:
    """Give the commonest of the longest forms."""
    most = max(len(name.split()) for name in group.names)
    forms = [name for name in group.names if len(name.split()) == most]
    return max(forms, key=lambda name: (group.names[name], -len(name), name))


def applied(entities: Iterable[Entity], aliases: Mapping[str, tuple[str, str, Kind]]) -> tuple[Entity, ...]:
    """Give entities as editors merged and renamed them.

    ``aliases`` gives, for an entity's key, the key, name and kind that it goes by; chains are followed, and a
    circle stops at its first word again. Entities that become one add up their mentions.
    """
    found: dict[str, Entity] = {}
    for entity in entities:
        key, name, kind, seen = entity.key, entity.name, entity.kind, {entity.key}
        while (told := aliases.get(key)) is not None:
            key, name, kind = told
            if key in seen:
                break
            seen.add(key)
        other = found.get(key)
        weight = max(entity.weight, other.weight) if other else entity.weight
        renamed = key != entity.key or name != entity.name
        found[key] = Entity(
            name,
            kind,
            key,
            entity.known or (other.known if other else None),
            weight,
            entity.mentions + (other.mentions if other else 0),
            entity.in_title or (other is not None and other.in_title),
            () if renamed else entity.names,
        )
    return tuple(sorted(found.values(), key=lambda each: (-each.weight, each.key)))
