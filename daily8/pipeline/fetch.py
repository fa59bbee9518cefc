"""Stage *fetch*: serve the hosts on which something is due, many at once, each by one request at a time."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import structlog

from daily8.net.outside import Outside
from daily8.pipeline import pages, pictures, polls
from daily8.pipeline.threads import StoreThreads
from daily8.store import hosts
from daily8.store.hosts import Due, DuePage, DuePicture, DuePoll, Fenced, HostClaim

LEASE = timedelta(minutes=3)
"""Far longer than one request may take: each record renews it."""
_LOOK_AGAIN = 1.0
"""Seconds between looks for newly due hosts while others are being served."""
_LAST_WORDS = 1.5
"""Seconds that requests in hand may take once a worker was asked to stop; what is undone then stays due."""
_PICTURE_SPACING = 0.2
"""Pictures lie on hosts made for many requests: a fifth of the spacing is kept."""

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
    running: set[asyncio.Task[Any]] = set()
    stop = asyncio.create_task(stopping.wait())
    served = 0
    try:
        while not stopping.is_set():
            if room := most - len(running):
                claims = await store(hosts.claim, world.now(), lease=lease, limit=room)
                running |= {
                    asyncio.create_task(_serve(world, store, stopping, claim, lease)) for claim in claims
                }
                served += len(claims)
            if not running:
                return served
            done, _ = await asyncio.wait(
                {stop, *running}, timeout=_LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED
            )
            running -= _well(done - {stop})
        if running:
            done, running = await asyncio.wait(running, timeout=_LAST_WORDS)
            _well(done)
        return served
    finally:
        for task in (stop, *running):
            task.cancel()
        await asyncio.gather(stop, *running, return_exceptions=True)


def _well(done: set[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    """Raise what a finished task raised: it is an error of ours."""
    for task in done:
        task.result()
    return done


async def _serve(
    world: Outside, store: StoreThreads, stopping: asyncio.Event, claim: HostClaim, lease: timedelta
) -> None:
    """Do what is due on one host, spaced, then give it back."""
    last = claim.started_at
    try:
        for due in claim.due:
            await _spaced(world, stopping, due, last)
            if stopping.is_set():
                break
            last = world.now()
            await _once(world, store, claim, due, lease)
    except Fenced as error:
        log.warning("host_taken_over", host=claim.name, detail=str(error))
    finally:
        await asyncio.shield(store(hosts.release, claim))


async def _spaced(world: Outside, stopping: asyncio.Event, due: Due, last: datetime | None) -> None:
    spacing = world.manners.spacing * (_PICTURE_SPACING if isinstance(due, DuePicture) else 1.0)
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
    except Fenced:
        raise
    except Exception:
        log.exception("error_of_ours", host=claim.name, url=due.url)
        cause = "Daily8 failed on what came back; this is an error of ours, and the log has the details."
        if isinstance(due, DuePoll):
            await polls.fail(world, store, claim, due, cause, lease=lease)
        else:
            await pages.postpone(world, store, claim, due, cause, lease=lease)
