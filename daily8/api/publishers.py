"""Publishers: who they are, what they publish, and by which sources it arrives."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from daily8.api.answers import Missing, next_address
from daily8.api.parameters import Limit, Older, Slug
from daily8.api.schemas import ArticleSummary, Problem, Publisher, PublisherDetail, Source
from daily8.store import publishers

router = Router(tags=["publishers"])


@router.get(
    "/{slug}",
    response={200: PublisherDetail, 400: Problem, 404: Problem},
    url_name="publisher",
    operation_id="getPublisher",
)
def publisher(request: HttpRequest, slug: Slug, older: Older = None, limit: Limit = 24) -> PublisherDetail:
    """Give a publisher with its sources and its newest articles."""
    value = publishers.page(slug, older=older, limit=limit)
    if value is None:
        raise Missing("There is no such publisher.")
    return PublisherDetail(
        publisher=Publisher.of(value.publisher),
        sources=list(map(Source.of, value.sources)),
        articles=list(map(ArticleSummary.of, value.list.cards)),
        older=value.list.older,
        next=next_address("api:publisher", slug, query={"older": value.list.older, "limit": limit}),
    )
