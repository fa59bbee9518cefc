"""The console: mailboxes, and the newsletters that wait for an editor's word."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.http import Http404, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from daily8.store import mailboxes
from daily8.web.console import console_page
from daily8.web.request import Request
from daily8.web.views.console import console


@console_page("console-newsletters")
@require_safe
def newsletters(request: Request) -> HttpResponseBase:
    """Show how mailboxes are, and which newsletters wait."""
    return console(request, "console-newsletters", "console/newsletters.html", {"mail": mailboxes.overview()})


@console_page("console-newsletters")
@require_POST
def decide(request: Request, source: UUID) -> HttpResponseBase:
    """Accept a newsletter, or leave it alone from now on."""
    word = request.POST.get("word")
    if word not in ("accept", "refuse"):
        return HttpResponseBadRequest()
    known = mailboxes.confirm(source, datetime.now(UTC)) if word == "accept" else mailboxes.refuse(source)
    if not known:
        raise Http404
    return redirect("console-newsletters")
