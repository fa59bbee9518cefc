"""Large bodies in hand: no more at a time than there is room for, and room comes back."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from daily8.net.bulk import SMALL, Bulk
from daily8.net.egress import Door, FetchFailed
from daily8.net.guard import Egress
from tests.faults.server import FEED, FaultServer, answer, says
from tests.net.test_faults import outcome

BODY = b"<rss/>" + b" " * 999_994


async def settled() -> None:
    """Let what was given back arrive."""
    for _ in range(3):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    "reply", [answer(200, BODY), answer(200, gzip.compress(BODY), "Content-Encoding: gzip")]
)
def test_a_large_body_waits_until_another_is_done_with(reply: bytes) -> None:
    async def run() -> None:
        async with FaultServer() as server:
            server.extra["large"] = says(reply)
            egress = Egress(hosts={"*.faults.test": ("127.0.0.1", server.port)})
            bulk = Bulk(1_500_000, patience=0.2)
            async with Door(egress, "Daily8/0", bulk=bulk) as door:
                first = await door.fetch("http://a.faults.test/large", limit=1_200_000)
                second = await outcome(door.fetch("http://b.faults.test/large", limit=1_200_000))
                assert isinstance(second, FetchFailed)
                assert (second.code, second.passing) == ("crowded", True)
                assert (await door.fetch("http://c.faults.test/fine")).body == FEED, (
                    "a small one needs no room"
                )
                waiting = asyncio.create_task(
                    door.fetch("http://d.faults.test/large", limit=1_200_000, deadline=5)
                )
                await asyncio.sleep(0.05)
                assert not waiting.done()
                assert first.body == BODY
                del first
                assert (await waiting).body == BODY

    asyncio.run(run())


def test_room_comes_back_from_what_fails() -> None:
    async def run() -> list[str]:
        async with FaultServer() as server:
            server.extra |= {
                "short": says(answer(200, BODY, length=1_100_000)),
                "damaged": says(answer(200, gzip.compress(BODY)[:-9], "Content-Encoding: gzip")),
                "beyond": says(answer(200, gzip.compress(BODY * 2), "Content-Encoding: gzip")),
                "large": says(answer(200, BODY)),
            }
            egress = Egress(hosts={"*.faults.test": ("127.0.0.1", server.port)})
            async with Door(egress, "Daily8/0", bulk=Bulk(1_200_000, patience=0.1)) as door:
                ends = list[str]()
                for name in ("short", "damaged", "beyond", "large", "large"):
                    end = await outcome(door.fetch(f"http://a.faults.test/{name}", limit=1_200_000))
                    ends.append(end.code if isinstance(end, FetchFailed) else "")
                    del end
                    await settled()
                return ends

    assert asyncio.run(run()) == ["cut-off", "cut-off", "too-big", "", ""]


def test_room_is_given_in_turn_and_never_twice() -> None:
    async def run() -> list[int]:
        bulk, order = Bulk(10, patience=5), list[int]()

        async def one(size: int) -> None:
            taken = await bulk.take(size)
            order.append(size)
            await asyncio.sleep(0)
            bulk.give_back(taken)

        held = await bulk.take(10)
        tasks = [asyncio.create_task(one(size)) for size in (8, 1, 2, 99)]
        await settled()
        tasks[0].cancel()
        await settled()
        bulk.give_back(held)
        await asyncio.wait_for(asyncio.gather(*tasks[1:]), 5)
        assert await bulk.take(99) == 10, "all is there again"
        return order

    assert asyncio.run(run()) == [1, 2, 99]
    assert SMALL < 1_000_000
