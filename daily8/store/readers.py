"""Readers: accounts made from the command line."""

from __future__ import annotations

from typing import Protocol

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from daily8.store.models import Reader

ROLES: tuple[str, ...] = tuple(Reader.Role.values)
STAFF = frozenset(ROLES) - {str(Reader.Role.READER)}
"""Roles to which the console is open."""
EDITORS = frozenset({str(Reader.Role.EDITOR), str(Reader.Role.ADMIN)})
"""Roles that decide what is published."""


class SignedIn(Protocol):
    """Somebody with an account, as the faces know them."""

    email: str
    name: str
    role: str
    """One of `ROLES`."""

    @property
    def is_staff(self) -> bool:
        """Whether the console is open to them."""
        ...

    @property
    def is_editor(self) -> bool:
        """Whether they decide what is published."""
        ...


class ReaderRefused(Exception):
    """An account that cannot be made; the text says why."""


def create(email: str, password: str, *, role: str, name: str = "") -> None:
    """Make an account.

    :raises ReaderRefused: for an address that is none or stands already, a weak password, an unknown role.
    """
    if len(name) > 100:
        raise ReaderRefused("The name is longer than 100 characters.")
    if role not in ROLES:
        raise ReaderRefused(f"There is no role {role!r}; it may be {', '.join(ROLES)}.")
    try:
        validate_email(email)
        validate_password(password, Reader(email=email, name=name))
    except ValidationError as error:
        raise ReaderRefused(" ".join(error.messages)) from error
    try:
        with transaction.atomic():
            Reader.objects.create_user(email, password, role=role, name=name)
    except IntegrityError as error:
        raise ReaderRefused(f"There is already an account for {email}.") from error


def any_admin() -> bool:
    """Tell whether somebody can open the whole console."""
    return Reader.objects.filter(role=Reader.Role.ADMIN, is_active=True).exists()
