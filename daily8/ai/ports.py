"""The ports: what the rest of the house may ask of a model, whoever provides it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What made a vector. Vectors of different recipes are never compared."""

    name: str
    version: str
    """Changes with anything that changes the vectors: weights, quantisation, length limit."""
    dimensions: int


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is their likeness. Safe to call from several threads."""

    @property
    def recipe(self) -> Recipe: ...

    @property
    def languages(self) -> frozenset[str] | None:
        """Languages (ISO 639-1) whose vectors mean something; ``None``: any."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts, in their order: float32 of shape (texts, dimensions), each row of length 1.

        Any string is taken, the empty one too; what is too long is cut. A text's vector does not depend on
        the texts beside it.
        """
        ...
