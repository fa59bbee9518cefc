"""Headers of requests, checked before they are sent, and of answers, as they came."""

from __future__ import annotations

import re
from collections.abc import ItemsView, Iterator, Mapping, Sequence

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_LONGEST = 8000
# What frames a message, leads it elsewhere, or tells of other requests is the door's own to say.
_NOT_THEIRS = """
    host connection content-length transfer-encoding te trailer upgrade expect keep-alive http2-settings
    accept-encoding user-agent cookie referer origin range forwarded via proxy-authorization
    proxy-connection
"""
_OURS = frozenset(_NOT_THEIRS.split())


class Headers(Mapping[str, str]):
    """The headers of an answer: names in any case, repeated ones joined by a comma (RFC 9110 section 5.3)."""

    __slots__ = ("_pairs", "_values")

    def __init__(self, pairs: Sequence[tuple[str, str]] = ()) -> None:
        values: dict[str, str] = {}
        self._pairs = tuple(pairs)
        for name, value in pairs:
            key = name.lower()
            values[key] = f"{values[key]}, {value}" if key in values else value
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def lines(self, name: str) -> tuple[str, ...]:
        """Give the values of a header one by one, as they came."""
        return tuple(value for key, value in self._pairs if key.lower() == name.lower())

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def items(self) -> ItemsView[str, str]:
        """Give names, in lower case, and values."""
        return self._values.items()

    def __repr__(self) -> str:
        return f"Headers({list(self._values.items())!r})"


def is_value(value: str) -> bool:
    """Tell whether a text can be sent as the value of a header: nothing in it ends the header."""
    return not _CONTROL.search(value) and len(value) <= _LONGEST


def checked(headers: Mapping[str, str]) -> dict[str, str]:
    """Give headers that may be sent.

    :raises ValueError: for a name that is not the caller's to set, or a value with control characters.
    """
    for name, value in headers.items():
        key = name.lower()
        if not _NAME.fullmatch(name) or key in _OURS:
            raise ValueError(f"the header {name!r} cannot be set")
        if not is_value(value):
            raise ValueError(f"the value of the header {name} has control characters or is too long")
    return dict(headers)


def decoded(raw: Sequence[tuple[bytes, bytes]]) -> Iterator[tuple[str, str]]:
    """Decode headers as UTF-8, else Latin-1; leave out a validator that could not be echoed byte for byte."""
    for name, value in raw:
        key = name.decode("latin-1")
        try:
            yield key, value.decode()
        except UnicodeDecodeError:
            if key.lower() not in ("etag", "last-modified"):
                yield key, value.decode("latin-1")
