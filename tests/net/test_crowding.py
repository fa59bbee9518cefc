"""Few requests at a time to one network, whatever names lead there."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.net.crowding import Crowding, Turns
from daily8.net.egress import Door, FetchFailed
from daily8.net.guard import Egress
from daily8.net.names import network
from tests.faults.server import FEED, FaultServer, Request, answer, redirects, says
from tests.net.elsewhere import lead, resolves
from tests.net.test_faults import outcome

ADDRESSES = ["8.8.8.1", "8.8.8.2", "8.8.9.1", "2600:1:2::1", "2600:1:2:9::1", "2600:1:3::1"]


def test_one_network_serves_so_many_at_once_by_any_name(monkeypatch: pytest.MonkeyPatch) -> None:
    under_way, most = Counter[str](), Counter[str]()

    async def slow(request: Request, writer: asyncio.StreamWriter) -> None:
        where = (request.header("Host") or b"").decode()[:1]
        under_way[where] += 1
        most[where] = max(most[where], under_way[where])
        await asyncio.sleep(0.02)
        under_way[where] -= 1
        await says(answer(200, FEED))(request, writer)

    async def run() -> None:
        async with FaultServer() as server:
            server.extra["slow"] = slow
            # Thirty names share a /24, by two addresses of it; one name is elsewhere.
            names = {f"a{n}.example": [f"8.8.8.{n % 2 + 1}"] for n in range(30)} | {"b.example": ["9.9.9.9"]}
            lead(monkeypatch, {"8.8.8.1": server.port, "8.8.8.2": server.port, "9.9.9.9": server.port})
            async with Door(Egress(), "Daily8/0", lookup=resolves(names), crowding=Crowding(3)) as door:
                got = await asyncio.gather(*(door.fetch(f"http://{name}/slow") for name in names))
            assert {response.body for response in got} == {FEED}

    asyncio.run(run())
    assert most == {"a": 3, "b": 1}


def test_numbers_are_counted_like_names(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with FaultServer() as server:
            lead(monkeypatch, {"8.8.8.1": server.port, "8.8.8.2": server.port})
            async with Door(Egress(), "Daily8/0", lookup=resolves({}), crowding=Crowding(1)) as door:
                held = asyncio.create_task(door.fetch("http://8.8.8.1/hangs"))
                while not server.requests:
                    await asyncio.sleep(0.01)
                waiting = asyncio.create_task(door.fetch("http://8.8.8.2/fine"))
                await asyncio.sleep(0.05)
                assert len(server.requests) == 1
                held.cancel()
                assert (await waiting).body == FEED

    asyncio.run(run())


def test_the_wait_for_a_turn_is_not_the_site_s_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with FaultServer() as server:
            lead(monkeypatch, {"8.8.8.1": server.port})
            async with Door(Egress(), "Daily8/0", lookup=resolves({}), crowding=Crowding(1)) as door:
                slow = asyncio.create_task(door.fetch("http://8.8.8.1/hangs", deadline=0.6))
                while not server.requests:
                    await asyncio.sleep(0.01)
                got = await door.fetch("http://8.8.8.1/fine", deadline=0.4)
                assert got.body == FEED, "it waited longer than its deadline, and was then asked"
                with pytest.raises(FetchFailed, match="in full"):
                    await slow

    asyncio.run(run())


def test_who_waits_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:

    async def run() -> FetchFailed:
        async with FaultServer() as server:
            lead(monkeypatch, {"8.8.8.1": server.port})
            async with Door(
                Egress(), "Daily8/0", lookup=resolves({}), crowding=Crowding(1, patience=0.1)
            ) as door:
                held = asyncio.create_task(door.fetch("http://8.8.8.1/hangs"))
                while not server.requests:
                    await asyncio.sleep(0.01)
                with pytest.raises(FetchFailed) as failure:
                    await door.fetch("http://8.8.8.1/fine")
                held.cancel()
                return failure.value

    failure = asyncio.run(run())
    assert (failure.code, failure.passing) == ("crowded", True)


def test_a_connection_frees_the_networks_that_it_did_not_choose() -> None:
    async def run() -> None:
        crowding = Crowding(1)
        place = await crowding.place(["8.8.8.1", "9.9.9.9"])
        other = asyncio.create_task(crowding.place(["9.9.9.1"]))
        await asyncio.sleep(0)
        assert not other.done()
        assert place.settle("8.8.8.200")
        assert not place.settle("9.9.9.9"), "it holds that one no more"
        (await other).leave()
        place.leave()
        (await crowding.place(["8.8.8.1", "9.9.9.9"])).leave()

    asyncio.run(run())


@given(
    st.lists(st.lists(st.sampled_from(ADDRESSES), min_size=1, max_size=4), min_size=1, max_size=12),
    st.integers(1, 3),
    st.randoms(use_true_random=False),
)
def test_no_network_is_ever_crowded_and_everybody_gets_a_turn(
    wishes: list[list[str]], most: int, chance: random.Random
) -> None:
    taken: Counter[str] = Counter()

    async def one(crowding: Crowding, addresses: list[str]) -> None:
        place = await crowding.place(addresses)
        networks = set(map(network, addresses))
        taken.update(networks)
        assert max(taken.values()) <= most
        await asyncio.sleep(0)
        if chance.random() < 0.5:
            chosen = network(addresses[0])
            assert place.settle(addresses[0])
            taken.subtract(networks - {chosen})
            networks = {chosen}
            await asyncio.sleep(0)
        taken.subtract(networks)
        place.leave()

    async def run() -> None:
        crowding = Crowding(most)
        await asyncio.wait_for(asyncio.gather(*(one(crowding, wish) for wish in wishes)), 5)

    asyncio.run(run())


def test_redirects_of_many_sites_to_one_take_turns() -> None:
    under_way, most = 0, 0

    async def slow(request: Request, writer: asyncio.StreamWriter) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.02)
        under_way -= 1
        await says(answer(200, FEED))(request, writer)

    async def run(spacing: float) -> list[str]:
        async with FaultServer() as server:
            server.extra |= {"slow": slow, "away": redirects("http://one.example/next", 302)}
            server.extra["next"] = redirects("http://www.one.example/slow", 302)
            egress = Egress(hosts=dict.fromkeys(names, ("127.0.0.1", server.port)))
            async with Door(egress, "Daily8/0", turns=Turns(spacing, patience=0.5)) as door:
                calls = (outcome(door.fetch(f"http://{name}/away")) for name in names[2:])
                ends = await asyncio.gather(*calls)
                own = await asyncio.gather(*(door.fetch(f"http://{name}/fine") for name in names[2:]))
                assert {response.body for response in own} == {FEED}
            return sorted(end.code if isinstance(end, FetchFailed) else "" for end in ends)

    names = ["one.example", "www.one.example", *(f"a{n}.example" for n in range(8))]
    assert asyncio.run(run(0.0)) == [""] * 8
    assert most == 1
    # At 0.2 s each there is time for three in half a second; the others are told at once.
    assert 5 <= asyncio.run(run(0.2)).count("crowded") < 8


def test_a_turn_that_was_given_up_is_another_s() -> None:
    async def run() -> None:
        turns = Turns(patience=0.05)
        line = await turns.take("one.example")
        (await turns.take("two.example")).leave()
        gone = asyncio.create_task(turns.take("one.example"))
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(TimeoutError):
            await turns.take("one.example")
        line.leave()
        (await turns.take("one.example")).leave()
        assert line.wanted == 0

    asyncio.run(run())


def test_who_gives_up_leaves_the_line() -> None:
    async def run() -> None:
        crowding = Crowding(1)
        place = await crowding.place(["8.8.8.1"])
        waiting = [asyncio.create_task(crowding.place(["8.8.8.1"])) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.sleep(0)
        place.leave()  # the second has its turn now, and gives up before it hears of it
        waiting[1].cancel()
        await asyncio.sleep(0)
        (await asyncio.wait_for(waiting[2], 5)).leave()

    asyncio.run(run())
