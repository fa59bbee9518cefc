"""Headers that stand on every answer, errors and static files included."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self' https:; "
    "frame-src https://www.youtube-nocookie.com https://player.vimeo.com; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
FOR_EVER = "public, max-age=31536000, immutable"

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def security_headers(get_response: GetResponse) -> GetResponse:
    """Put the policy of the house on every answer; one that states its own, stricter one keeps it."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.VISIBILITY == "private":
            response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        if request.path_info.startswith(settings.STATIC_URL):
            # Pages name static files with a digest of their content, so that what is kept is never stale.
            if "v" in request.GET and response.status_code in {200, 304}:
                response.headers["Cache-Control"] = FOR_EVER
            del response.headers["Access-Control-Allow-Origin"]
        return response

    return answer
