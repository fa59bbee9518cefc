"""Call the store from the event loop: its calls block, so they have threads and connections of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connections

P = ParamSpec("P")
T = TypeVar("T")


class StoreThreads:
    """A few threads that keep their database connections. Close it when the work is done."""

    def __init__(self, count: int = 2) -> None:
        self._count = count
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="daily8-store")

    async def __call__(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function of the store and give its result."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, partial(self._run, function, *args, **kwargs))

    @staticmethod
    def _run(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        close_old_connections()
        return function(*args, **kwargs)

    def close(self) -> None:
        """Close the connections, then end the threads."""
        together = Barrier(self._count)  # so that each thread gets one
        for _ in range(self._count):
            self._pool.submit(self._leave, together)
        self._pool.shutdown(wait=True)

    @staticmethod
    def _leave(together: Barrier) -> None:
        together.wait()
        connections.close_all()
