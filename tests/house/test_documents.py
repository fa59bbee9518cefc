"""What the documents say is so."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver

from daily8.ai.registry import BUILT_IN
from daily8.api.urls import api
from tests.house.reading import ROOT, Module, modules, tracked

READS = frozenset({"text", "choice", "number", "whole", "flag"})
_ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]+)`", re.MULTILINE)
_LINK = re.compile(r"\[[^\]]+\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
_MAKE = re.compile(r"`make ([a-z-]+)")


def settings_read(module: Module) -> Iterator[str]:
    """Name the environment variables that a module reads through `daily8.conf.environment`."""
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in READS
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
            and node.args[0].value.isupper()
        ):
            yield node.args[0].value


def settings_told(text: str) -> set[str]:
    """Name the environment variables that have a row of their own in a document's tables."""
    return set(_ROW.findall(text))


def broken_links(text: str, folder: Path) -> list[str]:
    """Name what a document links to and is not there."""
    return [target for target in _LINK.findall(text) if not (folder / target).exists()]


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _documents() -> list[str]:
    return [name for name in tracked() if name.endswith(".md")]


def test_every_setting_is_told_of_and_every_one_told_of_is_read() -> None:
    read = {name for module in modules("daily8/conf") for name in settings_read(module)}
    assert len(read) > 20
    assert settings_told(_text("docs/operate.md")) == read


def test_a_setting_that_is_not_told_of_is_caught() -> None:
    module = Module("daily8.conf.thing", "A = _env.flag('DAILY8_NEW')\nB = _env.text('DAILY8_OLD', 'x')")
    assert set(settings_read(module)) == {"DAILY8_NEW", "DAILY8_OLD"}
    assert settings_told("| `DAILY8_OLD` | x |\n`DAILY8_NEW` elsewhere") == {"DAILY8_OLD"}


def test_every_provider_is_told_of() -> None:
    told = _text("docs/operate.md")
    assert [name for name in BUILT_IN if f"`{name.partition('.')[2]}`" not in told] == []


def test_readme_names_the_two_commands() -> None:
    assert {"run", "test"} <= set(_MAKE.findall(_text("README.md")))


def test_ci_runs_what_a_change_must_pass() -> None:
    lines = [line.strip() for line in _text(".ci/run").splitlines()]
    assert {"make test", "make check"} <= set(lines)


def test_every_task_that_a_document_names_is_there() -> None:
    tasks = set(re.findall(r"^([a-z-]+):", _text("Makefile"), re.MULTILINE))
    named = {task for name in _documents() for task in _MAKE.findall(_text(name))}
    assert named - tasks == set()


@pytest.mark.parametrize(
    "name", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "docs/house.md"]
)
def test_what_people_look_for_is_there(name: str) -> None:
    assert len(_text(name)) > 200


def test_links_between_documents_lead_somewhere() -> None:
    broken = {
        name: found for name in _documents() if (found := broken_links(_text(name), (ROOT / name).parent))
    }
    assert broken == {}


def test_a_link_that_leads_nowhere_is_caught() -> None:
    text = "[a](README.md) [b](nowhere.md#x) [c](https://example.org/nowhere) [d](#here)"
    assert broken_links(text, ROOT) == ["nowhere.md"]


def test_every_decision_says_what_would_change_it() -> None:
    notes = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [note.name[:4] for note in notes] == [f"{number:04}" for number in range(1, len(notes) + 1)]
    parts = ("## Context", "## Decision", "## Consequences", "## What would make us reconsider")
    for note in notes:
        text = note.read_text(encoding="utf-8")
        assert [part for part in parts if part not in text] == [], note.name


def test_every_resource_of_the_interface_is_told_of() -> None:
    told = _text("docs/api.md")
    paths = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    assert [path for path in paths if f"`GET {path}" not in told] == []


def _patterns(found: list[Any], prefix: str = "") -> Iterator[str]:
    for entry in found:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns, here)
        elif isinstance(entry, URLPattern):
            yield here


def test_the_interface_stands_among_the_addresses_of_the_site() -> None:
    from daily8.conf import urls

    assert any(here.startswith("api/v1/") for here in _patterns(list(urls.urlpatterns)))


FOLDERS = ("desk", "net", "news", "pipeline", "store")


def places(text: str) -> set[str]:
    """Name the modules that a document's table of folders names, as `folder.module`."""
    found, folder = set(), ""
    section = text.partition("## Where things are")[2].partition("\n## ")[0]
    for first, named in re.findall(r"^\| (?:`(\w+)`)?[^|]*\|[^|]*\|(.*)\|$", section, re.MULTILINE):
        folder = first or folder
        found |= {f"{folder}.{name}" for name in re.findall(r"`(\w+)/?`", named)}
    return found


def tables(text: str, kind: str) -> set[str]:
    """Name the tables that a document says are of a kind."""
    row = re.search(rf"^\| {kind} \| ([^|]+) \|", text, re.MULTILINE)
    return set(row[1].split(", ")) if row else set()


def test_every_module_has_its_place_in_the_house() -> None:
    there = {
        f"{folder}.{path.stem}"
        for folder in FOLDERS
        for path in (ROOT / "daily8" / folder).iterdir()
        if not path.name.startswith("_") and path.name != "data"
    }
    assert places(_text("docs/house.md")) == there


def test_a_module_that_has_no_place_is_caught() -> None:
    text = "## Where things are\n| `news` | a | `feeds/` (`x`), `old` |\n| | b | `new` |\n## B\n| | c | `d` |"
    assert places(text) == {"news.feeds", "news.x", "news.old", "news.new"}


@pytest.mark.parametrize("kind", ["facts", "derived", "personal", "machine"])
def test_every_table_is_told_of_by_its_kind(kind: str) -> None:
    there = {
        re.sub(r"(?<=[a-z])(?=[A-Z])", "_", table.__name__).lower()
        for table in apps.get_app_config("store").get_models()
        if getattr(table, "table_kind", "") == kind
    }
    assert tables(_text("docs/house.md"), kind) - {"the queue"} == there
