"""Stories are decided once, by one assigner, in one order; what is in memory can be made again exactly."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from django.db import connection

from daily8.news.concepts import concepts
from daily8.news.stories.values import Settings
from daily8.pipeline.assigning import Mind, drain
from daily8.pipeline.threads import StoreThreads
from daily8.store import assigning, story_acts
from daily8.store.assigning import Fenced
from daily8.store.models import (
    Arrival,
    Article,
    Assigner,
    Checkpoint,
    Copy,
    Membership,
    Progress,
    Story,
    StoryAct,
)
from daily8.store.story_acts import ActRefused
from tests.pipeline.stories import (
    NOW,
    arrive,
    assert_each_is_in_one_story,
    assign,
    fingerprint,
    no_repair,
    poisoned,
)

pytestmark = pytest.mark.django_db(transaction=True)


def say(kind: str, story: Story, **values: object) -> int:
    return story_acts.say(kind, story.id, by="Maeve", now=NOW, **values)  # type: ignore[arg-type]


def by_size() -> list[Story]:
    """Give the stories that stand, the largest first."""
    rows = Story.objects.filter(forward_to=None)
    return sorted(rows, key=lambda row: (-row.members.count(), row.opened_seq))


def test_each_article_comes_into_one_story_in_the_order_of_arrival() -> None:
    articles = arrive(30)
    no_repair()
    assert assign() == 30
    assert_each_is_in_one_story(articles)
    assert 1 < Story.objects.count() < 30
    first = Membership.objects.get(seq=1)
    assert first.article == articles[0]
    assert first.decision["opened"]
    assert first.story.opened_seq == 1
    assert Progress.objects.filter(relate_at=NOW).count() == 30
    assert assign() == 0


def test_what_comes_at_once_has_its_place_by_the_time_of_its_publication() -> None:
    articles = arrive(6)
    for hour, row in enumerate(articles):
        Article.objects.filter(id=row.id).update(published_at=NOW - timedelta(hours=hour))
    no_repair()
    assign()
    order = Arrival.objects.order_by("seq").values_list("article_id", flat=True)
    assert list(order) == [row.id for row in reversed(articles)]


def test_what_was_decided_is_followed_and_not_decided_again() -> None:
    arrive(20)
    no_repair()
    assign()
    before = fingerprint()
    Article.objects.update(title="Something else entirely", summary="")
    arrive(10)
    mind = Mind()
    assert assign(mind) == 10
    rows = Membership.objects.filter(seq__lte=20)
    arrivals = Arrival.objects.filter(seq__lte=20)
    assert rows.count() == arrivals.exclude(title="Something else entirely").count() == 20
    Copy.objects.filter(article__arrival__seq__gt=20).delete()
    Membership.objects.filter(seq__gt=20).delete()
    Story.objects.filter(opened_seq__gt=20).delete()
    assert fingerprint() == before


def test_memory_is_made_again_exactly_with_and_without_a_checkpoint() -> None:
    arrive(25)
    no_repair()
    mind = Mind(checkpoint_every=20)
    assign(mind, at_once=6)
    big, small = by_size()[0], by_size()[1]
    say("merge", small, other=big.id)
    say("lock", big)
    arrive(8)
    assign(mind, at_once=6)
    kept = Checkpoint.objects.order_by("-id").first()
    assert kept is not None
    assert 0 < kept.seq < 33
    by_checkpoint, from_nothing = Mind(), Mind()
    assign(by_checkpoint)
    Checkpoint.objects.all().delete()
    assign(from_nothing)
    assert by_checkpoint.dump() == from_nothing.dump() == mind.dump()


def test_a_damaged_checkpoint_or_one_of_another_recipe_is_passed_over() -> None:
    arrive(12)
    no_repair()
    mind = Mind(checkpoint_every=5)
    assign(mind, at_once=5)
    Checkpoint.objects.update(body=b"damaged")
    again = Mind()
    assign(again)
    assert again.dump() == mind.dump()
    Checkpoint.objects.update(made_by="another")
    again = Mind()
    assign(again)
    assert again.dump() == mind.dump()


def test_two_workers_in_turns_decide_as_one() -> None:
    arrive(30)
    no_repair()
    one, other = Mind(), Mind()
    while assign(one, most=4, at_once=4) + assign(other, most=3, at_once=3):
        pass
    shared = fingerprint()
    assigning.anew()
    assign()
    assert fingerprint() == shared


def test_all_that_is_derived_comes_back_the_same_with_what_editors_did() -> None:
    arrive(30)
    no_repair()
    assign()
    big, small, third, *_ = by_size()
    leaving = [row.article_id for row in big.members.order_by("-seq")[:2]]
    say("merge", small, other=third.id)
    say("split", big, articles=leaving)
    assign()
    arrive(10)
    assign()
    say("lock", third)
    assign()
    before = fingerprint()
    mind = Mind()
    assign(mind)
    assigning.anew()
    assert not Membership.objects.exists()
    again = Mind()
    assign(again)
    assert fingerprint() == before
    assert again.dump() == mind.dump()


def test_a_mind_from_before_all_was_decided_anew_is_not_trusted() -> None:
    arrive(10)
    no_repair()
    mind = Mind()
    assign(mind)
    assigning.anew()
    assign()
    arrive(5)
    assert assign(mind) == 5
    fresh = Mind()
    assign(fresh)
    assert mind.dump() == fresh.dump()


def test_who_was_taken_over_writes_nothing() -> None:
    arrive(5)
    no_repair()
    late = assigning.claim(NOW)
    assert late is not None
    assigning.leave()  # its connection was lost
    assign()
    before = fingerprint()
    with pytest.raises(Fenced):
        assigning.record(late, [], recipe="r", now=NOW)
    with pytest.raises(Fenced):
        assigning.pick_up(late, NOW)
    with pytest.raises(Fenced):
        assigning.checkpoint(late, b"", made_by="r", now=NOW)
    assert fingerprint() == before


def test_while_one_assigns_others_do_nothing() -> None:
    arrive(3)
    hold = assigning.claim(NOW)
    assert hold is not None
    try:
        assert assign() == 0  # on a connection of its own
    finally:
        assigning.leave()
    no_repair()
    assert assign() == 3


def test_a_merged_story_leads_on_in_one_step_and_takes_nothing_in() -> None:
    arrive(30)
    no_repair()
    assign()
    first, second, third, *_ = by_size()
    every = first.members.count() + second.members.count() + third.members.count()
    say("merge", third, other=second.id, why="One event.")
    say("merge", second, other=first.id)
    assign()
    for row in (second, third):
        row.refresh_from_db()
        assert row.forward_to == first
        assert not row.members.exists()
    assert first.members.count() == every
    arrive(20)
    assign()
    assert not Membership.objects.exclude(story__forward_to=None).exists()
    acts = StoryAct.objects.order_by("place")
    assert [(act.kind, act.by, act.origin, act.after_seq) for act in acts] == [
        ("merge", "Maeve", "editor", 30),
        ("merge", "Maeve", "editor", 30),
    ]


def test_a_split_opens_a_story_with_an_address_of_its_own() -> None:
    arrive(30)
    no_repair()
    assign()
    big = by_size()[0]
    seqs = list(big.members.order_by("seq").values_list("seq", flat=True))
    leaving = list(Membership.objects.filter(seq__in=seqs[1:3]).values_list("article_id", flat=True))
    act = say("split", big, articles=leaving)
    assign()
    other = StoryAct.objects.get(id=act).other
    assert other is not None
    assert other.id != big.id
    assert sorted(other.members.values_list("article_id", flat=True)) == sorted(leaving)
    assert big.members.count() == len(seqs) - 2


def test_what_was_merged_can_be_split_again_and_never_gets_an_address_back() -> None:
    arrive(10)
    no_repair()
    assign()
    lone = next(row for row in by_size()[::-1])
    big = by_size()[0]
    members = [row.article_id for row in lone.members.all()]
    say("merge", lone, other=big.id)
    assign()
    act = say("split", big, articles=members)
    assign()
    made = StoryAct.objects.get(id=act)
    assert made.refused == ""
    assert made.other not in (None, lone, big)
    lone.refresh_from_db()
    assert lone.forward_to == big
    arrive(4)
    assign()
    assert_each_is_in_one_story(list(Article.objects.all()))


def test_an_article_is_moved_and_the_last_one_takes_its_address_along() -> None:
    arrive(30)
    no_repair()
    assign()
    big, small = by_size()[0], by_size()[-1]
    members = [row.article_id for row in small.members.order_by("seq")]
    say("move", small, other=big.id, articles=members)
    assign()
    small.refresh_from_db()
    assert small.forward_to == big
    goal = by_size()[1]
    say("move", big, other=goal.id, articles=members)
    assign()
    for article in members:
        assert Membership.objects.get(article=article).story == goal


def test_a_locked_story_takes_nothing_in_until_it_is_unlocked() -> None:
    arrive(20)
    no_repair()
    assign()
    big = by_size()[0]
    before = big.members.count()
    say("lock", big)
    arrive(10)
    assign()
    assert big.members.count() == before
    big.refresh_from_db()
    assert big.locked
    say("unlock", big)
    assign()
    big.refresh_from_db()
    assert not big.locked


def test_what_cannot_be_done_is_refused_now_and_in_its_place() -> None:
    arrive(12)
    no_repair()
    assign()
    one, other, third = by_size()[:3]
    with pytest.raises(ActRefused, match="into itself"):
        say("merge", one, other=one.id)
    with pytest.raises(ActRefused, match="Nothing would be left"):
        say("split", one, articles=[row.article_id for row in one.members.all()])
    with pytest.raises(ActRefused, match="None of these"):
        say("move", one, other=other.id, articles=[row.article_id for row in third.members.all()])
    with pytest.raises(ActRefused, match="headline is longer"):
        say("headline", one, headline="h" * 301)
    say("merge", one, other=other.id)
    late = say("lock", one)  # sound as things stand, but the merge comes first
    assign()
    assert StoryAct.objects.get(id=late).refused == story_acts.MERGED
    with pytest.raises(ActRefused, match="was merged"):
        say("lock", one)


def test_a_headline_of_an_editor_counts_at_once() -> None:
    arrive(1)
    no_repair()
    assign()
    story = Story.objects.get()
    say("headline", story, headline="The ferry of Kelmar")
    story.refresh_from_db()
    assert story.headline == "The ferry of Kelmar"
    assert not assigning.any_due(NOW, repair_every=timedelta(days=1))


def test_repair_is_a_fact_with_its_place_and_does_not_come_back_at_once() -> None:
    arrive(30)
    mind = Mind()
    assign(mind)
    row = Assigner.objects.get()
    assert (row.repaired_at, row.repaired_seq) == (NOW, 30)
    assert not assigning.any_due(NOW, repair_every=timedelta(0))
    for act in StoryAct.objects.all():
        assert (act.origin, act.by) == ("repair", "")
        assert act.place is not None
    before = fingerprint()
    assigning.anew()
    again = Mind()
    assign(again)
    assert fingerprint() == before


def test_the_lock_is_free_after_the_work() -> None:
    """The connection of a worker lives on: what it holds is not let go by its end."""
    arrive(1)

    def held() -> int:
        with connection.cursor() as cursor:
            # The server is shared: others hold locks in databases of their own.
            cursor.execute(
                """SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
                   WHERE locktype = 'advisory' AND datname = current_database()"""
            )
            return int(cursor.fetchone()[0])

    async def run() -> int:
        store = StoreThreads(1)
        try:
            assert await drain(Mind(), store, asyncio.Event(), lambda: NOW) == 1
            return await store(held)
        finally:
            await asyncio.to_thread(store.close)

    no_repair()
    assert asyncio.run(run()) == 0


def test_copies_join_the_story_of_what_they_copy_and_one_leads() -> None:
    articles = arrive(40)
    no_repair()
    assign()
    for language, first in (("en", 2), ("ar", 5)):
        group = [row for n, row in enumerate(articles) if n % 8 == first]
        assert {row.language for row in group} == {language}
        leader, *others = group
        rows = {row.article_id: row for row in Copy.objects.filter(leader=leader)}
        assert set(rows) == {row.id for row in others}
        assert {row.led_by for row in rows.values()} == {"earliest"}
        members = Membership.objects.filter(article__in=[row.id for row in group])
        assert members.values("story").distinct().count() == 1
        for row in members.exclude(article=leader):
            assert row.decision["rule"] == "copy"
            assert row.copied is not None
            assert row.copied["of"] < row.seq
            assert rows[row.article_id].reason == row.copied["rule"] == "same text"
            assert rows[row.article_id].share == row.decision["score"] == row.copied["share"] > 0.9
    assert Copy.objects.count() == 8


def test_copies_of_what_an_editor_locked_stay_outside() -> None:
    articles = arrive(8)
    no_repair()
    assign()
    story = Membership.objects.get(article=articles[2]).story
    say("lock", story)
    late = arrive(8)
    assign()
    assert Membership.objects.get(article=late[2]).story != story
    assert Copy.objects.get(article=late[2]).leader == articles[2]


def test_copies_of_texts_that_were_cut_are_decided_the_same_again() -> None:
    Article.objects.filter(id__in=[row.id for row in arrive(24)])
    no_repair()
    assign()
    assert assigning.cut(NOW) == 0
    assert assigning.cut(NOW + timedelta(seconds=1)) == 24
    Arrival.objects.update(text="")  # worse than any cut
    before = Copy.objects.count(), list(Membership.objects.order_by("seq").values_list("copied", flat=True))
    assert before[0] == 4
    assigning.anew()
    mind = Mind()
    assign(mind)
    assert before == (
        Copy.objects.count(),
        list(Membership.objects.order_by("seq").values_list("copied", flat=True)),
    )
    again = Mind()
    assign(again)
    assert again.dump() == mind.dump()


def test_a_report_that_cannot_be_read_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    articles = arrive(12)
    no_repair()
    bad = articles[8]
    mind = Mind(concepts=poisoned(bad.title))
    for _ in range(assigning.TRIES - 1):
        with pytest.raises(ArithmeticError):
            assign(mind)
        assert Membership.objects.count() == 8
    assert assign(mind) == 4
    assert "arrival 9 cannot be put into stories" in caplog.text
    assert_each_is_in_one_story(articles)
    row = Membership.objects.get(article=bad)
    assert row.decision["rule"] == "opened"
    assert row.story.opened_seq == row.seq == 9
    assert "ArithmeticError" in row.trouble
    assert Membership.objects.exclude(trouble="").count() == 1
    fresh = Mind(concepts=poisoned(bad.title))
    assign(fresh)
    assert fresh.dump() == mind.dump()
    before = fingerprint()
    assigning.anew()
    for _ in range(assigning.TRIES - 1):
        with pytest.raises(ArithmeticError):
            assign(mind)
    assign(mind)
    assert fingerprint() == before


def test_a_checkpoint_of_other_settings_or_concepts_is_not_loaded() -> None:
    arrive(12)
    no_repair()
    assign(Mind(checkpoint_every=5), at_once=5)
    [made_by] = set(Checkpoint.objects.values_list("made_by", flat=True))
    assert made_by == Mind().recipe
    others = {Mind(Settings(idle=71.0)).recipe, Mind(concepts=concepts).recipe}
    assert len({made_by, *others}) == 3
    hold = assigning.claim(NOW)
    assert hold is not None
    assigning.leave()
    assert assigning.last_checkpoint(hold, made_by=made_by) is not None
    assert not any(assigning.last_checkpoint(hold, made_by=other) for other in others)
