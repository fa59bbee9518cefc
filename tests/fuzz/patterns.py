"""Every regular expression of ours on texts made to be its worst: ``python -m tests.fuzz.patterns``.

Writes a line of JSON for each that takes too long. It is bounded in seconds of CPU that are many times what a
linear pattern needs, and a small part of what a square one does.
"""

from __future__ import annotations

import ast
import importlib
import json
import re
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from re import _parser as parser  # type: ignore[attr-defined]
from types import FrameType, ModuleType
from typing import Any

from tests.house.reading import Module, modules

LENGTH = 20_000
"""Characters of each text."""
SECONDS = 0.3
"""Of CPU, for one text."""
_SEARCHES = frozenset({"search", "sub", "subn", "findall", "finditer", "split"})
_CALLS = _SEARCHES | {"compile", "match", "fullmatch"}
_END = "\0"


@dataclass(frozen=True)
class Site:
    """A place where a pattern is written."""

    module: str
    line: int
    name: str
    """What it is called there; empty for one that is used at once."""
    pattern: re.Pattern[Any]
    searched: bool
    """Whether it is looked for anywhere in a text, not at its start alone."""


class TooLong(Exception):
    """A pattern that takes far longer over a text than its length allows."""


def sites() -> Iterator[Site | tuple[str, int]]:
    """Give every pattern of the house; (module, line) for one that is only known when it is used."""
    for module in modules("daily8"):
        if "re" not in module.names:
            continue
        loaded = importlib.import_module(module.name)
        yield from _kept(module, loaded)
        parents = {child: node for node in ast.walk(module.tree) for child in ast.iter_child_nodes(node)}
        for node in ast.walk(module.tree):
            called = module.dotted(node.func) if isinstance(node, ast.Call) else None
            if called and called.removeprefix("re.") in _CALLS and called.startswith("re."):
                assert isinstance(node, ast.Call)
                yield _site(module, loaded, node, called.removeprefix("re."), parents.get(node))


def _kept(module: Module, loaded: ModuleType) -> Iterator[Site]:
    """Give the patterns that a module keeps in tables."""
    for name, table in vars(loaded).items():
        rows = (
            table.values() if isinstance(table, dict) else table if isinstance(table, (tuple, list)) else ()
        )
        for row in rows:
            for one in row if isinstance(row, tuple) else (row,):
                if isinstance(one, re.Pattern):
                    yield Site(
                        module.name, 0, name, one, f"{name}:" in module.text and ".search(" in module.text
                    )


def _site(
    module: Module, loaded: ModuleType, node: ast.Call, called: str, parent: ast.AST | None
) -> Site | tuple[str, int]:
    flags = next((k.value for k in node.keywords if k.arg == "flags"), None)
    if called == "compile" and len(node.args) > 1:
        flags = node.args[1]
    try:
        pattern = _value(node.args[0], loaded)
        made = re.compile(pattern, _value(flags, loaded) if flags else 0)
    except (NameError, TypeError, AttributeError, KeyError):
        return module.name, node.lineno
    target = parent.targets[0] if isinstance(parent, ast.Assign) else None
    name = target.id if isinstance(target, ast.Name) and called == "compile" else ""
    if called != "compile":
        return Site(module.name, node.lineno, name, made, called in _SEARCHES)
    if not name:  # it stands in a table, of which `_kept` knows
        return Site(module.name, node.lineno, name, made, False)
    uses = {
        use.attr
        for use in ast.walk(module.tree)
        if isinstance(use, ast.Attribute) and isinstance(use.value, ast.Name) and use.value.id == name
    }
    return Site(module.name, node.lineno, name, made, not uses or bool(uses & _SEARCHES))


def _value(node: ast.AST, loaded: ModuleType) -> Any:
    """Give what an expression stands for where it is written."""
    return eval(compile(ast.Expression(node), "pattern", "eval"), dict(vars(loaded)))  # type: ignore[arg-type]


def worst(pattern: re.Pattern[Any]) -> list[str]:
    """Make texts that a pattern may find hard: what it repeats, very often, then something that ends it."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    bodies: dict[tuple[str, str], None] = {}
    whole = _walk(tree, "", bodies)
    texts: dict[str, None] = {}
    for before, body in bodies:
        unit = body or "a"
        for text in (before + _often(unit), _often(unit), _often(before + unit), before + _often(unit + " ")):
            texts[text + _END] = None
    for text in (_often(whole), _often(whole[:-1]), _often(whole[: len(whole) // 2])):
        texts[text + _END] = None
    return list(texts)


def _often(unit: str) -> str:
    return (unit * (LENGTH // max(len(unit), 1)))[:LENGTH] if unit else ""


def _walk(tree: Any, before: str, bodies: dict[tuple[str, str], None]) -> str:
    """Write the shortest text that a tree matches, noting every repeated part with what stands before it."""
    out = ""
    for op, given in tree:
        name = str(op)
        if name == "LITERAL":
            out += chr(given)
        elif name == "NOT_LITERAL":
            out += "a" if given != ord("a") else "b"
        elif name == "ANY":
            out += "a"
        elif name == "IN":
            out += _member(given)
        elif name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            least, most, inner = given
            body = _walk(inner, before + out, bodies)
            if most > 20:
                bodies[before + out, body] = None
            out += body * max(least, 1)
        elif name == "SUBPATTERN":
            out += _walk(given[3], before + out, bodies)
        elif name == "ATOMIC_GROUP":
            out += _walk(given, before + out, bodies)
        elif name == "BRANCH":
            branches = [_walk(branch, before + out, bodies) for branch in given[1]]
            out += next(filter(None, branches), "")
        elif name in {"ASSERT", "ASSERT_NOT"}:
            _walk(given[1], before + out, bodies)
    return out


def _member(given: Any) -> str:
    """Give a character of a class."""
    if str(given[0][0]) == "NEGATE":
        shut = {chr(value) for op, value in given if str(op) == "LITERAL"}
        spaces = any("SPACE" in str(value) for op, value in given if str(op) == "CATEGORY")
        return next(c for c in ("a1-" if spaces else " a<1-") if c not in shut)
    for op, value in given:
        if str(op) == "LITERAL":
            return chr(value)
        if str(op) == "RANGE":
            return chr(value[0])
        if str(op) == "CATEGORY":
            return {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a"}.get(str(value), "-")
    return "a"


def _over(signum: int, frame: FrameType | None) -> None:
    raise TooLong


def is_slow(pattern: re.Pattern[Any], *, searched: bool) -> str | None:
    """Give the text over which a pattern takes too long, if there is one."""
    before = signal.signal(signal.SIGVTALRM, _over)
    try:
        for text in worst(pattern):
            given: Any = text if isinstance(pattern.pattern, str) else text.encode("utf-8", "replace")
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
            try:
                for _ in (
                    pattern.finditer(given) if searched else (pattern.match(given), pattern.fullmatch(given))
                ):
                    pass
            except TooLong:
                return text
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    finally:
        signal.signal(signal.SIGVTALRM, before)
    return None


def try_all() -> Iterator[dict[str, Any]]:
    """Try every pattern; give those that take too long, and those that cannot be tried."""
    for site in sites():
        if not isinstance(site, Site):
            yield {"module": site[0], "line": site[1], "unknown": True}
        elif text := is_slow(site.pattern, searched=site.searched):
            yield {"module": site.module, "line": site.line, "name": site.name, "text": text[:60]}


def main() -> int:
    """Write down what takes too long."""
    import django

    django.setup()
    for found in try_all():
        print(json.dumps(found, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
