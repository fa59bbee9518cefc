"""The starter catalogue: what it holds, that each row is sound, that a choice is fair and repeatable."""

from __future__ import annotations

import dataclasses
import difflib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from daily8.news import starter
from daily8.news.starter import (
    COLUMNS,
    INTERESTS,
    KINDS,
    StarterSource,
    UnknownChoice,
    catalogue,
    choose,
    from_rows,
)
from daily8.news.urls import absolute, canonical, domain
from tools import starter as tool

ENGLISH = Locale("en")
ARAB_COUNTRIES = {
    "AE", "BH", "DJ", "DZ", "EG", "IQ", "JO", "KM", "KW", "LB", "LY", "MA", "MR", "OM", "PS", "QA", "SA",
    "SD", "SO", "SY", "TN", "YE",
}  # fmt: skip
HEADER = "\t".join(COLUMNS)
ROW = "https://a.test/rss\tA\tA\thttps://a.test/\ta.test\tEG\tar\tprivate\t\tgeneral,local\t1\town"


def test_holds_what_a_first_start_needs() -> None:
    sources = catalogue()
    arabic = [s for s in sources if s.language == "ar"]
    assert len(sources) >= 600
    assert len(starter.countries()) >= 45
    assert len({tag.split("-")[0] for tag in starter.languages()}) >= 15
    assert len(arabic) >= 60
    assert len({s.country for s in arabic} & ARAB_COUNTRIES) >= 12
    assert set(starter.interests()) == set(INTERESTS)
    assert {s.kind for s in sources} >= {"public", "state", "private", "nonprofit", "cooperative", "agency"}
    assert sum("general" in s.interests for s in arabic) >= 40


def test_is_https_almost_everywhere() -> None:
    schemes = Counter(urlsplit(s.url).scheme for s in catalogue())
    assert schemes["https"] / len(catalogue()) > 0.95, schemes


def _faults(source: StarterSource) -> Iterator[str]:
    """Say what is wrong with a row."""
    if absolute(source.url) != source.url or absolute(source.home) != source.home:
        yield "an address is not absolute and ASCII"
    if source.domain != domain(source.home) or "." not in source.domain:
        yield "the domain is not that of the home"
    if len(source.country) != 2 or source.country not in ENGLISH.territories:
        yield "the country is not one of ISO 3166-1"
    if Locale.parse(source.language, sep="-").language not in ENGLISH.languages:
        yield "the language is not known"
    if source.kind not in KINDS or source.place < 1:
        yield "the kind or the place is not known"
    if not source.interests or len(set(source.interests) & set(INTERESTS)) != len(source.interests):
        yield "an interest is not known, or stands twice"
    if not set(source.provenance.split(",")) <= {"kite", "newscatcher", "plenary", "own"}:
        yield "the provenance is not known"
    for name, longest in ((source.title, 80), (source.publisher, 60), (source.owner or "-", 80)):
        if (
            not name
            or name != name.strip()
            or len(name) > longest
            or len(name.split()) > 10
            or name[-1] in ".;,"
        ):
            yield f"{name!r} is no bare name"
        if not name.replace("\u200c", "").isprintable():  # Persian joins words with U+200C
            yield f"{name!r} holds what cannot be printed"


def test_every_row_is_sound() -> None:
    assert [(s.url, fault) for s in catalogue() for fault in _faults(s)] == []


def test_the_check_of_rows_can_fail() -> None:
    (source,) = from_rows(f"{HEADER}\n{ROW}")
    assert list(_faults(source)) == []
    changes: list[dict[str, Any]] = [
        {"url": "a.test/rss"}, {"domain": "b.test"}, {"country": "XX"}, {"interests": ("general", "general")},
        {"provenance": "hearsay"}, {"owner": "It is owned by its staff."}, {"title": "A\x07B"}, {"place": 0},
    ]  # fmt: skip
    for change in changes:
        assert list(_faults(dataclasses.replace(source, **change))), change


def test_names_no_aggregator() -> None:
    hosts = {urlsplit(s.url).hostname or "" for s in catalogue()}
    for never in ("news.google.com", "reddit.com", "rsshub", "rss.app", "einnews", "bing.com", "openrss"):
        assert not [h for h in hosts if never in h]


def test_no_feed_stands_twice() -> None:
    twice = [key for key, n in Counter(tool.bare(s.url) for s in catalogue()).items() if n > 1]
    assert twice == []
    assert len({canonical(s.url) for s in catalogue()}) == len(catalogue())


def test_a_publisher_has_one_set_of_facts() -> None:
    facts: dict[tuple[str, str], set[tuple[object, ...]]] = {}
    for s in catalogue():
        facts.setdefault((s.country, s.publisher), set()).add((s.home, s.domain, s.kind, s.owner, s.place))
    assert [name for name, found in facts.items() if len(found) > 1] == []


def test_stands_by_country_then_publisher() -> None:
    keys = [(s.country, s.publisher.casefold()) for s in catalogue()]
    assert keys == sorted(keys)


def test_fits_the_choice_that_it_was_made_from() -> None:
    nothing = tool.Facts({}, {}, {})
    chosen = list(tool.rows(tool.CHOICE.read_text("utf-8"), nothing))
    made = from_rows(tool.written(chosen))
    assert list(tool.faults(made)) == []
    assert [(s.url, s.title, s.interests) for s in made] == [
        (s.url, s.title, s.interests) for s in catalogue()
    ]


@pytest.mark.corpus
def test_is_what_the_facts_give(corpus: Path) -> None:
    facts = tool.read_facts(corpus / "sources")
    assert tool.written(list(tool.rows(tool.CHOICE.read_text("utf-8"), facts))) == tool.CATALOGUE.read_text(
        "utf-8"
    )


def test_counts_add_up() -> None:
    assert sum(starter.countries().values()) == len(catalogue()) == sum(starter.languages().values())
    assert list(starter.interests()) == [i for i in INTERESTS if i in starter.interests()]


def test_a_choice_of_nothing_is_everything_in_the_same_order_each_time() -> None:
    everything = choose()
    assert set(everything) == set(catalogue())
    assert len(everything) == len(catalogue())
    assert choose() == everything


@given(
    st.lists(st.sampled_from(sorted(starter.countries())), max_size=3),
    st.lists(st.sampled_from(sorted(starter.languages())), max_size=3),
    st.lists(st.sampled_from(INTERESTS), max_size=3),
    st.integers(0, 40),
)
def test_every_chosen_source_fits_and_a_limit_only_cuts(
    countries: list[str], languages: list[str], interests: list[str], limit: int
) -> None:
    chosen = choose(countries, languages, interests)
    for s in chosen:
        assert not countries or s.country in countries
        assert not languages or any(s.language == t or s.language.startswith(f"{t}-") for t in languages)
        assert not interests or set(interests) & set(s.interests)
    assert choose(countries, languages, interests, limit) == chosen[:limit]


@pytest.mark.parametrize("code", ["EG", "SA", "US", "DE", "JP", "BR"])
def test_each_publisher_comes_once_before_any_comes_again(code: str) -> None:
    chosen = choose([code])
    publishers = {s.publisher for s in chosen}
    assert {s.publisher for s in chosen[: len(publishers)]} == publishers


def test_general_national_news_comes_first() -> None:
    first = choose(["EG"], ["ar"], limit=5)
    assert all("general" in s.interests for s in first)
    assert [s.place for s in first] == sorted(s.place for s in first)
    publishers = {s.publisher for s in choose(["GB"])}
    narrow = [
        s.interests[0] == "local" or "general" not in s.interests
        for s in choose(["GB"], limit=len(publishers))
    ]
    assert narrow == sorted(narrow)


def test_countries_take_turns() -> None:
    assert [s.country for s in choose(["LB", "EG"], ["ar"], limit=4)] == ["LB", "EG", "LB", "EG"]
    assert len({s.country for s in choose(languages=["ar"], limit=12)}) == 12


def test_sources_that_are_chiefly_of_the_interest_come_before_others() -> None:
    chosen = choose(["US"], interests=["science"], limit=10)
    assert all(s.interests[0] == "science" for s in chosen)


def test_names_are_read_as_people_write_them() -> None:
    assert choose(["eg"], ["AR"], ["General"]) == choose(["EG"], ["ar"], ["general"]) != ()
    assert {s.language for s in choose(languages=["zh"])} == {"zh-Hans", "zh-Hant"}
    assert {s.language for s in choose(languages=["zh_hant"])} == {"zh-Hant"}
    assert {s.language for s in choose(languages=["ar-EG"])} == {"ar"}
    assert {s.language for s in choose(languages=["sr"])} == {"sr", "sr-Latn"}


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ({"countries": ["EGY"]}, "country 'EGY'; the nearest is 'EG'"),
        ({"languages": ["arabic"]}, "language 'arabic'; the nearest is 'ar'"),
        ({"interests": ["sports"]}, "interest 'sports'; the nearest is 'sport'"),
        ({"interests": ["???"]}, "interest '???'; it knows 14 others"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_known(asked: dict[str, list[str]], nearest: str) -> None:
    with pytest.raises(UnknownChoice) as refused:
        choose(**asked)  # type: ignore[arg-type]
    assert str(refused.value) == f"The starter catalogue has no source of the {nearest}."


def test_known_names_of_which_nothing_fits_give_nothing() -> None:
    assert choose(["IS"], ["ar"]) == ()


@pytest.mark.parametrize(
    "text",
    [
        "url\ttitle\n",
        f"{HEADER}\n{ROW}\tmore",
        f"{HEADER}\nhttps://a.test/",
        f"{HEADER}\n{ROW}".replace("private", "guild"),
    ],
)
def test_a_table_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        from_rows(text)


def test_reads_a_row() -> None:
    (source,) = from_rows(f"{HEADER}\n{ROW}\n")
    assert (source.owner, source.interests, source.place) == (None, ("general", "local"), 1)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Graham Holdings Company", "Graham Holdings Company"),
        ("Saudi Research and Media Group (SRMG)", "Saudi Research and Media Group"),
        ("", None),
        ("It is owned by its founder.", None),
        ("Dev Pragad (50%), Johnathan Davis (50%)", None),
        ("Quebecor via its subsidiary", None),
        ("Patrick Soon-Shiong", "Patrick Soon-Shiong"),
        ("France Télévisions 46,42 %, France Médias Monde 11,97 %", None),
    ],
)
def test_an_owner_is_taken_only_where_it_is_surely_a_bare_name(text: str, name: str | None) -> None:
    assert tool.owner_name(text) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.example.com/feed/", "https://example.com/feed"),
        ("https://EXAMPLE.com/rss?utm_source=x", "example.com/rss"),
    ],
)
def test_two_writings_of_one_feed_are_the_same(one: str, other: str) -> None:
    assert tool.bare(one) == tool.bare(other if "://" in other else f"https://{other}")


def test_publishers_of_a_country_are_not_written_in_two_ways() -> None:
    by_country: dict[str, set[str]] = {}
    for s in catalogue():
        by_country.setdefault(s.country, set()).add(s.publisher)
    alike = [
        (country, name, other)
        for country, names in by_country.items()
        for name in names
        for other in difflib.get_close_matches(name, names - {name}, n=1, cutoff=0.94)
    ]
    assert alike == []
