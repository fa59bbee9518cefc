"""The articles of the last week or so, and which of them a new one is a copy of."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from daily8.news.copies.document import Document, read_document, title_key
from daily8.news.copies.judge import Rule, Verdict, judge
from daily8.news.copies.prints import Prints, kept, looked_up, shingles
from daily8.news.reports import Report

RECIPE = "copies/1"
"""Rises with what any of this package reads or judges otherwise."""
MOST_ARTICLES = 50_000
MOST_WORDS = 20_000_000
"""Words of all articles together; four octets each."""
HELD = 8
"""Articles by which one fingerprint is known: the newest."""
CHECKED = 10
"""Candidates of one article that are judged, those with the most fingerprints in common."""
BOILERPLATE = 4
"""Articles that are no copies of each other from which an edge paragraph is boilerplate."""
MOST_EDGES = 100_000

_TITLE, _PATH, _ADDRESS = 1 << 64, 1 << 65, 1 << 66
"""What keys that are no fingerprints are marked by."""


@dataclass(frozen=True, slots=True)
class Copy:
    """That an article is a copy of an earlier one, and why."""

    seq: int
    of: int
    """The earlier article that it has the most in common with."""
    group: int
    """The first article of all that are copies of each other."""
    rule: Rule
    share: float
    """Of the shorter text's shingles, how many stand in the longer one."""
    jaccard: float
    common: int
    """Words in common."""
    words: tuple[int, int]
    """Of this text and of the earlier one."""
    edits: int


def copy_to_json(copy: Copy) -> dict[str, Any]:
    """Give a copy as JSON's own types, figures to three decimals."""
    return {
        "seq": copy.seq,
        "of": copy.of,
        "group": copy.group,
        "rule": copy.rule,
        "share": round(copy.share, 3),
        "jaccard": round(copy.jaccard, 3),
        "common": copy.common,
        "words": list(copy.words),
        "edits": copy.edits,
    }


def copy_from_json(told: Mapping[str, Any]) -> Copy:
    """Read what `copy_to_json` gave."""
    one, other = told["words"]
    return Copy(**{**told, "words": (one, other)})


class LiveCopies:
    """Tell of each article, in the order of arrival, whether it is a copy of an earlier one.

    Deterministic and without a clock: what an article is taken for follows from the reports before it.
    The oldest go when there are more than ``articles`` or their texts have more than ``words``.
    """

    def __init__(self, articles: int = MOST_ARTICLES, words: int = MOST_WORDS) -> None:
        self.most_articles, self.most_words = articles, words
        self.documents: OrderedDict[int, Document] = OrderedDict()
        self.groups: dict[int, int] = {}
        """The first article of its group, of each that is a copy."""
        self.edges: OrderedDict[int, int] = OrderedDict()
        """How often an edge paragraph was seen, the longest unseen first."""
        self._by_key: dict[int, int | tuple[int, ...]] = {}
        # Nearly all keys have one article: its number alone takes half of what a tuple would.
        self._words = 0

    def __len__(self) -> int:
        return len(self.documents)

    def place(self, report: Report, seq: int) -> Copy | None:
        """Take an article in; give which earlier one it is a copy of, if any.

        :raises ValueError: if ``seq`` does not grow.
        """
        document = self._read(report, seq)
        found = self._best(document, prints := shingles(document.body))
        copy = None if found is None else self._copy(document, *found)
        self._take(document, prints, copy)
        return copy

    def follow(self, report: Report, seq: int, copy: Copy | None) -> None:
        """Take an article in by what was told of it before: the state is as if it had been told now.

        :raises ValueError: if ``seq`` does not grow.
        """
        document = self._read(report, seq)
        self._take(document, shingles(document.body), copy)

    def keep(self, document: Document, prints: Prints | None = None) -> None:
        """Take a document in without judging it, and let the oldest go."""
        self.documents[document.seq] = document
        self._words += document.words + len(document.title)
        for key in _kept_keys(document, prints):
            held = self._held(key)
            self._by_key[key] = (*held[1 - HELD :], document.seq) if held else document.seq
        while len(self.documents) > self.most_articles or (
            self._words > self.most_words and len(self.documents) > 1
        ):
            self._forget()

    def _read(self, report: Report, seq: int) -> Document:
        if self.documents and seq <= next(reversed(self.documents)):
            raise ValueError(f"article {seq} comes after {next(reversed(self.documents))}")
        return read_document(report, seq, self._is_boilerplate)

    def _take(self, document: Document, prints: Prints, copy: Copy | None) -> None:
        if copy is None:
            self._learn(document)
        else:
            self.groups[document.seq] = copy.group
        self.keep(document, prints)

    def _forget(self) -> None:
        seq, document = self.documents.popitem(last=False)
        self.groups.pop(seq, None)
        self._words -= document.words + len(document.title)
        for key in _kept_keys(document):
            held = self._held(key)
            if held and held[0] == seq:  # the oldest of all stands first, if the newer have not pushed it out
                if len(held) == 1:
                    del self._by_key[key]
                else:
                    self._by_key[key] = held[1:] if len(held) > 2 else held[1]

    def _held(self, key: int) -> tuple[int, ...]:
        held = self._by_key.get(key, ())
        return held if isinstance(held, tuple) else (held,)

    def _best(self, document: Document, prints: Prints) -> tuple[Document, Verdict] | None:
        best: tuple[tuple[float, float, int], Document, Verdict] | None = None
        for seq in self._candidates(document, prints):
            other = self.documents[seq]
            verdict = judge(document, other)
            if verdict is None:
                continue
            rank = (verdict.jaccard, verdict.share, -seq)
            if best is None or rank > best[0]:
                best = rank, other, verdict
        return best[1:] if best else None

    def _candidates(self, document: Document, prints: Prints) -> list[int]:
        """Give the articles worth judging: those with the most keys in common, the earlier first."""
        votes: dict[int, int] = {}
        for weight, keys in ((1, looked_up(prints)), (2, _marks(document))):
            for key in keys:
                for seq in self._held(key) if key in self._by_key else ():
                    votes[seq] = votes.get(seq, 0) + weight
        return sorted(votes, key=lambda seq: (-votes[seq], seq))[:CHECKED]

    def _copy(self, document: Document, other: Document, verdict: Verdict) -> Copy:
        return Copy(
            seq=document.seq,
            of=other.seq,
            group=self.groups.get(other.seq, other.seq),
            rule=verdict.rule,
            share=verdict.share,
            jaccard=verdict.jaccard,
            common=verdict.common,
            words=verdict.words,
            edits=verdict.edits,
        )

    def _is_boilerplate(self, edge: int) -> bool:
        return self.edges.get(edge, 0) >= BOILERPLATE

    def _learn(self, document: Document) -> None:
        for edge in document.edges:
            self.edges[edge] = min(self.edges.pop(edge, 0) + 1, BOILERPLATE)
        while len(self.edges) > MOST_EDGES:
            self.edges.popitem(last=False)


def _marks(document: Document) -> list[int]:
    """Give the keys that are no fingerprints: headline and address."""
    marks = (
        (_TITLE, title_key(document)),
        (_PATH, document.path),
        (_ADDRESS, document.address),
    )
    return [mark | key for mark, key in marks if key]


def _kept_keys(document: Document, prints: Prints | None = None) -> list[int]:
    return kept(shingles(document.body) if prints is None else prints) + _marks(document)
