"""Choose which of the copies of one piece stands for all of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from daily8.news.urls import canonical, domain

Reason = Literal["alone", "named", "agency", "earliest", "longest"]
_WHOLE = 0.6
"""Share of the longest text from which a text is no mere excerpt."""


@dataclass(frozen=True, slots=True)
class Member:
    """One of the articles that are copies of each other."""

    seq: int
    words: int
    time: datetime | None = None
    publisher: str = ""
    url: str = ""
    canonical_url: str = ""
    """The address that its page names as the piece's own."""
    syndicated_from: str = ""
    """Whom its page names as the origin: a name or an address."""
    agency: bool = False
    """Whether its publisher is a news agency."""


@dataclass(frozen=True, slots=True)
class Leader:
    """The member that stands for its group, and why it was chosen."""

    seq: int
    reason: Reason


def leader(members: Sequence[Member]) -> Leader:
    """Choose the origin that members name, else the agency itself, else the earliest whole text.

    ``longest`` is said where only one member has the whole text, the others being excerpts. The order of the
    members plays no part.

    :raises ValueError: for no members.
    """
    if not members:
        raise ValueError("a group has at least one member")
    whole = _WHOLE * max(member.words for member in members)
    if len(members) == 1:
        return Leader(members[0].seq, "alone")
    named = _named(members)
    if named:
        return Leader(_first(named, whole).seq, "named")
    agencies = [member for member in members if member.agency and member.words >= whole]
    if agencies:
        return Leader(_first(agencies, whole).seq, "agency")
    texts = [member for member in members if member.words >= whole]
    return Leader(_first(texts, whole).seq, "earliest" if len(texts) > 1 else "longest")


def _named(members: Sequence[Member]) -> list[Member]:
    """Give the members that the most others name as the origin."""
    origins = _origins(members)
    votes = Counter(named for each in origins for named in each)
    most = max(votes.values(), default=0)
    # Two that name each other name nobody.
    return [members[at] for at, count in sorted(votes.items()) if count == most and not origins[at]]


def _origins(members: Sequence[Member]) -> list[set[int]]:
    """Give the places of those that each member names as the origin.

    Each address is read once: a wire's text stands in hundreds of places.
    """
    by_address: defaultdict[str, set[int]] = defaultdict(set)
    by_domain: defaultdict[str, set[int]] = defaultdict(set)
    by_name: defaultdict[str, set[int]] = defaultdict(set)
    own = [canonical(member.url) if member.url else "" for member in members]
    for at, member in enumerate(members):
        by_name[_plain(member.publisher)].add(at)
        if member.url:
            by_address[own[at]].add(at)
            by_domain[domain(member.url)].add(at)
    nobody: set[int] = set()
    found = []
    for at, member in enumerate(members):
        pointed = canonical(member.canonical_url) if member.canonical_url else ""
        there = by_address.get(pointed, nobody) if member.canonical_url else nobody
        origin = member.syndicated_from
        if "://" in origin:
            said = by_domain.get(domain(origin), nobody)
        else:
            said = by_name.get(_plain(origin), nobody) if origin else nobody
        named = (said - there) | (there if pointed != own[at] else nobody)
        house = by_name[_plain(member.publisher)] if member.publisher else nobody
        found.append(named - house - {at})
    return found


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _first(members: Sequence[Member], whole: float) -> Member:
    """Give the earliest; one without a time comes after those with one, an excerpt after whole texts."""
    return min(
        members,
        key=lambda member: (
            member.words < whole,
            member.time is None,
            member.time.timestamp() if member.time else 0.0,
            -member.words,
            member.seq,
        ),
    )
