"""What every test stands on: one embedded PostgreSQL for the whole run, and no network but loopback."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql

_scratch = Path(tempfile.gettempdir()) / f"daily8-tests-{os.getuid()}"
_scratch.mkdir(exist_ok=True)
os.environ.setdefault("DAILY8_DATA", str(_scratch / "data"))
os.environ.setdefault("SECRET_KEY", "tests only tests only tests only tests only")
# One example may be slow where the machine is busy; what must be fast is measured by tests of its own.
settings.register_profile("daily8", deadline=None)
settings.load_profile("daily8")
_PREFIX = "daily8_test_"
CORPUS = Path(os.environ.get("DAILY8_CORPUS", Path(__file__).parents[1] / "../shared/corpus")).resolve()


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The evaluation corpora; tests that need them are skipped where they are absent."""
    if not CORPUS.is_dir():
        pytest.skip(f"the evaluation corpora are not at {CORPUS} (set DAILY8_CORPUS)")
    return CORPUS


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Start the embedded server, shared by all processes of the run, unless DATABASE_URL names another."""
    from django.db import connections

    from daily8.store.engine import parameters, start

    described = connections["default"].settings_dict
    # A name of its own: runs may stand side by side on one server.
    described["TEST"]["NAME"] = f"{_PREFIX}{os.getpid()}"
    if os.environ.get("DATABASE_URL"):
        yield
        return
    server = start(_scratch / "postgres")
    described.update(parameters(server.url))
    _drop_left_behind(server.url)
    yield
    server.leave()


def _drop_left_behind(url: str) -> None:
    """Drop the databases of runs that were killed."""
    with psycopg.connect(url, autocommit=True) as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_PREFIX]
        )
        for (name,) in names.fetchall():
            if not _lives(int(name.removeprefix(_PREFIX))):
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections that would leave this machine: a test that needs one is wrong."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not (
            address[0].startswith("127.") or address[0] in {"::1", "localhost"}
        ):
            raise AssertionError(f"a test reached for {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
