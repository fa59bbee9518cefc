"""Ask a hub to send the news of a source, to go on with it, or to stop (W3C WebSub section 5)."""

from __future__ import annotations

from datetime import timedelta

from daily8.net.egress import FetchFailed, Response, SentOn
from daily8.net.outside import Outside
from daily8.news import websub
from daily8.news.freshness import retry_after
from daily8.news.types import Feed
from daily8.pipeline.threads import StoreThreads
from daily8.store import subscriptions
from daily8.store.hosts import DueHub, DuePoll, HostClaim
from daily8.store.subscriptions import Ask, Wanted

TRIES = 6
"""Times that a hub is asked before it is left alone for a week."""
FAREWELLS = 3
"""Times that a hub is told that its pushes are wanted no more."""
_HOPS = 3
_FORM = "application/x-www-form-urlencoded"
_ANSWER_MOST = 65_536
"""Bytes of what a hub says; nobody reads it."""


def wanted(world: Outside, due: DuePoll, answer: Response, feed: Feed) -> Wanted | None:
    """Say where a document of a source offers pushes of it, as the store notes it."""
    found = websub.announced(due.url, answer.url, answer.headers, feed, world.own_suffixes)
    if found is None:
        return None
    hubs = {hub: world.domain(hub) for hub in found.hubs}
    return Wanted(hubs, found.topic, reachable=bool(world.callback))


async def ask(
    world: Outside, store: StoreThreads, claim: HostClaim, due: DueHub, *, lease: timedelta
) -> None:
    """Ask a hub for what is due with it; it answers by calling back (`daily8.web.views.websub`).

    :raises daily8.store.hosts.Fenced: when another worker took the host over.
    """
    if not world.callback:
        await store(subscriptions.forget, claim, due, now=world.now(), lease=lease)
        return
    asked = await store(subscriptions.ask, claim, due, now=world.now(), lease=lease)
    if asked is None:
        return
    try:
        answer = await _post(world, asked)
    except FetchFailed as error:
        await _note(world, store, claim, asked, str(error), lasting=not error.passing, lease=lease)
        return
    if answer.status < 300:
        await _note(world, store, claim, asked, websub.AWAITED, lease=lease)
    else:
        cause = websub.REFUSED.format(status=answer.status)
        wait = retry_after(answer.headers, world.now())
        await _note(world, store, claim, asked, cause, wait=wait, lease=lease)


async def fail(
    world: Outside, store: StoreThreads, claim: HostClaim, due: DueHub, cause: str, *, lease: timedelta
) -> None:
    """Put a hub off because of ``cause``, an error of ours."""
    asked = await store(subscriptions.ask, claim, due, now=world.now(), lease=lease)
    if asked:
        await _note(world, store, claim, asked, cause, lease=lease)


async def _post(world: Outside, asked: Ask) -> Response:
    callback = f"{world.callback}{asked.subscription.hex}/{asked.token}"
    body = websub.form(asked.mode, topic=asked.topic, callback=callback, secret=asked.secret)
    url = asked.hub
    for left in reversed(range(_HOPS)):
        try:
            return await world.door.post(
                url, body=body, content_type=_FORM, limit=_ANSWER_MOST, deadline=world.manners.deadline
            )
        except SentOn as error:
            onward = websub.redirected(url, error.status, error.onward)
            if onward is None or not left:
                raise
            url = onward
    raise AssertionError("the last try returns or raises")


async def _note(
    world: Outside,
    store: StoreThreads,
    claim: HostClaim,
    asked: Ask,
    cause: str,
    *,
    wait: float | None = None,
    lasting: bool = False,
    lease: timedelta,
) -> None:
    """Record how it went, and when to try again: later each time, then not for a week."""
    manners, now = world.manners, world.now()
    pause = lasting or asked.tries + 1 >= (TRIES if asked.mode == "subscribe" else FAREWELLS)
    seconds = min(manners.trouble * 2.0**asked.tries, manners.ceiling) * (1 + world.chance() / 2)
    if wait:
        seconds = max(seconds, wait / manners.speed)
    seconds = manners.longest if pause else min(seconds, manners.longest)
    until = now + timedelta(seconds=seconds)
    await store(
        subscriptions.answered, claim, asked, cause=cause, until=until, pause=pause, now=now, lease=lease
    )
