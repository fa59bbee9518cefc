"""What PostgreSQL has no place for is taken out, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from daily8.news.storing import storable
from daily8.news.types import Enclosure, Entry

_UNFIT = "a\x00b\ud800c"


def test_every_text_is_made_fit() -> None:
    entry = Entry(id=_UNFIT, authors=(_UNFIT,), enclosures=(Enclosure(_UNFIT, type=_UNFIT),))
    fit = storable(entry)
    assert (fit.id, fit.authors, fit.enclosures[0].url, fit.enclosures[0].type) == (
        "abc",
        ("abc",),
        "abc",
        "abc",
    )
    assert storable({"a\x00": [_UNFIT]}) == {"a": ["abc"]}


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_what_is_fit_stays_as_it_is(text: str) -> None:
    entry = Entry(id=text, title=text)
    assert storable(entry) is entry
