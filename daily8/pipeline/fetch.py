"""Stage *fetch*: serve the hosts on which something is due, many at once, each by one request at a time."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from typing import Any

import structlog

from daily8.net.outside import Outside
from daily8.pipeline import deliveries, hubs, pages, pictures, polls
from daily8.pipeline.pages import Quiet
from daily8.pipeline.threads import StoreThreads
from daily8.store import hosts
from daily8.store.hosts import Due, DueDelivery, DueHub, DuePage, DuePicture, DuePoll, Fenced, HostClaim

LEASE = timedelta(minutes=3)
"""Far longer than one request may take: each record renews it."""
_LOOK_AGAIN = 1.0
"""Seconds between looks for newly due hosts while others are being served."""
_LAST_WORDS = 1.5
"""Seconds that requests in hand may take once a worker was asked to stop; what is undone then stays due."""
_PICTURE_SPACING = 0.2
"""Pictures lie on hosts made for many requests: a fifth of the spacing is kept."""

_DELAY_MOST = 60.0
"""Seconds of a robots.txt's Crawl-delay that are kept."""

log = structlog.get_logger(__name__)


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
    running: dict[asyncio.Task[Any], HostClaim] = {}
    stop = asyncio.create_task(stopping.wait())
    served = 0
    renewed = time.monotonic()
    try:
        while not stopping.is_set():
            if room := most - len(running):
                names = [claim.name for claim in running.values()]
                claims = await store(hosts.claim, world.now(), lease=lease, limit=room, but=names)
                for claim in claims:
                    running[asyncio.create_task(_serve(world, store, stopping, claim, lease))] = claim
                served += len(claims)
            if not running:
                return served
            await asyncio.wait({stop, *running}, timeout=_LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED)
            running = {task: claim for task, claim in running.items() if not task.done()}
            if running and time.monotonic() - renewed > lease.total_seconds() / 3:
                # What waits for its turn in the cage, or for a slow site, is still in hand.
                await store(hosts.renew, list(running.values()), until=world.now() + lease)
                renewed = time.monotonic()
        if running:
            await asyncio.wait(running, timeout=_LAST_WORDS)
        return served
    finally:
        for task in (stop, *running):
            task.cancel()
        await asyncio.gather(stop, *running, return_exceptions=True)


async def _serve(
    world: Outside, store: StoreThreads, stopping: asyncio.Event, claim: HostClaim, lease: timedelta
) -> None:
    """Do what is due on one host, spaced, then give it back. What goes wrong on one ends no other."""
    try:
        try:
            await _in_turn(world, store, stopping, claim, lease)
        except asyncio.CancelledError:
            await asyncio.shield(store.together(hosts.release, (claim, world.now())))
            raise
        await store.together(hosts.release, (claim, world.now()))
    except Fenced as error:
        log.warning("host_taken_over", host=claim.name, detail=str(error))
    except Exception:
        # It is not given back: its lease runs out, and that is the pause before the next try.
        log.exception("error_of_ours", host=claim.name)


async def _in_turn(
    world: Outside, store: StoreThreads, stopping: asyncio.Event, claim: HostClaim, lease: timedelta
) -> None:
    last = claim.started_at
    for due in claim.due:
        if isinstance(due, DueDelivery):  # it is here already: nothing is asked, so nothing is spaced
            await _once(world, store, claim, due, lease)
            continue
        await _spaced(world, stopping, due, last)
        if stopping.is_set():
            return
        last = world.now()
        try:
            await _once(world, store, claim, due, lease)
        except Quiet:
            return


async def _spaced(world: Outside, stopping: asyncio.Event, due: Due, last: datetime | None) -> None:
    spacing = world.manners.spacing * (_PICTURE_SPACING if isinstance(due, DuePicture) else 1.0)
    if isinstance(due, DuePage) and (asked := await world.robots.delay(due.url)):
        spacing = max(spacing, min(asked, _DELAY_MOST) / world.manners.speed)
    if last is None or spacing <= 0:
        return
    # A clock that was set back must not make a host wait for long.
    wait = min(spacing - (world.now() - last).total_seconds(), spacing)
    if wait > 0:
        try:
            async with asyncio.timeout(wait):
                await stopping.wait()
        except TimeoutError:
            pass


async def _once(world: Outside, store: StoreThreads, claim: HostClaim, due: Due, lease: timedelta) -> None:
    """Do one thing. An error of ours is noted, and the thing is put off: it must not come back at once."""
    try:
        match due:
            case DuePoll():
                await polls.poll(world, store, claim, due, lease=lease)
            case DuePage():
                await pages.read(world, store, claim, due, lease=lease)
            case DuePicture():
                await pictures.take(world, store, claim, due, lease=lease)
            case DueDelivery():
                await deliveries.read(world, store, claim, due, lease=lease)
            case DueHub():
                await hubs.ask(world, store, claim, due, lease=lease)
    except (Fenced, Quiet):
        raise
    except Exception:
        log.exception("error_of_ours", host=claim.name, url=due.url)
        cause = "Daily8 failed on what came back; this is an error of ours, and the log has the details."
        if isinstance(due, DuePoll):
            await polls.fail(world, store, claim, due, cause, lease=lease)
        elif isinstance(due, DueHub):
            await hubs.fail(world, store, claim, due, lease=lease)
        else:
            await pages.postpone(world, store, claim, due, cause, lease=lease)
