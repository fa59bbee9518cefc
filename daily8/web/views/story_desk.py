"""The console: stories, what is done to them by hand, and why two articles are or are not in one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from daily8.desk import stories as desk
from daily8.store import stories as store
from daily8.store import story_desk
from daily8.store.paging import BadPage
from daily8.store.story_acts import ActRefused
from daily8.web.causes import said
from daily8.web.console import console_page
from daily8.web.request import Request, reader_of
from daily8.web.views.console import console


@console_page("console-stories")
@require_safe
def listing(request: Request) -> HttpResponseBase:
    """Show stories; an address of one, or of an article, leads to it."""
    words = _plain(request.GET.get("q", ""), 300)
    if found := desk.named(words):
        return redirect(reverse("console-story", args=[found]))
    try:
        value = story_desk.listing(words=words[:100], older=request.GET.get("older"))
    except BadPage as error:
        raise Http404 from error
    return console(request, "console-stories", "console/stories.html", {"list": value, "words": words})


@console_page("console-stories")
@require_http_methods(["GET", "HEAD", "POST"])
def story(request: Request, story: UUID) -> HttpResponseBase:
    """Show a story with the figures of its decisions; merge, split, move, lock it, give it a headline."""
    if request.method != "POST":
        return _drawn(request, story)
    word = request.POST.get("word", "")
    if word not in desk.ACTS:
        return HttpResponseBadRequest()
    reader = reader_of(request)
    try:
        desk.act(
            word,
            story,
            other=_plain(request.POST.get("other", ""), 2000),
            articles=request.POST.getlist("article")[:1000],
            headline=_plain(request.POST.get("headline", ""), 2000),
            why=_plain(request.POST.get("why", ""), 500),
            by=(reader.name or reader.email) if reader else "",
            now=datetime.now(UTC),
        )
    except ActRefused as refused:
        return _drawn(request, story, wrong=str(refused))
    return redirect(f"{reverse('console-story', args=[story])}?did={word}")


def _drawn(request: Request, story: UUID, *, wrong: str = "") -> HttpResponseBase:
    value = story_desk.desk(story)
    if value is None:
        if into := store.leads_to(story):
            return redirect(reverse("console-story", args=[into]))
        raise Http404
    values: dict[str, Any] = {
        "story": value,
        "wrong": said(wrong) if wrong else None,
        "did": "" if request.method == "POST" else request.GET.get("did", ""),
    }
    return console(request, "console-stories", "console/story.html", values)


@console_page("console-stories")
@require_safe
def pair(request: Request) -> HttpResponseBase:
    """Show two articles side by side, and what they have in common."""
    typed = tuple(_plain(request.GET.get(name, ""), 2000) for name in ("one", "other"))
    found = desk.pair(*typed) if all(typed) else None
    return console(request, "console-stories", "console/pair.html", {"pair": found, "typed": typed})


def _plain(text: str, most: int) -> str:
    return text.replace("\x00", "").strip()[:most]
