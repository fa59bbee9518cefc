"""Models that come from a hub, whole or not at all."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from daily8.ai import hub
from daily8.ai.models import ModelUnusable
from daily8.ai.ports import Setup
from daily8.ai.registry import open_embedder
from tests.ai.folder import HIDDEN, lay_out

COMMIT = "0123456789abcdef0123456789abcdef01234567"
NAME = "harbour/words"


class Hub:
    """A hub of one model, that counts."""

    def __init__(self, folder: Path, **said: Any) -> None:
        self.folder, self.asked = folder, list[str]()
        self.sha: Any = COMMIT

    async def get(self, path: str, limit: int) -> bytes | None:
        self.asked.append(path)
        if path == f"api/models/{NAME}/revision/main":
            return json.dumps({"sha": self.sha}).encode()
        start = f"{NAME}/resolve/{COMMIT}/"
        file = self.folder / path.removeprefix(start)
        return file.read_bytes() if path.startswith(start) and file.is_file() else None


def install(there: Hub, folder: Path, name: str = NAME) -> Path:
    return asyncio.run(hub.install(name, folder, there.get, lambda _, __: None))


def listing(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def there(tmp_path: Path) -> Hub:
    return Hub(lay_out(tmp_path / "hub"))


def test_a_model_comes_with_its_commit_and_hashes_and_can_be_opened(there: Hub, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    place = install(there, folder)
    assert place == folder / "harbour--words"
    manifest = json.loads((place / "manifest.json").read_text())
    assert (manifest["name"], manifest["revision"]) == (NAME, COMMIT)
    assert set(manifest["sha256"]) == {*listing(place)} - {"manifest.json"}
    embedder = open_embedder("onnx", folder, setup=Setup(folder, options={"folder": NAME}))
    assert embedder.embed(["the court"]).shape == (1, HIDDEN)


def test_the_second_time_nothing_is_asked_and_damage_is_mended(there: Hub, tmp_path: Path) -> None:
    place = install(there, tmp_path / "models")
    asked = len(there.asked)
    install(there, tmp_path / "models")
    assert len(there.asked) == asked
    (place / "model.onnx").write_bytes(b"damaged")
    install(there, tmp_path / "models")
    assert len(there.asked) == 2 * asked
    assert (place / "model.onnx").read_bytes() == (there.folder / "onnx/model.onnx").read_bytes()


def test_two_who_install_at_once_fetch_once(there: Hub, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    with ThreadPoolExecutor(2) as pool:
        places = list(pool.map(lambda _: install(there, folder), range(2)))
    assert places == [folder / "harbour--words"] * 2
    assert there.asked.count(f"api/models/{NAME}/revision/main") == 1


def test_what_a_killed_installation_left_is_swept(there: Hub, tmp_path: Path) -> None:
    left, other = tmp_path / "models/.harbour--words-abc/made", tmp_path / "models/.harbour--birds-abc"
    left.mkdir(parents=True)
    other.mkdir()
    (left / "model.onnx").write_bytes(b"half")
    install(there, tmp_path / "models")
    assert (left.parent.exists(), other.exists()) == (False, True)


def test_the_graph_in_8_bits_goes_before_the_whole_one(there: Hub, tmp_path: Path) -> None:
    (there.folder / "onnx/model_quantized.onnx").write_bytes(b"small")
    place = install(there, tmp_path / "models")
    assert (place / "model.onnx").read_bytes() == b"small"


@pytest.mark.parametrize("missing", ["tokenizer.json", "onnx/model.onnx"])
def test_a_model_that_cannot_be_run_is_not_installed(there: Hub, tmp_path: Path, missing: str) -> None:
    (there.folder / missing).unlink()
    with pytest.raises(ModelUnusable, match="has n"):
        install(there, tmp_path / "models")
    assert listing(tmp_path / "models") == []


@pytest.mark.parametrize("sha", ["../../etc", None, 7, "main"])
def test_a_hub_that_answers_otherwise_is_refused(there: Hub, tmp_path: Path, sha: Any) -> None:
    there.sha = sha
    with pytest.raises(ModelUnusable, match="EMBEDDER_HUB"):
        install(there, tmp_path / "models")


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/..", "a/b/c", "a/b?x", "/b", "a/b..c"])
def test_only_names_are_asked_for(there: Hub, tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelUnusable, match="no name of a model"):
        install(there, tmp_path / "models", name)
    assert there.asked == []


def test_a_name_that_the_hub_does_not_have_is_said(there: Hub, tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match="no model harbour/other"):
        install(there, tmp_path / "models", "harbour/other")
