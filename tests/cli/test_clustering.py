"""``daily8 cluster``: lines in the order of time, decided online."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from daily8.cli.clustering import _repaired, cluster, in_time
from daily8.news.reports import read_report
from daily8.news.stories.placing import Placing
from daily8.news.stories.values import MERGE, SPLIT, Change
from tests.cli.conftest import environment

LINES = tuple(
    {"id": name, "lang": language, "time": f"2026-05-04T{hour:02}:00:00Z", "title": title}
    for name, language, hour, title in (
        ("late", "en", 9, "Passengers rescued after ferry runs aground near Kelmar"),
        ("first", "en", 6, "Ferry runs aground off Kelmar harbour"),
        ("other", "ar", 7, "برلمان أوسترافا يرفض رسوم المياه"),
        ("bare", "ar", 10, None),
    )
)


@pytest.mark.parametrize("repair", [False, True])
def test_each_report_has_its_story(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], repair: bool
) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in LINES), "utf-8")
    cluster(str(file), repair=repair)
    told = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert [(line["id"], line["story"]) for line in told] == [
        ("first", "first"),
        ("other", "other"),
        ("late", "first"),
        ("bare", "bare"),
    ]


def test_what_has_no_time_stays_behind_what_it_follows() -> None:
    rows = [
        read_report({"id": n, "time": time})
        for n, time in ((1, None), (2, "2026-05-04"), (3, None), (4, "2026-05-03"))
    ]
    assert [report.id for report in in_time(rows)] == ["1", "4", "2", "3"]


def test_an_id_that_is_a_number_is_answered_as_one(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text('{"id": 3, "title": "Ferry aground off Kelmar"}\n{"id": "4", "title": "Levy"}\n', "utf-8")
    cluster(str(file))
    told = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert told == [{"id": 3, "story": 3}, {"id": "4", "story": "4"}]


class Told(Placing):
    """Stories whose repairs are told beforehand, one for each time that somebody asks for them."""

    def __init__(self, changes: Sequence[tuple[Change, ...]]) -> None:
        super().__init__()
        self.changes = [*changes]

    def repair(self, now: datetime) -> tuple[Change, ...]:
        return self.changes.pop(0)


def test_repairs_are_made_while_stories_are_held() -> None:
    """What a repair moved on the first days stays moved when the stream has long left those days."""
    days = (*range(1, 4), *range(14, 18))
    rows = [
        read_report({"id": n, "time": f"2026-05-{day:02}T06:00:00Z", "title": f"{name} {name}e {day}"})
        for n, (day, name) in enumerate((day, name) for day in days for name in ("Alpha", "Beta", "Gamma"))
    ]
    changes = [(), (Change(MERGE, 0, 1),), (Change(SPLIT, 0, 1, (1,)), Change(MERGE, 2, 0)), *[()] * 5]
    live = Told(changes)
    assert _repaired(rows, live)[:3] == [2, 1, 2]
    assert live.changes == []
    assert live.stories.story(0) is None


@pytest.fixture
def many(tmp_path: Path) -> str:
    file = tmp_path / "many.jsonl"
    file.write_text("".join(json.dumps({"id": n, "title": f"{n}"}) + "\n" for n in range(20_000)), "utf-8")
    return str(file)


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path, many: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "daily8", "cluster", many],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(tmp_path / "data"),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_an_answer_that_cannot_be_written_is_said(tmp_path: Path, many: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "daily8", "cluster", many],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(tmp_path / "data"),
            check=False,
        )
    assert (done.returncode, done.stderr) == (2, b"The answer cannot be written: No space left on device.\n")
