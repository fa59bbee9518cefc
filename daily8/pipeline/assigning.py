"""Stage *assign*: put each article into its story as it comes, by one assigner at a time.

What is decided is deterministic: it follows from the order of arrivals and acts alone. What is in memory is
thrown away as soon as it may differ from what is written, and made again from that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from daily8.news.stories.checkpoint import BadCheckpoint
from daily8.news.stories.editing import BadChange
from daily8.news.stories.live import Concepts, LiveStories
from daily8.news.stories.values import RECIPE, Change, Settings
from daily8.pipeline.threads import StoreThreads
from daily8.store import assigning as store_of
from daily8.store.assigning import Acted, Arrived, Event, Fenced, Hold

CHECKPOINT_EVERY = 5_000
"""Events after which what is in memory is kept."""
NONSENSE = "As stories stand, this makes no sense."
REPAIR_EVERY = timedelta(minutes=10)


class Mind:
    """The live stories in memory, and up to which event they know all. It outlives the work of a moment."""

    def __init__(
        self,
        settings: Settings | None = None,
        concepts: Concepts | None = None,
        *,
        checkpoint_every: int = CHECKPOINT_EVERY,
    ) -> None:
        self._settings, self._concepts, self._every = settings, concepts, checkpoint_every
        self.forget()

    def forget(self) -> None:
        """Know nothing: what is written may be otherwise."""
        self._live, self._fresh = LiveStories(self._settings, self._concepts), 0
        self._at: Hold | None = None

    def remember(self, hold: Hold) -> None:
        """Come to know all that was decided, whoever decided it; blocks, and speaks to the store."""
        at = self._at
        if at is None or at.era != hold.era or at.seq > hold.seq or at.place > hold.place:
            self.forget()
            at = self._loaded(hold) or replace(hold, seq=0, place=0)
        for event in store_of.decided(at, hold):
            if isinstance(event, Acted):
                self._live.apply(event.change)
            elif event.decision:
                self._live.follow(event.report, event.decision)
            self._fresh += 1
        self._at = hold

    def _loaded(self, hold: Hold) -> Hold | None:
        """Go on from the newest checkpoint; give the state that it holds, ``None`` where none can be read."""
        found = store_of.last_checkpoint(hold, made_by=RECIPE)
        if found is None:
            return None
        at, body = found
        try:
            self._live = LiveStories.load(body, self._settings, self._concepts)
        except BadCheckpoint:  # what it holds can be followed from the first event on
            return None
        return at

    def decide(self, events: Sequence[Event]) -> list[Event]:
        """Decide events in their order; give them with their decisions. It knows them all from now on."""
        self._fresh += len(events)
        return [_decided(self._live, event) for event in events]

    def written(self, hold: Hold) -> None:
        """Take note that what was decided is written."""
        self._at = hold

    def repaired(self, now: datetime) -> list[Change]:
        """Give what repair would change."""
        return list(self._live.repair(now))

    def worth_keeping(self) -> bytes | None:
        """Give what is in memory, once there is much in it that no checkpoint has."""
        if self._fresh < self._every:
            return None
        self._fresh = 0
        return self._live.dump()

    def dump(self) -> bytes:
        """Give what is in memory."""
        return self._live.dump()


def _decided(live: LiveStories, event: Event) -> Event:
    if isinstance(event, Arrived):
        return replace(event, decision=live.assign(event.report, event.seq))
    try:
        live.apply(event.change)
    except BadChange:
        return replace(event, refused=NONSENSE)
    return event


async def drain(
    mind: Mind,
    store: StoreThreads,
    stopping: asyncio.Event,
    now: Callable[[], datetime],
    *,
    at_once: int = store_of.AT_ONCE,
    most: int | None = None,
) -> int:
    """Assign what waits, until nothing does or ``most`` events are decided; give the number of events.

    Nothing is done while another assigns. ``store`` has one thread: the lock belongs to its connection.
    """
    hold = await store(store_of.claim, now())
    if hold is None:
        return 0
    done = 0
    try:
        await store(mind.remember, hold)
        while not stopping.is_set() and (most is None or done < most):
            events = await store(store_of.pending, hold, limit=at_once)
            if events:
                found = await asyncio.to_thread(mind.decide, events)
                hold = await store(store_of.record, hold, found, recipe=RECIPE, now=now())
                mind.written(hold)
                done += len(events)
                await _keep(mind, store, hold, now)
            elif await store(store_of.pick_up, hold, now(), limit=at_once):
                continue
            elif _may_repair(hold, now()):
                changes = await asyncio.to_thread(mind.repaired, now())
                hold = await store(store_of.record_repair, hold, changes, now())
            else:
                break
    except Fenced:
        mind.forget()
    except BaseException:
        mind.forget()
        raise
    finally:
        await store(store_of.leave)
    return done


def _may_repair(hold: Hold, now: datetime) -> bool:
    """Tell whether repair is due: something came since, and the last one is a while ago."""
    late = hold.repaired_at is None or hold.repaired_at + REPAIR_EVERY <= now
    return late and hold.seq > hold.repaired_seq


async def _keep(mind: Mind, store: StoreThreads, hold: Hold, now: Callable[[], datetime]) -> None:
    body = await asyncio.to_thread(mind.worth_keeping)
    if body is not None:
        await store(store_of.checkpoint, hold, body, made_by=RECIPE, now=now())
