"""Read the house as a rule sees it: modules, and what each of their names stands for."""

from __future__ import annotations

import ast
import builtins
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
Breach = tuple[int, str]
"""A line, and what is wrong there."""


@dataclass(frozen=True)
class Module:
    """One file of Python."""

    name: str
    """Dotted."""
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file as it is parsed."""
        return ast.parse(self.text)

    @cached_property
    def names(self) -> dict[str, str]:
        """What an imported name stands for, dotted; imports inside functions count as well."""
        found: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name.partition(".")[0]
                    found[alias.asname or first] = alias.name if alias.asname else first
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        return found

    def imports(self) -> Iterator[tuple[int, str]]:
        """Give every imported module or name, dotted, with its line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)

    def uses(self) -> tuple[tuple[int, str], ...]:
        """Give everything that is imported, called or named from elsewhere, dotted, with its line."""
        return self._uses

    @cached_property
    def _uses(self) -> tuple[tuple[int, str], ...]:
        named = (node for node in ast.walk(self.tree) if isinstance(node, (ast.Attribute, ast.Name)))
        found = ((node.lineno, dotted) for node in named if (dotted := self.dotted(node)))
        return (*self.imports(), *found)

    def dotted(self, node: ast.AST) -> str | None:
        """Say what a name from elsewhere stands for: ``dt.now`` for ``datetime.datetime.now``."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        if node.id in self.names:
            first = self.names[node.id]
        elif hasattr(builtins, node.id) and node.id not in self._own:
            first = node.id
        else:
            return None
        return ".".join([first, *reversed(parts)])

    @cached_property
    def _own(self) -> set[str]:
        """Names that the module gives itself: they hide builtins of the same name."""
        own: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                own.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                own.add(node.id)
            elif isinstance(node, ast.arg):
                own.add(node.arg)
        return own


Rule = Callable[[Module], Iterable[Breach]]


def modules(*folders: str) -> list[Module]:
    """Read all modules under some folders of the house."""
    return [_read(path) for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


@cache
def _read(path: Path) -> Module:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    return Module(name, path.read_text(encoding="utf-8"))


def hold(rule: Rule, *folders: str) -> None:
    """Hold a rule against the house, and fail naming every place where it is broken."""
    broken = sorted(
        {f"{module.name}:{line} {what}" for module in modules(*folders) for line, what in rule(module)}
    )
    assert not broken, "\n".join([str(rule.__doc__), *broken])


def caught(rule: Rule, text: str, name: str = "daily8.news.thing") -> bool:
    """Hold a rule against a module made for the purpose."""
    return bool(list(rule(Module(name, text))))


def under(name: str, *packages: str) -> bool:
    """Tell whether a dotted name is one of some packages, or stands in one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@cache
def tracked() -> tuple[str, ...]:
    """Give the files of the project: those that git keeps, or else all but what is made."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return tuple(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())
    made = {".venv", "data", "__pycache__", "dist"}
    return tuple(
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*")
        if path.is_file() and not made.intersection(path.relative_to(ROOT).parts)
    )
