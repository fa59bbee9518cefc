"""Rows: what is right is kept, what is wrong is told and left out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.replay.corpus import CorpusError, corpus_from_rows, load_jsonl, open_corpus
from daily8.replay.rows import plain_path, relative, slugify
from tests.replay.rows import NOW, corpus, row


def test_a_bad_line_is_told_with_its_number_and_loses_no_other() -> None:
    lines = [json.dumps(row(1)), "{not json", "", "[1, 2]", json.dumps(row(2)), '{"id": "x"}']
    read = load_jsonl(lines)
    assert [a.id for a in read.articles] == ["n2", "n1"]
    assert read.problems == (
        "Line 2 is not JSON.",
        "Line 4 is not an object with keys.",
        "Line 6 has neither a title nor a text.",
    )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"title": None, "text": None}, "Row 1 has neither a title nor a text."),
        ({"title": ["a"]}, "Row 1 has a title that is not text."),
        ({"time": "yesterday"}, "Row 1 has a time that is no time: 'yesterday'."),
        ({"time": "0099-01-01"}, "Row 1 has a time outside the years 1900 to 2199."),
        ({"published": "-999999999w"}, "Row 1 has a relative time of more than a hundred years."),
        ({"duration": "long"}, "Row 1 has a duration that is not a number of seconds."),
        ({"duration": float("nan")}, "Row 1 has a duration that is not a number of seconds."),
        ({"author": [{"name": "x"}]}, "Row 1 has a author that is not text."),
    ],
)
def test_an_unusable_row_is_left_out_in_a_sentence(values: dict[str, Any], sentence: str) -> None:
    read = corpus_from_rows([row(1, **values), row(2)])
    assert read.problems == (sentence,)
    assert [a.id for a in read.articles] == ["n2"]


def test_repeated_ids_keep_the_first() -> None:
    read = corpus_from_rows([row(1, title="First"), row(1, title="Second")])
    assert [a.title for a in read.articles] == ["First"]
    assert read.problems == ("Row 2 repeats the id 'n1' and is left out.",)


def test_an_unknown_kind_is_told_and_taken_as_text() -> None:
    read = corpus_from_rows([row(1, kind="hologram", nobody_knows={"this": "key"})])
    assert read.articles[0].kind == "text"
    assert read.problems == ("Row 1 is of the unknown kind 'hologram' and is taken as text.",)


def test_what_is_missing_is_made_from_what_is_there() -> None:
    read = corpus_from_rows(
        [
            {
                "text": "A headline in the text.\n\nMore.",
                "url": "https://www.news.example/a/b?id=7",
                "lang": "eng",
            },
            {"title": "Only a title"},
        ]
    )
    first, second = read.articles
    assert first.title == "A headline in the text."
    assert first.language == "en"
    assert first.path == "/a/b?id=7" or first.path.startswith("/a/")
    assert read.publishers[0].key == "news.example"
    assert first.id != second.id
    assert read.problems == ()


def test_two_names_with_one_slug_are_two_publishers() -> None:
    read = corpus(row(1, publisher="Harbour Light"), row(2, publisher="harbour-light"))
    assert [p.slug for p in read.publishers] == ["harbour-light", "harbour-light-2"]


def test_arabic_names_get_a_readable_host() -> None:
    assert slugify("ضوء الميناء") == "dw-almyna"
    read = corpus(row(1, publisher="日本"))
    assert read.publishers[0].slug.startswith("p-")


def test_facts_of_publishers_come_from_the_rows() -> None:
    facts = {
        "publisher_name": "ضوء الميناء",
        "publisher_country": "JO",
        "publisher_owner": "O",
        "publisher_kind": "public",
    }
    read = corpus(
        row(1, publisher="light", lang="ar"), row(2, publisher="light", lang="ar", **facts)
    ).on_port(81)
    publisher = read.publishers[0]
    assert (publisher.name, publisher.country, publisher.owner, publisher.kind) == (
        "ضوء الميناء",
        "JO",
        "O",
        "public",
    )
    assert (publisher.language, publisher.home) == ("ar", "http://light.replay.test:81/")
    assert publisher.feed == "http://light.replay.test:81/feed.xml"


def test_all_formats_live_among_six_publishers_and_podcasts_are_rss() -> None:
    rows = [row(n, publisher=f"P{n}", kind="podcast" if n == 2 else "text") for n in range(1, 7)]
    assert [p.format for p in corpus(*rows).publishers] == ["rss", "rss", "rss", "json", "rss", "rdf"]


def test_addresses_that_clash_move_away() -> None:
    read = corpus(
        row(1, url="https://a.example/robots.txt"),
        row(2, url="https://a.example/x/y.html#part"),
        row(3, url="https://a.example/x/y%2ehtml"),
        row(4, url="https://a.example/x\r\ny"),
        row(5, url="http://[broken"),
    )
    paths = {a.id: a.path for a in read.articles}
    assert paths["n2"] == "/x/y.html"
    assert paths["n1"] == "/a/n1"
    assert paths["n3"] == "/a/n3"
    assert paths["n5"] == "/a/n5"
    assert len(set(paths.values())) == 5
    assert all(p.isprintable() for p in paths.values())


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("-17m", -1020),
        ("-2h", -7200),
        ("-3d", -259200),
        ("+10m", 600),
        ("5s", 5),
        ("-1w", -604800),
        ("now", 0),
    ],
)
def test_relative_times(text: str, seconds: int) -> None:
    assert relative(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["17", "-m", "2026-01-01", "--3m", "3 months", ""])
def test_other_words_are_no_relative_time(text: str) -> None:
    assert relative(text) is None


def test_relative_times_settle_against_now_and_win_over_time() -> None:
    read = corpus(row(1, published="-17m", updated="-5m", time="2001-01-01"), row(2, published="+10m")).at(
        NOW
    )
    assert [a.time for a in read.articles] == [NOW - timedelta(minutes=17), NOW + timedelta(minutes=10)]
    assert read.articles[0].updated == NOW - timedelta(minutes=5)


def test_an_update_before_the_publication_is_dropped() -> None:
    assert corpus(row(1, published="-1h", updated="-2h")).at(NOW).articles[0].updated is None


def test_shift_moves_the_last_absolute_time_to_now() -> None:
    later = datetime(2030, 1, 1, tzinfo=UTC)
    read = corpus(row(1), row(2)).at(later, shift=True)
    assert [a.time for a in read.articles] == [later - timedelta(hours=1), later]


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("2026-03-04T12:00:00+02:00", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("2026-03-04 12:00:00.7", datetime(2026, 3, 4, 12, tzinfo=UTC)),
        (1394470370698, datetime(2014, 3, 10, 16, 52, 50, tzinfo=UTC)),
        (1394470370, datetime(2014, 3, 10, 16, 52, 50, tzinfo=UTC)),
        (None, None),
    ],
)
def test_times_are_whole_seconds_in_utc(value: Any, time: datetime | None) -> None:
    assert corpus(row(1, time=value)).articles[0].time == time


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
KEYS = "id publisher lang time title text html url image kind author published updated tags duration motif"


@given(st.lists(st.dictionaries(st.sampled_from(KEYS.split()), json_values, max_size=8), max_size=6))
def test_no_row_breaks_the_others(rows: list[dict[str, Any]]) -> None:
    read = corpus_from_rows([*rows, {"id": "the last one", "publisher": "Last", "title": "Good"}])
    assert any(a.title == "Good" for a in read.articles) or any("repeats" in p for p in read.problems)
    assert len({(a.publisher, a.path) for a in read.articles}) == len(read.articles)
    settled = read.at(NOW)
    times = [a.time for a in settled.articles if a.time]
    assert times == sorted(times)


@given(st.text())
def test_paths_are_decoded_once_and_begin_with_one_slash(text: str) -> None:
    assert plain_path(text).startswith("/")
    assert not plain_path(text).startswith("//")


def test_open_corpus_tells_what_cannot_be_replayed(tmp_path: Path) -> None:
    empty, page = tmp_path / "empty.jsonl", tmp_path / "page.html"
    empty.touch()
    page.write_text("<!doctype html><p>Hello")
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(CorpusError, match="There is no corpus at"):
        open_corpus(tmp_path / "nothing")
    with pytest.raises(CorpusError, match=r"holds no article to replay\. It is empty"):
        open_corpus(empty)
    with pytest.raises(CorpusError, match=r"holds no article to replay\. Line 1 is not JSON"):
        open_corpus(page)
    with pytest.raises(CorpusError, match="holds no pages to replay"):
        open_corpus(folder)
