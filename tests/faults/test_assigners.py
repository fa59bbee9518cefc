"""One recorded order of arrivals gives one table of memberships, with four workers and with killed ones."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from urllib.parse import urlencode

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daily8.store import assigning, story_acts
from daily8.store.models import Arrival, Article, Checkpoint, Progress, Story, StoryAct
from tests.pipeline.stories import NOW, arrive, assert_each_is_in_one_story, assign, fingerprint, no_repair

pytestmark = pytest.mark.django_db(transaction=True)

POINTS = (
    "pick_up:inside",
    "pick_up:after",
    "record:inside",
    "record:after",
    "checkpoint:inside",
    "checkpoint:after",
    "claim:after",
)
Process = subprocess.Popen[bytes]


def worker(point: str = "nowhere", nth: int = 1, *, at_once: int = 5, most: int = 12) -> Process:
    described = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT", "dbname": "NAME"}
    given_ = {name: connection.settings_dict[key] for name, key in described.items()}
    address = f"postgresql:///?{urlencode({k: v for k, v in given_.items() if v})}"
    command = [sys.executable, "-m", "tests.pipeline.assigner", point, str(nth), str(at_once), str(most)]
    return subprocess.Popen(command, env={**os.environ, "DATABASE_URL": address}, stderr=subprocess.PIPE)


def ended(process: Process) -> int:
    said = process.communicate(timeout=120)[1].decode()
    assert process.returncode in (0, -signal.SIGKILL), said
    return process.returncode


def told() -> str:
    """Let a log of arrivals and of an editor's acts be recorded and decided by one; give what came of it."""
    arrive(40)
    no_repair()
    assign()
    one, other, third = Story.objects.order_by("opened_seq")[:3]
    story_acts.say("merge", third.id, other=other.id, by="Maeve", now=NOW)
    members = one.members.order_by("-seq").values_list("article_id", flat=True)
    story_acts.say("split", one.id, articles=list(members[:1]), by="Maeve", now=NOW)
    assign()
    arrive(20)
    assign()
    return fingerprint()


def test_killed_at_any_point_of_a_recorded_order_and_taken_over() -> None:
    expected = told()
    for point in POINTS:
        assigning.anew()
        if point.startswith("pick_up"):  # nothing has its place yet
            continue
        assert ended(worker(point, 2 if point != "claim:after" else 1)) == -signal.SIGKILL, point
        assert fingerprint() != expected, point
        assert ended(worker()) == 0
        assert fingerprint() == expected, point
    assert Checkpoint.objects.exists()


def test_killed_while_it_gives_places_no_place_is_given_twice() -> None:
    articles = arrive(30)
    no_repair()
    assign()
    expected = fingerprint()
    for point in POINTS:
        assigning.anew()
        Story.objects.all().delete()
        Arrival.objects.all().delete()
        Progress.objects.update(assign_at=NOW)
        nth = 1 if point in ("claim:after", "checkpoint:inside", "checkpoint:after") else 3
        assert ended(worker(point, nth)) == -signal.SIGKILL, point
        assert ended(worker()) == 0
        assert_each_is_in_one_story(articles)
        assert fingerprint() == expected, point


def test_four_workers_give_what_one_gives() -> None:
    expected = told()
    assigning.anew()
    assert {ended(process) for process in [worker(most=3, at_once=2) for _ in range(4)]} == {0}
    assert fingerprint() == expected


def test_workers_killed_at_any_moment_give_what_one_gives() -> None:
    expected = told()
    acts = list(StoryAct.objects.order_by("place").values("kind", "place", "after_seq"))
    chance = random.Random(8)
    for _ in range(3):
        assigning.anew()
        workers = [worker(most=3, at_once=2) for _ in range(4)]
        for process in workers:
            time.sleep(chance.uniform(0.1, 0.6))
            process.kill()
        for process in workers:
            process.communicate()
        assert ended(worker()) == 0
        assert fingerprint() == expected
    assert list(StoryAct.objects.order_by("place").values("kind", "place", "after_seq")) == acts


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=12))
def test_however_the_work_is_cut_into_turns_it_comes_to_the_same(turns: list[tuple[int, int]]) -> None:
    expected = fingerprint() if Article.objects.exists() else told()
    assigning.anew()
    for most, at_once in turns:
        assign(most=most, at_once=at_once)
    assign()
    assert fingerprint() == expected
