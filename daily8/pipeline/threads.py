"""Call the store from the event loop: its calls block, so they have threads and connections of their own."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, ParamSpec, TypeVar

from django.db import close_old_connections, connections

_BATCH = 50
"""Items of one run of `together`: those who wait for a run go on together, and a long one idles the loop."""
_TRUST = 5.0
"""Seconds after a call that went well in which its connection is taken to live."""

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")


async def beside(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function that blocks for long in a thread of its own, and give its result.

    A process that ends does not wait for it: what it was about must be done again anyway.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def tell(outcome: Any) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody is there any more
            loop.call_soon_threadsafe(_tell, future, outcome)

    def run() -> None:
        try:
            result = function(*args, **kwargs)
        except BaseException as error:
            tell(error)
        else:
            tell(result)

    threading.Thread(target=run, name="daily8-beside", daemon=True).start()
    return await future


class _Line:
    """What waits for runs of one function, and the tasks that see to that."""

    __slots__ = ("running", "tasks", "waiting")

    def __init__(self) -> None:
        self.waiting: deque[tuple[Any, asyncio.Future[Any]]] = deque()
        self.tasks: set[asyncio.Task[None]] = set()
        self.running = 0
        """Tasks that will look once more at what waits."""


class StoreThreads:
    """A few threads that keep their database connections. Close it when the work is done."""

    def __init__(self, count: int = 2) -> None:
        self._count = count
        self._mine = threading.local()
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="daily8-store")
        self._lines: defaultdict[Any, _Line] = defaultdict(_Line)

    async def __call__(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function of the store and give its result."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, partial(self._run, function, *args, **kwargs))

    async def together(self, function: Callable[[Sequence[Item]], Sequence[T]], item: Item) -> T:
        """Run a function of the store on what several tasks have for it, and give the result of ``item``.

        What comes while it runs is gathered for its next run, so nothing waits for company; where much waits,
        it runs on several threads, but for one that is left to others. When a run fails, each of its items
        is tried alone: one cannot spoil the others.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        line = self._lines[function]
        line.waiting.append((item, future))
        if line.running < min(1 + len(line.waiting) // _BATCH, max(self._count - 1, 1)):
            line.running += 1
            task = asyncio.create_task(self._write(function, line))
            line.tasks.add(task)
            task.add_done_callback(line.tasks.discard)
        return await future

    async def _write(self, function: Callable[[Sequence[Any]], Sequence[Any]], line: _Line) -> None:
        try:
            while line.waiting:
                batch = [line.waiting.popleft() for _ in range(min(len(line.waiting), _BATCH))]
                await self._run_batch(function, batch)
        finally:
            line.running -= 1

    async def _run_batch(
        self, function: Callable[[Sequence[Any]], Sequence[Any]], batch: list[tuple[Any, asyncio.Future[Any]]]
    ) -> None:
        try:
            results = await self(function, [item for item, _ in batch])
        except Exception as error:
            if len(batch) == 1:
                _tell(batch[0][1], error)
                return
            for item, future in batch:
                try:
                    _tell(future, (await self(function, [item]))[0])
                except Exception as own:
                    _tell(future, own)
        else:
            for (_, future), result in zip(batch, results, strict=True):
                _tell(future, result)

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


def _tell(future: asyncio.Future[Any], outcome: Any) -> None:
    """Hand a result or an error over, unless nobody waits for it any more."""
    if future.done():
        return
    if isinstance(outcome, BaseException):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
