"""Spellings of a name meet in its folded form and in its skeleton, and no others do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.entities.folding import LONGEST, alike, bare, fold, skeleton, within


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoë  QUILL", "zoe quill"),
        ("São Paulo", "sao paulo"),
        ("Quill's", "quill"),
        ("O’Neill", "O'Neill"),
        ("أحمد", "احمد"),
        ("مُحَمَّد", "محمد"),
        ("القاهـــرة", "القاهره"),
        ("مصطفى", "مصطفي"),
        ("\u202bرنا\u202c", "رنا"),
        ("Łódź", "lodz"),
    ],
)
def test_spellings_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_names_that_differ_stay_apart() -> None:
    assert len({fold(name) for name in ("Quill", "Quilla", "على بابا", "عمر", "عمرو")}) == 5


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert len(fold(text)) <= LONGEST


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammed", "Muhammad"),
        ("Mohammed Salah", "محمد صلاح"),
        ("Zelensky", "Zelenskyy"),
        ("Volodymyr Zelenskyy", "Volodymyr Zelensky"),
        ("دونالد ترامب", "Donald Trump"),
        ("دونالد ترمب", "دونالد ترامب"),
        ("Владимир Путин", "Vladimir Putin"),
        ("Muammar Gaddafi", "Muammar Gadafi"),
    ],
)
def test_transliterations_are_alike(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maria", "Mario"),
        ("Ada Quill", "Ida Quayle Marsh"),
        ("Dan", "Dean"),
        ("Jon Moran", "Jan Marino"),
        ("", ""),
        ("!", "?"),
        ("محمد", "Mohammed"),  # one short word across scripts says too little
    ],
)
def test_other_names_are_not(one: str, other: str) -> None:
    assert not alike(one, other)


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_has_no_direction(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_within_is_the_distance_of_letters(one: str, other: str) -> None:
    assert within(one, other, max(len(one), len(other)))
    assert within(one, other, 0) == (one == other)


def test_clitics_come_off() -> None:
    assert "قاهره" in bare(fold("وبالقاهرة"))
    assert "القاهره" in bare(fold("بالقاهرة"))
    assert "روسيا" in bare(fold("وروسيا"))
    assert bare("berlin") == ("berlin",)


def test_a_skeleton_has_a_word_for_each() -> None:
    assert skeleton("Ursula von der Leyen").count(" ") == 3
    assert skeleton("!!!") == ""
