"""For whoever watches over the processes: is it alive, can it serve."""

from __future__ import annotations

from django.http import JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from daily8.store import engine
from daily8.web.request import Request


@require_safe
@never_cache
def livez(request: Request) -> HttpResponseBase:
    """Tell that this process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: Request) -> HttpResponseBase:
    """Tell whether the database answers and has the tables that this program expects."""
    missing = engine.missing_if_reachable()
    checks = {"database": missing is not None, "migrations": missing == []}
    ready = all(checks.values())
    return JsonResponse({"status": "ok" if ready else "not ready", **checks}, status=200 if ready else 503)
