"""Somebody asks whether sources are well: fetch them now, say what is found, change nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from daily8.net.cage import Caged
from daily8.net.egress import FetchFailed
from daily8.net.outside import Outside
from daily8.news.excerpts import sentence
from daily8.news.feeds import NotAFeed, parse_feed
from daily8.news.statuses import explain_status


@dataclass(frozen=True, slots=True)
class Checkup:
    """How a source is."""

    url: str
    well: bool
    detail: str
    """One plain sentence."""
    entries: int = 0
    newest: datetime | None = None
    moved_to: str = ""


async def check(world: Outside, url: str) -> Checkup:
    """Fetch a source as a first reader would, and say how it is."""
    try:
        answer = await world.door.fetch(url)
    except FetchFailed as error:
        return Checkup(url, False, str(error))
    moved = answer.url if answer.hops else ""
    if answer.status != 200:
        return Checkup(url, False, explain_status(answer.status), moved_to=moved)
    try:
        feed = await world.cage.acall(parse_feed, answer.body, answer.url, answer.headers.get("content-type"))
    except NotAFeed as error:
        return Checkup(url, False, sentence(str(error)), moved_to=moved)
    except Caged as error:
        return Checkup(url, False, f"It was set aside because {error.reason}.", moved_to=moved)
    newest = max((entry.published for entry in feed.entries if entry.published), default=None)
    count = len(feed.entries)
    detail = f"{feed.kind} feed with {count} {'entry' if count == 1 else 'entries'}."
    return Checkup(url, True, detail, count, newest, moved)
