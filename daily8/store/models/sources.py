"""Facts about publishers and their sources."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from daily8.store.models.columns import TableKind, address


class Publisher(models.Model):
    """Who publishes: a newspaper, a broadcaster, an agency, a channel."""

    table_kind: ClassVar[TableKind] = "facts"

    id = address()
    slug = models.TextField(unique=True)
    domain = models.TextField(unique=True)
    """Registrable domain of its home: what tells publishers apart."""
    name = models.TextField()
    home = models.TextField(default="")
    country = models.CharField(max_length=2, default="")
    """ISO 3166-1 alpha-2, upper case; empty where unknown."""
    language = models.CharField(max_length=35, default="")
    """BCP 47."""
    kind = models.TextField(default="")
    """``public``, ``state``, ``private``, ``nonprofit``, ``cooperative``, ``agency``, ``party`` or empty."""
    owner = models.TextField(default="")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (models.Index(fields=["country", "language"], name="publisher_edition"),)

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """One stream of news of a publisher, fetched once for all readers."""

    table_kind: ClassVar[TableKind] = "facts"

    class State(models.TextChoices):
        UNVERIFIED = "unverified"
        ACTIVE = "active"
        PAUSED = "paused"
        GONE = "gone"

    class Way(models.TextChoices):
        FEED = "feed"
        PAGE = "page"
        MAIL = "mail"

    class Rights(models.TextChoices):
        UNKNOWN = "unknown"
        FULL = "full"
        EXCERPT = "excerpt"
        LINK = "link"

    class Ai(models.TextChoices):
        ASKED = "asked"
        AGREED = "agreed"
        NEVER = "never"

    id = address()
    publisher = models.ForeignKey(Publisher, models.PROTECT, related_name="sources")
    url = models.TextField()
    key = models.TextField(unique=True)
    """Canonical form of the address: a source stands here once."""
    host = models.TextField(db_index=True)
    """Name under which manners are kept: the registrable domain."""
    title = models.TextField(default="")
    home = models.TextField(default="")
    language = models.CharField(max_length=35, default="")
    format = models.TextField(default="")
    state = models.TextField(choices=State.choices, default=State.UNVERIFIED)
    rights = models.TextField(choices=Rights.choices, default=Rights.UNKNOWN)
    ai = models.TextField(choices=Ai.choices, default=Ai.ASKED, db_default="asked")
    """Whether models may read its articles: as its publisher asks, by agreement, or never."""
    way = models.TextField(choices=Way.choices, default=Way.FEED)
    """How news comes: a document of entries, a page that lists articles, or mail that is sent to us."""
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="parts")
    """The sitemap index of which it is a part."""
    pattern = models.JSONField(default=dict)
    """Which links of a watched page are its articles (`daily8.news.listing.Pattern`); else empty."""
    interests = models.JSONField(default=list)
    folders = models.JSONField(default=list)
    """Folders of an OPML outline in which it stands: a list of paths, each a list of names."""
    weight = models.FloatField(default=1.0, db_default=1.0)
    """What its reports count for, 0 to 4 (`daily8.news.ranking.WEIGHTS`)."""
    added_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.title or self.url


class Site(models.Model):
    """What a site asks of all who use what lies on it, in its robots.txt and its ``tdmrep.json``."""

    table_kind: ClassVar[TableKind] = "facts"

    name = models.TextField(primary_key=True)
    """Scheme and host, with the port where it is not the usual one."""
    wishes = models.JSONField(default=dict)
    """As `daily8.news.wishes.site_to_json` gives them."""
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Alias(models.Model):
    """A canonical address that once was a source's: who names it means the source."""

    table_kind: ClassVar[TableKind] = "facts"

    key = models.TextField(primary_key=True)
    source = models.ForeignKey(Source, models.CASCADE, related_name="aliases")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
