"""Rows for the replay's tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from daily8.replay.corpus import Corpus, corpus_from_rows

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def row(number: int, **values: Any) -> dict[str, Any]:
    """Give a usable row; `values` change it."""
    plain = {
        "id": f"n{number}",
        "publisher": "The Harbour Light",
        "lang": "en",
        "time": (NOW - timedelta(hours=number)).isoformat(),
        "title": f"Tide number {number} rises & falls <twice>",
        "text": "The first paragraph.\n\nThe second paragraph.\n\nThe third one.",
    }
    return plain | values


def corpus(*rows: Mapping[str, Any]) -> Corpus:
    """Read rows that must all be right."""
    read = corpus_from_rows(rows)
    assert read.problems == ()
    return read
