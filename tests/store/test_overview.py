"""The service at a glance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from daily8.store import embedding, fronts, hosts, progress, vectors
from daily8.store.embedding import Embedded
from daily8.store.models import Article, Errand, Progress
from daily8.store.overview import overview, stages
from daily8.store.values import StageView
from daily8.store.vectors import Made
from tests.store.conftest import NOW


@pytest.mark.django_db
def test_it_counts_what_is_due_and_what_was_set_aside(article: Callable[..., Article]) -> None:
    article()
    hosts.send(Errand.Kind.PAGE, {uuid4(): "post.example", uuid4(): "post.example"}, NOW)
    Errand.objects.filter(id=Errand.objects.earliest("id").id).update(verdict="aside")
    seen = overview(NOW + timedelta(minutes=1))
    assert (seen.articles, seen.sources, seen.publishers, seen.failing) == (1, 1, 1, 0)
    stages = {stage.stage: stage for stage in seen.stages}
    assert (stages["poll"].due, stages["poll"].oldest_due_at) == (1, NOW)
    assert (stages["page"].due, stages["page"].aside) == (1, 1)
    assert stages["picture"].due == 0


@pytest.mark.django_db
def test_it_counts_what_is_to_be_embedded(article: Callable[..., Article]) -> None:
    def seen() -> StageView:
        return next(stage for stage in stages(NOW) if stage.stage == "embed")

    rows = [article(number, language="ar" if number == 3 else "en") for number in range(5)]
    vectors.tell(row.id for row in rows[:4])
    vectors.tell([rows[4].id], at=NOW + timedelta(hours=1))
    assert seen() == StageView("embed", 0, 0, 0, 0, None)  # nobody asked for it
    plans = vectors.want([Made("english 1 d2", 2, frozenset({"en"}))], NOW)
    assert seen() == StageView("embed", 4, 1, 0, 0, None)
    hands = frozenset({plans.wanted.parts[0].id})
    first = embedding.claim(plans, hands, NOW, lease=timedelta(minutes=5), limit=1)
    embedding.claim(plans, hands, NOW, lease=timedelta(minutes=5), limit=1)
    assert seen() == StageView("embed", 2, 1, 2, 0, None)
    embedding.record([Embedded(one, {}) for one in first], plans.wanted.id)  # the Arabic one
    assert seen() == StageView("embed", 2, 1, 1, 1, None)


@pytest.mark.django_db
def test_it_counts_what_is_to_come_into_stories(article: Callable[..., Article]) -> None:
    made = [article(number) for number in range(4)]
    times = [NOW, NOW + timedelta(minutes=1), NOW + timedelta(hours=1), None]
    for row, at in zip(made, times, strict=True):
        Progress.objects.create(article=row, understand_at=at, assign_at=at if at == NOW else None)
    _, [held] = progress.claim(NOW, lease=timedelta(minutes=3), limit=1)
    assert held == made[0].id
    found = {stage.stage: stage for stage in overview(NOW + timedelta(minutes=2)).stages}
    understand, assign, relate = (found[name] for name in ("understand", "assign", "relate"))
    assert (understand.due, understand.waiting, understand.in_hand) == (1, 1, 1)
    assert understand.oldest_due_at == times[1]
    assert (assign.due, assign.in_hand, assign.oldest_due_at) == (1, 0, NOW)
    assert (relate.due, relate.oldest_due_at) == (0, None)


@pytest.mark.django_db
def test_it_tells_when_front_pages_were_worked_out() -> None:
    assert overview(NOW).fronts_at is None
    fronts.worked(NOW, "mark", seconds=0.5, editions=2)
    assert (overview(NOW).fronts_at, overview(NOW).fronts_seconds) == (NOW, 0.5)
