"""Endpoints that speak OpenAI's protocol, over real sockets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from daily8.ai.models import ModelUnusable
from daily8.ai.ports import Embedder, ProviderFailed, Setup
from daily8.ai.providers.lexical import Lexical
from daily8.ai.registry import open_embedder
from tests.ai.endpoint import DIMENSIONS, KEY, Endpoint, Fault, endpoint


@pytest.fixture
def there() -> Iterator[Endpoint]:
    with endpoint() as found:
        yield found


def opened(there: Endpoint, **options: str) -> Embedder:
    setup = Setup(Path(), 1, there.options(**options), there.reach, there.waits.append)
    return open_embedder("openai", Path(), setup=setup)


def status(number: int, said: Any = None, **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda texts, rows: (number, {} if said is None else said, named)


def test_vectors_come_in_the_order_of_the_texts_whatever_that_of_the_answer(there: Endpoint) -> None:
    embedder = opened(there, batch="3")
    texts = [f"ship number {n}" for n in range(7)]
    np.testing.assert_allclose(embedder.embed(texts), Lexical().embed(texts), atol=1e-6)
    assert [len(asked["input"]) for asked in there.asked] == [1, 3, 3, 1]
    assert "dimensions" not in there.asked[-1]


def test_dimensions_that_are_set_are_asked_for_and_nothing_is_asked_to_learn_them(there: Endpoint) -> None:
    embedder = opened(there, dimensions="64")
    assert there.asked == []
    assert embedder.embed(["the court and all the ships of the harbour in a storm"]).shape == (1, 64)
    assert there.asked[0]["dimensions"] == 64


def test_prefixes_stand_before_texts_and_in_the_recipe(there: Endpoint) -> None:
    embedder = opened(there, passage_prefix="passage: ", query_prefix="query: ")
    embedder.embed(["ship"])
    embedder.embed(["ship"], "query")
    assert [asked["input"] for asked in there.asked[1:]] == [["passage: ship"], ["query: ship"]]
    assert embedder.recipe != opened(there).recipe
    assert embedder.recipe.dimensions == DIMENSIONS


@pytest.mark.parametrize("number", [429, 500, 502, 503, 408])
def test_a_busy_endpoint_is_asked_again(there: Endpoint, number: int) -> None:
    embedder = opened(there)
    there.faults = [status(number, Retry_After="2"), status(number)]
    assert embedder.embed(["ship"]).shape == (1, DIMENSIONS)
    assert there.waits == [2.0, 2.0]


def test_who_asks_to_be_left_alone_for_long_is_at_once(there: Endpoint) -> None:
    embedder = opened(there)
    there.faults = [status(429, Retry_After="120")]
    with pytest.raises(ProviderFailed, match="asked too often") as caught:
        embedder.embed(["ship"])
    assert (caught.value.passing, caught.value.after, there.waits) == (True, 120.0, [])


def test_an_endpoint_that_stays_broken_is_a_passing_failure(there: Endpoint) -> None:
    embedder = opened(there)
    there.faults = [status(500)] * 3
    with pytest.raises(ProviderFailed, match="the status 500; it is asked again later") as caught:
        embedder.embed(["ship"])
    assert caught.value.passing
    assert len(there.asked) == 1 + 3


def without_last(texts: list[str], rows: list[dict[str, Any]]) -> tuple[int, Any, dict[str, str]]:
    return 200, {"data": rows[:-1]}, {}


def twice_the_first(texts: list[str], rows: list[dict[str, Any]]) -> tuple[int, Any, dict[str, str]]:
    return 200, {"data": [rows[0], *rows[:-1]]}, {}


def shorter(texts: list[str], rows: list[dict[str, Any]]) -> tuple[int, Any, dict[str, str]]:
    return 200, {"data": [{**row, "embedding": [1.0] * 8} for row in rows]}, {}


def longer(texts: list[str], rows: list[dict[str, Any]]) -> tuple[int, Any, dict[str, str]]:
    return 200, {"data": [{**row, "embedding": [1.0] * 16_001} for row in rows]}, {}


def uneven(texts: list[str], rows: list[dict[str, Any]]) -> tuple[int, Any, dict[str, str]]:
    return 200, {"data": [{**row, "embedding": [1.0] * (1 + row["index"])} for row in rows]}, {}


def filled(value: Any) -> Fault:
    return lambda texts, rows: (
        200,
        {"data": [{**row, "embedding": [value] * DIMENSIONS} for row in rows]},
        {},
    )


WRONG: list[tuple[str, Fault]] = [
    ("gave 1 vectors for 2 texts", without_last),
    ("gave 2 vectors for 2 texts", twice_the_first),
    ("vectors of 8 numbers, not 512; leave EMBEDDER_DIMENSIONS", shorter),
    ("otherwise than OpenAI's protocol", uneven),
    ("vector of no numbers", filled(float("nan"))),
    ("vector of no numbers", filled(float("inf"))),
    ("vector of no numbers", filled(0.0)),
    ("vector of no numbers", filled(None)),
    ("vector of 16001 numbers, and 16000 are the most", longer),
    ("otherwise than OpenAI's protocol", filled("1.5x")),
    ("otherwise than OpenAI's protocol", status(200, b"<html>")),
    ("otherwise than OpenAI's protocol", status(200, b"[" * 100_000)),
    ("otherwise than OpenAI's protocol", status(200, {"data": None})),
    ("otherwise than OpenAI's protocol", status(200, {"data": [3]})),
    ("gave 0 vectors for 2 texts", status(200, {"data": []})),
    ("sends us to another address", status(302, Location="http://127.0.0.1:9/")),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_an_answer_that_is_wrong_is_refused_and_nothing_of_it_believed(there: Endpoint, number: int) -> None:
    said, fault = WRONG[number]
    embedder = opened(there)
    there.faults = [fault]
    with pytest.raises(ProviderFailed, match=said) as caught:
        embedder.embed(["ship", "storm"])
    assert not caught.value.passing
    assert embedder.embed(["ship"]).shape == (1, DIMENSIONS)


def test_vectors_longer_than_are_kept_are_not_asked_for(there: Endpoint) -> None:
    with pytest.raises(ModelUnusable, match="EMBEDDER_DIMENSIONS is 16000 at most"):
        opened(there, dimensions="16001")
    assert there.asked == []


def test_an_endpoint_that_says_the_key_is_not_quoted(there: Endpoint) -> None:
    embedder = opened(there)
    there.faults = [status(400, {"error": {"message": f"no model for {KEY}, sorry"}})]
    with pytest.raises(ProviderFailed, match=r"the status 400; see EMBEDDER_MODEL") as caught:
        embedder.embed(["ship"])
    assert KEY not in str(caught.value)
    assert KEY not in repr(Setup(Path(), 1, there.options()))


def test_what_is_too_long_for_the_model_is_cut_and_its_neighbours_are_not(there: Endpoint) -> None:
    found = opened(there).embed(["storm", "harbour " * 1000, "ship"])
    np.testing.assert_allclose(found, Lexical().embed(["storm", "harbour " * 250, "ship"]), atol=1e-6)


def test_a_request_that_is_refused_whatever_its_length_ends(there: Endpoint) -> None:
    embedder = opened(there)
    there.faults = [status(400, {"error": {"message": "no\x1b such\nthing."}})] * 100
    with pytest.raises(ProviderFailed, match=r"the status 400 \(no such thing\); see EMBEDDER_MODEL"):
        embedder.embed(["harbour " * 300, "ship"])
    assert len(there.asked) < 10


@pytest.mark.parametrize(
    ("options", "said"),
    [({"key": "sk-wrong"}, "refuses the key; see EMBEDDER_KEY"), ({"model": "words-2"}, "no model words-2")],
)
def test_settings_that_are_wrong_are_said_without_the_key(there: Endpoint, options: Any, said: str) -> None:
    with pytest.raises(ProviderFailed, match=said) as caught:
        opened(there, **options)
    assert not caught.value.passing
    assert "sk-" not in str(caught.value)


def test_settings_that_are_missing_are_named(there: Endpoint) -> None:
    with pytest.raises(ModelUnusable, match="needs EMBEDDER_URL and EMBEDDER_MODEL"):
        open_embedder("openai", Path(), setup=Setup(Path(), reach=there.reach))
    with pytest.raises(ModelUnusable, match="EMBEDDER_URL cannot be used"):
        opened(there, url="gopher://example.org")


def test_an_endpoint_that_is_not_there_is_a_passing_failure(there: Endpoint) -> None:
    with pytest.raises(ProviderFailed, match="cannot be reached") as caught:
        opened(there, url="http://127.0.0.1:1/v1", timeout="2")
    assert caught.value.passing
    assert KEY not in str(caught.value)
