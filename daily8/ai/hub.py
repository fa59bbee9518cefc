"""Bring a sentence encoder from a hub, because the operator asks for it by name.

A hub lists a model's commit at ``/api/models/NAME/revision/main`` (``sha``) and gives its files at
``/NAME/resolve/COMMIT/FILE``, as that of Hugging Face does. What came is remembered by its SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from daily8.ai.folders import DETAILS, WEIGHTS, read
from daily8.ai.models import GRAPH, MANIFEST, TOKENIZER, ModelUnusable, Progress, alone, sweep

Get = Callable[[str, int], Awaitable[bytes | None]]
"""Gets a path of the hub, at most so many bytes; ``None`` for what is not there.

:raises ModelUnusable: where there is no answer.
"""

SMALL = 64_000_000
"""Bytes of a file that is no weights; tokenizers of a hundred languages have 20 MB."""
LARGE = 2_000_000_000
"""Bytes of weights, which are held in memory while they arrive."""
WEIGHTS_IN_ORDER = ("onnx/model_quantized.onnx", f"onnx/{GRAPH}", GRAPH, WEIGHTS)
"""The first that is there is taken: 8 bits are a quarter of the size, and as good for this."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
_COMMIT = re.compile(r"[0-9a-f]{40,64}")


def is_name(name: str) -> bool:
    """Tell whether this is the name of a model on a hub: an owner and a model with a slash between them."""
    return _NAME.fullmatch(name) is not None and ".." not in name


async def install(name: str, folder: Path, get: Get, progress: Progress) -> Path:
    """Install a model of the hub below the folder of models, whole or not at all; what is whole stays.

    Safe to run twice at once: the second waits.

    :raises ModelUnusable: where it is not there, cannot be run here, or cannot be written.
    """
    if not is_name(name):
        raise ModelUnusable(f"{name[:100]} is no name of a model; it is written as owner/model.")
    place = folder / name.replace("/", "--")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder):
            if not _whole(place):
                await _build(name, place, get, progress)
    except OSError as error:
        raise ModelUnusable(
            f"{folder} cannot be written ({error.strerror or error}); make room or give the right to write."
        ) from error
    progress("Installed", 1.0)
    return place


async def _build(name: str, place: Path, get: Get, progress: Progress) -> None:
    """Fetch, look at what came, and put it in place by renaming."""
    progress("Looking", 0.0)
    commit = _commit(name, await get(f"api/models/{name}/revision/main", SMALL))
    sweep(place.name, place.parent)
    with tempfile.TemporaryDirectory(prefix=f".{place.name}-", dir=place.parent) as scratch:
        made = Path(scratch, "made")
        await _fetch(f"{name}/resolve/{commit}", made, get, progress)
        read(made)  # refuses what is not run here, before it takes the place of what is
        hashes = {str(path.relative_to(made)): _sha256(path) for path in _files(made)}
        said = {"name": name, "revision": commit, "sha256": hashes}
        (made / MANIFEST).write_text(json.dumps(said, indent=2) + "\n", "utf-8")
        if place.exists():
            place.rename(Path(scratch, "before"))
        made.rename(place)


def _commit(name: str, said: bytes | None) -> str:
    if said is None:
        raise ModelUnusable(f"The hub has no model {name}, or does not show it to everybody.")
    try:
        found = json.loads(said)["sha"]
    except (ValueError, KeyError, TypeError, RecursionError):
        found = None
    if not isinstance(found, str) or not _COMMIT.fullmatch(found):
        raise ModelUnusable("The hub answers otherwise than a hub of models does; see EMBEDDER_HUB.")
    return found


async def _fetch(base: str, made: Path, get: Get, progress: Progress) -> None:
    made.mkdir()
    for at, file in enumerate((TOKENIZER, *DETAILS)):
        progress("Fetching", 0.02 * (at + 1))
        if (body := await get(f"{base}/{file}", SMALL)) is not None:
            _write(made / file, body)
    for file in WEIGHTS_IN_ORDER:
        if (body := await get(f"{base}/{file}", LARGE)) is None:
            continue
        _write(made / (WEIGHTS if file == WEIGHTS else GRAPH), body)
        if file != WEIGHTS and (more := await get(f"{base}/{file}_data", LARGE)) is not None:
            _write(made / f"{Path(file).name}_data", more)  # the graph names it so
        return


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _files(place: Path) -> list[Path]:
    return sorted(path for path in place.rglob("*") if path.is_file() and path.name != MANIFEST)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _whole(place: Path) -> bool:
    """Tell whether exactly what was fetched is there."""
    try:
        said = json.loads((place / MANIFEST).read_bytes())["sha256"]
        return bool(said) and said == {str(path.relative_to(place)): _sha256(path) for path in _files(place)}
    except (OSError, ValueError, KeyError, TypeError):
        return False
