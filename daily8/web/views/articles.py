"""The page of an article, and the one of its history."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from daily8.news.revisions import folded
from daily8.store import articles
from daily8.store import history as store
from daily8.store.readers import EDITORS
from daily8.web.addresses import moved
from daily8.web.pages import page
from daily8.web.request import Request, reader_of


@require_safe
def article(request: Request, article: UUID) -> HttpResponseBase:
    """Show an article, as far as its source's rights allow."""
    if elsewhere := moved(request, "article", article):
        return elsewhere
    reader = reader_of(request)
    value = articles.page(
        article,
        signed_in=reader is not None,
        visibility=settings.VISIBILITY,
        editor=reader is not None and reader.role in EDITORS,
    )
    if value is None:
        raise Http404
    response = page(request, "article.html", {"article": value})
    response.headers["X-Robots-Tag"] = "noindex"  # others' texts: searching leads to their publishers
    return response


@require_safe
def history(request: Request, article: UUID, number: int | None = None) -> HttpResponseBase:
    """Show which texts an article had and what one of them changed, as far as its source's rights allow."""
    name, args = ("history", (article,)) if number is None else ("version", (article, number))
    if elsewhere := moved(request, name, *args):
        return elsewhere
    signed_in = reader_of(request) is not None
    value = store.history(article, number, signed_in=signed_in, visibility=settings.VISIBILITY)
    if value is None:
        raise Http404
    parts = folded(value.difference.passages) if value.difference else ()
    response = page(request, "history.html", {"history": value, "parts": parts})
    response.headers["X-Robots-Tag"] = "noindex"
    return response
