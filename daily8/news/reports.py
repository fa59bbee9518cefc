"""A report: one article as far as understanding it goes, and how a line of JSON tells one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from daily8.news.language import code

LONGEST = 100_000
"""Characters of a text that a line may tell; nothing reads further."""
_NAME = 2_000
"""Characters of a title, a publisher's name and an address."""


@dataclass(frozen=True, slots=True)
class Report:
    """What stories, relations, hashtags and categories are decided from."""

    id: str
    title: str = ""
    text: str = ""
    """Plain text, paragraphs separated by a blank line; may be cut, may be empty."""
    language: str = ""
    """Primary code (ISO 639-1 where there is one), or empty where it is unknown."""
    time: datetime | None = None
    """When it was published, with zone; ``None`` where that is unknown."""
    publisher: str = ""
    url: str = ""


class BadReport(ValueError):
    """Says what is wrong with a line that should tell a report."""


def read_report(line: Mapping[str, Any]) -> Report:
    """Read ``{id, lang, time, title, text, publisher, url}``; all but ``id`` may be absent or null.

    A time without a zone is taken as UTC. A text is cut to `LONGEST` characters, a title to 2,000.

    :raises BadReport: for a line that cannot be used.
    """
    return Report(
        str(read_id(line)),
        _text(line, "title", _NAME),
        _text(line, "text", LONGEST),
        code(_text(line, "lang", _NAME)),
        _time(_text(line, "time", _NAME)),
        _text(line, "publisher", _NAME),
        _text(line, "url", _NAME),
    )


def read_id(line: Mapping[str, Any]) -> str | int:
    """Read the ``id`` of a line as it is given.

    :raises BadReport: where there is none, or one that is neither text nor a whole number.
    """
    given = line.get("id")
    if given is None or given == "":
        raise BadReport("it has no id")
    if not isinstance(given, str | int) or isinstance(given, bool):
        raise BadReport("its id is neither text nor a whole number")
    return given


def _text(line: Mapping[str, Any], key: str, most: int) -> str:
    value = line.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadReport(f"its {key} is no text")
    return value[:most]


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadReport(f"its time {text[:40]!r} is not in the form 2026-11-29T18:00:00Z") from error
    try:
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:  # the first or the last hours that a time is written for
        raise BadReport(f"its time {text[:40]!r} is none that UTC can tell") from error
