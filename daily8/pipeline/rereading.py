"""Stage *reread*: read kept pages again by today's recipe, sanitise again what is stored; fetch nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

from daily8.net.cage import Caged
from daily8.net.outside import Outside
from daily8.news.types import Extracted, Image
from daily8.pipeline import cleaning, documents
from daily8.pipeline.threads import StoreThreads
from daily8.store import kept, repeats
from daily8.store import rereading as store_of
from daily8.store.arrivals import PageResult
from daily8.store.kept import DueReading, Keep

LEASE = timedelta(minutes=5)
PICTURES_MOST = 30
"""Pictures of one article that are kept in mind."""
ADDRESS_MOST = 2000
"""Characters of an address of a picture; an index has no room for much longer ones."""

_PUT_BACK_AT_ONCE = 200


async def drain(world: Outside, store: StoreThreads, stopping: asyncio.Event) -> int:
    """Read again what is due, until nothing is; give the number of pages that were read.

    One page after the other: what arrives from outside has the other children of the cage.
    """
    await cleaning.drain(world, store, stopping)
    while not stopping.is_set() and await store(repeats.put_back, _PUT_BACK_AT_ONCE):
        pass
    done = 0
    while not stopping.is_set():
        batch = await store(kept.claim, world.now(), lease=LEASE)
        if not batch:
            break
        for due in batch:
            if stopping.is_set():
                break  # the lease ends by itself
            done += await _read(world, store, due)
    return done


async def one(world: Outside, store: StoreThreads, article: UUID) -> None:
    """Read the kept page of one article again, if it is due."""
    for due in await store(kept.claim, world.now(), lease=LEASE, article=article):
        await _read(world, store, due)


async def _read(world: Outside, store: StoreThreads, due: DueReading) -> bool:
    try:
        page = await world.cage.acall(
            documents.read_again, due.body, due.url, due.content_type or None, due.entry, due.guide
        )
    except (Caged, ValueError) as error:
        passing = isinstance(error, Caged) and error.passing
        await store(kept.failed if passing else kept.let_go, due)
        return False
    keep = Keep(due.domain, due.url, due.content_type, due.body, due.entry, due.guide, page.reading.edges)
    return await store(store_of.record, due, result_of(page), keep, now=world.now())


def result_of(page: documents.ReadPage) -> PageResult:
    """Give what a page that was read says to the store."""
    return PageResult(
        extracted=page.extracted,
        excerpt=page.excerpt,
        recipe=page.recipe,
        pictures=_pictures(page.extracted),
        witness=page.reading.witness,
        aside=page.reading.aside,
    )


def _pictures(extracted: Extracted) -> tuple[str, ...]:
    lead = [extracted.image.url] if extracted.image else []
    inside = [block.url for block in extracted.blocks if isinstance(block, Image)]
    short = (url for url in lead + inside if len(url) <= ADDRESS_MOST)
    return tuple(dict.fromkeys(short))[:PICTURES_MOST]
