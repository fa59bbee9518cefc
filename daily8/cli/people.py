"""``daily8 user``."""

from __future__ import annotations

import secrets
import sys
from typing import Annotated

import typer

from daily8.cli.output import Refused, note, say
from daily8.cli.start import database

users = typer.Typer(help="Accounts.", no_args_is_help=True)


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
