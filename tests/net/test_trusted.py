"""The operator's endpoint: reached whatever its address, and nothing besides it."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest

from daily8.net.trusted import Trusted, TrustedFailed
from tests.faults.server import SELF_SIGNED, FaultServer, Request, answer, drips, hangs, redirects, says

T = TypeVar("T")


@asynccontextmanager
async def endpoint(path: str = "", **options: Any) -> AsyncIterator[tuple[Trusted, FaultServer]]:
    async with (
        FaultServer() as server,
        Trusted(f"http://127.0.0.1:{server.port}{path}", **options) as trusted,
    ):
        yield trusted, server


def run(use: Callable[[Trusted, FaultServer], Awaitable[T]], path: str = "", **options: Any) -> T:
    async def inside() -> T:
        async with endpoint(path, **options) as (trusted, server):
            return await use(trusted, server)

    return asyncio.run(inside())


def test_the_endpoint_is_asked_below_its_path() -> None:
    async def use(trusted: Trusted, server: FaultServer) -> tuple[int, Any, Request]:
        server.extra["v1/embed"] = says(answer(200, b'{"ok": true}', "Set-Cookie: a=b"))
        got = await trusted.request("POST", "/embed?q=1", json={"a": "ä"}, headers={"Authorization": "k"})
        await trusted.request("GET", "embed")
        assert [request.header("Cookie") for request in server.requests] == [None, None]
        return got.status, json.loads(got.body), server.requests[0]

    status, body, asked = run(use, "/v1/", user_agent="Daily8/9")
    assert (status, body) == (200, {"ok": True})
    assert (asked.path, asked.header("Authorization"), asked.header("User-Agent")) == (
        "/v1/embed?q=1",
        b"k",
        b"Daily8/9",
    )


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_error_in_a_sentence(status: int) -> None:
    async def use(trusted: Trusted, server: FaultServer) -> tuple[str, int]:
        async with FaultServer() as other:
            server.extra["away"] = redirects(f"http://127.0.0.1:{other.port}/fine", status)
            server.extra["here"] = redirects("/fine", status)
            for path in ("away", "here"):
                with pytest.raises(TrustedFailed) as failure:
                    await trusted.request("POST", path, body=b"secret")
            return str(failure.value), other.connections

    text, reached = run(use)
    assert "sends us to another address" in text
    assert reached == 0


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "http://evil.example/",
        "https://127.0.0.1/",
        "../up",
        "a/../../up",
        "\\\\evil.example",
        "a\r\nX: 1",
        "a#b",
        "@evil.example/",
        ":1/",
        "ä",
    ],
)
def test_no_path_leads_away(path: str) -> None:
    async def use(trusted: Trusted, server: FaultServer) -> list[str]:
        try:
            await trusted.request("GET", path)
        except ValueError as error:
            assert "leads away" in str(error)  # noqa: PT017 - either is right
        return [request.path for request in server.requests]

    assert all(asked.startswith("/v1/") for asked in run(use, "/v1"))


@pytest.mark.parametrize("name", ["Host", "Content-Length", "Cookie", "X\r\nY", "User-Agent"])
def test_headers_are_checked(name: str) -> None:
    with pytest.raises(ValueError, match="header"):
        run(lambda trusted, server: trusted.request("GET", headers={name: "x"}))
    with pytest.raises(ValueError, match="control"):
        run(lambda trusted, server: trusted.request("GET", headers={"X-Key": "a\r\nb: c"}))


def test_lines_are_given_as_they_come() -> None:
    async def use(trusted: Trusted, server: FaultServer) -> list[str]:
        server.extra["stream"] = says(answer(200, b"", length=""), b"data: \xc3", b"\xa9\r\n", b"\n", b"end")
        return [line async for line in trusted.lines("POST", "stream", json={})]

    assert run(use) == ["data: é", "", "end"]


def test_a_slow_or_large_answer_is_broken_off() -> None:
    async def use(trusted: Trusted, server: FaultServer) -> list[tuple[str, bool]]:
        server.extra["drips"] = drips(answer(200, length=""), b"x\n", 0.05)
        server.extra["pours"] = drips(answer(200, length=""), b"x" * 1000, 0)
        server.extra["hangs"] = hangs
        found = []
        for path in ("drips", "pours", "hangs"):
            with pytest.raises(TrustedFailed) as failure:
                await trusted.request("GET", path, deadline=0.3)
            found.append((str(failure.value).partition(" ")[2], failure.value.passing))
        for path in ("drips", "pours", "not-found"):
            with pytest.raises(TrustedFailed):
                assert [line async for line in trusted.lines("GET", path, deadline=0.3)]
        return found

    assert run(use, limit=10_000) == [
        ("did not answer within 0.3 seconds.", True),
        ("answered with more than 10000 bytes.", False),
        ("did not answer within 0.3 seconds.", True),
    ]


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert run(lambda trusted, server: trusted.request("GET", "fine")).status == 200


def test_a_failure_tells_where_and_no_secret() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    async def ask() -> None:
        async with Trusted(f"http://user:hunter2@127.0.0.1:{port}/v1?".rstrip("?")) as trusted:
            await trusted.request("GET", "models", headers={"Authorization": "Bearer hunter2"})

    with pytest.raises(TrustedFailed) as failure:
        asyncio.run(ask())
    assert str(failure.value) == f"http://127.0.0.1:{port} cannot be reached; see whether it runs."
    assert Trusted("imaps://[2600::1]/").place == "imaps://[2600::1]:993"


@pytest.mark.parametrize(
    "url", ["", "ftp://a.example", "file:///x", "https://", "http://a:99999", "http://a:0", "http://a/?x"]
)
def test_what_names_no_endpoint_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="endpoint"):
        Trusted(url)


def test_mail_connects_to_its_own_place_only() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_server(("127.0.0.1", 0)) as other:
        port = server.getsockname()[1]
        trusted = Trusted(f"imap://127.0.0.1:{port}")
        with trusted.connect("127.0.0.1", port, timeout=2) as connection:
            assert connection.getpeername() == ("127.0.0.1", port)
        trusted.connect().close()
        other.settimeout(0.05)
        for host, wrong in (("127.0.0.1", other.getsockname()[1]), ("localhost", port), ("::1", port)):
            with pytest.raises(TrustedFailed, match="only place"):
                trusted.connect(host, wrong)
        with pytest.raises(TimeoutError):
            other.accept()


def test_a_certificate_nobody_vouches_for_is_refused() -> None:
    certificate = SELF_SIGNED[SELF_SIGNED.index("-----BEGIN CERT") :]

    async def ask(tls: ssl.SSLContext | None) -> None:
        async with FaultServer(tls=True) as server:
            async with Trusted(f"https://127.0.0.1:{server.port}", tls=tls) as web:
                with pytest.raises(TrustedFailed, match="certificate"):
                    await web.request("GET", "fine")
            mail = Trusted(f"imaps://127.0.0.1:{server.port}", tls=tls)
            with pytest.raises(TrustedFailed, match="certificate"):
                await asyncio.to_thread(mail.connect)

    asyncio.run(ask(None))
    asyncio.run(ask(ssl.create_default_context(cadata=certificate)))  # known, but of another name


def test_an_endpoint_is_used_inside_its_context() -> None:
    with pytest.raises(RuntimeError, match="context"):
        asyncio.run(Trusted("http://127.0.0.1:1").request("GET"))
    with pytest.raises(ValueError, match="not asked by HTTP"):
        run_mail()


def run_mail() -> None:
    async def ask() -> None:
        async with Trusted("imap://127.0.0.1:1") as mail:
            await mail.request("GET")

    asyncio.run(ask())
