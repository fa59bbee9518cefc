"""Documents of sources that are in hand without a poll: looked at, pushed by a hub, brought by mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from daily8.store import hosts
from daily8.store.hosts import DueDelivery, DuePoll
from daily8.store.models import Delivery, Errand, Source

MAIL = "mail:"
"""Before the domain in a host of newsletters: nothing is ever asked there."""


@dataclass(frozen=True, slots=True)
class Document:
    """What came: where from in the end, under which headers, and its bytes, decoded."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Delivered:
    """A document to be read, and the source whose it is."""

    source: DuePoll
    kind: str
    """Of `Delivery.Kind`."""
    document: Document
    arrived_at: datetime


def place(host: str) -> str:
    """Give the name under which documents of a host's sources are due that are here already.

    Nothing is asked of the host for them, so they wait neither for its rest nor behind its pages.
    """
    return host if host.startswith(MAIL) else f"here:{host}"


def bring(source: UUID, kind: str, document: Document, *, now: datetime, tell: bool = True) -> None:
    """Keep a document of a source, and make it due. Who calls wakes the stage *fetch*.

    Without ``tell`` who calls tells the places too (`place`, `daily8.store.hosts.tell`): of several documents
    at once, for hosts are locked in the order of their names.
    """
    with transaction.atomic():
        host = Source.objects.values_list("host", flat=True).get(id=source)
        row = Delivery.objects.create(
            source_id=source,
            kind=kind,
            url=document.url,
            headers={name.lower(): value for name, value in document.headers.items()},
            body=document.body,
            arrived_at=now,
        )
        hosts.send(Errand.Kind.DELIVERY, {row.id: place(host)}, now)
        if tell:
            hosts.tell({place(host): now})


def load(due: DueDelivery) -> Delivered | None:
    """Give a delivery that is due; ``None`` when it was read already, or its source is gone."""
    row = Delivery.objects.filter(id=due.delivery).first()
    source = hosts.due_poll(row.source_id) if row else None
    if row is None or source is None:
        return None
    return Delivered(
        source=source,
        kind=row.kind,
        document=Document(row.url, row.headers, bytes(row.body)),
        arrived_at=row.arrived_at,
    )


def finish(due: DueDelivery) -> None:
    """Forget a delivery that was read. Belongs in the transaction that records what it brought."""
    Delivery.objects.filter(id=due.delivery).delete()
    Errand.objects.filter(id=due.errand).delete()


def pending(source: UUID) -> int:
    """Count the documents of a source that wait to be read."""
    return Delivery.objects.filter(source_id=source).count()


def prune(before: datetime) -> int:
    """Delete deliveries that could not be read since a time; give their number.

    What is still to be read stays, however long ago it came. Mails that wait for an editor's word have a time
    of their own (`daily8.store.mailboxes.prune`).
    """
    due = Errand.objects.filter(kind=Errand.Kind.DELIVERY, subject=OuterRef("pk"), verdict=None)
    waiting = {"source__way": Source.Way.MAIL, "source__state": Source.State.PAUSED}
    old = Delivery.objects.filter(~Exists(due), arrived_at__lt=before)
    return old.exclude(**waiting).delete()[0]
