"""Choose which of the copies of one piece stands for all of them."""

from __future__ import annotations

from collections import Counter
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
    votes: Counter[int] = Counter()
    for other in members:
        for member in members:
            if member.seq != other.seq and _names(other, member):
                votes[member.seq] += 1
    most = max(votes.values(), default=0)
    # Two that name each other name nobody.
    return [
        member for member in members if most and votes[member.seq] == most and not _disowns(member, members)
    ]


def _disowns(member: Member, members: Sequence[Member]) -> bool:
    return any(other.seq != member.seq and _names(member, other) for other in members)


def _names(other: Member, member: Member) -> bool:
    if other.publisher and _plain(other.publisher) == _plain(member.publisher):
        return False
    if other.canonical_url and member.url and canonical(other.canonical_url) == canonical(member.url):
        return canonical(other.canonical_url) != canonical(other.url or "http://invalid.invalid/")
    origin = other.syndicated_from
    if not origin:
        return False
    if "://" in origin:
        return bool(member.url) and domain(origin) == domain(member.url)
    return _plain(origin) == _plain(member.publisher)


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
