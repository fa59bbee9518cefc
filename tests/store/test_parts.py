"""Parts of a sitemap index begin, rest and end with what their index says, and with the index itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from daily8.news.parts import Part
from daily8.news.schedule import Manners, Outcome
from daily8.news.source_life import Fetched, step
from daily8.pipeline import upkeep
from daily8.store import hosts, parts, polls, sources, steering
from daily8.store.hosts import DuePoll
from daily8.store.models import Article, Fetch, Poll, Source
from daily8.store.polls import PollResult
from tests.store.conftest import NOW, new_source

NEWS = "https://post.example/news.xml"
LEASE = timedelta(minutes=3)
DAY = timedelta(days=1)


def follow(index: Source, *urls: str, changed: datetime | None = None, now: datetime = NOW) -> None:
    parts.follow(index.id, [Part(url, changed) for url in urls], now=now)


def state(url: str = NEWS) -> str:
    return Source.objects.get(url=url).state


def place(url: str = NEWS) -> datetime | None:
    return Poll.objects.get(source__url=url).next_at


def asked(now: datetime) -> set[str]:
    """Claim all that is due; give the addresses."""
    claims = hosts.claim(now, lease=LEASE)
    if claims:
        hosts.release([(claim, now) for claim in claims])
    return {due.url for claim in claims for due in claim.due if isinstance(due, DuePoll)}


def end(source: Source) -> None:
    """Let its publisher say twice that a source is gone."""
    for moment in (NOW, NOW + 2 * DAY):
        Poll.objects.filter(source=source).update(next_at=moment)
        hosts.tell({source.host: moment})
        [claim] = hosts.claim(moment, lease=LEASE)
        [due] = [due for due in claim.due if isinstance(due, DuePoll) and due.source == source.id]
        after = step(due.known, Fetched(Outcome(410, {}), False), now=moment, manners=Manners(), chance=0)
        result = PollResult(step=after, status=410, seconds=0.1, size=0, cause="Gone.")
        polls.record(claim, due, result, now=moment, lease=LEASE)
        hosts.release([(claim, moment)])


def test_a_part_that_was_gone_is_asked_again_when_its_row_changed_since(source: Source) -> None:
    follow(source, NEWS)
    Source.objects.filter(url=NEWS).update(state="gone")
    Poll.objects.filter(source__url=NEWS).update(next_at=None, fetched_at=NOW, gone_since=NOW, failures=2)
    follow(source, NEWS, now=NOW + DAY)
    follow(source, NEWS, changed=NOW - DAY, now=NOW + DAY)
    assert (state(), place()) == ("gone", None)
    follow(source, NEWS, changed=NOW + DAY, now=NOW + 2 * DAY)
    poll = Poll.objects.get(source__url=NEWS)
    assert (state(), poll.next_at, poll.gone_since, poll.failures) == ("unverified", NOW + 2 * DAY, None, 0)


def test_a_part_that_rests_has_no_place_in_time_until_it_is_named_again(source: Source) -> None:
    follow(source, NEWS)
    follow(source)
    assert (state(), place()) == ("paused", None)
    follow(source, NEWS, now=NOW + DAY)
    assert (state(), place()) == ("unverified", NOW + DAY)


def test_a_part_that_wakes_still_waits_as_its_publisher_asked(source: Source) -> None:
    follow(source, NEWS)
    steering.pause(source.id, NOW)
    Poll.objects.filter(source__url=NEWS).update(next_at=NOW + 3 * DAY, why={"code": "retry-after"})
    follow(source, NEWS, now=NOW + DAY)
    assert (state(), place()) == ("unverified", NOW + 3 * DAY)


def test_a_part_that_is_named_again_still_waits_as_its_publisher_asked(source: Source) -> None:
    follow(source, NEWS)
    Poll.objects.filter(source__url=NEWS).update(next_at=NOW + 3 * DAY, why={"code": "retry-after"})
    follow(source)
    follow(source, NEWS, now=NOW + DAY)
    assert (state(), place()) == ("unverified", NOW + 3 * DAY)


@pytest.mark.parametrize("resting", [True, False])
def test_a_part_that_a_person_adds_is_a_source_of_its_own(source: Source, resting: bool) -> None:
    follow(source, NEWS)
    if resting:
        follow(source)
    wanted = new_source(url=NEWS, key=NEWS)
    assert sources.add([wanted], due={NEWS: NOW + DAY}).known == (NEWS,)
    row = Source.objects.get(url=NEWS)
    assert (row.parent_id, row.state, place()) == (None, "unverified", NOW + DAY if resting else NOW)
    assert sources.listing().total == 2
    follow(source, now=NOW + DAY)
    assert state() == "unverified"


def test_parts_of_an_index_that_is_gone_are_asked_no_more_until_it_is_added_again(source: Source) -> None:
    follow(source, NEWS)
    end(source)
    assert (Source.objects.get(id=source.id).state, state()) == ("gone", "paused")
    assert asked(NOW + 3 * DAY) == set()
    sources.add([new_source()], due={source.key: NOW + 3 * DAY})
    assert asked(NOW + 3 * DAY) == {source.url, NEWS}


def test_parts_rest_and_wake_with_their_index_alone(source: Source) -> None:
    old = "https://post.example/old.xml"
    follow(source, NEWS, old)
    follow(source, NEWS)
    assert steering.pause(source.id, NOW)
    assert (state(), place()) == ("paused", NOW)
    assert asked(NOW + DAY) == set()
    assert steering.resume(source.id, NOW + DAY)
    assert asked(NOW + DAY) == {source.url, NEWS}
    assert state(old) == "paused"
    part = Source.objects.get(url=NEWS)
    assert not steering.pause(part.id, NOW)
    assert not steering.resume(source.id, NOW)


def _prune() -> dict[str, int]:
    return upkeep.prune(NOW, pictures_limit=1_000_000, pages_kept=30 * DAY, pages_limit=1_000_000)


def test_parts_that_rested_for_long_leave_what_news_they_brought(
    source: Source, article: Callable[..., Article]
) -> None:
    urls = [f"https://post.example/{name}.xml" for name in ("brought", "empty", "lately", "followed")]
    follow(source, *urls)
    long_ago, lately = NOW - 31 * DAY, NOW - 29 * DAY
    for url in urls:
        Poll.objects.filter(source__url=url).update(fetched_at=lately if "lately" in url else long_ago)
        Fetch.objects.create(source=Source.objects.get(url=url), at=long_ago)
    kept = article(source=Source.objects.get(url=urls[0]))
    follow(source, urls[3])
    assert _prune()["parts"] == 1
    assert set(Source.objects.filter(parent=source).values_list("url", flat=True)) == {*urls} - {urls[1]}
    assert set(Fetch.objects.values_list("source__url", flat=True)) == {urls[2], urls[3]}
    assert Article.objects.get().id == kept.id
    assert parts.prune(NOW - 30 * DAY) == 0


def test_parts_of_an_index_that_is_paused_stay_however_long(source: Source) -> None:
    follow(source, NEWS)
    steering.pause(source.id, NOW)
    assert parts.prune(NOW + 90 * DAY) == 0
    assert state() == "paused"
