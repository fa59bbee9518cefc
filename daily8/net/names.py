"""Find the addresses of host names: vetted for the public web, by the map of a replay, or as they are."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from aiohttp.abc import AbstractResolver, ResolveResult

from daily8.net.guard import Blocked, Egress

Lookup = Callable[[str], Awaitable[Sequence[str]]]
"""Gives the IP addresses of a host name, best first; raises OSError where there are none."""

_ADDRESSES = 16
"""Of one name; more serve nobody, and each may cost a connection."""
_KEPT = 30.0
"""Seconds that an answer is used again."""
_MOST = 4000


class Names:
    """Addresses of the public web by host name, kept for half a minute. For one event loop.

    This check lets a name of mixed addresses be reached by its public ones; the socket is the true one.
    """

    def __init__(
        self, lookup: Lookup, egress: Egress, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._lookup = lookup
        self._egress = egress
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, tuple[str, ...]]] = OrderedDict()

    async def vetted(self, host: str) -> tuple[str, ...]:
        """Give the open addresses of a host, at most 16, best first.

        :raises Blocked: where all of them are closed.
        :raises OSError: where there are none.
        """
        if is_number(host):
            return (host,)
        known = self._known.get(host)
        if known is not None and self._clock() < known[0]:
            return known[1]
        found = await self._lookup(host)
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        vetted = tuple(filter(self._egress.reaches, dict.fromkeys(found)))[:_ADDRESSES]
        if not vetted:
            raise Blocked
        self._known[host] = (self._clock() + _KEPT, vetted)
        self._known.move_to_end(host)
        while len(self._known) > _MOST:
            self._known.popitem(last=False)
        return vetted


class Given(AbstractResolver):
    """Resolve every name to what ``give`` says of it."""

    def __init__(self, give: Callable[[str], Awaitable[Sequence[tuple[str, int]]]]) -> None:
        self._give = give

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Give addresses in the form that connections want; a port of 0 stands for the one asked for."""
        return [_result(host, address, own or port) for address, own in await self._give(host)]

    async def close(self) -> None:
        """Nothing is held."""


def is_number(host: str) -> bool:
    """Tell whether a host is an IP address as it stands."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def network(address: str) -> str:
    """Name the network of an address for the budget: an IPv4 /24, an IPv6 /48."""
    ip = ipaddress.ip_address(address)
    bits = 8 if ip.version == 4 else 80
    return f"{ip.version}:{int(ip) >> bits:x}"


async def system_lookup(threads: ThreadPoolExecutor, host: str) -> Sequence[str]:
    """Ask the system's name service, in threads of its own."""
    ask = partial(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    found = await asyncio.get_running_loop().run_in_executor(threads, ask)
    return tuple(dict.fromkeys(str(info[4][0]) for info in found))


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=socket.IPPROTO_TCP, flags=0
    )
