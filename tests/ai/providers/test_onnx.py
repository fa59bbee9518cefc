"""Sentence encoders from folders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper

from daily8.ai.models import ModelNotInstalled, ModelUnusable
from daily8.ai.ports import Embedder, Setup
from daily8.ai.registry import open_embedder
from tests.ai import tiny
from tests.ai.folder import HIDDEN, graph, lay_out, table

IDS = {word: i for i, word in enumerate(tiny.SPECIAL + tiny.WORDS)}


def opened(place: Path, **options: str) -> Embedder:
    setup = Setup(place.parent, options={"folder": place.name, **options})
    return open_embedder("onnx", place.parent, setup=setup)


def by_hand(pooling: str, *words: str) -> Any:
    rows = table()[[IDS["[CLS]"], *(IDS[word] for word in words), IDS["[SEP]"]]]
    found = {
        "mean_tokens": rows.mean(0),
        "cls_token": rows[0],
        "max_tokens": rows.max(0),
        "lasttoken": rows[-1],
    }
    return found[pooling] / np.linalg.norm(found[pooling])


@pytest.mark.parametrize("leads", ["../secret.bin", "{}/secret.bin", "*/_ORT_MEM_ADDR_/*"])
def test_a_graph_reads_no_file_outside_its_folder(tmp_path: Path, leads: str) -> None:
    (tmp_path / "secret.bin").write_bytes(table().tobytes())
    model = graph()
    weights = model.graph.initializer[0]
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    entry = weights.external_data.add()
    entry.key, entry.value = "location", leads.format(tmp_path)
    with pytest.raises(ModelUnusable, match="is damaged"):
        opened(lay_out(tmp_path / "words", model=model, place="model.onnx"))
    entry.value = "model.onnx_data"
    inside = lay_out(tmp_path / "inside", model=model, place="model.onnx")
    (inside / "model.onnx_data").write_bytes(table().tobytes())
    assert opened(inside).embed(["the court"]).shape == (1, HIDDEN)


@pytest.mark.parametrize("pooling", ["mean_tokens", "cls_token", "max_tokens", "lasttoken"])
@pytest.mark.parametrize("place", ["onnx/model.onnx", "model.onnx"])
def test_tokens_are_pooled_as_the_folder_says(tmp_path: Path, pooling: str, place: str) -> None:
    embedder = opened(lay_out(tmp_path / "words", place=place, pooling=pooling))
    assert embedder.recipe.dimensions == HIDDEN
    found = embedder.embed(["the court vote", "rain"])
    np.testing.assert_allclose(found[0], by_hand(pooling, "the", "court", "vote"), atol=1e-6)
    np.testing.assert_allclose(found[1], by_hand(pooling, "rain"), atol=1e-6)


def test_a_text_is_cut_to_the_tokens_that_the_folder_says(tmp_path: Path) -> None:
    embedder = opened(lay_out(tmp_path / "words", tokens=5))
    found = embedder.embed(["the court vote rain storm rain"])[0]
    np.testing.assert_allclose(found, by_hand("mean_tokens", "the", "court", "vote"), atol=1e-6)


def test_the_prefixes_are_the_settings_else_the_folders(tmp_path: Path) -> None:
    prompts = {"prompts": {"query": "rain ", "document": "storm "}}
    folder = lay_out(tmp_path / "words", config_sentence_transformers=prompts)
    own, other, bare = opened(folder), opened(folder, passage_prefix="law "), lay_out(tmp_path / "bare")
    np.testing.assert_allclose(own.embed(["vote"])[0], by_hand("mean_tokens", "storm", "vote"), atol=1e-6)
    np.testing.assert_allclose(
        own.embed(["vote"], "query")[0], by_hand("mean_tokens", "rain", "vote"), atol=1e-6
    )
    np.testing.assert_allclose(other.embed(["vote"])[0], by_hand("mean_tokens", "law", "vote"), atol=1e-6)
    assert len({own.recipe, other.recipe, opened(bare).recipe}) == 3


def test_weights_without_a_graph_are_drawn(tmp_path: Path) -> None:
    for pooling in ("mean_tokens", "cls_token"):
        folder = lay_out(tmp_path / pooling, place="", pooling=pooling, tokens=tiny.TOKENS)
        named = {f"bert.{name}": tensor for name, tensor in tiny.weights().items()}
        (folder / "model.safetensors").write_bytes(tiny.safetensors(named))
    ids = [IDS[word] for word in ("[CLS]", "the", "court", "[SEP]")]
    mean, first = (opened(tmp_path / name).embed(["the court"])[0] for name in ("mean_tokens", "cls_token"))
    assert mean @ tiny.forward(tiny.weights(), ids) >= 0.998
    assert first @ mean < 0.998


def test_the_recipe_changes_with_all_that_changes_vectors(tmp_path: Path) -> None:
    versions = {
        opened(lay_out(tmp_path / name / "words", **said)).recipe.version  # type: ignore[arg-type]
        for name, said in {
            "plain": {},
            "pooling": {"pooling": "cls_token"},
            "weights": {"model": graph(scale=2.0)},
            "tokens": {"tokens": 7},
            "lower": {"tokens": None, "sentence_bert_config": {"max_seq_length": 8, "do_lower_case": True}},
        }.items()
    }
    assert len(versions) == 5
    assert opened(lay_out(tmp_path / "again/words")).recipe.version in versions


def test_the_languages_are_those_that_the_operator_says(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "words")
    assert opened(folder).languages is None
    assert opened(folder, languages="en, AR,").languages == frozenset({"en", "ar"})


def test_a_graph_may_want_types_and_places_of_tokens(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "words", model=graph("token_type_ids", "position_ids"))
    np.testing.assert_allclose(opened(folder).embed(["law"])[0], by_hand("mean_tokens", "law"), atol=1e-6)


BROKEN: dict[str, dict[str, Any]] = {
    "neither model.onnx nor": {"place": ""},
    "pooling that is not done": {"pooling": "weightedmean_tokens"},
    "further layer .Dense": {"modules": [{"type": "sentence_transformers.models.Dense"}]},
    "wants more than a text .pixels": {"model": graph("pixels")},
    "vector of no numbers": {"model": graph(scale=float("nan"))},
    "cannot be read": {"config_sentence_transformers": "{"},
}


@pytest.mark.parametrize("said", BROKEN)
def test_what_cannot_be_run_is_said(tmp_path: Path, said: str) -> None:
    folder = lay_out(tmp_path / "words", **BROKEN[said])
    with pytest.raises(ModelUnusable, match=said):
        opened(folder)


def test_a_folder_that_is_not_there_or_damaged_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelNotInstalled, match="set EMBEDDER_FOLDER"):
        opened(tmp_path / "words", folder="")
    with pytest.raises(ModelNotInstalled, match="daily8 models install some/words"):
        opened(tmp_path / "words", folder="some/words")
    folder = lay_out(tmp_path / "words")
    (folder / "onnx/model.onnx").write_bytes(b"no graph")
    with pytest.raises(ModelUnusable, match="is damaged"):
        opened(folder)
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelUnusable, match=r"no tokenizer\.json"):
        opened(folder)


def test_a_graph_that_pools_itself_is_believed(tmp_path: Path) -> None:
    made = graph()
    made.graph.node.append(
        helper.make_node("ReduceMax", ["last_hidden_state"], ["sentence_embedding"], axes=[1], keepdims=0)
    )
    made.graph.output.append(
        helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["texts", HIDDEN])
    )
    folder = lay_out(tmp_path / "words", model=made)
    np.testing.assert_allclose(opened(folder).embed(["law"])[0], by_hand("max_tokens", "law"), atol=1e-6)


def test_json_of_another_shape_is_no_trouble(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "words", pooling=None, modules={"a": 1}, config_sentence_transformers=[1])
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": "many"}))
    assert opened(folder).embed(["law"]).shape == (1, HIDDEN)
