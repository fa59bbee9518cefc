"""Read what a command is given line by line: one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import typer

from daily8.cli.output import PARTLY, Refused, complain

T = TypeVar("T")

LONGEST = 5_000_000
"""Bytes of a line that is read."""


@dataclass(frozen=True, slots=True)
class Lines(Generic[T]):
    rows: list[T]
    left_out: int
    """How many lines could not be used; each was complained of."""

    def end(self) -> None:
        """End the command with 1 where lines were left out: call it when all is written."""
        if self.left_out:
            raise typer.Exit(PARTLY)


def read_lines(name: str, read: Callable[[Mapping[str, Any]], T]) -> Lines[T]:
    """Read a file of JSON lines or ``-``; ``read`` raises `ValueError` for a line that cannot be used.

    Such a line is named on standard error and does not lose the others.

    :raises Refused: when the file cannot be read, or none of its lines can be used.
    """
    rows: list[T] = []
    left_out = 0
    with _opened(name) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                rows.append(read(_object(line)))
            except ValueError as error:
                left_out += 1
                complain(f"Line {number} is left out: {error}.")
    if left_out and not rows:
        raise Refused(f"{_called(name)} has no line that can be used.")
    return Lines(rows, left_out)


def _object(line: bytes) -> Mapping[str, Any]:
    if len(line) > LONGEST:
        raise ValueError(f"it is longer than {LONGEST // 1_000_000} MB")
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError("it is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"it is no JSON ({error.msg} at character {error.pos + 1})") from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - a bad line, no bad call
    return found


@contextmanager
def _opened(name: str) -> Iterator[Iterable[bytes]]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as file:
            yield file
    except FileNotFoundError as error:
        raise Refused(f"There is no file {name}.") from error
    except OSError as error:
        raise Refused(f"{name} cannot be read: {error.strerror}.") from error


def _called(name: str) -> str:
    return "Standard input" if name == "-" else name
