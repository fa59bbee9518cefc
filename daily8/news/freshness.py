"""Read what the headers of an answer say of time: how long it stays fresh, and when to come back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

_MOST = 10**10
"""Seconds; some 300 years stand for every number beyond."""
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_DIRECTIVE = re.compile(r"""([^\s,="]+)(?:[ \t]*=[ \t]*("[^"]*"|[^\s,]*))?""")
_LENGTH = 2000
"""Characters of a header that are read."""


def http_date(value: str) -> datetime | None:
    """Read an HTTP-date in any of its three forms (RFC 9110 section 5.6.7); ``None`` for anything else."""
    try:
        when = parsedate_to_datetime(value[:64])
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Give the seconds of ``Retry-After``: a number, or a date less ``Date`` (RFC 9110 section 10.2.3)."""
    lower = _lower(headers)
    value = lower.get("retry-after", "").strip()
    seconds = _number(value)
    if seconds is None:
        seconds = _until(value, lower, now)
    return seconds if seconds and seconds > 0 else None


@dataclass(frozen=True, slots=True)
class Freshness:
    """How long the answers of a source stay fresh by its publisher's word; all values are seconds."""

    max_age: float | None = None
    expires: float | None = None
    """``Expires`` less ``Date``. A span, for the moment itself says nothing once it has passed."""
    void: bool = False
    """Whether the publisher wants no answer taken as fresh (``no-cache``, ``no-store``)."""

    def stored(self) -> dict[str, float | bool]:
        """Give what was said as JSON."""
        said = {"max_age": self.max_age, "expires": self.expires, "void": self.void or None}
        return {name: value for name, value in said.items() if value is not None}

    def after(self, headers: Mapping[str, str], now: datetime) -> Freshness:
        """Take over what an answer says; what it does not say stays (RFC 9111 section 4.3.4)."""
        lower = _lower(headers)
        said = self
        if "cache-control" in lower:
            directives = _directives(lower["cache-control"])
            void = any(directives.get(name) == "" for name in ("no-cache", "no-store"))
            said = replace(said, max_age=_number(directives.get("max-age", "")), void=void)
        if "expires" in lower:  # "0" and other words mean that it has expired (RFC 9111 section 5.3)
            said = replace(said, expires=max(_until(lower["expires"], lower, now) or 0.0, 0.0))
        return said

    def left(self, headers: Mapping[str, str]) -> tuple[Literal["max-age", "expires"], float] | None:
        """Give how long an answer is still fresh, and who says so; ``None`` where nothing above zero is said.

        ``max-age`` less the answer's ``Age``; else ``Expires`` less ``Date`` (RFC 9111 section 5.3).
        """
        if self.void:
            return None
        if self.max_age is not None:
            left = self.max_age - (_number(_lower(headers).get("age", "")) or 0.0)
            return ("max-age", left) if left > 0 else None
        return ("expires", self.expires) if self.expires else None


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value[:_LENGTH] for name, value in headers.items()}


def _directives(value: str) -> dict[str, str]:
    """Give the directives of Cache-Control by name; a repeated one counts as it came first."""
    found: list[tuple[str, str]] = _DIRECTIVE.findall(value.lower())
    return {name: said.strip('"') for name, said in reversed(found)}


def _number(value: str) -> float | None:
    text = value.strip()
    if not _DIGITS.fullmatch(text):
        return None
    return float(min(int(text), _MOST)) if len(text) <= 11 else float(_MOST)


def _until(value: str, lower: Mapping[str, str], now: datetime) -> float | None:
    """Give the seconds from the answer's ``Date`` to an HTTP-date: a publisher's clock may be wrong."""
    when = http_date(value)
    return None if when is None else (when - (http_date(lower.get("date", "")) or now)).total_seconds()
