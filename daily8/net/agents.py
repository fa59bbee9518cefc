"""Say who asks: one name for feeds, one for pages and pictures, both with where to complain."""

from __future__ import annotations

import re
from functools import lru_cache

_FORM = re.compile(r"(?P<name>[^/\s]+)(?P<version>/\S+)?(?: \((?P<about>.*)\))?")
_UNFIT = re.compile(r"[^A-Za-z0-9._-]")


def for_feed(agent: str, feed: str, subscribers: int) -> str:
    """Name the feed and how many follow it: ``Daily8/1.2 (+https://...; feed-id=1a2b; 2 subscribers)``.

    Publishers count their readers by this, and can speak of one feed of many.
    """
    count = f"{subscribers} subscriber{'' if subscribers == 1 else 's'}"
    return _with(agent, "", f"feed-id={_UNFIT.sub('', feed)}", count)


def for_pages(agent: str) -> str:
    """Name what reads pages and pictures: ``Daily8-fetch/1.2 (+https://...)``."""
    return _with(agent, "-fetch")


def token(agent: str) -> str:
    """Give the product's name, lower case, by which robots.txt speaks of us (RFC 9309 section 2.2.1)."""
    return agent.partition("/")[0].partition(" ")[0].strip().lower()


def _with(agent: str, suffix: str, *more: str) -> str:
    name, version, about = _parts(agent)
    about = "; ".join(filter(None, (about, *more)))
    return f"{name}{suffix}{version}{f' ({about})' if about else ''}"


@lru_cache(maxsize=8)
def _parts(agent: str) -> tuple[str, str, str]:
    form = _FORM.fullmatch(agent)
    if form is None:
        raise ValueError(f"{agent!r} is not of the form Name/version (about)")
    return form["name"], form["version"] or "", form["about"] or ""
