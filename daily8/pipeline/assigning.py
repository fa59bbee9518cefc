"""Stage *assign*: put each article into its story as it comes, by one assigner at a time.

What is decided is deterministic: it follows from the order of arrivals and acts alone. What is in memory is
thrown away as soon as it may differ from what is written, and made again from that.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from daily8.news.reports import Report
from daily8.news.stories.checkpoint import BadCheckpoint
from daily8.news.stories.editing import BadChange
from daily8.news.stories.live import Concepts
from daily8.news.stories.placing import Placed, Placing
from daily8.news.stories.values import OPENED, Change, Decision, Settings
from daily8.pipeline.threads import StoreThreads
from daily8.store import assigning as store_of
from daily8.store.assigning import Acted, Arrived, Event, Fenced, Hold

CHECKPOINT_EVERY = 5_000
"""Events after which what is in memory is kept."""
NONSENSE = "As stories stand, this makes no sense."
FAILED = "This failed again and again by an error of ours; the log of the worker says more."
REPAIR_EVERY = timedelta(minutes=10)
_log = logging.getLogger(__name__)


class Stumbled(Exception):
    """An event could not be decided by an error of ours; what is in memory may be wrong since."""

    def __init__(self, at: int, done: list[Event]) -> None:
        super().__init__(f"event {at} cannot be decided")
        self.at = at
        """As `Hold.passed`."""
        self.done = done
        """The events before it, decided."""


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
        self.recipe = self._placing.recipe

    def forget(self) -> None:
        """Know nothing: what is written may be otherwise."""
        self._placing, self._fresh = Placing(self._settings, self._concepts), 0
        self._at: Hold | None = None

    def remember(self, hold: Hold) -> None:
        """Come to know all that was decided, whoever decided it; blocks, and speaks to the store."""
        at = self._at
        if at is None or at.era != hold.era or at.seq > hold.seq or at.place > hold.place:
            self.forget()
            at = self._loaded(hold) or replace(hold, seq=0, place=0)
        for event in store_of.decided(at, hold):
            if isinstance(event, Acted):
                self._placing.apply(event.change)
            elif event.decision:
                self._placing.follow(_readable(event), Placed(event.decision, event.copy))
            self._fresh += 1
        self._at = hold

    def _loaded(self, hold: Hold) -> Hold | None:
        """Go on from the newest checkpoint; give the state that it holds, ``None`` where none can be read."""
        found = store_of.last_checkpoint(hold, made_by=self.recipe)
        if found is None:
            return None
        at, body = found
        try:
            self._placing.load(body)
        except BadCheckpoint:  # what it holds can be followed from the first event on
            return None
        return at

    def decide(self, hold: Hold, events: Sequence[Event]) -> list[Event]:
        """Decide events in their order; give them with their decisions. It knows them all from now on.

        :raises Stumbled: for one that cannot be decided, whatever the cause.
        """
        self._fresh += len(events)
        done: list[Event] = []
        for event in events:
            at = event.seq if isinstance(event, Arrived) else -event.place
            trouble = hold.passed_for if hold.passed == at else ""
            try:
                done.append(_decided(self._placing, event, trouble))
            except Exception as error:
                raise Stumbled(at, done) from error
        return done

    def written(self, hold: Hold) -> None:
        """Take note that what was decided is written."""
        self._at = hold

    def repaired(self, now: datetime) -> list[Change]:
        """Give what repair would change."""
        return list(self._placing.repair(now))

    def worth_keeping(self) -> bytes | None:
        """Give what is in memory, once there is much in it that no checkpoint has."""
        if self._fresh < self._every:
            return None
        self._fresh = 0
        return self._placing.dump()

    def dump(self) -> bytes:
        """Give what is in memory."""
        return self._placing.dump()


def _readable(event: Arrived) -> Report:
    """Give a report as far as it can be read: one that is trouble only says when and by whom it is."""
    return replace(event.report, title="", text="", url="") if event.trouble else event.report


def _decided(placing: Placing, event: Event, trouble: str) -> Event:
    if isinstance(event, Acted):
        if trouble:
            return replace(event, refused=FAILED)
        try:
            placing.apply(event.change)
        except BadChange:
            return replace(event, refused=NONSENSE)
        return event
    if trouble:
        event = replace(event, trouble=trouble)
        placed = Placed(Decision(event.seq, event.seq, opened=True, rule=OPENED))
        placing.follow(_readable(event), placed)
    elif event.cut:
        placed = placing.assign_known(event.report, event.seq, event.copy)
    else:
        placed = placing.assign(event.report, event.seq)
    return replace(event, decision=placed.decision, copy=placed.copy, trouble=trouble)


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
                try:
                    found = await asyncio.to_thread(mind.decide, hold, events)
                except Stumbled as error:
                    hold, found = await _stumbled(mind, store, hold, error, now())
                else:
                    hold = await store(store_of.record, hold, found, recipe=mind.recipe, now=now())
                    mind.written(hold)
                    await _keep(mind, store, hold, now)
                done += len(found)
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


async def _stumbled(
    mind: Mind, store: StoreThreads, hold: Hold, error: Stumbled, now: datetime
) -> tuple[Hold, list[Event]]:
    """Write what was decided before an event that could not be; go on where that was tried often enough.

    :raises Exception: what went wrong, where it is to be tried again later.
    """
    mind.forget()
    cause = error.__cause__ or error
    _log.error(
        "%s %d cannot be put into stories: %r",
        "arrival" if error.at > 0 else "act",
        abs(error.at),
        cause,
        exc_info=cause,
    )
    if error.done:
        hold = await store(store_of.record, hold, error.done, recipe=mind.recipe, now=now)
    hold = await store(store_of.stumbled, hold, error.at, f"{type(cause).__name__}: {cause}"[:300])
    if hold.passed is None:
        raise cause
    await store(mind.remember, hold)
    return hold, error.done


def _may_repair(hold: Hold, now: datetime) -> bool:
    """Tell whether repair is due: something came since, and the last one is a while ago."""
    late = hold.repaired_at is None or hold.repaired_at + REPAIR_EVERY <= now
    return late and hold.seq > hold.repaired_seq


async def _keep(mind: Mind, store: StoreThreads, hold: Hold, now: Callable[[], datetime]) -> None:
    body = await asyncio.to_thread(mind.worth_keeping)
    if body is not None:
        await store(store_of.checkpoint, hold, body, made_by=mind.recipe, now=now())
