"""Write the state of live stories as bytes and read it back exactly: names in one table, numbers as arrays.

``D8S1``, then compressed by zlib: the length of a JSON head (4 bytes, little-endian), the head, and the
arrays that it lists, little-endian, one after another.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Mapping
from typing import Any

from daily8.news.stories.editing import Said
from daily8.news.stories.holding import Holding, Story, Taken
from daily8.news.stories.index import Centroid, Index
from daily8.news.stories.weights import Counts, Frequencies, Vector

_MAGIC = b"D8S1"
_LEVEL = 1


class BadCheckpoint(ValueError):
    """Says that bytes are no checkpoint."""


class _Writer:
    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.arrays: dict[str, array[Any]] = {}

    def put(self, name: str, code: str, values: Iterable[Any]) -> None:
        self.arrays[name] = array(code, values)

    def of(self, name: str) -> int:
        return self.numbers.setdefault(name, len(self.numbers))

    def vectors(self, name: str, vectors: Iterable[Vector]) -> None:
        """Write vectors one after another."""
        sizes, names, weights = array("I"), array("I"), array("f")
        for vector in vectors:
            sizes.append(len(vector.names))
            names.extend(self.of(feature) for feature in vector.names)
            weights.extend(vector.weights)
        self.arrays |= {f"{name}.sizes": sizes, f"{name}.names": names, f"{name}.weights": weights}

    def maps(self, name: str, maps: Iterable[Mapping[str, float]]) -> None:
        sizes, names, weights = array("I"), array("I"), array("d")
        for one in maps:
            sizes.append(len(one))
            names.extend(self.of(feature) for feature in one)
            weights.extend(one.values())
        self.arrays |= {f"{name}.sizes": sizes, f"{name}.names": names, f"{name}.weights": weights}


class _Reader:
    def __init__(self, names: list[str], arrays: Mapping[str, array[Any]]) -> None:
        self.names, self.arrays = names, arrays

    def vectors(self, name: str) -> list[Vector]:
        found, at = [], 0
        names, weights = self.arrays[f"{name}.names"], self.arrays[f"{name}.weights"]
        for size in self.arrays[f"{name}.sizes"]:
            own = tuple([self.names[n] for n in names[at : at + size]])
            found.append(Vector(own, weights[at : at + size]))
            at += size
        return found

    def maps(self, name: str) -> list[dict[str, float]]:
        found, at = [], 0
        names, weights = self.arrays[f"{name}.names"], self.arrays[f"{name}.weights"]
        for size in self.arrays[f"{name}.sizes"]:
            own = [self.names[n] for n in names[at : at + size]]
            found.append(dict(zip(own, weights[at : at + size], strict=True)))
            at += size
        return found


def pack(held: Holding, said: Said, frequencies: tuple[Frequencies, ...], clock: Mapping[str, Any]) -> bytes:
    """Write everything; ``clock`` is any JSON."""
    out = _Writer()
    out.maps("counts", (counts.of for one in frequencies for counts in one.languages.values()))
    reports = [*held.reports.values()]
    out.put("seq", "q", (one.seq for one in reports))
    out.put("time", "d", (float("nan") if one.time is None else one.time for one in reports))
    out.vectors("words", (one.words for one in reports))
    out.vectors("shared", (one.shared for one in reports))
    out.put("titles", "q", held.titles.values())
    _pack_index(out, "by_words", held.words)
    _pack_index(out, "by_shared", held.shared)
    head = {
        "clock": clock,
        "counted": [[[name, c.reports] for name, c in one.languages.items()] for one in frequencies],
        "texts": [[one.language, one.publisher, one.title, one.script] for one in reports],
        "stories": [
            [s.name, s.seqs, s.cells, sorted(s.languages), s.oldest, s.newest, s.closed, s.locked]
            for s in held.stories.values()
        ],
        "cells": [[cell, *place] for cell, place in held.cells.items()],
        "pinned": sorted(said.pinned),
        "apart": sorted(said.apart),
        "names": [*out.numbers],
        "arrays": [[name, values.typecode, len(values)] for name, values in out.arrays.items()],
    }
    told = json.dumps(head, separators=(",", ":")).encode()
    body = b"".join([struct.pack("<I", len(told)), told, *map(_bytes, out.arrays.values())])
    return _MAGIC + zlib.compress(body, _LEVEL)


def _pack_index(out: _Writer, name: str, index: Index) -> None:
    """Write the centroids: those of one report by its vector, the others by their sums."""
    centroids = index.centroids
    out.put(f"{name}.number", "q", centroids)
    out.put(f"{name}.size", "q", (one.size for one in centroids.values()))
    out.put(f"{name}.norm", "d", (one.norm for one in centroids.values()))
    out.vectors(f"{name}.first", (one.first for one in centroids.values()))
    out.maps(f"{name}.sum", (one.sum or {} for one in centroids.values()))


def _bytes(values: array[Any]) -> bytes:
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values.tobytes()


def unpack(data: bytes, held: Holding, said: Said, frequencies: tuple[Frequencies, ...]) -> Any:
    """Read everything into what is empty; gives the clock.

    :raises BadCheckpoint: for bytes that `pack` did not write.
    """
    if not data.startswith(_MAGIC):
        raise BadCheckpoint("these bytes are no checkpoint of stories")
    try:
        body = zlib.decompress(data[len(_MAGIC) :])
        (size,) = struct.unpack_from("<I", body)
        head = json.loads(body[4 : 4 + size])
        source = _Reader(head["names"], _arrays(head["arrays"], memoryview(body)[4 + size :]))
        _read_all(head, source, held, frequencies)
        said.pinned.update(head["pinned"])
        said.apart.update((one, other) for one, other in head["apart"])
        return head["clock"]
    except (zlib.error, struct.error, ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadCheckpoint("this checkpoint of stories is damaged") from error


def _arrays(told: Iterable[tuple[str, str, int]], body: memoryview) -> dict[str, array[Any]]:
    found: dict[str, array[Any]] = {}
    at = 0
    for name, code, count in told:
        values: array[Any] = array(code)
        end = at + count * values.itemsize
        values.frombytes(body[at:end])
        if sys.byteorder == "big":
            values.byteswap()
        found[name], at = values, end
    return found


def _read_all(head: Any, source: _Reader, held: Holding, frequencies: tuple[Frequencies, ...]) -> None:
    maps = iter(source.maps("counts"))
    for one, languages in zip(frequencies, head["counted"], strict=True):
        one.languages.update({name: Counts(reports, next(maps)) for name, reports in languages})
    words, shared = source.vectors("words"), source.vectors("shared")
    for n, seq in enumerate(source.arrays["seq"]):
        time = source.arrays["time"][n]
        known = None if time != time else time
        held.reports[seq] = Taken(seq, words[n], shared[n], known, *head["texts"][n])
    for name, seqs, cells, languages, *rest in head["stories"]:
        held.stories[name] = Story(name, seqs, cells, set(languages), *rest)
        held.story_of.update(dict.fromkeys(seqs, name))
    held.cells.update({cell: (name, script) for cell, name, script in head["cells"]})
    held.titles.update({held.reports[seq].title: seq for seq in source.arrays["titles"]})
    _read_index(source, "by_words", held.words)
    _read_index(source, "by_shared", held.shared)


def _read_index(source: _Reader, name: str, index: Index) -> None:
    firsts, sums = source.vectors(f"{name}.first"), source.maps(f"{name}.sum")
    sizes, norms = source.arrays[f"{name}.size"], source.arrays[f"{name}.norm"]
    for n, number in enumerate(source.arrays[f"{name}.number"]):
        found = Centroid(firsts[n])
        found.size, found.norm = sizes[n], norms[n]
        found.sum = sums[n] if sizes[n] > 1 else None
        index.put(number, found)
