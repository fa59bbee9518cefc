"""Which columns hold nothing that a stranger wrote; all others must hold payloads when pages are tried."""

from __future__ import annotations

from django.db import models

TEXTUAL = (models.CharField, models.TextField, models.JSONField)

OURS: dict[str, str] = {
    "Publisher.country": "two letters",
}
"""By table and column: why no payload stands there."""
