"""What is to be embedded: claimed by the stage, recorded under the claim's token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID, uuid4

from django.db import connection, transaction

from daily8.news.language import code
from daily8.news.passages import passage
from daily8.store import vectors, wishes
from daily8.store.models import Article, Embedding, VectorPlan
from daily8.store.vectors import Part, Plans

CLAIM_MOST = 64
REFUSED = "Its publisher asks that no model reads it."
UNSPOKEN = "No model that is set speaks its language."


@dataclass(frozen=True, slots=True)
class Need:
    """A vector that an article lacks."""

    recipe: int
    text: str
    digest: str
    """Of the text."""


@dataclass(frozen=True, slots=True)
class DueArticle:
    """An article that is to be embedded."""

    article: UUID
    token: UUID
    published_at: datetime
    needs: tuple[Need, ...]
    """None, where the vectors that it has are of today's text."""
    recipes: frozenset[int]
    """Of which it is to have vectors; it keeps no others."""
    cause: str = ""
    """Why the plan has no vector for it, in one plain sentence."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """What became of a claimed article."""

    due: DueArticle
    vectors: Mapping[int, Sequence[float]]
    """By recipe."""
    cause: str = ""
    """Why there are fewer than it needs."""


def any_due(now: datetime) -> bool:
    """Tell whether anything is to be embedded now, and the providers may be asked.

    After a failure they are asked again, be anything due or not: it may be that they were never known. While
    they rest, only what is new to the plan that serves is due.
    """
    newest = VectorPlan.objects.order_by("-id").first()
    resting = vectors.resting(now)
    if newest and newest.cause and not resting:
        return True
    wanted = newest.id if newest and newest.recipes else 1
    if resting:
        wanted = VectorPlan.objects.filter(serving=True).values_list("id", flat=True).first() or 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (SELECT FROM store_embedding WHERE plan < %(wanted)s
                AND (claimed_until IS NULL OR claimed_until <= %(now)s)
                AND (next_at IS NULL OR next_at <= %(now)s))
            """,
            {"wanted": wanted, "now": now},
        )
        return bool(cursor.fetchone()[0])


def claim(
    plans: Plans,
    hands: frozenset[int],
    now: datetime,
    *,
    lease: timedelta,
    limit: int = CLAIM_MOST,
) -> list[DueArticle]:
    """Take articles to be embedded: new and changed ones first, of each kind the newest.

    ``hands`` are the recipes whose providers are at hand, all of the wanted plan among them. While another
    plan serves, new articles get vectors of it too, where that can be.
    """
    token = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH free AS MATERIALIZED (
                SELECT article_id FROM store_embedding
                WHERE plan < %(wanted)s AND (claimed_until IS NULL OR claimed_until <= %(now)s)
                    AND (next_at IS NULL OR next_at <= %(now)s)
                ORDER BY plan, article_id DESC LIMIT %(limit)s FOR UPDATE SKIP LOCKED
            )
            UPDATE store_embedding SET claimed_until = %(until)s, claim_token = %(token)s
            FROM free WHERE store_embedding.article_id = free.article_id
            RETURNING store_embedding.article_id
            """,
            {"wanted": plans.wanted.id, "now": now, "limit": limit, "until": now + lease, "token": token},
        )
        ids = [row[0] for row in cursor.fetchall()]
    rows = list(Article.objects.filter(id__in=ids).select_related("source").order_by("-id"))
    allowed, known = wishes.of(rows), vectors.known(ids)
    found = []
    for row in rows:
        language, may = code(row.language), allowed[row.id]
        wanted = plans.wanted.part(language, may.may_use_ai)
        parts = {part.id: part for part in (wanted, plans.serving.part(language, may.may_use_ai)) if part}
        # No more of a text goes to a model than may be shown.
        needs = [_need(row, part, may.excerpt_most) for part in parts.values() if part.id in hands]
        cause = "" if wanted else UNSPOKEN if may.may_use_ai else REFUSED
        found.append(
            DueArticle(
                row.id,
                token,
                row.published_at,
                tuple(need for need in needs if known.get((row.id, need.recipe)) != need.digest),
                frozenset(parts),
                cause,
            )
        )
    return found


def _need(row: Article, part: Part, most: int | None) -> Need:
    text = passage(row.title, row.dek, row.excerpt, model=part.made.model, most=most)
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()
    return Need(part.id, text, digest)


def record(found: Sequence[Embedded], plan: int) -> int:
    """Write what a claim gave, as done by a plan; give the number of articles that were written.

    Those that somebody else took, or that change meanwhile, are left alone.
    """
    if not found:
        return 0
    token = found[0].due.token
    with transaction.atomic():
        kept = _kept([one.due.article for one in found])
        # Who tells of one at this moment makes it due anyway; to wait for it could be to wait for each other.
        rows = Embedding.objects.select_for_update(skip_locked=True).filter(
            article__in=kept, claim_token=token, claimed_until__isnull=False
        )
        held = {row.article_id: row for row in rows.order_by("article_id")}
        mine = [one for one in found if one.due.article in held]
        vectors.write(
            (one.due.article, need.recipe, one.vectors[need.recipe], need.digest, one.due.published_at)
            for one in mine
            for need in one.due.needs
            if need.recipe in one.vectors
        )
        vectors.keep_only(
            {
                one.due.article: one.due.recipes
                - {need.recipe for need in one.due.needs if need.recipe not in one.vectors}
                for one in mine
            }
        )
        for one in mine:
            row = held[one.due.article]
            row.plan, row.cause, row.next_at = plan, (one.cause or one.due.cause)[:500], None
            row.claimed_until = row.claim_token = None
        columns = ["plan", "cause", "next_at", "claimed_until", "claim_token"]
        Embedding.objects.bulk_update(held.values(), columns)
    return len(mine)


def _kept(articles: Sequence[UUID]) -> list[UUID]:
    """Hold articles, and give those that nobody writes at this moment: who does will make them due anyway."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM store_article WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE SKIP LOCKED",
            [list(articles)],
        )
        return [row[0] for row in cursor.fetchall()]


def give_back(due: Sequence[DueArticle]) -> None:
    """Give claimed articles back: they are due as before. Who tells of one at this moment does the same."""
    if not due:
        return
    with transaction.atomic():
        held = Embedding.objects.filter(article__in=[one.article for one in due], claim_token=due[0].token)
        rows = list(held.select_for_update(skip_locked=True).values_list("article_id", flat=True))
        Embedding.objects.filter(article__in=rows).update(claimed_until=None, claim_token=None)
