"""The console: what editors do with a source by hand: ask, pause, resume or weigh it, and set its rights."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.http import Http404, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from daily8.store import sources, steering, wishes
from daily8.store.readers import EDITORS
from daily8.web.console import console_page
from daily8.web.request import Request, reader_of

ACTIONS = {"ask": steering.ask, "pause": steering.pause, "resume": steering.resume}


@console_page("console-sources")
@require_POST
def steer(request: Request, source: UUID) -> HttpResponseBase:
    """Ask a source now, pause it or resume it, then show it, with what came of that."""
    reader = reader_of(request)
    if reader is None or reader.role not in EDITORS or sources.page(source) is None:
        raise Http404
    word = request.POST.get("word", "")
    if word not in ACTIONS:
        return HttpResponseBadRequest()
    done = ACTIONS[word](source, datetime.now(UTC))
    said = word if done else f"not-{word}"
    return redirect(f"{reverse('source', args=[source])}?did={said}")


@console_page("console-sources")
@require_POST
def rights(request: Request, source: UUID) -> HttpResponseBase:
    """Set what may be shown of a source, and whether models may read it; then show it."""
    reader = reader_of(request)
    if reader is None or reader.role not in EDITORS:
        raise Http404
    chosen = {name: request.POST.get(name, "") for name in ("rights", "ai")}
    try:
        found = wishes.settle(source, **chosen, now=datetime.now(UTC))
    except ValueError:
        return HttpResponseBadRequest()
    if not found:
        raise Http404
    return redirect(f"{reverse('source', args=[source])}?did=rights#rights")


@console_page("console-sources")
@require_POST
def weight(request: Request, source: UUID) -> HttpResponseBase:
    """Let a source count for more or less, then show it."""
    reader = reader_of(request)
    if reader is None or reader.role not in EDITORS:
        raise Http404
    try:
        found = steering.weigh(source, request.POST.get("weight", ""))
    except ValueError:
        return HttpResponseBadRequest()
    if not found:
        raise Http404
    return redirect(f"{reverse('source', args=[source])}?did=weight")
