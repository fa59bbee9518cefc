"""Quotation marks are mended where one of a pair is set in another way, and nowhere else."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.blocks import blocks_from_html
from daily8.news.quotes import closed
from daily8.news.sanitise import plain


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('“We saw it", he said.', "“We saw it”, he said."),
        ('"We saw it”, he said.', "“We saw it”, he said."),
        ('„Wir sahen es", sagte er.', "„Wir sahen es“, sagte er."),
        ('«رأيناه"، قال.', "«رأيناه»، قال."),
        ('"رأيناه»، قال.', "«رأيناه»، قال."),
        ("‘We saw it', he said.", "‘We saw it’, he said."),
        ("‘The keepers' lamp is out,' he said.", "‘The keepers' lamp is out,’ he said."),
        ('“We <em>saw</em> it<em>"</em> he said.', "“We <em>saw</em> it<em>”</em> he said."),
        ('<a href="/x?a=1">“We saw it"</a>', '<a href="/x?a=1">“We saw it”</a>'),
        ('“He said "no" to us" and left.', '“He said "no" to us” and left.'),
        ("She said “no“, and left.", "She said “no”, and left."),
        ("قالت “لا“ ومضت", "قالت “لا” ومضت"),
        ("<p>“no“</p>", "<p>“no”</p>"),
        ('“One", he said. “Two", she said.', "“One”, he said. “Two”, she said."),
    ],
)
def test_a_mark_closes_as_its_partner_opens(written: str, read: str) -> None:
    assert closed(written) == read
    assert closed(read) == read


@pytest.mark.parametrize(
    "text",
    [
        'He said: "We saw it."',
        "“We didn't see the keepers' lamp”, he said.",
        "A mast of 6' 2\", “they say”.",
        '“A mast of 2" and more”, they say.',
        "”Vi såg den”, sa han.",
        "‘We saw it’ and the keepers' lamp.",
        "„Nein“ und „ja“",
        "“One “two",
        "“One <b>two</b>“ ”",
        "“A paragraph that goes on in the next one.",
        'The ’90s and the "old" days.',
        "",
    ],
)
def test_what_is_whole_stays(text: str) -> None:
    assert closed(text) == text


@pytest.mark.parametrize(
    "text",
    ["‘a " * 80_000 + "'", '“1" ' * 60_000, '“a 1" ' * 50_000, "<b>‘</b>" * 30_000 + "'", "“'" * 100_000],
    ids=["single marks", "inches", "words and inches", "tags", "both"],
)
def test_many_marks_take_linear_time(text: str) -> None:
    began = time.process_time()
    assert blocks_from_html(f"<p>{text}</p>")
    assert time.process_time() - began < 4


@given(st.text(alphabet="ab1 .,“”„«»‘’\"'<>/\ufffc", max_size=60))
def test_nothing_but_marks_is_touched_and_a_second_time_nothing(text: str) -> None:
    fold = str.maketrans(dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’", "'"))
    once = closed(text)
    assert once.translate(fold) == text.translate(fold)
    assert len(plain(once)) == len(plain(text))
