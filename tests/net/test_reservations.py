"""Asking sites what they reserve."""

from __future__ import annotations

from daily8.net.egress import Door
from daily8.net.reservations import Reservations
from tests.faults.server import FaultServer, answer, says
from tests.net.test_faults import with_faults

URL = "http://a.faults.test/page"
RESERVED = answer(200, b'[{"location": "/", "tdm-reservation": 1}]')
PATH = ".well-known/tdmrep.json"


def test_it_is_kept_for_a_day_and_in_trouble_beyond() -> None:
    async def use(door: Door, server: FaultServer) -> None:
        now = [0.0]
        found = Reservations(door, clock=lambda: now[0])
        assert not found.known(URL)
        assert found.rules(URL) == ()
        server.extra[PATH] = says(RESERVED)
        for hour, asked in ((0, 1), (23, 1), (25, 2)):
            now[0] = hour * 3600.0
            await found.learn(URL)
            assert found.known(URL)
            assert found.rules("http://a.faults.test/other")[0].reserved
            assert len(server.requests) == asked
        server.extra[PATH] = says(answer(503))
        now[0] = 50 * 3600.0
        await found.learn(URL)
        assert found.rules(URL)[0].reserved, "what was said before stays while it cannot be asked"
        now[0] += 1800
        assert found.known(URL)
        now[0] += 3600
        assert not found.known(URL)
        server.extra[PATH] = says(answer(404))
        await found.learn(URL)
        assert found.rules(URL) == ()

    with_faults(use)


def test_what_is_no_such_file_reserves_nothing() -> None:
    async def use(door: Door, server: FaultServer) -> None:
        for body in (b"<html>", b"[" * 300_000, b'{"location": "/"}'):
            server.extra[PATH] = says(answer(200, body))
            found = Reservations(door)
            await found.learn(URL)
            assert found.known(URL)
            assert found.rules(URL) == ()

    with_faults(use)


def test_no_more_sites_are_kept_than_told() -> None:
    async def use(door: Door, server: FaultServer) -> None:
        server.extra[PATH] = says(RESERVED)
        found = Reservations(door, most=2)
        for name in "abc":
            await found.learn(f"http://{name}.faults.test/page")
        assert not found.known(URL)
        assert found.known("http://c.faults.test/x")

    with_faults(use)


def test_what_is_no_address_is_not_asked() -> None:
    async def use(door: Door, server: FaultServer) -> None:
        found = Reservations(door)
        assert found.known("mailto:a@faults.test")
        await found.learn("mailto:a@faults.test")
        assert not server.requests

    with_faults(use)
