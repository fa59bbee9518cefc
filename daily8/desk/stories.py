"""What editors do with stories, and why two articles are or are not in one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daily8.news.concepts import concepts
from daily8.news.stories.likeness import Likeness
from daily8.news.stories.live import LiveStories
from daily8.news.stories.values import OPENED, Decision
from daily8.store import story_acts, story_desk
from daily8.store.story_acts import ActRefused
from daily8.store.story_desk import PairSide

ACTS = ("merge", "split", "move", "lock", "unlock", "headline")
NO_ADDRESS = "This is no address of a story or an article of this site."
_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles side by side: where each went and why, and what both have in common."""

    one: PairSide
    other: PairSide
    together: bool
    likeness: Likeness | None
    """By their words alone, weighed without what else had arrived; ``None`` where one has not arrived yet."""


def act(
    word: str,
    story: UUID,
    *,
    other: str = "",
    articles: Sequence[str] = (),
    headline: str = "",
    why: str = "",
    by: str,
    now: datetime,
) -> None:
    """Do to a story what an editor says, one of `ACTS`; ``other`` is an address of a story or of its article.

    The assigner carries it out in its place among all that happens; a headline counts at once.

    :raises ActRefused: for what cannot be done; the text says why.
    """
    goal = named(other) if word in ("merge", "move") else None
    if word in ("merge", "move") and goal is None:
        raise ActRefused(NO_ADDRESS)
    wanted = [UUID(hex=id_) for id_ in dict.fromkeys(articles) if _ID.fullmatch(id_)]
    story_acts.say(
        word,
        story,
        other=goal,
        articles=wanted if word in ("split", "move") else (),
        headline=" ".join(headline.split()) if word == "headline" else "",
        by=by,
        why=why.strip(),
        now=now,
    )


def named(address: str) -> UUID | None:
    """Give the story that an address names, be it its own or one of its articles'."""
    found = first_id(address)
    return story_desk.find(found) if found else None


def first_id(text: str) -> UUID | None:
    """Give the first id in an address or by itself."""
    found = _ID.search(text[:2000].lower().replace("-", ""))
    return UUID(hex=found[0]) if found else None


def pair(one: str, other: str) -> Pair | None:
    """Tell why two articles are or are not in one story; ``None`` where one of them is unknown."""
    ids = first_id(one), first_id(other)
    sides = [story_desk.side(id_) if id_ else None for id_ in ids]
    first, second = sides
    if first is None or second is None:
        return None
    together = first.story is not None and first.story == second.story
    return Pair(first, second, together, _likeness(first, second))


def _likeness(one: PairSide, other: PairSide) -> Likeness | None:
    if one.report is None or other.report is None or one.seq == other.seq:
        return None
    live = LiveStories(concepts=concepts)
    for side in sorted((one, other), key=lambda side: side.seq):
        if side.report:
            live.follow(side.report, Decision(side.seq, side.seq, opened=True, rule=OPENED))
    return live.explain(one.seq, other.seq)
