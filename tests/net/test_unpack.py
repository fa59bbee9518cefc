"""Decoding as it arrives, whole, cut short and damaged."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.net.unpack import Truncated, Unpacking


def fed(encoding: str, data: bytes, limit: int = 1 << 20, step: int = 1 << 20) -> Unpacking:
    body = Unpacking(encoding, limit)
    for at in range(0, len(data), step):
        body.feed(data[at : at + step])
    return body


@given(st.lists(st.binary(max_size=200), max_size=4), st.integers(1, 50))
def test_gzip_of_any_members_in_any_pieces(members: list[bytes], step: int) -> None:
    data = b"".join(gzip.compress(member) for member in members)
    assert fed("gzip", data, step=step).whole() == b"".join(members)


@given(st.binary(), st.integers(1, 50), st.booleans())
def test_deflate_in_both_its_forms(data: bytes, step: int, raw: bool) -> None:
    packed = zlib.compress(data)[2:-4] if raw else zlib.compress(data)
    assert fed("deflate", packed, step=step).whole() == data


@given(st.binary(), st.integers(1, 50), st.sampled_from(["", "identity", "utf-8", "none"]))
def test_what_is_not_packed_stays(data: bytes, step: int, encoding: str) -> None:
    assert fed(encoding, data, step=step).whole() == data


@given(st.binary(min_size=1), st.data())
def test_gzip_cut_short_is_seen(data: bytes, draw: st.DataObject) -> None:
    packed = gzip.compress(data)
    cut = draw.draw(st.integers(2, len(packed) - 1))
    with pytest.raises(Truncated):
        fed("gzip", packed[:cut]).whole()


@given(st.binary(), st.sampled_from(["gzip", "deflate", ""]), st.integers(0, 100), st.integers(1, 50))
def test_rubbish_never_grows_and_never_crashes(data: bytes, encoding: str, limit: int, step: int) -> None:
    try:
        body = fed(encoding, data, limit, step)
        assert len(body.so_far()) <= limit
        body.whole()
    except ValueError:
        pass


@given(st.integers(0, 5000), st.integers(1, 64))
def test_the_limit_holds_to_the_byte(limit: int, step: int) -> None:
    body = fed("gzip", gzip.compress(bytes(5000)), limit, step)
    assert body.full == (limit < 5000)
    assert len(body.so_far()) == min(limit, 5000)


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, gzip", "deflate, gzip", "gzip, br"])
def test_what_nobody_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(ValueError, match="not asked for"):
        Unpacking(encoding, 100)
