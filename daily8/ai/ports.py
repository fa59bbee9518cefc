"""The ports: what the rest of the house may ask of a model, whoever provides it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:  # every command reads this module; numbers are computed by few
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]
else:
    Vectors = Any

Purpose = Literal["passage", "query"]
"""What a text is embedded for: to be found, or to find by it. Some models want to be told."""
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Recipe:
    """What made a vector. Vectors of different recipes are never compared."""

    name: str
    version: str
    """Changes with anything that changes the vectors: weights, quantisation, length limit."""
    dimensions: int
    model: bool = True
    """Whether a model reads the texts, which publishers may refuse; counting words is none."""

    @property
    def key(self) -> str:
        """Name the recipe in one line, as rows bear it."""
        return f"{self.name} {self.version} d{self.dimensions}"


class ProviderFailed(Exception):
    """A provider gave no vectors. As text: what is wrong and what to do, in sentences without secrets."""

    def __init__(self, text: str, *, passing: bool, after: float | None = None) -> None:
        super().__init__(text)
        self.passing = passing
        """Whether the same request may well succeed later, with nothing changed by anybody."""
        self.after = after
        """Seconds for which the provider asked to be left alone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint answered."""

    status: int
    body: bytes
    retry_after: str | None = None
    """The header of this name, as it came."""


class Post(Protocol):
    """Posts JSON to a path below the operator's endpoint, and gives the answer of any status. Blocks.

    :raises ProviderFailed: where no whole answer came.
    """

    def __call__(self, path: str, json: Any, headers: Mapping[str, str], /) -> Answer: ...


class Reach(Protocol):
    """Gives the client of the endpoint at a URL that a setting names; ``timeout`` is in seconds.

    :raises ValueError: for a URL that names no endpoint.
    """

    def __call__(self, url: str, timeout: float, /) -> Post: ...


@dataclass(frozen=True, slots=True)
class Setup:
    """What a provider is opened with."""

    folder: Path
    """Of models (``data/models``)."""
    threads: int = 1
    """How many may compute at a time."""
    options: Mapping[str, str] = field(default_factory=lambda: _NONE, repr=False)
    """What the operator set, by the name of the setting without ``EMBEDDER_``, in lower case."""
    reach: Reach | None = None
    """For providers that lie elsewhere; absent where nothing outside is to be reached."""
    sleep: Callable[[float], None] | None = None
    """Waits between two tries, in seconds; absent where a failed request is not to be tried again."""

    @property
    def languages(self) -> frozenset[str] | None:
        """Those that the operator says a model speaks (option ``languages``, commas between them)."""
        codes = (code.strip().lower() for code in self.options.get("languages", "").split(","))
        return frozenset(filter(None, codes)) or None


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is their likeness. Safe to call from several threads."""

    @property
    def recipe(self) -> Recipe: ...

    @property
    def languages(self) -> frozenset[str] | None:
        """Languages (ISO 639-1) whose vectors mean something; ``None``: any."""
        ...

    def embed(self, texts: Sequence[str], purpose: Purpose = "passage") -> Vectors:
        """Embed texts, in their order: float32 of shape (texts, dimensions), each row of length 1.

        Any string is taken, the empty one too; what is too long is cut. A text's vector does not depend on
        the texts beside it.

        :raises ProviderFailed: where the provider gives none; nothing is known of any of the texts then.
        """
        ...
