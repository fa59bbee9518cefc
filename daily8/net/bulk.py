"""Bound what all large bodies in hand take together: those being read, and those not done with."""

from __future__ import annotations

import asyncio
import weakref

SMALL = 512 << 10
"""Bytes of a body that needs no room of its own."""
ROOM = 256 << 20
"""Bytes of all larger ones."""
PATIENCE = 30.0
"""Seconds."""


class Bulk:
    """Room for large bodies, given in the order in which it was asked for. For one event loop.

    ``room`` is in bytes; who finds none waits ``patience`` seconds for it.
    """

    def __init__(self, room: int = ROOM, patience: float = PATIENCE) -> None:
        self._room = room
        self._free = room
        self._patience = patience
        self._waiting: dict[asyncio.Future[None], int] = {}

    async def take(self, size: int) -> int:
        """Wait for room, take it, and give how much was taken: never more than there is at all.

        :raises TimeoutError: when there was none in time.
        """
        size = min(size, self._room)
        if not self._waiting and size <= self._free:
            self._free -= size
            return size
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[turn] = size
        try:
            async with asyncio.timeout(self._patience):
                await turn
        except (asyncio.CancelledError, TimeoutError):
            if turn.done() and not turn.cancelled():  # it was given just then
                self._free += size
            raise
        finally:
            self._waiting.pop(turn, None)
            self._serve()
        return size

    def give_back(self, size: int) -> None:
        """Free room, and let those who wait for it have it."""
        self._free += size
        self._serve()

    def hold(self, body: object, size: int) -> None:
        """Give room back once nobody holds ``body`` any more, in whatever thread that happens."""
        loop = asyncio.get_running_loop()
        weakref.finalize(body, _gone, loop, self, size).atexit = False

    def _serve(self) -> None:
        for turn, size in tuple(self._waiting.items()):
            if turn.done():
                continue
            if size > self._free:
                return
            self._free -= size
            turn.set_result(None)


def _gone(loop: asyncio.AbstractEventLoop, bulk: Bulk, size: int) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(bulk.give_back, size)
