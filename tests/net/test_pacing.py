"""Turns on hosts, by a clock of the test's own."""

from __future__ import annotations

import asyncio

import pytest

from daily8.net.pacing import HostPacer


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


def test_one_in_flight_and_a_pause_between_starts() -> None:
    clock = Clock()
    pacer = HostPacer(5.0, clock=clock, sleep=clock.sleep)
    starts: list[float] = []
    inside = 0

    async def visit() -> None:
        nonlocal inside
        async with pacer.turn("a.test"):
            inside += 1
            assert inside == 1
            starts.append(clock())
            await clock.sleep(2)
            inside -= 1

    async def run() -> None:
        await asyncio.gather(*(visit() for _ in range(4)))

    asyncio.run(run())
    assert starts == [100, 105, 110, 115]


def test_a_slow_visit_uses_up_the_pause_and_hosts_are_strangers() -> None:
    clock = Clock()
    pacer = HostPacer(5.0, clock=clock, sleep=clock.sleep)

    async def run() -> list[float]:
        starts = []
        for host, stay, spacing in (("a", 9, None), ("b", 0, None), ("a", 0, None), ("a", 0, 30.0)):
            async with pacer.turn(host, spacing):
                starts.append(clock())
                await clock.sleep(stay)
        return starts

    assert asyncio.run(run()) == [100, 109, 109, 139]


def test_a_visit_that_fails_or_gives_up_lets_the_next_in() -> None:
    clock = Clock()
    pacer = HostPacer(5.0, clock=clock, sleep=clock.sleep)

    async def run() -> float:
        with pytest.raises(KeyError):
            async with pacer.turn("a"):
                raise KeyError
        async with pacer.turn("a"):
            waiting = asyncio.create_task(pacer.turn("a").__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        async with pacer.turn("a"):
            return clock()

    assert asyncio.run(run()) == 110


def test_hosts_are_forgotten_after_their_pause() -> None:
    clock = Clock()
    pacer = HostPacer(5.0, clock=clock, sleep=clock.sleep)

    async def run() -> None:
        for number in range(5000):
            async with pacer.turn(str(number)):
                clock.now += 1

    asyncio.run(run())
    assert len(pacer._hosts) < 1100
