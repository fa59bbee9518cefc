"""Sessions of signed-in readers."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session


def prune(now: datetime) -> int:
    """Delete sessions that have ended; give their number."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]
