"""Files of a readable size with honest names, docstrings, and nothing that happens behind one's back."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.reading import Breach, Module, caught, hold, under

LINES = 600
FUNCTION_LINES = 60
OURS = ("daily8", "tests", "bench", "tools")
ATTIC = re.compile(r"_?(utils?|utilities|helpers?|commons?|misc|miscellaneous|shared|stuff|toolbox)")
TOLD = ("news", "store", "net", "pipeline", "desk", "ai")
"""Floors whose public functions and classes are told of by a docstring."""


def too_long(module: Module) -> Iterator[Breach]:
    """A file has at most 600 lines, a function at most 60."""
    count = module.text.count("\n")
    if count > LINES:
        yield 1, f"{count} lines; {LINES} is the limit"
    for node in ast.walk(module.tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            long = (node.end_lineno or node.lineno) - node.lineno + 1
            if long > FUNCTION_LINES:
                yield node.lineno, f"{node.name} has {long} lines; {FUNCTION_LINES} is the limit"


def kept_in_the_attic(module: Module) -> Iterator[Breach]:
    """What has no better name than these is not understood yet."""
    for part in module.name.split("."):
        if ATTIC.fullmatch(part.removeprefix("test_")):
            yield 1, f"{part} is the name of an attic"


def happens_behind_ones_back(module: Module) -> Iterator[Breach]:
    """No signals, and no row that does more than it is told when it is saved."""
    for line, name in module.uses():
        if re.search(r"(^|\.)(signals|receiver)(\.|$)", name) or under(name, "django.dispatch", "blinker"):
            yield line, f"{name}: call it where it happens"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and inner.name in {"save", "delete", "full_clean"}:
                    yield inner.lineno, f"{node.name}.{inner.name}: a write does what it says and no more"


def _made(module: Module) -> bool:
    """Tell whether a program wrote it."""
    return ".migrations." in module.name


def says_nothing_of_itself(module: Module) -> Iterator[Breach]:
    """Every module begins by saying what it is, unless it is empty."""
    if module.tree.body and not ast.get_docstring(module.tree) and not _made(module):
        yield 1, "no docstring"


def leaves_callers_guessing(module: Module) -> Iterator[Breach]:
    """What other modules may call or hold is told of."""
    if _made(module):
        return
    for node in module.tree.body:
        if (
            isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ):
            yield node.lineno, f"{node.name} has no docstring"


def test_files_and_functions_are_short() -> None:
    hold(too_long, *OURS)


def test_what_is_too_long_is_caught() -> None:
    assert caught(too_long, "\n" * (LINES + 1))
    assert caught(too_long, "def f():\n" + "    f()\n" * FUNCTION_LINES)
    assert not caught(too_long, "def f():\n" + "    f()\n" * (FUNCTION_LINES - 1))


def test_there_is_no_attic() -> None:
    hold(kept_in_the_attic, *OURS)


@pytest.mark.parametrize(
    "name", ["daily8.utils", "daily8.news.helpers", "daily8.web.common.cards", "tests.news.test_misc"]
)
def test_an_attic_is_caught(name: str) -> None:
    assert caught(kept_in_the_attic, "", name)


def test_nothing_happens_behind_ones_back() -> None:
    hold(happens_behind_ones_back, "daily8")


@pytest.mark.parametrize(
    "text",
    [
        "from django.db.models.signals import post_save",
        "from django.dispatch import receiver",
        "from allauth.account import signals",
        "class A:\n    def save(self):\n        pass",
    ],
)
def test_what_happens_behind_ones_back_is_caught(text: str) -> None:
    assert caught(happens_behind_ones_back, text)


def test_every_module_says_what_it_is() -> None:
    hold(says_nothing_of_itself, *OURS)


def test_a_silent_module_is_caught() -> None:
    assert caught(says_nothing_of_itself, "A = 1")
    assert not caught(says_nothing_of_itself, "")


def test_what_others_call_is_told_of() -> None:
    hold(leaves_callers_guessing, *(f"daily8/{floor}" for floor in TOLD))


def test_a_silent_function_is_caught() -> None:
    assert caught(leaves_callers_guessing, "def f():\n    return 1")
    assert caught(leaves_callers_guessing, "class A:\n    b: int")
    assert not caught(leaves_callers_guessing, "def _f():\n    return 1")
