"""Stage *timed*: read the file of an episode's chapters or transcript."""

from __future__ import annotations

from datetime import timedelta

from daily8.net.cage import Caged
from daily8.net.egress import FetchFailed
from daily8.net.outside import Outside
from daily8.news.freshness import retry_after
from daily8.news.statuses import explain_status
from daily8.news.timed_texts import RECIPE, NotTimedText
from daily8.pipeline import documents
from daily8.pipeline.inside import at_home
from daily8.pipeline.pages import PASSING, THROTTLED, postpone, unheard
from daily8.pipeline.threads import StoreThreads
from daily8.store import timed_texts
from daily8.store.hosts import DueTimed, HostClaim

LIMIT = 3_000_000
"""Decoded bytes: a transcript with a time for every word of three hours."""
ACCEPT = "text/vtt, application/x-subrip, application/json, text/html;q=0.8, text/plain;q=0.8, */*;q=0.1"


async def take(
    world: Outside, store: StoreThreads, claim: HostClaim, due: DueTimed, *, lease: timedelta
) -> None:
    """Fetch one file of timed text, read it in the cage, and store what it says.

    :raises daily8.store.hosts.Fenced: when another worker took the host over.
    :raises daily8.pipeline.silence.Quiet: when its publisher asked for silence.
    :raises daily8.pipeline.silence.Silent: when there was no answer.
    """
    try:
        answer = await world.door.fetch(
            due.url,
            accept=ACCEPT,
            limit=LIMIT,
            deadline=world.manners.deadline,
            inside=await at_home(world, store, due),
        )
    except FetchFailed as error:
        await unheard(world, store, claim, due, error, lease=lease)
        return
    if answer.status != 200:
        throttled = answer.status in THROTTLED
        await postpone(
            world,
            store,
            claim,
            due,
            explain_status(answer.status),
            passing=answer.status >= 500 or answer.status in PASSING,
            asked=retry_after(answer.headers, world.now()) if throttled else None,
            throttled=throttled,
            lease=lease,
        )
        return
    kind, stated = await store(timed_texts.sort_of, due.timed)
    try:
        rows = await world.cage.acall(
            documents.read_timed, kind, answer.body, answer.url, answer.headers.get("content-type"), stated
        )
    except (Caged, NotTimedText) as error:
        why = error.reason if isinstance(error, Caged) else error
        cause = f"The file of an episode was set aside because {why}."
        passing = isinstance(error, Caged) and error.passing
        await postpone(world, store, claim, due, cause, passing=passing, lease=lease)
        return
    await store(timed_texts.record, claim, due, rows, RECIPE, now=world.now(), lease=lease)
