"""Derived: pictures fetched once and re-encoded, and the articles that show them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from daily8.store.models.articles import Article
from daily8.store.models.columns import TableKind, address
from daily8.store.models.sources import Publisher


class Picture(models.Model):
    """One picture of the open web; its files lie under the media folder."""

    table_kind: ClassVar[TableKind] = "derived"

    id = address()
    url = models.TextField(unique=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    colour = models.CharField(max_length=7, default="")
    """Average, ``#rrggbb``: what stands in its place while it loads."""
    widths = models.JSONField(default=list)
    """Widths stored, in pixels, smallest first; empty until fetched."""
    size = models.PositiveIntegerField(default=0)
    """Bytes of all its files."""
    recipe = models.TextField(default="")
    stored_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.url


class ArticlePicture(models.Model):
    """An article shows a picture."""

    table_kind: ClassVar[TableKind] = "derived"

    id = models.BigAutoField(primary_key=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="pictures")
    picture = models.ForeignKey(Picture, models.CASCADE, related_name="articles")
    lead = models.BooleanField(default=False)
    recipe = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["article", "picture"], name="article_picture_once"),)

    def __str__(self) -> str:
        return f"{self.article_id} {self.picture_id}"


class PublisherIcon(models.Model):
    """The icon that a publisher's pages declare."""

    table_kind: ClassVar[TableKind] = "derived"

    publisher = models.OneToOneField(Publisher, models.CASCADE, primary_key=True, related_name="icon")
    picture = models.ForeignKey(Picture, models.CASCADE, related_name="publishers")
    seen_at = models.DateTimeField()
    recipe = models.TextField()

    def __str__(self) -> str:
        return f"{self.publisher_id} {self.picture_id}"
