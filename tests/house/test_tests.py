"""Tests stand on real parts: what is ours is never replaced."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.house.reading import Breach, Module, caught, hold, under

NAMED = {
    (
        "tests.net.test_ssrf",
        "daily8.net.egress.is_public",
    ): "a first guard is fooled: the last must hold alone",
}
"""Where a part of ours is broken on purpose, to see that another holds, and why."""
_PATCHES = ("patch", "object", "setattr", "setitem", "multiple", "create_autospec")


def replaces_our_own(module: Module) -> Iterator[Breach]:
    """No test puts something else in the place of our code. A constant (upper case) is a setting."""
    for node in ast.walk(module.tree):
        if not (
            isinstance(node, ast.Call) and isinstance(node.func, (ast.Attribute, ast.Name)) and node.args
        ):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        if called not in _PATCHES:
            continue
        first, *more = node.args
        target = first.value if isinstance(first, ast.Constant) else module.dotted(first)
        if not isinstance(target, str) or not under(target, "daily8") or (module.name, target) in NAMED:
            continue
        named = more[0].value if more and isinstance(more[0], ast.Constant) else target.rpartition(".")[2]
        if not str(named).lstrip("_").isupper():
            yield node.lineno, f"{target}: give a true part, or a true fake of a port, as an argument"


def test_no_test_replaces_our_own_code() -> None:
    hold(replaces_our_own, "tests")


@pytest.mark.parametrize(
    "text",
    [
        "from unittest import mock\nmock.patch('daily8.net.egress.Door')",
        "from unittest.mock import patch\n@patch('daily8.store.articles.page')\ndef test_a():\n    pass",
        "from unittest.mock import patch\nfrom daily8.store import articles\npatch.object(articles, 'page')",
        "from daily8.store import articles\ndef test(m):\n    m.setattr(articles, 'page', 1)",
        "def test_a(monkeypatch):\n    monkeypatch.setattr('daily8.wiring.now', None)",
    ],
)
def test_a_replacement_is_caught(text: str) -> None:
    assert caught(replaces_our_own, text, "tests.thing.test_it")


@pytest.mark.parametrize(
    "text",
    [
        "import socket\ndef test_a(monkeypatch):\n    monkeypatch.setattr(socket.socket, 'connect', None)",
        "from daily8.net import cage\ndef test_a(monkeypatch):\n    monkeypatch.setattr(cage, '_AHEAD', 1)",
    ],
)
def test_what_is_not_ours_and_settings_are_not(text: str) -> None:
    assert not caught(replaces_our_own, text, "tests.thing.test_it")
