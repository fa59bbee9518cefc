"""The drawn photographs and marks."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from daily8.replay.drawing import MOTIFS, draw, mark, motif_for


@pytest.mark.parametrize("motif", MOTIFS)
def test_every_motif_is_a_photograph_with_light_and_shade(motif: str) -> None:
    image = Image.open(io.BytesIO(draw("a seed", motif)))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (1280, 720))
    pixels = np.asarray(image.convert("L"))
    assert pixels.std() > 12
    assert int(pixels.max()) - int(pixels.min()) > 120


def test_the_same_seed_gives_the_same_picture_and_another_another() -> None:
    first = draw("one", "sea")
    draw.cache_clear()
    assert draw("one", "sea") == first
    assert draw("two", "sea") != first
    assert draw("one", "desert") != first


def test_other_sizes() -> None:
    assert Image.open(io.BytesIO(draw("one", "sea", 320, 320))).size == (320, 320)


@pytest.mark.parametrize(
    ("words", "motif"),
    [
        ("Ferry catches fire", "sea"),
        ("Doctors: strike is near", "hospital"),
        ("انتخابات البرلمان غدًا", "parliament"),
        ("ارتفاع الأسعار", "market"),
    ],
)
def test_words_choose_the_motif(words: str, motif: str) -> None:
    assert motif_for(words) == motif


def test_any_words_choose_some_motif() -> None:
    assert {motif_for(f"xyz{n}") for n in range(300)} == set(MOTIFS)


def test_marks_are_icons_of_several_sizes() -> None:
    icon = Image.open(io.BytesIO(mark("a", "ICO")))
    assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    assert Image.open(io.BytesIO(mark("a", "PNG"))).size == (256, 256)
    assert len({mark(f"{n}", "PNG") for n in range(20)}) == 20
