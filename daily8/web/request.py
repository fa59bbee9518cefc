"""The request as views of this house see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from daily8.store.models import Reader


class Request(HttpRequest):
    """A request that passed the middleware."""

    locale: str
    """Of the interface, from the address: one of `settings.LANGUAGES`."""
    user: Reader | AnonymousUser


def reader_of(request: HttpRequest) -> Reader | None:
    """Give the signed-in reader; ``None`` for everybody else, and where the session was not looked up."""
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None
