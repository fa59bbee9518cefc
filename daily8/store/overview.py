"""The service at a glance."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum

from daily8.news.repair import GENERATION
from daily8.store import sources
from daily8.store.models import (
    Article,
    Embedding,
    Errand,
    FrontRun,
    Host,
    KeptPage,
    Picture,
    Poll,
    Progress,
    Publisher,
    VectorPlan,
)
from daily8.store.values import Overview, StageView


def overview(now: datetime) -> Overview:
    """Count what there is and what is due."""
    articles = Article.objects.aggregate(n=Count("*"), newest=Max("published_at"))
    pictures = Picture.objects.filter(size__gt=0).aggregate(n=Count("*"), size=Sum("size"))
    fronts = FrontRun._default_manager.first()
    return Overview(
        publishers=Publisher.objects.count(),
        sources=sources.count(),
        failing=Poll.objects.exclude(cause="").filter(failures__gt=0).count(),
        articles=articles["n"],
        newest_at=articles["newest"],
        pictures=pictures["n"],
        picture_bytes=pictures["size"] or 0,
        stages=stages(now),
        fronts_at=fronts.worked_at if fronts else None,
        fronts_seconds=fronts.seconds if fronts else 0.0,
    )


def stages(now: datetime) -> tuple[StageView, ...]:
    """Give the state of each stage: what is due, for later, in hand, set aside."""
    held = Host.objects.filter(claimed_until__gt=now).count()
    polls = Poll.objects.filter(next_at__lte=now).aggregate(n=Count("*"), oldest=Min("next_at"))
    waiting = Poll.objects.filter(next_at__gt=now).count()
    errands: dict[str, dict[str, Any]] = {
        row["kind"]: dict(row)
        for row in Errand.objects.exclude(verdict=Errand.Verdict.DONE)
        .values("kind")
        .annotate(
            due=Count("id", filter=Q(verdict=None, due_at__lte=now)),
            waiting=Count("id", filter=Q(verdict=None, due_at__gt=now)),
            aside=Count("id", filter=Q(verdict=Errand.Verdict.ASIDE)),
            oldest=Min("due_at", filter=Q(verdict=None, due_at__lte=now)),
        )
    }
    none: dict[str, Any] = {"due": 0, "waiting": 0, "aside": 0, "oldest": None}
    return (
        StageView("poll", polls["n"], waiting, held, 0, polls["oldest"]),
        *(
            StageView(kind, row["due"], row["waiting"], 0, row["aside"], row["oldest"])
            for kind in Errand.Kind.values
            for row in [errands.get(kind, none)]
        ),
        _rereading(now),
        *(_progress(stage, now) for stage in ("understand", "assign", "relate")),
        _embedding(now),
    )


def _progress(stage: str, now: datetime) -> StageView:
    """Count what one of the stages of stories has to do; only what is to be understood is held by a lease."""
    at = f"{stage}_at"
    held = Q(claimed_until__gt=now) if stage == "understand" else Q(pk=None)
    due = Q(**{f"{at}__lte": now})
    found = Progress.objects.filter(**{f"{at}__isnull": False}).aggregate(
        due=Count("pk", filter=due & ~held),
        waiting=Count("pk", filter=Q(**{f"{at}__gt": now})),
        held=Count("pk", filter=due & held),
        oldest=Min(at, filter=due & ~held),
    )
    return StageView(stage, found["due"], found["waiting"], found["held"], 0, found["oldest"])


def _rereading(now: datetime) -> StageView:
    due = KeptPage.objects.filter(generation__lt=GENERATION).aggregate(
        n=Count("article", filter=~Q(claimed_until__gt=now)),
        held=Count("article", filter=Q(claimed_until__gt=now)),
    )
    return StageView("reread", due["n"], 0, due["held"], 0, None)


def _embedding(now: datetime) -> StageView:
    newest = VectorPlan.objects.order_by("-id").first()
    if newest is None:  # nobody asked for vectors yet
        return StageView("embed", 0, 0, 0, 0, None)
    wanted = newest.id if newest.recipes else 1
    undone, held = Q(plan__lt=wanted), Q(claimed_until__gt=now)
    row = Embedding.objects.filter(undone | ~Q(cause="")).aggregate(
        due=Count("article", filter=undone & ~held & ~Q(next_at__gt=now)),
        waiting=Count("article", filter=undone & ~held & Q(next_at__gt=now)),
        held=Count("article", filter=undone & held),
        aside=Count("article", filter=~undone & ~Q(cause="")),
    )
    return StageView("embed", row["due"], row["waiting"], row["held"], row["aside"], None)
