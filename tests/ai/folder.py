"""Folders of tiny sentence encoders, as sentence-transformers lays them out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.ai import tiny

HIDDEN = 24


def table() -> np.ndarray[Any, np.dtype[np.float32]]:
    """Give the vectors of the tiny tokens."""
    return np.random.default_rng(3).standard_normal((tiny.SHAPE.words, HIDDEN)).astype(np.float32)


def graph(*extra: str, scale: float = 1.0) -> onnx.ModelProto:
    """Draw a graph that looks tokens up: (texts, tokens, hidden)."""
    names = ["input_ids", "attention_mask", *extra]
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])]
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["texts", "tokens"]) for n in names]
    output = helper.make_tensor_value_info(
        "last_hidden_state", TensorProto.FLOAT, ["texts", "tokens", HIDDEN]
    )
    weights = numpy_helper.from_array(table() * np.float32(scale), "table")
    made = helper.make_graph(nodes, "words", inputs, [output], [weights])
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)


def lay_out(
    folder: Path,
    *,
    model: onnx.ModelProto | None = None,
    place: str = "onnx/model.onnx",
    pooling: str | None = "mean_tokens",
    tokens: int | None = 8,
    **files: Any,
) -> Path:
    """Write a folder; further files are given by their names without ``.json``."""
    folder.mkdir(parents=True)
    if place:
        (folder / place).parent.mkdir(exist_ok=True)
        (folder / place).write_bytes((model or graph()).SerializeToString())
    (folder / "tokenizer.json").write_text(tiny.tokenizer())
    (folder / "config.json").write_text(json.dumps(tiny.CONFIG))
    if pooling:
        (folder / "1_Pooling").mkdir()
        modes = {
            f"pooling_mode_{name}": name == pooling for name in ("mean_tokens", "cls_token", "max_tokens")
        }
        modes[f"pooling_mode_{pooling}"] = True
        (folder / "1_Pooling/config.json").write_text(json.dumps(modes))
    if tokens:
        (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": tokens}))
    for name, said in files.items():
        (folder / f"{name}.json").write_text(said if isinstance(said, str) else json.dumps(said))
    return folder
