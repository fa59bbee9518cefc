"""What every provider keeps to: run over each registered one that opens, on tiny models and endpoints too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from daily8.ai.ports import Embedder, Recipe, Setup
from daily8.ai.registry import embedders, open_embedder
from tests.ai.endpoint import endpoint
from tests.ai.folder import lay_out

TEXTS = [
    "the court",
    "",
    "rain " * 2000,
    "ship ship, storm; the river!",
    "المحكمة تبطل القانون",
    "\x00 \ud800 \U0001f600 \u202e",
    "the price of bread",
    "the court",
    " \n\t" * 5000,
    "x" * 100_000,
]


@pytest.fixture
def tiny_onnx(tmp_path: Path) -> Embedder:
    """A tiny graph in a folder, as sentence-transformers lays it out."""
    lay_out(tmp_path / "words")
    return open_embedder("onnx", tmp_path, setup=Setup(tmp_path, options={"folder": "words"}))


@pytest.fixture
def tiny_openai() -> Iterator[Embedder]:
    """An endpoint on loopback."""
    with endpoint() as there:
        setup = Setup(Path(), 1, there.options(batch="4"), there.reach, there.waits.append)
        yield open_embedder("openai", Path(), setup=setup)


@pytest.fixture(params=["tiny", *embedders()])
def embedder(
    request: pytest.FixtureRequest, tiny_models: Path, installed_embedder: Callable[[str], Embedder]
) -> Embedder:
    name: str = request.param
    if name in ("onnx", "openai"):  # what the operator must set, stands here
        found: Embedder = request.getfixturevalue(f"tiny_{name}")
        return found
    return open_embedder("minilm", tiny_models) if name == "tiny" else installed_embedder(name)


def test_vectors_have_the_shape_of_the_recipe_and_length_one(embedder: Embedder) -> None:
    found = embedder.embed(TEXTS)
    assert found.dtype == np.float32
    assert found.shape == (len(TEXTS), embedder.recipe.dimensions)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    found = embedder.embed([])
    assert (found.dtype, found.shape) == (np.dtype(np.float32), (0, embedder.recipe.dimensions))


def test_a_vector_does_not_depend_on_the_texts_beside_it(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS)
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    assert (together * alone).sum(axis=1).min() >= 0.9999
    backwards = embedder.embed(TEXTS[::-1])[::-1]
    assert (together * backwards).sum(axis=1).min() >= 0.9999


def test_unlike_texts_have_unlike_vectors(embedder: Embedder) -> None:
    first, second, again = embedder.embed(["the court", "music and bread", "the court"])
    assert first @ again > 0.9999
    assert first @ second < 0.99


def test_the_recipe_names_what_made_the_vectors(embedder: Embedder) -> None:
    recipe = embedder.recipe
    assert isinstance(recipe, Recipe)
    assert recipe.name
    assert recipe.version
    assert embedder.languages is None or all(len(language) == 2 for language in embedder.languages)
