"""Bodies that are packed, badly packed, or packed to go off."""

from __future__ import annotations

import base64
import gzip
import zlib

from tests.faults.speaking import FEED, Behaviour, answer, redirects, says


def _gzip_bomb(size: int) -> bytes:
    """Pack zeros without ever holding them all."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    return b"".join([*(packer.compress(block) for _ in range(size >> 20)), packer.flush()])


def _zstd_bomb(size: int) -> bytes:
    """Write a frame of blocks that each repeat one byte 128 kB long (RFC 8878 section 3.1.1.2)."""
    many, repeats = size >> 17, 1
    blocks = (
        ((1 << 17) << 3 | repeats << 1 | (number == many - 1)).to_bytes(3, "little") + b"\0"
        for number in range(many)
    )
    return b"\x28\xb5\x2f\xfd\x00\x58" + b"".join(blocks)


BOMB = _gzip_bomb(64 << 20)
ZSTD_BOMB = _zstd_bomb(64 << 20)
# 64 MB of zeros, as a brotli encoder with a window of 16 MB writes them.
BROTLI_BOMB = base64.b64decode("z///f/gnAOKxQCD3/p/////wTwDEYQGA7v0/////4Z8AiMMiAN37//z//8c/ARCHBQC69/8=")
PACKED = gzip.compress(FEED)

PACKING: dict[str, Behaviour] = {
    "gzip": says(answer(200, PACKED, "Content-Encoding: gzip")),
    "gzip-in-bytes": says(
        answer(200, b"", "Content-Encoding: gzip", length=len(PACKED)),
        *(PACKED[at : at + 1] for at in range(len(PACKED))),
    ),
    "gzip-of-two-members": says(
        answer(200, gzip.compress(FEED[:20]) + gzip.compress(FEED[20:]), "Content-Encoding: x-gzip")
    ),
    "gzip-with-rubbish": says(answer(200, PACKED + b"rubbish", "Content-Encoding: gzip")),
    "gzip-that-is-plain": says(answer(200, FEED, "Content-Encoding: gzip")),
    "gzip-cut-short": says(answer(200, PACKED[:-20], "Content-Encoding: gzip")),
    "gzip-damaged": says(answer(200, PACKED[:-8] + bytes(8), "Content-Encoding: gzip")),
    "gzip-twice-named": says(answer(200, gzip.compress(PACKED), "Content-Encoding: gzip, gzip")),
    "gzip-in-gzip": says(answer(200, gzip.compress(PACKED), "Content-Encoding: gzip")),
    "deflate": says(answer(200, zlib.compress(FEED), "Content-Encoding: deflate")),
    "deflate-raw": says(answer(200, zlib.compress(FEED)[2:-4], "Content-Encoding: deflate")),
    "brotli-unasked": says(answer(200, b"\x1b\x03\x00", "Content-Encoding: br")),
    "zstd-unasked": says(answer(200, b"\x28\xb5\x2f\xfd", "Content-Encoding: zstd")),
    "encoding-of-no-name": says(answer(200, FEED, "Content-Encoding: utf-8")),
    "bomb": says(answer(200, BOMB, "Content-Encoding: gzip")),
    "bomb-in-bomb": says(answer(200, gzip.compress(BOMB), "Content-Encoding: gzip")),
    "bomb-twice-named": says(answer(200, gzip.compress(BOMB), "Content-Encoding: gzip, gzip")),
    "bomb-of-members": says(answer(200, gzip.compress(b"") * 200_000, "Content-Encoding: gzip")),
    "bomb-of-brotli": says(answer(200, BROTLI_BOMB, "Content-Encoding: br")),
    "bomb-of-zstd": says(answer(200, ZSTD_BOMB, "Content-Encoding: zstd")),
    "bomb-on-redirect": redirects("/fine", 302, BOMB, "Content-Encoding: gzip"),
    "bomb-of-brotli-on-redirect": redirects("/fine", 302, BROTLI_BOMB, "Content-Encoding: br"),
    "bomb-of-zstd-on-redirect": redirects("/fine", 302, ZSTD_BOMB, "Content-Encoding: zstd"),
    "bomb-on-not-found": says(answer(404, BOMB, "Content-Encoding: gzip")),
}
"""How a body can be packed."""
