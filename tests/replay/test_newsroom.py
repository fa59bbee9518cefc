"""The demo's newsroom is whole, well formed, and reads as many hands wrote it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import combinations
from typing import Any

import pytest
from lxml import etree

from daily8.replay.newsroom import gold, publishers, rows
from daily8.replay.newsroom.markup import to_html
from daily8.replay.newsroom.press import TOPICS, NewsroomError, minutes

MOTIFS = {
    "skyline",
    "sea",
    "mountains",
    "stadium",
    "desert",
    "market",
    "hospital",
    "parliament",
    "lab",
    "train",
    "storm",
    "fields",
    "portrait",
    "factory",
    "port",
    "library",
    "night",
    "river",
    "school",
    "court",
}
ELEMENTS = {
    "root",
    "p",
    "h2",
    "blockquote",
    "footer",
    "ul",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "figure",
    "img",
    "video",
    "figcaption",
    "span",
    "a",
    "em",
    "strong",
}
OWNERS = {"public", "private", "nonprofit", "state", "cooperative"}
ARABIC = re.compile(r"[\u0621-\u064a]")
LATIN = re.compile(r"[A-Za-z]")
PAIRS = (("«", "»"), ("“", "”"), ("(", ")"), ("[", "]"))
WORDS = ("title", "dek", "section", "caption", "credit")

Row = dict[str, Any]
ROWS: list[Row] = list(rows())


def plain(row: Row) -> str:
    """Give the text of a row as a reader sees it: title, dek and body."""
    body = re.sub(r"<[^>]+>", "", re.sub(r"</(?:p|h2|li|td|th|footer|figcaption)>", "\n", row["html"]))
    body = body.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    return "\n".join([row["title"], row["dek"], row["caption"], row["credit"], body])


def by_story() -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in ROWS:
        if row["story"]:
            found[row["story"]].append(row)
    return found


def sentences(row: Row) -> set[str]:
    body = re.sub(r"<[^>]+>", "", re.sub(r"</(?:p|h2|li|td|th|footer|figcaption)>", "\n", row["html"]))
    parts = re.split(r"(?<=[.!?؟])\s+|\n", body)
    return {" ".join(part.split()) for part in parts if len(" ".join(part.split())) > 60}


def test_it_is_large_enough() -> None:
    stories = by_story()
    bilingual = [s for s, of in stories.items() if {r["lang"] for r in of} == {"en", "ar"}]
    assert len({row["publisher"] for row in ROWS}) >= 20
    assert len(ROWS) >= 150
    assert len(stories) >= 25
    assert len(bilingual) >= 8
    assert {row["kind"] for row in ROWS} == {"text", "video", "podcast"}
    assert {row["topic"] for row in ROWS} == set(TOPICS)
    assert min(Counter(row["lang"] for row in ROWS).values()) >= 60


def test_publishers_are_many_and_known_by_their_facts() -> None:
    facts = publishers()
    assert {f["kind"] for f in facts.values()} == OWNERS
    assert {row["publisher"] for row in ROWS} == set(facts)
    for slug, fact in facts.items():
        assert re.fullmatch(r"[a-z][a-z-]+", slug)
        assert set(fact) == {"name", "lang", "country", "kind", "owner", "type", "home"}
        assert re.fullmatch(r"[A-Z]{2}", fact["country"])
        assert bool(ARABIC.search(fact["home"])) == (fact["lang"] == "ar")


def test_every_row_is_complete() -> None:
    for row in ROWS:
        for key in WORDS:
            assert isinstance(row[key], str), (row["id"], key)
            assert row[key].strip() == row[key] != "", (row["id"], key)
        assert row["rights"] == "full"
        assert row["motif"] in MOTIFS, row["id"]
        assert re.fullmatch(rf"/img/{row['motif']}-[0-9a-f]{{10}}\.jpg", row["image"])
        assert re.fullmatch(r"/article/[0-9a-f]{10}[a-z0-9-]*", row["url"])
        for key in ("author", "tags"):
            assert row[key], row["id"]
            assert all(row[key]), row["id"]
            assert len(set(row[key])) == len(row[key]), row["id"]
        assert {"video": "video", "podcast": "audio", "text": "rights"}[row["kind"]] in row
        assert row["kind"] == "text" or row["duration"] > 30


@pytest.mark.parametrize("key", ["id", "url", "image"])
def test_nothing_is_named_twice(key: str) -> None:
    assert [v for v, n in Counter(row[key] for row in ROWS).items() if n > 1] == []


def test_bodies_have_the_length_of_short_news() -> None:
    counts = {row["id"]: len(re.sub(r"<[^>]+>", " ", row["html"]).split()) for row in ROWS}
    for row in ROWS:
        least = 60 if row["story"] and row["kind"] == "text" and "copy_of" not in row else 30
        assert least <= counts[row["id"]] <= 350, (row["id"], counts[row["id"]])
    assert sum(count >= 190 for count in counts.values()) >= 12


def test_titles_are_as_long_as_titles() -> None:
    for row in ROWS:
        assert 15 <= len(row["title"]) <= 110, row["id"]
        assert len(row["dek"]) <= 200, row["id"]


def test_times_are_relative_and_densest_in_the_last_hours() -> None:
    at = [minutes(row["published"]) for row in ROWS]
    assert at == sorted(at)
    assert at[0] >= -72 * 60
    assert at[-1] <= 30
    assert sum(when > 0 for when in at) >= 5
    assert sum(-360 <= when <= 0 for when in at) >= 40
    for row in ROWS:
        if "updated" in row:
            assert (
                minutes(row["published"]) < minutes(row["updated"]) <= max(0, minutes(row["published"]) + 30)
            )


@pytest.mark.parametrize("when", ["17m", "-3w", "-1.5h", "soon", "", "-3h20m"])
def test_other_times_are_refused(when: str) -> None:
    with pytest.raises(NewsroomError, match="relative time"):
        minutes(when)


def test_each_article_is_in_its_language() -> None:
    for row in ROWS:
        text = plain(row)
        arabic, latin = len(ARABIC.findall(text)), len(LATIN.findall(text))
        if row["lang"] == "ar":
            assert latin <= 0.03 * arabic, row["id"]
            assert ARABIC.search(row["section"]), row["id"]
        else:
            assert arabic == 0, row["id"]


def test_one_digit_system_an_article() -> None:
    for row in ROWS:
        text = plain(row) + " ".join(row["tags"])
        assert not (re.search("[0-9]", text) and re.search("[٠-٩]", text)), row["id"]
        assert row["lang"] == "ar" or not re.search("[٠-٩]", text), row["id"]


def test_quotes_and_brackets_are_balanced() -> None:
    for row in ROWS:
        for line in plain(row).splitlines():
            assert not re.search(r"[\"']", line), (row["id"], line)
            assert row["lang"] == "en" or not re.search(r"[“”,;?]", line), (row["id"], line)
            assert row["lang"] == "ar" or not re.search(r"[«»،؛؟]", line), (row["id"], line)
            for opening, closing in PAIRS:
                order = [c for c in line if c in opening + closing]
                assert order == [opening, closing] * (len(order) // 2), (row["id"], line)


def test_spacing_is_clean() -> None:
    for row in ROWS:
        for line in plain(row).splitlines():
            text = " ".join(line.split())
            assert not re.search(r"\s[،؛؟!:.»)]|[«(]\s|ـ(?![«\d])|[،؛؟](?=[^\s»)])", text), (row["id"], text)


def test_html_is_well_formed_and_of_few_elements() -> None:
    seen: set[str] = set()
    for row in ROWS:
        root = etree.fromstring(f"<root>{row['html']}</root>")
        names = {str(node.tag) for node in root.iter()}
        assert names <= ELEMENTS, row["id"]
        assert root.find(".//p") is not None
        assert not re.search(r"\*|\]\(|^!|\|", "".join(str(text) for text in root.itertext())), row["id"]
        seen |= names
    assert seen == ELEMENTS


def test_mark_up_is_escaped() -> None:
    assert to_html("A <b> & *b*", "x") == "<p>A &lt;b&gt; &amp; <em>b</em></p>"


def test_outlets_write_their_own_sentences() -> None:
    for story, of in by_story().items():
        own = [row for row in of if "copy_of" not in row]
        for one, other in combinations(own, 2):
            assert not sentences(one) & sentences(other), (story, one["id"], other["id"])
        ledes = Counter(row["html"].split("</p>")[0] for row in own)
        assert max(ledes.values()) == 1, story


def test_copies_follow_their_wire() -> None:
    ids = {row["id"]: row for row in ROWS}
    copies = [row for row in ROWS if "copy_of" in row]
    assert len(copies) >= 8
    for row in copies:
        wire = ids[row["copy_of"]]
        assert wire["story"] == row["story"]
        assert wire["lang"] == row["lang"]
        assert minutes(wire["published"]) < minutes(row["published"])
        assert row["credit"] != wire["credit"] or row["author"] != wire["author"]
        assert sentences(row) & sentences(wire)


def test_stories_develop() -> None:
    spans = [minutes(of[-1]["published"]) - minutes(of[0]["published"]) for of in by_story().values()]
    assert sum(span > 12 * 60 for span in spans) >= 8
    assert all(len(of) >= 2 for of in by_story().values())


def test_gold_covers_every_article() -> None:
    labels = gold()
    assert list(labels) == [row["id"] for row in ROWS]
    assert all(labels[row["id"]] == (row["story"] or row["id"]) for row in ROWS)
    assert sum(row["story"] is None for row in ROWS) >= 15


def test_it_is_the_same_every_time() -> None:
    assert list(rows()) == ROWS
