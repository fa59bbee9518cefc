"""The graph of an encoder against a forward pass in NumPy."""

from __future__ import annotations

import json
import struct

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.ai import bert
from daily8.ai.bert import Floats, Shape, Weights, draw, quantise, read_safetensors
from tests.ai import tiny

TEXTS = [[2, 5, 6, 3], [2, 3], [2, *range(4, 16), 39, 38, 7, 3], [2, 9, 9, 9, 9, 3]]


def run(model: onnx.ModelProto, texts: list[list[int]]) -> Floats:
    """Run padded texts in one batch; the padding holds words, not zeros, so that an ignored mask shows."""
    length = max(map(len, texts))
    ids, mask = np.full((len(texts), length), 11, np.int64), np.zeros((len(texts), length), np.int64)
    for row, text in enumerate(texts):
        ids[row, : len(text)], mask[row, : len(text)] = text, 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    found: Floats = session.run(["embedding"], {"input_ids": ids, "attention_mask": mask})[0]
    return found


def reference(weights: Weights, texts: list[list[int]]) -> tiny.Doubles:
    return np.stack([tiny.forward(weights, text) for text in texts])


def test_the_float_graph_equals_the_forward_pass_in_float64() -> None:
    weights = tiny.weights()
    found = run(draw(tiny.SHAPE, weights, bits=32), TEXTS)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, reference(weights, TEXTS), atol=2e-6)


def test_the_8_bit_graph_equals_the_forward_pass_over_its_rounded_weights() -> None:
    weights = tiny.weights()
    found = run(draw(tiny.SHAPE, weights, accuracy=0), TEXTS)
    np.testing.assert_allclose(found, reference(tiny.rounded(weights), TEXTS), atol=2e-6)


def test_8_bit_activations_stay_close_to_the_forward_pass() -> None:
    weights = tiny.weights()
    cosines = (run(draw(tiny.SHAPE, weights), TEXTS) * reference(weights, TEXTS)).sum(axis=1)
    assert cosines.min() >= 0.998


def test_the_graph_passes_the_checker_of_its_format() -> None:
    onnx.checker.check_model(draw(tiny.SHAPE, tiny.weights(), bits=32))


@pytest.mark.parametrize("lacking", sorted(tiny.weights()))
def test_a_lacking_weight_is_named(lacking: str) -> None:
    weights = tiny.weights()
    del weights[lacking]
    with pytest.raises(ValueError, match=lacking):
        draw(tiny.SHAPE, weights)


def test_a_weight_of_another_shape_is_refused() -> None:
    name = "encoder.layer.1.output.dense.weight"
    weights = tiny.weights()
    weights[name] = weights[name][:, 1:]
    with pytest.raises(ValueError, match=name):
        draw(tiny.SHAPE, weights)


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 5),
    st.integers(1, 300),
    st.sampled_from([16, 128]),
    st.booleans(),
)
def test_quantised_weights_are_within_half_a_step(
    seed: int, rows: int, columns: int, block: int, empty: bool
) -> None:
    matrix = np.random.default_rng(seed).standard_normal((rows, columns)).astype(np.float32)
    if empty:
        matrix[0] = 0
    codes, scales = quantise(matrix, block)
    blocks = -(-columns // block)
    assert codes.dtype == np.uint8
    assert codes.shape == (rows, blocks, block)
    assert scales.shape == (rows, blocks)
    held = ((codes.astype(np.float32) - 128) * scales[:, :, None]).reshape(rows, -1)
    bound = np.repeat(scales, block, axis=1)[:, :columns] * 0.5001 + 1e-30
    assert (np.abs(held[:, :columns] - matrix) <= bound).all()
    assert not held[:, columns:].any()


def test_safetensors_gives_back_what_was_written() -> None:
    written = tiny.weights()
    found = read_safetensors(tiny.safetensors(written))
    assert found.keys() == written.keys()
    for name, tensor in written.items():
        np.testing.assert_array_equal(found[name], tensor)


def damaged(**changes: object) -> bytes:
    tensor = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8], **changes}
    header = json.dumps({"a": tensor}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(8)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        struct.pack("<Q", 2**63),
        struct.pack("<Q", 5) + b"{}",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 2) + b"{{",
        damaged(data_offsets=[0, 12]),
        damaged(data_offsets=[-8, 0]),
        damaged(data_offsets=[8, 0]),
        damaged(data_offsets="ab"),
        damaged(data_offsets=None),
        damaged(shape=[3]),
        damaged(shape=[1]),
        damaged(shape=[-1, -2]),
        damaged(shape=["2"]),
    ],
)
def test_a_damaged_safetensors_file_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError):
        read_safetensors(data)


@given(st.data())
def test_no_change_of_a_header_reads_outside_the_file(data: st.DataObject) -> None:
    whole = bytearray(tiny.safetensors({"a": np.arange(6, dtype="<f4").reshape(2, 3)}))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = read_safetensors(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    except ValueError:
        return
    assert sum(tensor.nbytes for tensor in found.values()) <= len(whole)


def test_an_encoder_of_another_kind_is_refused() -> None:
    assert Shape.read(json.dumps(tiny.CONFIG).encode()) == tiny.SHAPE
    for change in ({"hidden_act": "relu"}, {"model_type": "roberta"}, {"num_attention_heads": 7}):
        with pytest.raises(ValueError, match="another kind"):
            Shape.read(json.dumps({**tiny.CONFIG, **change}).encode())
    for text in (b"[]", b"{}", b"{"):
        with pytest.raises(ValueError):
            Shape.read(text)


def test_blocks_are_those_of_the_recipe() -> None:
    nodes = draw(tiny.SHAPE, tiny.weights()).graph.node
    found = [
        {a.name: a.i for a in node.attribute if a.type == onnx.AttributeProto.INT}
        for node in nodes
        if node.op_type == "MatMulNBits"
    ]
    assert len(found) == 4 * tiny.SHAPE.layers
    for values in found:
        assert (values["bits"], values["block_size"], values["accuracy_level"]) == (8, bert.BLOCK, bert.INT8)
