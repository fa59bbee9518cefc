"""Vectors of articles: by what recipe each was made, which recipes serve, and what is to be embedded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q

from daily8.store.models.articles import Article
from daily8.store.models.columns import TableKind

if TYPE_CHECKING:
    _Column = models.Field[Any, Any]
else:
    _Column = models.Field


class HalfVector(_Column):
    """``halfvec`` of pgvector, of any number of dimensions; read and written as text (``[0.5,-1]``)."""

    def db_type(self, connection: Any) -> str:
        """Name the type of the column."""
        return "halfvec"


class VectorRecipe(models.Model):
    """What makes vectors: a model with its version, or a way of counting words."""

    table_kind: ClassVar[TableKind] = "derived"

    id = models.SmallAutoField(primary_key=True)
    recipe = models.TextField(unique=True)
    """Name, version and dimensions in one line."""
    dimensions = models.PositiveSmallIntegerField()
    languages = models.JSONField(null=True)
    """Codes, in order; null: any."""
    model = models.BooleanField()
    """Whether a model reads the texts, which a publisher may refuse."""

    def __str__(self) -> str:
        return self.recipe


class Vector(models.Model):
    """The vector of an article by one recipe, of length 1."""

    table_kind: ClassVar[TableKind] = "derived"

    id = models.BigAutoField(primary_key=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="vectors")
    recipe = models.ForeignKey(VectorRecipe, models.CASCADE, related_name="vectors", db_index=False)
    value = HalfVector()
    input = models.TextField()
    """Digest of the text that was embedded."""
    published_at = models.DateTimeField()
    """Of the article, so that a span of time needs no look at articles."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["article", "recipe"], name="vector_once"),)
        indexes = (models.Index(fields=["recipe", "-published_at"], name="vector_latest"),)

    def __str__(self) -> str:
        return f"{self.article_id} by {self.recipe_id}"


class VectorPlan(models.Model):
    """Which recipes are wanted, in order: an article is embedded by the first that takes it.

    The newest plan is wanted; one plan serves, until the newest covers what it did.
    """

    table_kind: ClassVar[TableKind] = "machine"

    id = models.BigAutoField(primary_key=True)
    """Rises."""
    recipes = models.JSONField()
    """Ids of `VectorRecipe`; none for settings that could not be used yet."""
    made_at = models.DateTimeField()
    serving = models.BooleanField(default=False)
    served_since = models.DateTimeField(null=True)
    cause = models.TextField(default="")
    """Why its providers give no vectors, in plain sentences; empty while they do."""
    tries = models.PositiveSmallIntegerField(default=0)
    """In a row, that failed."""
    next_at = models.DateTimeField(null=True)
    """Before which they are not asked again."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["serving"], condition=Q(serving=True), name="plan_serves_alone"),
        )

    def __str__(self) -> str:
        return f"{self.id}: {self.recipes}"


class Embedding(models.Model):
    """How far an article is embedded: due where its plan is older than the newest."""

    table_kind: ClassVar[TableKind] = "machine"

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="embedding")
    plan = models.BigIntegerField(default=0)
    """The plan by which it was embedded last; 0 for one that is new, or changed since."""
    next_at = models.DateTimeField(null=True)
    """Before which it is left alone."""
    cause = models.TextField(default="")
    """Why it has no vector by its plan, in one plain sentence."""
    claimed_until = models.DateTimeField(null=True)
    claim_token = models.UUIDField(null=True)

    class Meta:
        indexes = (models.Index(fields=["plan", "-article"], name="embedding_due"),)

    def __str__(self) -> str:
        return f"{self.article_id}: {self.plan}"
