"""``daily8 related`` and ``daily8 similarity``, as a person runs them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Run, sentence
from tests.news.affairs import HOURS, report


def lines(language: str) -> str:
    reports = [report(name, language) for name in HOURS]
    return "".join(
        json.dumps({"id": r.id, "lang": r.language, "title": r.title, "text": r.text, "time": str(r.time)})
        + "\n"
        for r in reports
    )


def answers(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


@pytest.mark.parametrize(("language", "reason"), [("en", "The same event: "), ("ar", "الحدث نفسه: ")])
def test_related_reports_are_told_with_their_reasons(daily8: Run, language: str, reason: str) -> None:
    done = daily8("related", "-", "--for", f"swap {language}", stdin=lines(language))
    assert (done.returncode, done.stderr) == (0, "")
    told = answers(done.stdout)
    assert [(each["id"], each["relation"]) for each in told] == [
        (f"retold {language}", "same_event"),
        (f"offer {language}", "earlier"),
        (f"history {language}", "background"),
    ]
    assert told[0]["reason"].startswith(reason)
    few = daily8("related", "-", "--for", f"swap {language}", "-n", "1", stdin=lines(language))
    assert answers(few.stdout) == told[:1]


def test_reports_of_two_alphabets_are_related(daily8: Run) -> None:
    done = daily8("related", "-", "--for", "swap ar", stdin=lines("en") + lines("ar"))
    told = {each["id"]: each["relation"] for each in answers(done.stdout)}
    assert told["retold en"] == told["swap en"] == "same_event"
    assert "clinic en" not in told


def test_likeness_is_told_with_its_figures(daily8: Run) -> None:
    swap, retold, quake = (report(name, "en").text for name in ("swap", "retold", "quake"))
    pairs = [
        {"id": 1, "text1": swap, "text2": retold, "lang1": "en", "lang2": "en"},
        {"id": "b", "text1": swap, "text2": quake},
        {"id": "c", "text1": "", "text2": quake},
    ]
    stdin = "".join(json.dumps(pair) + "\n" for pair in pairs) + '{"id": "d", "text1": 3}\n'
    done = daily8("similarity", "-", stdin=stdin)
    assert done.returncode == 1
    assert "Line 4 is left out: it has no text1." in done.stderr
    like, unlike, empty = answers(done.stdout)
    assert (like["id"], unlike["id"], empty["id"]) == (1, "b", "c")
    assert 1 >= like["score"] > 0.5 > 0.2 > unlike["score"] >= 0
    assert empty["score"] == 0
    assert set(like["features"]) >= {"words", "letters", "headline", "names"}


def test_what_cannot_be_done_is_said(daily8: Run) -> None:
    assert "No report has the id nothing." in sentence(
        daily8("related", "-", "--for", "nothing", stdin=lines("en"))
    )
    refused = daily8(
        "similarity", "-", "--provider", "nobody", stdin='{"id": 1, "text1": "a", "text2": "b"}\n'
    )
    assert "nobody" in sentence(refused)
    absent = daily8(
        "similarity", "-", "--provider", "minilm", stdin='{"id": 1, "text1": "a", "text2": "b"}\n'
    )
    assert "daily8 models install minilm" in sentence(absent)
