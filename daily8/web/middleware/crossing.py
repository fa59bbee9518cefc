"""Forms of ours are sent from pages of ours."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import get_callable

GetResponse = Callable[[HttpRequest], HttpResponseBase]
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def no_crossing(get_response: GetResponse) -> GetResponse:
    """Refuse what a browser says that another site sends (W3C Fetch Metadata section 2.3), token or not.

    Programs, and browsers that do not say it, are left to Django's own check of token and Origin.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.method not in _SAFE and request.headers.get("Sec-Fetch-Site") == "cross-site":
            refused: HttpResponseBase = get_callable(settings.CSRF_FAILURE_VIEW)(request)
            return refused
        return get_response(request)

    return answer
