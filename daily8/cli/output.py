"""Speak to people and to programs: tables and progress for the ones, JSON for the others."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

BAD_INPUT = 2
PARTLY = 1
_WIDEST = 10_000

# A table for a program is as wide as what stands in it.
console = Console(
    highlight=False, markup=False, soft_wrap=True, width=None if sys.stdout.isatty() else _WIDEST
)
errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


class Refused(Exception):
    """Something that cannot be done: one sentence on what is wrong and what to do, and an exit code."""

    def __init__(self, sentence: str, code: int = BAD_INPUT) -> None:
        super().__init__(sentence)
        self.code = code


class ReaderGone(Exception):
    """The reader of a pipe went away: nobody waits for the rest of the answer."""

    def __init__(self) -> None:
        super().__init__("nobody reads the answer")
        _leave()


def complain(sentence: str) -> None:
    """Write one sentence to standard error."""
    errors.print(sentence, style="red" if errors.is_terminal else None)


def note(sentence: str) -> None:
    """Tell a person something that is no part of the answer."""
    errors.print(sentence)


def say(sentence: str) -> None:
    """Write a line of the answer."""
    console.print(sentence)


def as_json(value: Any, *, indent: int | None = None) -> None:
    """Write a value as JSON: UTF-8, times in RFC 3339 with zone, absent values ``null``."""
    text = json.dumps(value, ensure_ascii=False, default=_plain, indent=indent)
    try:
        # A lone surrogate of a broken document has no UTF-8 form.
        sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError as error:
        raise ReaderGone from error
    except OSError as error:
        _leave()
        raise Refused(f"The answer cannot be written: {error.strerror}.") from error


def _leave() -> None:
    """Let what could not be written fall, else it is tried again, and complained of, at the very end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, UUID):
        return value.hex
    raise TypeError(f"{type(value).__name__} has no JSON form")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table for people."""
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        drawn.add_column(name, overflow="fold")
    for row in rows:
        drawn.add_row(*row)
    console.print(drawn)


@contextlib.contextmanager
def progress(words: str, total: int | None) -> Iterator[Any]:
    """Show a bar on standard error; gives a function that is told how many more are done.

    Nothing is shown where standard error is no terminal.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task(words, total=total)
        yield lambda count=1: bar.advance(task, count)
