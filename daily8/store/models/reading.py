"""How pages are read: those that are kept, what editors say of sites, and what sites repeat."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from daily8.store.models.articles import Article
from daily8.store.models.columns import TableKind

LOW_SCORE = 0.6
"""Below it a reading is doubtful: short, cut off, or none."""


class KeptPage(models.Model):
    """The page of an article as it was last read, to be read again without asking for it."""

    table_kind: ClassVar[TableKind] = "machine"

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="kept")
    domain = models.TextField()
    """Registrable, of its address: under it stand the rules of its site."""
    url = models.TextField()
    """Where it came from in the end."""
    content_type = models.TextField(default="")
    body = models.BinaryField()
    """Packed (`daily8.news.packing`)."""
    size = models.PositiveIntegerField()
    """Bytes of `body`."""
    said = models.JSONField()
    """What the feed says of the article, without what its page says; its texts stand in the article."""
    read_at = models.DateTimeField()
    """When it was fetched."""
    score = models.FloatField()
    verdict = models.TextField()
    generation = models.IntegerField()
    """Of the recipe that read it last (`daily8.news.repair.GENERATION`); 0 once its site's rules changed."""
    tries = models.PositiveSmallIntegerField(default=0)
    """Times that reading it again ended without an answer."""
    claimed_until = models.DateTimeField(null=True)
    claim_token = models.UUIDField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["generation", "-read_at"], name="kept_due"),
            models.Index(fields=["domain", "-read_at"], name="kept_site"),
            models.Index(fields=["read_at"], name="kept_oldest"),
            models.Index(fields=["-read_at"], name="kept_low", condition=Q(score__lt=LOW_SCORE)),
        )

    def __str__(self) -> str:
        return self.url


class SiteRules(models.Model):
    """One version of what editors say of a site, or of the pages under a path of it."""

    table_kind: ClassVar[TableKind] = "facts"

    id = models.BigAutoField(primary_key=True)
    """Rises: the newest of a site tells whether anything changed since."""
    domain = models.TextField()
    path = models.TextField(default="")
    said = models.JSONField()
    """By field (`daily8.news.repair.rules_to_json`); empty for rules that were taken back."""
    current = models.BooleanField(default=True)
    saved_at = models.DateTimeField(db_default=Now())
    saved_by = models.TextField(default="")
    """Name of the editor, for people."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["domain", "path"], condition=Q(current=True), name="rules_once"),
        )
        indexes = (models.Index(fields=["domain", "-id"], name="rules_newest"),)

    def __str__(self) -> str:
        return f"{self.domain}{self.path}"


class EdgeBlock(models.Model):
    """A short text at the beginning or the end of an article, to be found in others of its site."""

    table_kind: ClassVar[TableKind] = "derived"

    id = models.BigAutoField(primary_key=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="edges")
    domain = models.TextField()
    mark = models.TextField()
    """Of its letters (`daily8.news.repeats.mark`)."""
    day = models.DateField()
    """On which its article was published, in UTC."""
    recipe = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["article", "mark"], name="edge_once"),)
        indexes = (
            models.Index(fields=["domain", "mark", "day"], name="edge_counted"),
            models.Index(fields=["domain", "article"], name="edge_site"),
            models.Index(fields=["day"], name="edge_oldest"),
        )

    def __str__(self) -> str:
        return f"{self.domain} {self.mark}"


class RepeatedBlock(models.Model):
    """A text that a site repeats from article to article: it is left out of them."""

    table_kind: ClassVar[TableKind] = "derived"

    id = models.BigAutoField(primary_key=True)
    domain = models.TextField()
    mark = models.TextField()
    text = models.TextField()
    articles = models.PositiveIntegerField()
    """In which it stood when it was learned."""
    days = models.PositiveIntegerField()
    learned_at = models.DateTimeField()
    returning = models.BooleanField(default=False)
    """Whether it is to be put back into texts that leave it out: an editor said that it is their own."""
    recipe = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["domain", "mark"], name="repeated_once"),)

    def __str__(self) -> str:
        return self.text
