"""Functions that misbehave, for the cage."""

from __future__ import annotations

import ctypes
import os
import re
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from daily8.news.types import Enclosure, Entry, Feed


class NotAFeed(ValueError):
    """A plain refusal, as parsers raise it."""


def echo(value: object) -> object:
    return value


def feed(count: int) -> Feed:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    entries = tuple(
        Entry(id=str(n), title="t" * 50, published=now, enclosures=(Enclosure("https://a.test/x"),))
        for n in range(count)
    )
    return Feed("rss", title="x", entries=entries)


def refuse(text: str) -> None:
    raise NotAFeed(text)


def refuse_oddly() -> None:
    class Local(ValueError):
        def __init__(self, one: str, two: str) -> None:
            super().__init__(one + two)

    raise Local("no", " feed")


def break_down() -> None:
    raise KeyError("secret detail")


def loop_in_python() -> None:
    while True:
        pass


def loop_in_c() -> None:
    re.match(r"(a*)*(a*)*(a*)*b", "a" * 64)


def sleep_long() -> None:
    time.sleep(60)


def eat_memory() -> int:
    hoard = []
    while True:
        hoard.append(bytearray(10 << 20))


def crash() -> None:
    ctypes.string_at(0)


def leave() -> None:
    os._exit(0)


def print_much() -> str:
    print("noise" * 10_000)
    os.write(1, b"noise on the pipe")
    return "still here"


def reach_out(port: int) -> str:
    socket.create_connection(("127.0.0.1", port), timeout=2).close()
    return "reached"


def run_program() -> int:
    return subprocess.call([sys.executable, "-c", "pass"])


def write_file(path: str) -> None:
    Path(path).write_text("x" * 100)


def environment() -> list[str]:
    return sorted(os.environ)


def pid() -> int:
    return os.getpid()


class Trap:
    """Unpickles to a call of `os.system`."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("true",)


def answer_with_a_trap() -> object:
    return Trap()


def answer_with_far_too_much() -> bytes:
    return b"x" * (65 << 20)
