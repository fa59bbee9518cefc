"""Stage *embed*: give articles their vectors, by the recipes that are wanted and by those that still serve.

A provider that gives none keeps articles due and rests, longer each time; nothing else waits for it, and
what is new is embedded meanwhile by the recipes that serve.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

import structlog

from daily8.ai.models import ModelNotInstalled
from daily8.ai.ports import Embedder, ProviderFailed
from daily8.ai.registry import UnknownProvider
from daily8.pipeline.threads import StoreThreads, beside
from daily8.store import embedding, vectors
from daily8.store.embedding import DueArticle, Embedded, Need
from daily8.store.vectors import Made, Plan, Plans

LEASE = timedelta(minutes=10)
AT_ONCE = 32
"""Texts of one call."""
PLAIN = "news"
"""A text that any model takes."""
ADVANCED_EVERY = 20
"""Batches after which it is looked whether the wanted recipes cover what serves."""

log = structlog.get_logger("daily8.embed")
Open = Callable[[], Embedder]


@dataclass(slots=True)
class Hands:
    """The providers of a worker: those that are wanted, in order, and those that may still serve.

    They are opened when they are first needed, and stay open.
    """

    wanted: Sequence[Open]
    spares: Mapping[str, Open] = field(default_factory=dict)
    """By the first word of their recipes: opened where such a recipe serves and is not wanted."""
    plan: int = 0
    """The plan that they were wanted by, once they were opened."""
    _opened: dict[int, Embedder] = field(default_factory=dict)
    _spare: dict[str, Embedder | None] = field(default_factory=dict)

    def open(self) -> list[Embedder]:
        """Open what is wanted, and give it in order; blocks.

        :raises ProviderFailed: where one does not answer; and what a provider that is not ready raises.
        """
        for at, opens in enumerate(self.wanted):
            if at not in self._opened:
                self._opened[at] = opens()
        return [self._opened[at] for at in range(len(self.wanted))]

    def spare(self, recipe: str) -> Embedder | None:
        """Open the provider that makes vectors of a recipe, if it is at hand; blocks."""
        if recipe not in self._spare:
            self._spare[recipe] = None
            opens = self.spares.get(recipe.partition(" ")[0])
            try:
                found = opens() if opens else None
            except (ProviderFailed, ModelNotInstalled, UnknownProvider):
                found = None
            if found is not None and found.recipe.key == recipe:
                self._spare[recipe] = found
        return self._spare[recipe]


async def drain(
    hands: Hands, store: StoreThreads, stopping: asyncio.Event, now: Callable[[], datetime]
) -> int:
    """Embed what is due, until nothing is or a provider fails; give the number of articles.

    While those that are wanted give nothing, what is new is embedded by the recipes that serve.
    """
    if not hands.wanted:
        return 0
    if await store(vectors.resting, now()):
        return await _meanwhile(hands, store, stopping, now)
    if hands.plan and not await store(embedding.any_due, now()):
        return 0
    try:
        opened = await beside(hands.open)
    except (ProviderFailed, ModelNotInstalled, UnknownProvider) as error:
        await _trouble(store, error, now())
        return await _meanwhile(hands, store, stopping, now)
    if not hands.plan:
        hands.plan = (await store(vectors.want, [made(embedder) for embedder in opened], now())).wanted.id
    done = batches = 0
    while not stopping.is_set():
        plans = await store(vectors.plans)
        if plans is None or plans.wanted.id != hands.plan:
            log.warning("another worker was started later with another EMBEDDER; this one embeds nothing")
            return done
        by_row = await beside(_by_row, plans, opened, hands)
        try:
            written = await _batch(store, plans, by_row, stopping, now)
        except ProviderFailed as error:
            await _trouble(store, error, now())
            done += await _meanwhile(hands, store, stopping, now)
            break
        if written is None:
            break
        done += written
        batches += 1
        if batches == 1:
            await store(vectors.well)
        if batches % ADVANCED_EVERY == 0:
            await _advance(store, now())
    await store(vectors.index)
    await _advance(store, now())
    return done


async def _batch(
    store: StoreThreads,
    plans: Plans,
    by_row: Mapping[int, Embedder],
    stopping: asyncio.Event,
    now: Callable[[], datetime],
) -> int | None:
    """Embed what one claim gives; give the number of articles written, ``None`` where nothing is due.

    :raises ProviderFailed: as `embed`; what was claimed is due as before.
    """
    batch = await store(embedding.claim, plans, frozenset(by_row), now(), lease=LEASE)
    if not batch:
        return None
    try:
        found = await beside(embed, batch, by_row, stopping.is_set)
    except ProviderFailed:
        await store(embedding.give_back, batch)
        raise
    written = await store(embedding.record, found, plans.wanted.id)
    await store(embedding.give_back, batch)  # what was not embedded, or not written
    return written


async def _meanwhile(
    hands: Hands, store: StoreThreads, stopping: asyncio.Event, now: Callable[[], datetime]
) -> int:
    """Embed what is new by the recipes that serve, where all are at hand; give the number of articles.

    The wanted ones embed it too, once they can: its plan is an older one.
    """
    done = 0
    while not stopping.is_set():
        plans = await store(vectors.plans)
        if plans is None or plans.serving.id == hands.plan:  # those that fail are those that serve
            break
        by_row = await beside(_spares, plans.serving, hands)
        if len(by_row) < len(plans.serving.parts):
            break
        try:
            written = await _batch(store, Plans(plans.serving, plans.serving), by_row, stopping, now)
        except ProviderFailed as error:
            log.warning("no vectors by the recipes that serve", cause=str(error))
            break
        if written is None:
            break
        done += written
    return done


def made(embedder: Embedder) -> Made:
    """Say to the store what makes the vectors of a provider."""
    recipe = embedder.recipe
    return Made(recipe.key, recipe.dimensions, embedder.languages, recipe.model)


def embed(
    batch: Sequence[DueArticle], by_row: Mapping[int, Embedder], stopped: Callable[[], bool]
) -> list[Embedded]:
    """Embed what articles of a claim need; blocks. Gives fewer, from the first on, where it was stopped.

    Texts of like length go together. Where a provider refuses a call for good, each of its texts is tried
    alone, and those that fail are told apart from the others.

    :raises ProviderFailed: where a provider gives no vectors at all, for now or for good.
    """
    needs = [(at, need) for at, due in enumerate(batch) for need in due.needs]
    vectors_of: list[dict[int, Sequence[float]]] = [{} for _ in batch]
    causes = [""] * len(batch)
    for row, embedder in by_row.items():
        mine = iter(
            sorted(((at, need) for at, need in needs if need.recipe == row), key=lambda one: len(one[1].text))
        )
        while some := list(islice(mine, AT_ONCE)):
            if stopped():
                return []
            for (at, need), vector in zip(some, _call(embedder, [need for _, need in some]), strict=True):
                if isinstance(vector, str):
                    causes[at] = vector
                else:
                    vectors_of[at][need.recipe] = vector
    return [Embedded(due, found, cause) for due, found, cause in zip(batch, vectors_of, causes, strict=True)]


def _call(embedder: Embedder, needs: Sequence[Need]) -> list[Sequence[float] | str]:
    """Give the vector of each text, or the cause for which it has none."""
    try:
        return [*embedder.embed([need.text for need in needs]).tolist()]
    except ProviderFailed as error:
        if error.passing:
            raise
    embedder.embed([PLAIN])  # raises, where it is not the texts that are to blame
    found: list[Sequence[float] | str] = []
    for need in needs:
        try:
            found.append(embedder.embed([need.text])[0].tolist())
        except ProviderFailed as error:
            if error.passing:
                raise
            found.append(str(error))
    return found


def _by_row(plans: Plans, opened: Sequence[Embedder], hands: Hands) -> dict[int, Embedder]:
    """Give the providers by the rows of their recipes."""
    keys = {embedder.recipe.key: embedder for embedder in opened}
    found = {part.id: keys[part.made.recipe] for part in plans.wanted.parts if part.made.recipe in keys}
    for part in plans.serving.parts:
        spare = keys.get(part.made.recipe) or hands.spare(part.made.recipe)
        if spare is not None:
            found[part.id] = spare
    return found


def _spares(plan: Plan, hands: Hands) -> dict[int, Embedder]:
    """Give the spare providers of a plan by the rows of their recipes."""
    found = {part.id: hands.spare(part.made.recipe) for part in plan.parts}
    return {row: embedder for row, embedder in found.items() if embedder is not None}


async def _advance(store: StoreThreads, now: datetime) -> None:
    if await store(vectors.advance, now):
        log.info("vectors serve by new recipes")


async def _trouble(store: StoreThreads, error: Exception, now: datetime) -> None:
    after = error.after if isinstance(error, ProviderFailed) else None
    until = await store(vectors.trouble, str(error), now, after=after)
    log.warning("no vectors", cause=str(error), next_at=until.isoformat())
