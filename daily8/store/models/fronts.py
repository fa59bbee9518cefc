"""Front pages: which stories stand there, worked out beforehand so that no page waits for it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from daily8.store.models.articles import Article
from daily8.store.models.columns import TableKind
from daily8.store.models.stories import Story


class Standing(models.Model):
    """Where a story stands on the front page of an edition, and why."""

    table_kind: ClassVar[TableKind] = "derived"

    id = models.BigAutoField(primary_key=True)
    edition = models.TextField()
    """``language-COUNTRY``, either of which may be empty: ``-`` is the whole world."""
    place = models.PositiveSmallIntegerField()
    """0 for the one on top."""
    story = models.ForeignKey(Story, models.CASCADE, related_name="standings")
    lead = models.ForeignKey(Article, models.CASCADE, related_name="standings")
    """The report that stands for it there."""
    score = models.FloatField()
    growth = models.FloatField()
    reasons = models.JSONField()
    """Codes and numbers (`daily8.news.ranking.Reason`)."""
    reports = models.PositiveIntegerField()
    publishers = models.PositiveIntegerField()
    recipe = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["edition", "story"], name="standing_once"),)
        indexes = (models.Index(fields=["edition", "place"], name="standing_place"),)

    def __str__(self) -> str:
        return f"{self.place} of {self.edition}: {self.story_id}"


class FrontRun(models.Model):
    """When the front pages were last worked out, and of what: a single row."""

    table_kind: ClassVar[TableKind] = "machine"

    id = models.PositiveSmallIntegerField(primary_key=True)
    worked_at = models.DateTimeField()
    mark = models.TextField()
    """What decided of them, in numbers: while it is the same, and they are young, they stay."""
    seconds = models.FloatField()
    """That it took."""
    editions = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.editions} editions at {self.worked_at}"
