"""Stage *relate*: find what has to do with an article among those that came before it, and in its story."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from daily8.news.concepts import concepts
from daily8.news.relation import Finder, Subject, related, subject
from daily8.pipeline.threads import StoreThreads
from daily8.store import relating as store_of
from daily8.store.assigning import Arrived
from daily8.store.relating import DueRelation, Near

KEPT = 20_000
"""Articles that are known at a time, the newest."""
AT_ONCE = 20
RELATED = 10
_LEARNED_AT_ONCE = 500
RECIPE = "relation/1"
_log = logging.getLogger(__name__)


class Neighbourhood:
    """The newest articles in memory, and an index by which those near one are found. It outlives a job."""

    def __init__(self, kept: int = KEPT, read: Callable[[Arrived], Subject] | None = None) -> None:
        self._kept, self._read = kept, read or _subject
        self._subjects: OrderedDict[int, Subject] = OrderedDict()
        self._finder = Finder()
        self.seq = -1
        """Up to which arrival all are known; -1 before the first."""

    def learn(self, arrivals: Sequence[Arrived]) -> None:
        """Take arrivals in, in their order; the oldest go when there are twice as many as are kept."""
        for each in arrivals:
            if known := self._readable(each):
                self._take(each.seq, known)
            self.seq = each.seq
        if len(self._subjects) > 2 * self._kept:
            newest = list(self._subjects.items())[-self._kept :]
            self._subjects, self._finder = OrderedDict(), Finder()
            for seq, known in newest:
                self._take(seq, known)

    def _take(self, seq: int, known: Subject) -> None:
        self._subjects[seq] = known
        self._finder.add(seq, known.traits)

    def _readable(self, arrival: Arrived) -> Subject | None:
        """Read an article; ``None`` for one that cannot be read by an error of ours, told in the log."""
        if known := self._subjects.get(arrival.seq):
            return known
        try:
            return self._read(arrival)
        except Exception:
            _log.exception("article %s cannot be read to relate it", arrival.article)
            return None

    def near(self, due: DueRelation) -> list[Near]:
        """Give what has to do with an article, the nearest first; nothing where that cannot be told."""
        try:
            return self._near(due)
        except Exception:
            _log.exception("article %s cannot be related", due.article)
            return []

    def _near(self, due: DueRelation) -> list[Near]:
        own = self._readable(due.arrival)
        if own is None:
            return []
        mates = {mate.seq: self._readable(mate) for mate in due.mates}
        found = {seq: known for seq, known in mates.items() if known}
        for seq in self._finder.near(own.traits):
            if known := self._subjects.get(seq):
                found.setdefault(seq, known)
        found.pop(due.arrival.seq, None)
        candidates = [found[seq] for seq in sorted(found)]
        return [
            Near(UUID(hex=one.id), one.relation, one.score, asdict(one.reason))
            for one in related(own, candidates, self._finder.frequencies, RELATED)
        ]


def _subject(arrival: Arrived) -> Subject:
    told = arrival.report
    return subject(told, concepts(told.title, told.text, told.language))


async def drain(
    known: Neighbourhood, store: StoreThreads, stopping: asyncio.Event, now: Callable[[], datetime]
) -> int:
    """Relate what is due, until nothing is; give the number of articles."""
    done = 0
    while not stopping.is_set():
        batch = await store(store_of.due, now(), limit=AT_ONCE)
        if not batch:
            break
        await _learn(known, store)
        for each in batch:
            near = await asyncio.to_thread(known.near, each)
            await store(store_of.record, each, near, recipe=RECIPE, now=now())
            done += 1
    return done


async def _learn(known: Neighbourhood, store: StoreThreads) -> None:
    if known.seq < 0:
        known.seq = max(await store(store_of.last_seq) - KEPT, 0)
    while arrivals := await store(store_of.arrivals, known.seq, limit=_LEARNED_AT_ONCE):
        await asyncio.to_thread(known.learn, arrivals)
