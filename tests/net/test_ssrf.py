"""No address form reaches this machine or its neighbours: a sentinel listens and must hear nothing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
import pytest

from daily8.net.connections import ASKING, Asking, open_public, trust
from daily8.net.crowding import Crowding
from daily8.net.egress import Door, FetchFailed
from daily8.net.guard import Blocked, Egress, guarded_socket, read_target
from daily8.net.pictures import fetch_picture
from daily8.net.robots import Robots
from tests.faults.server import FEED, FaultServer, redirects
from tests.net.forms import CONFUSING, FORMS, WITH_CONTROLS
from tests.net.test_faults import outcome

PRIVATE = [
    "127.0.0.1",
    "::1",
    "0.0.0.0",
    "::",
    "10.1.2.3",
    "169.254.169.254",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "fe80::1",
    "fe80::1%lo",
    "fd00::1",
    "168.63.129.16",
    "224.0.0.1",
    "not a number",
]


def open_to(port: int) -> Egress:
    """Open the sentinel's port to the public web, so that nothing but the address can stop a fetch."""
    return Egress(
        hosts={"mapped.faults.test": ("127.0.0.1", port)}, ports=frozenset({80, 443, port, 22, 6379})
    )


async def failure(door: Door, url: str) -> tuple[str, str]:
    with pytest.raises(FetchFailed) as caught:
        await door.fetch(url, deadline=5)
    return caught.value.code, str(caught.value)


async def nowhere(host: str) -> Sequence[str]:
    raise socket.gaierror(socket.EAI_NONAME, "none")


async def nobody(host: str) -> Sequence[str]:
    raise AssertionError(f"{host} was looked up")


def test_there_are_enough_forms() -> None:
    assert len(set(FORMS)) >= 80


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_no_form_of_address_is_reached(host: str) -> None:
    async def run() -> None:
        async with FaultServer(host=host) as sentinel:
            egress = open_to(sentinel.port)
            async with Door(egress, "Daily8/0", lookup=nobody) as door:
                if host == "127.0.0.1":
                    assert (await door.fetch("http://mapped.faults.test/fine")).body == FEED
                before = sentinel.connections
                found = {
                    form: {
                        await failure(door, f"{scheme}://{form}:{sentinel.port}/fine")
                        for scheme in ("http", "https")
                    }
                    for form in FORMS
                }
                assert sentinel.connections == before
        assert set.union(*found.values()) == {("blocked", str(FetchFailed("blocked")))}, {
            form: ends for form, ends in found.items() if {code for code, _ in ends} != {"blocked"}
        }

    asyncio.run(run())


async def _picture(door: Door, url: str) -> None:
    await fetch_picture(door, url, deadline=5)


async def _post(door: Door, url: str) -> None:
    await door.post(url, body=b"{}", content_type="application/json", deadline=5)


async def _robots(door: Door, url: str) -> None:
    assert await Robots(door).verdict(url) == "allowed", "the page itself tells why it cannot be had"
    raise FetchFailed("blocked")


@pytest.mark.parametrize("ask", [_picture, _post, _robots])
def test_no_other_way_through_the_door_reaches_inside(ask: Callable[[Door, str], Awaitable[None]]) -> None:
    async def run() -> set[str]:
        said = set()
        async with FaultServer() as sentinel:
            async with Door(open_to(sentinel.port), "Daily8/0", lookup=nobody) as door:
                for form in FORMS:
                    with pytest.raises(FetchFailed) as caught:
                        await ask(door, f"http://{form}:{sentinel.port}/fine")
                    said.add(str(caught.value))
            assert sentinel.connections == 0
        return said

    assert asyncio.run(run()) == {str(FetchFailed("blocked"))}


def test_what_confuses_parsers_is_refused() -> None:
    async def run() -> None:
        async with FaultServer() as sentinel:
            async with Door(
                Egress(ports=frozenset({80, 443, sentinel.port})), "Daily8/0", lookup=nobody
            ) as door:
                for form in CONFUSING + WITH_CONTROLS:
                    code, _ = await failure(door, form.replace("{port}", str(sentinel.port)))
                    assert code in {"bad-address", "blocked"}, form
            assert sentinel.connections == 0

    asyncio.run(run())


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_of_a_private_address_is_not_reached(address: str) -> None:
    asked: list[str] = []

    async def lookup(host: str) -> Sequence[str]:
        asked.append(host)
        return [address]

    async def run() -> None:
        async with FaultServer(host="::1" if address == "::1" else "127.0.0.1") as sentinel:
            async with Door(open_to(sentinel.port), "Daily8/0", lookup=lookup) as door:
                for scheme in ("http", "https"):
                    code, text = await failure(door, f"{scheme}://innocent.example:{sentinel.port}/")
                    assert (code, text) == ("blocked", str(FetchFailed("blocked")))
            assert sentinel.connections == 0

    asyncio.run(run())
    assert asked


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_closed_address_behind_every_other_check_is_stopped_at_the_socket(scheme: str) -> None:
    """Whatever a look-up was made to believe, the connection itself is judged."""

    async def run() -> None:
        async with FaultServer() as sentinel:
            place = await Crowding().place(["127.0.0.1"])
            asking = ASKING.set(Asking(place))
            try:
                async with open_public(open_to(sentinel.port), connections=1, tls=trust()) as session:
                    for host in ("rebound.example", "127.0.0.1"):
                        with pytest.raises(aiohttp.ClientConnectorError) as caught:
                            await session.get(f"{scheme}://{host}:{sentinel.port}/")
                        assert isinstance(caught.value.os_error, Blocked)
            finally:
                ASKING.reset(asking)
            assert sentinel.connections == 0

    asyncio.run(run())


def test_this_machine_is_closed_by_every_name_and_number_of_its_own() -> None:
    own = frozenset({"8.8.4.4", "2600::5", "news.example"})
    egress = Egress(own=own, private=frozenset({("news.example", 443)}))
    for url in ("http://8.8.4.4/", "http://[2600:0::5]/", "http://news.example/", "http://NEWS.example./"):
        with pytest.raises(Blocked):
            read_target(url, egress)
    assert read_target("https://news.example/feed", egress).host == "news.example", "the operator opened it"
    assert read_target("http://8.8.8.8/", egress).host == "8.8.8.8"
    for address in ("8.8.4.4", "2600::5", "2600:0:0:0::5"):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with pytest.raises(Blocked):
            guarded_socket(egress, (family, socket.SOCK_STREAM, 0, "", (address, 443)))


def test_no_redirect_leads_inside() -> None:
    async def run() -> None:
        async with FaultServer() as server, FaultServer() as sentinel:
            targets = [f"http://{form}:{sentinel.port}/" for form in FORMS]
            targets += [form.replace("{port}", str(sentinel.port)) for form in CONFUSING if "//" in form]
            for at, target in enumerate(targets):
                status = (301, 302, 303, 307, 308)[at % 5]
                server.extra[str(at)] = redirects(target.encode().decode("latin-1"), status)
            egress = Egress(
                hosts={"*.faults.test": ("127.0.0.1", server.port)},
                ports=frozenset({80, 443, sentinel.port}),
            )
            async with Door(egress, "Daily8/0", lookup=nowhere) as door:
                for at, target in enumerate(targets):
                    # What no address can be read from stays on the server it came from, or has no name.
                    end = await outcome(door.fetch(f"http://a.faults.test/{at}", deadline=5))
                    if isinstance(end, FetchFailed):
                        assert end.code in {"blocked", "bad-address", "dns"}, target
                    else:
                        assert end.url.startswith("http://a.faults.test/"), target
            assert sentinel.connections == 0
            assert len(server.requests) >= len(targets)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("family", "where"),
    [
        (socket.AF_INET, ("127.0.0.1", 80)),
        (socket.AF_INET, ("8.8.8.8", 22)),
        (socket.AF_INET6, ("::1", 80, 0, 0)),
        (socket.AF_INET6, ("2001:4860:4860::8888", 80, 0, 2)),
        (socket.AF_INET6, ("2001:4860:4860::8888%lo", 80, 0, 0)),
        (socket.AF_UNIX, ("/tmp/socket", 80)),
    ],
)
def test_the_socket_is_the_last_check(family: socket.AddressFamily, where: tuple[str, int]) -> None:
    with pytest.raises(Blocked):
        guarded_socket(Egress(), (family, socket.SOCK_STREAM, 0, "", where))


def test_a_public_address_gets_its_socket() -> None:
    for family, where in ((socket.AF_INET, ("8.8.8.8", 443)), (socket.AF_INET6, ("2600::", 443, 0, 0))):
        guarded_socket(Egress(), (family, socket.SOCK_STREAM, 0, "", where)).close()
