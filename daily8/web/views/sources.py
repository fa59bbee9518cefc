"""The list of sources, and the page of one."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from daily8.news import websub
from daily8.store import sources as store
from daily8.store.paging import BadPage
from daily8.web.addresses import moved
from daily8.web.pages import page
from daily8.web.request import Request


@require_safe
def sources(request: Request) -> HttpResponseBase:
    """List all sources, or those that a search finds, with their state."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    try:
        value = store.listing(words=words, older=request.GET.get("older"))
    except BadPage as error:
        raise Http404 from error
    return page(request, "sources.html", {"list": value, "words": words})


@require_safe
def source(request: Request, source: UUID) -> HttpResponseBase:
    """Show a source: its state, its next try and why, its last fetches."""
    if elsewhere := moved(request, "source", source):
        return elsewhere
    value = store.page(source)
    if value is None:
        raise Http404
    shut = websub.shut(settings.WEBSUB, settings.SITE_URL)
    return page(request, "source.html", {"page": value, "shut": shut, "did": request.GET.get("did", "")})
