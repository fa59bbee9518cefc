"""A tiny random encoder with every part of a real one, its wheel, and its forward pass in float64."""

from __future__ import annotations

import hashlib
import json
import math
import struct
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

from daily8.ai.bert import Shape, Weights, quantise
from daily8.ai.models import Model
from daily8.ai.packages import Package
from daily8.ai.ports import Recipe

Doubles = npt.NDArray[np.float64]

# 160 and 200 inputs: one whole block of weights and a part of one.
SHAPE = Shape(hidden=160, layers=2, heads=4, inner=200, words=40, positions=24, epsilon=1e-12)
CONFIG = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "hidden_size": SHAPE.hidden,
    "num_hidden_layers": SHAPE.layers,
    "num_attention_heads": SHAPE.heads,
    "intermediate_size": SHAPE.inner,
    "vocab_size": SHAPE.words,
    "max_position_embeddings": SHAPE.positions,
    "layer_norm_eps": SHAPE.epsilon,
}
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
WORDS = ["the", "court", "law", "river", "rain", "city", "vote", "price", "ship", "storm", "music", "bread"]
TOKENS = 16
INSIDE = "tiny_encoder/model"


def weights(seed: int = 8) -> Weights:
    """Draw weights at random."""
    chance = np.random.default_rng(seed)
    hidden, inner = SHAPE.hidden, SHAPE.inner
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (SHAPE.words, hidden),
        "embeddings.position_embeddings.weight": (SHAPE.positions, hidden),
        "embeddings.token_type_embeddings.weight": (2, hidden),
    }
    norms = ["embeddings.LayerNorm"]
    for i in range(SHAPE.layers):
        layer = f"encoder.layer.{i}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            shapes |= {f"{layer}.attention.{part}.weight": (hidden, hidden)}
            shapes |= {f"{layer}.attention.{part}.bias": (hidden,)}
        shapes |= {f"{layer}.intermediate.dense.weight": (inner, hidden)}
        shapes |= {f"{layer}.intermediate.dense.bias": (inner,)}
        shapes |= {f"{layer}.output.dense.weight": (hidden, inner), f"{layer}.output.dense.bias": (hidden,)}
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
    drawn = {name: (0.15 * chance.standard_normal(shape)).astype("<f4") for name, shape in shapes.items()}
    for norm in norms:
        drawn[f"{norm}.weight"] = (1 + 0.2 * chance.standard_normal(hidden)).astype("<f4")
        drawn[f"{norm}.bias"] = (0.2 * chance.standard_normal(hidden)).astype("<f4")
    return drawn


def safetensors(tensors: Weights) -> bytes:
    """Write tensors in the safetensors format, with what a reader must pass over."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    body = np.arange(4, dtype="<i8").tobytes()
    header["embeddings.position_ids"] = {"dtype": "I64", "shape": [1, 4], "data_offsets": [0, len(body)]}
    for name, tensor in tensors.items():
        data = tensor.tobytes()
        place = [len(body), len(body) + len(data)]
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": place}
        body += data
    head = json.dumps(header).encode()
    return struct.pack("<Q", len(head)) + head + body


def tokenizer() -> str:
    """Give the JSON of a tokenizer that pads and cuts to a length of its own, as published ones do."""
    found = Tokenizer(WordPiece({word: i for i, word in enumerate(SPECIAL + WORDS)}, unk_token="[UNK]"))
    found.normalizer = BertNormalizer()
    found.pre_tokenizer = BertPreTokenizer()
    found.post_processor = TemplateProcessing("[CLS] $A [SEP]", None, [("[CLS]", 2), ("[SEP]", 3)])
    found.enable_padding(length=12)
    found.enable_truncation(12)
    return str(found.to_str())


def wheel(folder: Path, seed: int = 8, config: dict[str, object] | None = None) -> tuple[Path, Model]:
    """Write a wheel that pip accepts, and give it with its line for the catalogue."""
    path = folder / "tiny_encoder-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as box:
        box.writestr("tiny_encoder/__init__.py", "raise SystemExit('a box of files was imported')\n")
        box.writestr(f"{INSIDE}/config.json", json.dumps({**CONFIG, **(config or {})}))
        box.writestr(f"{INSIDE}/model.safetensors", safetensors(weights(seed)))
        box.writestr(f"{INSIDE}/tokenizer.json", tokenizer())
        about = "tiny_encoder-1.0.dist-info"
        needs = "Requires-Dist: a-heavy-framework-that-nobody-wants\n"
        box.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: tiny-encoder\nVersion: 1.0\n{needs}")
        box.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        box.writestr(f"{about}/RECORD", "")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    package = Package("tiny-encoder", "1.0", digest, path.stat().st_size)
    return path, Model(package, INSIDE, Recipe("minilm", f"tiny {seed}", SHAPE.hidden), TOKENS, "Apache-2.0")


def rounded(tensors: Weights) -> Weights:
    """Give the weights as 8 bits hold them: matrices by blocks of 128, the word table by rows."""
    held = dict(tensors)
    for name, tensor in tensors.items():
        if tensor.ndim != 2 or name.startswith(("embeddings.position", "embeddings.token_type")):
            continue
        codes, scales = quantise(tensor, tensor.shape[1] if name.startswith("embeddings") else 128)
        values = (codes.astype(np.float32) - 128) * scales[:, :, None]
        held[name] = values.reshape(len(tensor), -1)[:, : tensor.shape[1]]
    return held


def forward(tensors: Weights, ids: list[int]) -> Doubles:
    """Compute one text's vector as the paper writes it (Devlin et al. 2019; mean pooling, Reimers 2019)."""
    w = {name: tensor.astype(np.float64) for name, tensor in tensors.items()}
    erf = np.vectorize(math.erf)

    def norm(x: Doubles, name: str) -> Doubles:
        spread = np.sqrt(x.var(axis=-1, keepdims=True) + SHAPE.epsilon)
        scaled: Doubles = (x - x.mean(axis=-1, keepdims=True)) / spread
        return scaled * w[f"{name}.weight"] + w[f"{name}.bias"]

    def linear(x: Doubles, name: str) -> Doubles:
        y: Doubles = x @ w[f"{name}.weight"].T + w[f"{name}.bias"]
        return y

    x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    size = SHAPE.hidden // SHAPE.heads
    for i in range(SHAPE.layers):
        layer = f"encoder.layer.{i}"
        query, key, value = (linear(x, f"{layer}.attention.self.{p}") for p in ("query", "key", "value"))
        mixed = np.empty_like(x)
        for head in range(SHAPE.heads):
            part = slice(head * size, (head + 1) * size)
            likeness = np.exp(query[:, part] @ key[:, part].T / math.sqrt(size))
            mixed[:, part] = likeness / likeness.sum(axis=-1, keepdims=True) @ value[:, part]
        x = norm(x + linear(mixed, f"{layer}.attention.output.dense"), f"{layer}.attention.output.LayerNorm")
        wide = linear(x, f"{layer}.intermediate.dense")
        wide = wide * (1 + erf(wide / math.sqrt(2))) / 2
        x = norm(x + linear(wide, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    mean: Doubles = x.mean(axis=0)
    return mean / np.linalg.norm(mean)
