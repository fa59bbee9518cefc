"""The front pages: the latest news of an edition."""

from __future__ import annotations

from django.http import Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from daily8.store import articles
from daily8.store.paging import BadPage
from daily8.web.pages import page
from daily8.web.request import Request

CARDS = 24


@require_safe
def home(request: Request) -> HttpResponseBase:
    """Show the latest news in the language being spoken."""
    return _front(request, language=request.locale, country=None, name="home")


@require_safe
def world(request: Request) -> HttpResponseBase:
    """Show the latest news in all languages."""
    return _front(request, language=None, country=None, name="world")


@require_safe
def edition(request: Request, edition: tuple[str, str]) -> HttpResponseBase:
    """Show the latest news of a country in one of its languages."""
    country, language = edition
    return _front(request, language=language, country=country, name="edition")


def _front(request: Request, *, language: str | None, country: str | None, name: str) -> HttpResponseBase:
    older = request.GET.get("older")
    try:
        value = articles.latest(language=language, country=country, older=older, limit=CARDS)
    except BadPage as error:
        raise Http404 from error
    return page(
        request,
        "home.html",
        {"home": value, "language": language, "country": country, "name": name, "first": not older},
    )
