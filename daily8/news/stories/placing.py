"""Place reports as they come in: first among their copies, then among stories."""

from __future__ import annotations

import struct
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from hashlib import blake2b

from daily8.news import concepts as our_concepts
from daily8.news import copies
from daily8.news.copies import Copy, LiveCopies
from daily8.news.reports import Report
from daily8.news.stories.checkpoint import BadCheckpoint
from daily8.news.stories.live import Concepts, LiveStories
from daily8.news.stories.values import COPY, RECIPE, Change, Decision, Settings

_MAGIC = b"D8P1"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a report belongs."""

    decision: Decision
    copy: Copy | None = None
    """Of which earlier report it is a copy, if of any."""


class Placing:
    """The articles and stories of late, in memory. Deterministic, without a clock, one writer at a time.

    A copy belongs to the story of what it copies. Where that is held no more, or an editor locked it, the
    copy is assigned as any other report.
    """

    def __init__(self, settings: Settings | None = None, concepts: Concepts | None = None) -> None:
        self.recipe = recipe(settings, concepts)
        """By which all is decided: what another one kept is worth nothing to this one."""
        self._settings, self._concepts = settings, concepts
        self.stories = LiveStories(settings, concepts)
        self.copies = LiveCopies()

    def assign(self, report: Report, seq: int) -> Placed:
        """Decide where a report belongs, and take it in. ``seq`` grows from report to report."""
        return self._joined(report, seq, self.copies.place(report, seq))

    def assign_known(self, report: Report, seq: int, copy: Copy | None) -> Placed:
        """Do as `assign` where it is known of which report it is a copy, by more of its text than this."""
        self.copies.follow(report, seq, copy)
        return self._joined(report, seq, copy)

    def follow(self, report: Report, placed: Placed) -> None:
        """Take in a report by what was decided before: the state is as if it had been decided now."""
        self.copies.follow(report, placed.decision.seq, placed.copy)
        self.stories.follow(report, placed.decision)

    def apply(self, change: Change) -> None:
        """Carry out what an editor or a repair decided.

        :raises daily8.news.stories.editing.BadChange: for a change that makes no sense.
        """
        self.stories.apply(change)

    def repair(self, now: datetime) -> tuple[Change, ...]:
        """Propose late merges and splits."""
        return self.stories.repair(now)

    def dump(self) -> bytes:
        """Give the whole state; `load` goes on from it exactly as this would."""
        name, stories = self.recipe.encode(), self.stories.dump()
        head = _MAGIC + struct.pack("<IQ", len(name), len(stories))
        return b"".join([head, name, stories, copies.dump(self.copies)])

    def load(self, data: bytes) -> None:
        """Go on from what `dump` gave; where it raises, nothing has changed.

        :raises BadCheckpoint: for other bytes, and for those of another recipe.
        """
        start = len(_MAGIC) + struct.calcsize("<IQ")
        if data[: len(_MAGIC)] != _MAGIC or len(data) < start:
            raise BadCheckpoint("these bytes are no checkpoint")
        name, size = struct.unpack_from("<IQ", data, len(_MAGIC))
        if data[start : start + name] != self.recipe.encode():
            raise BadCheckpoint("these bytes were written by another recipe")
        start += name
        stories = LiveStories.load(data[start : start + size], self._settings, self._concepts)
        try:
            known = copies.load(data[start + size :])
        except copies.BadCheckpoint as error:
            raise BadCheckpoint(str(error)) from error
        self.stories, self.copies = stories, known

    def _joined(self, report: Report, seq: int, copy: Copy | None) -> Placed:
        story = self.stories.joined_by_copies(copy.of) if copy else None
        if copy is None or story is None:
            return Placed(self.stories.assign(report, seq), copy)
        share = round(copy.share, 3)
        decision = Decision(seq, story, opened=False, rule=COPY, score=share, features=((copy.rule, share),))
        self.stories.follow(report, decision)
        return Placed(decision, copy)


def recipe(settings: Settings | None = None, concepts: Concepts | None = None) -> str:
    """Name everything by which reports are placed, in one short line."""
    made = [RECIPE, copies.RECIPE, _settled(settings or Settings())]
    if concepts is our_concepts.concepts:
        made.append(our_concepts.recipe())
    elif concepts is not None:
        made.append(f"concepts by {getattr(concepts, '__qualname__', type(concepts).__qualname__)}")
    return " ".join(made)


@cache
def _settled(settings: Settings) -> str:
    told = repr(sorted(asdict(settings).items()))
    return f"settings/{blake2b(told.encode(), digest_size=4).hexdigest()}"
