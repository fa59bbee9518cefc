"""The corpora that can be replayed: JSON lines, rows, and folders of real pages."""

from __future__ import annotations

import gzip
from pathlib import Path

from daily8.replay.archive import expectations, is_folder_of_pages, load_pages
from daily8.replay.articles import Article, Corpus, FeedFormat, Publisher
from daily8.replay.rows import corpus_from_rows, load_jsonl

__all__ = [
    "Article",
    "Corpus",
    "CorpusError",
    "FeedFormat",
    "Publisher",
    "corpus_from_rows",
    "expectations",
    "load_jsonl",
    "load_pages",
    "open_corpus",
]


class CorpusError(Exception):
    """A path that cannot be replayed; the message is one sentence for a person."""


def open_corpus(path: Path) -> Corpus:
    """Read the corpus at `path`, telling by its shape what it is.

    A file is JSON lines, packed where its name ends in ``.gz``; a folder holds pages by country, itself or
    under ``publishers`` or ``pages/publishers``.

    :raises CorpusError: when it is neither, or holds no article that can be used.
    """
    if path.is_dir():
        folders = (path, path / "publishers", path / "pages" / "publishers")
        folder = next((f for f in folders if is_folder_of_pages(f)), None)
        if folder is None:
            raise CorpusError(
                f"{path} holds no pages to replay: give a folder with <country>/<Publisher>_<date>.html.gz "
                "in it, or a file of JSON lines."
            )
        corpus = load_pages(folder)
    elif path.is_file():
        corpus = _read_lines(path)
    else:
        raise CorpusError(f"There is no corpus at {path}: give a file of JSON lines or a folder of pages.")
    if not corpus.articles:
        why = corpus.problems[0] if corpus.problems else "It is empty."
        raise CorpusError(f"{path} holds no article to replay. {why}")
    return corpus


def _read_lines(path: Path) -> Corpus:
    try:
        if path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8", errors="replace") as packed:
                return load_jsonl(packed)
        with path.open(encoding="utf-8", errors="replace") as file:
            return load_jsonl(file)
    except (OSError, EOFError) as problem:
        raise CorpusError(f"{path} cannot be read: {problem}.") from problem
