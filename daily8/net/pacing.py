"""Keep manners on each host: one request in flight, and a pause between two starts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    started: float | None = None


class HostPacer:
    """Turns on hosts, first come, first served, for many tasks of one event loop.

    ``spacing`` is in seconds; ``clock`` gives monotonic seconds and ``sleep`` waits for some.
    """

    def __init__(
        self,
        spacing: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._spacing = spacing
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}
        self._sweep_at = 1024

    @asynccontextmanager
    async def turn(self, host: str, spacing: float | None = None) -> AsyncIterator[None]:
        """Wait for a turn on ``host`` (any key that names it) and hold it.

        ``spacing`` replaces the usual one where a site asks for more, as by Crawl-delay.
        """
        place = self._hosts.setdefault(host, _Host())
        place.waiting += 1
        try:
            async with place.lock:
                pause = self._spacing if spacing is None else spacing
                if place.started is not None:
                    left = place.started + pause - self._clock()
                    if left > 0:
                        await self._sleep(left)
                place.started = self._clock()
                yield
        finally:
            place.waiting -= 1
            self._sweep()

    def _sweep(self) -> None:
        """Forget hosts that nobody waits for and whose pause is over, now and then."""
        if len(self._hosts) < self._sweep_at:
            return
        before = self._clock() - self._spacing
        self._hosts = {
            name: place
            for name, place in self._hosts.items()
            if place.waiting or (place.started is not None and place.started > before)
        }
        self._sweep_at = max(1024, 2 * len(self._hosts))
