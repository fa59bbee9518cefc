"""Versions of an article: how much changed, which facts, and a difference that gives the new text."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.revisions import Difference, Fact, Version, compare, is_cut, is_silent, passage_texts
from daily8.news.revisions.alignment import STEPS, Steps, align, pairs
from daily8.news.types import Block, Embed, Heading, Image, ListBlock, Paragraph, Quote, Rule, Table

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FERRY = (
    "Officials said that 12 people were rescued when the boat Moira Bell ran aground by an islet on Monday.",
    "The captain, John Smith, told reporters: “We saw the light and turned.” Nobody was hurt.",
    "The harbour master said the investigation would take three weeks and the boat would be towed away.",
    "Smith has sailed for the company since the spring, and Moira Bell was built 20 years ago.",
)
ABBARA = (
    "قال مسؤولون إن ١٢ شخصًا أُنقذوا عندما جنحت العبّارة قرب الجزيرة يوم الاثنين.",
    "وأضاف القبطان: «رأينا الضوء ثم استدرنا»، ولم يصب أحد بأذى.",
    "وقال مدير الميناء إن التحقيق سيستغرق ثلاثة أسابيع.",
)


def told(*paragraphs: str, title: str = "Ferry back in harbour after grounding", **values: str) -> Version:
    return Version(title, blocks=tuple(map(Paragraph, paragraphs)), **values)


def edited(old: str, new: str, text: tuple[str, ...] = FERRY) -> Difference:
    """Compare a text with itself after one edit."""
    assert sum(paragraph.count(old) for paragraph in text) == 1
    return compare(told(*text), told(*(paragraph.replace(old, new) for paragraph in text)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("“We saw the light and turned.”", '"We saw the light and turned."'),
        ("“We saw the light and turned.”", "«We saw the light and turned.»"),
        ("the light and", "the\n  light&nbsp;and"),
        ("reporters", "repor&shy;ters"),
        ("Smith, told", 'Smith, <a href="https://x.example/">told</a>'),
    ],
)
def test_how_a_text_is_set_is_no_change(old: str, new: str) -> None:
    assert edited(old, new).kind == "none"


def test_the_cut_into_passages_is_no_change() -> None:
    cut = told(f"{FERRY[0]} {FERRY[1]}", *FERRY[2:])
    found = compare(told(*FERRY), cut)
    assert found.kind == "none"
    assert {passage.op for passage in found.passages} == {"same"}


def test_digits_of_another_system_and_tatweel_are_no_change() -> None:
    assert edited("١٢", "12", ABBARA).kind == "none"
    assert edited("الميناء", "المينـــاء", ABBARA).kind == "none"


def test_groups_of_digits_are_no_change() -> None:
    assert compare(told("It cost 12,000 crowns."), told("It cost 12000 crowns.")).kind == "none"
    assert compare(told("It cost 12,000 crowns."), told("It cost 12,500 crowns.")).kind == "correction"


def test_what_a_new_passage_says_is_no_fact_that_changed() -> None:
    assert compare(told(*FERRY), told(*FERRY, "Another 5 came later.")).facts == ()


def test_where_pictures_stand_and_what_counts_readers_is_no_change() -> None:
    one, two = Image("a.jpg", caption="The ferry on the rocks"), Image("b.jpg", caption="The yard at noon")
    first = (Paragraph(FERRY[0]), one, Paragraph("5 comments"), Paragraph(FERRY[1]), two, Rule())
    second = (two, Paragraph(FERRY[0]), Paragraph("Advertisement"), Paragraph(FERRY[1]), one)
    assert compare(Version(blocks=first), Version(blocks=second)).kind == "none"
    other = Image("a.jpg", caption="The ferry at the quay of the town")
    assert compare(Version(blocks=first), Version(blocks=(*second[:-1], other))).kind == "update"


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("rescued", "resuced", FERRY),
        ("investigation", "investigaton", FERRY),
        ("said that", "said", FERRY),
        ("the light and", "the the light and", (*FERRY[2:], "It turned to the light and away.")),
        ("by an islet", "by the islet", FERRY),
        ("Monday.", "Monday", FERRY),
        ("harbour master", "harbour-master", FERRY),
        ("company", "companies", FERRY),
        ("أُنقذوا", "أنقذوا", ABBARA),
        ("مسؤولون", "مسئولون", ABBARA),
        ("الجزيرة", "جزيرة", ABBARA),
    ],
)
def test_slips_are_told_from_changes(old: str, new: str, text: tuple[str, ...]) -> None:
    found = edited(old, new, text)
    assert (found.kind, found.facts) == ("typo", ())


@pytest.mark.parametrize(
    ("old", "new", "text", "fact"),
    [
        ("12", "15", FERRY, Fact("number", "12", "15")),
        ("three weeks", "five weeks", FERRY, Fact("number", "three", "five")),
        ("John Smith", "Joan Smith", FERRY, Fact("name", "John", "Joan")),
        ("Monday", "Sunday", FERRY, Fact("name", "Monday", "Sunday")),
        (
            "saw the light",
            "saw a lamp",
            FERRY,
            Fact("quote", "We saw the light and turned.", "We saw a lamp and turned."),
        ),
        ("would take", "would not take", FERRY, Fact("denial", None, "not")),
        ("١٢", "١٥", ABBARA, Fact("number", "١٢", "١٥")),
        ("ثلاثة", "أربعة", ABBARA, Fact("number", "ثلاثة", "أربعة")),
        ("ولم يصب أحد", "وأصيب أحدهم", ABBARA, Fact("denial", "ولم", None)),
        (
            "رأينا الضوء",
            "رأينا المنارة",
            ABBARA,
            Fact("quote", "رأينا الضوء ثم استدرنا", "رأينا المنارة ثم استدرنا"),
        ),
    ],
)
def test_facts_that_changed_come_first(old: str, new: str, text: tuple[str, ...], fact: Fact) -> None:
    found = edited(old, new, text)
    assert found.kind == "correction"
    assert found.facts[0] == fact


def test_numbers_stand_before_names_and_quotes() -> None:
    text = [p.replace("12", "15").replace("John Smith", "Joan Smith") for p in FERRY]
    text[1] = text[1].replace("the light", "a lamp")
    found = compare(told(*FERRY), told(*text))
    assert [fact.kind for fact in found.facts] == ["number", "name", "quote"]


def test_german_nouns_are_no_names() -> None:
    old = "Am Abend kam die Fähre mit dem Boot in den Hafen zurück, sagte der Sprecher."
    new = old.replace("Boot", "Schiff")
    assert compare(told(old, language="de"), told(new, language="de")).facts == ()


def test_what_is_added_is_an_update_and_what_is_all_new_is_rewritten() -> None:
    more = "A second boat brought food and water to the passengers, who slept in the school of the village."
    found = compare(told(*FERRY), told(*FERRY, more))
    assert (found.kind, found.facts, found.inserted, found.deleted) == ("update", (), 18, 0)
    other = [
        "Bakers dislike the new tax on bread very much indeed, and many say that it will close their shops.",
        "The minister has not answered them yet, but her office speaks of a meeting before the winter comes.",
        "Flour is dear already since the drought, and mills ask twice of what they asked in spring.",
    ]
    assert compare(told(*FERRY), told(*other)).kind == "rewritten"


def test_a_headline_is_told_apart_from_its_slips() -> None:
    base = told(*FERRY)
    assert compare(base, told(*FERRY, title="Ferry back in harbor after grounding")).headline is False
    found = compare(base, told(*FERRY, title="Captain blamed for grounding of ferry"))
    assert (found.kind, found.headline) == ("update", True)
    assert compare(base, told(*FERRY, title="Ferry not back in harbour after grounding")).kind == "correction"


def test_a_passage_that_moved_is_neither_gone_nor_new() -> None:
    found = compare(told(*FERRY), told(FERRY[3], *FERRY[:3]))
    assert (found.kind, found.inserted, found.deleted) == ("update", 0, 0)
    assert [passage.op for passage in found.passages].count("moved") == 1


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("Correction: an earlier version of this article misstated the number.", True),
        ("This story was amended on Monday to add what the captain said.", True),
        ("تصحيح: ذكرت نسخة سابقة من الخبر عددًا آخر.", True),
        ("The captain will be heard in court on Tuesday by three judges.", False),
    ],
)
def test_a_note_in_the_text_is_a_word(note: str, said: bool) -> None:
    found = compare(told(*FERRY), told(*FERRY, note))
    assert found.said == said
    silent = is_silent(found, before=None, after=None, published=NOW, live=False)
    assert silent != said


@pytest.mark.parametrize(
    ("before", "after", "live", "silent"),
    [
        (None, None, False, True),
        (NOW + HOUR, NOW + HOUR, False, True),
        (NOW + HOUR, None, False, True),
        (None, NOW, False, True),  # no later than its publication
        (None, NOW + HOUR, False, False),
        (NOW + HOUR, NOW + 2 * HOUR, False, False),
        (None, None, True, False),
    ],
)
def test_what_is_silent(before: datetime | None, after: datetime | None, live: bool, silent: bool) -> None:
    found = edited("12", "15")
    assert is_silent(found, before=before, after=after, published=NOW, live=live) == silent
    slip = edited("rescued", "resuced")
    assert not is_silent(slip, before=before, after=after, published=NOW, live=live)


def test_the_beginning_before_a_wall_is_no_new_text() -> None:
    whole = told(*FERRY)
    assert is_cut(whole, told(*FERRY[:2]))
    assert is_cut(whole, told(*FERRY[:2], "Subscribe to read on."))
    assert not is_cut(whole, told(*FERRY))
    assert not is_cut(whole, told("This report was withdrawn by the editor on Tuesday."))
    assert not is_cut(whole, told(FERRY[2]))


def test_every_block_with_words_is_compared() -> None:
    old: tuple[Block, ...] = (
        Heading("The <em>first</em> day"),
        Quote(("We saw it.",), "The captain"),
        ListBlock(("one rope", "two ropes")),
        Table((("Day", "Boats"), ("Monday", "4"))),
        Image("a.jpg", caption="A ferry", credit="Quay"),
        Embed("x", "https://x.example/1", author="@finn", text="Home."),
        Embed("youtube", "https://films.example/1"),
        Image("bare.jpg"),
        Rule(),
    )
    texts = passage_texts(Version(blocks=old))
    assert texts == (
        "The first day",
        "We saw it.\nThe captain",
        "one rope\ntwo ropes",
        "Day | Boats\nMonday | 4",
        "A ferry Quay",
        "@finn Home.",
        "https://films.example/1",
    )
    new = (*old[:3], Table((("Day", "Boats"), ("Monday", "5"))), *old[4:])
    found = compare(Version(blocks=old), Version(blocks=new))
    assert found.facts == (Fact("number", "4", "5"),)
    assert [p.name for p in found.passages if p.op == "changed"] == ["table"]


TOKENS = [
    *("ferry", "Ferry", "12", "١٢", "15", "not", "لم", "العبّارة", "العبارة", "“", "”", '"'),
    *("the,", "a.", "港", "ไทย", "e\u0301", "…"),
]
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="ab .", max_size=60),
    st.lists(st.sampled_from(TOKENS), max_size=25).map(" ".join),
)
BLOCKS = st.one_of(
    TEXTS.map(lambda text: Heading(text.replace("<", "").replace("&", ""))),
    st.sampled_from([Image("a", caption="The ferry"), Image("b", caption="The quay"), Image("c"), Rule()]),
)
VERSIONS = st.builds(
    lambda title, dek, blocks: Version(title, dek, tuple(blocks)),
    TEXTS.map(str.strip),
    TEXTS.map(str.strip),
    st.lists(BLOCKS, max_size=7),
)


@given(VERSIONS, VERSIONS)
def test_what_stayed_and_what_came_is_the_new_text(old: Version, new: Version) -> None:
    found = compare(old, new)
    assert "".join(r.text for r in found.title if r.op != "deleted") == new.title
    assert "".join(r.text for r in found.dek if r.op != "deleted") == new.dek
    kept = ("".join(r.text for r in p.runs if r.op != "deleted") for p in found.passages if p.op != "deleted")
    assert tuple(kept) == passage_texts(new)
    assert all(run.text for passage in found.passages for run in passage.runs)


@given(VERSIONS, VERSIONS)
def test_what_comes_one_way_goes_the_other(old: Version, new: Version) -> None:
    there, back = compare(old, new), compare(new, old)
    assert (there.inserted, there.deleted) == (back.deleted, back.inserted)


@given(*[st.text(alphabet="abc", max_size=12)] * 2)
def test_sequences_are_laid_the_same_way_from_both_sides(a: str, b: str) -> None:
    there = align(a, b, Steps())
    assert align(b, a, Steps()) == [(j1, j2, i1, i2, same) for i1, i2, j1, j2, same in there]
    assert [each[0] for each in there[1:]] == [each[1] for each in there[:-1]]


@given(VERSIONS)
def test_equal_versions_do_not_differ(version: Version) -> None:
    found = compare(version, version)
    assert (found.kind, found.facts, found.inserted, found.deleted, found.headline) == (
        "none",
        (),
        0,
        0,
        False,
    )
    assert {passage.op for passage in found.passages} <= {"same"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (told("a b " * 100_000), told("b a c " * 100_000)),
        (told(*["a b c"] * 20_000), told(*["b c a", "a b c"] * 20_000)),
        (told("a " * 700 + "b " * 700), told("b " * 700 + "a " * 700)),
        (told(*["one two three four five six"] * 150), told(*["two one four three six seven"] * 150)),
    ],
    ids=["one passage", "many passages", "few words", "alike"],
)
def test_comparing_takes_bounded_time(old: Version, new: Version) -> None:
    began = time.process_time()
    found = compare(old, new)
    assert time.process_time() - began < 5
    kept = ["".join(r.text for r in p.runs if r.op != "deleted") for p in found.passages if p.op != "deleted"]
    assert kept == list(passage_texts(new))


def test_many_short_passages_cost_more_than_their_words() -> None:
    steps = Steps()
    assert pairs([["one", "two"]] * 300, [["one", "three"]] * 300, steps) == []
    assert steps.left == STEPS
    assert pairs([["one", "two"]] * 9, [["one", "two", "three"]] * 9, steps) == [(n, n) for n in range(9)]
