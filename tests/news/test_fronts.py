"""Stories stand on the front pages of the editions in which they are reported, in the order of their rank."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from daily8.news.fronts import Edition, Reported, front_pages
from daily8.news.storyline import Member

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORLD, ARABIC, EGYPT = Edition(), Edition("ar"), Edition("ar", "EG")


def report(id_: str, publisher: str, language: str, country: str, **facts: str) -> Reported:
    at = NOW - timedelta(hours=1)
    member = Member(id_, f"Title {id_}", publisher, language, at, copy_of=facts.pop("copy_of", ""))
    return Reported(member, country, **facts)  # type: ignore[arg-type]


STORIES = {
    "ferry": [
        report("f1", "post", "en", "IE"),
        report("f2", "times", "en-GB", "GB"),
        report("f3", "nile", "ar", "EG"),
    ],
    "bread": [report("b1", "dune", "ar-SA", "SA"), report("b2", "dune two", "ar", "SA", copy_of="b1")],
    "snow": [report("s1", "hill", "en", "IE")],
    "mirror": [report("m1", "mirror", "en", "IE", copy_of="elsewhere")],
}


def test_each_edition_has_its_own_front_page() -> None:
    found = dict(front_pages(STORIES, [WORLD, ARABIC, EGYPT], NOW))
    assert [one.story for one in found[WORLD]] == ["ferry", "snow", "bread"]
    assert [(one.story, one.lead) for one in found[ARABIC]] == [("ferry", "f3"), ("bread", "b1")]
    [ferry] = found[EGYPT]
    assert (ferry.lead, ferry.reports, ferry.publishers) == ("f3", 3, 3)


def test_a_page_holds_no_more_than_it_is_asked_for() -> None:
    [(_, standings)] = front_pages(STORIES, [WORLD], NOW, most=2)
    assert len(standings) == 2
    assert list(front_pages({}, [WORLD], NOW)) == [(WORLD, [])]
