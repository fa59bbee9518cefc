"""The console: which links of a watched page are its articles, tried on what was seen and changed."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.http import Http404, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from daily8.news.listing import BadPattern, Pattern, checked, would_match
from daily8.store import watched as store
from daily8.store.readers import EDITORS
from daily8.store.watched import WatchedPage
from daily8.web.causes import said
from daily8.web.console import console_page
from daily8.web.request import Request, reader_of
from daily8.web.views.console import console

PREVIEW_MOST = 60
"""Links that are shown of what a pattern would find."""


@console_page("console-sources")
@require_http_methods(["GET", "HEAD", "POST"])
def watched(request: Request, source: UUID) -> HttpResponseBase:
    """Show a watched page's pattern and what it found; try another, or take it."""
    page = store.find(source)
    if page is None:
        raise Http404
    if request.method != "POST":
        return _drawn(request, page, page.pattern)
    reader = reader_of(request)
    if reader is None or reader.role not in EDITORS:
        raise Http404
    links, within, least = (request.POST.get(name, "").strip() for name in ("links", "within", "least_words"))
    if not least.isdecimal() or len(least) > 3 or request.POST.get("word") not in ("try", "take"):
        return HttpResponseBadRequest()
    try:
        wanted = checked(links, within, int(least))
    except BadPattern as error:
        typed = Pattern(links[:300], within[:300], int(least))
        return _drawn(request, page, typed, wrong=str(error))
    if request.POST["word"] == "try":
        return _drawn(request, page, wanted)
    if not store.adjust(source, wanted, datetime.now(UTC)):
        raise Http404
    return redirect("console-watched", source)


def _drawn(request: Request, page: WatchedPage, pattern: Pattern, *, wrong: str = "") -> HttpResponseBase:
    found = () if wrong else would_match(pattern, page.seen)
    values = {
        "watched": page,
        "pattern": pattern,
        "found": found[:PREVIEW_MOST],
        "count": len(found),
        "others": len(page.seen) - len(found),
        "wrong": said(wrong) if wrong else None,
        "changed": pattern != page.pattern,
    }
    return console(request, "console-sources", "console/watched.html", values)
