"""The import contracts of pyproject.toml hold, and each of them can fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.reading import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "contracts"
]
FLOORS = ("conf", "web", "api", "cli", "desk", "pipeline", "store", "net", "ai", "replay", "news")

BREACHES = {
    "The floors: arrows only go down": [
        ("news/stories.py", "import daily8.store"),
        ("store/sources.py", "import daily8.net"),
        ("net/doors.py", "import daily8.store"),
        ("replay/server.py", "import daily8.net"),
        ("pipeline/fetch.py", "import daily8.desk"),
        ("desk/asking.py", "import daily8.wiring"),
        ("web/pages.py", "def page():\n    import daily8.api"),
        ("attic.py", ""),
    ],
    "The core needs nothing: no Django, no I/O, no clock": [
        ("news/stories.py", "from django.utils import timezone"),
        ("news/stories.py", "import time"),
    ],
    "No circles between siblings, at any depth": [
        ("news/feeds/rss.py", "import daily8.news.feeds.atom"),
        ("web/views/one/deep.py", "import daily8.web.views.two.deep"),
    ],
    "Providers are named by a setting and imported by nobody": [
        ("ai/registry.py", "from daily8.ai.providers import one"),
        ("wiring.py", "import daily8.ai.providers.one"),
    ],
    "Providers do not know each other": [("ai/providers/two.py", "import daily8.ai.providers.one")],
    "Models stay at home": [
        ("web/pages.py", "from daily8.store.models import Article"),
        ("pipeline/fetch.py", "from daily8.store.models.articles import Article"),
    ],
}
"""By contract: files that break it in a small house of the same floors."""


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [command, "--no-cache", "--config", "pyproject.toml"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """A house of the same floors with next to nothing on them, under the same contracts."""
    files = {
        **{f"{floor}/__init__.py": "" for floor in FLOORS},
        "__init__.py": "",
        "__main__.py": "import daily8.cli",
        "wiring.py": "import daily8.net",
        "store/models/__init__.py": "",
        "store/models/articles.py": "Article = 1",
        "store/articles.py": "from daily8.store.models.articles import Article",
        "ai/providers/__init__.py": "",
        "ai/providers/one.py": "",
        "news/feeds/__init__.py": "",
        "news/feeds/atom.py": "import daily8.news.feeds.rss",
        "news/feeds/rss.py": "",
        "web/views/__init__.py": "",
        "web/views/one/__init__.py": "",
        "web/views/one/deep.py": "",
        "web/views/two/__init__.py": "",
        "web/views/two/deep.py": "import daily8.web.views.one.deep",
    }
    for name, text in files.items():
        _write(tmp_path / "daily8" / name, text)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_the_house_keeps_its_contracts() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout[done.stdout.find("---") :]


def test_every_contract_is_tried_against_a_breach() -> None:
    assert set(BREACHES) == {contract["name"] for contract in CONTRACTS}


def test_a_small_house_without_a_breach_keeps_them(small_house: Path) -> None:
    done = _lint(small_house)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("contract", "file", "text"),
    [(contract, file, text) for contract, found in BREACHES.items() for file, text in found],
)
def test_a_breach_is_caught(small_house: Path, contract: str, file: str, text: str) -> None:
    _write(small_house / "daily8" / file, text)
    done = _lint(small_house)
    assert done.returncode == 1, done.stdout
    assert f"{contract} BROKEN" in " ".join(done.stdout.split())
