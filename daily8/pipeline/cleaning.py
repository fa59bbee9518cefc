"""What stage *reread* does for stored HTML: sanitise it again where it went through an older policy.

No word is lost by it: a text that cannot be sanitised becomes plain text.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape, unescape
from typing import Any

from daily8.net.cage import Caged
from daily8.net.outside import Outside
from daily8.pipeline import documents
from daily8.pipeline.threads import StoreThreads
from daily8.store import rereading as store_of
from daily8.store.rereading import Stored

AT_ONCE = 20
TRIES = 2
"""Times that one text alone may end its process before it is taken to be the cause."""
Blocks = list[dict[str, Any]]
_HTML = frozenset({"html", "items", "rows"})
"""Fields of blocks that hold inline HTML."""
_TAG = re.compile(r"<[^<>]*>")


class _LaterError(Exception):
    """The cage does nothing at present, whatever it is given."""


async def drain(world: Outside, store: StoreThreads, stopping: asyncio.Event) -> None:
    """Sanitise again what went through an older policy, each article once."""
    last: Stored | None = None
    while not stopping.is_set():
        batch = await store(store_of.older_policy, AT_ONCE, last.article if last else None)
        if not batch:
            return
        last = batch[-1]
        for old in batch:
            if stopping.is_set():
                return
            try:
                new = await _renewed(world, old)
            except _LaterError:
                return
            await store(store_of.record_cleaned, [(old, new)])


async def _renewed(world: Outside, old: Stored) -> Stored:
    html = [old.summary, old.content]
    texts: list[Blocks] = []
    for _, blocks, aside in old.revisions:
        texts += [blocks, *([one["block"]] for one in aside)]
    try:
        found = await world.cage.acall(documents.clean_again, old.url, html, texts)
    except (Caged, ValueError):  # one of them is to blame
        found = (
            [await _html_alone(world, old.url, one) for one in html],
            [await _blocks_alone(world, old.url, blocks) for blocks in texts],
        )
    (summary, content), left = found[0], iter(found[1])
    revisions = []
    for number, _, aside in old.revisions:
        blocks = next(left)
        pairs = [(one, next(left)) for one in aside]
        revisions.append((number, blocks, [{**one, "block": new[0]} for one, new in pairs if new]))
    return replace(old, summary=summary, content=content, revisions=tuple(revisions))


async def _html_alone(world: Outside, base: str, html: str) -> str:
    found = await _alone(world, base, [html], [])
    return found[0][0] if found else _bare(html)


async def _blocks_alone(world: Outside, base: str, blocks: Blocks) -> Blocks:
    clean: Blocks = []
    for block in blocks:
        found = await _alone(world, base, [], [[block]])
        clean += found[1][0] if found else [_bare_block(block)]
    return clean


async def _alone(
    world: Outside, base: str, html: list[str], texts: list[Blocks]
) -> tuple[list[str], list[Blocks]] | None:
    """Give what sanitising makes of one text; ``None`` where that cannot be done.

    :raises _LaterError: where it is not the text's fault.
    """
    for _ in range(TRIES):
        try:
            return await world.cage.acall(documents.clean_again, base, html, texts)
        except ValueError:
            return None
        except Caged as error:
            if not error.passing:
                return None
        try:
            await world.cage.acall(documents.clean_again, "", [""], [])
        except Caged as error:
            raise _LaterError from error
    return None


def _bare(html: str) -> str:
    """Give the words of HTML without reading it: whatever stands between < and > is gone."""
    return escape(" ".join(unescape(_TAG.sub(" ", html)).split()))


def _bare_block(block: dict[str, Any]) -> dict[str, Any]:
    """Give a block whose inline HTML is bare words; addresses and what is no HTML stay."""
    return {name: _bare_parts(value) if name in _HTML else value for name, value in block.items()}


def _bare_parts(value: Any) -> Any:
    if isinstance(value, str):
        return _bare(value)
    return [*map(_bare_parts, value)] if isinstance(value, Sequence) else value
