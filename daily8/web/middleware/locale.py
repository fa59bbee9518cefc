"""The locale of the interface is in the address, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.utils import translation

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class _MovedKeepingMethod(HttpResponsePermanentRedirect):
    status_code = 308  # RFC 9110 section 15.4.9: what was posted is posted again


def locale_from_address(get_response: GetResponse) -> GetResponse:
    """Speak the locale that the address begins with, else the default one, which has no prefix.

    The default locale's prefixed form is redirected to the one without.
    """
    locales = {code for code, _ in settings.LANGUAGES}

    def answer(request: HttpRequest) -> HttpResponseBase:
        first, _, rest = request.path_info.removeprefix("/").partition("/")
        if first == settings.LANGUAGE_CODE:
            query = request.META.get("QUERY_STRING", "")
            target = f"/{rest.lstrip('/')}" + (f"?{query}" if query else "")
            moved = (
                HttpResponsePermanentRedirect if request.method in {"GET", "HEAD"} else _MovedKeepingMethod
            )
            return moved(target)
        locale = first if first in locales else settings.LANGUAGE_CODE
        request.locale = locale  # type: ignore[attr-defined]
        with translation.override(locale):
            response = get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers["Content-Language"] = locale
        return response

    return answer
