"""The page of a publisher."""

from __future__ import annotations

from django.http import Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from daily8.store import publishers
from daily8.store.paging import BadPage
from daily8.web.pages import page
from daily8.web.request import Request


@require_safe
def publisher(request: Request, slug: str) -> HttpResponseBase:
    """Show who a publisher is, its latest news and its sources."""
    older = request.GET.get("older")
    try:
        value = publishers.page(slug, older=older)
    except BadPage as error:
        raise Http404 from error
    if value is None:
        raise Http404
    return page(request, "publisher.html", {"page": value, "first": not older})
