"""How every answer of the interface behaves: JSON also when it fails, validators, no cookie of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import wraps
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from ninja.errors import ValidationError

from daily8.store.paging import BadPage

View = Callable[..., HttpResponseBase]

METHODS = ("GET", "HEAD")
log = structlog.get_logger(__name__)


class Missing(Exception):
    """There is nothing at an address; the text says what is missing, in one sentence."""


def address(name: str, *args: object) -> str:
    """Give the absolute address of a page or a resource of this site.

    It stands on the configured address, never on what a request calls its host.
    """
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def next_address(name: str, *args: object, query: Mapping[str, object | None]) -> str | None:
    """Give the address of the next page of a list; ``None`` where ``query`` has no ``older``."""
    if not query["older"]:
        return None
    return f"{address(name, *args)}?{urlencode({key: value for key, value in query.items() if value})}"


def signed_in(request: HttpRequest) -> bool:
    """Tell whether a reader's session came with the request; without a cookie none is looked up."""
    user = getattr(request, "user", None)
    return bool(user is not None and user.is_authenticated)


def problem(sentence: str, status: int) -> JsonResponse:
    """Answer with one sentence that says what is wrong."""
    return JsonResponse({"error": sentence}, status=status, json_dumps_params={"ensure_ascii": False})


def explain(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Answer for what a view raised, in one sentence."""
    if isinstance(error, Missing):
        return problem(str(error), 404)
    if isinstance(error, BadPage):
        return problem(str(error), 400)
    if isinstance(error, ValidationError):
        return _refused(error)
    log.error("error_of_ours", path=request.path, exc_info=error)
    return problem("Daily8 failed to answer; this is an error of ours, and its log has the details.", 500)


def _refused(error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    place, *_, name = first["loc"]
    if place == "path":  # no id and no slug looks like this
        return problem("There is nothing at this address.", 404)
    return problem(f"The parameter {name} cannot be used: {first['msg'].lower()}.", 400)


def nothing_here(request: HttpRequest) -> HttpResponse:
    """Answer for an address that the interface does not have."""
    return problem(
        f"There is nothing at this address; {address('api:openapi-json')} says what there is.", 404
    )


def faced(view: View) -> View:
    """Give a view the manners of the interface: HEAD, JSON for a wrong method, ETag and caching."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method not in METHODS:
            response: HttpResponseBase = problem("This interface is read only: use GET or HEAD.", 405)
            response.headers["Allow"] = ", ".join(METHODS)
            return response
        method, request.method = request.method, "GET"  # servers drop the body that a HEAD must not have
        response = view(request, *args, **kwargs)
        request.method = method
        return _validated(request, response)

    answer.csrf_exempt = True  # type: ignore[attr-defined] # nothing is written here, so nothing can be forged
    return answer


def _validated(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Let an answer be kept and asked for anew by its ETag (RFC 9110 section 8.8.3)."""
    own = "private" if signed_in(request) else "public"
    response.headers["Cache-Control"] = f"{own}, no-cache"
    patch_vary_headers(response, ["Cookie"])
    if response.status_code != 200 or not isinstance(response, HttpResponse):
        return response
    etag = f'"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response
