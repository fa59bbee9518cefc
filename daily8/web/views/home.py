"""The front pages: the latest news of an edition."""

from __future__ import annotations

from django.http import Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from daily8.store import fronts
from daily8.store.paging import BadPage
from daily8.web.addresses import has_edition
from daily8.web.pages import page
from daily8.web.request import Request

FIRST, FURTHER = 30, 24
"""Cards of a page: a lead and five beside it, then rows of two, three or four that come out even."""
TOP = 12
"""Stories on top of a front page: a lead, five beside it, and two rows of three."""


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
        found = fronts.page(
            language=language,
            country=country,
            older=older,
            limit=FURTHER if older else FIRST,
            top=TOP,
            below=FURTHER,
        )
    except BadPage as error:
        raise Http404 from error
    editions = dict.fromkeys(
        (edition.country, edition.language.partition("-")[0])
        for edition in found.latest.editions
        if has_edition(edition.country, edition.language.partition("-")[0])
    )
    return page(
        request,
        "home.html",
        {
            "top": found.top,
            "led": len(found.top) >= fronts.LEADS,
            "home": found.latest,
            "editions": list(editions),
            "language": language,
            "country": country,
            "name": name,
            "first": not older,
        },
    )
