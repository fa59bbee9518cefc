"""What editors and repair do to stories: said as rows, given a place in the order, carried out there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from daily8.news.stories.values import LOCK, MERGE, MOVE, SPLIT, UNLOCK, Change, change_to_json
from daily8.store.models import Membership, Story, StoryAct
from daily8.store.wakeups import wake_after

HEADLINE_MOST = 300
WHY_MOST = 500
ARTICLES_MOST = 500
"""Articles that one act moves."""
SAME = "A story cannot be merged into itself."
MERGED = "The story was merged into another."
EMPTY = "None of these articles is in the story."
WHOLE = "Nothing would be left of the story."
UNKNOWN = "There is no such story."
LONG = f"The headline is longer than {HEADLINE_MOST} characters."


class ActRefused(Exception):
    """An act that cannot be done; the text says why."""


def say(
    kind: str,
    story: UUID,
    *,
    other: UUID | None = None,
    articles: Sequence[UUID] = (),
    headline: str = "",
    by: str,
    why: str = "",
    now: datetime,
) -> int:
    """Write down what an editor does to a story; give the number of the act.

    A headline counts at once. All else is judged and carried out by the assigner, in its place.

    :raises ActRefused: for what cannot be done as things stand.
    """
    with transaction.atomic():
        rows = Story.objects.select_for_update(no_key=True).in_bulk(
            sorted({story, *([other] if other else [])})
        )
        row, there = rows.get(story), rows.get(other) if other else None
        if row is None or (other and there is None):
            raise ActRefused(UNKNOWN)
        act = StoryAct(
            kind=kind,
            story=row,
            other=there,
            articles=[id_.hex for id_ in articles[:ARTICLES_MOST]],
            headline=headline,
            origin=StoryAct.Origin.EDITOR,
            by=by,
            at=now,
            why=why[:WHY_MOST],
        )
        if kind == StoryAct.Kind.HEADLINE:
            if len(headline) > HEADLINE_MOST:
                raise ActRefused(LONG)
            Story.objects.filter(id=row.id).update(headline=headline)
        else:
            _change(act)  # judged now for whoever waits, and again in its place
        act.save()
        wake_after("assign")
    return act.id


def place_next(*, after_seq: int) -> bool:
    """Give the oldest act that waits its place after an arrival, or refuse it; tell whether one waited."""
    rows = StoryAct.objects.filter(place=None, refused="").exclude(kind=StoryAct.Kind.HEADLINE)
    act = rows.order_by("id").select_for_update(of=("self",)).select_related("story", "other").first()
    if act is None:
        return False
    try:
        act.change = change_to_json(_change(act))
        act.place, act.after_seq = _last_place() + 1, after_seq
    except ActRefused as refused:
        act.refused = str(refused)
    act.save(update_fields=["change", "place", "after_seq", "refused"])
    return True


def _last_place() -> int:
    return StoryAct.objects.aggregate(last=Max("place"))["last"] or 0


def _change(act: StoryAct) -> Change:
    """Say an act in the names by which stories are decided.

    :raises ActRefused: for what cannot be done as things stand.
    """
    story, other = act.story, act.other
    if story.forward_to_id:
        raise ActRefused(MERGED)
    if other and other.forward_to_id:
        other = other.forward_to
    if other and other.id == story.id:
        raise ActRefused(SAME)
    if act.kind == StoryAct.Kind.MERGE:
        if other is None:
            raise ActRefused(UNKNOWN)
        return Change(MERGE, other.opened_seq, story.opened_seq, by_editor=True)
    if act.kind in (StoryAct.Kind.SPLIT, StoryAct.Kind.MOVE):
        return _taken_out(act, story, other if act.kind == StoryAct.Kind.MOVE else None)
    return Change(LOCK if act.kind == StoryAct.Kind.LOCK else UNLOCK, story.opened_seq, by_editor=True)


def _taken_out(act: StoryAct, story: Story, into: Story | None) -> Change:
    members = Membership.objects.filter(story=story)
    wanted = [UUID(hex=id_) for id_ in act.articles]
    seqs = tuple(members.filter(article__in=wanted).order_by("seq").values_list("seq", flat=True))
    if not seqs:
        raise ActRefused(EMPTY)
    whole = members.count() == len(seqs)
    if into is None:
        if whole:
            raise ActRefused(WHOLE)
        return Change(SPLIT, story.opened_seq, _name(seqs), seqs, by_editor=True)
    if whole:  # its address leads to where its articles are
        return Change(MERGE, into.opened_seq, story.opened_seq, by_editor=True)
    return Change(MOVE, into.opened_seq, None, seqs, by_editor=True)


def _name(seqs: Sequence[int]) -> int:
    """Name a new story by the first of its articles that did not open one; a name is never given twice."""
    taken = set(Story.objects.filter(opened_seq__in=seqs).values_list("opened_seq", flat=True))
    free = next((seq for seq in seqs if seq not in taken), None)
    return free if free is not None else last_name() + 1


def last_name() -> int:
    """Give the greatest name of a story or an arrival."""
    story = Story.objects.aggregate(last=Max("opened_seq"))["last"] or 0
    return max(story, Membership.objects.aggregate(last=Max("seq"))["last"] or 0)


def propose(changes: Sequence[Change], *, after_seq: int, now: datetime) -> None:
    """Write down what repair does to stories, each in its place."""
    names = {name for change in changes for name in (change.story, change.other) if name is not None}
    stories = {row.opened_seq: row for row in Story.objects.filter(opened_seq__in=names)}
    first = _last_place() + 1
    StoryAct.objects.bulk_create(
        [
            StoryAct(
                kind=change.kind,
                story=stories[change.other if change.kind == MERGE and change.other else change.story],
                other=stories[change.story] if change.kind == MERGE else None,
                origin=StoryAct.Origin.REPAIR,
                at=now,
                change=change_to_json(change),
                place=place,
                after_seq=after_seq,
            )
            for place, change in enumerate(changes, first)
        ]
    )


def carry_out(act: int, change: Change, now: datetime) -> None:
    """Do what an act says to who belongs where; done twice it is done once."""
    story = Story.objects.select_for_update(no_key=True).get(opened_seq=change.story)
    members, other = Membership.objects.filter(seq__in=change.seqs), change.other or 0
    if change.kind == MERGE:
        _merge(Story.objects.select_for_update(no_key=True).get(opened_seq=other), story)
    elif change.kind == SPLIT:
        new, _ = Story.objects.get_or_create(opened_seq=other, defaults={"opened_at": now})
        members.update(story=new)
        StoryAct.objects.filter(id=act).update(other=new)
    elif change.kind == MOVE:
        members.update(story=story.forward_to_id or story.id)
    elif change.kind in (LOCK, UNLOCK):
        Story.objects.filter(id=story.id).update(locked=change.kind == LOCK)


def _merge(ended: Story, story: Story) -> None:
    into = story.forward_to_id or story.id
    if ended.id == into:
        return
    Membership.objects.filter(story=ended).update(story=into)
    Story.objects.filter(forward_to=ended).update(forward_to=into)
    Story.objects.filter(id=ended.id).update(forward_to=into, locked=False)
