"""Groups of articles whose texts are copies of one another: one leads, the others stay within reach."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q, Subquery, Value
from django.db.models.functions import Coalesce

from daily8.news.copies import Copy as Found
from daily8.news.copies import Member, leader
from daily8.store.models import Arrival, Copy
from daily8.store.values import CopyLink

ALSO_MOST = 40
"""Copies of one article that its page names."""
_READ_MOST = 500
"""Copies of one article among which the leader is chosen."""
_AGENCY = "agency"


def join(found: Sequence[tuple[UUID, Found]], *, recipe: str) -> None:
    """Let articles join the groups of those that they copy, in the order of arrival.

    The leader of a group may change by that. Stands in the transaction that records them.
    """
    for article, copy in found:
        of = Arrival.objects.filter(seq=copy.of).values_list("article_id", flat=True).first()
        if of is None:
            continue
        leads = Copy.objects.filter(article=of).values_list("leader_id", flat=True).first() or of
        Copy.objects.create(
            article_id=article, leader_id=leads, reason=copy.rule, share=round(copy.share, 3), recipe=recipe
        )
        _lead(leads)


def _lead(before: UUID) -> None:
    """Let the best of a group lead it."""
    group = Copy.objects.filter(leader=before)
    ids = [before, *group.order_by("article__arrival__seq").values_list("article_id", flat=True)[:_READ_MOST]]
    rows = Arrival.objects.filter(article__in=ids).select_related("article__publisher").defer("text")
    members = {row.article_id: _member(row) for row in rows}
    best = leader(list(members.values()))
    now = next(id_ for id_, one in members.items() if one.seq == best.seq)
    if now != before:
        # The new leader and the former one are copies of each other by the same figures.
        Copy.objects.filter(article=now).update(article=before)
    Copy.objects.filter(Q(leader=before) | Q(article=before)).update(leader=now, led_by=best.reason)


def _member(row: Arrival) -> Member:
    return Member(
        seq=row.seq,
        words=row.length,  # only their ratios count
        time=row.published_at,
        publisher=row.publisher,
        url=row.url,
        canonical_url=row.canonical_url,
        syndicated_from=row.syndicated_from,
        agency=row.article.publisher.kind == _AGENCY,
    )


def forget() -> None:
    """Forget all groups: they are found anew."""
    Copy.objects.all().delete()


def also_at(article: UUID) -> tuple[CopyLink, ...]:
    """Give the articles of whose group this is one: the leader first, then the others by their time."""
    own = Copy.objects.filter(article=article).values("leader")
    rows = Copy.objects.filter(leader=Coalesce(Subquery(own), Value(article)))
    rows = rows.select_related("article__publisher", "leader__publisher")
    found = list(rows.order_by("article__published_at", "article_id")[: ALSO_MOST + 1])
    every = [*(row.leader for row in found[:1]), *(row.article for row in found)]
    return tuple(
        CopyLink(row.id, row.publisher.name, leads=place == 0)
        for place, row in enumerate(every)
        if row.id != article and row.title
    )[:ALSO_MOST]


def leaders(articles: Iterable[UUID]) -> dict[UUID, UUID]:
    """Give the leader of each article that is a copy."""
    wanted = list(articles)
    if not wanted:
        return {}
    return dict(Copy.objects.filter(article__in=wanted).values_list("article_id", "leader_id"))


def without_copies(articles: Sequence[UUID], shown: Iterable[UUID] = ()) -> list[UUID]:
    """Leave out what repeats an article before it in a list, or one of those that are ``shown`` anyway.

    Of several copies the one that comes first stays, whether it leads or not.
    """
    before = list(shown)
    if len(articles) + len(before) < 2:
        return list(articles)
    led = leaders([*before, *articles])
    seen = {led.get(id_, id_) for id_ in before}
    kept = []
    for id_ in articles:
        group = led.get(id_, id_)
        if group not in seen:
            seen.add(group)
            kept.append(id_)
    return kept
