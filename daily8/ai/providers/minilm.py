"""Embed English texts on this machine's processor with all-MiniLM-L6-v2 in 8 bits."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from daily8.ai.models import GRAPH, TOKENIZER, Installed, ModelNotInstalled, installed
from daily8.ai.ports import Purpose, Recipe, Setup, Vectors

NAME = "minilm"
CHARACTERS = 64  # read for each token that fits: more than any prose has, and an end to endless input


class MiniLM:
    """Runs one text at a time, unpadded.

    With 8-bit activations a batch moves each vector a little (cosine to the same text alone: .9994) and is
    no faster on a processor. Alone, a text has one vector, whatever stands beside it, however many threads.
    """

    languages: frozenset[str] | None = frozenset({"en"})

    def __init__(
        self, found: Installed, session: onnxruntime.InferenceSession, tokenizer: Tokenizer, threads: int
    ) -> None:
        self.recipe: Recipe = found.recipe
        self._session, self._tokenizer, self._threads = session, tokenizer, threads
        self._characters = CHARACTERS * found.tokens

    def embed(self, texts: Sequence[str], purpose: Purpose = "passage") -> Vectors:
        vectors = np.empty((len(texts), self.recipe.dimensions), np.float32)
        if self._threads == 1 or len(texts) < 2:
            for row, text in enumerate(texts):
                vectors[row] = self._embed(text)
            return vectors
        order = sorted(
            range(len(texts)), key=lambda row: -len(texts[row])
        )  # the longest first: threads end together
        with ThreadPoolExecutor(self._threads) as pool:
            for row, vector in zip(order, pool.map(lambda row: self._embed(texts[row]), order), strict=True):
                vectors[row] = vector
        return vectors

    def _embed(self, text: str) -> Vectors:
        # A lone surrogate is a valid str but no UTF-8, which the tokenizer needs.
        clean = text[: self._characters].encode("utf-8", "replace").decode("utf-8")
        tokens = np.array([self._tokenizer.encode(clean).ids], np.int64)
        inputs = {"input_ids": tokens, "attention_mask": np.ones_like(tokens)}
        vector: Vectors = self._session.run(["embedding"], inputs)[0][0]
        return vector


def open(setup: Setup) -> MiniLM:  # noqa: A001 - the name that every provider bears
    """Open the model in the folder of models; as many texts are computed at a time as there are threads.

    :raises ModelNotInstalled: where it is not installed, or its files are damaged.
    """
    found = installed(NAME, setup.folder)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        tokenizer = Tokenizer.from_file(str(found.folder / TOKENIZER))
        session = onnxruntime.InferenceSession(
            found.folder / GRAPH, options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # both libraries raise bare ones of their own
        raise ModelNotInstalled(
            NAME, f"the files in {found.folder} are damaged; delete that folder"
        ) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(found.tokens)
    return MiniLM(found, session, tokenizer, setup.threads)
