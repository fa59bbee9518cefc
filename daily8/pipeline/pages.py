"""Stage *extract*: read the page of an article and record its text."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from urllib.parse import urljoin

from daily8.net.agents import token
from daily8.net.cage import Caged
from daily8.net.egress import PAGE_ACCEPT, SENTENCES, FetchFailed, Response
from daily8.net.outside import Outside
from daily8.news.freshness import retry_after
from daily8.news.schedule import crowded
from daily8.news.source_life import Validators
from daily8.news.statuses import explain_status
from daily8.news.urls import ADDRESS_MOST
from daily8.news.wishes import SiteWishes, in_answer, site_of
from daily8.news.wishes.sites import RESERVATIONS
from daily8.pipeline import documents, rereading
from daily8.pipeline.inside import at_home
from daily8.pipeline.silence import Quiet, heard
from daily8.pipeline.threads import StoreThreads
from daily8.store import arrivals, kept, wishes
from daily8.store.arrivals import Rest
from daily8.store.hosts import DueErrand, DueLook, DuePage, HostClaim
from daily8.store.kept import Keep

PAGE_LIMIT = 5_000_000
"""Decoded bytes."""
TRIES = 6
PASSING = frozenset({408, 425, 429})
THROTTLED = frozenset({429, 503})
_CAUSES = tuple(map(explain_status, sorted(THROTTLED)))
_EARLY = 2
"""Times that a page may be missing before that is believed."""


async def read(
    world: Outside, store: StoreThreads, claim: HostClaim, due: DuePage, *, lease: timedelta
) -> bool:
    """Read a page that its publisher lets programs read, and record what it gave; tell whether it was asked.

    :raises daily8.store.hosts.Fenced: when another worker took the host over.
    :raises Quiet: when its publisher asked for silence.
    :raises daily8.pipeline.silence.Silent: when there was no answer.
    """
    if await store(wishes.closed, due.article):
        await store(arrivals.set_aside, claim, due, wishes.CLOSED, now=world.now(), lease=lease)
        return False
    inside = await at_home(world, store, due)
    if not await _may_read(world, store, claim, due, due.url, lease, inside=inside):
        return False
    known = due.validators if isinstance(due, DueLook) else Validators()
    try:
        answer = await world.door.fetch(
            due.url,
            accept=PAGE_ACCEPT,
            limit=PAGE_LIMIT,
            deadline=world.manners.deadline,
            user_agent=world.door.agent_for_pages,
            inside=inside,
            etag=known.etag,
            last_modified=known.last_modified,
        )
    except FetchFailed as error:
        await unheard(world, store, claim, due, error, lease=lease)
        return error.code != "crowded"
    # Where a redirect led, another robots.txt may say no.
    if answer.status == 304 and isinstance(due, DueLook):
        await store(arrivals.looked, claim, due, now=world.now(), lease=lease, manners=world.manners)
    elif answer.status != 200:
        await _not_there(world, store, claim, due, answer, lease)
    elif not answer.hops or await _may_read(world, store, claim, due, answer.url, lease, inside=inside):
        await _record(world, store, claim, due, answer, lease, inside=inside)
    return True


async def unasked(world: Outside, due: DuePage) -> bool:
    """Tell whether the site of a page that may be read has yet to be asked what it reserves."""
    robots = world.robots
    if robots.reservations.known(due.url) or not robots.known(due.url):
        return False
    here = urljoin(due.url, RESERVATIONS)
    return await robots.allowed(due.url) and await robots.allowed(here)


async def _may_read(
    world: Outside,
    store: StoreThreads,
    claim: HostClaim,
    due: DuePage,
    url: str,
    lease: timedelta,
    *,
    inside: bool,
) -> bool:
    verdict = await world.robots.verdict(url, inside=inside)
    if verdict == "unknown" and not world.robots.known(url):  # it was not even asked for
        await _no_room(world, store, claim, due, lease)
    elif verdict == "unknown":
        cause = "The publisher's robots.txt could not be read, so the page waits."
        await postpone(world, store, claim, due, cause, lease=lease)
    elif verdict == "disallowed":
        cause = (
            "The publisher's robots.txt asks programs not to read this page, so the feed's own text is shown."
        )
        await store(arrivals.set_aside, claim, due, cause, now=world.now(), lease=lease)
    return verdict == "allowed"


async def _not_there(
    world: Outside, store: StoreThreads, claim: HostClaim, due: DuePage, answer: Response, lease: timedelta
) -> None:
    status = answer.status
    # A feed may run ahead of its pages by some minutes.
    passing = status >= 500 or status in PASSING or (status == 404 and due.tries < _EARLY)
    throttled = status in THROTTLED
    asked = retry_after(answer.headers, world.now()) if throttled else None
    await postpone(
        world,
        store,
        claim,
        due,
        explain_status(status),
        passing=passing,
        asked=asked,
        throttled=throttled,
        lease=lease,
    )


async def _record(
    world: Outside,
    store: StoreThreads,
    claim: HostClaim,
    due: DuePage,
    answer: Response,
    lease: timedelta,
    *,
    inside: bool,
) -> None:
    domain, kind = world.domain(answer.url), answer.headers.get("content-type")
    name = token(world.door.user_agent)
    known = await store(kept.material, due.article, domain, answer.url)
    if known.behind:
        await rereading.one(world, store, due.article)
    try:
        page = await world.cage.acall(
            documents.read_page,
            answer.body,
            answer.url,
            kind,
            known.entry,
            known.guide,
            name,
            keep=world.keeps_pages,
        )
    except Caged as error:
        cause = f"The page was set aside because {error.reason}."
        await postpone(world, store, claim, due, cause, passing=error.passing, lease=lease)
        return
    keep = Keep(domain, answer.url, kind or "", page.body, known.entry, known.guide, page.reading.edges)
    icon = (answer.url, page.icon) if page.icon and len(page.icon) <= ADDRESS_MOST else None
    result = replace(
        rereading.result_of(page),
        icon=icon,
        keep=keep,
        wishes=(
            *in_answer(answer.headers, answer.headers.lines("x-robots-tag"), answer.url, name),
            *page.wishes,
        ),
        site=await _site(world, answer, inside=inside),
        validators=_validators(answer),
    )
    await store(arrivals.record_page, claim, due, result, now=world.now(), lease=lease, manners=world.manners)


def _validators(answer: Response) -> Validators:
    """Give the validators of a page; none where a redirect led to it, for its own address has others."""
    if answer.hops:
        return Validators()
    return Validators(answer.headers.get("etag"), answer.headers.get("last-modified"))


async def _site(world: Outside, answer: Response, *, inside: bool) -> tuple[str, SiteWishes]:
    """Give the site on which a page was found, and what it asks. Where a redirect led, that is asked now."""
    robots, here = world.robots, urljoin(answer.url, RESERVATIONS)
    if answer.hops and await robots.allowed(here, inside=inside):
        await robots.reservations.learn(answer.url, inside=inside)
    return site_of(answer.url), await robots.wishes(answer.url, inside=inside)


async def unheard(
    world: Outside,
    store: StoreThreads,
    claim: HostClaim,
    due: DueErrand,
    error: FetchFailed,
    *,
    lease: timedelta,
) -> None:
    """Put an errand off whose fetch brought no answer. One for which we had no room was no try.

    :raises daily8.pipeline.silence.Silent: when the host gave none.
    """
    if error.code == "crowded":
        await _no_room(world, store, claim, due, lease)
    else:
        await postpone(world, store, claim, due, str(error), passing=error.passing, lease=lease)
    heard(error)


async def _no_room(
    world: Outside, store: StoreThreads, claim: HostClaim, due: DueErrand, lease: timedelta
) -> None:
    now, cause = world.now(), SENTENCES["crowded"]
    until, _ = crowded(now, world.manners, world.chance())
    await store(arrivals.put_off, claim, due, cause, until=until, now=now, lease=lease, tried=False)


async def postpone(
    world: Outside,
    store: StoreThreads,
    claim: HostClaim,
    due: DueErrand,
    cause: str,
    *,
    passing: bool = True,
    asked: float | None = None,
    throttled: bool = False,
    lease: timedelta,
) -> None:
    """Try an errand again later; set it aside when that cannot help, or was tried often enough.

    ``asked`` is the wait in seconds that the publisher asked for. Once several of its addresses wait because
    they were ``throttled``, all pages, pictures and timed texts of its host rest, for a day at most.

    :raises Quiet: when they do.
    """
    now, look = world.now(), isinstance(due, DueLook)
    if isinstance(due, DueLook) and not throttled:  # the text is there: the next look will do
        await store(arrivals.looked, claim, due, now=now, lease=lease, manners=world.manners, cause=cause)
        return
    if not look and (not passing or due.tries + 1 >= TRIES):
        await store(arrivals.set_aside, claim, due, cause, now=now, lease=lease)
        return
    manners = world.manners
    tries = 0 if look else due.tries
    wait = min(manners.trouble * 2.0 ** min(tries, TRIES), manners.ceiling) * (1 + world.chance() / 2)
    if asked:
        wait = min(max(wait, asked / manners.speed), manners.longest)
    until = now + timedelta(seconds=wait)
    rest = Rest(min(until, now + timedelta(seconds=manners.ceiling)), _CAUSES) if throttled else None
    put_off = partial(arrivals.put_off, until=until, now=now, lease=lease, rest=rest, tried=not look)
    if await store(put_off, claim, due, cause):
        raise Quiet(claim.name)
