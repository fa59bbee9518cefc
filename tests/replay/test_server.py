"""The server: HTTP on loopback, its log, its clock, its end."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from daily8.replay.server import ReplayServer, read_request, serve
from tests.replay.rows import NOW, corpus, row

LIGHT, DARK = "light.replay.test", "dark.replay.test"


@pytest.fixture
def server() -> Iterator[ReplayServer]:
    with ReplayServer(corpus(row(1, publisher="light"), row(2, publisher="dark")), now=NOW) as running:
        yield running


def ask(
    server: ReplayServer, path: str, host: str = LIGHT, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request(
            method, path, headers={"Host": host, **{k.replace("_", "-"): v for k, v in headers.items()}}
        )
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def raw(server: ReplayServer, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(data)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b""))


def test_it_serves_publishers_by_their_names(server: ReplayServer) -> None:
    assert server.hosts_map == f"*.replay.test=127.0.0.1:{server.port}"
    assert (
        server.feeds == tuple(f"http://{h}:{server.port}/feed.xml" for h in (LIGHT, DARK))
        or len(server.feeds) == 2
    )
    response, body = ask(server, "/a/n1")
    assert response.status == 200
    assert b"The first paragraph." in body
    assert ask(server, "/a/n1", DARK)[0].status == 404
    response, body = ask(server, "/", "nobody.replay.test")
    assert (response.status, body) == (404, b"No publisher of this replay has the host nobody.replay.test.\n")


def test_head_gives_the_head_alone(server: ReplayServer) -> None:
    head, nothing = ask(server, "/feed.xml", method="HEAD")
    full, body = ask(server, "/feed.xml")
    assert nothing == b""
    bare = raw(server, f"HEAD /feed.xml HTTP/1.1\r\nHost: {LIGHT}\r\nConnection: close\r\n\r\n".encode())
    assert bare.endswith(b"\r\n\r\n")
    assert int(head.headers["Content-Length"]) == len(body)
    assert head.headers["ETag"] == full.headers["ETag"]


def test_other_methods_are_refused_in_a_sentence(server: ReplayServer) -> None:
    response, body = ask(server, "/feed.xml", method="POST")
    assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD")
    assert body == b"A replay is only read: use GET or HEAD.\n"


def test_the_log_counts_by_host_path_and_condition(server: ReplayServer) -> None:
    etag = ask(server, "/feed.xml", User_Agent="Tester/1")[0].headers["ETag"]
    assert ask(server, "/feed.xml", If_None_Match=etag)[0].status == 304
    ask(server, "/robots.txt", DARK)
    log = server.log
    assert log.count() == 3
    assert log.count(LIGHT) == 2
    assert log.count(LIGHT, "/feed.xml", status=304, conditional=True) == 1
    assert log.count(conditional=False) == 2
    assert log.last[0].agent == "Tester/1"
    assert len(log.gaps(LIGHT)) == 1
    log.clear()
    assert log.count() == 0


def test_the_log_sees_what_is_asked_at_once() -> None:
    with ReplayServer(corpus(row(1, publisher="light")), now=NOW, latency=0.2) as server:
        threads = [threading.Thread(target=ask, args=(server, "/")) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ask(server, "/robots.txt")
        assert server.log.most_at_once(LIGHT) == 3
        assert server.log.most_at_once(DARK) == 0


def test_a_connection_serves_many_requests_even_sent_together(server: ReplayServer) -> None:
    one = f"GET /robots.txt HTTP/1.1\r\nHost: {LIGHT}\r\n\r\n".encode()
    assert raw(server, one * 3).count(b"HTTP/1.1 200 OK") == 3


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\r\n\r\n",
        b"GET / HTTP/3.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost light\r\n\r\n",
        b"GET  / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n Host: light\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused(server: ReplayServer, data: bytes) -> None:
    assert raw(server, data).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("data", [b"", b"GET / HT", b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n"])
def test_what_never_becomes_a_request_ends_in_silence(server: ReplayServer, data: bytes) -> None:
    with contextlib.suppress(ConnectionResetError):
        assert raw(server, data) == b""
    assert ask(server, "/")[0].status == 200


def test_requests_in_absolute_form_and_of_the_old_version() -> None:
    request = read_request(b"GET http://light.replay.test:80/x?y HTTP/1.1\r\nHost: other\r\n\r\n")
    assert request is not None
    assert (request.host, request.path, request.stays) == ("light.replay.test:80", "/x?y", True)
    old = read_request(b"GET / HTTP/1.0\r\n\r\n")
    assert old is not None
    assert (old.host, old.stays) == ("", False)


def test_the_clock_lets_articles_appear() -> None:
    rows = [row(n, publisher="light", published=f"+{n * 40}m") for n in range(3)]
    with ReplayServer(corpus(*rows), speed=36_000, now=NOW) as server:
        deadline = time.monotonic() + 20
        while ask(server, "/a/n2")[0].status != 200:
            assert time.monotonic() < deadline
        assert server.time >= NOW + timedelta(minutes=80)


def test_addresses_can_do_without_a_port() -> None:
    with ReplayServer(corpus(row(1, publisher="light")), now=NOW, public_port=80) as server:
        assert server.feeds == ("http://light.replay.test/feed.xml",)
        assert str(server.port) in server.hosts_map
        assert b"http://light.replay.test/a/n1" in ask(server, "/feed.xml")[1]
        assert "http://light.replay.test/feed.xml" in server.opml


def test_a_port_in_use_is_an_error_of_the_caller(server: ReplayServer) -> None:
    with pytest.raises(OSError, match="in use"), ReplayServer(corpus(row(1)), server.port):
        pass


def test_it_answers_on_loopback_alone_and_stops(server: ReplayServer) -> None:
    with ReplayServer(corpus(row(1)), now=NOW) as other:
        port = other.port
        idle = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        idle.request("GET", "/status")
        idle.getresponse().read()
    assert idle.sock.recv(1) == b""
    idle.close()
    late = socket.socket()
    with late, pytest.raises(ConnectionRefusedError):
        late.connect(("127.0.0.1", port))


def test_serve_tells_when_it_is_ready(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(
        '{"id": "1", "publisher": "light", "title": "T", "time": "2026-01-01T00:00:00Z"}\nbroken\n'
    )
    seen: list[int] = []

    def ready(server: ReplayServer) -> None:
        seen.append(ask(server, "/a/1")[0].status)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        serve(file, ready=ready)
    assert seen == [200]
