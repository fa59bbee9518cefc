"""A public web for tests: connections to public addresses end on loopback, and are told."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from daily8.net.names import Lookup


def lead(monkeypatch: pytest.MonkeyPatch, ports: dict[str, int]) -> list[str]:
    """Lead IP addresses to ports on 127.0.0.1; all others cannot be reached. Give what is tried, as it is."""
    tried: list[str] = []
    led: dict[tuple[str, int], tuple[str, int]] = {}
    connect, peer = socket.socket.connect, socket.socket.getpeername

    def to_loopback(self: socket.socket, where: tuple[str, int]) -> None:
        tried.append(where[0])
        if where[0] not in ports:
            raise OSError(errno.ENETUNREACH, "not from a test")
        self.bind(("127.0.0.1", 0))
        led[self.getsockname()] = where[:2]
        connect(self, ("127.0.0.1", ports[where[0]]))

    def as_asked(self: socket.socket) -> object:
        return led.get(self.getsockname()) or peer(self)

    monkeypatch.setattr(socket.socket, "connect", to_loopback)
    monkeypatch.setattr(socket.socket, "getpeername", as_asked)
    return tried


def resolves(names: dict[str, list[str]]) -> Lookup:
    """Make a look-up of names that are written down."""

    async def lookup(host: str) -> Sequence[str]:
        if host not in names:
            raise socket.gaierror(socket.EAI_NONAME, "none")
        return names[host]

    return lookup


@contextmanager
def black_hole() -> Iterator[int]:
    """Give a port of 127.0.0.1 at which no connection is ever made: those who wait there are too many."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(server.getsockname())
        try:
            yield server.getsockname()[1]
        finally:
            for one in waiting:
                one.close()
