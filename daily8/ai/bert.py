"""Turn the weights of a BERT-style sentence encoder into an ONNX graph, with NumPy and `onnx.helper` alone.

The graph takes ``input_ids`` and ``attention_mask`` (int64, texts by tokens) and gives ``embedding``
(float32, texts by dimensions): the mean of the last layer over the tokens that the mask keeps, or its first
token's, divided by its length.
"""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Floats = npt.NDArray[np.float32]
Weights = dict[str, Floats]
Pooling = Literal["mean", "cls"]

OPSET = 20  # the first with Gelu; LayerNormalization came with 17
BLOCK = 128  # weights that share one scale
MICROSOFT = "com.microsoft"
INT8 = 4  # accuracy_level of MatMulNBits: activations become int8 by row and block, sums are int32
HEADER_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Shape:
    """The measures of an encoder."""

    hidden: int
    layers: int
    heads: int
    inner: int
    """Width of the feed-forward layer."""
    words: int
    positions: int
    epsilon: float

    @classmethod
    def read(cls, config: bytes) -> Shape:
        """Read ``config.json``.

        :raises ValueError: for an encoder that this graph does not draw.
        """
        try:
            values = json.loads(config)
            kind = (
                values["model_type"],
                values["hidden_act"],
                values.get("position_embedding_type", "absolute"),
            )
            shape = cls(
                hidden=int(values["hidden_size"]),
                layers=int(values["num_hidden_layers"]),
                heads=int(values["num_attention_heads"]),
                inner=int(values["intermediate_size"]),
                words=int(values["vocab_size"]),
                positions=int(values["max_position_embeddings"]),
                epsilon=float(values["layer_norm_eps"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"config.json lacks what an encoder needs: {error}") from error
        if kind != ("bert", "gelu", "absolute") or shape.hidden % shape.heads:
            raise ValueError(f"config.json describes another kind of encoder: {', '.join(map(str, kind))}")
        return shape


def read_safetensors(data: bytes) -> Weights:
    """Read the float32 tensors of a safetensors file (8 bytes length, JSON header, raw little-endian data).

    The arrays are read-only views of `data`. Tensors of other types are left out.

    :raises ValueError: for a file that breaks the format (length of header, offsets, size not of the shape).
    """
    if len(data) < 8:
        raise ValueError("the weights file is empty")
    length: int = struct.unpack_from("<Q", data)[0]
    if length > min(HEADER_LIMIT, len(data) - 8):
        raise ValueError("the weights file has a header longer than itself")
    start = 8 + length
    weights = {}
    try:
        for name, tensor in json.loads(data[8:start]).items():
            if name == "__metadata__" or tensor["dtype"] != "F32":
                continue
            low, high = tensor["data_offsets"]
            count = math.prod(tensor["shape"])
            if not 0 <= low <= high <= len(data) - start or high - low != 4 * count:
                raise ValueError(f"the weights file places {name} outside itself")
            weights[name] = np.frombuffer(data, "<f4", count, start + low).reshape(tensor["shape"])
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"the weights file has a header that is none: {error}") from error
    return weights


def quantise(matrix: Floats, block: int = BLOCK) -> tuple[npt.NDArray[np.uint8], Floats]:
    """Quantise a matrix (N outputs, K inputs) to 8 bits with one scale for each `block` weights along K.

    Gives codes (N, blocks, block) and scales (N, blocks): weight = (code - 128) * scale, as MatMulNBits reads
    them without zero points. K is filled up to whole blocks with code 128, which is zero.
    """
    rows, columns = matrix.shape
    blocks = -(-columns // block)
    filled = np.zeros((rows, blocks * block), np.float32)
    filled[:, :columns] = matrix
    filled = filled.reshape(rows, blocks, block)
    scales = np.abs(filled).max(axis=2) / np.float32(127)
    steps = filled / np.where(scales == 0, np.float32(1), scales)[:, :, None]
    return (np.rint(steps) + 128).astype(np.uint8), scales


class _Graph:
    """Nodes and constants, in the order in which they are drawn."""

    def __init__(self, shape: Shape, weights: Weights, bits: int, accuracy: int) -> None:
        self.shape, self.weights, self.bits, self.accuracy = shape, weights, bits, accuracy
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[TensorProto] = []

    def node(self, operator: str, *inputs: str, outputs: int = 1, **attributes: Any) -> Any:
        """Add a node; gives the name of its output, or a list of names."""
        stem = f"{operator}_{len(self.nodes)}"
        names = [f"{stem}.{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(operator, list(inputs), names, name=stem, **attributes))
        return names[0] if outputs == 1 else names

    def constant(self, value: npt.NDArray[Any] | list[int]) -> str:
        """Add a constant; a list is one of int64."""
        name = f"constant_{len(self.constants)}"
        array = np.asarray(value, np.int64) if isinstance(value, list) else np.ascontiguousarray(value)
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def weight(self, name: str, *shape: int) -> Floats:
        """Give a weight of the expected shape.

        :raises ValueError: where it is absent or shaped otherwise.
        """
        found = self.weights.get(name)
        if found is None or found.shape != shape:
            raise ValueError(f"the weights have no {name} of shape {shape}")
        return found

    def table(self, matrix: Floats, rows: str) -> str:
        """Gather rows of a matrix, kept in 8 bits with one scale a row."""
        if self.bits == 32:
            return str(self.node("Gather", self.constant(matrix), rows))
        codes, scales = quantise(matrix, matrix.shape[1])
        signed = (codes[:, 0].astype(np.int16) - 128).astype(np.int8)
        picked = self.node("Cast", self.node("Gather", self.constant(signed), rows), to=TensorProto.FLOAT)
        return str(self.node("Mul", picked, self.node("Gather", self.constant(scales), rows)))

    def linear(self, x: str, names: list[str], outputs: int, inputs: int) -> str:
        """Multiply by the transposed weights of `names`, stacked, and add their biases."""
        each = outputs // len(names)
        matrix = np.concatenate([self.weight(f"{name}.weight", each, inputs) for name in names])
        bias = self.constant(np.concatenate([self.weight(f"{name}.bias", each) for name in names]))
        if self.bits == 32:
            return str(self.node("Add", self.node("MatMul", x, self.constant(matrix.T)), bias))
        codes, scales = quantise(matrix)
        inputs_ = (x, self.constant(codes), self.constant(scales), "", "", bias)
        attributes = {
            "K": inputs,
            "N": outputs,
            "bits": 8,
            "block_size": BLOCK,
            "accuracy_level": self.accuracy,
        }
        return str(self.node("MatMulNBits", *inputs_, domain=MICROSOFT, **attributes))

    def norm(self, x: str, name: str) -> str:
        gain, bias = (
            self.constant(self.weight(f"{name}.{part}", self.shape.hidden)) for part in ("weight", "bias")
        )
        return str(self.node("LayerNormalization", x, gain, bias, axis=-1, epsilon=self.shape.epsilon))

    def embeddings(self) -> str:
        """Add the vectors of word, position and type (always the first): (texts, tokens, hidden)."""
        shape, name = self.shape, "embeddings.{}_embeddings.weight"
        words = self.table(self.weight(name.format("word"), shape.words, shape.hidden), "input_ids")
        kinds = self.weights.get(name.format("token_type"), np.zeros((0, shape.hidden), np.float32))
        if kinds.ndim != 2 or kinds.shape[0] < 1:
            raise ValueError("the weights have no embeddings.token_type_embeddings.weight")
        places = self.weight(name.format("position"), shape.positions, shape.hidden) + kinds[0]
        tokens = self.node("Shape", "input_ids", start=1, end=2)
        places_used = self.node("Slice", self.constant(places), self.constant([0]), tokens)
        return self.norm(self.node("Add", words, places_used), "embeddings.LayerNorm")

    def layer(self, x: str, name: str, kept: str) -> str:
        """Attend to the tokens that `kept` (int32, texts by tokens) marks, then feed forward."""
        hidden, inner = self.shape.hidden, self.shape.inner
        triple = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        query, key, value = self.node(
            "Split", self.linear(x, triple, 3 * hidden, hidden), outputs=3, axis=-1, num_outputs=3
        )
        mixed = self.node(
            "MultiHeadAttention", query, key, value, "", kept, domain=MICROSOFT, num_heads=self.shape.heads
        )
        attended = self.linear(mixed, [f"{name}.attention.output.dense"], hidden, hidden)
        x = self.norm(self.node("Add", attended, x), f"{name}.attention.output.LayerNorm")
        wide = self.node("Gelu", self.linear(x, [f"{name}.intermediate.dense"], inner, hidden))
        return self.norm(
            self.node("Add", self.linear(wide, [f"{name}.output.dense"], hidden, inner), x),
            f"{name}.output.LayerNorm",
        )

    def pool(self, x: str, pooling: Pooling) -> None:
        """Take the first token, or the sum over the tokens kept, and divide by its length: a unit vector."""
        total = self.first(x) if pooling == "cls" else self.sum(x)
        length = self.node("ReduceL2", total, self.constant([1]), keepdims=1)
        self.nodes.append(helper.make_node("Div", [total, length], ["embedding"], name="embedding"))

    def first(self, x: str) -> str:
        picked = self.node("Slice", x, self.constant([0]), self.constant([1]), self.constant([1]))
        return str(self.node("Squeeze", picked, self.constant([1])))

    def sum(self, x: str) -> str:
        kept = self.node("Cast", "attention_mask", to=TensorProto.FLOAT)
        masked = self.node("Mul", x, self.node("Unsqueeze", kept, self.constant([2])))
        return str(self.node("ReduceSum", masked, self.constant([1]), keepdims=0))


def draw(
    shape: Shape, weights: Weights, *, bits: int = 8, accuracy: int = INT8, pooling: Pooling = "mean"
) -> onnx.ModelProto:
    """Draw the encoder as an ONNX graph.

    With ``bits=8`` the matrices and the word table are quantised (`quantise`), and MatMulNBits of
    ``com.microsoft`` multiplies at accuracy level `accuracy` (0: float32 sums; 4: int8 activations). With
    ``bits=32`` they stay as they are.

    :raises ValueError: where a weight is absent or not of the shape that `shape` asks for.
    """
    graph = _Graph(shape, weights, bits, accuracy)
    x = graph.embeddings()
    kept = graph.node("Cast", "attention_mask", to=TensorProto.INT32)
    for i in range(shape.layers):
        x = graph.layer(x, f"encoder.layer.{i}", kept)
    graph.pool(x, pooling)
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["texts", shape.hidden])
    return helper.make_model(
        helper.make_graph(graph.nodes, "encoder", inputs, [output], graph.constants),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)],
        ir_version=10,
        producer_name="daily8",
    )
