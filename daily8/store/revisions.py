"""The texts that an article had: each change that matters is kept, with its kind."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from daily8.news.repeats import Aside, parted, whole, without
from daily8.news.revisions import (
    Change,
    ChangeKind,
    Version,
    compare,
    is_cut,
    is_silent,
    replaces_newest,
    spared,
)
from daily8.news.types import Block, Heading, block_from_json, block_to_json
from daily8.store.models import Article, Revision

FEED = "feed"
"""Recipe of a text that its feed gave alone."""


def revise(
    row: Article, blocks: Sequence[Block], recipe: str, aside: Sequence[Aside] = (), *, now: datetime
) -> None:
    """Keep the text that a page gave, if it says something new; ``row`` bears the facts that came with it.

    ``aside`` is kept with it: what was left out because the site repeats it.

    A text that is only set in another way takes the place of the newest one. Where the recipe is another,
    the publisher is not said to have changed anything.
    """
    if not blocks:
        return
    kept = list(row.revisions.order_by("number").defer("blocks"))
    said = {
        "title": row.title,
        "dek": row.dek,
        "blocks": [block_to_json(block) for block in blocks],
        "aside": _aside_to_json(aside),
        "digest": _digest(row.title, row.dek, blocks),
        "recipe": recipe,
        "updated_at": row.updated_at,
    }
    if not kept:
        Revision.objects.create(article=row, number=1, seen_at=now, kind="first", **said)
        return
    newest = kept[-1]
    if newest.digest == said["digest"]:
        row.revisions.filter(id=newest.id).update(updated_at=row.updated_at, aside=said["aside"])
        return
    merges = replaces_newest(list(map(change, kept)), live=row.live or row.kind == "live", now=now)
    _change(row, kept[-2] if merges else newest, said, now, instead_of=newest if merges else None)
    _forget(row)


def retell(row: Article, before: Version, blocks: Sequence[Block], *, now: datetime) -> None:
    """Keep what a feed says of an article without a page, and what it said ``before``, where that differs."""
    if not blocks or before == Version(row.title, row.dek, tuple(blocks), row.language):
        return
    if before.blocks and not row.revisions.exists():
        Revision.objects.create(
            article=row,
            number=1,
            seen_at=row.arrived_at,
            kind="first",
            title=before.title,
            dek=before.dek,
            blocks=[block_to_json(block) for block in before.blocks],
            aside=[],
            digest=_digest(before.title, before.dek, before.blocks),
            recipe=FEED,
        )
    revise(row, blocks, FEED, now=now)


def _change(
    row: Article, before: Revision, said: dict[str, Any], now: datetime, *, instead_of: Revision | None
) -> None:
    # What the site repeats is learned and forgotten by us: what one of the two leaves out, neither has.
    marks = {one["mark"] for one in (*before.aside, *said["aside"])}
    old = version(before, row.language)
    old = replace(old, blocks=without(old.blocks, marks))
    blocks = tuple(map(block_from_json, said["blocks"]))
    found = compare(old, Version(row.title, row.dek, without(blocks, marks), row.language))
    same_eyes = before.recipe == said["recipe"]
    judged = {
        "kind": found.kind if same_eyes or found.kind == "none" else "reread",
        "silent": same_eyes
        and is_silent(
            found,
            before=before.updated_at,
            after=row.updated_at,
            published=row.published_at,
            live=row.live or row.kind == "live",
        ),
    }
    if instead_of:
        row.revisions.filter(id=instead_of.id).update(seen_at=now, **judged, **said)
    elif found.kind == "none":
        row.revisions.filter(id=before.id).update(**said)
    else:
        Revision.objects.create(article=row, number=before.number + 1, seen_at=now, **judged, **said)


def _forget(row: Article) -> None:
    """Let one version go where there are too many; what follows it then tells of its change, too."""
    kept = list(row.revisions.order_by("number").defer("blocks"))
    number = spared(list(map(change, kept)))
    if number is None:
        return
    at = next(n for n, revision in enumerate(kept) if revision.number == number)
    gone, heir = kept[at], kept[at + 1]
    weight = ("none", "reread", "typo", "correction", "update", "rewritten")
    heir.kind = max(gone.kind or "update", heir.kind or "update", key=weight.index)
    heir.silent = heir.silent or gone.silent
    heir.save(update_fields=["kind", "silent"])
    gone.delete()


def remake(
    row: Article, blocks: Sequence[Block], recipe: str, aside: Sequence[Aside] = (), *, now: datetime
) -> None:
    """Let the newest text be one that another recipe made of the same page: no change by the publisher."""
    newest = row.revisions.select_for_update().order_by("-number").first()
    if newest is None:
        revise(row, blocks, recipe, aside, now=now)
    elif blocks:
        newest.aside = _aside_to_json(aside)
        newest.title, newest.dek, newest.recipe = row.title, row.dek, recipe
        rewrite(newest, blocks)


def rewrite(revision: Revision, blocks: Sequence[Block]) -> None:
    """Write a text anew that says the same by other means."""
    revision.blocks = [block_to_json(block) for block in blocks]
    revision.digest = _digest(revision.title, revision.dek, blocks)
    revision.save(update_fields=["title", "dek", "recipe", "blocks", "aside", "digest"])


def put_back(revision: Revision, mark: str) -> None:
    """Let a text say again what was left out of it under a mark, with the headings that belong to it."""
    aside = tuple(Aside(one["at"], one["mark"], block_from_json(one["block"])) for one in revision.aside)
    learned = {one.mark for one in aside if not isinstance(one.block, Heading)} - {mark}
    text = whole(tuple(map(block_from_json, revision.blocks)), aside)
    blocks, left = parted(text, learned)
    revision.aside = _aside_to_json(left)
    rewrite(revision, blocks)


def _aside_to_json(aside: Sequence[Aside]) -> list[dict[str, Any]]:
    return [{"at": one.at, "mark": one.mark, "block": block_to_json(one.block)} for one in aside]


def is_cut_short(row: Article, blocks: Sequence[Block]) -> bool:
    """Tell whether a page gave only the beginning of the text that is kept of it."""
    newest = row.revisions.order_by("-number").first()
    return newest is not None and is_cut(version(newest), Version(blocks=tuple(blocks)))


def changes_of(row: Article, newest: Revision | None = None) -> tuple[Change, ...]:
    """Give the versions that are kept of an article, in order of time; ``newest`` is one that is at hand."""
    if newest is not None and newest.number == 1:
        return (change(newest),)
    return tuple(map(change, row.revisions.order_by("number").defer("blocks", "dek")))


def version(row: Revision, language: str = "") -> Version:
    """Give what an article said at one time."""
    return Version(row.title, row.dek, tuple(map(block_from_json, row.blocks)), language)


def change(row: Revision) -> Change:
    """Give a version as lists tell of it; one that was kept before changes were judged is an update."""
    kind = row.kind or ("first" if row.number == 1 else "update")
    return Change(
        row.number, row.seen_at, cast("ChangeKind", kind), bool(row.silent), row.updated_at, row.title
    )


def _digest(title: str, dek: str, blocks: Sequence[Block]) -> str:
    said = json.dumps([title, dek, *map(block_to_json, blocks)], ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=16).hexdigest()
