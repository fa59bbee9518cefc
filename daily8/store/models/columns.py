"""Columns that several tables share."""

from __future__ import annotations

from typing import Any, Literal

from django.db import models

TableKind = Literal["facts", "derived", "personal", "machine"]


class UuidV7(models.Func):
    """``uuidv7()`` of PostgreSQL 18: time-ordered, RFC 9562 section 5.7."""

    function = "uuidv7"
    output_field = models.UUIDField()


def address() -> models.UUIDField[Any, Any]:
    """Make the primary key of a thing that has an address of its own; shown as 32 hex digits."""
    return models.UUIDField(primary_key=True, db_default=UuidV7(), editable=False)
