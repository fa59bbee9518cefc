"""The life of a source from one fetch to the next: what is sent, what is remembered, where it lives."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from datetime import datetime

from daily8.news import moves, schedule
from daily8.news.moves import Moving
from daily8.news.schedule import Manners, Outcome, State

_LONGEST = 8000
"""Characters of a validator; a longer one no request can bear."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells a server which version of a document we have (RFC 9110 section 8.8); byte for byte."""

    etag: str | None = None
    last_modified: str | None = None

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of a source from one fetch to the next."""

    state: State = field(default_factory=State)
    validators: Validators = Validators()
    moving: Moving = field(default_factory=Moving)
    doubted_at: datetime | None = None
    """When a 304 was found to be untrue, or may hide the rest of a document that broke off, until one is true
    again."""
    whole_at: datetime | None = None
    """When the document last came whole, or was last asked for whole in vain."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One fetch of a source, as far as it matters beyond its pace."""

    outcome: Outcome
    conditional: bool = False
    """Whether validators were sent."""
    led_to: str = ""
    """Where redirects led for good (`daily8.news.moves.lasting`); empty where they did not."""
    shares: bool = False
    """Whether the document is surely the source's: it holds entries that are known, or names the feed."""
    pushed: bool = False
    """Whether news was sent to us since the last whole document."""


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from a fetch."""

    poll: schedule.Poll
    known: Known
    moved_to: str = ""
    """The address at which the source is asked from now on; empty where it stays."""


def to_send(known: Known, now: datetime, manners: Manners) -> Validators:
    """Give the validators to send: those of the document that we have, byte for byte.

    None while the source's 304s are not believed, once a day; else a document is asked for whole only when
    there is nothing to compare it with.
    """
    if known.doubted_at:
        since = (now - known.whole_at).total_seconds() if known.whole_at else manners.ceiling
        if since >= manners.ceiling:
            return Validators()
    return known.validators


def step(known: Known, fetched: Fetched, *, now: datetime, manners: Manners, chance: float) -> Step:
    """Decide what follows from a fetch; ``chance`` is 0 to 1."""
    outcome = fetched.outcome
    poll = schedule.next_poll(now=now, outcome=outcome, manners=manners, chance=chance, previous=known.state)
    whole = not fetched.conditional or (outcome.well and outcome.status == 200)
    whole_at = now if whole else known.whole_at
    if not outcome.well:
        return Step(poll, dataclasses.replace(known, state=poll.state, whole_at=whole_at))
    moving = moves.sighted(known.moving, fetched.led_to, now)
    # A 304 to an ETag names the very document that we have; one to a date fits any older one as well.
    vouched = fetched.shares or (outcome.status == 304 and known.validators.etag is not None)
    moved_to = moving.to if vouched and moves.believed(moving, now, speed=manners.speed) else ""
    after = Known(
        state=poll.state,
        validators=_validators(known.validators, outcome),
        moving=Moving() if moved_to else moving,
        doubted_at=_doubted(known, fetched, now),
        whole_at=whole_at,
    )
    return Step(poll, after, moved_to)


def _validators(held: Validators, outcome: Outcome) -> Validators:
    """Give the validators of the document that we have now.

    A whole document brings its own, each by itself, whatever its body; a 304 may renew them (RFC 9111
    section 4.3.4). Those of a document that broke off would hide its rest behind a 304: they are taken where
    there are no others, or once another reading brought no more.
    """
    said = {name.lower(): value for name, value in outcome.headers.items()}
    given = Validators(_sendable(said.get("etag")), _sendable(said.get("last-modified")))
    if outcome.status == 200:
        kept = not outcome.complete and held and (outcome.new or not given)
        return held if kept else given
    return Validators(given.etag or held.etag, given.last_modified or held.last_modified)


def _sendable(value: str | None) -> str | None:
    """Give a validator that a request can bear; ``None`` for any other: it would only seem to be sent."""
    return value if value and len(value) <= _LONGEST and not _CONTROL.search(value) else None


def _doubted(known: Known, fetched: Fetched, now: datetime) -> datetime | None:
    """Doubt a 304 that came after news was sent to us; believe it again once it is seen to be true.

    Its truth shows when a conditional request is answered whole, or when a whole document has the validators
    that we held and nothing new. Validators of a document that broke off are doubted from the start.
    """
    outcome = fetched.outcome
    if outcome.status == 304:
        return known.doubted_at or (now if fetched.pushed else None)
    after = _validators(known.validators, outcome)
    if not outcome.complete and after != known.validators:
        return known.doubted_at or now
    unchanged = after == known.validators and not outcome.new
    return None if fetched.conditional or unchanged else known.doubted_at
