"""Make strangers' values fit for keeping: PostgreSQL has no place for NUL, nor UTF-8 for a lone surrogate."""

from __future__ import annotations

import dataclasses
import re
from typing import Any, TypeVar

T = TypeVar("T")

_UNFIT = re.compile("[\x00\ud800-\udfff]")


def storable(value: T) -> T:
    """Give a value with unfit characters taken out of every text in it."""
    return _storable(value)  # type: ignore[no-any-return]


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _UNFIT.sub("", value) if _UNFIT.search(value) else value
    if isinstance(value, tuple):
        return tuple(map(_storable, value))
    if isinstance(value, list):
        return [*map(_storable, value)]
    if isinstance(value, dict):
        return {_storable(k): _storable(v) for k, v in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        fit = {name: _storable(old) for name, old in fields.items()}
        changed = {name: new for name, new in fit.items() if new is not fields[name] and new != fields[name]}
        return dataclasses.replace(value, **changed) if changed else value
    return value
