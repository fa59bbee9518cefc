"""Providers are named by a setting or an entry point."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest

from daily8.ai.registry import BUILT_IN, GROUP, UnknownProvider, embedders, open_embedder

PROVIDER = """
import numpy as np
from daily8.ai.ports import Recipe

class Zeros:
    recipe, languages = Recipe("firsts", "1", 2), None
    def embed(self, texts, purpose="passage"):
        return np.tile(np.array([1, 0], np.float32), (len(texts), 1))

def open(setup):
    return Zeros()
"""


@pytest.fixture
def somebodys_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package with two providers, one under a name that is taken."""
    (tmp_path / "somebodys_provider.py").write_text(PROVIDER)
    about = tmp_path / "somebodys_provider-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: somebodys-provider\nVersion: 1.0\n")
    points = "embedder.firsts = somebodys_provider:open\nembedder.minilm = somebodys_provider:open\n"
    (about / "entry_points.txt").write_text(f"[{GROUP}]\n{points}speaker.firsts = somebodys_provider:open\n")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("somebodys_package")
def test_an_entry_point_adds_a_provider(tmp_path: Path) -> None:
    assert embedders() == ("firsts", "lexical", "minilm", "onnx", "openai")
    embedder = open_embedder("firsts", tmp_path)
    np.testing.assert_array_equal(embedder.embed(["a", "b"]), [[1, 0], [1, 0]])


@pytest.mark.usefixtures("somebodys_package")
def test_a_built_in_name_cannot_be_taken_over(tiny_models: Path) -> None:
    assert open_embedder("minilm", tiny_models).recipe.name == "minilm"


def test_an_unknown_name_is_answered_with_the_known(tmp_path: Path) -> None:
    with pytest.raises(UnknownProvider, match="called maxilm; there are: lexical, minilm"):
        open_embedder("maxilm", tmp_path)


def test_every_built_in_provider_can_be_imported() -> None:
    for value in BUILT_IN.values():
        module, _, attribute = value.partition(":")
        assert callable(getattr(importlib.import_module(module), attribute))
