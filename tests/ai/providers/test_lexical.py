"""Vectors that count words."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.ai.ports import Embedder, Vectors
from daily8.ai.registry import open_embedder


def likeness(one: str, two: str) -> float:
    first, second = embedder().embed([one, two])
    return float(first @ second)


def embedder() -> Embedder:
    return open_embedder("lexical", Path("nowhere"))


ALIKE = [
    (
        "Ferry to Lindmoor reopens after storm",
        "Storm over: the Lindmoor ferry is open again",
        "Bakers raise prices",
    ),
    ("المحكمة تلغي قانون الموانئ", "قانون الموانئ: إلغاء من المحكمه", "ارتفاع أسعار الخبز في المدينة"),
    ("والمحكمة قالت", "محكمة قالت", "وزير قالت"),
    ("港口渡轮因风暴停航", "风暴后港口渡轮复航", "面包价格上涨"),
    ("เรือข้ามฟากหยุดเดินเรือเพราะพายุ", "พายุทำให้เรือข้ามฟากหยุด", "ราคาขนมปังแพงขึ้น"),
    ("बंदरगाह पर नौका सेवा बंद", "नौका सेवा बंदरगाह पर फिर शुरू", "रोटी महँगी हुई"),
    ("항구의 여객선이 폭풍으로 멈췄다", "폭풍 뒤 항구 여객선 재개", "빵 가격이 올랐다"),
    ("Élection à Marvigny", "ELECTION A MARVIGNY", "Un pont à Orsay"),
]


@pytest.mark.parametrize(("one", "two", "other"), ALIKE)
def test_what_shares_words_is_nearer_than_what_does_not(one: str, two: str, other: str) -> None:
    assert likeness(one, two) > max(0.3, likeness(one, other) + 0.2)


def test_vowels_accents_stretches_and_forms_of_letters_change_nothing() -> None:
    assert likeness("المُحَكَّمَةُ العـــليا", "المحكمه العليا") > 0.999
    assert likeness("أعلن إلى آخر", "اعلن الى اخر") > 0.999
    assert likeness("Čeští řezníci", "cesti reznici") > 0.999


def test_vectors_are_the_same_everywhere() -> None:
    """A change of any of these numbers changes the recipe."""
    found = embedder().embed(["The ferry of Lindmoor", "عبارة الميناء", "港口"])
    places = [[int(at) for at in np.flatnonzero(row)] for row in found]
    assert places == PLACES
    assert embedder().recipe.key == "lexical 1 w6 d512"
    assert not embedder().recipe.model


PLACES = [[136, 303, 351, 429], [186, 362], [17]]


@given(st.text(max_size=200), st.text(max_size=50))
def test_any_text_has_a_vector_of_length_one_that_hangs_on_it_alone(text: str, beside: str) -> None:
    alone, together = embedder().embed([text]), embedder().embed([beside, text])
    np.testing.assert_array_equal(alone[0], together[1])
    assert abs(np.linalg.norm(alone[0]) - 1) < 1e-5
    other: Vectors = embedder().embed([unicodedata.normalize("NFD", text)])
    if "\ufffd" not in text and text.isascii():
        np.testing.assert_array_equal(alone, other)


def test_only_the_beginning_of_an_endless_text_counts() -> None:
    assert likeness("storm " * 4000, "storm " * 400_000) > 0.999
    assert embedder().embed(["\u0610" * 1_000_000, "x" * 1_000_000, "\ud800" * 10]).shape == (3, 512)
