"""The console's pages: a list that grows; a view is open to the roles that its page names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from daily8.store.readers import EDITORS, STAFF, SignedIn
from daily8.web.request import Request, reader_of

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[Request, Arguments], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class ConsolePage:
    """A page of the console, as its navigation names it."""

    view: str
    """Name of its address."""
    label: str | Promise
    roles: frozenset[str] = STAFF


PAGES: list[ConsolePage] = [
    ConsolePage("console", _("Overview")),
    ConsolePage("console-sources", _("Source health")),
    ConsolePage("console-newsletters", _("Newsletters"), EDITORS),
    ConsolePage("console-reading", _("Reading"), EDITORS),
    ConsolePage("console-stories", _("Stories"), EDITORS),
]


def open_to(reader: SignedIn) -> list[ConsolePage]:
    """Give the pages that a reader's role opens."""
    return [page for page in PAGES if reader.role in page.roles]


def console_page(name: str) -> Callable[[View[Arguments]], View[Arguments]]:
    """Guard the view of the page ``name``: others sign in first, and learn nothing if that does not help."""
    entry = next(page for page in PAGES if page.view == name)

    def guard(view: View[Arguments]) -> View[Arguments]:
        @wraps(view)
        def guarded(
            request: Request, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponseBase:
            reader = reader_of(request)
            if reader is None:
                return redirect_to_login(request.get_full_path(), reverse("account_login"))
            if reader.role not in entry.roles:
                raise Http404
            response = view(request, *args, **kwargs)
            patch_cache_control(response, private=True, no_store=True)
            return response

        return guarded

    return guard
