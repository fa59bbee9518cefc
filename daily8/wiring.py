"""Settings in, working parts out: the one place that reads settings and the clock for the floors below."""

from __future__ import annotations

import asyncio
import gc
import logging
import random
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any
from urllib.parse import urlsplit

import procrastinate
import structlog
from django.conf import settings
from procrastinate.contrib.django import app as django_app

import daily8
from daily8.ai import models
from daily8.ai.ports import Answer, Embedder, Post, ProviderFailed, Setup
from daily8.ai.registry import open_embedder
from daily8.net.cage import Cage
from daily8.net.crowding import Turns
from daily8.net.egress import Door
from daily8.net.guard import Egress, parse_hosts, parse_private
from daily8.net.interfaces import own_addresses
from daily8.net.outside import Outside
from daily8.net.robots import Robots
from daily8.net.trusted import Trusted, TrustedFailed
from daily8.news import urls, websub
from daily8.news.concepts import concepts
from daily8.news.hashtags.streaming import Backgrounds
from daily8.news.schedule import Manners
from daily8.pipeline import (
    assigning,
    embedding,
    fetch,
    fronts,
    mail,
    relating,
    rereading,
    understanding,
    upkeep,
)
from daily8.pipeline.threads import StoreThreads
from daily8.store import vectors, wakeups

_GRACE = 8.0
"""Seconds that work in hand may take after a worker was asked to stop."""


def now() -> datetime:
    """Give the time of this moment, with zone."""
    return datetime.now(UTC)


def user_agent() -> str:
    """Say who asks, and where its operator can be reached."""
    return f"Daily8/{daily8.__version__} (+{settings.CONTACT})"


def egress() -> Egress:
    """Read which private places and which names of a replay may be reached.

    :raises ValueError: for a setting that cannot be used; the text says which.
    """
    own = {host for host in (urlsplit(settings.SITE_URL).hostname,) if host}
    return Egress(
        hosts=parse_hosts(settings.EGRESS_HOSTS),
        private=parse_private(settings.EGRESS_PRIVATE),
        own=own_addresses() | own,
    )


def trusted(url: str, *, deadline: float = 60.0) -> Trusted:
    """Make a client of one endpoint that a setting names: a model, a mailbox, a gateway. It reaches no other.

    :raises ValueError: for a ``url`` that names no endpoint.
    """
    return Trusted(url, deadline=deadline, user_agent=user_agent())


def reach(url: str, timeout: float) -> Post:
    """Make a client of an endpoint that a setting names, for providers of models. It blocks.

    :raises ValueError: for a ``url`` that names no endpoint.
    """
    trusted(url)

    def ask(path: str, json: Any, headers: Mapping[str, str]) -> Answer:
        async def once() -> Answer:
            async with trusted(url, deadline=timeout) as there:
                found = await there.request("POST", path, json=json, headers=headers)
                return Answer(found.status, found.body, found.headers.get("Retry-After"))

        try:
            return asyncio.run(once())
        except TrustedFailed as error:
            raise ProviderFailed(str(error), passing=error.passing) from error

    return ask


def embedders() -> tuple[str, ...]:
    """Name the providers of embeddings that are wanted, in order; none where they are switched off."""
    names = tuple(name for part in settings.EMBEDDER.split(",") if (name := part.strip().lower()))
    if names in ((), ("off",)):
        return ()
    if names != ("auto",):
        return names
    try:
        models.installed("minilm", settings.DATA / "models")
    except models.ModelNotInstalled:
        return ("lexical",)
    return ("minilm", "lexical")


def embedder(name: str) -> Embedder:
    """Open a provider of embeddings with the operator's settings; what it raises passes through."""
    folder, threads = settings.DATA / "models", settings.EMBEDDER_THREADS
    options = {name: value for name, value in settings.EMBEDDER_OPTIONS.items() if value not in ("", "0")}
    return open_embedder(name, folder, setup=Setup(folder, threads, options, reach, time.sleep))


def hands() -> embedding.Hands:
    """Give the providers of embeddings of a worker; those that need no setting may go on serving."""
    return embedding.Hands(
        [partial(embedder, name) for name in embedders()],
        {name: partial(embedder, name) for name in ("lexical", "minilm")},
    )


def post() -> mail.Post:
    """Give the operator's mailboxes, and how their newsletters are taken."""
    return mail.Post(
        boxes=settings.MAILBOXES,
        reach=trusted,
        trusting=settings.MAILBOX_OPEN,
        vouched_by=settings.MAILBOX_AUTHSERV,
    )


def manners() -> Manners:
    """Give the manners of this installation: those of life, hurried in a replay."""
    return Manners() if settings.SPEED == 1 else Manners().hurried(settings.SPEED)


@cache
def small_cage() -> Cage:
    """Give this process's cage for the little that somebody waits for: one child, started when needed."""
    return Cage(workers=1)


def callback() -> str:
    """Say where hubs reach this site; the empty string where they are not to."""
    shut = websub.shut(settings.WEBSUB, settings.SITE_URL)
    return "" if shut else f"{settings.SITE_URL}/websub/"


@asynccontextmanager
async def outside(*, workers: int | None = None) -> AsyncIterator[Outside]:
    """Open the world outside for a piece of work, and close it after."""
    # Who is led on from elsewhere keeps the manners of where that is.
    turns, site = Turns(manners().spacing), partial(urls.domain, own_suffixes=settings.EGRESS_SUFFIXES)
    async with Door(egress(), user_agent(), turns=turns, site=site) as door:
        with Cage(workers=workers or settings.WORKERS) as cage:
            yield Outside(
                door=door,
                cage=cage,
                robots=Robots(door),
                manners=manners(),
                now=now,
                chance=random.random,
                own_suffixes=settings.EGRESS_SUFFIXES,
                callback=callback(),
                network=settings.NETWORK,
                keeps_pages=settings.PAGES_KEPT > 0,
            )


def logs(*, verbose: bool = False) -> None:
    """Write logs to standard error: for people on a terminal, else as JSON lines."""
    terminal = sys.stderr.isatty()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Any] = (
        [structlog.dev.ConsoleRenderer()]
        if terminal
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("daily8").setLevel(logging.DEBUG if verbose else logging.INFO)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def worker_app(
    world: Outside, store: StoreThreads, single: StoreThreads, stopping: asyncio.Event
) -> procrastinate.App:
    """Make the task engine of a worker, with a task a stage; ``single`` has one thread.

    It is an application of its own: what the store defers goes through Django's connection, in the
    transaction that makes the work.
    """
    pulse, embeds = upkeep.Pulse(), hands()
    app = procrastinate.App(connector=django_app.connector.get_worker_connector())  # type: ignore[attr-defined]

    @app.task(name="fetch", queue="fetch", queueing_lock="fetch")
    async def fetch_stage() -> None:
        await fetch.drain(world, store, stopping)

    @app.task(name="reread", queue="reread", queueing_lock="reread")
    async def reread_stage() -> None:
        await rereading.drain(world, store, stopping)

    _understand(app, world, store, single, stopping)

    @app.task(name="embed", queue="embed", queueing_lock="embed")
    async def embed_stage() -> None:
        await embedding.drain(embeds, store, stopping, now)

    @app.periodic(cron="* * * * * */5")  # the sixth column is of seconds
    @app.task(name="tick", queue="tick", queueing_lock="tick")
    async def tick(timestamp: int) -> None:
        if pulse.jumped(now(), time.monotonic()):
            await store(upkeep.settle, now(), world.manners)
        await store(upkeep.tick, now(), network=world.network, embeds=bool(embeds.wanted))

    @app.periodic(cron="* * * * *")
    @app.task(name="front", queue="front", queueing_lock="front")
    async def front_stage(timestamp: int) -> None:
        await store(fronts.keep, now())

    @app.periodic(cron="17 * * * *")
    @app.task(name="prune", queue="prune", queueing_lock="prune")
    async def prune(timestamp: int) -> None:
        await store(
            upkeep.prune,
            now(),
            pictures_limit=settings.PICTURES_LIMIT,
            pages_kept=timedelta(days=settings.PAGES_KEPT),
            pages_limit=settings.PAGES_LIMIT,
        )

    if settings.MAILBOXES:

        @app.periodic(cron="* * * * *")  # each mailbox has a pace of its own
        @app.task(name="mail", queue="mail", queueing_lock="mail")
        async def mail_stage(timestamp: int) -> None:
            await mail.drain(world, store, post())

    return app


def _understand(
    app: procrastinate.App,
    world: Outside,
    store: StoreThreads,
    single: StoreThreads,
    stopping: asyncio.Event,
) -> None:
    """Give the task engine the stages by which articles are understood; their memory is this worker's."""
    mind, near, common = assigning.Mind(concepts=concepts), relating.Neighbourhood(), Backgrounds()

    @app.task(name="understand", queue="understand", queueing_lock="understand")
    async def understand_stage() -> None:
        await understanding.drain(world, store, stopping, common)

    @app.task(name="assign", queue="assign", queueing_lock="assign")
    async def assign_stage() -> None:
        await assigning.drain(mind, single, stopping, now)

    @app.task(name="relate", queue="relate", queueing_lock="relate")
    async def relate_stage() -> None:
        await relating.drain(near, store, stopping, now)


def collect_seldom() -> None:
    """Let the garbage collector of a long process look seldom, and never at what was there from the start.

    At its defaults it goes over all modules again and again: a quarter of the time of a worker that polls.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


async def work(stopping: asyncio.Event, *, until_idle: bool = False) -> None:
    """Work until ``stopping`` is set; with ``until_idle`` until nothing is due."""
    collect_seldom()
    store, single = StoreThreads(4), StoreThreads(1)
    try:
        async with outside() as world:
            if until_idle:
                await mail.drain(world, store, post())
                await fetch.drain(world, store, stopping)
                await rereading.drain(world, store, stopping)
                await understanding.drain(world, store, stopping)
                await assigning.drain(assigning.Mind(concepts=concepts), single, stopping, now)
                await relating.drain(relating.Neighbourhood(), store, stopping, now)
                await store(vectors.well)
                await embedding.drain(hands(), store, stopping, now)
                await store(fronts.renew, now())
                return
            app = worker_app(world, store, single, stopping)
            async with app.open_async():
                await store(upkeep.settle, now(), world.manners)
                await store(upkeep.tick, now(), network=world.network)
                await store(vectors.well)  # settings may have been mended
                await store(wakeups.wake, "embed")  # or changed
                await _run_queues(app, stopping)
    finally:
        store.close()
        single.close()


async def _run_queues(app: procrastinate.App, stopping: asyncio.Event) -> None:
    def queue(*names: str) -> asyncio.Task[None]:
        return asyncio.create_task(
            app.run_worker_async(
                queues=list(names),
                name="+".join(names),
                concurrency=1,
                delete_jobs="successful",
                install_signal_handlers=False,
                shutdown_graceful_timeout=_GRACE,
            )
        )

    # The fetch stage works for long: what is short must not wait behind it.
    workers = [
        queue("fetch"),
        queue("reread"),
        queue("understand"),
        queue("assign"),
        queue("relate"),
        queue("embed"),
        queue("front"),
        queue("tick", "prune"),
        *([queue("mail")] if settings.MAILBOXES else []),
    ]
    stop = asyncio.create_task(stopping.wait())
    done, _ = await asyncio.wait([stop, *workers], return_when=asyncio.FIRST_COMPLETED)
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    stop.cancel()
    for task in done - {stop}:
        task.result()
