"""``daily8 run`` as its operator lives with it: started, stopped, killed, started again."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from daily8.store import engine
from tests.cli.conftest import environment

PATIENCE = 90.0
"""Seconds after which a start or an end has failed; on an idle machine each takes a few."""


class Service:
    """A running ``daily8 run``."""

    def __init__(self, folder: Path, port: int, *words: str, **settings: str) -> None:
        self.port = port
        self.said = folder / f"said-{time.monotonic_ns()}"
        command = [sys.executable, "-m", "daily8", "run", "--port", str(port), *words]
        with self.said.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                env=environment(folder / "data", DAILY8_CAGE_WORKERS="1", **settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.wait_for(lambda: self.status("/readyz") == 200)

    def wait_for(self, holds: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not holds():
            assert self.process.poll() is None, self.said.read_text()
            assert time.monotonic() < until, self.said.read_text()
            time.sleep(0.1)

    def status(self, path: str) -> int:
        """Give the status of a page; 0 where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def child(self, name: str) -> int | None:
        """Give the process ``web`` or ``work``."""
        own = (row for row in processes() if row.parent == self.process.pid)
        return next((row.pid for row in own if row.words.endswith(f"daily8 {name}")), None)

    def children(self) -> list[int]:
        """Give the processes below it, but for the database's."""
        found, below = {self.process.pid}, processes()
        for _ in range(4):  # as deep as they go
            found |= {row.pid for row in below if row.parent in found and "postgres" not in row.words}
        return sorted(found - {self.process.pid})

    def stop(self) -> None:
        """Interrupt it, as Ctrl-C does, and see it end in order."""
        children = self.children()
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(PATIENCE) == 0, self.said.read_text()
        assert ended(children)
        assert "Traceback" not in self.said.read_text()
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", self.port))  # free again


@pytest.fixture
def begin(folder: Path) -> Iterator[Callable[..., Service]]:
    """Start services on one data folder; none is left behind."""
    begun: list[Service] = []

    def start(*words: str, **settings: str) -> Service:
        begun.append(Service(folder, free_port(), *words, **settings))
        return begun[-1]

    yield start
    for service in begun:
        if service.process.poll() is None:
            service.process.terminate()
            service.process.wait(PATIENCE)
    for lock in folder.rglob("postmaster.pid"):  # of a service that was killed
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(lock.read_text().splitlines()[0]), signal.SIGTERM)


class Row(NamedTuple):
    pid: int
    parent: int
    words: str


def processes() -> list[Row]:
    """List what runs on this machine; what has ended and was not waited for is left out."""
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True
    )
    split = (line.split(maxsplit=3) for line in listed.stdout.splitlines())
    return [Row(int(row[0]), int(row[1]), row[-1]) for row in split if not row[2].startswith("Z")]


def ended(pids: list[int]) -> bool:
    """Wait for processes to end; tell whether they did."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if not {row.pid for row in processes()} & set(pids):
            return True
        time.sleep(0.1)
    return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextlib.contextmanager
def stored(folder: Path) -> Iterator[psycopg.Connection[Any]]:
    """Read what is stored: on the service's own server, or where it is stopped by starting that."""
    server = None if (folder / "postmaster.pid").exists() else engine.start(folder)
    try:
        with psycopg.connect(f"postgresql://postgres@/postgres?host={folder}") as connection:
            yield connection
    finally:
        if server:
            server.leave()


def rows(folder: Path, query: str) -> list[Any]:
    with stored(folder) as connection:
        return connection.execute(query).fetchall()


ARTICLES = "SELECT id, url, title, published_at FROM store_article ORDER BY id"
SOURCES = "SELECT id, url FROM store_source ORDER BY id"
TOO_EARLY = """SELECT * FROM (
    SELECT source_id, at, lag(next_at) OVER (PARTITION BY source_id ORDER BY at) AS due FROM store_fetch
) AS fetches WHERE at < due"""
DOUBLED = "SELECT url FROM store_article GROUP BY url HAVING count(*) > 1"


def test_the_demo_is_stopped_killed_and_started_again(begin: Callable[..., Service], folder: Path) -> None:
    database = folder / "data" / "demo" / "postgres"
    first = begin("--demo")
    assert [first.status(path) for path in ("/", "/ar/", "/livez", "/sources")] == [200] * 4

    def asked() -> bool:
        return rows(database, "SELECT count(*) FROM store_poll WHERE fetched_at IS NULL") == [(0,)]

    first.wait_for(asked)
    first.stop()
    assert not (database / "postmaster.pid").exists()
    before, sources = rows(database, ARTICLES), rows(database, SOURCES)
    assert len(before) > 100
    assert not (database / "postmaster.pid").exists()

    second = begin("--demo")
    assert rows(database, SOURCES) == sources
    worker = second.child("work")
    assert worker is not None
    os.kill(worker, signal.SIGKILL)
    second.wait_for(lambda: second.child("work") not in {None, worker})
    assert "begun anew" in second.said.read_text()
    assert second.status("/") == 200

    children = second.children()
    assert len(children) >= 3  # the pages, their server, the worker
    second.process.kill()
    second.process.wait()
    assert ended(children)

    third = begin("--demo")
    third.wait_for(lambda: third.child("work") is not None)
    third.stop()
    assert not (database / "postmaster.pid").exists()  # though the second, killed, never said that it left
    after = rows(database, ARTICLES)
    assert set(before) <= set(after)
    assert rows(database, SOURCES) == sources
    assert rows(database, DOUBLED) == []
    assert rows(database, TOO_EARLY) == []


def test_a_server_of_ones_own_is_used_and_left_running(begin: Callable[..., Service], folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="daily8-own-", ignore_cleanup_errors=True) as name:
        own = engine.start(Path(name) / "server")
        try:
            service = begin(DATABASE_URL=own.url)
            assert service.status("/") == 200
            service.wait_for(lambda: "sources starter" in service.said.read_text())
            service.stop()
            with psycopg.connect(own.url) as connection:
                assert connection.execute(SOURCES).fetchall() == []
            assert not (folder / "data" / "postgres").exists()
        finally:
            own.leave()
