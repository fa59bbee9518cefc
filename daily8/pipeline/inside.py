"""Whether what is due may be asked of a private place: only what a source that lies there brought itself."""

from __future__ import annotations

from daily8.net.outside import Outside
from daily8.pipeline.threads import StoreThreads
from daily8.store import origins
from daily8.store.hosts import DuePage, DuePicture, DuePoll, DueTimed


async def at_home(
    world: Outside, store: StoreThreads, due: DuePoll | DuePage | DuePicture | DueTimed
) -> bool:
    """Tell whether what is due lies at a private place that the operator opened, and so does what named it.

    A stranger's feed, page or index may name such a place too, and must not lead there.
    """
    place = world.door.private(due.url)
    if place is None:
        return False
    if isinstance(due, DuePoll) and not due.part:
        return True
    chains = await store(origins.of, due)
    return any(all(world.door.private(url) == place for url in chain) for chain in chains)
