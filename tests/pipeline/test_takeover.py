"""Workers side by side, dead, and asked to stop: nothing is lost, nothing is done twice."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection

from daily8.pipeline import fetch, polls
from daily8.pipeline.threads import StoreThreads
from daily8.replay.server import ReplayServer
from daily8.store import hosts
from daily8.store.hosts import DuePoll, Fenced
from daily8.store.models import Article, Errand, Fetch, Host, Poll
from tests.faults.server import FaultServer
from tests.pipeline.conftest import NOW, Line, row

pytestmark = pytest.mark.django_db(transaction=True)

PUBLISHERS = ("harbour-post", "hill-gazette", "dune-wire", "river-times")


def town(line: Callable[..., Line], **options: float) -> Line:
    """Make a line to four publishers with three articles each."""
    there = line([row(n, name) for name in PUBLISHERS for n in (1, 2, 3)], **options)
    there.subscribe()
    return there


def assert_all_is_done_once(server: ReplayServer) -> None:
    assert Article.objects.count() == 12
    assert not Errand.objects.exclude(verdict=Errand.Verdict.DONE).exists()
    assert not Host.objects.exclude(claim_token=None).exists()
    for name in PUBLISHERS:
        host = f"{name}.replay.test"
        assert server.log.most_at_once(host) == 1, host
        asked = [seen.path for seen in server.log.last if seen.host == host and seen.path != "/robots.txt"]
        assert len(asked) == len(set(asked)), asked


def test_two_workers_share_hosts_and_none_is_asked_by_both(line: Callable[..., Line]) -> None:
    there = town(line, latency=0.02)

    async def worker() -> int:
        store = StoreThreads(2)
        try:
            async with there.world() as world:
                return await fetch.drain(world, store, asyncio.Event(), most=1)
        finally:
            await asyncio.to_thread(store.close)

    async def both() -> tuple[int, int]:
        return await asyncio.gather(worker(), worker())

    assert all(served > 0 for served in asyncio.run(both()))
    assert_all_is_done_once(there.server)


def test_two_processes_share_hosts_and_none_is_asked_by_both(line: Callable[..., Line]) -> None:
    there = town(line, latency=0.02)
    described = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT", "dbname": "NAME"}
    given = {name: connection.settings_dict[key] for name, key in described.items()}
    variables = {
        **os.environ,
        "DATABASE_URL": f"postgresql:///?{urlencode({k: v for k, v in given.items() if v})}",
        "DAILY8_EGRESS_HOSTS": there.server.hosts_map,
        "DAILY8_SPEED": "1000",
        "DAILY8_CAGE_WORKERS": "1",
    }
    command = [sys.executable, "-m", "daily8", "work", "--once"]
    workers = [subprocess.Popen(command, env=variables, stderr=subprocess.PIPE) for _ in range(2)]
    said = [worker.communicate(timeout=90)[1].decode() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], said
    assert_all_is_done_once(there.server)


def test_what_a_dead_worker_held_is_taken_over_after_the_lease(line: Callable[..., Line]) -> None:
    there = town(line)
    held = hosts.claim(NOW, lease=fetch.LEASE)  # and is heard of no more
    assert len(held) == 4
    there.moment = NOW + fetch.LEASE - timedelta(seconds=1)
    assert there.drain() == 0
    assert there.server.log.count() == 0
    there.moment = NOW + fetch.LEASE
    assert there.drain() >= 4
    assert_all_is_done_once(there.server)


def test_a_worker_that_was_thought_dead_writes_nothing(line: Callable[..., Line]) -> None:
    there = town(line)
    late = hosts.claim(NOW, lease=timedelta(seconds=1))[0]
    there.moment = NOW + timedelta(seconds=1)
    there.drain()
    before = (Fetch.objects.count(), list(Poll.objects.order_by("source_id").values()))
    (due,) = late.due
    assert isinstance(due, DuePoll)

    async def write() -> None:
        store = StoreThreads(2)
        try:
            async with there.world() as world:
                await polls.poll(world, store, late, due, lease=fetch.LEASE)
        finally:
            await asyncio.to_thread(store.close)

    with pytest.raises(Fenced):
        asyncio.run(write())
    assert (Fetch.objects.count(), list(Poll.objects.order_by("source_id").values())) == before
    assert Article.objects.count() == 12


def test_a_worker_that_is_asked_to_stop_does_not_wait_for_a_slow_site(line: Callable[..., Line]) -> None:
    there = line([row(1)])
    there.subscribe(["http://slow.bad.test/hangs"])

    async def stopped() -> None:
        store, stopping = StoreThreads(2), asyncio.Event()
        async with FaultServer() as server:
            there.egress = {"slow.bad.test": ("127.0.0.1", server.port)}
            try:
                async with there.world() as world, asyncio.timeout(world.manners.deadline / 2):
                    work = asyncio.create_task(fetch.drain(world, store, stopping))
                    while not server.requests:
                        await asyncio.sleep(0.01)
                    stopping.set()
                    await work
            finally:
                await asyncio.to_thread(store.close)

    asyncio.run(stopped())
    assert Fetch.objects.count() == 0
    host = Host.objects.get()
    assert host.claim_token is None
    assert host.next_at == NOW  # it stays due, and nothing is lost
