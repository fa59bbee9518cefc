"""A worker that assigns until nothing is due, and is killed at a point that its arguments name.

``python -m tests.pipeline.assigner POINT NTH AT_ONCE MOST``: at the NTH time that it comes to POINT, which is a
function of the store and ``inside`` (all of it is written, nothing is committed) or ``after`` (it is committed).
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from datetime import UTC, datetime
from typing import Any

from daily8.cli.start import settings

settings()

from django.db import transaction  # noqa: E402

from daily8.pipeline import assigning  # noqa: E402
from daily8.pipeline.threads import StoreThreads  # noqa: E402
from daily8.store import assigning as store_of  # noqa: E402

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


def die_at(point: str, nth: int) -> None:
    """Let this process be killed at a point."""
    name, _, when = point.partition(":")
    real, seen = getattr(store_of, name), 0

    def deadly(*args: Any, **options: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == nth and when == "inside":
            with transaction.atomic():
                real(*args, **options)
                os.kill(os.getpid(), signal.SIGKILL)
        found = real(*args, **options)
        if seen == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    setattr(store_of, name, deadly)


async def work(at_once: int, most: int) -> None:
    """Assign in turns with others until nothing is due."""
    mind, store = assigning.Mind(checkpoint_every=7), StoreThreads(1)
    while await store(store_of.any_due, NOW, repair_every=assigning.REPAIR_EVERY):
        await assigning.drain(mind, store, asyncio.Event(), lambda: NOW, at_once=at_once, most=most)
        time.sleep(0.002)
    await asyncio.to_thread(store.close)


if __name__ == "__main__":
    where, nth, at_once, most = sys.argv[1], *map(int, sys.argv[2:])
    if where != "nowhere":
        die_at(where, nth)
    asyncio.run(work(at_once, most))
