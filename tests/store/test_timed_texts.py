"""What a file of an episode said is written only where the feed still names that file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from daily8.news.types import Chapter, Line, TimedFile
from daily8.store import hosts, timed_texts
from daily8.store.hosts import DueTimed, HostClaim
from daily8.store.models import Article, Errand, TimedText
from tests.store.conftest import NOW

pytestmark = pytest.mark.django_db
LEASE = timedelta(minutes=3)
LATER = NOW + timedelta(minutes=5)
ROWS = [{"start": 1.0, "speaker": None, "text": "Good morning."}]


def tell(row: Article, *files: TimedFile, chapters: tuple[Chapter, ...] = ()) -> None:
    hosts.tell(timed_texts.keep([(row.id, NOW, chapters, files)], now=NOW))


def in_hand() -> tuple[HostClaim, DueTimed]:
    [claim] = [claim for claim in hosts.claim(NOW, lease=LEASE) if claim.name == "cdn.example"]
    [due] = claim.due
    assert isinstance(due, DueTimed)
    return claim, due


def file(kind: str, name: str) -> TimedFile:
    return TimedFile(kind, f"https://files.cdn.example/{name}", None, None)  # type: ignore[arg-type]


def test_a_file_whose_address_changed_meanwhile_is_not_written(article: Callable[..., Article]) -> None:
    row = article()
    tell(row, file("transcript", "a.vtt"))
    claim, due = in_hand()
    timed_texts.keep([(row.id, NOW, (), [file("transcript", "b.vtt")])], now=LATER)
    timed_texts.record(claim, due, ROWS, "r", now=NOW, lease=LEASE)
    assert timed_texts.of(row.id).transcript == ()
    assert Errand.objects.get(kind="timed").verdict is None
    due = DueTimed(due.errand, due.timed, "https://files.cdn.example/b.vtt", 0, LATER)
    timed_texts.record(claim, due, ROWS, "r", now=NOW, lease=LEASE)
    assert timed_texts.of(row.id).transcript == (Line("Good morning.", 1.0, None),)


def test_chapters_that_the_feed_gave_meanwhile_stay(article: Callable[..., Article]) -> None:
    row = article()
    tell(row, file("chapters", "a.json"))
    claim, due = in_hand()
    tell(row, chapters=(Chapter(5, "Sea"),))
    timed_texts.record(claim, due, [{"start": 0, "title": "Other"}], "r", now=NOW, lease=LEASE)
    assert timed_texts.of(row.id).chapters == (Chapter(5, "Sea"),)
    assert TimedText.objects.get().recipe == timed_texts.IN_THE_FEED
