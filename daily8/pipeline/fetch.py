"""Stage *fetch*: serve the hosts on which something is due, many at once, each by one request at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from daily8.net.outside import Outside
from daily8.news.reasons import Reason, explain
from daily8.pipeline import deliveries, hubs, pages, pictures, polls, timed_texts, upkeep
from daily8.pipeline.inside import at_home
from daily8.pipeline.silence import Names, Quiet, Silent, Unasked, heard
from daily8.pipeline.threads import StoreThreads
from daily8.store import hosts
from daily8.store.hosts import (
    Due,
    DueDelivery,
    DueHub,
    DuePage,
    DuePicture,
    DuePoll,
    DueTimed,
    Fenced,
    HostClaim,
)

LEASE = timedelta(minutes=3)
"""Far longer than one request may take: each record renews it."""
_SLOW = 5.0
"""Seconds after which a request that waits for its answer gives its place up to others."""
_SLICE = 50
"""Hosts claimed at once: the first are served while the next are claimed."""
_LOOK_SOON = 0.05
"""Seconds between looks for newly due hosts while looks find some."""
_LOOK_AGAIN = 1.0
"""The same while they find none; they grow rarer until then."""
_LAST_WORDS = 1.5
"""Seconds that requests in hand may take once a worker was asked to stop; what is undone then stays due."""
_PICTURE_SPACING = 0.2
"""Pictures lie on hosts made for many requests: a fifth of the spacing is kept."""

_DELAY_MOST = 60.0
"""Seconds of a robots.txt's Crawl-delay that are kept."""
_PATIENCE = 5.0
"""Seconds beyond the usual spacing for which a host is held; one that wants more is given back meanwhile."""

log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class _Place:
    """A host that is being served."""

    claim: HostClaim
    last: datetime | None = None
    """When the last request was begun."""
    unwritten: bool = False
    """Whether nothing is recorded yet of that request."""
    asked_at: float | None = None
    """Since when an answer is waited for, by the monotonic clock."""
    spaced: bool = False
    """Whether the time of the next request has not come."""
    until: datetime | None = None
    """Before which the host wants no request, when that is too long to hold it."""

    @contextmanager
    def asking(self, now: datetime) -> Iterator[None]:
        """Be in a request."""
        self.last, self.unwritten, self.asked_at = now, True, time.monotonic()
        try:
            yield
        finally:
            self.asked_at = None

    @property
    def waits(self) -> bool:
        return self.asked_at is not None and time.monotonic() - self.asked_at > _SLOW


async def drain(
    world: Outside,
    store: StoreThreads,
    stopping: asyncio.Event,
    *,
    most: int = hosts.CLAIM_MOST,
    lease: timedelta = LEASE,
) -> int:
    """Serve hosts until none is due; give the number served.

    When ``stopping`` is set nothing new is begun, and each host is given back after the request in hand, or
    without waiting for it when it takes long.
    """
    running: dict[asyncio.Task[Any], _Place] = {}
    stop = asyncio.create_task(stopping.wait())
    served = 0
    renewed = time.monotonic()
    pulse = upkeep.Pulse()
    look, pause = 0.0, _LOOK_SOON
    try:
        while not stopping.is_set():
            if pulse.jumped(world.now(), time.monotonic()):
                await store(upkeep.settle, world.now(), world.manners)
            if not running or time.monotonic() >= look:
                claims, full = await _claims(world, store, list(running.values()), most, lease)
                # The more falls due, the sooner it is looked for: what hangs must not make others late.
                pause = _LOOK_SOON if claims else min(2 * pause, _LOOK_AGAIN)
                look = 0.0 if full else time.monotonic() + pause
                for claim in claims:
                    place = _Place(claim)
                    running[asyncio.create_task(_serve(world, store, stopping, place, lease))] = place
                    served += 1
                if claims and full:
                    continue
            if not running:
                return served
            await asyncio.wait({stop, *running}, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
            running = {task: place for task, place in running.items() if not task.done()}
            if running and time.monotonic() - renewed > lease.total_seconds() / 3:
                # What waits for its turn in the cage, or for a slow site, is still in hand.
                held = [place.claim for place in running.values()]
                await store(hosts.renew, held, until=world.now() + lease)
                renewed = time.monotonic()
        if running:
            await asyncio.wait(running, timeout=_LAST_WORDS)
        return served
    finally:
        for task in (stop, *running):
            task.cancel()
        await asyncio.gather(stop, *running, return_exceptions=True)


async def _claims(
    world: Outside, store: StoreThreads, places: list[_Place], most: int, lease: timedelta
) -> tuple[list[HostClaim], bool]:
    """Claim some hosts for the places that are free; tell whether there may be more.

    Hosts that let us wait hold no place, up to a quarter beyond all, nor do those that are merely spaced, up
    to as many again; and those that did not answer lately get few: what hangs must not hold up what is well.
    """
    room = most + min(sum(place.waits for place in places), most // 4) - len(places)
    room += min(sum(place.spaced for place in places), most)
    if room <= 0:
        return [], True
    limit = min(room, _SLICE)
    troubled = max(most // 10, 1) - sum(place.claim.troubles > 0 for place in places)
    claims = await store(
        hosts.claim,
        world.now(),
        lease=lease,
        limit=limit,
        troubled=max(troubled, 0),
        but=[place.claim.name for place in places],
        network=world.network,
    )
    return claims, len(claims) == limit


async def _serve(
    world: Outside, store: StoreThreads, stopping: asyncio.Event, place: _Place, lease: timedelta
) -> None:
    """Do what is due on one host, spaced, then give it back. What goes wrong on one ends no other."""
    claim = place.claim
    try:
        try:
            await _in_turn(world, store, stopping, place, lease)
        except (asyncio.CancelledError, Fenced):
            # What it was fenced for may be one source of many: the host is ours still, unless another has it.
            await asyncio.shield(_give_back(world, store, place))
            raise
        await _give_back(world, store, place)
    except Fenced as error:
        log.warning("host_taken_over", host=claim.name, detail=str(error))
    except Exception:
        # It is not given back: its lease runs out, and that is the pause before the next try.
        log.exception("error_of_ours", host=claim.name)


async def _give_back(world: Outside, store: StoreThreads, place: _Place) -> None:
    claim = place.claim
    if place.unwritten and place.last is not None:  # the next request keeps its distance to this one too
        await store(hosts.started, claim.name, place.last)
    await store.together(hosts.release, (claim, max(world.now(), place.until or world.now())))


async def _in_turn(
    world: Outside, store: StoreThreads, stopping: asyncio.Event, place: _Place, lease: timedelta
) -> None:
    """Do what is due, but under names that give no answer, and with a long wait before it."""
    claim, place.last = place.claim, place.claim.started_at
    if not claim.due:  # what is due waits for something else
        place.until = world.now() + timedelta(seconds=_LOOK_AGAIN)
    names = Names(trial=claim.troubles > 0)
    try:
        for due in claim.due:
            if isinstance(due, DueDelivery):  # it is here already: nothing is asked, so nothing is spaced
                await _once(world, store, claim, due, lease)
            elif not names.mute(due.url) and not await _ask(world, store, stopping, place, due, names, lease):
                break
    except Quiet:
        return
    if names.all_mute and not stopping.is_set():
        await _rest(world, store, claim)


async def _ask(
    world: Outside,
    store: StoreThreads,
    stopping: asyncio.Event,
    place: _Place,
    due: Due,
    names: Names,
    lease: timedelta,
) -> bool:
    """Ask for one thing in its time, and note whether there was an answer; tell whether more may be asked.

    :raises Quiet: when the publisher asked for silence.
    """
    try:
        if not await _ready(world, store, stopping, place, due):
            return False
        with place.asking(world.now()):
            answered = await _once(world, store, place.claim, due, lease)
        place.unwritten = False
    except Silent:
        names.silent(due.url)
    except Unasked:
        pass
    else:
        if answered and names.trial:
            await store(hosts.revive, place.claim)
        if answered:
            names.answered(due.url)
    return True


async def _rest(world: Outside, store: StoreThreads, claim: HostClaim) -> None:
    """Ask nothing of a host for a time, longer each time: what is due there would wait for it in vain."""
    manners, chance = world.manners, world.chance()
    wait = min(manners.trouble * 2.0 ** min(claim.troubles, 16), manners.ceiling)
    until = world.now() + timedelta(seconds=min(wait * (1 + chance), manners.ceiling * (1 + chance / 10)))
    await store(hosts.rest, claim, until, explain(Reason("host-silent", wait)))


async def _ready(
    world: Outside, store: StoreThreads, stopping: asyncio.Event, place: _Place, due: Due
) -> bool:
    """Wait until a thing may be asked for; tell whether that time has come.

    :raises daily8.pipeline.silence.Silent: when the host gave no answer to who asked for its robots.txt.
    """
    spacing = world.manners.spacing * (_PICTURE_SPACING if isinstance(due, DuePicture) else 1.0)
    if isinstance(due, DuePage) or (isinstance(due, DuePoll) and due.way == "page"):
        if not world.robots.known(due.url):  # a request as any other
            if not await _spaced(world, stopping, place, spacing):
                return False
            with place.asking(world.now()):
                failed = await world.robots.learn(due.url, inside=await at_home(world, store, due))
            if failed:
                heard(failed)
        if world.robots.known(due.url) and (asked := await world.robots.delay(due.url)):
            spacing = max(spacing, min(asked, _DELAY_MOST) / world.manners.speed)
    if isinstance(due, DuePage) and await pages.unasked(world, due):
        if not await _spaced(world, stopping, place, spacing):
            return False
        with place.asking(world.now()):
            await world.robots.reservations.learn(due.url, inside=await at_home(world, store, due))
    return await _spaced(world, stopping, place, spacing)


async def _spaced(world: Outside, stopping: asyncio.Event, place: _Place, spacing: float) -> bool:
    """Wait until the last request is so many seconds ago; tell whether it is.

    A host is not held for a wait that is long: it is given back until then.
    """
    now = world.now()
    # A clock that was set back must not make a host wait for long.
    wait = 0.0 if place.last is None else min(spacing - (now - place.last).total_seconds(), spacing)
    if wait > world.manners.spacing + _PATIENCE:
        place.until = now + timedelta(seconds=wait)
        return False
    if wait > 0:
        place.spaced = True
        try:
            async with asyncio.timeout(wait):
                await stopping.wait()
        except TimeoutError:
            pass
        finally:
            place.spaced = False
    return not stopping.is_set()


async def _once(world: Outside, store: StoreThreads, claim: HostClaim, due: Due, lease: timedelta) -> bool:
    """Do one thing, and tell whether the host gave an answer.

    An error of ours is noted, and the thing is put off: it must not come back at once.

    :raises daily8.pipeline.silence.Silent: when the host gave none.
    :raises daily8.pipeline.silence.Unasked: when it was not reached for.
    """
    try:
        match due:
            case DuePoll():
                return await polls.poll(world, store, claim, due, lease=lease)
            case DuePage():
                return await pages.read(world, store, claim, due, lease=lease)
            case DuePicture():
                await pictures.take(world, store, claim, due, lease=lease)
                return True
            case DueTimed():
                await timed_texts.take(world, store, claim, due, lease=lease)
                return True
            case DueDelivery():
                await deliveries.read(world, store, claim, due, lease=lease)
            case DueHub():
                await hubs.ask(world, store, claim, due, lease=lease)
    except (Fenced, Quiet, Silent, Unasked):
        raise
    except Exception:
        log.exception("error_of_ours", host=claim.name, url=due.url)
        cause = "Daily8 failed on what came back; this is an error of ours, and the log has the details."
        if isinstance(due, DuePoll):
            await polls.fail(world, store, claim, due, cause, lease=lease)
        elif isinstance(due, DueHub):
            await hubs.fail(world, store, claim, due, cause, lease=lease)
        else:
            await pages.postpone(world, store, claim, due, cause, lease=lease)
    return False
