"""Pages packed and unpacked."""

from __future__ import annotations

import random

import pytest

from daily8.news.packing import MOST_PACKED, packed, unpacked


def test_a_page_comes_back_as_it_was() -> None:
    page = b"<p>The ferry came in late.</p>" * 1000
    small = packed(page)
    assert len(small) < len(page) / 20
    assert unpacked(small) == page


def test_a_page_that_stays_large_is_not_kept() -> None:
    noise = random.Random(1).randbytes(MOST_PACKED + 1)
    assert packed(noise) == b""
    assert packed(b"x" * 8_000_001) == b""


@pytest.mark.parametrize("damaged", [b"", b"not packed", packed(b"page")[:-3] + b"\x00\x00\x00"])
def test_what_is_damaged_is_refused(damaged: bytes) -> None:
    if not damaged:
        assert unpacked(damaged) == b""
        return
    with pytest.raises(ValueError, match="damaged"):
        unpacked(damaged)
