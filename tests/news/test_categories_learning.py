"""What a deployment's own sections teach is weighed, kept and bounded."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daily8.news.categories import CATEGORIES, Learned, classify
from daily8.news.reports import Report

HARBOUR = Report("h", "The dredger left the quay", "Pilots and tugs moved the hulls at the quay.", "en")
ORCHID = Report("o", "The terrace bloomed", "Petals and stems filled the pergola.", "en")


def taught(times: int = 60) -> Learned:
    learned = Learned()
    for _ in range(times):
        learned.learn(HARBOUR, "Business")
        learned.learn(ORCHID, "Lifestyle")
    return learned


def test_words_that_no_lexicon_has_are_learned() -> None:
    assert classify(HARBOUR).name == classify(ORCHID).name == "General"
    learned = taught()
    assert learned.weigh(HARBOUR)["Business"] > 1
    assert learned.weigh(HARBOUR)["Lifestyle"] < -1
    report = Report(
        "x", "Dredger and tugs at the quay, pilots say", "Hulls moved. The bank and its shares wait.", "en"
    )
    assert classify(report, learned=learned).score > classify(report).score
    assert classify(report, learned=learned).name == "Business"


def test_few_articles_teach_nothing() -> None:
    assert taught(20).weigh(HARBOUR) == {}
    assert classify(HARBOUR, learned=taught(20)) == classify(HARBOUR)


def test_the_lexicon_is_not_overruled() -> None:
    learned = taught()
    title = "Striker scores twice as league leaders win the cup final"
    report = Report("x", title, "The quay. The dredger. Goalkeeper and midfielder celebrate.", "en")
    assert classify(report, learned=learned).name == "Sport"


def test_a_state_goes_on_as_it_was() -> None:
    learned = taught()
    again = Learned.load(learned.dump())
    assert again.weigh(HARBOUR) == learned.weigh(HARBOUR)
    for state in (learned, again):
        state.learn(ORCHID, "Science")
    assert again.dump() == learned.dump()
    assert taught().dump() == taught().dump()


def test_a_state_that_is_none_is_refused() -> None:
    whole = taught().dump()
    start = whole[: whole.index(b"\n") + 1]
    other = [start + zlib.compress(said + b"\n") for said in (b"{}", b"[]", b"3", b'{"counts": 1}')]
    for bad in (*other, b"", b"x" * 100, whole[:-40], whole[:25] + b"\xff\xff" + whole[27:], whole[:20]):
        with pytest.raises(ValueError, match="state of learned categories"):
            Learned.load(bad)


def test_a_category_that_is_none_is_refused() -> None:
    with pytest.raises(KeyError):
        Learned().learn(HARBOUR, "Weather")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=60), st.sampled_from(CATEGORIES)), max_size=20))
def test_any_articles_can_be_taught(articles: list[tuple[str, str]]) -> None:
    learned = Learned()
    for title, category in articles:
        learned.learn(Report("1", title), category)
    assert Learned.load(learned.dump()).dump() == learned.dump()
