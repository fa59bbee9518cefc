"""Where hubs call back: they ask whether a subscription is meant, and send news (W3C WebSub sections 5.3, 7).

Nothing that a hub sends is read here: what bears a good signature waits for a worker.
"""

from __future__ import annotations

import logging
import re
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from daily8.news import websub
from daily8.store import subscriptions
from daily8.store.deliveries import Document
from daily8.store.subscriptions import Callback
from daily8.web.views.media import SANDBOX

BODY_MOST = 5_000_000
"""Bytes of a push."""
DENIED_FOR = timedelta(days=7)
"""After that time a hub that said no is asked once more."""
_ROOM_LATER = "600"
"""Seconds after which there may be room for another push."""
_PIECE = 65_536
_TOKEN = re.compile(r"(/websub/[^/\s]*/)[^\s]+")


def _cut(value: object) -> object:
    return _TOKEN.sub(r"\1…", value) if isinstance(value, str) else value


class _Discreet(logging.Filter):
    """Keeps tokens of callbacks out of the log, where Django writes the path of whatever it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _cut(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_cut(value) for value in record.args)
        return True


# Here, for no path of a callback is known before this module is.
logging.getLogger("django.request").addFilter(_Discreet())


@csrf_exempt  # a hub has no session, and nothing here is done in a reader's name
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, subscription: UUID, token: str) -> HttpResponse:
    """Answer a hub; whoever does not know the token learns nothing."""
    now = datetime.now(UTC)
    found = subscriptions.find(subscription, token, now=now)
    if found is None:
        response = _plain(404)
    elif request.method == "POST":
        response = _pushed(request, found, now)
    else:
        response = _asked(request, found, now)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response


def _plain(status: int, text: str = "") -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _asked(request: HttpRequest, found: Callback, now: datetime) -> HttpResponse:
    """Say whether a subscription is meant, or hear that there is none."""
    mode, topic = request.GET.get("hub.mode"), request.GET.get("hub.topic")
    if topic != found.topic:
        return _plain(404)
    if mode == "denied":
        cause = websub.denied(request.GET.get("hub.reason", ""))
        subscriptions.deny(found, cause, again=now + DENIED_FOR, now=now)
        return _plain(200)
    challenge = websub.challenge(request.GET.get("hub.challenge", ""))
    if challenge is None or not _meant(request, found, mode, now):
        return _plain(404)
    return _plain(200, challenge)


def _meant(request: HttpRequest, found: Callback, mode: str | None, now: datetime) -> bool:
    if mode == "unsubscribe":
        return subscriptions.left(found)
    seconds = websub.lease(request.GET.get("hub.lease_seconds"))
    if mode != "subscribe" or seconds is None or _shut():
        return False
    return subscriptions.confirm(found, seconds=seconds, now=now, chance=secrets.randbelow(1000) / 1000)


def _shut() -> bool:
    return bool(websub.shut(settings.WEBSUB, settings.SITE_URL))


def _pushed(request: HttpRequest, found: Callback, now: datetime) -> HttpResponse:
    """Take news in, without a look at it, if it is signed; who signs wrongly is not told (section 7.1)."""
    if not found.live or _shut():
        return _plain(410)  # there is no subscription: the hub may stop
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        subscriptions.turn_away(found, now=now)
        return _plain(415)
    try:
        body = _body(request)
    except UnreadablePostError:
        return _plain(400)  # it broke off: nobody is there to hear this
    if body is None:
        subscriptions.turn_away(found, now=now)
        return _plain(413)
    if not websub.signed(found.secret, body, request.headers.get("X-Hub-Signature", "")):
        subscriptions.refuse(found)
        return _plain(202)
    kind = request.headers.get("Content-Type", "")
    if not subscriptions.push(found, Document(found.topic, {"content-type": kind}, body), now=now):
        response = _plain(503)
        response.headers["Retry-After"] = _ROOM_LATER
        return response
    return _plain(202)


def _body(request: HttpRequest) -> bytes | None:
    """Read the body to its end, whatever its length was said to be; ``None`` for one that is too large."""
    # Django takes a body that comes in chunks for an empty one.
    chunked = "Transfer-Encoding" in request.headers and not request.META.get("CONTENT_LENGTH")
    stream = request.META["wsgi.input"] if chunked else request
    pieces, size = [], 0
    while piece := stream.read(_PIECE):
        size += len(piece)
        if size > BODY_MOST:
            return None
        pieces.append(piece)
    return b"".join(pieces)
