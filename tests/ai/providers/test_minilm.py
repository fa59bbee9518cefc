"""The embedded provider, on a tiny encoder and on the model where it is installed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from daily8.ai.models import GRAPH, TOKENIZER, ModelNotInstalled
from daily8.ai.ports import Embedder
from daily8.ai.registry import open_embedder
from tests.ai import tiny

TEXTS = [f"the {one} {two} {one}" for one in tiny.WORDS for two in tiny.WORDS]


def test_a_vector_is_that_of_the_forward_pass(tiny_models: Path) -> None:
    ids = [2, *((tiny.SPECIAL + tiny.WORDS).index(word) for word in ("the", "court", "vote")), 1, 3]
    found = open_embedder("minilm", tiny_models).embed(["The COURT vote unheard"])[0]
    assert found @ tiny.forward(tiny.weights(), ids) >= 0.998


def test_the_number_of_threads_changes_nothing(tiny_models: Path) -> None:
    one = open_embedder("minilm", tiny_models, threads=1)
    two = open_embedder("minilm", tiny_models, threads=2)
    np.testing.assert_array_equal(one.embed(TEXTS), two.embed(TEXTS))
    np.testing.assert_array_equal(one.embed(TEXTS), np.concatenate([two.embed([text]) for text in TEXTS]))


def test_several_threads_may_ask_at_once(tiny_models: Path) -> None:
    embedder = open_embedder("minilm", tiny_models)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: embedder.embed([text])[0], TEXTS))
    np.testing.assert_array_equal(found, embedder.embed(TEXTS))


def test_a_long_text_is_cut_to_the_tokens_of_the_model(tiny_models: Path) -> None:
    fitting = ["rain"] * (tiny.TOKENS - 2)  # beside the opening and the closing token
    short, whole, longer = open_embedder("minilm", tiny_models).embed(
        [" ".join(fitting[1:]), " ".join(fitting), " ".join([*fitting, "court", "law"])]
    )
    np.testing.assert_array_equal(whole, longer)
    assert (short != whole).any()


def test_english_is_what_it_speaks(tiny_models: Path) -> None:
    assert open_embedder("minilm", tiny_models).languages == frozenset({"en"})


@pytest.mark.parametrize("file", [GRAPH, TOKENIZER])
def test_damaged_files_are_said(tiny_models: Path, tmp_path: Path, file: str) -> None:
    shutil.copytree(tiny_models, tmp_path / "models")
    path = tmp_path / "models" / "minilm" / file
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(ModelNotInstalled, match="damaged; delete that folder, then run"):
        open_embedder("minilm", tmp_path / "models")


def test_what_is_not_installed_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelNotInstalled, match="does not hold it"):
        open_embedder("minilm", tmp_path)


NEAR = [  # a sentence, one that tells the same in other words, one that shares words but not the matter
    (
        "The harbour authority closed the port after the storm damaged two cranes.",
        "Ships were turned away once high winds had wrecked lifting gear at the docks.",
        "The harbour authority published its yearly accounts and thanked its staff.",
    ),
    (
        "Parliament voted to raise the minimum wage by four per cent.",
        "Lawmakers approved higher pay for the lowest-earning workers.",
        "Parliament voted to rename four streets near the station.",
    ),
    (
        "Scientists found traces of water beneath the crater's frozen floor.",
        "Researchers have discovered ice under the surface of an impact basin.",
        "The museum found traces of paint beneath its frozen food posters.",
    ),
    (
        "The striker scored twice as the visitors won the cup final.",
        "Two goals by the forward gave the away side the trophy.",
        "The cup of tea at the strikers' canteen now costs twice as much.",
    ),
]


@pytest.mark.parametrize(("text", "same", "other"), NEAR)
def test_meaning_counts_more_than_words(
    installed_embedder: Callable[[str], Embedder], text: str, same: str, other: str
) -> None:
    vectors = installed_embedder("minilm").embed([text, same, other])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.05
