"""Addresses: how ids stand in them, and where the same page is in the other locale."""

from __future__ import annotations

import re
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.urls import reverse


class Hex32:
    """An id as 32 hex digits; upper case and hyphens are understood, and redirected by the view."""

    regex = "[0-9a-fA-F]{32}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"

    def to_python(self, value: str) -> UUID:
        return UUID(value)

    def to_url(self, value: UUID | str) -> str:
        return value.hex if isinstance(value, UUID) else UUID(value).hex


class Edition:
    """A country and a language, ``eg-ar``."""

    regex = "[a-z]{2}-[a-z]{2,8}"

    def to_python(self, value: str) -> tuple[str, str]:
        country, _, language = value.partition("-")
        return country.upper(), language

    def to_url(self, value: tuple[str, str]) -> str:
        return f"{value[0].lower()}-{value[1].partition('-')[0].lower()}"


_EDITION = re.compile(Edition.regex)


def has_edition(country: str, language: str) -> bool:
    """Tell whether a country and a language can stand in an address: feeds state what they like."""
    return bool(_EDITION.fullmatch(f"{country.lower()}-{language}"))


def moved(request: HttpRequest, name: str, *args: object) -> HttpResponsePermanentRedirect | None:
    """Give the redirect to the one true address of a page, or ``None`` when the request came by it."""
    true = reverse(name, args=args)
    if request.path == true:
        return None
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(true + (f"?{query}" if query else ""))


def in_locale(address: str, locale: str) -> str:
    """Give the same address of this site in another locale."""
    for code, _ in settings.LANGUAGES:
        if address == f"/{code}" or address.startswith(f"/{code}/"):
            # Two slashes would begin the name of another host.
            address = "/" + address.removeprefix(f"/{code}").lstrip("/")
            break
    return address if locale == settings.LANGUAGE_CODE else f"/{locale}{address}"
