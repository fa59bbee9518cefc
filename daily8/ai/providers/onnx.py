"""Embed texts on this machine's processor with any sentence encoder that lies in a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from daily8.ai.folders import WEIGHTS, SentenceFolder, locate, read
from daily8.ai.models import TOKENIZER, ModelUnusable
from daily8.ai.ports import ProviderFailed, Purpose, Recipe, Setup, Vectors
from daily8.ai.unit import unit

CHARACTERS = 64
"""Read for each token that fits: an end to endless input."""
_POOLED = "sentence_embedding"
_GIVEN = frozenset({"input_ids", "attention_mask", "token_type_ids", "position_ids"})


class Onnx:
    """Runs one text at a time, unpadded, so that a text has one vector, whatever stands beside it."""

    def __init__(
        self, found: SentenceFolder, session: onnxruntime.InferenceSession, tokenizer: Tokenizer, setup: Setup
    ) -> None:
        self._found, self._session, self._tokenizer = found, session, tokenizer
        self._threads = setup.threads
        self._prefixes = {
            purpose: setup.options.get(f"{purpose}_prefix") or found.prefixes.get(purpose, "")
            for purpose in ("query", "passage")
        }
        self._inputs = [value.name for value in session.get_inputs()]
        outputs = [value.name for value in session.get_outputs()]
        self._output = _POOLED if _POOLED in outputs else outputs[0]
        self.languages = setup.languages
        dimensions = unit(self._embed("", "passage")[None], "The model").shape[1]
        mark = hashlib.sha256(self._prefixes["passage"].encode()).hexdigest()[:6]
        prefixed = f" p{mark}" if self._prefixes["passage"] else ""
        drawn = "" if found.graph else " q8.128 g1"
        version = f"{found.folder.name} {found.digest}{drawn} {found.pooling} t{found.tokens}{prefixed}"
        self.recipe = Recipe("onnx", version, dimensions)

    def embed(self, texts: Sequence[str], purpose: Purpose = "passage") -> Vectors:
        if not texts:
            return np.empty((0, self.recipe.dimensions), np.float32)
        if self._threads == 1 or len(texts) < 2:
            return unit(np.stack([self._embed(text, purpose) for text in texts]), "The model")
        with ThreadPoolExecutor(self._threads) as pool:
            return unit(np.stack(list(pool.map(lambda text: self._embed(text, purpose), texts))), "The model")

    def _embed(self, text: str, purpose: Purpose) -> npt.NDArray[Any]:
        cut = f"{self._prefixes[purpose]}{text[: CHARACTERS * self._found.tokens]}"
        # A lone surrogate is a valid str but no UTF-8, which the tokenizer needs.
        clean = (cut.lower() if self._found.lower else cut).encode("utf-8", "replace").decode("utf-8")
        ids = self._tokenizer.encode(clean).ids or [0]  # some add nothing around an empty text
        tokens = np.array([ids], np.int64)
        given = {"input_ids": tokens, "attention_mask": np.ones_like(tokens)}
        given |= {"token_type_ids": np.zeros_like(tokens), "position_ids": np.arange(len(ids))[None]}
        try:
            found = self._session.run([self._output], {name: given[name] for name in self._inputs})[0]
        except Exception as error:  # it raises bare ones of its own
            raise ProviderFailed(
                f"The model in {self._found.folder} cannot be run; use another model.", passing=False
            ) from error
        return self._pool(np.asarray(found))

    def _pool(self, found: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Make one vector of what the graph gave for one text: a vector already, or one for each token."""
        if found.ndim == 2 and len(found) == 1:
            return np.asarray(found[0])
        if found.ndim != 3 or len(found) != 1 or not found.shape[1]:
            raise ProviderFailed(
                f"The model in {self._found.folder} gives no vectors of texts; use another model.",
                passing=False,
            )
        tokens = found[0].astype(np.float32)
        match self._found.pooling:
            case "cls":
                return np.asarray(tokens[0])
            case "lasttoken":
                return np.asarray(tokens[-1])
            case "max":
                return np.asarray(tokens.max(axis=0))
        return np.asarray(tokens.mean(axis=0))


def open(setup: Setup) -> Onnx:  # noqa: A001 - the name that every provider bears
    """Open the model in the folder that the option ``folder`` names, by path or by its name.

    :raises daily8.ai.models.ModelUnusable: where it is not there, damaged, or of a kind that is not run here.
    """
    found = read(locate(setup.options.get("folder", ""), setup.folder))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        tokenizer = Tokenizer.from_file(str(found.folder / TOKENIZER))
        session = onnxruntime.InferenceSession(
            found.graph or _drawn(found), options, providers=["CPUExecutionProvider"]
        )
    except ModelUnusable:
        raise
    except Exception as error:  # both libraries raise bare ones of their own
        raise ModelUnusable(f"The model in {found.folder} is damaged; fetch it again.") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(found.tokens)
    more = ", ".join(sorted({value.name for value in session.get_inputs()} - _GIVEN))
    if more:
        raise ModelUnusable(f"The model in {found.folder} wants more than a text ({more[:80]}); use another.")
    try:
        return Onnx(found, session, tokenizer, setup)
    except ProviderFailed as error:
        raise ModelUnusable(str(error)) from error


def _drawn(found: SentenceFolder) -> bytes:
    """Draw the graph of weights that bear none.

    :raises ModelUnusable: for an encoder that is not drawn here.
    """
    from daily8.ai import bert  # here, since onnx takes half a second that others need not wait

    if found.pooling not in ("mean", "cls"):
        raise ModelUnusable(
            f"The model in {found.folder} is pooled otherwise than by mean or cls; use another."
        )
    try:
        shape = bert.Shape.read(Path(found.folder, "config.json").read_bytes())
        weights = bert.read_safetensors(Path(found.folder, WEIGHTS).read_bytes())
        plain = {name.removeprefix("bert."): tensor for name, tensor in weights.items()}
        graph = bert.draw(shape, plain, pooling="cls" if found.pooling == "cls" else "mean")
        return bytes(graph.SerializeToString())
    except (OSError, ValueError) as error:
        raise ModelUnusable(
            f"The weights in {found.folder} cannot be turned into a graph ({str(error).strip('.')}); "
            "use a model that comes as ONNX."
        ) from error
