"""The Jinja2 environment: what every template may call."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone, translation
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from daily8.news import players, relation, wording
from daily8.news.blocks import PROVIDERS
from daily8.news.sanitise import sanitise_inline
from daily8.news.urls import absolute
from daily8.web import drawing
from daily8.web.causes import said
from daily8.web.shell import shell

_HYPHENED = re.compile(r"(\b\w{1,12}[-–]\d{1,8}\b)")


def _locale() -> str:
    return translation.get_language() or str(settings.LANGUAGE_CODE)


@cache
def asset(path: str) -> str:
    """Give the address of a static file, with a digest of its content."""
    content = (Path(settings.STATICFILES_DIRS[0]) / path).read_bytes()
    return f"{settings.STATIC_URL}{path}?v={hashlib.blake2b(content, digest_size=6).hexdigest()}"


def url(name: str, *args: object, **kwargs: object) -> str:
    """Give the address of a page of ours in the locale being spoken."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def when(at: datetime, relative: bool = True) -> Markup:
    """Draw a time: relative or whole to read, whole with its zone on hover, RFC 3339 for machines."""
    local = timezone.localtime(at)
    whole = wording.moment(local, _locale())
    text = wording.ago(local, datetime.now(UTC), _locale()) if relative else whole
    machine = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(machine, whole, text)


def duration(seconds: float) -> Markup:
    """Draw the length of a film or an episode."""
    return Markup('<time datetime="{}">{}</time>').format(
        wording.iso_duration(seconds), wording.duration(seconds, _locale())
    )


def inline(html: str) -> Markup:
    """Let the inline HTML of a block stand, cleaned a last time on its way out."""
    return Markup(sanitise_inline(html))  # noqa: S704 - cleaned on this very line


def safe_link(address: str | None) -> str:
    """Give an address that may stand in a link, as the one judge of addresses writes it; else none."""
    return absolute(address) or ""


def headline(title: str) -> Markup:
    """Let a title stand with its scores and names of things unbroken: "5-2", "Sabeel-2"."""
    pieces = _HYPHENED.split(title)
    return Markup("").join(
        Markup('<span class="unbroken">{}</span>').format(piece) if index % 2 else piece
        for index, piece in enumerate(pieces)
    )


def site_name(address: str) -> str:
    """Give the host of an address as people say it."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def environment(**options: Any) -> Environment:
    """Make the environment of all templates; text templates (mails) are not escaped."""
    options["autoescape"] = lambda name: not (name or "").endswith(".txt")
    options["undefined"] = StrictUndefined
    env = Environment(  # noqa: S701 - escaped by the rule above
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.globals.update(
        asset=asset,
        url=url,
        shell_of=shell,
        messages_of=get_messages,
        today=lambda: wording.day(timezone.localtime(), _locale()),
        when=when,
        duration=duration,
        settings=settings,
        said=said,
        player=players.of_embed,
        shade=drawing.shade,
        sources_of=drawing.sources_of,
        input_of=drawing.input_of,
    )
    env.filters.update(
        inline=inline,
        headline=headline,
        link=safe_link,
        host=site_name,
        provider=lambda name: PROVIDERS.get(name, name.capitalize()),
        count=lambda n: wording.count(n, _locale()),
        why_near=lambda reason: relation.say(reason, _locale()),
        size=lambda octets: wording.size(octets, _locale()),
        country=lambda code: wording.country_name(code, _locale()),
        language=lambda tag: wording.language_name(tag, _locale()),
        direction=wording.direction,
        foreign=drawing.foreign,
        quoted=lambda text: quote(str(text), safe="/"),
    )
    return env
