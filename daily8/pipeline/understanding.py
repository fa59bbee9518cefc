"""Stage *understand*: find out what articles are about; reach out to nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from daily8.net.cage import Caged
from daily8.net.outside import Outside
from daily8.news.understanding import Given, Understood
from daily8.pipeline import documents
from daily8.pipeline.threads import StoreThreads
from daily8.store import progress
from daily8.store import understanding as store_of

LEASE = timedelta(minutes=5)
AT_ONCE = 20


async def drain(world: Outside, store: StoreThreads, stopping: asyncio.Event) -> int:
    """Understand what is due, until nothing is; give the number of articles."""
    done = 0
    while not stopping.is_set():
        started = world.now()
        token, given = await store(store_of.claim, started, lease=LEASE, limit=AT_ONCE)
        if not given:
            break
        found = await _understood(world, given)
        done += await store(store_of.record, token, found, started=started, now=world.now())
        if missing := sorted(given.keys() - found.keys()):
            await _given_up(world, store, token, {id_: given[id_] for id_ in missing})
    return done


async def _understood(world: Outside, given: Mapping[UUID, Given]) -> dict[UUID, Understood]:
    """Understand reports together; where that fails each alone, so that one cannot spoil the others."""
    try:
        every = await world.cage.acall(documents.understand_all, list(given.values()))
        return dict(zip(given, every, strict=True))
    except Caged:
        found: dict[UUID, Understood] = {}
        for id_, each in given.items():
            try:
                [found[id_]] = await world.cage.acall(documents.understand_all, [each])
            except Caged:
                continue
        return found


async def _given_up(world: Outside, store: StoreThreads, token: UUID, missing: Mapping[UUID, Given]) -> None:
    """Count a try; an article that was tried often enough goes on with what it says of itself."""
    await store(progress.failed, token, list(missing))
    ids = await store(progress.exhausted, token, list(missing))
    bare = {id_: Understood(missing[id_].report.language) for id_ in ids}
    if bare:
        now = world.now()
        await store(store_of.record, token, bare, started=now, now=now)
