"""Facts about stories: the order of arrivals, what was opened, and what was done to it by hand."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from daily8.store.models.articles import Article
from daily8.store.models.columns import TableKind, address


class Arrival(models.Model):
    """An article as it stood when it was picked up for its story, and the place it has in that order.

    Stories are decided from these rows and from `StoryAct` alone, so that all of it can be decided again.
    Copies are known by more of a text than stories need. Once no copy of an article is to be expected, its
    text is cut down to what stories need, and what was found of it as a copy becomes a fact: it could not be
    found again.
    """

    table_kind: ClassVar[TableKind] = "facts"

    seq = models.BigIntegerField(primary_key=True)
    """Its ``arrival_seq``: rises by one."""
    article = models.OneToOneField(Article, models.PROTECT, related_name="arrival")
    title = models.TextField(default="")
    text = models.TextField(default="")
    """Its beginning, as plain text."""
    language = models.CharField(max_length=35, default="")
    publisher = models.TextField(default="")
    """Domain of its publisher."""
    url = models.TextField(default="")
    canonical_url = models.TextField(default="")
    """That its page names as the piece's own."""
    syndicated_from = models.TextField(default="")
    """Whom its page names as the origin: a name or an address."""
    length = models.PositiveIntegerField(default=0)
    """Characters of its text before that was cut."""
    published_at = models.DateTimeField()
    taken_at = models.DateTimeField()
    cut = models.BooleanField(default=False)
    """Whether there is too little of its text to find again what it is a copy of."""
    copied = models.JSONField(null=True)
    """Of one that was cut: of what it is a copy, as on its membership."""

    class Meta:
        indexes = (models.Index(fields=["taken_at"], name="arrival_whole", condition=Q(cut=False)),)

    def __str__(self) -> str:
        return f"{self.seq}: {self.title}"


class Story(models.Model):
    """A story: its address stays for ever."""

    table_kind: ClassVar[TableKind] = "facts"

    id = address()
    opened_seq = models.BigIntegerField(unique=True)
    """Its name where stories are decided: mostly the ``seq`` of the article that opened it."""
    opened_at = models.DateTimeField()
    forward_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    """The story into which it was merged: one step leads there."""
    locked = models.BooleanField(default=False)
    """Whether only editors change what it holds."""
    headline = models.TextField(default="")
    """By an editor; empty where its lead article gives it."""

    class Meta:
        verbose_name_plural = "stories"
        indexes = (models.Index(fields=["opened_seq"], name="story_headed", condition=~Q(headline="")),)

    def __str__(self) -> str:
        return self.headline or f"story {self.opened_seq}"


class StoryAct(models.Model):
    """One thing done to stories, by an editor or by repair. It is applied in its place, and kept for ever."""

    table_kind: ClassVar[TableKind] = "facts"

    class Kind(models.TextChoices):
        MERGE = "merge"
        SPLIT = "split"
        MOVE = "move"
        LOCK = "lock"
        UNLOCK = "unlock"
        HEADLINE = "headline"

    class Origin(models.TextChoices):
        EDITOR = "editor"
        REPAIR = "repair"

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField(choices=Kind.choices)
    story = models.ForeignKey(Story, models.PROTECT, related_name="acts")
    """What it is done to: of a merge the story that ends, of a split and a move the one that is left."""
    other = models.ForeignKey(Story, models.PROTECT, null=True, related_name="acts_from_others")
    """Where its articles go; of a split and of a move into a story of its own, known once it was applied."""
    articles = models.JSONField(default=list)
    """Ids of those that a split or a move takes out."""
    headline = models.TextField(default="")
    origin = models.TextField(choices=Origin.choices)
    by = models.TextField(default="")
    """Name of the editor, for people."""
    at = models.DateTimeField()
    why = models.TextField(default="")
    change = models.JSONField(null=True)
    """What it came to where stories are decided; null until it has its place."""
    place = models.BigIntegerField(null=True, unique=True)
    """Among all acts, in the order in which they count; null until it was picked up."""
    after_seq = models.BigIntegerField(null=True)
    """The arrival after which it counts."""
    refused = models.TextField(default="")
    """Why it could not be done, in one plain sentence."""

    class Meta:
        indexes = (
            models.Index(fields=["story", "-id"], name="story_act_story"),
            models.Index(fields=["other", "-id"], name="story_act_other"),
            models.Index(
                fields=["id"],
                name="story_act_due",
                condition=Q(place=None, refused="") & ~Q(kind="headline"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.story_id}"


class Hashtag(models.Model):
    """A hashtag: one thing in both languages, with an address of its own."""

    table_kind: ClassVar[TableKind] = "facts"

    id = address()
    key = models.TextField(unique=True)
    """What tells it apart, in whatever language it is met."""
    name_en = models.TextField(default="")
    name_ar = models.TextField(default="")
    added_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name_en or self.name_ar or self.key
