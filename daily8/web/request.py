"""The request as views of this house see it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from daily8.store.readers import SignedIn


class Request(HttpRequest):
    """A request that passed the middleware."""

    locale: str
    """Of the interface, from the address: one of `settings.LANGUAGES`."""
    user: Any
    """Django's: `reader_of` tells who it is."""


def reader_of(request: HttpRequest) -> SignedIn | None:
    """Give the signed-in reader; ``None`` for everybody else, and where the session was not looked up."""
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None
