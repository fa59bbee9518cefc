"""The manners of one fetch: what is sent, what is followed, what is read."""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import Any

import pytest

from daily8.net.egress import FEED_ACCEPT, Door, FailureCode, FetchFailed, Headers, Response
from daily8.net.guard import Egress
from daily8.net.pictures import fetch_picture
from daily8.net.robots import Robots
from tests.faults.server import FEED, SELF_SIGNED, FaultServer, answer, redirects, says
from tests.net.test_faults import outcome, with_faults

HOST = "http://a.faults.test"


def test_a_first_request_is_plain() -> None:
    async def use(door: Door, server: FaultServer) -> dict[str, bytes]:
        await door.fetch(f"{HOST}/fine?b=1&a=2#part")
        return dict(server.requests[0].headers) | {"path": server.requests[0].path.encode()}

    assert with_faults(use) == {
        "path": b"/fine?b=1&a=2",
        "Host": b"a.faults.test",
        "User-Agent": b"Daily8/0 (+https://daily8.test/bot)",
        "Accept": FEED_ACCEPT.encode(),
        "Accept-Encoding": b"gzip",
    }


def test_validators_are_echoed_byte_for_byte() -> None:
    async def use(door: Door, server: FaultServer) -> Response:
        first = await door.fetch(f"{HOST}/mirrors")
        assert first.status == 200
        return await door.fetch(
            f"{HOST}/mirrors", etag=first.headers["ETag"], last_modified=first.headers["last-modified"]
        )

    again = with_faults(use)
    assert (again.status, again.body) == (304, b"")
    assert "etag" in again.headers


def test_a_validator_that_cannot_be_echoed_is_not_kept() -> None:
    got = with_faults(lambda door, server: door.fetch(f"{HOST}/header-in-latin-1"))
    assert "etag" not in got.headers
    assert got.headers["x-name"] == "é"


@pytest.mark.parametrize("etag", ['"a"\r\nX-Injected: 1', '"a\x00b"', '"\udce9"'])
def test_a_validator_cannot_write_headers(etag: str) -> None:
    async def use(door: Door, server: FaultServer) -> list[str]:
        await door.fetch(f"{HOST}/fine", etag=etag)
        return [name for name, _ in server.requests[0].headers]

    assert with_faults(use) == ["Host", "User-Agent", "Accept", "Accept-Encoding"]


def test_an_address_cannot_write_headers() -> None:
    async def use(door: Door, server: FaultServer) -> list[str]:
        await door.fetch(f"{HOST}/fine?%0d%0aX-Injected:%201")
        with pytest.raises(FetchFailed):
            await door.fetch(f"{HOST}/fine\r\nX-Injected: 1")
        return [request.path for request in server.requests]

    assert with_faults(use) == ["/fine?%0d%0aX-Injected:%201"]


def test_redirects_are_told_and_bounded() -> None:
    async def use(door: Door, server: FaultServer) -> tuple[Response, list[str]]:
        last = await door.fetch(f"{HOST}/hops?5")
        before = len(server.requests)
        with pytest.raises(FetchFailed) as failure:
            await door.fetch(f"{HOST}/hops?6")
        assert failure.value.code == "redirects"
        assert len(server.requests) == before + 6
        return last, [request.path for request in server.requests[:6]]

    last, paths = with_faults(use)
    assert last.url == f"{HOST}/hops?0"
    assert last.hops == tuple((301, f"{HOST}/hops?{n}") for n in (5, 4, 3, 2, 1))
    assert paths == [f"/hops?{n}" for n in (5, 4, 3, 2, 1, 0)]


def test_no_cookie_and_no_referer_ever() -> None:
    async def use(door: Door, server: FaultServer) -> list[str]:
        await door.fetch(f"{HOST}/cookies")
        await door.fetch(f"{HOST}/fine")
        return [name.lower() for request in server.requests for name, _ in request.headers]

    sent = with_faults(use)
    assert "user-agent" in sent
    assert not {"cookie", "referer", "authorization", "range"} & set(sent)


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert with_faults(lambda door, server: door.fetch(f"{HOST}/fine")).body == FEED


def test_a_long_body_is_cut_where_asked() -> None:
    async def use(door: Door, server: FaultServer) -> tuple[Response, Response]:
        plain = await door.fetch(f"{HOST}/too-big-streamed", limit=1000, cut=True)
        packed = await door.fetch(f"{HOST}/bomb", limit=1_000_000, cut=True)
        return plain, packed

    plain, packed = with_faults(use)
    assert plain.body == b"x" * 1000
    assert packed.body == bytes(1_000_000)


def test_a_body_of_just_the_limit_passes() -> None:
    got = with_faults(lambda door, server: door.fetch(f"{HOST}/gzip", limit=len(FEED)))
    assert got.body == FEED
    with pytest.raises(FetchFailed, match="larger than"):
        with_faults(lambda door, server: door.fetch(f"{HOST}/gzip", limit=len(FEED) - 1))


def test_headers_in_any_case_and_joined() -> None:
    headers = Headers([("Cache-Control", "max-age=1"), ("cache-control", "public"), ("X", "y")])
    assert headers["CACHE-CONTROL"] == "max-age=1, public"
    assert dict(headers) == {"cache-control": "max-age=1, public", "x": "y"}
    assert "x" in headers
    assert headers.get("no") is None


def test_a_certificate_nobody_vouches_for_is_refused() -> None:
    async def run(tls: ssl.SSLContext | None, host: str) -> Response:
        async with FaultServer(tls=True) as server:
            egress = Egress(hosts={"*.faults.test": ("127.0.0.1", server.port)})
            async with Door(egress, "Daily8/0", tls=tls) as door:
                return await door.fetch(f"https://{host}.faults.test/fine")

    certificate = SELF_SIGNED[SELF_SIGNED.index("-----BEGIN CERT") :]
    trusting = ssl.create_default_context(cadata=certificate)
    assert asyncio.run(run(trusting, "self-signed")).body == FEED
    for tls, host in ((None, "self-signed"), (trusting, "wrong-host")):
        with pytest.raises(FetchFailed) as failure:
            asyncio.run(run(tls, host))
        assert failure.value.code == "tls"


def test_names_that_lead_nowhere_and_ports_that_are_shut() -> None:
    async def no_such_name(host: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "none")

    async def run() -> list[Any]:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        egress = Egress(hosts={"shut.test": ("127.0.0.1", port)})
        codes = []
        async with Door(egress, "Daily8/0", lookup=no_such_name) as door:
            for url in ("http://shut.test/", "http://nowhere.example/"):
                with pytest.raises(FetchFailed) as failure:
                    await door.fetch(url)
                codes.append((failure.value.code, failure.value.passing))
        return codes

    assert asyncio.run(run()) == [("refused", True), ("dns", True)]


def test_an_opened_private_place_is_reached_and_no_other() -> None:
    async def here(host: str) -> list[str]:
        return ["127.0.0.1"]

    async def run() -> tuple[list[bytes], list[FailureCode], int]:
        async with FaultServer() as server, FaultServer() as other:
            server.extra["away"] = says(answer(302, b"", f"Location: http://127.0.0.1:{other.port}/fine"))
            private = frozenset({("127.0.0.1", server.port), ("wiki.lan", server.port)})
            async with Door(Egress(private=private), "Daily8/0", lookup=here) as door:
                bodies = [
                    (await door.fetch(f"http://{host}:{server.port}/fine", inside=True)).body
                    for host in ("127.0.0.1", "wiki.lan")
                ]
                codes = []
                for url in (
                    f"http://127.0.0.1:{other.port}/fine",
                    f"http://wiki.lan:{other.port}/fine",
                    f"http://localhost:{server.port}/fine",
                    f"http://127.0.0.1:{server.port}/away",
                ):
                    with pytest.raises(FetchFailed) as failure:
                        await door.fetch(url, inside=True)
                    codes.append(failure.value.code)
                return bodies, codes, other.connections

    assert asyncio.run(run()) == ([FEED, FEED], ["blocked"] * 4, 0)


def test_no_stranger_leads_to_an_opened_private_place() -> None:
    async def here(host: str) -> list[str]:
        return ["127.0.0.1"]

    async def run() -> tuple[list[FailureCode], list[str], bytes]:
        async with FaultServer() as server, FaultServer() as wiki, FaultServer() as disk:
            inside = f"http://wiki.lan:{wiki.port}"
            server.extra["in"] = redirects(f"{inside}/fine", 302)
            wiki.extra["on"] = redirects(f"http://disk.lan:{disk.port}/fine", 302)
            wiki.extra["out"] = redirects("http://a.test/in", 302)
            private = frozenset({("wiki.lan", wiki.port), ("disk.lan", disk.port)})
            egress = Egress({"a.test": ("127.0.0.1", server.port)}, private)
            async with Door(egress, "Daily8/0", lookup=here) as door:
                assert (door.private(inside), door.private("http://a.test/in")) == (
                    ("wiki.lan", wiki.port),
                    None,
                )
                calls = [
                    door.fetch(f"{inside}/fine"),
                    door.fetch("http://a.test/in"),
                    door.fetch("http://a.test/in", inside=True),
                    door.post(f"{inside}/fine", body=b"", content_type="text/plain"),
                    fetch_picture(door, f"{inside}/fine"),
                ]
                codes = [end.code for call in calls if isinstance(end := await outcome(call), FetchFailed)]
                end = await outcome(door.fetch(f"{inside}/out", inside=True))
                codes += [end.code] if isinstance(end, FetchFailed) else []
                assert await Robots(door).allowed(f"{inside}/x"), "the page itself is refused"
                onward = await door.fetch(f"{inside}/on", inside=True)
            asked = [request.path for request in wiki.requests]
            return codes, asked, onward.body

    assert asyncio.run(run()) == (["blocked"] * 6, ["/out", "/on"], FEED)


def test_a_door_is_used_inside_its_context() -> None:
    async def run() -> None:
        await Door(Egress(hosts={"a.test": ("127.0.0.1", 1)}), "Daily8/0").fetch("http://a.test/")

    with pytest.raises(RuntimeError, match="context"):
        asyncio.run(run())
