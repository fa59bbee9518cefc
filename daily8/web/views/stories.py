"""The page of a story."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.http import Http404, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from daily8.store import stories
from daily8.web.addresses import moved
from daily8.web.pages import page
from daily8.web.request import Request


@require_safe
def story(request: Request, story: UUID) -> HttpResponseBase:
    """Show a story: its lead, how it went on, and all who report of it. One that was merged leads on."""
    if elsewhere := moved(request, "story", story):
        return elsewhere
    value = stories.page(story, language=request.locale, now=datetime.now(UTC))
    if value is None:
        if into := stories.leads_to(story):
            return HttpResponsePermanentRedirect(reverse("story", args=[into]), preserve_request=True)
        raise Http404
    return page(request, "story.html", {"story": value})
