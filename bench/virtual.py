"""A clock that runs as fast as the work does: an event loop whose time jumps when everybody waits for it."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

_LOOK = 0.002
"""Real seconds between looks for what threads and other processes have in hand."""


class _Patient(selectors.EpollSelector):
    """Where a loop would sleep, what is in hand is waited for; else the clock is set forward."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.in_hand = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        # What was sent over loopback is there at once: nothing ready means that nothing is on its way.
        if (ready := super().select(0)) or timeout == 0:
            return ready
        if self.in_hand or timeout is None:
            return super().select(_LOOK)
        self.now += max(timeout, 0.0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop of virtual time. All sockets must be of this loop, and all threads started by it."""

    def __init__(self) -> None:
        self._patient = _Patient()
        super().__init__(self._patient)

    def time(self) -> float:
        """Give the virtual seconds since the loop was made."""
        return self._patient.now

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        """Hold the clock while a thread works."""
        self._patient.in_hand += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._let_go)
        return future

    def _let_go(self, _: asyncio.Future[Any]) -> None:
        self._patient.in_hand -= 1

    def clock(self, start: datetime) -> Callable[[], datetime]:
        """Give a clock that shows ``start`` at the loop's beginning and runs with it."""
        return lambda: start + timedelta(seconds=self._patient.now)
