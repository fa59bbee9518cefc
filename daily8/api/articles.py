"""Articles: the newest, and one with everything about it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import Router

from daily8.api.answers import Missing, next_address, signed_in
from daily8.api.parameters import Country, Hex, Language, Limit, Older
from daily8.api.schemas import Article, ArticleList, Problem
from daily8.store import articles

router = Router(tags=["articles"])


@router.get("", response={200: ArticleList, 400: Problem}, url_name="articles", operation_id="listArticles")
def latest(
    request: HttpRequest,
    language: Language = None,
    country: Country = None,
    older: Older = None,
    limit: Limit = 24,
) -> ArticleList:
    """Give the newest articles of an edition."""
    value = articles.latest(language=language, country=country, older=older, limit=limit).list
    query = {"language": language, "country": country, "older": value.older, "limit": limit}
    return ArticleList.of(value, next_address("api:articles", query=query))


@router.get(
    "/{article}", response={200: Article, 404: Problem}, url_name="article", operation_id="getArticle"
)
def article(request: HttpRequest, article: Hex) -> Article:
    """Give an article, as far as its source's rights let this reader see it."""
    value = articles.page(UUID(hex=article), signed_in=signed_in(request), visibility=settings.VISIBILITY)
    if value is None:
        raise Missing("There is no such article.")
    return Article.of(value)
