"""Carry changes out: merge, split, move, lock; and remember what editors said."""

from __future__ import annotations

from collections.abc import Iterable

from daily8.news.stories.holding import Holding
from daily8.news.stories.values import APART, KINDS, LOCK, MERGE, MOVE, SPLIT, UNLOCK, Change


class BadChange(ValueError):
    """Says what is wrong with a change."""


class Said:
    """What editors said: reports that stay where they are, stories that are two."""

    def __init__(self) -> None:
        self.pinned: set[int] = set()
        self.apart: set[tuple[int, int]] = set()

    def are_apart(self, one: int, other: int) -> bool:
        """Tell whether two stories must not be merged."""
        return _pair(one, other) in self.apart

    def part(self, one: int, other: int) -> None:
        """Keep two stories apart."""
        if one != other:
            self.apart.add(_pair(one, other))

    def joined(self, into: int, other: int) -> None:
        """Let what was said of a story be said of the one that it became part of."""
        for pair in [pair for pair in self.apart if other in pair]:
            self.apart.discard(pair)
            self.part(into, pair[0] if pair[1] == other else pair[1])

    def forget(self, name: int, seqs: Iterable[int]) -> None:
        """Forget a story that is held no more."""
        self.pinned.difference_update(seqs)
        self.apart = {pair for pair in self.apart if name not in pair} if self.apart else self.apart


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def carry_out(change: Change, held: Holding, said: Said) -> None:
    """Carry a change out on the stories that are held; what is held no more needs no change.

    :raises BadChange: for one that makes no sense.
    """
    if change.kind not in KINDS:
        raise BadChange(f"{change.kind!r} is no kind of change")
    if change.kind in {LOCK, UNLOCK}:
        story = held.stories.get(change.story)
        if story is not None:
            story.locked = change.kind == LOCK
    elif change.kind == APART:
        if change.other is None:
            raise BadChange("it does not say from which story")
        said.part(change.story, change.other)
    elif change.kind == MERGE:
        _merge(change, held, said)
    else:
        _take_out(change, held, said)


def _merge(change: Change, held: Holding, said: Said) -> None:
    if change.other is None or change.other == change.story:
        raise BadChange("it does not say which story is merged into which")
    into, other = held.stories.get(change.story), held.stories.get(change.other)
    if other is None:
        return
    seqs = [*(into.seqs if into else ()), *other.seqs]
    said.joined(change.story, change.other)
    held.end(change.other)
    held.remake(change.story, seqs)
    if change.by_editor:
        said.pinned.update(seqs)


def _take_out(change: Change, held: Holding, said: Said) -> None:
    """Split and move: reports leave their stories for another."""
    moved = {seq for seq in change.seqs if seq in held.reports}
    if change.kind == SPLIT:
        moved = {seq for seq in moved if held.story_of[seq] == change.story}
    if not moved:
        return
    goal = change.story if change.kind == MOVE else _named(change, held)
    sources = {held.story_of[seq] for seq in moved} - {goal}
    for name in sources:
        held.remake(name, [seq for seq in held.stories[name].seqs if seq not in moved])
    there = held.stories.get(goal)
    held.remake(goal, {*(there.seqs if there else ()), *moved})
    if change.by_editor:
        said.pinned |= moved
        for name in sources:
            said.part(name, goal)


def _named(change: Change, held: Holding) -> int:
    """Give the name of the story that a split opens.

    :raises BadChange: where it is no report's, or a story's already.
    """
    name = change.other if change.other is not None else min(set(change.seqs) - {change.story}, default=None)
    strange = name in held.reports and name not in change.seqs
    if name is None or strange or name == change.story or name in held.stories:
        raise BadChange("a new story is named by one of its reports, or by a number that names nothing else")
    return name
