"""Pictures, served as they are stored. Nothing is fetched here."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from daily8.store import pictures
from daily8.web.addresses import moved
from daily8.web.middleware.policy import FOR_EVER
from daily8.web.request import Request

SANDBOX = "default-src 'none'; sandbox"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
_PLACEHOLDER = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9" preserveAspectRatio="none">'
    '<rect width="16" height="9" fill="{}"/></svg>'
)


@require_safe
def media(request: Request, picture: UUID, width: int) -> HttpResponseBase:
    """Give a stored picture for ever; a plain colour, for now, for one that is yet to be fetched."""
    if elsewhere := moved(request, "media", picture, width):
        return elsewhere
    response = _stored(request, picture, width) or _awaited(picture, width)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _stored(request: Request, picture: UUID, width: int) -> HttpResponseBase | None:
    file = pictures.stored(picture, width)
    if file is None:
        return None
    etag = f'"{file.digest}"'
    if (unchanged := get_conditional_response(request, etag=etag)) is not None:
        response: HttpResponseBase = unchanged
    else:
        try:
            response = FileResponse(file.path.open("rb"), content_type="image/webp")
        except FileNotFoundError:  # pruned between the two looks
            return None
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = FOR_EVER
    return response


def _awaited(picture: UUID, width: int) -> HttpResponseBase:
    if pictures.ask(picture, width, datetime.now(UTC)):
        colour = pictures.colour(picture)
        body = _PLACEHOLDER.format(colour if _COLOUR.fullmatch(colour) else "none")
        response = HttpResponse(body, content_type="image/svg+xml")
    else:
        response = HttpResponseNotFound(
            "There is no such picture.\n", content_type="text/plain; charset=utf-8"
        )
    response.headers["Cache-Control"] = "no-store"
    return response
