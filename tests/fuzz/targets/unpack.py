"""Packed bodies, as they arrive in pieces."""

from __future__ import annotations

import gzip
import zlib

from daily8.net.unpack import Unpacking

_ENCODINGS = ("gzip", "x-gzip", "deflate", "", "identity", "utf-8", "br", "gzip, gzip", ", GZIP ,", "zstd")
LIMIT = 2000
_TEXT = b"The ferry came in late and nobody minded much. " * 5
SEEDS = (
    b"\x00\x05" + gzip.compress(_TEXT, mtime=0),
    b"\x00\x01" + gzip.compress(_TEXT[:20], mtime=0) + gzip.compress(_TEXT[20:], mtime=0) + b"rubbish",
    b"\x00\x40" + gzip.compress(bytes(1_000_000), mtime=0),
    b"\x02\x07" + zlib.compress(_TEXT),
    b"\x02\x03" + zlib.compress(_TEXT)[2:-4],
    b"\x03\x20" + _TEXT,
    b"\x00\x09" + gzip.compress(b"", mtime=0) * 50,
)
WORDS = (
    b"\x1f\x8b\x08",
    b"\x78\x9c",
    b"\x78\xda",
    b"\0" * 8,
    b"\xff" * 8,
    b"\x1f",
    gzip.compress(b"x", mtime=0),
)


def one(data: bytes) -> None:
    """Unpack bytes in pieces."""
    if len(data) < 2:
        return
    try:
        body = Unpacking(_ENCODINGS[data[0] % len(_ENCODINGS)], LIMIT)
        size, rest = data[1] + 1, data[2:]
        for at in range(0, len(rest), size):
            if body.full:
                break
            body.feed(rest[at : at + size])
            held = sum(map(len, body._parts))
            assert held <= LIMIT + size + 1, held
            assert len(body.so_far()) <= LIMIT
        else:
            whole = body.whole()
            assert len(whole) <= LIMIT, len(whole)
            assert whole == body.so_far()
    except ValueError:
        return  # packed by nobody's rules
