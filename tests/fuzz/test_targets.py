"""Every target holds for its seeds and for some hundreds of mutations of them."""

from __future__ import annotations

import pytest

from tests.fuzz.mutation import inputs
from tests.fuzz.targets import names, target

COUNT = 400


@pytest.mark.parametrize("name", names())
def test_what_must_hold_holds(name: str) -> None:
    found = target(name)
    assert len(found.seeds) >= 3
    for data in inputs(found.seeds, found.words, COUNT):
        try:
            found.one(data)
        except Exception as error:
            error.add_note(f"for {data!r}")
            raise


def test_the_same_inputs_come_at_every_run() -> None:
    seeds, words = (b"one", b"two"), (b"<x>",)
    first = list(inputs(seeds, words, 50))
    assert first == list(inputs(seeds, words, 50))
    assert first[:2] == [b"one", b"two"]
    assert len(set(first)) > 40
