"""``daily8 cluster``: lines in the order of time, decided online."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from daily8.cli.clustering import cluster, in_time
from daily8.news.reports import read_report

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
