"""Bytes made from seeds by chance that is always the same."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

MOST = 8192
"""Bytes of one input."""


def inputs(seeds: Sequence[bytes], words: Sequence[bytes], count: int, seed: int = 8) -> Iterator[bytes]:
    """Give every seed as it is, then mutations, ``count`` in all; the same ones at every run."""
    yield from seeds[:count]
    chance = random.Random(seed)
    for _ in range(count - len(seeds)):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.choice((1, 1, 2, 3, 5, 8, 20))):
            _mutate(data, seeds, words, chance)
        yield bytes(data[:MOST])


def _mutate(data: bytearray, seeds: Sequence[bytes], words: Sequence[bytes], chance: random.Random) -> None:
    """Change one thing about some bytes."""
    here = chance.randrange(len(data) + 1)
    there = min(len(data), here + chance.choice((1, 1, 2, 4, 16, 64)))
    match chance.randrange(8):
        case 0:
            data[here:there] = b""
        case 1:
            data[here:here] = data[here:there] * chance.choice((1, 2, 10, 100))
        case 2:
            data[here:there] = chance.randbytes(there - here)
        case 3:
            data[here:here] = chance.choice(words)
        case 4:
            data[here:there] = chance.choice(words)
        case 5:
            other = chance.choice(seeds)
            start = chance.randrange(len(other) + 1)
            data[here:] = other[start:]
        case 6 if here < len(data):
            data[here] ^= 1 << chance.randrange(8)
        case _:
            data[here:here] = chance.choice(
                (b"\0", b"\xff", b"\r\n", b"<", b"&", b"\xe2\x80\xae", b"-1", b"9" * 20)
            )
    del data[MOST:]
