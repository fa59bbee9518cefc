"""Make the ground on which commands stand: settings, Django, the database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from daily8.cli.output import Refused, note


def settings() -> None:
    """Read the settings and set Django up; no connection is made.

    :raises Refused: for a setting that cannot be used.
    """
    import django
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daily8.conf.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Refused(str(error)) from error


@contextmanager
def database(*, migrate: bool = False) -> Iterator[str]:
    """Set Django up on the database; start or join the embedded server where none is named, and give its
    address.

    Without ``migrate`` the tables must be there already, up to date.

    :raises Refused: with one sentence on what is wrong and what to do.
    """
    settings()
    from django.conf import settings as configured
    from django.db import connections

    from daily8.store import engine

    server = None
    try:
        described = configured.DATABASES["default"]
        if configured.EMBEDDED:
            server = engine.start(configured.DATA / "postgres")
            described.update(engine.parameters(server.url))
        engine.examine(described)
        _schema(migrate)
        yield server.url if server else ""
    except engine.EngineProblem as problem:
        raise Refused(str(problem)) from problem
    finally:
        connections.close_all()
        if server is not None:
            server.leave()


def _schema(migrate: bool) -> None:
    from daily8.store import engine

    if not migrate and engine.missing_schema():
        raise Refused("The tables are not there yet, or are an older Daily8's: start `daily8 run` once.")
    engine.migrate(announce=lambda count: note(f"Preparing the tables ({count} steps) ..."))
