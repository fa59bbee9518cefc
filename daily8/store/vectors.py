"""Vectors of articles: the recipes that serve, those that are wanted, and what is near to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from daily8.store.models import Embedding, Vector, VectorPlan, VectorRecipe

INDEXED_FROM = 20_000
"""Vectors of a recipe from which on an index is worth its making; fewer are compared one by one."""
SHARE = 0.99
"""Of what an older plan embedded that a newer one must have embedded to serve in its place."""
KEPT = timedelta(days=1)
"""How long vectors of a recipe stay once it serves no longer: a change may be taken back."""
_LOCK = 0x6461_7638_0001
"""Of the advisory lock under which plans change."""
_DELETED_AT_ONCE = 5_000
_ENLISTED_AT_ONCE = 10_000
_INDEXED_MOST = 4_000
"""Dimensions of ``halfvec`` that an index of pgvector takes; longer ones are compared one by one."""
_SEEN_MOST = 20_000
"""Vectors that a search by the index looks at before it gives up on a narrow span of time."""


@dataclass(frozen=True, slots=True)
class Made:
    """What makes vectors, as settings and providers give it."""

    recipe: str
    """Name, version and dimensions in one line; unique."""
    dimensions: int
    languages: frozenset[str] | None = None
    """Codes (ISO 639-1); ``None``: any."""
    model: bool = True
    """Whether a model reads the texts, which a publisher may refuse."""


@dataclass(frozen=True, slots=True)
class Part:
    """A recipe of a plan, by its row."""

    id: int
    made: Made

    def takes(self, language: str, may_use_ai: bool) -> bool:
        """Tell whether an article in a language (primary code) is embedded by this recipe."""
        known = self.made.languages is None or language in self.made.languages
        return known and (may_use_ai or not self.made.model)


@dataclass(frozen=True, slots=True)
class Plan:
    """Recipes in order: an article has the first that takes it."""

    id: int
    parts: tuple[Part, ...]

    def part(self, language: str, may_use_ai: bool) -> Part | None:
        """Give the recipe that an article has, if any does."""
        return next((part for part in self.parts if part.takes(language, may_use_ai)), None)


@dataclass(frozen=True, slots=True)
class Plans:
    """The plan that is wanted and the one that serves; in steady times they are the same."""

    wanted: Plan
    serving: Plan


@dataclass(frozen=True, slots=True)
class Near:
    """An article that is near to what was asked for."""

    article: UUID
    likeness: float
    """Of the vectors: their dot product, at most 1."""


@dataclass(frozen=True, slots=True)
class EmbeddingView:
    """How far embedding is, for the console and `doctor`."""

    serving: tuple[str, ...]
    """Recipes, in order."""
    wanted: tuple[str, ...]
    done: int
    """Articles that the wanted plan is through with."""
    articles: int
    aside: int
    """Articles without a vector for a cause of their own."""
    cause: str
    """Why the providers give no vectors; empty while they do."""
    next_at: datetime | None


def want(made: Sequence[Made], now: datetime) -> Plans:
    """Say which recipes are wanted, in order; where none served before, they serve at once.

    What an older plan embedded serves on until `advance` finds that the new one covers it. Where a recipe
    is to take other articles than before, each is looked at again, and only what lacks a vector gets one.
    """
    with transaction.atomic():
        _lock()
        told = [_recipe(one) for one in made]
        ids, changed = [id_ for id_, _ in told], any(other for _, other in told)
        newest = VectorPlan.objects.order_by("-id").first()
        serving = VectorPlan.objects.filter(serving=True).first()
        if newest is None or newest.recipes != ids or changed:
            again = serving is not None and serving.recipes == ids
            if serving is not None and again:
                _rest(serving)
            newest = VectorPlan.objects.create(recipes=ids, made_at=now)
            if again and serving is not None and not changed:  # taken back: what is done stays done
                _hand_over(serving.id, newest.id)
        if not VectorPlan.objects.filter(serving=True).exists():
            newest.serving, newest.served_since = True, now
            newest.save(update_fields=["serving", "served_since"])
    found = plans()
    if found is None:
        raise RuntimeError("a plan that was just written is gone")
    return found


def plans() -> Plans | None:
    """Give the plans of now; ``None`` before there was any."""
    rows = VectorPlan.objects.order_by("-id")
    wanted = rows.first()
    serving = rows.filter(serving=True).first()
    if wanted is None or not wanted.recipes:
        return None
    wanted_parts = _parts(wanted.recipes)
    first = Plan(wanted.id, wanted_parts)
    return Plans(first, Plan(serving.id, _parts(serving.recipes)) if serving else first)


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _rest(row: VectorPlan) -> None:
    row.serving = False
    row.save(update_fields=["serving"])


def _hand_over(older: int, newer: int) -> None:
    """Let what one plan is through with be another's; what somebody writes stays due, which costs little."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH free AS MATERIALIZED (
                SELECT article_id FROM store_embedding WHERE plan = %s FOR UPDATE SKIP LOCKED
            )
            UPDATE store_embedding SET plan = %s FROM free WHERE store_embedding.article_id = free.article_id
            """,
            [older, newer],
        )


def _recipe(made: Made) -> tuple[int, bool]:
    """Give the row of a recipe, and whether it takes other articles than it did."""
    languages = None if made.languages is None else sorted(made.languages)
    before = VectorRecipe.objects.filter(recipe=made.recipe).first()
    changed = before is not None and (before.languages, before.model) != (languages, made.model)
    facts = {"dimensions": made.dimensions, "languages": languages, "model": made.model}
    return int(VectorRecipe.objects.update_or_create(recipe=made.recipe, defaults=facts)[0].id), changed


def _parts(ids: Sequence[int]) -> tuple[Part, ...]:
    rows = VectorRecipe.objects.in_bulk(ids)
    return tuple(
        Part(
            row.id,
            Made(
                row.recipe,
                row.dimensions,
                None if row.languages is None else frozenset(row.languages),
                row.model,
            ),
        )
        for row in (rows[id_] for id_ in ids if id_ in rows)
    )


def trouble(cause: str, now: datetime, *, after: float | None = None) -> datetime:
    """Note why the providers give no vectors, and give the time at which they are asked again.

    That is after 30 seconds, twice as long each time, an hour at most; or ``after`` seconds, if they
    asked for more.
    """
    with transaction.atomic():
        _lock()
        row = VectorPlan.objects.order_by("-id").first() or VectorPlan(recipes=[], made_at=now)
        wait = min(30.0 * 2 ** min(row.tries, 7), 3600.0)
        row.cause, row.tries = cause[:500], min(row.tries + 1, 1000)
        row.next_at = now + timedelta(seconds=max(wait, min(after or 0.0, 86_400.0)))
        row.save()
    return row.next_at


def resting(now: datetime) -> bool:
    """Tell whether the providers are to be left alone at this time."""
    newest = VectorPlan.objects.order_by("-id").first()
    return newest is not None and newest.next_at is not None and newest.next_at > now


def well() -> None:
    """Note that the providers give vectors, or may be asked at once: settings may have been mended."""
    VectorPlan.objects.exclude(cause="").update(cause="", tries=0, next_at=None)


def advance(now: datetime) -> bool:
    """Let the wanted plan serve, if it covers what the serving one does; tell whether it does now.

    Of what an older plan embedded a share of `SHARE` is enough: the newest articles are embedded first.
    """
    with transaction.atomic():
        _lock()
        wanted = VectorPlan.objects.order_by("-id").first()
        serving = VectorPlan.objects.filter(serving=True).first()
        if wanted is None or not wanted.recipes or wanted.serving:
            return False
        older = Embedding.objects.filter(plan__gt=0, plan__lt=wanted.id).count()
        if older > (1 - SHARE) * Embedding.objects.filter(plan__gt=0).count():
            return False
        if serving is not None:
            _rest(serving)
        wanted.serving, wanted.served_since = True, now
        wanted.save(update_fields=["serving", "served_since"])
    return True


def tell(articles: Iterable[UUID], *, at: datetime | None = None) -> None:
    """Say that articles are new or have changed; stands in the transaction that writes them.

    They are due at once, or at a time by which more will be known. Whoever has one in hand will not write it.
    """
    ids = sorted(set(articles))
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO store_embedding (article_id, plan, next_at, cause)
            SELECT id, 0, %(at)s, '' FROM unnest(%(ids)s::uuid[]) AS id ORDER BY id
            ON CONFLICT (article_id) DO UPDATE SET plan = 0, next_at = EXCLUDED.next_at, cause = '',
                claimed_until = NULL, claim_token = NULL
            """,
            {"at": at, "ids": ids},
        )


def enlist(limit: int = _ENLISTED_AT_ONCE) -> int:
    """Make due what no row tells of; give the number. Nothing is, unless rows were deleted."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO store_embedding (article_id, plan, cause)
            SELECT id, 0, '' FROM store_article
            WHERE NOT EXISTS (SELECT FROM store_embedding WHERE article_id = id) LIMIT %s
            ON CONFLICT DO NOTHING
            """,
            [limit],
        )
        return int(cursor.rowcount)


def write(rows: Iterable[tuple[UUID, int, Sequence[float], str, datetime]]) -> None:
    """Write vectors: article, row of the recipe, numbers, digest of the text, time of publishing."""
    found = [
        Vector(article_id=a, recipe_id=r, value=_text(v), input=i, published_at=t) for a, r, v, i, t in rows
    ]
    Vector.objects.bulk_create(
        sorted(found, key=lambda row: (row.article_id, row.recipe_id)),
        update_conflicts=True,
        unique_fields=["article", "recipe"],
        update_fields=["value", "input", "published_at"],
    )


def _text(vector: Sequence[float]) -> str:
    return f"[{','.join(format(number, '.5g') for number in vector)}]"


def known(articles: Iterable[UUID]) -> dict[tuple[UUID, int], str]:
    """Give the digests of the texts of which articles have vectors, by article and recipe."""
    rows = Vector.objects.filter(article__in=articles).values_list("article_id", "recipe_id", "input")
    return {(article, recipe): digest for article, recipe, digest in rows}


def keep_only(wanted: Mapping[UUID, frozenset[int]]) -> None:
    """Delete the vectors of articles that are of other recipes than those given for each."""
    for article, recipe in known(wanted):
        if recipe not in wanted[article]:
            Vector.objects.filter(article=article, recipe=recipe).delete()


def nearest(
    vector: Sequence[float],
    recipe: int,
    k: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    without: UUID | None = None,
) -> list[Near]:
    """Give the ``k`` articles whose vectors by a recipe are nearest, the nearest first.

    ``vector`` is of that recipe and of length 1. ``since`` and ``until`` bound the time of publishing, both
    included. Beyond `INDEXED_FROM` vectors an index answers, which may miss a few.

    :raises ValueError: for a vector of another number of dimensions than the recipe's.
    """
    row = VectorRecipe.objects.filter(id=recipe).first()
    if row is None or row.dimensions != len(vector):
        raise ValueError("the vector is not of this recipe")
    size = int(row.dimensions)
    # The recipe stands in the statement itself: else its partial index cannot be used.
    where = [f"recipe_id = {int(recipe)}"]
    values: dict[str, Any] = {"vector": _text(vector), "k": k + (without is not None)}
    for name, value, test in (("since", since, ">="), ("until", until, "<=")):
        if value is not None:
            where.append(f"published_at {test} %({name})s")
            values[name] = value
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL hnsw.iterative_scan = strict_order")
        cursor.execute(f"SET LOCAL hnsw.max_scan_tuples = {_SEEN_MOST}")
        cursor.execute(
            f"""
            SELECT article_id, value::halfvec({size}) <#> %(vector)s::halfvec({size}) AS away
            FROM store_vector WHERE {" AND ".join(where)}
            ORDER BY away LIMIT %(k)s
            """,  # noqa: S608 - whole numbers and words of ours
            values,
        )
        found = [Near(article, -float(away)) for article, away in cursor.fetchall()]
    return [near for near in found if near.article != without][:k]


def nearest_to(
    article: UUID, k: int, *, since: datetime | None = None, until: datetime | None = None
) -> list[Near]:
    """Give the articles nearest to one by the recipe that serves it; none, where it has no vector."""
    now = plans()
    for part in now.serving.parts if now else ():
        if (vector := vector_of(article, part.id)) is not None:
            return nearest(vector, part.id, k, since=since, until=until, without=article)
    return []


def vector_of(article: UUID, recipe: int) -> list[float] | None:
    """Give the vector of an article by a recipe, if there is one."""
    text = Vector.objects.filter(article=article, recipe=recipe).values_list("value", flat=True).first()
    return None if text is None else [float(number) for number in str(text)[1:-1].split(",")]


def index(least: int = INDEXED_FROM) -> list[str]:
    """Make the index of each recipe of today that has at least so many vectors and none yet; name them.

    Writers go on meanwhile. Not within a transaction; one that was broken off is made anew.
    """
    made: list[str] = []
    for recipe in _used():
        name, size = _index(recipe), VectorRecipe.objects.values_list("dimensions", flat=True).get(id=recipe)
        if size > _INDEXED_MOST:
            continue
        if Vector.objects.filter(recipe=recipe)[least - 1 : least].exists() and not _valid(name):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK + 1])
                if not cursor.fetchone()[0]:  # another makes one
                    return made
                try:
                    cursor.execute(f"DROP INDEX IF EXISTS {name}")
                    cursor.execute(
                        f"CREATE INDEX CONCURRENTLY {name} ON store_vector "
                        f"USING hnsw ((value::halfvec({size})) halfvec_ip_ops) WHERE recipe_id = {recipe}"
                    )
                finally:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK + 1])
            made.append(name)
    return made


def _index(recipe: int) -> str:
    return f"vector_near_{int(recipe)}"


def _valid(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [name])
        row = cursor.fetchone()
    return bool(row and row[0])


def _used() -> list[int]:
    """Give the recipes of the plans of now."""
    newest = VectorPlan.objects.order_by("-id")[:1]
    rows = VectorPlan.objects.filter(Q(serving=True) | Q(id__in=newest))
    return sorted({int(recipe) for row in rows for recipe in row.recipes})


def prune(now: datetime) -> int:
    """Delete vectors of recipes that serve no longer and are not wanted; give their number.

    They stay for `KEPT` after another took their place.
    """
    serving = VectorPlan.objects.filter(serving=True).first()
    if serving is None or serving.served_since is None or serving.served_since > now - KEPT:
        return 0
    used, gone = _used(), 0
    for recipe in VectorRecipe.objects.exclude(id__in=used).values_list("id", flat=True):
        while ids := list(
            Vector.objects.filter(recipe=recipe).values_list("id", flat=True)[:_DELETED_AT_ONCE]
        ):
            gone += Vector.objects.filter(id__in=ids).delete()[0]
        with transaction.atomic(), connection.cursor() as cursor:
            _lock()
            if recipe not in _used():  # it may be wanted again since
                cursor.execute(f"DROP INDEX IF EXISTS {_index(recipe)}")
                VectorRecipe.objects.filter(id=recipe).delete()
    newest = VectorPlan.objects.latest("id").id
    VectorPlan.objects.exclude(serving=True).filter(id__lt=newest).delete()
    return gone


def progress() -> EmbeddingView:
    """Say how far embedding is."""
    found, newest = plans(), VectorPlan.objects.order_by("-id").first()
    wanted = newest.id if newest and newest.recipes else 0
    done = Embedding.objects.filter(plan__gte=wanted) if wanted else Embedding.objects.none()
    return EmbeddingView(
        serving=tuple(part.made.recipe for part in found.serving.parts) if found else (),
        wanted=tuple(part.made.recipe for part in found.wanted.parts) if found else (),
        done=done.count(),
        articles=Embedding.objects.count(),
        aside=done.exclude(cause="").count(),
        cause=newest.cause if newest else "",
        next_at=newest.next_at if newest else None,
    )
