"""Sending through the door: to one address, with headers that are checked."""

from __future__ import annotations

import asyncio

import pytest

from daily8.net.egress import Door, FetchFailed, Response
from daily8.net.guard import Egress
from tests.faults.server import FaultServer, Request, answer, redirects, says
from tests.net.test_faults import with_faults

HOST = "http://a.faults.test"
FORM = "application/x-www-form-urlencoded"


def test_what_is_posted_arrives_as_it_is() -> None:
    async def use(door: Door, server: FaultServer) -> tuple[Response, dict[str, bytes]]:
        server.extra["hub"] = says(answer(202, b"taken"))
        got = await door.post(
            f"{HOST}/hub?x=1", body=b"hub.mode=subscribe", content_type=FORM, headers={"X-Hub": "sha256=1"}
        )
        return got, dict(server.requests[0].headers)

    got, sent = with_faults(use)
    assert (got.status, got.body, got.hops) == (202, b"taken", ())
    assert sent == {
        "Host": b"a.faults.test",
        "User-Agent": b"Daily8/0 (+https://daily8.test/bot)",
        "Accept": b"*/*",
        "Accept-Encoding": b"gzip",
        "Content-Type": FORM.encode(),
        "X-Hub": b"sha256=1",
        "Content-Length": b"18",
    }


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("to", ["/fine", "http://b.faults.test/fine", "http://127.0.0.1:{port}/fine"])
def test_a_post_is_never_sent_on(status: int, to: str) -> None:
    async def use(door: Door, server: FaultServer) -> tuple[str, bool, int]:
        server.extra["away"] = redirects(to, status)
        with pytest.raises(FetchFailed) as failure:
            await door.post(f"{HOST}/away", body=b"secret", content_type=FORM)
        assert "at another address" in str(failure.value)
        return failure.value.code, failure.value.passing, len(server.requests)

    assert with_faults(use) == ("sent-on", False, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-A", "a\r\nX-B: c"),
        ("X-A", "a\x00"),
        ("X-A", "\udc00"),
        ("X-A", "x" * 9000),
        ("X-A\r\nX-B", "c"),
        ("X A", "c"),
        ("", "c"),
        ("Host", "127.0.0.1"),
        ("content-length", "3"),
        ("Transfer-Encoding", "chunked"),
        ("Cookie", "a=b"),
        ("Referer", "https://a.example/"),
        ("Proxy-Authorization", "x"),
        ("User-Agent", "Mozilla/5.0"),
    ],
)
def test_a_header_that_cannot_be_sent_is_refused(name: str, value: str) -> None:
    async def use(door: Door, server: FaultServer) -> int:
        with pytest.raises(ValueError, match="header"):
            await door.post(f"{HOST}/fine", body=b"", content_type=FORM, headers={name: value})
        with pytest.raises(ValueError, match="header"):
            await door.post(f"{HOST}/fine", body=b"", content_type="text/plain\r\nX-A: b")
        return len(server.requests)

    assert with_faults(use) == 0


def test_the_answer_to_a_post_is_bounded() -> None:
    async def use(door: Door, server: FaultServer) -> list[str]:
        codes: list[str] = []
        for name in ("bomb", "too-big-streamed", "hangs"):
            with pytest.raises(FetchFailed) as failure:
                await door.post(f"{HOST}/{name}", body=b"", content_type=FORM, deadline=0.5)
            codes.append(failure.value.code)
        return codes

    assert with_faults(use) == ["too-big", "too-big", "timeout"]


def test_a_password_is_for_one_origin_only() -> None:
    def seen(requests: list[Request]) -> list[tuple[bytes | None, bytes | None]]:
        return [(request.header("Host"), request.header("Authorization")) for request in requests]

    async def run() -> None:
        async with FaultServer() as server:
            server.extra["near"] = redirects("/far")
            server.extra["far"] = redirects("http://b.faults.test/back")
            server.extra["back"] = redirects("http://a.faults.test/fine")
            hosts = {"*.faults.test": ("127.0.0.1", server.port)}
            async with Door(Egress(hosts=hosts), "Daily8/0") as door:
                await door.fetch(f"{HOST}/near", authorization="Bearer key")
                assert seen(server.requests) == [
                    (b"a.faults.test", b"Bearer key"),
                    (b"a.faults.test", b"Bearer key"),
                    (b"b.faults.test", None),
                    (b"a.faults.test", None),
                ]
                server.requests.clear()
                server.extra["port"] = redirects("http://a.faults.test:8080/fine")
                await door.fetch(f"{HOST}/port", authorization="Bearer key")
                assert seen(server.requests)[1] == (b"a.faults.test:8080", None)
                with pytest.raises(ValueError, match="header"):
                    await door.fetch(f"{HOST}/fine", authorization="a\r\nb: c")

    asyncio.run(run())
