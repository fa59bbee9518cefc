"""Call the store from the event loop: its calls block, so they have threads and connections of their own."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connections

_TRUST = 5.0
"""Seconds after a call that went well in which its connection is taken to live."""

P = ParamSpec("P")
T = TypeVar("T")


class StoreThreads:
    """A few threads that keep their database connections. Close it when the work is done."""

    def __init__(self, count: int = 2) -> None:
        self._count = count
        self._mine = threading.local()
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="daily8-store")

    async def __call__(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function of the store and give its result."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, partial(self._run, function, *args, **kwargs))

    def _run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        # A connection in steady use is known to live; after a pause or an error it is looked at.
        if time.monotonic() >= getattr(self._mine, "trusted_until", 0.0):
            close_old_connections()
        self._mine.trusted_until = 0.0
        result = function(*args, **kwargs)
        self._mine.trusted_until = time.monotonic() + _TRUST
        return result

    def close(self) -> None:
        """Close the connections, then end the threads."""
        together = threading.Barrier(self._count)  # so that each thread gets one
        for _ in range(self._count):
            self._pool.submit(self._leave, together)
        self._pool.shutdown(wait=True)

    @staticmethod
    def _leave(together: threading.Barrier) -> None:
        together.wait()
        connections.close_all()
