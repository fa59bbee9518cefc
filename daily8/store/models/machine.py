"""Machine rows: when what is due, who has it in hand, and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daily8.store.models.columns import TableKind, address
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
    quiet_until = models.DateTimeField(null=True)
    """Until when nothing is asked of it: its publisher said so, or it does not answer."""
    quiet_why = models.TextField(db_default="")
    """In one plain sentence."""
    troubles = models.PositiveSmallIntegerField(db_default=0)
    """Rests in a row that ended without an answer."""
    network = models.TextField(db_default="")
    """The network whose workers ask it: a publisher should see one address of ours."""

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
    """The reason of `next_at` (`daily8.news.reasons.Reason`)."""
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
    hints = models.JSONField(null=True)
    """What its publisher said of the pace, for as long as it holds (`daily8.news.hints.Hints`)."""
    moved_to = models.TextField(default="")
    """Where permanent redirects lead, until that is believed."""
    moved_seen = models.PositiveIntegerField(default=0)
    """Fetches in a row that led there."""
    moved_since = models.DateTimeField(null=True)
    doubted_at = models.DateTimeField(null=True)
    """When its 304 was found to be untrue."""
    whole_at = models.DateTimeField(null=True)
    """When its document last came whole, or was last asked for whole in vain."""
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
    via = models.TextField(default="")
    """Empty for a poll, else the `Delivery.Kind` of the document that came without one."""
    conditional = models.BooleanField(default=False)
    """Whether validators were sent."""
    arrivals = models.PositiveIntegerField(default=0)
    cause = models.TextField(default="")
    next_at = models.DateTimeField(null=True)
    why = models.JSONField(null=True)

    class Meta:
        indexes = (models.Index(fields=["source", "-at"], name="fetch_newest"),)

    def __str__(self) -> str:
        return f"{self.source_id} {self.at}"


class Errand(models.Model):
    """One thing to do with a host: bring the page of an article or look at it again, bring a picture or a
    timed text, read a document that came by itself, ask a hub.

    A row is made in the transaction that makes its subject; what has no verdict is due. It is done by
    whoever holds its host, whose token fences every write.
    """

    table_kind: ClassVar[TableKind] = "machine"

    class Kind(models.TextChoices):
        PAGE = "page"
        PICTURE = "picture"
        DELIVERY = "delivery"
        HUB = "hub"
        TIMED = "timed"
        LOOK = "look"

    class Verdict(models.TextChoices):
        DONE = "done"
        ASIDE = "aside"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    subject = models.UUIDField()
    """Of the article, the picture, the timed text, the delivery or the subscription."""
    host = models.TextField()
    due_at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=Verdict.choices, null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    """Of a look: how many there were."""
    cause = models.TextField(default="")
    """Why it is tried again or was set aside, in one plain sentence."""
    etag = models.TextField(db_default="", default="")
    last_modified = models.TextField(db_default="", default="")
    """Of a look: the validators of the page as it was last read."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["subject", "kind"], name="errand_once"),)
        indexes = (
            models.Index(fields=["host", "due_at"], name="errand_due", condition=Q(verdict__isnull=True)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Delivery(models.Model):
    """A document of a source that is in hand without a poll. Read once, then deleted."""

    table_kind: ClassVar[TableKind] = "machine"

    class Kind(models.TextChoices):
        LOOKED = "looked"
        PUSHED = "pushed"
        MAILED = "mailed"

    id = address()
    source = models.ForeignKey(Source, models.CASCADE, related_name="deliveries")
    kind = models.TextField(choices=Kind.choices)
    url = models.TextField(default="")
    """Where it came from in the end."""
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    arrived_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id}"


class Subscription(models.Model):
    """A subscription to pushes of a hub (W3C WebSub)."""

    table_kind: ClassVar[TableKind] = "machine"

    class State(models.TextChoices):
        WANTED = "wanted"
        ASKED = "asked"
        ACTIVE = "active"
        DENIED = "denied"
        LEAVING = "leaving"

    id = address()
    source = models.OneToOneField(Source, models.CASCADE, related_name="subscription")
    hub = models.TextField()
    topic = models.TextField()
    token = models.TextField(unique=True)
    """Of the callback's address: not to be guessed."""
    secret = models.TextField()
    """Signs what the hub sends."""
    state = models.TextField(choices=State.choices, default=State.WANTED)
    lease_until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    cause = models.TextField(default="")
    pushed_at = models.DateTimeField(null=True)
    silent = models.BooleanField(db_default=False)
    """Whether a poll found news that it did not send: until its next push it does not count."""
    refused = models.PositiveIntegerField(default=0)
    """Pushes whose signature was wrong."""

    def __str__(self) -> str:
        return f"{self.state} {self.topic}"


class Mailbox(models.Model):
    """How far a mailbox of newsletters has been read."""

    table_kind: ClassVar[TableKind] = "machine"

    name = models.TextField(primary_key=True)
    """User, host and folder."""
    uidvalidity = models.BigIntegerField(default=0)
    uid = models.BigIntegerField(default=0)
    """The highest that was read (RFC 3501 section 2.3.1.1)."""
    fetched_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    stuck = models.PositiveSmallIntegerField(db_default=0)
    """Visits in a row that ended at the mail above `uid`."""
    cause = models.TextField(default="")

    def __str__(self) -> str:
        return self.name
