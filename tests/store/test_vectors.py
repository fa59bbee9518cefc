"""Vectors by recipe, the plans that say which are wanted, and what is near to what."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest
from django.db import connection, transaction

from daily8.store import embedding, vectors
from daily8.store.embedding import Embedded
from daily8.store.models import Article, Embedding, Vector, VectorPlan, VectorRecipe
from daily8.store.vectors import Made, Plans
from tests.store.conftest import NOW

LEASE = timedelta(minutes=5)
WORDS = Made("words 1 d3", 3, model=False)
ENGLISH = Made("english 1 d2", 2, frozenset({"en"}))
NEWER = Made("newer 1 d3", 3)
Articles = Callable[..., Article]


def unit(*numbers: float) -> list[float]:
    length = math.hypot(*numbers)
    return [number / length for number in numbers]


def do(plans: Plans, *hands: Made, limit: int = 64, vector: Sequence[float] = (1, 0, 0)) -> list[UUID]:
    """Embed what is due with the providers at hand; give the articles."""
    parts = [*plans.wanted.parts, *plans.serving.parts]
    ids = {part.id: part.made for part in parts if not hands or part.made in hands}
    due = embedding.claim(plans, frozenset(ids), NOW, lease=LEASE, limit=limit)
    found = [Embedded(d, {n.recipe: vector[: ids[n.recipe].dimensions] for n in d.needs}) for d in due]
    embedding.record(found, plans.wanted.id)
    return [one.article for one in due]


def told(article: Articles, number: int, **values: object) -> Article:
    row = article(number, **values)
    vectors.tell([row.id])
    return row


def by_recipe(row: Article) -> set[str]:
    return set(Vector.objects.filter(article=row).values_list("recipe__recipe", flat=True))


@pytest.mark.django_db
def test_an_article_has_the_first_recipe_that_takes_it(article: Articles) -> None:
    english, arabic = told(article, 1), told(article, 2, language="ar-EG", title="الميناء")
    refused = told(article, 3, wishes=[{"name": "noai", "place": "page", "value": "", "seen_at": None}])
    plans = vectors.want([ENGLISH, WORDS], NOW)
    do(plans)
    assert by_recipe(english) == {ENGLISH.recipe}
    assert by_recipe(arabic) == by_recipe(refused) == {WORDS.recipe}
    assert not embedding.any_due(NOW)


@pytest.mark.django_db
def test_who_is_read_by_no_recipe_is_through_with_a_cause(article: Articles) -> None:
    arabic = told(article, 1, language="ar")
    refused = told(article, 2, wishes=[{"name": "noai", "place": "page", "value": "", "seen_at": None}])
    do(vectors.want([ENGLISH], NOW))
    causes = {row.article_id: row.cause for row in Embedding.objects.all()}
    assert causes == {arabic.id: embedding.UNSPOKEN, refused.id: embedding.REFUSED}
    assert vectors.progress().aside == 2
    assert not Vector.objects.exists()


@pytest.mark.django_db
def test_a_model_reads_no_more_of_a_text_than_may_be_shown(article: Articles) -> None:
    wish = {"name": "max-snippet", "place": "page", "value": "8", "seen_at": None}
    told(article, 1, title="Title", dek="A dek", excerpt="The whole text.", wishes=[wish])
    told(article, 2, title="Title", dek="A dek", excerpt="The whole text.")
    plans = vectors.want([NEWER], NOW)
    due = embedding.claim(plans, frozenset({plans.wanted.parts[0].id}), NOW, lease=LEASE)
    assert [one.needs[0].text for one in due] == ["Title. A dek. The whole text", "Title. The whol"]


@pytest.mark.django_db
def test_new_and_changed_articles_come_first_then_the_newest(article: Articles) -> None:
    rows = [told(article, number) for number in range(6)]
    do(vectors.want([WORDS], NOW))
    plans = vectors.want([NEWER], NOW)
    vectors.tell([rows[2].id])
    fresh = told(article, 7)
    order = [do(plans, limit=1)[0] for _ in range(7)]
    assert order == [row.id for row in (fresh, rows[2], rows[5], rows[4], rows[3], rows[1], rows[0])]


@pytest.mark.django_db
def test_a_text_that_did_not_change_is_not_embedded_again(article: Articles) -> None:
    row = told(article, 1)
    plans = vectors.want([WORDS], NOW)
    do(plans)
    vectors.tell([row.id])
    hands = frozenset({plans.wanted.parts[0].id})
    (due,) = embedding.claim(plans, hands, NOW, lease=LEASE)
    assert due.needs == ()
    embedding.record([Embedded(due, {})], plans.wanted.id)
    assert by_recipe(row) == {WORDS.recipe}
    Article.objects.filter(id=row.id).update(title="Another")
    vectors.tell([row.id])
    (due,) = embedding.claim(plans, hands, NOW, lease=LEASE)
    assert [need.text for need in due.needs] == ["Another. The whole text"]


@pytest.mark.django_db
def test_what_is_told_for_later_waits(article: Articles) -> None:
    row = article(1)
    vectors.tell([row.id], at=NOW + timedelta(minutes=2))
    plans = vectors.want([WORDS], NOW)
    assert not embedding.any_due(NOW)
    assert do(plans) == []
    vectors.tell([row.id])
    assert do(plans) == [row.id]


@pytest.mark.django_db
def test_a_claim_is_fenced_by_another_and_by_a_change(article: Articles) -> None:
    row = told(article, 1)
    plans = vectors.want([WORDS], NOW)
    hands = frozenset({plans.wanted.parts[0].id})
    (first,) = embedding.claim(plans, hands, NOW, lease=LEASE)
    assert embedding.claim(plans, hands, NOW, lease=LEASE) == []
    (second,) = embedding.claim(plans, hands, NOW + LEASE, lease=LEASE)
    vector = {first.needs[0].recipe: [1.0, 0.0, 0.0]}
    assert embedding.record([Embedded(first, vector)], plans.wanted.id) == 0
    vectors.tell([row.id])
    assert embedding.record([Embedded(second, vector)], plans.wanted.id) == 0
    assert not Vector.objects.exists()
    assert do(plans) == [row.id]


@pytest.mark.django_db(transaction=True)
def test_who_writes_an_article_is_not_waited_for(article: Articles) -> None:
    held, free = told(article, 1), told(article, 2)
    plans = vectors.want([WORDS], NOW)
    begun, ended = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            Article.objects.select_for_update().get(id=held.id)
            begun.set()
            ended.wait(30)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    begun.wait(30)
    try:
        do(plans)
        assert set(Vector.objects.values_list("article_id", flat=True)) == {free.id}
    finally:
        ended.set()
        writer.join()


@pytest.mark.django_db
def test_the_old_recipe_serves_until_the_new_one_covers_it(article: Articles) -> None:
    rows = [told(article, number) for number in range(4)]
    do(vectors.want([WORDS], NOW), vector=unit(1, 2, 3))
    plans = vectors.want([NEWER], NOW)
    assert [part.made for part in plans.serving.parts] == [WORDS]
    fresh = told(article, 9)
    assert do(plans, limit=3)[0] == fresh.id
    assert by_recipe(fresh) == {WORDS.recipe, NEWER.recipe}  # found at once, and found later
    assert not vectors.advance(NOW)
    assert len(vectors.nearest_to(rows[0].id, 9)) == 4  # by the old recipe, whatever the new one lacks
    do(plans)
    assert all(by_recipe(row) == {WORDS.recipe, NEWER.recipe} for row in rows)
    assert vectors.advance(NOW)
    assert not vectors.advance(NOW)
    now = vectors.plans()
    assert now is not None
    assert [part.made for part in now.serving.parts] == [NEWER]
    assert len(vectors.nearest_to(rows[0].id, 9)) == 4


@pytest.mark.django_db
def test_a_provider_that_is_gone_serves_on_with_what_it_made(article: Articles) -> None:
    row = told(article, 1)
    do(vectors.want([ENGLISH], NOW))
    plans = vectors.want([NEWER], NOW)
    Article.objects.filter(id=row.id).update(title="Another")
    vectors.tell([row.id])
    fresh = told(article, 2)
    do(plans, NEWER)
    assert by_recipe(row) == {ENGLISH.recipe, NEWER.recipe}
    assert by_recipe(fresh) == {NEWER.recipe}


@pytest.mark.django_db
def test_a_change_that_is_taken_back_costs_nothing(article: Articles) -> None:
    rows = [told(article, number) for number in range(4)]
    do(vectors.want([WORDS], NOW))
    do(vectors.want([NEWER], NOW), limit=1)
    plans = vectors.want([WORDS], NOW)
    assert plans.wanted == plans.serving
    assert do(plans) == [rows[3].id]
    assert vectors.want([WORDS], NOW) == plans


@pytest.mark.django_db
def test_a_model_that_is_said_to_speak_more_languages_gets_the_articles_in_them(article: Articles) -> None:
    english, arabic = told(article, 1), told(article, 2, language="ar")
    do(vectors.want([ENGLISH], NOW))
    assert not Vector.objects.filter(article=arabic).exists()
    more = Made(ENGLISH.recipe, ENGLISH.dimensions, frozenset({"ar", "en"}))
    plans = vectors.want([more], NOW)
    assert plans.wanted == plans.serving
    assert set(do(plans, vector=(0, 1, 0))) == {english.id, arabic.id}
    assert by_recipe(arabic) == {ENGLISH.recipe}
    assert vectors.vector_of(english.id, plans.wanted.parts[0].id) == [1, 0]  # it had one, and keeps it
    assert not embedding.any_due(NOW)
    assert vectors.want([more], NOW) == plans


@pytest.mark.django_db
def test_while_the_wanted_providers_rest_only_what_the_serving_plan_lacks_is_due(article: Articles) -> None:
    row = told(article, 1)
    do(vectors.want([WORDS], NOW))
    vectors.want([NEWER], NOW)
    vectors.trouble("No key.", NOW)
    assert not embedding.any_due(NOW)
    vectors.tell([row.id])
    assert embedding.any_due(NOW)


@pytest.mark.django_db(transaction=True)
def test_nobody_who_embeds_waits_for_those_who_tell_of_articles(article: Articles) -> None:
    rows = [told(article, number) for number in range(3)]
    plans = vectors.want([WORDS], NOW)
    assert do(plans, limit=1) == [rows[2].id]
    due = embedding.claim(plans, frozenset({plans.wanted.parts[0].id}), NOW, lease=LEASE)
    found = [Embedded(one, {need.recipe: (1, 0, 0) for need in one.needs}) for one in due]
    told_of, done = threading.Event(), threading.Event()

    def tell() -> None:
        try:
            with transaction.atomic():
                vectors.tell([rows[1].id, rows[2].id])
                told_of.set()
                done.wait(20)
        finally:
            connection.close()

    teller = threading.Thread(target=tell)
    teller.start()
    try:
        assert told_of.wait(20)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        assert embedding.record(found, plans.wanted.id) == 1
        embedding.give_back(due)
        vectors.want([NEWER], NOW)
        vectors.want([WORDS], NOW)
    finally:
        done.set()
        teller.join()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    assert Embedding.objects.get(article=rows[0]).plan == VectorPlan.objects.latest("id").id
    assert set(Embedding.objects.exclude(article=rows[0]).values_list("plan", flat=True)) == {0}


@pytest.mark.django_db(transaction=True)
def test_vectors_too_long_for_an_index_are_compared_one_by_one(article: Articles) -> None:
    plans = vectors.want([Made("long 1 d4096", 4096), WORDS], NOW)
    long, words = (part.id for part in plans.wanted.parts)
    row = article(1)
    vectors.write([(row.id, long, [1.0, *[0.0] * 4095], "", NOW), (row.id, words, [1, 0, 0], "", NOW)])
    assert vectors.index(1) == [f"vector_near_{words}"]
    assert [one.article for one in vectors.nearest([1.0, *[0.0] * 4095], long, 3)] == [row.id]


@pytest.mark.django_db
def test_old_vectors_go_a_day_after_they_served(article: Articles) -> None:
    row = told(article, 1)
    do(vectors.want([WORDS], NOW))
    do(vectors.want([NEWER], NOW))
    assert vectors.advance(NOW)
    assert vectors.prune(NOW + timedelta(hours=23)) == 0
    assert vectors.prune(NOW + timedelta(hours=25)) == 1
    assert by_recipe(row) == {NEWER.recipe}
    assert VectorRecipe.objects.get().recipe == NEWER.recipe
    assert VectorPlan.objects.get().serving


@pytest.mark.django_db
def test_a_plan_that_was_never_through_does_not_serve(article: Articles) -> None:
    for number in range(3):
        told(article, number)
    do(vectors.want([WORDS], NOW))
    do(vectors.want([ENGLISH], NOW), limit=1)
    plans = vectors.want([NEWER], NOW)
    assert [part.made for part in plans.serving.parts] == [WORDS]
    do(plans)
    assert vectors.advance(NOW)
    assert vectors.prune(NOW + timedelta(days=2)) == 3  # what was half made went with each article


@pytest.mark.django_db
def test_the_nearest_are_those_of_one_recipe_and_a_span_of_time(article: Articles) -> None:
    plans = vectors.want([WORDS, NEWER], NOW)
    words, newer = (part.id for part in plans.wanted.parts)
    rows = [article(n, published_at=NOW - timedelta(days=n)) for n in range(4)]
    points = [unit(1, 0, 0), unit(1, 1, 0), unit(0, 1, 0), unit(-1, 0, 0)]
    vectors.write((r.id, words, p, "", r.published_at) for r, p in zip(rows, points, strict=True))
    vectors.write([(rows[3].id, newer, [1, 0, 0], "", NOW)])
    near = vectors.nearest([1, 0, 0], words, 3)
    assert [one.article for one in near] == [rows[0].id, rows[1].id, rows[2].id]
    np.testing.assert_allclose([one.likeness for one in near], [1, math.sqrt(0.5), 0], atol=1e-3)
    since, until = NOW - timedelta(days=3), NOW - timedelta(days=1)
    within = vectors.nearest([1, 0, 0], words, 9, since=since, until=until)
    assert [one.article for one in within] == [rows[1].id, rows[2].id, rows[3].id]
    assert [one.article for one in vectors.nearest_to(rows[0].id, 1)] == [rows[1].id]
    with pytest.raises(ValueError, match="not of this recipe"):
        vectors.nearest([1, 0], words, 3)


@pytest.mark.django_db(transaction=True)
def test_an_index_is_made_where_there_are_many_and_finds_the_same(article: Articles) -> None:
    plans = vectors.want([WORDS, ENGLISH], NOW)
    words, english = (part.id for part in plans.wanted.parts)
    rows = [article(n, published_at=NOW - timedelta(hours=n)) for n in range(60)]
    points = np.random.default_rng(8).standard_normal((60, 3))
    vectors.write((r.id, words, unit(*p), "", r.published_at) for r, p in zip(rows, points, strict=True))
    vectors.write([(rows[0].id, english, [1, 0], "", NOW)])
    wanted = unit(1, 2, -1)
    since = NOW - timedelta(hours=30)
    before = vectors.nearest(wanted, words, 9), vectors.nearest(wanted, words, 9, since=since)
    assert vectors.index(61) == []
    assert vectors.index(60) == [f"vector_near_{words}"]
    assert vectors.index(60) == []
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off; SET enable_sort = off")
        try:
            assert (
                vectors.nearest(wanted, words, 9),
                vectors.nearest(wanted, words, 9, since=since),
            ) == before
            cursor.execute(
                "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = %s", ["vector_once"]
            )
        finally:
            cursor.execute("RESET enable_seqscan; RESET enable_sort")
        cursor.execute(
            f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'vector_near_{words}'::regclass"
        )
    assert vectors.index(60) == [f"vector_near_{words}"]  # one that was broken off
    do(vectors.want([NEWER], NOW))
    vectors.advance(NOW)
    vectors.prune(NOW + timedelta(days=2))
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"vector_near_{words}"])
        assert cursor.fetchone() == (None,)


@pytest.mark.django_db
def test_troubles_wait_longer_each_time_and_are_told(article: Articles) -> None:
    told(article, 1)
    waits = [(vectors.trouble("No key.", NOW) - NOW).total_seconds() for _ in range(9)]
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert (vectors.trouble("Busy.", NOW, after=7200) - NOW).total_seconds() == 7200
    assert vectors.progress().cause == "Busy."
    assert not embedding.any_due(NOW)
    assert vectors.resting(NOW + timedelta(hours=1))
    assert embedding.any_due(NOW + timedelta(hours=3))
    vectors.well()
    assert vectors.progress().cause == ""
    assert embedding.any_due(NOW)
    plans = vectors.want([WORDS], NOW)
    assert plans.wanted == plans.serving


@pytest.mark.django_db
def test_articles_that_no_row_tells_of_are_enlisted(article: Articles) -> None:
    rows = [article(number) for number in range(3)]
    vectors.tell([rows[0].id])
    assert vectors.enlist() == 2
    assert vectors.enlist() == 0
    assert len(do(vectors.want([WORDS], NOW))) == 3
