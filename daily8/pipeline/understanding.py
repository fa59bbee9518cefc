"""Stage *understand*: find out what articles are about; reach out to nobody."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError

from daily8.net.cage import Caged
from daily8.net.outside import Outside
from daily8.news.hashtags.streaming import Backgrounds
from daily8.news.understanding import Given, Understood
from daily8.pipeline import documents
from daily8.pipeline.threads import StoreThreads
from daily8.store import progress
from daily8.store import understanding as store_of

LEASE = timedelta(minutes=5)
AT_ONCE = 20
_log = logging.getLogger(__name__)


async def drain(
    world: Outside, store: StoreThreads, stopping: asyncio.Event, known: Backgrounds | None = None
) -> int:
    """Understand what is due, until nothing is; give the number of articles.

    ``known`` is what is common of late; it outlives a job and learns.
    """
    done, known = 0, known or Backgrounds()
    while not stopping.is_set():
        started = world.now()
        token, given = await store(store_of.claim, started, lease=LEASE, limit=AT_ONCE)
        if not given:
            break
        found = await _understood(world, given, known)
        for id_, one in found.items():
            known.take(one.language, given[id_].report.publisher, one.terms)
        found, written = await _written(world, store, token, found, started)
        done += written
        if missing := sorted(given.keys() - found.keys()):
            await _given_up(world, store, token, {id_: given[id_] for id_ in missing})
    return done


async def _written(
    world: Outside, store: StoreThreads, token: UUID, found: dict[UUID, Understood], started: datetime
) -> tuple[dict[UUID, Understood], int]:
    """Write what was found out, together or, where that fails, each alone; give what was written."""
    try:
        return found, await store(store_of.record, token, found, started=started, now=world.now())
    except DatabaseError:
        written, count = {}, 0
        for id_, one in found.items():
            try:
                count += await store(store_of.record, token, {id_: one}, started=started, now=world.now())
                written[id_] = one
            except DatabaseError:
                _log.exception("what was found out of article %s cannot be written", id_)
        return written, count


async def _understood(
    world: Outside, given: Mapping[UUID, Given], known: Backgrounds
) -> dict[UUID, Understood]:
    """Understand reports together; where that fails each alone, so that one cannot spoil the others."""
    places = {id_: (one.report.language, one.report.publisher) for id_, one in given.items()}
    backgrounds = {place: known.of(*place) for place in places.values()}
    held = {id_: (one, backgrounds[places[id_]]) for id_, one in given.items()}
    try:
        every = await world.cage.acall(documents.understand_all, list(held.values()))
        return dict(zip(given, every, strict=True))
    except Caged:
        found: dict[UUID, Understood] = {}
        for id_, each in held.items():
            try:
                [found[id_]] = await world.cage.acall(documents.understand_all, [each])
            except Caged as error:
                _log.warning("article %s cannot be understood: %s", id_, error)
        return found


async def _given_up(world: Outside, store: StoreThreads, token: UUID, missing: Mapping[UUID, Given]) -> None:
    """Count a try; an article that was tried often enough goes on with what it says of itself."""
    await store(progress.failed, token, list(missing))
    ids = await store(progress.exhausted, token, list(missing))
    bare = {id_: Understood(missing[id_].report.language) for id_ in ids}
    if bare:
        now = world.now()
        await store(store_of.record, token, bare, started=now, now=now)
