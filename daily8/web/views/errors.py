"""What went wrong, said plainly, in the frame of the site where that can still be drawn."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from daily8.web.pages import page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer 400. The request may be such that not even its host can be believed: no frame."""
    return HttpResponse(render_to_string("errors/bare.html", {"status": 400}), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer 403."""
    return page(request, "errors/error.html", {"status": 403}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer 404."""
    return page(request, "errors/error.html", {"status": 404}, status=404)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Answer 500 without touching the database, which may be what failed."""
    return HttpResponse(render_to_string("errors/bare.html", {"status": 500}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Answer a form that was not sent from a page of ours, or from one that is too old."""
    return page(request, "errors/error.html", {"status": "csrf"}, status=403)
