"""Personal: the people who sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Now

from daily8.store.models.columns import TableKind, address


class ReaderManager(BaseUserManager["Reader"]):
    """Makes readers; an address is stored in one form, so that it stands once."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Reader:
        """Make a reader. Without a password nobody can sign in with one."""
        reader = self.model(email=self.normalize_email(email).lower(), **fields)
        reader.set_password(password)
        reader.save(using=self._db)
        return reader

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Reader:
        """Make an administrator."""
        return self.create_user(email, password, **{**fields, "role": Reader.Role.ADMIN})

    def get_by_natural_key(self, username: str | None) -> Reader:
        return self.get(email=(username or "").lower())


class Reader(AbstractBaseUser):
    """Somebody with an account: known by e-mail address, with one role."""

    table_kind: ClassVar[TableKind] = "personal"

    class Role(models.TextChoices):
        READER = "reader"
        MODERATOR = "moderator"
        EDITOR = "editor"
        ADMIN = "admin"

    id = address()
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100, default="", blank=True)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.READER)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[ReaderManager] = ReaderManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email

    @property
    def is_staff(self) -> bool:
        """Whether the console is open to them."""
        return self.role != self.Role.READER

    @property
    def is_editor(self) -> bool:
        """Whether they decide what is published."""
        return self.role in (self.Role.EDITOR, self.Role.ADMIN)
