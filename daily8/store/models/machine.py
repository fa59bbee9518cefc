"""Machine rows: when what is due, who has it in hand, and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daily8.store.models.columns import TableKind
from daily8.store.models.sources import Source


class Host(models.Model):
    """A host as manners know it: served by one worker at a time."""

    table_kind: ClassVar[TableKind] = "machine"

    name = models.TextField(primary_key=True)
    next_at = models.DateTimeField(null=True)
    """The earliest time at which one of its sources is due."""
    started_at = models.DateTimeField(null=True)
    """Last request, for the spacing between requests."""
    claimed_until = models.DateTimeField(null=True)
    claim_token = models.UUIDField(null=True)

    class Meta:
        indexes = (models.Index(fields=["next_at"], name="host_due", condition=Q(next_at__isnull=False)),)

    def __str__(self) -> str:
        return self.name


class Poll(models.Model):
    """The polling state of a source."""

    table_kind: ClassVar[TableKind] = "machine"

    source = models.OneToOneField(Source, models.CASCADE, primary_key=True, related_name="poll")
    next_at = models.DateTimeField(null=True, db_index=True)
    """When it is due; null: never again."""
    why = models.JSONField(null=True)
    """The reason of `next_at` (`daily8.news.schedule.Reason`)."""
    interval = models.FloatField(default=0.0)
    """Seconds; the pace found so far."""
    failures = models.PositiveIntegerField(default=0)
    """In a row."""
    etag = models.TextField(null=True)
    last_modified = models.TextField(null=True)
    fetched_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    gone_since = models.DateTimeField(null=True)
    """First 410 of an unbroken run of them."""
    pressure = models.FloatField(default=1.0)
    """By what the interval is stretched after 429s, at `pressed_at`."""
    pressed_at = models.DateTimeField(null=True)
    status = models.PositiveIntegerField(null=True)
    cause = models.TextField(default="")
    """Why the last fetch failed, in one plain sentence; empty when it went well."""

    def __str__(self) -> str:
        return f"poll of {self.source_id}"


class Fetch(models.Model):
    """One fetch of a source, kept for its page."""

    table_kind: ClassVar[TableKind] = "machine"

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, models.CASCADE, related_name="fetches")
    at = models.DateTimeField()
    status = models.PositiveIntegerField(null=True)
    seconds = models.FloatField(default=0.0)
    size = models.PositiveIntegerField(default=0)
    arrivals = models.PositiveIntegerField(default=0)
    cause = models.TextField(default="")
    next_at = models.DateTimeField(null=True)
    why = models.JSONField(null=True)

    class Meta:
        indexes = (models.Index(fields=["source", "-at"], name="fetch_newest"),)

    def __str__(self) -> str:
        return f"{self.source_id} {self.at}"


class Errand(models.Model):
    """One thing to bring from a host: the page of an article, or a picture.

    A row is made in the transaction that makes its subject; what has no verdict is due. It is done by
    whoever holds its host, whose token fences every write.
    """

    table_kind: ClassVar[TableKind] = "machine"

    class Kind(models.TextChoices):
        PAGE = "page"
        PICTURE = "picture"

    class Verdict(models.TextChoices):
        DONE = "done"
        ASIDE = "aside"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    subject = models.UUIDField()
    """Of the article or the picture."""
    host = models.TextField()
    due_at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=Verdict.choices, null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    cause = models.TextField(default="")
    """Why it is tried again or was set aside, in one plain sentence."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["subject", "kind"], name="errand_once"),)
        indexes = (
            models.Index(fields=["host", "due_at"], name="errand_due", condition=Q(verdict__isnull=True)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
