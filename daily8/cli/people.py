"""``daily8 user`` and ``daily8 models``."""

from __future__ import annotations

import secrets
import sys
from typing import Annotated

import typer

from daily8.cli.output import PARTLY, Refused, note, progress, say
from daily8.cli.start import database, settings

users = typer.Typer(help="Accounts.", no_args_is_help=True)
models = typer.Typer(help="Models that run on this machine.", no_args_is_help=True)


@users.callback()
def _users() -> None:
    """Accounts."""


@users.command("create")
def create(
    email: Annotated[str, typer.Argument(help="The address with which they sign in.")],
    role: Annotated[str, typer.Option(help="reader, moderator, editor or admin.")] = "reader",
    name: Annotated[str, typer.Option(help="The name that others see.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Make an account. Asks for a password; on a pipe one is made and printed."""
    made = ""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = made = secrets.token_urlsafe(15)
    with database():
        from daily8.store import readers

        try:
            readers.create(email, password, role=role, name=name)
        except readers.ReaderRefused as error:
            raise Refused(str(error)) from error
    note(f"{email} can sign in now, as {role}.")
    if made:
        say(made)


@models.callback()
def _models() -> None:
    """Models that run on this machine."""


@models.command("install")
def install(
    name: Annotated[str, typer.Argument(help="The model: minilm (embedding of English texts, 84 MB).")],
    optional: Annotated[
        bool, typer.Option("--optional", help="End well without it: a warning instead of a failure.")
    ] = False,
) -> None:
    """Fetch a model, check it and prepare it for this machine. Nothing happens where it is installed."""
    settings()
    from django.conf import settings as configured

    from daily8.ai import models as installing

    steps: dict[str, float] = {}
    with progress(f"Installing {name}", 100) as advance:

        def tell(step: str, share: float) -> None:
            done = int(100 * share) - int(100 * steps.get("share", 0.0))
            steps["share"] = share
            if done > 0:
                advance(done)

        try:
            folder = installing.install(name, configured.DATA / "models", tell)
        except installing.ModelNotInstalled as error:
            if not optional:
                raise Refused(str(error), PARTLY) from error
            note(f"Warning: {error} Search goes by words only until it is there.")
            return
    note(f"{name} is installed in {folder}.")
