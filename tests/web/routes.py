"""Every route of the site, and what its answers are held to. A new one stands here, or tests fail.

`tests/web/test_routes.py` asks each for its headers, that asking changes nothing, and that nothing is taken
from another site; `tests/browser/test_hostile_words.py` opens each page of a newsroom whose words
are attacks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from django.urls import URLPattern, URLResolver, get_resolver, reverse

Kind = Literal["page", "data", "text", "file", "hub", "form"]


@dataclass(frozen=True, slots=True)
class Route:
    """A route as its tests need it."""

    kind: Kind
    """``page``: HTML; ``data``: JSON; ``text``; ``file``: bytes of others or ours; ``form``: POST only."""
    args: tuple[str, ...] = ()
    """What stands in its address: names of the things that `address` is given."""
    staff: bool = False
    """Whether it is open to staff only."""
    writes: tuple[str, ...] = ()
    """Tables that a GET may change after all."""
    why: str = ""
    """Why it may."""


_PAGE = Route("page")
_FORM = Route("form", ("source",), staff=True)

ROUTES: dict[str, Route] = {
    "home": _PAGE,
    "world": _PAGE,
    "edition": Route("page", ("edition",)),
    "article": Route("page", ("article",)),
    "history": Route("page", ("article",)),
    "version": Route("page", ("article", "revision")),
    "publisher": Route("page", ("publisher",)),
    "story": Route("page", ("story",)),
    "sources": _PAGE,
    "source": Route("page", ("source",)),
    "about": _PAGE,
    "fetching": _PAGE,
    "console": Route("page", staff=True),
    "console-sources": Route("page", staff=True),
    "console-watched": Route("page", ("watched",), staff=True),
    "console-newsletters": Route("page", staff=True),
    "console-reading": Route("page", staff=True),
    "console-site": Route("page", ("domain",), staff=True),
    "console-rules": Route("file", staff=True),
    "console-stories": Route("page", staff=True),
    "console-pair": Route("page", staff=True),
    "console-story": Route("page", ("story",), staff=True),
    "console-steer": _FORM,
    "console-rights": _FORM,
    "console-weight": _FORM,
    "console-newsletter": _FORM,
    "account_login": _PAGE,
    "account_logout": _PAGE,
    "account_inactive": _PAGE,
    "account_signup": _PAGE,
    "account_reauthenticate": _PAGE,
    "account_email": Route(
        "page",
        writes=("account_emailaddress",),
        why="allauth writes down the address that the reader has in any case",
    ),
    "account_email_verification_sent": _PAGE,
    "account_change_password": _PAGE,
    "account_set_password": _PAGE,
    "account_reset_password": _PAGE,
    "account_confirm_login_code": _PAGE,
    "account_confirm_email": Route("page", ("key",)),
    "account_reset_password_from_key_done": _PAGE,
    "account_reset_password_from_key": Route("page", ("user", "key")),
    "account_reset_password_done": _PAGE,
    "media": Route(
        "file",
        ("picture", "width"),
        writes=("store_errand", "store_host", "procrastinate_jobs", "procrastinate_events"),
        why="a picture that is not stored yet becomes due, and the stage is woken",
    ),
    "websub": Route(
        "hub",
        ("subscription", "token"),
        writes=("store_subscription", "store_errand", "store_host", "store_poll"),
        why="hubs verify by GET (W3C WebSub section 5.3), and name a token that only they and we know",
    ),
    "manifest": Route("data"),
    "livez": Route("data"),
    "readyz": Route("data"),
    "robots": Route("text"),
    "favicon": Route("file"),
    "api:openapi-json": Route("data"),
    "api:articles": Route("data"),
    "api:article": Route("data", ("article_hex",)),
    "api:publisher": Route("data", ("publisher",)),
    "api:sources": Route("data"),
    "api:source": Route("data", ("source_hex",)),
    "api:stories": Route("data"),
    "api:story": Route("data", ("story_hex",)),
    "api:api-root": Route("data"),
}
NAMELESS = {"api/v1/"}
"""Where a route without a name stands: it answers for all that is not there."""


def every_route() -> Iterator[tuple[str, str]]:
    """Give name and beginning of the address of each route of the URLconf."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(patterns: list[URLPattern | URLResolver], space: str, path: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        here = f"{path}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}" if pattern.name else "", here
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern.url_patterns, f"{space}{inner}", here)


def unlisted() -> set[str]:
    """Give the names of routes that do not stand in `ROUTES`, and where nameless ones stand unexpectedly."""
    return {name or path for name, path in every_route() if name not in ROUTES and path not in NAMELESS}


def address(name: str, things: Mapping[str, object]) -> str:
    """Give the address of a route, of these things."""
    return reverse(name, args=[things[arg] for arg in ROUTES[name].args])
