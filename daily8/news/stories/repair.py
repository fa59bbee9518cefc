"""Propose late repairs: merges of stories that turned out to be one, splits of those that chained two.

Nothing is proposed against what editors said: locked stories stay as they are, reports that editors placed
stay where they are, and stories that they hold apart are not merged. Each story is in one proposal at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import sqrt

from daily8.news.stories.editing import Said
from daily8.news.stories.holding import Holding, Story
from daily8.news.stories.index import Centroid, centroid
from daily8.news.stories.values import MERGE, SPLIT, Change, Settings

LEAST_MERGED = 2
"""Reports of the larger of two stories that are merged: of two single ones nothing was learned since."""
LEAST_SPLIT, LEAST_PART = 6, 3
"""Reports of a story that is split, and of each part."""
LOOKED_AT = 200
"""Reports of a story that are looked at for a split."""
ROUNDS = 4


def proposals(held: Holding, said: Said, settings: Settings, now: float) -> tuple[Change, ...]:
    """Propose changes, merges first."""
    touched: set[int] = set()
    found: list[Change] = []
    alive = [
        story
        for story in held.stories.values()
        if story.open_to_all() and (story.newest is None or now - story.newest <= settings.idle)
    ]
    for change in (*_merges(alive, held, said, settings), *_splits(alive, held, said, settings)):
        names = {change.story} if change.kind == SPLIT else {change.story, change.other}
        if touched.isdisjoint(names):
            touched |= {name for name in names if name is not None}
            found.append(change)
    return tuple(found)


def cosine(one: Centroid, other: Centroid) -> float:
    """Give the cosine of two centroids."""
    mine, its = one.weights(), other.weights()
    if len(its) < len(mine):
        mine, its = its, mine
    return sum([weight * its[name] for name, weight in mine.items() if name in its]) / sqrt(
        one.norm * other.norm
    )


def _merges(alive: list[Story], held: Holding, said: Said, settings: Settings) -> list[Change]:
    found: dict[tuple[int, int], float] = {}
    for story in alive:
        if len(story.seqs) < LEAST_MERGED:
            continue
        for script, cell in story.cells.items():
            own = held.words.centroids.get(cell)
            for name in _others(own, script, held) if own else ():
                other = held.stories[name]
                if name == story.name or not other.open_to_all() or said.are_apart(name, story.name):
                    continue
                if other.gap(story.newest) > settings.idle and other.gap(story.oldest) > settings.idle:
                    continue
                its = held.words.centroids[other.cells[script]]
                score = cosine(own, its) if own else 0.0
                if score >= settings.merge:
                    found[min(name, story.name), max(name, story.name)] = score
    ordered = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    return [Change(MERGE, into, other, score=score) for (into, other), score in ordered]


def _others(own: Centroid, script: str, held: Holding) -> Iterator[int]:
    for _, cell in held.words.near(own.first, own):
        name, its = held.cells[cell]
        if its == script:
            yield name


def _splits(alive: list[Story], held: Holding, said: Said, settings: Settings) -> Iterator[Change]:
    for story in alive:
        if len(story.seqs) < LEAST_SPLIT or len(story.cells) > 1:
            continue
        part, score = _parted(story, held)
        if part and score < settings.split and said.pinned.isdisjoint(part):
            yield Change(SPLIT, story.name, min(part), tuple(part), score=score)


def _parted(story: Story, held: Holding) -> tuple[list[int], float]:
    """Part a story in two, around its first report and the one that is farthest from it.

    Gives the reports of the part without the first one, none where it is too small, and the parts' cosine.
    """
    seqs = story.seqs[-LOOKED_AT:]
    vectors = {seq: held.reports[seq].words for seq in seqs}
    begin = centroid([vectors[seqs[0]]])
    far = min(seqs[1:], key=lambda seq: (_near(begin, dict(vectors[seq].items())), seq))
    here, there = begin, centroid([vectors[far]])
    part: list[int] = []
    for _ in range(ROUNDS):
        part = []
        for seq in seqs:
            given = dict(vectors[seq].items())
            if seq != story.name and _near(there, given) > _near(here, given):
                part.append(seq)
        if len(part) < LEAST_PART or len(seqs) - len(part) < LEAST_PART:
            return [], 1.0
        moved = set(part)
        here = centroid(vectors[seq] for seq in seqs if seq not in moved)
        there = centroid(vectors[seq] for seq in part)
    return part, cosine(here, there)


def _near(one: Centroid, given: Mapping[str, float]) -> float:
    return one.cosine(given)
