"""Read a document that came by itself as if it had been fetched."""

from __future__ import annotations

from datetime import timedelta

from daily8.net.egress import Headers, Response
from daily8.net.outside import Outside
from daily8.pipeline import polls
from daily8.pipeline.threads import StoreThreads
from daily8.store import deliveries, hosts
from daily8.store.hosts import DueDelivery, HostClaim


async def read(
    world: Outside, store: StoreThreads, claim: HostClaim, due: DueDelivery, *, lease: timedelta
) -> None:
    """Read what was looked at, pushed or mailed, and record what it brought.

    :raises daily8.store.hosts.Fenced: when another worker took the host over.
    """
    found = await store(deliveries.load, due)
    if found is None:
        await store(hosts.finish, due, cause="There is no longer a document to read.", aside=True)
        return
    document = found.document
    answer = Response(document.url, 200, Headers(tuple(document.headers.items())), document.body)
    await polls.take(world, store, claim, found.source, answer, lease=lease, delivery=due, via=found.kind)
