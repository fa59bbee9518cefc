"""The service at a glance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from daily8.store import hosts
from daily8.store.models import Article, Errand
from daily8.store.overview import overview
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
