"""The register of providers: a setting names one, and it is imported when it is opened.

A package of somebody else adds its own through an entry point of group ``daily8.providers`` named
``embedder.NAME``, whose object is called as `OpenEmbedder`. A built-in name cannot be taken over.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Protocol

from daily8.ai.ports import Embedder, Setup

GROUP = "daily8.providers"
BUILT_IN = {
    f"embedder.{name}": f"daily8.ai.providers.{name}:open" for name in ("lexical", "minilm", "onnx", "openai")
}


class OpenEmbedder(Protocol):
    """What a provider of embeddings offers."""

    def __call__(self, setup: Setup) -> Embedder: ...


class UnknownProvider(LookupError):
    """Says which name is unknown and which are known."""


def _known(port: str) -> dict[str, EntryPoint]:
    found = {point.name: point for point in entry_points(group=GROUP)}
    found |= {name: EntryPoint(name, value, GROUP) for name, value in BUILT_IN.items()}
    start = f"{port}."
    return {name.removeprefix(start): point for name, point in found.items() if name.startswith(start)}


def embedders() -> tuple[str, ...]:
    """Name every provider of embeddings that can be asked for, in order."""
    return tuple(sorted(_known("embedder")))


def open_embedder(name: str, folder: Path, threads: int = 1, setup: Setup | None = None) -> Embedder:
    """Open the provider of embeddings called `name`; what it raises when it is not ready passes through.

    A whole ``setup`` goes before ``folder`` and ``threads``.

    :raises UnknownProvider: for a name that nobody registered.
    """
    point = _known("embedder").get(name)
    if point is None:
        raise UnknownProvider(
            f"No provider of embeddings is called {name}; there are: {', '.join(embedders())}."
        )
    opened: OpenEmbedder = point.load()
    return opened(setup or Setup(folder, threads))
