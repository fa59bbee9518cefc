"""What travels between stories, the store and the console: settings, decisions and changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

RECIPE = "stories/2"

SCORE, SAME_TITLE, CROSSING, OPENED, SERIES = "score", "same title", "crossing", "opened", "series"
COPY = "copy"
"""Rules: joined by its score, its title or what two languages share; opened because nothing was near
enough; opened and closed at once, as one of a series; joined as a copy of a report that is there."""

MERGE, SPLIT, MOVE, LOCK, UNLOCK, APART = "merge", "split", "move", "lock", "unlock", "apart"
KINDS = frozenset({MERGE, SPLIT, MOVE, LOCK, UNLOCK, APART})


@dataclass(frozen=True, slots=True)
class Settings:
    """How near reports must be to tell one story; times in hours. One set of defaults serves everything."""

    title: float = 0.18
    """The threshold for title-like input."""
    text: float = 0.22
    """The threshold for a title with its lede, or a whole text."""
    crossing: float = 0.25
    """The threshold between languages, of what both can share (`linking`)."""
    foreign: float = 0.9
    """What remains of a score where the story has no report in the report's own language."""
    merge: float = 0.5
    """From this cosine on a repair makes one story of two."""
    split: float = 0.1
    """Below this cosine of its halves a repair splits a story."""
    tau: float = 36.0
    """After so long without news the score of a story has fallen by a factor of e."""
    idle: float = 72.0
    """After so long without news a story takes in no more reports."""
    same_title: float = 24.0
    """Within so long equal titles are one story."""
    most: int = 200_000
    """Live stories that are held; beyond, those without news for longest are left."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Which story a report belongs to, and why."""

    seq: int
    story: int
    """The ``seq`` of the report that opened the story."""
    opened: bool
    rule: str
    score: float = 0.0
    """Of the best story by the rule's own measure, 0 to 1; also where it was not near enough."""
    threshold: float = 0.0
    runner_up: int | None = None
    """The story that came second (first, where a new one was opened)."""
    runner_up_score: float = 0.0
    merged: int | None = None
    """A story in other languages that the report showed to be this one: it is merged into ``story``."""
    merged_score: float = 0.0
    features: tuple[tuple[str, float], ...] = ()
    """What the report shares with its story, heaviest first, with the part of the score it gives."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an editor or a repair does to stories.

    ``merge`` puts the reports of ``other`` into ``story``; ``split`` takes ``seqs`` out of ``story`` into a
    new story ``other``, named by one of them or anew; ``move`` puts ``seqs`` into ``story``; ``lock`` closes
    it to all but editors, ``unlock`` opens it; ``apart`` keeps ``story`` and ``other`` two.
    """

    kind: str
    story: int
    other: int | None = None
    seqs: tuple[int, ...] = ()
    by_editor: bool = False
    """An editor's act stands: no repair undoes it."""
    score: float = 0.0
    """How near (``merge``) or how far (``split``) a repair found them."""


def decision_to_json(decision: Decision) -> dict[str, Any]:
    """Give a decision as JSON; `decision_from_json` reads it back exactly."""
    return asdict(decision) | {"features": [[name, part] for name, part in decision.features]}


def decision_from_json(told: Mapping[str, Any]) -> Decision:
    """Read what `decision_to_json` gave."""
    features = tuple((str(name), float(part)) for name, part in told["features"])
    return Decision(**{**told, "features": features})


def change_to_json(change: Change) -> dict[str, Any]:
    """Give a change as JSON; `change_from_json` reads it back exactly."""
    return asdict(change) | {"seqs": list(change.seqs)}


def change_from_json(told: Mapping[str, Any]) -> Change:
    """Read what `change_to_json` gave."""
    return Change(**{**told, "seqs": tuple(told["seqs"])})
