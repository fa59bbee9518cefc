"""What is kept of an article to know copies of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from daily8.news.copies.words import (
    NUMBER,
    QUOTED,
    Words,
    body_words,
    edge_keys,
    folded_rows,
    is_live,
    paragraphs,
    title_words,
)
from daily8.news.reports import Report
from daily8.news.urls import canonical, domain

_PATH = re.compile(r"[a-z]+://[^/?#]+(?P<path>/[^?#]*)(?P<query>\?[^#]*)?", re.IGNORECASE)
_LEAST_PATH = 16
"""Characters that a path has at least to name one article on every host."""
_LEAST_TITLE = 5
"""Words that a headline has at least to name one article."""


@dataclass(frozen=True, slots=True)
class Document:
    """An article as the words that are compared."""

    seq: int
    title: Words
    body: Words
    edges: tuple[int, ...] = ()
    """The paragraphs at its beginning and end, by which boilerplate is learned."""
    live: bool = False
    time: float | None = None
    """Seconds since 1970, of its publication."""
    publisher: str = ""
    path: int = 0
    """Number of its address without the host, 0 where that names no article."""
    address: int = 0
    """Number of its canonical address, 0 where it has none."""

    @property
    def words(self) -> int:
        """Words of the body."""
        return len(self.body)


def read_document(report: Report, seq: int, known: Callable[[int], bool] = lambda key: False) -> Document:
    """Read a report as a document; paragraphs at its edges that are ``known`` as boilerplate are left out."""
    rows = paragraphs(report.text, report.title)
    plain = folded_rows(rows)
    keys = edge_keys(plain)
    left = [row for row, key in zip(plain, keys, strict=True) if not key or not known(key)]
    title = title_words(report.title)
    path, address = _address(report.url)
    return Document(
        seq=seq,
        title=title,
        body=body_words(left),
        edges=tuple(key for key in keys if key),
        live=is_live(report.title, rows),
        time=report.time.timestamp() if report.time else None,
        publisher=_publisher(report),
        path=path,
        address=address,
    )


def _publisher(report: Report) -> str:
    return " ".join(report.publisher.casefold().split())[:120] or domain(report.url[:2000])


def _address(url: str) -> tuple[int, int]:
    clean = canonical(url[:2000]) if url else ""
    found = _PATH.fullmatch(clean)
    if found is None:
        return 0, 0
    path = found["path"].rstrip("/")
    whole = f"{path}{found['query'] or ''}"
    names = len(path) >= _LEAST_PATH and sum(c.isalpha() for c in path) >= _LEAST_PATH // 2
    return _key(whole) if names else 0, _key(clean)


def _key(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass")) or 1


def title_key(document: Document) -> int:
    """Give the number of a headline that is long enough to name one article, or 0."""
    if len(document.title) < _LEAST_TITLE:
        return 0
    return crc32(document.title.tobytes()) or 1


def numbers(words: Words) -> set[int]:
    """Give the words that are numbers, whether or not they stand in quotation marks."""
    return set((words[(words & np.uint32(NUMBER)) > 0] & ~np.uint32(QUOTED)).tolist())
