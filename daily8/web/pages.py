"""Draw a page: template, validators, caching."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers

from daily8.web.request import reader_of


def page(
    request: HttpRequest, template: str, values: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponseBase:
    """Answer with a page that may be kept but is asked for anew each time, cheaply, by its ETag.

    What an anonymous reader gets may be shared; a signed-in one's page is their own.
    """
    response = HttpResponse(render_to_string(template, values or {}, request), status=status)
    signed_in = reader_of(request) is not None
    response.headers["Cache-Control"] = "private, no-cache" if signed_in else "public, no-cache"
    patch_vary_headers(response, ["Cookie"])
    if status != 200:
        return response
    etag = f'"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
    response.headers["ETag"] = etag
    conditional = get_conditional_response(request, etag=etag, response=response)
    return conditional if conditional is not None else response
