"""Keyset paging: a list continues after the last row shown, so a page costs the same however deep it is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MARK = re.compile(r"([0-9]{1,17})-([0-9a-f]{32})", re.ASCII)


class BadPage(ValueError):
    """An address names a place in a list that cannot be."""


def mark(time: datetime, row: UUID) -> str:
    """Write the place after a row as it stands in an address: microseconds since 1970, and its id."""
    return f"{(time - _EPOCH) // timedelta(microseconds=1)}-{row.hex}"


def read_mark(text: str) -> tuple[datetime, UUID]:
    """Read what `mark` wrote.

    :raises BadPage: for anything else.
    """
    found = _MARK.fullmatch(text)
    if not found:
        raise BadPage("This page of the list does not exist.")
    try:
        return _EPOCH + timedelta(microseconds=int(found[1])), UUID(hex=found[2])
    except OverflowError as error:
        raise BadPage("This page of the list does not exist.") from error
