"""What several tasks have for the store goes to it together, and one cannot spoil the others."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence

import pytest

from daily8.pipeline.threads import StoreThreads, beside


class Writer:
    """Takes items, and remembers with which others each came; the first run waits to be let on."""

    def __init__(self) -> None:
        self.runs: list[list[int]] = []
        self.go = threading.Event()

    def __call__(self, items: Sequence[int]) -> list[int]:
        self.runs.append(list(items))
        self.go.wait(10)
        if -13 in items:
            raise ValueError("thirteen")
        return [item * 2 for item in items]


@pytest.fixture
def store(transactional_db: None) -> Iterator[StoreThreads]:
    """Threads that are closed in the end."""
    threads = StoreThreads(2)
    yield threads
    threads.close()


def test_what_comes_while_a_run_is_under_way_makes_the_next_run(store: StoreThreads) -> None:
    write = Writer()

    async def run() -> list[int]:
        first = asyncio.create_task(store.together(write, 1))
        while not write.runs:
            await asyncio.sleep(0.001)
        others = [asyncio.create_task(store.together(write, n)) for n in (2, 3, 4)]
        await asyncio.sleep(0)
        write.go.set()
        return list(await asyncio.gather(first, *others))

    assert asyncio.run(run()) == [2, 4, 6, 8]
    assert write.runs == [[1], [2, 3, 4]]


def test_much_is_written_on_several_threads_but_one_stays_free(transactional_db: None) -> None:
    write, store = Writer(), StoreThreads(4)

    async def run() -> list[int]:
        waiting = [asyncio.create_task(store.together(write, n)) for n in range(220)]
        while len(write.runs) < 3:
            await asyncio.sleep(0.001)
        free = await asyncio.wait_for(store(lambda: 7), 5)
        assert (free, len(write.runs)) == (7, 3)
        write.go.set()
        return list(await asyncio.gather(*waiting))

    try:
        assert asyncio.run(run()) == [n * 2 for n in range(220)]
    finally:
        store.close()
    assert max(map(len, write.runs)) <= 50
    assert sorted(item for run in write.runs for item in run) == list(range(220))


def test_what_comes_as_a_run_ends_is_not_forgotten(store: StoreThreads) -> None:
    write = Writer()
    write.go.set()

    async def run() -> list[int]:
        # Each is asked for as the task that wrote the one before ends.
        return [await store.together(write, n) for n in range(200, 260)]

    assert asyncio.run(asyncio.wait_for(run(), 20)) == [n * 2 for n in range(200, 260)]


def test_one_that_fails_fails_alone(store: StoreThreads) -> None:
    write = Writer()
    write.go.set()

    async def run() -> list[int | BaseException]:
        return list(
            await asyncio.gather(*(store.together(write, n) for n in (5, -13, 6)), return_exceptions=True)
        )

    five, thirteen, six = asyncio.run(run())
    assert (five, six) == (10, 12)
    assert isinstance(thirteen, ValueError)
    assert write.runs[0] == [5, -13, 6]


def test_who_gives_up_takes_nothing_from_the_others(store: StoreThreads) -> None:
    write = Writer()

    async def run() -> int:
        leaving = asyncio.create_task(store.together(write, 1))
        staying = asyncio.create_task(store.together(write, 2))
        while not write.runs:
            await asyncio.sleep(0.001)
        leaving.cancel()
        write.go.set()
        return await staying

    assert asyncio.run(run()) == 4


def test_functions_do_not_mix(store: StoreThreads) -> None:
    double, other = Writer(), Writer()
    double.go.set()
    other.go.set()

    async def run() -> tuple[int, int]:
        one, two = await asyncio.gather(store.together(double, 1), store.together(other, 2))
        return one, two

    assert asyncio.run(run()) == (2, 4)
    assert (double.runs, other.runs) == ([[1]], [[2]])


def test_what_blocks_for_long_runs_beside_the_loop_and_tells_how_it_ended() -> None:
    def fail() -> None:
        raise ValueError("thirteen")

    async def run() -> int:
        with pytest.raises(ValueError, match="thirteen"):
            await beside(fail)
        return await beside(max, 1, 3)

    assert asyncio.run(run()) == 3


def test_nobody_waits_at_the_end_for_what_still_blocks() -> None:
    ended, begun = threading.Event(), threading.Event()

    def block() -> bool:
        begun.set()
        return ended.wait(30)

    async def run() -> None:
        task = asyncio.create_task(beside(block))
        while not begun.is_set():
            await asyncio.sleep(0.001)
        task.cancel()

    asyncio.run(run())
    assert not ended.is_set()
    ended.set()  # and telling a loop that is closed is no error
