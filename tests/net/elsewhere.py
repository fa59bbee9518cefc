"""A public web for tests: connections to public addresses end on loopback, where they are counted."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest


@dataclass
class Elsewhere:
    """Leads IP addresses to servers of the test; all others cannot be reached."""

    ports: dict[str, int]
    """By address: the port on 127.0.0.1 (or ::1) that answers for it."""
    tried: list[str] = field(default_factory=list)
    """Addresses that a connection was begun to."""
    silent: frozenset[str] = frozenset()
    """Addresses that never answer, as behind a firewall."""


def lead(monkeypatch: pytest.MonkeyPatch, ports: dict[str, int], *, silent: Sequence[str] = ()) -> Elsewhere:
    """Replace the system's way to the network for one test."""
    web = Elsewhere(ports, silent=frozenset(silent))
    connect, peer = socket.socket.connect, socket.socket.getpeername
    led: dict[tuple[str, int], tuple[str, int]] = {}

    def to_loopback(self: socket.socket, where: tuple[str, int]) -> None:
        if where[0] in ("127.0.0.1", "::1"):
            return connect(self, where)
        if where[0] not in web.tried or where not in led.values():
            web.tried.append(where[0])
        if where[0] in web.silent:
            raise BlockingIOError(errno.EINPROGRESS, "on its way")
        if where[0] not in web.ports:
            raise OSError(errno.ENETUNREACH, "not from a test")
        here = "::1" if self.family == socket.AF_INET6 else "127.0.0.1"
        try:
            connect(self, (here, web.ports[where[0]]))
        finally:
            led[self.getsockname()[:2]] = where[:2]

    def as_asked(self: socket.socket) -> object:
        return led.get(self.getsockname()[:2]) or peer(self)

    monkeypatch.setattr(socket.socket, "connect", to_loopback)
    monkeypatch.setattr(socket.socket, "getpeername", as_asked)
    return web


def resolves(names: dict[str, list[str]]) -> Callable[[str], object]:
    """Make a look-up of names that are written down."""

    async def lookup(host: str) -> Sequence[str]:
        if host not in names:
            raise socket.gaierror(socket.EAI_NONAME, "none")
        return names[host]

    return lookup
