"""The register of providers: a setting names one, and it is imported when it is opened.

A package of somebody else adds its own through an entry point of group ``daily8.providers`` named
``embedder.NAME``, whose object is called as `OpenEmbedder`. A built-in name cannot be taken over.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Protocol

from daily8.ai.ports import Embedder

GROUP = "daily8.providers"
BUILT_IN = {"embedder.minilm": "daily8.ai.providers.minilm:open"}


class OpenEmbedder(Protocol):
    """What a provider of embeddings offers: `folder` is that of models, `threads` how many may compute."""

    def __call__(self, folder: Path, threads: int) -> Embedder: ...


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


def open_embedder(name: str, folder: Path, threads: int = 1) -> Embedder:
    """Open the provider of embeddings called `name`; what it raises when it is not ready passes through.

    :raises UnknownProvider: for a name that nobody registered.
    """
    point = _known("embedder").get(name)
    if point is None:
        raise UnknownProvider(
            f"No provider of embeddings is called {name}; there are: {', '.join(embedders())}."
        )
    opened: OpenEmbedder = point.load()
    return opened(folder, threads)
