"""Make the ground on which commands stand: settings, Django, the database."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from daily8.cli.output import Refused, note


def settings(*, signs: bool = True) -> None:
    """Read the settings and set Django up; no connection is made.

    Who neither signs nor stores anything needs no kept key, and leaves no data folder behind.

    :raises Refused: for a setting that cannot be used.
    """
    import django
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daily8.conf.settings")
    if not signs:
        os.environ.setdefault("SECRET_KEY", secrets.token_hex(32))
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

    if not migrate and unmade():
        raise Refused(
            f"There is no database in {configured.DATA} yet: start `daily8 run` once, "
            "or set DAILY8_DATA to the folder of the service."
        )
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


def unmade() -> bool:
    """Tell whether the embedded server is meant and was never started on this data folder."""
    from django.conf import settings as configured

    return configured.EMBEDDED and not (configured.DATA / "postgres" / "PG_VERSION").exists()


def _schema(migrate: bool) -> None:
    from daily8.store import engine

    if not migrate and engine.missing_schema():
        raise Refused("The tables are not there yet, or are an older Daily8's: start `daily8 run` once.")
    engine.migrate(announce=lambda count: note(f"Preparing the tables ({count} steps) ..."))
