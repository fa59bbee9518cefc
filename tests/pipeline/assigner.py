"""A worker that assigns until nothing is due, and is killed at a point that its arguments name.

``python -m tests.pipeline.assigner POINT NTH AT_ONCE MOST``: at the NTH time that it comes to POINT, which is
a function of the store and ``inside`` (all is written, nothing is committed) or ``after`` (it is committed).
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import ParamSpec, TypeVar

from daily8.cli.start import settings

settings()

from django.db import transaction  # noqa: E402

from daily8.pipeline import assigning  # noqa: E402
from daily8.pipeline.threads import StoreThreads  # noqa: E402
from daily8.store import assigning as store_of  # noqa: E402

P = ParamSpec("P")
T = TypeVar("T")
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


class Deadly(StoreThreads):
    """Threads that call the store, until they come to a point for the nth time and end the process there."""

    def __init__(self, point: str, nth: int) -> None:
        super().__init__(1)
        self._name, _, self._when = point.partition(":")
        self._left = nth

    async def __call__(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if function.__name__ == self._name:
            self._left -= 1
            if self._left == 0:
                await super().__call__(partial(self._last, function, *args, **kwargs))
        return await super().__call__(function, *args, **kwargs)

    def _last(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> None:
        if self._when == "inside":
            with transaction.atomic():
                function(*args, **kwargs)
                os.kill(os.getpid(), signal.SIGKILL)
        function(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)


async def work(store: StoreThreads, at_once: int, most: int) -> None:
    """Assign in turns with others until nothing is due."""
    mind = assigning.Mind(checkpoint_every=7)
    while await store(store_of.any_due, NOW, repair_every=assigning.REPAIR_EVERY):
        await assigning.drain(mind, store, asyncio.Event(), lambda: NOW, at_once=at_once, most=most)
        time.sleep(0.002)
    await asyncio.to_thread(store.close)


if __name__ == "__main__":
    where, nth, at_once, most = sys.argv[1], *map(int, sys.argv[2:])
    asyncio.run(work(Deadly(where, nth), at_once, most))
