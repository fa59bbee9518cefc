"""Every behaviour of the fault server, and what comes of it."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import Coroutine
from typing import Any

import pytest

from daily8.net.egress import Door, FailureCode, FetchFailed, Response
from daily8.net.guard import Egress
from tests.faults.server import ANSWERS, BEHAVIOURS, FEED, FaultServer

# Behaviour -> the body of a good answer, its status, or the code of the failure.
FAST: dict[str, bytes | int | FailureCode] = {
    "fine": FEED,
    "mirrors": FEED,
    "stays-open": FEED,
    "answers-twice": FEED,
    "closes-when-asked-again": FEED,
    "gzip": FEED,
    "gzip-in-bytes": FEED,
    "gzip-of-two-members": FEED,
    "gzip-with-rubbish": FEED,
    "gzip-that-is-plain": FEED,
    "gzip-cut-short": "cut-off",
    "gzip-damaged": "bad-response",
    "gzip-twice-named": "bad-response",
    "gzip-in-gzip": 200,
    "deflate": FEED,
    "deflate-raw": FEED,
    "brotli-unasked": "bad-response",
    "zstd-unasked": "bad-response",
    "bomb": "too-big",
    "bomb-in-bomb": 200,
    "bomb-twice-named": "bad-response",
    "bomb-on-redirect": FEED,
    "bomb-of-members": 200,
    "bomb-of-brotli": "bad-response",
    "bomb-of-zstd": "bad-response",
    "bomb-of-brotli-on-redirect": FEED,
    "bomb-of-zstd-on-redirect": FEED,
    "bomb-on-not-found": 404,
    "encoding-of-no-name": FEED,
    "too-big-stated": "too-big",
    "too-big-streamed": "too-big",
    "endless-chunks": "too-big",
    "huge-chunk-size": "cut-off",
    "bad-chunk-size": "bad-response",
    "chunk-size-of-a-megabyte": "bad-response",
    "chunks-without-an-end": "cut-off",
    "chunks-with-a-long-trailer": "bad-response",
    "length-and-chunks": "bad-response",
    "length-too-long": "cut-off",
    "length-too-short": "bad-response",
    "length-negative": "bad-response",
    "length-twice": "bad-response",
    "length-in-words": "bad-response",
    "length-in-arabic": "bad-response",
    "no-length": FEED,
    "empty": "cut-off",
    "empty-200": 200,
    "http-0.9": "bad-response",
    "http-9.9": "bad-response",
    "not-http": "bad-response",
    "status-999": 999,
    "status-42": "bad-response",
    "long-header": "bad-response",
    "many-headers": "bad-response",
    "header-without-a-name": "bad-response",
    "header-with-nul": "bad-response",
    "header-in-latin-1": 200,
    "switches-protocols": "bad-response",
    "early-hints": FEED,
    "floods-100": "bad-response",
    "resets": "cut-off",
    "resets-at-once": "cut-off",
    "redirects-to-itself": "redirects",
    "redirects-in-a-ring": "redirects",
    "redirects-in-a-ring-2": "redirects",
    "redirects-without-end": "redirects",
    "redirects-to-file": "bad-address",
    "redirects-to-script": "bad-address",
    "redirects-to-sentinel": "blocked",
    "redirects-to-metadata": "blocked",
    "redirects-to-a-user": "bad-address",
    "redirects-with-a-split": 404,
    "redirects-to-nothing": 302,
    "redirects-nowhere": 302,
    "hops": FEED,
    "not-found": 404,
    "server-error": 500,
    "throttles": 429,
    "cookies": FEED,
}
SLOW: dict[str, FailureCode] = {
    "hangs": "timeout",
    "half-closed": "cut-off",
    "whole-then-open": "too-slow",
    "drips-status": "timeout",
    "drips-headers": "timeout",
    "drips-body": "too-slow",
    "drips-chunks": "too-slow",
}
PATHS = {"hops": "hops?5"}


def with_faults(use: Any) -> Any:
    """Run ``use(door, server)`` in a loop of its own."""

    async def run() -> Any:
        async with FaultServer() as server:
            egress = Egress(hosts={"*.faults.test": ("127.0.0.1", server.port)})
            async with Door(egress, "Daily8/0 (+https://daily8.test/bot)") as door:
                return await use(door, server)

    return asyncio.run(run())


async def outcome(call: Coroutine[Any, Any, Response]) -> Response | FetchFailed:
    try:
        return await call
    except FetchFailed as failure:
        return failure


def test_every_behaviour_has_an_expected_end() -> None:
    told = set(FAST) | set(SLOW)
    assert set(BEHAVIOURS) <= told <= set(BEHAVIOURS | ANSWERS)


@pytest.mark.parametrize("name", FAST)
def test_fault(name: str) -> None:
    url = f"http://a.faults.test/{PATHS.get(name, name)}"
    got = with_faults(lambda door, server: outcome(door.fetch(url)))
    expected = FAST[name]
    if isinstance(expected, str):
        assert isinstance(got, FetchFailed), got
        assert got.code == expected
    else:
        assert isinstance(got, Response), repr(got)
        if isinstance(expected, bytes):
            assert (got.status, got.body) == (200, expected)
        else:
            assert got.status == expected
            assert got.body == b"" or got.status == 200


def test_slow_servers_do_not_hold_us() -> None:
    async def all_at_once(door: Door, server: FaultServer) -> dict[str, FailureCode | None]:
        calls = [outcome(door.fetch(f"http://{name}.faults.test/{name}", deadline=7)) for name in SLOW]
        ends = await asyncio.wait_for(asyncio.gather(*calls), 15)
        healthy = await door.fetch("http://healthy.faults.test/fine")
        assert healthy.body == FEED
        return {
            name: end.code if isinstance(end, FetchFailed) else None
            for name, end in zip(SLOW, ends, strict=True)
        }

    assert with_faults(all_at_once) == SLOW


def test_bombs_do_not_grow_us() -> None:
    async def peak(door: Door, name: str, limit: int) -> int:
        tracemalloc.start()
        await outcome(door.fetch(f"http://a.faults.test/{name}", limit=limit))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    async def throw(door: Door, server: FaultServer) -> None:
        for name in (name for name in BEHAVIOURS if name.startswith("bomb")):
            assert await peak(door, name, 5_000_000) < 16 << 20, name
        assert await peak(door, "bomb", 100_000_000) > 64 << 20, "the measure sees a bomb that goes off"

    with_faults(throw)


def test_failures_tell_people_and_hide_the_machine() -> None:
    async def fail(door: Door, server: FaultServer) -> list[str]:
        names = [name for name, end in FAST.items() if isinstance(end, str)]
        ends = [await outcome(door.fetch(f"http://a.faults.test/{name}")) for name in names]
        texts = [str(end) for end in ends]
        assert all(str(server.port) not in text and "127." not in text for text in texts)
        return texts

    for text in with_faults(fail):
        assert text[0].isupper()
        assert text.endswith(".")
        assert len(text) < 130
        assert "Error" not in text


@pytest.mark.parametrize("name", ["empty", "resets-at-once"])
def test_what_a_server_broke_off_is_not_asked_again_at_once(name: str) -> None:
    async def ask(door: Door, server: FaultServer) -> None:
        assert isinstance(await outcome(door.fetch(f"http://a.faults.test/{name}")), FetchFailed)
        assert len(server.requests) == 1

    with_faults(ask)


def test_a_kept_connection_that_its_server_closes_is_replaced() -> None:
    async def ask(door: Door, server: FaultServer) -> None:
        for _ in range(3):
            got = await door.fetch("http://a.faults.test/closes-when-asked-again")
            assert got.body == FEED
        assert server.connections == 3

    with_faults(ask)
