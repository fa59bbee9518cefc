"""What is found out of articles, and how far each has come. All of it can be found out again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daily8.store.models.articles import Article
from daily8.store.models.columns import TableKind
from daily8.store.models.stories import Hashtag, Story


class Understanding(models.Model):
    """What an article is about and in which language."""

    table_kind: ClassVar[TableKind] = "derived"

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="understanding")
    language = models.CharField(max_length=35, default="")
    category = models.TextField(default="")
    """Empty where it is not known."""
    recipe = models.TextField()

    class Meta:
        indexes = (models.Index(fields=["category", "-article"], name="understanding_category"),)

    def __str__(self) -> str:
        return f"{self.article_id}: {self.category}"


class Tagging(models.Model):
    """An article bears a hashtag."""

    table_kind: ClassVar[TableKind] = "derived"

    id = models.BigAutoField(primary_key=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="taggings")
    hashtag = models.ForeignKey(Hashtag, models.CASCADE, related_name="taggings")
    place = models.PositiveSmallIntegerField()
    """0 for the one that says most."""
    recipe = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["article", "hashtag"], name="tagging_once"),)
        indexes = (models.Index(fields=["hashtag", "-article"], name="tagging_newest"),)

    def __str__(self) -> str:
        return f"{self.article_id} {self.hashtag_id}"


class Entity(models.Model):
    """Somebody or something that an article names."""

    table_kind: ClassVar[TableKind] = "derived"

    id = models.BigAutoField(primary_key=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="entities")
    key = models.TextField()
    """What tells it apart, in whatever language it is met."""
    name = models.TextField()
    """As the article writes it."""
    kind = models.TextField()
    place = models.PositiveSmallIntegerField()
    recipe = models.TextField()

    class Meta:
        verbose_name_plural = "entities"
        constraints = (models.UniqueConstraint(fields=["article", "key"], name="entity_once"),)
        indexes = (models.Index(fields=["key", "-article"], name="entity_newest"),)

    def __str__(self) -> str:
        return self.name


class Copy(models.Model):
    """An article repeats another: the same words, or nearly. The one that leads a group has no row here."""

    table_kind: ClassVar[TableKind] = "derived"

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="copy")
    leader = models.ForeignKey(Article, models.CASCADE, related_name="copies")
    """Of its group: all whose texts are copies of one another."""
    led_by = models.TextField(default="")
    """Why that one leads (`daily8.news.copies.Reason`)."""
    reason = models.TextField()
    """By which rule it is a copy (`daily8.news.copies.Rule`)."""
    share = models.FloatField()
    """Of the shorter text that stands in the longer one too, 0 to 1."""
    recipe = models.TextField()

    class Meta:
        verbose_name_plural = "copies"

    def __str__(self) -> str:
        return f"{self.article_id} of {self.leader_id}"


class Membership(models.Model):
    """An article belongs to a story, by a decision whose figures are kept."""

    table_kind: ClassVar[TableKind] = "derived"

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="membership")
    seq = models.BigIntegerField(unique=True)
    """Of its arrival."""
    story = models.ForeignKey(Story, models.CASCADE, related_name="members")
    """Today: after all that was done to it since."""
    decision = models.JSONField()
    """As it was decided on arrival (`daily8.news.stories.decision_to_json`)."""
    copied = models.JSONField(null=True)
    """Of which earlier arrival it is a copy (`daily8.news.copies.copy_to_json`); null for one of its own."""
    trouble = models.TextField(default="")
    """What went wrong time after time, so that it was opened as a story of its own without being read."""
    recipe = models.TextField()

    class Meta:
        indexes = (models.Index(fields=["story", "seq"], name="membership_story"),)

    def __str__(self) -> str:
        return f"{self.article_id} in {self.story_id}"


class Relation(models.Model):
    """An article is related to another."""

    table_kind: ClassVar[TableKind] = "derived"

    id = models.BigAutoField(primary_key=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="relations")
    other = models.ForeignKey(Article, models.CASCADE, related_name="relations_from_others")
    relation = models.TextField()
    """``same_event``, ``earlier`` or ``background``."""
    score = models.FloatField()
    reason = models.JSONField(default=dict)
    """What both tell of (`daily8.news.relation.Reason`)."""
    place = models.PositiveSmallIntegerField()
    """0 for the nearest."""
    recipe = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["article", "other"], name="relation_once"),)

    def __str__(self) -> str:
        return f"{self.article_id} {self.relation} {self.other_id}"


class Progress(models.Model):
    """How far an article has come: what is due of it is a time that is not null."""

    table_kind: ClassVar[TableKind] = "machine"

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="progress")
    understand_at = models.DateTimeField(null=True)
    assign_at = models.DateTimeField(null=True)
    relate_at = models.DateTimeField(null=True)
    generation = models.PositiveSmallIntegerField(default=0)
    """Of what it was understood by."""
    tries = models.PositiveSmallIntegerField(default=0)
    """Times that understanding it ended without an answer."""
    claimed_until = models.DateTimeField(null=True)
    claim_token = models.UUIDField(null=True)

    class Meta:
        indexes = (
            *(
                models.Index(
                    fields=["article"] if stage == "assign" else [column, "article"],
                    name=f"progress_{stage}",
                    condition=Q(**{f"{column}__isnull": False}),
                )
                for stage, column in (
                    ("understand", "understand_at"),
                    ("assign", "assign_at"),
                    ("relate", "relate_at"),
                )
            ),
            models.Index(fields=["generation"], name="progress_generation"),
        )

    def __str__(self) -> str:
        return f"progress of {self.article_id}"


class Assigner(models.Model):
    """The one who decides stories: a single row. Its token must be the writer's (a fence)."""

    table_kind: ClassVar[TableKind] = "machine"

    id = models.PositiveSmallIntegerField(primary_key=True)
    token = models.UUIDField(null=True)
    seq = models.BigIntegerField(default=0)
    """Up to which arrivals are decided."""
    place = models.BigIntegerField(default=0)
    """Up to which acts are applied."""
    era = models.PositiveIntegerField(default=0)
    """Rises when all is decided anew."""
    since = models.DateTimeField(null=True)
    repaired_at = models.DateTimeField(null=True)
    repaired_seq = models.BigIntegerField(default=0)
    """Up to which arrivals repair has looked."""
    stumbled_at = models.BigIntegerField(null=True)
    """The event at which deciding failed last: an arrival's ``seq``, or an act's ``place`` below zero."""
    stumbles = models.PositiveSmallIntegerField(default=0)
    """Times that it failed there."""
    stumbled_over = models.TextField(default="")

    def __str__(self) -> str:
        return f"assigner at {self.seq}"


class Checkpoint(models.Model):
    """All that is in the assigner's memory after an arrival and an act, so that not all is read again."""

    table_kind: ClassVar[TableKind] = "machine"

    id = models.BigAutoField(primary_key=True)
    seq = models.BigIntegerField()
    place = models.BigIntegerField()
    body = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.TextField()
    """Recipe of what can read it."""

    def __str__(self) -> str:
        return f"checkpoint at {self.seq}"
