"""Spare networks: few requests at a time to one of them, whatever names lead there."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable

from daily8.net.names import network

MOST = 8
"""Requests under way to one IPv4 /24 or IPv6 /48."""

PATIENCE = 60.0
"""Seconds."""
HOP_PATIENCE = 20.0
"""Seconds for a turn at a site to which a redirect leads: who waits holds a place among all hosts."""

_LINES = 1000


class Crowding:
    """Places at networks, given in the order in which they were asked for. For one event loop.

    ``most`` requests are at one network at a time; the next waits ``patience`` seconds for its turn.
    """

    def __init__(self, most: int = MOST, patience: float = PATIENCE) -> None:
        self._most = most
        self._patience = patience
        self._taken: Counter[str] = Counter()
        self._waiting: dict[asyncio.Future[None], frozenset[str]] = {}

    async def place(self, addresses: Iterable[str]) -> Place:
        """Wait for a place at every network that a connection to the addresses may lead to, and take them.

        :raises TimeoutError: when the turn did not come.
        """
        addresses = tuple(addresses)
        networks = frozenset(map(network, addresses))
        if self._full(networks):
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting[turn] = networks
            try:
                async with asyncio.timeout(self._patience):
                    await turn
            except (asyncio.CancelledError, TimeoutError):
                if turn.done() and not turn.cancelled():  # it was given just then
                    self.give_back(networks)
                raise
            finally:
                self._waiting.pop(turn, None)
        else:
            self._taken.update(networks)
        return Place(self, addresses, networks)

    def give_back(self, networks: frozenset[str]) -> None:
        """Free places, and let those who wait for them have them."""
        self._taken.subtract(networks)
        for name in networks:
            if not self._taken[name]:
                del self._taken[name]
        for turn, wanted in tuple(self._waiting.items()):
            if not turn.done() and not wanted.isdisjoint(networks) and not self._full(wanted):
                self._taken.update(wanted)
                turn.set_result(None)

    def _full(self, networks: frozenset[str]) -> bool:
        return any(self._taken[name] >= self._most for name in networks if name in self._taken)


class Turns:
    """Turns at sites to which redirects of others lead: one request at a time, spaced. For one event loop.

    ``spacing`` is in seconds from one beginning to the next; nobody waits longer than ``patience`` seconds.
    """

    def __init__(self, spacing: float = 0.0, patience: float = HOP_PATIENCE) -> None:
        self._spacing = spacing
        self._patience = patience
        self._lines: dict[str, _Line] = {}

    async def take(self, site: str) -> _Line:
        """Wait for a turn at a site; who has it leaves it.

        :raises TimeoutError: when it did not come, or would not come in time.
        """
        now = asyncio.get_running_loop().time
        if len(self._lines) > _LINES:
            self._lines = {k: line for k, line in self._lines.items() if line.wanted or line.free_at > now()}
        line = self._lines.setdefault(site, _Line())
        if line.wanted * self._spacing > self._patience:
            raise TimeoutError
        line.wanted += 1
        try:
            async with asyncio.timeout(self._patience):
                async with line.lock:
                    await asyncio.sleep(max(0.0, line.free_at - now()))
                    await line.empty.wait()
                    line.empty.clear()
        except BaseException:
            line.wanted -= 1
            raise
        line.free_at = now() + self._spacing
        return line


class _Line:
    """Those who wait for a site, and the one whose turn it is."""

    __slots__ = ("empty", "free_at", "lock", "wanted")

    def __init__(self) -> None:
        self.wanted = 0
        self.free_at = 0.0
        self.lock = asyncio.Lock()
        self.empty = asyncio.Event()
        """Whether it is nobody's turn."""
        self.empty.set()

    def leave(self) -> None:
        """End the turn."""
        self.wanted -= 1
        self.empty.set()


class Place:
    """What one request holds: the addresses that it may connect to, and a place at the network of each."""

    def __init__(self, crowding: Crowding, addresses: tuple[str, ...], networks: frozenset[str]) -> None:
        self._crowding = crowding
        self._networks = networks
        self.addresses = addresses

    def settle(self, address: str) -> bool:
        """Keep the place at the network that was connected to, free the others; False for a strange one."""
        chosen = frozenset((network(address),))
        if not chosen <= self._networks:
            return False
        rest, self._networks = self._networks - chosen, chosen
        if rest:
            self._crowding.give_back(rest)
        return True

    def leave(self) -> None:
        """Free what is held."""
        held, self._networks = self._networks, frozenset()
        self._crowding.give_back(held)
