"""A simulated web of publishers on loopback, for demos, tests and measurements."""

from daily8.replay.clock import CorpusClock, clock_for
from daily8.replay.corpus import Corpus, CorpusError, corpus_from_rows, load_jsonl, load_pages, open_corpus
from daily8.replay.server import ReplayServer, serve

__all__ = [
    "Corpus",
    "CorpusClock",
    "CorpusError",
    "ReplayServer",
    "clock_for",
    "corpus_from_rows",
    "load_jsonl",
    "load_pages",
    "open_corpus",
    "serve",
]
