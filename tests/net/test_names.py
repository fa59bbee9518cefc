"""What names lead to: mixed, many, changing, and none."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence

import pytest

from daily8.net.egress import Door, FetchFailed
from daily8.net.guard import Blocked, Egress
from daily8.net.names import Names, network
from tests.faults.server import FEED, FaultServer, redirects
from tests.net.elsewhere import black_hole, lead, resolves

CLOSED = ["127.0.0.1", "10.0.0.1", "::1", "169.254.169.254", "fd00::1", "64:ff9b::7f00:1", "nonsense"]


def open_to(port: int) -> Egress:
    return Egress(ports=frozenset({80, 443, port}))


def test_of_mixed_addresses_only_the_public_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = lead(monkeypatch, {})
    answer = [*CLOSED, "8.8.8.8", *CLOSED, "2001:4860:4860::8888"]

    async def run() -> None:
        async with Door(Egress(), "Daily8/0", lookup=resolves({"mixed.example": answer})) as door:
            with pytest.raises(FetchFailed) as failure:
                await door.fetch("http://mixed.example/")
            assert failure.value.code == "unreachable"

    asyncio.run(run())
    assert set(tried) == {"8.8.8.8", "2001:4860:4860::8888"}


def test_a_good_address_among_bad_ones_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> list[str]:
        async with FaultServer() as server, FaultServer() as sentinel:
            tried = lead(monkeypatch, {"8.8.8.8": server.port, "127.0.0.1": sentinel.port})
            names = {"mixed.example": ["127.0.0.1", "9.9.9.9", "2600::9", "8.8.8.8", "127.0.0.1"]}
            async with Door(Egress(), "Daily8/0", lookup=resolves(names)) as door:
                assert (await door.fetch("http://mixed.example/fine")).body == FEED
            assert sentinel.connections == 0
            return tried

    tried = asyncio.run(run())
    assert set(tried) <= {"9.9.9.9", "2600::9", "8.8.8.8"}
    assert "8.8.8.8" in tried


def test_of_three_hundred_records_a_few_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = lead(monkeypatch, {})
    many = [f"9.9.{n // 250}.{n % 250 + 1}" for n in range(300)]

    async def run() -> None:
        async with Door(Egress(), "Daily8/0", lookup=resolves({"many.example": many})) as door:
            with pytest.raises(FetchFailed) as failure:
                await door.fetch("http://many.example/")
            assert failure.value.code == "unreachable"

    asyncio.run(run())
    assert 0 < len(set(tried)) <= 16


def test_three_hundred_closed_records_hide_no_open_one() -> None:
    names = Names(resolves({"a.example": ["127.0.0.1"] * 300 + ["8.8.8.8"]}), Egress())
    assert asyncio.run(names.vetted("a.example")) == ("8.8.8.8",)
    with pytest.raises(Blocked):
        asyncio.run(Names(resolves({"a.example": ["10.0.0.1"] * 300}), Egress()).vetted("a.example"))


@pytest.mark.parametrize("alias", [["127.0.0.1"], ["::1", "127.0.0.1"]])
def test_another_name_of_localhost_is_closed(alias: list[str]) -> None:
    """A CNAME shows in no answer but by its addresses."""

    async def run() -> tuple[str, str]:
        async with FaultServer() as sentinel:
            lookup = resolves({"cname.example": alias})
            async with Door(open_to(sentinel.port), "Daily8/0", lookup=lookup) as door:
                with pytest.raises(FetchFailed) as failure:
                    await door.fetch(f"http://cname.example:{sentinel.port}/")
            assert sentinel.connections == 0
            return failure.value.code, str(failure.value)

    assert asyncio.run(run()) == ("blocked", str(FetchFailed("blocked")))


def test_a_name_that_comes_and_goes() -> None:
    """NXDOMAIN, good, good once more unasked, then bad: each look-up is judged by itself."""
    answers: list[list[str] | None] = [None, ["8.8.8.8"], ["127.0.0.1"], None, [], ["8.8.4.4"]]
    now, asked = [0.0], []

    async def lookup(host: str) -> Sequence[str]:
        asked.append(host)
        answer = answers[len(asked) - 1]
        if answer is None:
            raise socket.gaierror(socket.EAI_NONAME, "none")
        return answer

    async def run() -> list[object]:
        names = Names(lookup, Egress(), clock=lambda: now[0])
        seen: list[object] = []
        for at in (0, 1, 2, 40, 41, 42, 43):
            now[0] = at
            try:
                seen.append(await names.vetted("flaps.example"))
            except OSError as error:
                seen.append(type(error))
        return seen

    good, bad, none = ("8.8.8.8",), Blocked, socket.gaierror
    assert asyncio.run(run()) == [none, good, good, bad, none, none, ("8.8.4.4",)]
    assert len(asked) == 6


def test_rebinding_between_two_requests_reaches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first answer leads outside and redirects to itself; the second would lead to loopback."""

    async def run() -> None:
        async with FaultServer() as server, FaultServer() as sentinel:
            tried = lead(monkeypatch, {"8.8.8.8": server.port, "127.0.0.1": sentinel.port})
            answers = iter([["8.8.8.8"], ["127.0.0.1"]])

            async def lookup(host: str) -> Sequence[str]:
                return next(answers)

            server.extra["away"] = redirects("http://second.example/fine")
            async with Door(Egress(), "Daily8/0", lookup=lookup) as door:
                with pytest.raises(FetchFailed) as failure:
                    await door.fetch("http://first.example/away")
            assert failure.value.code == "blocked"
            assert (tried, sentinel.connections) == (["8.8.8.8"], 0)

    asyncio.run(run())


def test_a_black_hole_is_left_before_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> str:
        with black_hole() as port:
            lead(monkeypatch, {"8.8.8.8": port})
            lookup = resolves({"silent.example": ["8.8.8.8"]})
            async with Door(Egress(), "Daily8/0", lookup=lookup, connect=0.3) as door:
                with pytest.raises(FetchFailed) as failure:
                    await asyncio.wait_for(door.fetch("http://silent.example/", deadline=60), 30)
                return failure.value.code

    assert asyncio.run(run()) == "unreachable"


def test_a_name_service_that_hangs_is_not_waited_for() -> None:
    async def hang(host: str) -> Sequence[str]:
        await asyncio.sleep(3600)
        return []

    async def run() -> str:
        async with Door(Egress(), "Daily8/0", lookup=hang, connect=0.1) as door:
            with pytest.raises(FetchFailed) as failure:
                await asyncio.wait_for(door.fetch("http://a.example/", deadline=60), 30)
            return failure.value.code

    assert asyncio.run(run()) == "dns"


def test_networks_are_of_256_addresses_or_of_a_site() -> None:
    assert network("8.8.8.1") == network("8.8.8.255") != network("8.8.9.1")
    assert network("2600:1:2::1") == network("2600:1:2:ffff::9") != network("2600:1:3::1")
    assert network("0.0.0.8") != network("::8")
