"""Read the folder of a sentence encoder as sentence-transformers lays it out.

Beside the graph (``model.onnx``, ``onnx/model.onnx``, or ``model.safetensors`` of a BERT-like encoder) stand
``tokenizer.json``, ``config.json`` and, where it has them, ``modules.json``, ``1_Pooling/config.json``,
``sentence_bert_config.json`` and ``config_sentence_transformers.json``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from daily8.ai.models import GRAPH, TOKENIZER, ModelUnusable

Pooling = Literal["mean", "cls", "max", "lasttoken"]
"""What becomes of the vectors of a text's tokens."""

GRAPHS = (GRAPH, f"onnx/{GRAPH}")
WEIGHTS = "model.safetensors"
POOLING = "1_Pooling/config.json"
DETAILS = (
    "config.json",
    "modules.json",
    POOLING,
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
)
"""What tells how texts are read."""
TOKENS = 512
"""Of a text, where nothing says how many."""
TOKENS_MOST = 8192
_JSON_LIMIT = 1 << 20
_KNOWN_MODULES = frozenset({"Transformer", "Pooling", "Normalize"})


@dataclass(frozen=True, slots=True)
class SentenceFolder:
    """A sentence encoder on this machine, and how it wants its texts."""

    folder: Path
    graph: Path | None
    """ONNX; ``None`` where one is to be drawn from the weights."""
    pooling: Pooling
    tokens: int
    lower: bool
    prefixes: Mapping[str, str]
    """What stands before a text, by its purpose."""
    digest: str
    """Of all that makes the vectors, but for the prefixes: SHA-256, 12 hex digits."""


def locate(name: str, folder: Path) -> Path:
    """Give the folder that a setting names: a path, or the name of a model in the folder of models.

    :raises ModelUnusable: where nothing is set, or no such folder is there.
    """
    if not name:
        raise ModelUnusable("No folder of a model is set; set EMBEDDER_FOLDER.")
    own = folder / name.replace("/", "--")
    for place in (own, Path(name).expanduser()):
        if place.is_dir():
            return place
    brings = (
        f"run `daily8 models install {name}`, or " if name.count("/") == 1 and name[0] not in "./~" else ""
    )
    raise ModelUnusable(f"There is no folder of a model at {name}; {brings}set EMBEDDER_FOLDER to another.")


def read(folder: Path) -> SentenceFolder:
    """Read what a folder holds; its weights are hashed, which takes a second for each GB or two.

    :raises ModelUnusable: where something is missing, damaged, or of a kind that is not run here.
    """
    if not (folder / TOKENIZER).is_file():
        raise ModelUnusable(
            f"{folder} has no {TOKENIZER}; export the model with its fast tokenizer, or take another."
        )
    graph = next((folder / name for name in GRAPHS if (folder / name).is_file()), None)
    if graph is None and not (folder / WEIGHTS).is_file():
        raise ModelUnusable(f"{folder} has neither {GRAPH} nor {WEIGHTS}; take a model that has one of them.")
    config, modules, pooling, sentences, prompts = (_json(folder / name) for name in DETAILS)
    _known(folder, modules)
    lengths = (
        _number(sentences, "max_seq_length"),
        # RoBERTa counts its places from two on.
        (_number(config, "max_position_embeddings") or 0) - 2 * (_padded(config)) or None,
    )
    given = [length for length in lengths if length and length > 2]
    return SentenceFolder(
        folder,
        graph,
        _pooling(folder, pooling),
        min([*given, TOKENS_MOST]) if given else TOKENS,
        _of(sentences, "do_lower_case") is True,
        _prefixes(prompts),
        _digest([graph] if graph else [folder / WEIGHTS], folder),
    )


def _json(path: Path) -> Any:
    """Read a small JSON file; ``None`` where there is none."""
    try:
        with path.open("rb") as file:
            return json.loads(file.read(_JSON_LIMIT))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise ModelUnusable(f"{path} cannot be read; fetch the model again.") from error


def _of(values: Any, key: str) -> Any:
    return values.get(key) if isinstance(values, dict) else None


def _number(values: Any, key: str) -> int | None:
    found = _of(values, key)
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None


def _padded(config: Any) -> bool:
    return str(_of(config, "model_type")).removeprefix("xlm-") in {"roberta", "mpnet", "camembert"}


def _known(folder: Path, modules: Any) -> None:
    for module in modules if isinstance(modules, list) else ():
        kind = str(_of(module, "type")).rpartition(".")[2]
        if kind not in _KNOWN_MODULES:
            raise ModelUnusable(
                f"The model in {folder} has a further layer ({kind[:40]}), not run here; use another."
            )


def _pooling(folder: Path, said: Any) -> Pooling:
    if said is None:
        return "mean"
    set_ = (
        [key.removeprefix("pooling_mode_") for key, value in said.items() if value is True]
        if isinstance(said, dict)
        else []
    )
    names = {"mean_tokens": "mean", "cls_token": "cls", "max_tokens": "max"}
    modes = [names.get(mode, mode) for mode in set_ if mode != "include_prompt"]
    for mode in get_args(Pooling):
        if modes == [mode]:
            found: Pooling = mode
            return found
    raise ModelUnusable(
        f"{folder / POOLING} asks for a pooling that is not done here; take a model with mean or cls."
    )


def _prefixes(said: Any) -> dict[str, str]:
    prompts = _of(said, "prompts")
    found = {purpose: _of(prompts, purpose) for purpose in ("query", "passage")}
    found["passage"] = found["passage"] or _of(prompts, "document")
    return {purpose: text for purpose, text in found.items() if isinstance(text, str)}


def _digest(weights: list[Path], folder: Path) -> str:
    """Hash the weights, their external data (it bears their name and more), and what tells how to read."""
    files = [path for one in weights for path in sorted(one.parent.glob(f"{one.name}*"))]
    whole = hashlib.sha256()
    try:
        for path in (*files, folder / TOKENIZER, *(folder / name for name in DETAILS[:4])):
            if path.is_file():
                with path.open("rb") as file:
                    whole.update(hashlib.file_digest(file, "sha256").digest())
    except OSError as error:
        raise ModelUnusable(f"{folder} cannot be read; see to its rights.") from error
    return whole.hexdigest()[:12]
