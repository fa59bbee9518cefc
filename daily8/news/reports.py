"""A report: one article as far as understanding it goes, and how a line of JSON tells one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from daily8.news.language import code


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

    A time without a zone is taken as UTC.

    :raises BadReport: for a line that cannot be used.
    """
    given = line.get("id")
    if not isinstance(given, str | int) or isinstance(given, bool) or given == "":
        raise BadReport("it has no id")
    return Report(
        str(given),
        _text(line, "title"),
        _text(line, "text"),
        code(_text(line, "lang")),
        _time(_text(line, "time")),
        _text(line, "publisher"),
        _text(line, "url"),
    )


def _text(line: Mapping[str, Any], key: str) -> str:
    value = line.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadReport(f"its {key} is no text")
    return value


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadReport(f"its time {text[:40]!r} is not in the form 2026-11-29T18:00:00Z") from error
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
