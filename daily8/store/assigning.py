"""Stories as they are decided: one assigner at a time, every event in its order, every decision kept.

What happens to stories is a log of facts: arrivals by their ``seq``, acts by their ``place``, each after an
arrival. What follows from it - who belongs where - is decided once, and can be decided again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Max

from daily8.news.copies import Copy, copy_from_json, copy_to_json
from daily8.news.reports import Report
from daily8.news.stories.values import (
    Change,
    Decision,
    change_from_json,
    decision_from_json,
    decision_to_json,
)
from daily8.store.copies import forget, join
from daily8.store.models import Arrival, Article, Assigner, Checkpoint, Membership, Progress, Story, StoryAct
from daily8.store.reports import reports
from daily8.store.story_acts import carry_out, last_name, place_next, propose
from daily8.store.wakeups import wake_after

TEXT_MOST = 4_000
"""Characters of a text that are kept with its arrival while copies of it may come."""
TEXT_OLD = 2_000
"""Characters of a text that are kept for ever."""
_CUT_AT_ONCE = 20_000
_READ_MOST = 40_000
"""Characters of a text within which its length is told."""
TRIES = 3
"""Times that deciding an event may fail before it is passed over."""
AT_ONCE = 200
_LOCK = 0x6461_696C_7938
"""Of all advisory locks of the database, the assigner's."""
_ONLY = 1
"""The assigner's row."""
_CHECKPOINTS_KEPT = 2


class Fenced(Exception):
    """Another assigner took over: what this one decided is not written."""


@dataclass(frozen=True, slots=True)
class Hold:
    """The right to decide, and how far all is decided."""

    token: UUID
    seq: int
    place: int
    era: int
    """Rises when all is to be decided anew: what was in memory before is worth nothing."""
    repaired_at: datetime | None = None
    repaired_seq: int = 0
    """Up to which arrivals repair has looked."""
    passed: int | None = None
    """The event that failed too often: an arrival's ``seq``, or an act's ``place`` below zero."""
    passed_for: str = ""
    """What went wrong there."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """An article at its place in the order."""

    seq: int
    article: UUID
    report: Report
    decision: Decision | None = None
    """Where it was decided before."""
    copy: Copy | None = None
    """Of which earlier one it is a copy, where that was decided before."""
    cut: bool = False
    """Whether of what it is a copy is a fact: there is too little of its text to decide it again."""
    trouble: str = ""
    """What went wrong each time that it was to be decided: it is placed unread."""


@dataclass(frozen=True, slots=True)
class Acted:
    """An act at its place in the order."""

    place: int
    act: int
    change: Change
    refused: str = ""
    """Why it makes no sense where stories are decided: then it changes nothing."""


Event = Arrived | Acted


def claim(now: datetime) -> Hold | None:
    """Become the assigner; ``None`` while another is. It ends with `leave`, or with the connection.

    The lock keeps others from starting; the token keeps one that lost its connection from writing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return None
    with transaction.atomic():
        Assigner.objects.bulk_create([Assigner(id=_ONLY)], ignore_conflicts=True)
        row = Assigner.objects.select_for_update().get(id=_ONLY)
        row.token, row.since = uuid4(), now
        row.save(update_fields=["token", "since"])
    held = Hold(row.token, row.seq, row.place, row.era, row.repaired_at, row.repaired_seq)
    if row.stumbled_at is not None and row.stumbles >= TRIES:
        return replace(held, passed=row.stumbled_at, passed_for=row.stumbled_over)
    return held


def leave() -> None:
    """Let others be the assigner."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _held(hold: Hold) -> Assigner:
    """Give the assigner's row, locked, where it is still ours and as far as we know.

    :raises Fenced: where it is not.
    """
    row = Assigner.objects.select_for_update().filter(id=_ONLY).first()
    if row is None or (row.token, row.seq, row.place, row.era) != (
        hold.token,
        hold.seq,
        hold.place,
        hold.era,
    ):
        raise Fenced
    return row


def pick_up(hold: Hold, now: datetime, *, limit: int = AT_ONCE) -> bool:
    """Give what waits its place in the order: one act, else the articles that came; tell whether any did.

    Belongs where everything that has a place is decided: an act is judged by what it then finds.

    :raises Fenced: where another assigner took over.
    """
    with transaction.atomic():
        _held(hold)
        return place_next(after_seq=hold.seq) or _pick_up_articles(hold, now, limit) > 0


def _pick_up_articles(hold: Hold, now: datetime, limit: int) -> int:
    rows = Progress.objects.filter(assign_at__isnull=False).order_by("article_id")
    ids = list(rows.select_for_update(no_key=True).values_list("article_id", flat=True)[:limit])
    if not ids:
        return 0
    Progress.objects.filter(article__in=ids).update(assign_at=None)
    known = set(Arrival.objects.filter(article__in=ids).values_list("article_id", flat=True))
    found = reports([id_ for id_ in ids if id_ not in known], most=_READ_MOST)
    # A source that is fetched for the first time brings the news of days: stories are told in their order.
    in_time = sorted(found.items(), key=lambda one: (one[1].time or now, one[0]))
    columns = "url", "canonical_url", "syndicated_from"
    places = {row.pop("id"): row for row in Article.objects.filter(id__in=found).values("id", *columns)}
    first = max(last_name(), Arrival.objects.aggregate(last=Max("seq"))["last"] or 0) + 1
    Arrival.objects.bulk_create(
        [
            Arrival(
                seq=seq,
                article_id=id_,
                title=told.title,
                text=told.text[:TEXT_MOST],
                language=told.language,
                publisher=told.publisher,
                **places[id_],
                length=len(told.text),
                published_at=told.time or now,
                taken_at=now,
            )
            for seq, (id_, told) in enumerate(in_time, first)
        ]
    )
    return len(ids)


def pending(hold: Hold, *, limit: int = AT_ONCE) -> list[Event]:
    """Give what has its place and is not decided: some arrivals in their order, or one act."""
    act = StoryAct.objects.filter(place__gt=hold.place, refused="").order_by("place").first()
    if act and act.after_seq is not None and act.after_seq <= hold.seq:
        return [_acted(act)]
    rows = Arrival.objects.filter(seq__gt=hold.seq).order_by("seq")
    if act:
        rows = rows.filter(seq__lte=act.after_seq)
    if found := list(rows[:limit]):
        return [arrived(row) for row in found]
    return [_acted(act)] if act else []


def decided(since: Hold, until: Hold, *, limit: int = 1000) -> Iterator[Event]:
    """Give what is decided from one state to another, in its order, with the decisions that were made."""
    seq, acts = since.seq, _acts(since.place, until.place)
    act = next(acts, None)
    while True:
        rows = Membership.objects.filter(seq__gt=seq, seq__lte=until.seq).order_by("seq")
        batch = list(rows[:limit])
        arrivals = Arrival.objects.in_bulk([row.seq for row in batch])
        for row in batch:
            while act and (act.after_seq or 0) < row.seq:
                yield _acted(act)
                act = next(acts, None)
            yield replace(
                arrived(arrivals[row.seq]),
                decision=decision_from_json(row.decision),
                copy=copy_from_json(row.copied) if row.copied else None,
                trouble=row.trouble,
            )
        if len(batch) < limit:
            break
        seq = batch[-1].seq
    while act:
        yield _acted(act)
        act = next(acts, None)


def _acts(after: int, until: int) -> Iterator[StoryAct]:
    rows = StoryAct.objects.filter(place__gt=after, place__lte=until, refused="")
    return rows.order_by("place").iterator(500)


def arrived(row: Arrival) -> Arrived:
    """Give an arrival as an event that is not decided yet."""
    report = Report(
        row.article_id.hex,
        row.title,
        row.text,
        row.language,
        row.published_at,
        row.publisher,
        row.canonical_url or row.url,
    )
    copy = copy_from_json(row.copied) if row.copied else None
    return Arrived(row.seq, row.article_id, report, copy=copy, cut=row.cut)


def _acted(row: StoryAct) -> Acted:
    return Acted(row.place or 0, row.id, change_from_json(row.change or {}))


def record(hold: Hold, events: Sequence[Event], *, recipe: str, now: datetime) -> Hold:
    """Write what was decided of events, in one transaction; give the hold as it is then.

    :raises Fenced: where another assigner took over; nothing is written.
    """
    came = [event for event in events if isinstance(event, Arrived)]
    acted = [event for event in events if isinstance(event, Acted)]
    with transaction.atomic():
        row = _held(hold)
        if came:
            _write(came, recipe, now)
            row.seq = came[-1].seq
        for event in acted:
            if event.refused:
                StoryAct.objects.filter(id=event.act).update(refused=event.refused)
            else:
                carry_out(event.act, event.change, now)
            row.place = event.place
        row.stumbled_at, row.stumbles, row.stumbled_over = None, 0, ""
        row.save(update_fields=["seq", "place", "stumbled_at", "stumbles", "stumbled_over"])
        if came:
            wake_after("relate")
    return replace(hold, seq=row.seq, place=row.place, passed=None, passed_for="")


def stumbled(hold: Hold, at: int, over: str) -> Hold:
    """Note that deciding an event failed (``at`` as `Hold.passed`); give the hold, which passes it over
    once that was tried often enough.

    :raises Fenced: where another assigner took over.
    """
    with transaction.atomic():
        row = _held(hold)
        row.stumbles = row.stumbles + 1 if row.stumbled_at == at else 1
        row.stumbled_at, row.stumbled_over = at, over
        row.save(update_fields=["stumbled_at", "stumbles", "stumbled_over"])
    return replace(hold, passed=at, passed_for=over) if row.stumbles >= TRIES else hold


def _write(came: Sequence[Arrived], recipe: str, now: datetime) -> None:
    decisions = [(event, event.decision) for event in came if event.decision]
    opened = [decision.story for _, decision in decisions if decision.opened]
    # One that is decided again finds its story as it was: an address is a fact.
    Story.objects.bulk_create(
        [Story(opened_seq=name, opened_at=now) for name in sorted(opened)], ignore_conflicts=True
    )
    names = {decision.story for _, decision in decisions}
    rows = Story.objects.filter(opened_seq__in=names).values_list("opened_seq", "forward_to", "id")
    # A story that was emptied by a merge may be decided for as long as memory still has its name.
    stories = {name: forward or id_ for name, forward, id_ in rows}
    Membership.objects.bulk_create(
        [
            Membership(
                article_id=event.article,
                seq=event.seq,
                story_id=stories[decision.story],
                decision=decision_to_json(decision),
                copied=copy_to_json(event.copy) if event.copy else None,
                trouble=event.trouble,
                recipe=recipe,
            )
            for event, decision in decisions
        ]
    )
    join([(event.article, event.copy) for event, _ in decisions if event.copy], recipe=recipe)
    Progress.objects.filter(article__in=[event.article for event in came]).update(relate_at=now)


def record_repair(hold: Hold, changes: Sequence[Change], now: datetime) -> Hold:
    """Write down what repair found, each with its place: it is carried out as what editors do.

    :raises Fenced: where another assigner took over.
    """
    with transaction.atomic():
        row = _held(hold)
        propose(changes, after_seq=hold.seq, now=now)
        row.repaired_at, row.repaired_seq = now, row.seq
        row.save(update_fields=["repaired_at", "repaired_seq"])
    return replace(hold, repaired_at=now, repaired_seq=row.seq)


def checkpoint(hold: Hold, body: bytes, *, made_by: str, now: datetime) -> None:
    """Keep what is in memory after what was decided so far, and the one before it.

    :raises Fenced: where another assigner took over.
    """
    with transaction.atomic():
        _held(hold)
        Checkpoint.objects.create(seq=hold.seq, place=hold.place, body=body, made_by=made_by, made_at=now)
        kept = Checkpoint.objects.order_by("-id").values_list("id", flat=True)[:_CHECKPOINTS_KEPT]
        Checkpoint.objects.exclude(id__in=list(kept)).delete()


def last_checkpoint(hold: Hold, *, made_by: str) -> tuple[Hold, bytes] | None:
    """Give the newest checkpoint that a recipe can read, with the state that it holds."""
    rows = Checkpoint.objects.filter(made_by=made_by, seq__lte=hold.seq, place__lte=hold.place)
    row = rows.order_by("-id").first()
    return (replace(hold, seq=row.seq, place=row.place), bytes(row.body)) if row else None


def anew() -> None:
    """Let all be decided anew from the log: what is derived from it is forgotten."""
    with transaction.atomic():
        row = Assigner.objects.select_for_update().filter(id=_ONLY).first()
        Membership.objects.all().delete()
        forget()
        Checkpoint.objects.all().delete()
        if row:
            row.token, row.seq, row.place, row.repaired_seq, row.era = None, 0, 0, 0, row.era + 1
            row.save()


def cut(before: datetime) -> int:
    """Cut the texts of articles that were taken before a time down to what stories need; give their number.

    What was found of them as copies is a fact from here on.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH old AS MATERIALIZED (
                SELECT seq FROM store_arrival WHERE NOT cut AND taken_at < %s
                ORDER BY taken_at LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
            )
            UPDATE store_arrival row SET text = left(row.text, %s), cut = true, copied = member.copied
            FROM old JOIN store_membership member USING (seq) WHERE row.seq = old.seq
            """,
            [before, _CUT_AT_ONCE, TEXT_OLD],
        )
        return int(cursor.rowcount)


def any_due(now: datetime, *, repair_every: timedelta) -> bool:
    """Tell whether anything waits for the assigner: an article, an act, or repair of what came since."""
    if Progress.objects.filter(assign_at__isnull=False).exists():
        return True
    acts = StoryAct.objects.filter(place=None, refused="").exclude(kind=StoryAct.Kind.HEADLINE)
    if acts.exists():
        return True
    row = Assigner.objects.filter(id=_ONLY).first() or Assigner(id=_ONLY)
    if Arrival.objects.filter(seq__gt=row.seq).exists():
        return True
    if StoryAct.objects.filter(place__gt=row.place, refused="").exists():
        return True
    return row.seq > row.repaired_seq and (row.repaired_at is None or row.repaired_at + repair_every <= now)
