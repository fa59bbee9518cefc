"""The core needs nothing; time and chance come in as arguments everywhere below the faces."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.house.reading import Breach, Module, caught, hold, modules, under

TOUCHES = (
    *("open", "input", "print", "io.open", "os", "pathlib", "shutil", "tempfile", "glob", "fileinput"),
    *("urllib.request", "http.client", "socket", "subprocess", "ctypes", "importlib.import_module"),
    *("lxml.etree.parse", "lxml.etree.iterparse", "lxml.html.parse", "lxml.html.open_in_browser"),
    *("trafilatura.fetch_url", "trafilatura.fetch_response", "trafilatura.downloads", "numpy.load"),
)
"""What reaches out of the process, or into its settings, where an import contract cannot see it."""
_READS = frozenset({"read_text", "read_bytes", "write_text", "write_bytes", "open"})

CLOCKS = (
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime", "time.strftime"),
    *("django.utils.timezone.now", "django.utils.timezone.localtime", "django.utils.timezone.localdate"),
    "email.utils.localtime",
)
CHANCE = ("random", "secrets", "uuid.uuid1", "uuid.uuid4", "os.urandom", "numpy.random.random")
BELOW = ("news", "store", "net", "ai", "replay", "pipeline", "desk")
NAMED = {
    ("daily8.store.hosts", "uuid.uuid4"): "a claim's token must be new, and decides nothing",
    ("daily8.store.embedding", "uuid.uuid4"): "a claim's token must be new, and decides nothing",
    ("daily8.store.kept", "uuid.uuid4"): "a claim's token must be new, and decides nothing",
    ("daily8.store.progress", "uuid.uuid4"): "a claim's token must be new, and decides nothing",
    ("daily8.store.assigning", "uuid.uuid4"): "the assigner's token must be new, and decides nothing",
    (
        "daily8.store.subscriptions",
        "secrets.token_urlsafe",
    ): "addresses and secrets must not be guessed, and decide nothing",
    ("daily8.replay.server", "datetime.datetime.now"): "the moment a replay starts, where none is given",
}
"""Where a clock or chance is used below the faces after all, and why."""


def reaches_out(module: Module) -> Iterator[Breach]:
    """The core touches no file, no network, no setting; its own data it reads through importlib.resources."""
    for line, name in module.uses():
        if under(name, *TOUCHES):
            yield line, f"{name} reaches out of the core"
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in _READS
            and not any(module.dotted(inner) == "importlib.resources.files" for inner in ast.walk(node.func))
        ):
            yield node.lineno, f".{node.func.attr}() reaches out of the core"


def looks_at_a_clock_or_throws_dice(module: Module) -> Iterator[Breach]:
    """Below the faces time and chance are arguments. Monotonic deadlines are no clocks."""
    for line, name in module.uses():
        if under(name, *CLOCKS, *CHANCE) and (module.name, name) not in NAMED:
            yield line, f"{name}: pass it in"


def test_the_core_reaches_out_to_nothing() -> None:
    hold(reaches_out, "daily8/news")


@pytest.mark.parametrize(
    "text",
    [
        "import urllib.request",
        "from urllib.request import urlopen",
        "from urllib import request",
        "def f(name):\n    return open(name)",
        "def f(path):\n    return path.read_text()",
        "from importlib.resources import as_file\ndef f(path):\n    return path.open()",
        "import os\nHOME = os.environ['HOME']",
        "from pathlib import Path",
        "from lxml import etree\ndef f(url):\n    return etree.parse(url)",
        "import lxml.html as html\nread = html.parse",
        "print('here')",
    ],
)
def test_a_core_that_reaches_out_is_caught(text: str) -> None:
    assert caught(reaches_out, text)


@pytest.mark.parametrize(
    "text",
    [
        "from importlib.resources import files\nTEXT = (files('daily8.news') / 'x.tsv').read_text('utf-8')",
        "from lxml import etree\ndef f(body):\n    return etree.fromstring(body)",
        "def open(folder):\n    return folder\nopen(1)",
        "from urllib.parse import urlsplit",
    ],
)
def test_a_core_that_keeps_to_itself_is_not(text: str) -> None:
    assert not caught(reaches_out, text)


def test_below_the_faces_nobody_looks_at_a_clock_or_throws_dice() -> None:
    folders = [f"daily8/{floor}" for floor in BELOW]
    hold(looks_at_a_clock_or_throws_dice, *folders)


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import datetime, UTC\nNOW = datetime.now(UTC)",
        "import datetime as dt\ndef f():\n    return dt.datetime.utcnow()",
        "from datetime import date\ndef f():\n    return date.today()",
        "import time\ndef f(now=time.time):\n    return now()",
        "from django.utils import timezone\ndef f():\n    return timezone.now()",
        "import random\ndef f():\n    return random.random()",
        "from random import choice",
        "from uuid import uuid4",
    ],
)
def test_a_clock_or_dice_are_caught(text: str) -> None:
    assert caught(looks_at_a_clock_or_throws_dice, text)


def test_a_deadline_is_no_clock() -> None:
    assert not caught(looks_at_a_clock_or_throws_dice, "import time\nEND = time.monotonic() + 3")
    assert not caught(looks_at_a_clock_or_throws_dice, "from datetime import datetime\nA = datetime.min")


def test_every_exception_that_is_named_is_still_needed() -> None:
    used = {(module.name, name) for module in modules("daily8") for _, name in module.uses()}
    assert set(NAMED) <= used
