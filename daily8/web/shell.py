"""What the frame around every page needs to know."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from daily8.news import wording
from daily8.store.readers import SignedIn
from daily8.web.addresses import in_locale
from daily8.web.request import reader_of


@dataclass(frozen=True, slots=True)
class OtherLocale:
    """The same page in another locale."""

    code: str
    name: str
    """In its own language."""
    direction: wording.Direction
    address: str
    home: str


@dataclass(frozen=True, slots=True)
class Shell:
    locale: str
    direction: wording.Direction
    reader: SignedIn | None
    others: tuple[OtherLocale, ...]
    path: str
    """With the query: where to return to after signing in."""
    private: bool
    """Whether search engines are asked to stay away from the whole site."""


def shell(request: HttpRequest | None) -> Shell:
    """Give the frame's facts for a request; ``None`` stands for an answer that could not read its request."""
    locale = translation.get_language() or settings.LANGUAGE_CODE
    path = request.get_full_path() if request else "/"
    return Shell(
        locale=locale,
        direction=wording.direction(locale),
        reader=reader_of(request) if request else None,
        others=tuple(
            OtherLocale(code, str(name), wording.direction(code), in_locale(path, code), in_locale("/", code))
            for code, name in settings.LANGUAGES
            if code != locale
        ),
        path=path,
        private=settings.VISIBILITY == "private",
    )
