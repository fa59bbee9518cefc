"""What of an article is embedded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from daily8.news.passages import CHARACTERS, LONG, WORDS, passage


def test_the_headline_comes_first_and_nothing_is_said_twice() -> None:
    said = passage("Ferry late.", "The harbour waits", "The harbour waits.\n\nNobody minded.", model=True)
    assert said == "Ferry late. The harbour waits. Nobody minded"
    assert passage("العبّارة", "تأخرت", "لم يمانع أحد.", model=True) == "العبّارة. تأخرت. لم يمانع أحد"
    assert passage("", "", "Only a text.", model=False) == "Only a text"


def test_a_limit_leaves_the_headline_and_as_many_characters_of_the_text() -> None:
    assert (
        passage("Ferry late", "A dek", "The harbour waits.", model=True, most=11) == "Ferry late. The harbour"
    )
    assert passage("Ferry late", "A dek", "The harbour waits.", model=False, most=0) == "Ferry late"


@given(st.text(max_size=3000), st.text(max_size=300), st.text(max_size=3000), st.booleans())
def test_any_text_is_cut_and_stands_on_one_line(title: str, dek: str, lede: str, model: bool) -> None:
    found = passage(title, dek, lede, model=model)
    assert len(found) <= (CHARACTERS if model else LONG)
    assert len(found.split()) <= (WORDS if model else LONG)
    assert found == " ".join(found.split())
