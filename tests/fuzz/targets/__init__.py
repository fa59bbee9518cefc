"""Targets: each has ``one(data)``, which raises where a property breaks, its ``SEEDS`` and its ``WORDS``."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pkgutil import iter_modules
from typing import Any


@dataclass(frozen=True)
class Target:
    """Something that reads strangers' bytes, and what must hold whatever they are."""

    name: str
    one: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...]
    """What a mutation may put in."""


def names() -> list[str]:
    """Give the names of all targets."""
    return sorted(module.name for module in iter_modules(__path__))


def target(name: str, imports: Any = None) -> Target:
    """Load a target, its code under ``imports``: a context in which modules are instrumented."""
    with imports or nullcontext():
        module = importlib.import_module(f"{__name__}.{name}")
    return Target(name, module.one, module.SEEDS, module.WORDS)


def every() -> Iterator[Target]:
    """Load all targets."""
    return map(target, names())
