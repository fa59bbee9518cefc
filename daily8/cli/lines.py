"""Read what a command is given line by line: one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Generic, TypeVar

import typer

from daily8.cli.output import PARTLY, Refused, complain

if TYPE_CHECKING:
    from daily8.news.reports import Report

T = TypeVar("T")

LONGEST = 5_000_000
"""Bytes of a line that is read; what follows in a longer one is passed over unread."""
_MOST_DIGITS = 4_000


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
    with _opened(name) as file:
        for number, line in enumerate(_lines(file, name), start=1):
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


@dataclass(frozen=True, slots=True)
class Reports(Lines["Report"]):
    given: Mapping[str, str | int]
    """The id of each report as its line gives it: what is answered bears it so, a number as a number."""


def read_reports(name: str, read: Callable[[Mapping[str, Any]], Report] | None = None) -> Reports:
    """Read a file of reports or ``-``; a line whose id an earlier one has is left out: answers name ids.

    :raises Refused: as `read_lines`.
    """
    from daily8.news.reports import BadReport, read_id, read_report

    given: dict[str, str | int] = {}

    def once(line: Mapping[str, Any]) -> Report:
        report = (read or read_report)(line)
        if report.id in given:
            raise BadReport("its id is that of an earlier line")
        given[report.id] = read_id(line)
        return report

    found = read_lines(name, once)
    return Reports(found.rows, found.left_out, given)


def _lines(file: IO[bytes], name: str) -> Iterator[bytes]:
    """Give the lines of a file; of one that is too long, a byte too much."""
    try:
        while line := file.readline(LONGEST + 1):
            rest = line
            while len(rest) > LONGEST and not rest.endswith(b"\n"):
                rest = file.readline(LONGEST + 1)
            yield line
    except OSError as error:
        raise Refused(f"{_called(name)} cannot be read: {error.strerror}.") from error


def _object(line: bytes) -> Mapping[str, Any]:
    if len(line) > LONGEST:
        raise ValueError(f"it is longer than {LONGEST // 1_000_000} MB")
    try:
        found = json.loads(line.decode("utf-8-sig"), parse_int=_whole)
    except UnicodeDecodeError as error:
        raise ValueError("it is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"it is no JSON ({error.msg} at character {error.pos + 1})") from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - a bad line, no bad call
    return found


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:  # Python reads no longer ones: they would cost the square of their length
        raise ValueError("it holds a number of too many digits")
    return int(digits)


@contextmanager
def _opened(name: str) -> Iterator[IO[bytes]]:
    if name == "-":
        if sys.stdin is None:
            raise Refused("Standard input is closed.")
        yield sys.stdin.buffer
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 - closed below: what goes wrong there is no fault of the file
    except FileNotFoundError as error:
        raise Refused(f"There is no file {name}.") from error
    except (OSError, ValueError) as error:  # a name that holds a NUL
        raise Refused(f"{name} cannot be read: {getattr(error, 'strerror', error)}.") from error
    with file:
        yield file


def _called(name: str) -> str:
    return "Standard input" if name == "-" else name
