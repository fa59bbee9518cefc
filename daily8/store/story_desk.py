"""Stories as editors see them: all, one with the figures of each decision, what was done to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from daily8.news.reports import Report
from daily8.store import story_search
from daily8.store.models import Arrival, Article, Membership, Story, StoryAct
from daily8.store.paging import BadPage
from daily8.store.story_values import ActLine, MemberLine, StoryDesk, StoryLine, StoryList

LISTED = 40
MEMBERS = 300
ACTS = 100


@dataclass(frozen=True, slots=True)
class PairSide:
    """One of two articles that are compared."""

    article: UUID
    title: str
    language: str
    publisher: str
    story: UUID | None
    headline: str
    seq: int
    """0 for one that waits for its place."""
    report: Report | None
    decision: Mapping[str, Any] | None


def find(id_: UUID) -> UUID | None:
    """Give the story that an id names: that of a story, of one that was merged, or of an article."""
    row = Story.objects.filter(id=id_).first()
    if row:
        return row.forward_to_id or row.id
    return Membership.objects.filter(article=id_).values_list("story", flat=True).first()


def listing(*, words: str = "", older: str | None = None, limit: int = LISTED) -> StoryList:
    """Give stories, those that were opened last first; with ``words`` those found by them.

    A title of late holds them all, each or its beginning, or an editor's headline holds them as they stand.

    :raises daily8.store.paging.BadPage: for an ``older`` that no page gave.
    """
    rows = Story.objects.filter(forward_to=None).order_by("-opened_seq")
    if older:
        if not older.isdecimal() or len(older) > 18:
            raise BadPage("This page of the list does not exist.")
        rows = rows.filter(opened_seq__lt=int(older))
    rows = rows.filter(Exists(Membership.objects.filter(story=OuterRef("pk"))))
    if words:
        headed = Q(headline__icontains=words) & ~Q(headline="")
        rows = rows.filter(Q(id__in=story_search.holding(words)) | headed)
    # Which they are first: all others need not be counted then.
    ids = list(rows.values_list("id", flat=True)[: limit + 1])
    counted = Story.objects.filter(id__in=ids).annotate(
        n=Count("members"),
        publishers=Count("members__article__publisher", distinct=True),
        newest=Max("members__article__published_at"),
    )
    found = list(counted.order_by("-opened_seq"))
    names = _headlines(found[:limit])
    lines = tuple(
        StoryLine(row.id, *names[row.id], row.n, row.publishers, row.newest, row.locked)
        for row in found[:limit]
    )
    return StoryList(lines, str(found[limit - 1].opened_seq) if len(found) > limit else None)


def _headlines(rows: Sequence[Story]) -> dict[UUID, tuple[str, str]]:
    """Give the headline of each story and its language: an editor's, else that of its first article."""
    first = Membership.objects.filter(story__in=[row.id for row in rows]).order_by("story", "seq")
    found = first.distinct("story").values_list("story", "article__title", "article__language")
    told = {story: (title, language) for story, title, language in found}
    return {row.id: (row.headline, "") if row.headline else told.get(row.id, ("", "")) for row in rows}


def desk(story: UUID) -> StoryDesk | None:
    """Give a story as editors see it; ``None`` for an unknown one or one that was merged."""
    row = Story.objects.filter(id=story, forward_to=None).first()
    if row is None:
        return None
    members = Membership.objects.filter(story=row)
    acts = tuple(map(_act, _acts(row)[:ACTS]))
    headline, language = _headlines([row])[row.id]
    return StoryDesk(
        id=row.id,
        headline=headline,
        own_headline=row.headline,
        language=language,
        locked=row.locked,
        reports=members.count(),
        members=_members(members),
        acts=acts,
        merged=tuple(row.merged.order_by("opened_seq").values_list("id", flat=True)[:MEMBERS]),
        waiting=any(act.state == "waiting" for act in acts),
    )


def _members(rows: QuerySet[Membership]) -> tuple[MemberLine, ...]:
    found = list(rows.select_related("article__publisher").order_by("-seq")[:MEMBERS])
    names = {row.decision.get("story") for row in found} | {row.decision.get("runner_up") for row in found}
    named = list(Story.objects.filter(opened_seq__in=[name for name in names if name is not None]))
    headlines = _headlines(named)
    stories = {row.opened_seq: (row, headlines[row.id][0]) for row in named}

    def other(name: int | None, than: UUID) -> tuple[UUID, str] | None:
        known = stories.get(name) if name is not None else None
        return (known[0].id, known[1]) if known and known[0].id != than else None

    return tuple(
        MemberLine(
            article=row.article_id,
            seq=row.seq,
            title=row.article.title,
            language=row.article.language,
            publisher=row.article.publisher.name,
            published_at=row.article.published_at,
            decision=row.decision,
            story=other(row.decision.get("story"), row.story_id),
            runner_up=other(row.decision.get("runner_up"), row.story_id),
            trouble=row.trouble,
        )
        for row in found
    )


def _acts(row: Story) -> QuerySet[StoryAct]:
    concerned = [row.id, *row.merged.values_list("id", flat=True)]
    return StoryAct.objects.filter(Q(story__in=concerned) | Q(other__in=concerned)).order_by("-id")


def _act(row: StoryAct) -> ActLine:
    done = row.place is not None or row.kind == StoryAct.Kind.HEADLINE
    change = row.change or {}
    return ActLine(
        kind=row.kind,
        origin=row.origin,
        by=row.by,
        at=row.at,
        why=row.why,
        state="refused" if row.refused else "done" if done else "waiting",
        refused=row.refused,
        story=row.story_id,
        other=row.other_id,
        articles=len(row.articles) or len(change.get("seqs", ())),
        headline=row.headline,
        score=change.get("score") if row.origin == StoryAct.Origin.REPAIR else None,
    )


def side(article: UUID) -> PairSide | None:
    """Give an article as one of two that are compared; ``None`` for an unknown one."""
    row = Article.objects.select_related("publisher").filter(id=article).first()
    if row is None:
        return None
    arrival = Arrival.objects.filter(article=row).first()
    member = Membership.objects.select_related("story").filter(article=row).first()
    report = None
    if arrival:
        report = Report(
            row.id.hex,
            arrival.title,
            arrival.text,
            arrival.language,
            arrival.published_at,
            arrival.publisher,
        )
    return PairSide(
        article=row.id,
        title=row.title,
        language=row.language,
        publisher=row.publisher.name,
        story=member.story_id if member else None,
        headline=_headlines([member.story])[member.story_id][0] if member else "",
        seq=arrival.seq if arrival else 0,
        report=report,
        decision=member.decision if member else None,
    )
