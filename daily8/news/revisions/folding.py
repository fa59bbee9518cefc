"""A difference as it is read: what changed with a little around it, the rest counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from daily8.news.revisions.difference import Passage

AROUND = 1
"""Unchanged passages that stand beside a change."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Passages that stayed as they were."""

    count: int


def folded(passages: Sequence[Passage], around: int = AROUND) -> tuple[Passage | Gap, ...]:
    """Leave out what stayed and stands beside no change; a gap counts at least two passages."""
    near: set[int] = set()
    for n, passage in enumerate(passages):
        if passage.op != "same":
            near.update(range(n - around, n + around + 1))
    found: list[Passage | Gap] = []
    skipped: list[Passage] = []
    for n, passage in enumerate(passages):
        if n not in near:
            skipped.append(passage)
            continue
        found += _gap(skipped)
        skipped = []
        found.append(passage)
    return (*found, *_gap(skipped))


def _gap(skipped: Sequence[Passage]) -> list[Passage | Gap]:
    return [Gap(len(skipped))] if len(skipped) > 1 else [*skipped]
