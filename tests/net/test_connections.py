"""What a server says besides what it tells: bounded, on every connection."""

from __future__ import annotations

import asyncio
import ssl

import aiohttp
import pytest

from daily8.net.connections import ASKING, Asking, open_public, trust
from daily8.net.crowding import Crowding
from daily8.net.egress import Door, FetchFailed
from daily8.net.guard import Blocked, Egress
from tests.faults.server import FEED, Behaviour, FaultServer, drips, says
from tests.net.elsewhere import lead
from tests.net.test_faults import with_faults

_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
_ENDLESS: dict[str, Behaviour] = {
    "chunks of a byte": drips(_CHUNKED, b"1\r\nx\r\n" * 10_000, 0),
    "extensions of a chunk": drips(_CHUNKED, b"1;" + b"x=y;" * 16_000, 0),
    "interim answers": drips(b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 4000, 0),
    "status line": drips(b"HTTP/1.1 200 ", b"x" * 65_536, 0),
    "trailers": drips(_CHUNKED + b"0\r\n", b"X-A: b\r\n" * 8000, 0),
}


@pytest.mark.parametrize("name", _ENDLESS)
def test_more_framing_than_content_is_broken_off(name: str) -> None:
    async def use(door: Door, server: FaultServer) -> tuple[str, bytes]:
        server.extra["endless"] = _ENDLESS[name]
        with pytest.raises(FetchFailed) as failure:
            await asyncio.wait_for(door.fetch("http://a.faults.test/endless", deadline=600), 60)
        return failure.value.code, (await door.fetch("http://a.faults.test/fine")).body

    assert with_faults(use) == ("bad-response", FEED)


def test_honest_small_chunks_are_read() -> None:
    body = b"<rss>" + b"x" * 400_000
    pieces = [body[at : at + 16] for at in range(0, len(body), 16)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)

    async def use(door: Door, server: FaultServer) -> bytes:
        server.extra["small"] = says(_CHUNKED + chunks + b"0\r\n\r\n")
        return (await door.fetch("http://a.faults.test/small")).body

    assert with_faults(use) == body


def test_framing_is_counted_for_one_answer() -> None:
    """A connection that is kept serves many answers; what one of them cost is not held against the next."""

    async def run() -> int:
        head = "".join(f"X-{n}: {'x' * 5000}\r\n" for n in range(4))
        reply = f"HTTP/1.1 200 OK\r\n{head}Content-Length: 2\r\n\r\nok".encode()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(reply)

        async def quietly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            opened.append(1)
            try:
                await serve(reader, writer)
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()

        opened: list[int] = []
        server = await asyncio.start_server(quietly, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, Door(Egress(hosts={"a.faults.test": ("127.0.0.1", port)}), "Daily8/0") as door:
            for _ in range(60):
                await door.fetch("http://a.faults.test/heads")
        return len(opened)

    assert asyncio.run(run()) == 1


def test_a_kept_connection_to_elsewhere_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name led to one network, and leads to another now: the request counts where it goes."""

    async def ask(session: aiohttp.ClientSession, crowding: Crowding, address: str, port: int) -> bytes:
        place = await crowding.place([address])
        asking = ASKING.set(Asking(place))
        try:
            async with session.get(f"http://moves.example:{port}/stays-open") as got:
                return await got.read()
        finally:
            ASKING.reset(asking)
            place.leave()

    async def run() -> list[str]:
        async with FaultServer() as server:
            tried = lead(monkeypatch, {"8.8.8.8": server.port, "9.9.9.9": server.port})
            egress, crowding = Egress(ports=frozenset({server.port})), Crowding(1)
            async with open_public(egress, connections=4, tls=trust()) as session:
                for address in ("8.8.8.8", "8.8.8.8", "9.9.9.9", "9.9.9.9"):
                    assert await ask(session, crowding, address, server.port) == FEED
            return tried

    assert asyncio.run(run()) == ["8.8.8.8", "9.9.9.9"]


def test_who_holds_no_place_finds_no_address() -> None:

    async def run() -> None:
        async with FaultServer() as server:
            egress = Egress(ports=frozenset({server.port}))
            async with open_public(egress, connections=1, tls=trust()) as session:
                with pytest.raises((Blocked, aiohttp.ClientConnectorError)):
                    await session.get(f"http://nobody.example:{server.port}/")
            assert server.connections == 0

    asyncio.run(run())


def test_sites_are_trusted_by_their_certificate_and_tls_1_2() -> None:
    context = trust()
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
