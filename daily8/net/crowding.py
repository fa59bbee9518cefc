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
