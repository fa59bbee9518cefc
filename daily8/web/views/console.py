"""The console: the service at a glance, and the health of its sources."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from daily8.store import overview as glance
from daily8.store import sources as store
from daily8.store.paging import BadPage
from daily8.web.console import console_page, open_to
from daily8.web.pages import page
from daily8.web.request import Request, reader_of


def console(request: Request, name: str, template: str, values: dict[str, Any]) -> HttpResponseBase:
    """Draw a page of the console in its frame."""
    reader = reader_of(request)
    pages = open_to(reader) if reader else []
    return page(request, template, {**values, "pages": pages, "current": name})


@console_page("console")
@require_safe
def overview(request: Request) -> HttpResponseBase:
    """Show what there is and what is due."""
    now = datetime.now(UTC)
    return console(
        request, "console", "console/overview.html", {"overview": glance.overview(now), "now": now}
    )


@console_page("console-sources")
@require_safe
def sources(request: Request) -> HttpResponseBase:
    """Show the health of all sources."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    try:
        value = store.listing(words=words, older=request.GET.get("older"))
    except BadPage as error:
        raise Http404 from error
    return console(request, "console-sources", "console/sources.html", {"list": value, "words": words})
