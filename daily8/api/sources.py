"""Sources: what is fetched, how it went, and when it is asked next and why."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import StringConstraints

from daily8.api.answers import Missing, next_address
from daily8.api.parameters import Hex, Limit, Older
from daily8.api.schemas import Fetch, Problem, Source, SourceDetail, SourceList, Wish
from daily8.store import sources

router = Router(tags=["sources"])

Words = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00]{0,100}$"),
    Query("", description="Part of a title, an address or a publisher's name."),
]


@router.get("", response={200: SourceList, 400: Problem}, url_name="sources", operation_id="listSources")
def listing(request: HttpRequest, words: Words = "", older: Older = None, limit: Limit = 24) -> SourceList:
    """Give the sources that hold some words, newest first."""
    value = sources.listing(words=words, older=older, limit=limit)
    query = {"words": words, "older": value.older, "limit": limit}
    return SourceList(
        sources=list(map(Source.of, value.sources)),
        total=value.total,
        older=value.older,
        next=next_address("api:sources", query=query),
    )


@router.get(
    "/{source}", response={200: SourceDetail, 404: Problem}, url_name="source", operation_id="getSource"
)
def source(request: HttpRequest, source: Hex) -> SourceDetail:
    """Give a source with its last 30 fetches, and what its publisher asks."""
    value = sources.page(UUID(hex=source))
    if value is None:
        raise Missing("There is no such source.")
    return SourceDetail(
        source=Source.of(value.source),
        fetches=list(map(Fetch.of, value.fetches)),
        wishes=[
            Wish.of(asked.wish, limit, asked.articles)
            for asked in value.wishes
            for limit in asked.limits or ("",)
        ],
    )
