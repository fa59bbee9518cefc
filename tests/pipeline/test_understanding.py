"""What arrives is understood, put into a story and related, by itself; what gives no answer goes on bare."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from daily8.net.cage import Cage
from daily8.news.relation import Subject, subject
from daily8.news.understanding import GENERATION, Named, Tag, Understood
from daily8.pipeline import relating, understanding
from daily8.pipeline.relating import Neighbourhood
from daily8.pipeline.threads import StoreThreads
from daily8.store import progress
from daily8.store import understanding as store_of
from daily8.store.assigning import Arrived
from daily8.store.models import (
    Entity,
    Hashtag,
    Membership,
    Progress,
    Relation,
    Tagging,
    Understanding,
)
from daily8.store.relating import DueRelation, Near
from tests.pipeline.conftest import Line, row
from tests.pipeline.stories import NOW, arrive, assign, no_repair

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def understand(line: Callable[..., Line], cage: Cage) -> Callable[[], int]:
    there = line([row(1)])

    def run() -> int:
        async def drain() -> int:
            store = StoreThreads(2)
            try:
                async with there.world() as world:
                    return await understanding.drain(world, store, asyncio.Event())
            finally:
                await asyncio.to_thread(store.close)

        return asyncio.run(drain())

    return run


def relate(known: Neighbourhood | None = None) -> int:
    async def run() -> int:
        store = StoreThreads(1)
        try:
            return await relating.drain(known or Neighbourhood(), store, asyncio.Event(), lambda: NOW)
        finally:
            await asyncio.to_thread(store.close)

    return asyncio.run(run())


def test_an_article_passes_all_stages_by_itself(understand: Callable[[], int]) -> None:
    articles = arrive(12, understood=False)
    no_repair()
    assert understand() == 12
    rows = Understanding.objects.order_by("article_id")
    assert [each.language for each in rows] == [each.language for each in articles]
    assert all(each.category and each.recipe for each in rows)
    for each in articles:
        assert Tagging.objects.filter(article=each).exists(), each.title
    names = dict(Hashtag.objects.values_list("name_en", "name_ar"))
    assert any(names), names
    assert any(names.values()), names
    assert not any("#" in name for pair in names.items() for name in pair)
    assert Entity.objects.filter(article=articles[0]).exists()
    assert assign() == 12
    assert relate() == 12
    assert not Progress.objects.exclude(understand_at=None, assign_at=None).exists()
    assert not Progress.objects.filter(relate_at__lte=NOW).exists()
    assert set(Progress.objects.values_list("generation", flat=True)) == {GENERATION}


def test_what_a_feed_brings_waits_for_its_page_but_not_for_ever(line: Callable[..., Line]) -> None:
    there = line([row(1)])
    there.subscribe()
    there.drain()
    [waiting] = Progress.objects.all()
    assert waiting.understand_at == there.moment  # its page was read
    assert waiting.assign_at is None


def test_mates_are_related_and_strangers_are_not() -> None:
    articles = arrive(40)
    no_repair()
    assign()
    assert relate() == 40
    ferries = [each for each in articles if "Ferry" in each.title or "العبارة" in each.title]
    assert len(ferries) > 1
    found = Relation.objects.filter(article=ferries[0]).order_by("place")
    assert found
    assert set(found.values_list("other", flat=True)) <= {each.id for each in ferries}
    assert [each.place for each in found] == list(range(len(found)))
    assert all(each.recipe == relating.RECIPE and each.reason["about"] for each in found)


def test_older_mates_are_related_anew_once_and_later() -> None:
    arrive(40)
    no_repair()
    assign()
    known = Neighbourhood()
    relate(known)
    Progress.objects.update(relate_at=None)
    [new] = arrive(1)
    assign()
    relate(known)
    near = set(Relation.objects.filter(article=new).values_list("other", flat=True))
    assert near
    due = Progress.objects.exclude(relate_at=None)
    assert set(due.values_list("article_id", flat=True)) == near
    assert set(due.values_list("relate_at", flat=True)) == {NOW + timedelta(minutes=15)}
    due.update(relate_at=NOW)
    assert relate(known) == len(near)
    assert not Progress.objects.exclude(relate_at=None).exists()  # they ask nobody again


def test_relations_are_the_same_after_a_start() -> None:
    arrive(15)
    no_repair()
    assign()
    relate()
    before = list(Relation.objects.order_by("article_id", "place").values_list("article_id", "other_id"))
    Progress.objects.update(relate_at=NOW)
    relate(Neighbourhood())
    after = list(Relation.objects.order_by("article_id", "place").values_list("article_id", "other_id"))
    assert before == after


def test_the_neighbourhood_forgets_the_oldest() -> None:
    arrive(30)
    no_repair()
    assign()
    known = Neighbourhood(kept=5)
    relate(known)
    assert len(known._subjects) <= 10
    assert max(known._subjects) == Membership.objects.order_by("-seq")[0].seq


def test_what_was_found_is_written_in_place_of_what_was_known(db: None) -> None:
    [article] = arrive(1, understood=False)
    storm = Tag("storm", (("en", "Storm"),))
    again = Tag("storm", (("ar", "عاصفة"),))
    for found in (
        Understood("en", "World", (storm, storm), (Named("q1", "Kelmar", "place"),)),
        Understood("en", "Weather", (again,), ()),
    ):
        Progress.objects.update(understand_at=NOW)
        token, given = store_of.claim(NOW, lease=timedelta(minutes=1), limit=5)
        assert list(given) == [article.id]
        assert store_of.record(token, {article.id: found}, started=NOW, now=NOW) == 1
    tag = Hashtag.objects.get()
    assert (tag.key, tag.name_en, tag.name_ar) == ("storm", "Storm", "عاصفة")
    assert Tagging.objects.count() == 1
    assert not Entity.objects.exists()
    assert Understanding.objects.get().category == "Weather"


def test_what_was_claimed_by_another_meanwhile_is_not_written() -> None:
    [article] = arrive(1, understood=False)
    late, _ = store_of.claim(NOW, lease=timedelta(minutes=1), limit=5)
    assert store_of.claim(NOW, lease=timedelta(minutes=1), limit=5)[1] == {}
    now = NOW + timedelta(minutes=2)
    token, given = store_of.claim(now, lease=timedelta(minutes=1), limit=5)
    assert list(given) == [article.id]
    assert store_of.record(late, {article.id: Understood("en")}, started=NOW, now=now) == 0
    assert store_of.record(token, {article.id: Understood("en")}, started=now, now=now) == 1


def test_one_that_changed_meanwhile_stays_due() -> None:
    [article] = arrive(1, understood=False)
    token, _ = store_of.claim(NOW, lease=timedelta(minutes=1), limit=5)
    later = NOW + timedelta(seconds=9)
    Progress.objects.update(understand_at=later)
    store_of.record(token, {article.id: Understood("en")}, started=NOW, now=later)
    assert Progress.objects.get().understand_at == later
    assert progress.any_to_understand(later)


def test_an_article_that_never_answers_goes_on_bare() -> None:
    [article] = arrive(1, understood=False)
    now = NOW
    for tries in range(1, progress.TRIES + 1):
        token, given = store_of.claim(now, lease=timedelta(minutes=1), limit=5)
        progress.failed(token, list(given))
        gone: list[UUID] = progress.exhausted(token, list(given))
        assert gone == ([article.id] if tries == progress.TRIES else [])
        now += timedelta(minutes=2)


def test_what_an_older_recipe_understood_is_due_again() -> None:
    arrive(3)
    Progress.objects.update(assign_at=None, generation=GENERATION)
    assert progress.outdated(NOW, 2, generation=GENERATION) == 0
    assert progress.any_outdated(generation=GENERATION + 1)
    assert progress.outdated(NOW, 2, generation=GENERATION + 1) == 2
    assert Progress.objects.filter(understand_at=NOW).count() == 2


def test_an_article_that_cannot_be_related_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    articles = arrive(14)
    no_repair()
    assign()
    bad = articles[2]

    def read(arrival: Arrived) -> Subject:
        if arrival.article == bad.id:
            raise ArithmeticError("poison")
        return subject(arrival.report, {})

    assert relate(Neighbourhood(read=read)) == 14
    assert not Progress.objects.filter(relate_at__lte=NOW).exists()
    assert not Relation.objects.filter(article=bad).exists()
    assert not Relation.objects.filter(other=bad).exists()
    assert Relation.objects.exclude(article=bad).exists()
    assert f"article {bad.id} cannot be read to relate it" in caplog.text


def test_an_error_of_ours_in_finding_gives_nothing(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Neighbourhood):
        def _near(self, due: DueRelation) -> list[Near]:
            raise ArithmeticError("poison")

    articles = arrive(3)
    no_repair()
    assign()
    assert relate(Broken()) == 3
    assert not Relation.objects.exists()
    assert all(f"article {row.id} cannot be related" in caplog.text for row in articles)


def test_what_cannot_be_written_of_one_is_written_of_the_others(
    line: Callable[..., Line], caplog: pytest.LogCaptureFixture
) -> None:
    articles = arrive(3, understood=False)
    there = line([row(1)])

    async def run() -> tuple[set[UUID], int]:
        store = StoreThreads(1)
        try:
            async with there.world() as world:
                token, given = await store(store_of.claim, NOW, lease=timedelta(minutes=5), limit=9)
                found = {id_: Understood("en") for id_ in given}
                found[articles[1].id] = Understood("en", entities=(Named("a\x00b", "A", "other"),))
                written, count = await understanding._written(world, store, token, found, NOW)
                return set(written), count
        finally:
            await asyncio.to_thread(store.close)

    assert asyncio.run(run()) == ({articles[0].id, articles[2].id}, 2)
    assert f"article {articles[1].id} cannot be written" in caplog.text
    assert set(Understanding.objects.values_list("article_id", flat=True)) == {articles[0].id, articles[2].id}
