"""The console: how articles were read, and the rules of sites, tried on stored pages and changed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from daily8.desk import repairing
from daily8.desk.repairing import RepairPage
from daily8.news.repair import FLAGS, SELECTORS, TEXTS, BadRules, Rules, checked, sharing
from daily8.store import readings, sites
from daily8.web.causes import said
from daily8.web.console import console_page
from daily8.web.request import Request, reader_of
from daily8.web.views.console import console
from daily8.wiring import small_cage

FILE_MOST = 1_000_000
"""Bytes of a file of rules that is sent to us."""


@console_page("console-reading")
@require_safe
def reading(request: Request) -> HttpResponseBase:
    """Show where reading goes wrong, and let rules be taken in from a file."""
    return _overview(request)


def _overview(request: Request, *, wrong: str = "", typed: str = "", done: bool = False) -> HttpResponseBase:
    values = {
        "readings": readings.overview(datetime.now(UTC)),
        "wrong": said(wrong) if wrong else None,
        "typed": typed,
        "did": "import" if done else request.GET.get("did", ""),
    }
    return console(request, "console-reading", "console/reading.html", values)


@console_page("console-reading")
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: Request) -> HttpResponseBase:
    """Give the rules of all sites, or of one, as a file; take such a file in."""
    if request.method != "POST":
        wanted = [domain.replace("\x00", "␀")[:253] for domain in request.GET.getlist("site")]
        response = HttpResponse(
            sharing.written(sites.every(wanted)), content_type="application/toml; charset=utf-8"
        )
        # A name in a header holds no quote, no line break and no path (RFC 6266 section 4.3).
        plain = len(wanted) == 1 and re.fullmatch(r"[a-z0-9][a-z0-9.-]*", wanted[0])
        name = f"{wanted[0]}.toml" if plain else "site-rules.toml"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    text = request.POST.get("rules", "")
    if sent := request.FILES.get("file"):
        text = sent.read(FILE_MOST + 1).decode("utf-8", "replace")
    try:
        found = sharing.read(text)
    except BadRules as error:
        return _overview(request, wrong=str(error), typed=text[: sharing.LONGEST])
    sites.save_all(found, by=_who(request), now=datetime.now(UTC))
    return redirect(f"{reverse('console-reading')}?did=import")


@console_page("console-reading")
@require_http_methods(["GET", "HEAD", "POST"])
def site(request: Request, domain: str) -> HttpResponseBase:
    """Show a site's rules, its stored pages and what it repeats; try other rules, save them, go back."""
    if "\x00" in domain:  # which no row can hold
        raise Http404
    article = _article(request.GET.get("article", ""))
    path = request.GET.get("path", "").replace("\x00", "")[:200]
    if request.method != "POST":
        return _drawn(request, repairing.look(domain, path=path, article=article))
    word = request.POST.get("word", "")
    if word in ("try", "save"):
        return _ruled(request, domain, article, save=word == "save")
    by, now = _who(request), datetime.now(UTC)
    try:
        done = _acted(request, domain, word, by, now)
    except BadRules as error:
        return _drawn(request, repairing.look(domain, path=path, article=article), wrong=str(error))
    if done is None:
        return HttpResponseBadRequest()
    if not done:
        raise Http404
    return _back(domain, request.POST.get("path", "") if word == "undo" else "", article, word)


def _acted(request: Request, domain: str, word: str, by: str, now: datetime) -> bool | None:
    """Do what a small form of the page asks; ``None`` for a word that no form sends."""
    given = {name: request.POST.get(name, "").replace("\x00", "") for name in ("path", "version", "mark")}
    if word == "undo":
        return sites.undo(domain, given["path"], by=by, now=now)
    if word == "restore" and given["version"].isdecimal() and len(given["version"]) < 16:
        return sites.restore(domain, int(given["version"]), by=by, now=now)
    if word == "keep":
        return sites.keep(domain, given["mark"], by=by, now=now)
    return None


def _ruled(request: Request, domain: str, article: UUID | None, *, save: bool) -> HttpResponseBase:
    """Try or save the rules that the form holds."""
    said_: dict[str, list[str]] = {name: _lines(request, name) for name in (*SELECTORS, *TEXTS)}
    said_["flags"] = [flag for flag in FLAGS if request.POST.get(f"flag-{flag}")]
    path = request.POST.get("path", "").replace("\x00", "")
    try:
        rules = checked(domain, path, said_)
    except BadRules as error:
        shown = repairing.look(domain, path=path[:200], article=article)
        typed = {name: tuple(lines) for name, lines in said_.items()}
        rules = Rules(domain, path[:200], **typed)
        return _drawn(request, shown, wrong=str(error), field=error.field, typed=rules)
    if not save:
        return _drawn(request, repairing.attempt(small_cage, rules, article=article), tried=True)
    sites.save(rules, by=_who(request), now=datetime.now(UTC))
    return _back(domain, rules.path, article, "save")


def _lines(request: Request, name: str) -> list[str]:
    return request.POST.get(name, "").replace("\x00", "")[:20_000].splitlines()


def _drawn(
    request: Request,
    shown: RepairPage | None,
    *,
    wrong: str = "",
    field: str = "",
    typed: Rules | None = None,
    tried: bool = False,
) -> HttpResponseBase:
    if shown is None:
        raise Http404
    values: dict[str, Any] = {
        "site": shown.site,
        "rules": typed or shown.site.rules,
        "comparisons": shown.comparisons,
        "wrong": said(wrong) if wrong else None,
        "field": field,
        "tried": tried,
        "did": "" if request.method == "POST" else request.GET.get("did", ""),
        "article": request.GET.get("article", ""),
    }
    return console(request, "console-reading", "console/site.html", values)


def _back(domain: str, path: str, article: UUID | None, did: str) -> HttpResponseBase:
    query = {"path": path, "article": article.hex if article else "", "did": did}
    address = reverse("console-site", args=[domain])
    return redirect(f"{address}?{urlencode({k: v for k, v in query.items() if v})}")


def _article(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _who(request: Request) -> str:
    reader = reader_of(request)
    return (reader.name or reader.email) if reader else ""
