"""The configuration: environment variables, each also readable from a file named by ``NAME_FILE``."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

from daily8.store.engine import EngineProblem, parameters

if TYPE_CHECKING:
    from daily8.net.mailbox import MailboxAddress

LOCALES = ("en", "ar")
VISIBILITIES = ("private", "public")


class SettingRefused(ImproperlyConfigured):
    """A setting that cannot be used; the text says which, and what it may be."""


class Environment:
    """Read settings by name, a file winning over nothing but absence.

    :raises SettingRefused: for a value that cannot be used.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self.data = Path(self.text("DAILY8_DATA", "data")).expanduser().absolute()

    def text(self, name: str, default: str = "") -> str:
        """Give the value of ``name``, or the content of the file that ``NAME_FILE`` names (for secrets)."""
        if value := self._variables.get(name):
            return value
        if path := self._variables.get(f"{name}_FILE"):
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise SettingRefused(
                    f"{name}_FILE names {path}, which cannot be read: {error.strerror}."
                ) from error
        return default

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        """Give the value of ``name``; the first of ``allowed`` is the default."""
        value = self.text(name, allowed[0])
        if value not in allowed:
            raise SettingRefused(f"{name} is {value!r}; it may be {' or '.join(allowed)}.")
        return value

    def number(self, name: str, default: float, least: float = 0.0) -> float:
        """Give the value of ``name`` as a number of at least ``least``."""
        value = self.text(name)
        try:
            number = float(value) if value else default
        except ValueError:
            number = float("nan")
        if not least <= number < float("inf"):
            raise SettingRefused(f"{name} is {value!r}; it must be a number of at least {least:g}.")
        return number

    def whole(self, name: str, default: int, least: int = 0) -> int:
        """Give the value of ``name`` as a whole number of at least ``least``."""
        return int(self.number(name, default, least))

    def flag(self, name: str) -> bool:
        """Tell whether ``name`` is switched on."""
        return self.text(name).lower() in {"1", "true", "yes", "on"}

    def mailboxes(self) -> tuple[MailboxAddress, ...]:
        """Give the mailboxes of newsletters.

        :raises SettingRefused: for one that is not written as an address, or lacks its password.
        """
        text = self.text("DAILY8_MAILBOX")
        if not text:
            return ()
        from daily8.net.mailbox import parse_mailboxes  # it loads much, and most have no mailbox

        try:
            return parse_mailboxes(text, self.text("DAILY8_MAILBOX_PASSWORD"))
        except ValueError as error:
            raise SettingRefused(str(error)) from None

    @property
    def embedded(self) -> bool:
        """Tell whether the embedded server is meant: nobody named another."""
        return not self.text("DATABASE_URL")

    def database(self) -> dict[str, Any]:
        """Give Django's description of the database: ``DATABASE_URL``, else the embedded server's socket.

        :raises SettingRefused: for an address that is not PostgreSQL's.
        """
        url = self.text("DATABASE_URL") or f"postgresql://postgres@/postgres?host={self.data / 'postgres'}"
        try:
            return {
                "ENGINE": "django.db.backends.postgresql",
                **parameters(url),
                "CONN_MAX_AGE": 600,
                "CONN_HEALTH_CHECKS": True,
            }
        except EngineProblem as problem:
            raise SettingRefused(str(problem)) from problem

    def secret_key(self) -> str:
        """Give the key that signs sessions: ``SECRET_KEY``, else one made at the first start and kept."""
        if key := self.text("SECRET_KEY"):
            if len(key) < 32:
                raise SettingRefused(
                    "SECRET_KEY must have at least 32 characters; `openssl rand -hex 32` makes one."
                )
            return key
        path = self.data / "secret_key"
        if not path.exists():
            self._make_secret(path)
        return path.read_text(encoding="utf-8").strip()

    def _make_secret(self, path: Path) -> None:
        try:
            self.data.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=self.data)  # readable by its owner alone
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(32))
        except OSError as error:
            raise SettingRefused(
                f"The data folder {self.data} cannot be written ({error.strerror}); "
                "set DAILY8_DATA to a folder of yours, or set SECRET_KEY."
            ) from error
        try:
            os.link(draft, path)
            Path(draft).unlink()
        except FileExistsError:  # another process was first: its key counts
            Path(draft).unlink()
        except OSError:  # a file system without links
            Path(draft).replace(path)
