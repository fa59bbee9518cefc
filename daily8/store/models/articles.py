"""Facts: articles, where they were seen, and how their text changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daily8.store.models.columns import TableKind, address
from daily8.store.models.sources import Publisher, Source


class Article(models.Model):
    """One article, whatever the number of sources that list it."""

    table_kind: ClassVar[TableKind] = "facts"

    id = address()
    publisher = models.ForeignKey(Publisher, models.PROTECT, related_name="articles")
    source = models.ForeignKey(Source, models.PROTECT, related_name="articles")
    """Where it was seen first: its rights are this source's."""
    key = models.TextField(unique=True)
    """Canonical address; for an entry without one, a name made of the source and the entry's id."""
    url = models.TextField(default="")
    canonical_url = models.TextField(default="")
    syndicated_from = models.TextField(default="", db_default="")
    """Whom its page names as the origin of the piece: a name or an address."""
    title = models.TextField(default="")
    dek = models.TextField(default="")
    authors = models.JSONField(default=list)
    kind = models.TextField(default="text")
    language = models.CharField(max_length=35, default="")
    section = models.TextField(default="")
    tags = models.JSONField(default=list)
    """The publisher's own; hashtags are derived elsewhere."""
    image = models.JSONField(null=True)
    """Lead image: ``url``, ``alt``, ``caption``, ``credit``."""
    enclosures = models.JSONField(default=list)
    episode = models.JSONField(null=True)
    """Of a programme: ``season``, ``number``, ``people``."""
    duration = models.PositiveIntegerField(null=True)
    """Seconds of a film or an episode, as its page says; its files may say too."""
    summary = models.TextField(default="")
    """The feed's, sanitised."""
    content = models.TextField(default="")
    """The feed's full text where it carries one, sanitised."""
    excerpt = models.TextField(default="")
    """Plain text for cards, at most 300 characters."""
    published_at = models.DateTimeField()
    """As the publisher says, never later than `arrived_at`."""
    updated_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    """When its page was last read."""
    paywalled = models.BooleanField(default=False)
    live = models.BooleanField(default=False)
    verdict = models.TextField(default="")
    """Of the quality gate: ``article``, ``excerpt``, ``none``; empty until the page was read."""
    quality = models.JSONField(null=True)
    """``score`` and ``reasons`` of the verdict, its ``recipe``, and the ``witness`` whose text won."""
    policy = models.PositiveSmallIntegerField(db_default=1)
    """Version of the sanitising policy that all HTML stored of it went through."""
    wishes = models.JSONField(default=list, db_default=[])
    """What its page and its feed ask of those who show or use it (`daily8.news.types.Wish`)."""
    lapses_at = models.DateTimeField(null=True)
    """When a date comes after which its publisher does not want it shown."""

    class Meta:
        indexes = (
            models.Index(fields=["lapses_at"], name="article_lapses", condition=Q(lapses_at__isnull=False)),
            models.Index(fields=["-published_at", "-id"], name="article_latest"),
            models.Index(fields=["language", "-published_at", "-id"], name="article_language_latest"),
            models.Index(fields=["publisher", "-published_at", "-id"], name="article_publisher_latest"),
            models.Index(fields=["policy"], name="article_policy"),
        )

    def __str__(self) -> str:
        return self.title


class Entry(models.Model):
    """One appearance of an article in a source: what makes the next fetch know it again."""

    table_kind: ClassVar[TableKind] = "facts"

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, models.CASCADE, related_name="entries")
    key = models.TextField()
    """The entry's id, else its canonical address, else its title and day."""
    article = models.ForeignKey(Article, models.CASCADE, related_name="entries")
    digest = models.TextField()
    """Of what the feed says of it: a change asks for the page again."""
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "key"], name="entry_once"),)
        indexes = (models.Index(fields=["seen_at"], name="entry_seen"),)

    def __str__(self) -> str:
        return self.key


class Revision(models.Model):
    """A text of an article as its page gave it at one time; the newest is what is shown."""

    table_kind: ClassVar[TableKind] = "facts"

    id = models.BigAutoField(primary_key=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    seen_at = models.DateTimeField()
    kind = models.TextField(db_default="")
    """What changed since the one before (`daily8.news.revisions.ChangeKind`); empty where not judged."""
    silent = models.BooleanField(db_default=False)
    """Whether its publisher did not say that it changed."""
    updated_at = models.DateTimeField(null=True)
    """Of the article, as its publisher stated it with this text."""
    title = models.TextField(default="")
    dek = models.TextField(default="")
    blocks = models.JSONField()
    """Typed blocks with stable indexes (`daily8.news.types.block_to_json`)."""
    aside = models.JSONField(default=list, db_default=[])
    """What was left out of them because the site repeats it: ``at`` which index of the whole text, its
    ``mark`` and the ``block``."""
    digest = models.TextField()
    recipe = models.TextField()
    """Extractor and sanitising policy that made the blocks."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["article", "number"], name="revision_once"),)
        indexes = (models.Index(fields=["id"], name="revision_aside", condition=~models.Q(aside=[])),)

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class TimedText(models.Model):
    """The chapters of an episode, or its transcript: as the feed gives them, or to be read from a file."""

    table_kind: ClassVar[TableKind] = "facts"

    class Kind(models.TextChoices):
        CHAPTERS = "chapters"
        TRANSCRIPT = "transcript"

    id = address()
    article = models.ForeignKey(Article, models.CASCADE, related_name="timed_texts")
    kind = models.TextField(choices=Kind.choices)
    url = models.TextField(default="")
    """Of its file; empty for what stands in the feed itself."""
    type = models.TextField(default="")
    language = models.CharField(max_length=35, default="")
    content = models.JSONField(null=True)
    """Rows of `daily8.news.types.Chapter` or `Line`; null until the file was read."""
    recipe = models.TextField(default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["article", "kind"], name="timed_text_once"),)

    def __str__(self) -> str:
        return f"{self.kind} of {self.article_id}"
