"""The page after which ours is modelled: its articles, cut out of the saved text by position."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from daily8.news.quotes import closed
from tests.conftest import CORPUS

FILE = Path(os.environ.get("DAILY8_SEED", CORPUS.parent / "seed" / "daily8-article-page.txt")).resolve()
_AGE = re.compile(r"time(\d+|an?) (minute|hour)s? ago")


@dataclass(frozen=True)
class Piece:
    """An article of the page."""

    title: str
    publisher: str
    published: str
    """Relative to the moment of the page: ``-17m``."""
    dek: str
    text: str

    @property
    def headline(self) -> str:
        """Its title as ours shows it: a quotation that opens curly and closes straight is mended."""
        return closed(self.title)

    def row(self, **values: Any) -> dict[str, Any]:
        """Give it as a row to replay."""
        return {
            "id": re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")[:60],
            "publisher": self.publisher,
            "lang": "en",
            "title": self.title,
            "published": self.published,
            "dek": self.dek,
            "text": self.text,
            **values,
        }


def pieces() -> list[Piece]:
    """Read the page's article, of a publisher and an age of our choice, and its related ones.

    Blocks of lines are told apart by empty lines: the page begins with its title, twice, and the text, whose
    first line is the dek. A related article is title, publisher, age, publisher, title, text.
    """
    if not FILE.is_file():
        pytest.skip(f"the saved page is not at {FILE} (set DAILY8_SEED)")
    blocks = [block.strip().split("\n") for block in re.split(r"\n\s*\n", FILE.read_text("utf-8"))]
    dek, *body = blocks[2]
    found = [Piece(blocks[1][0], "The Seed", "-25m", dek, "\n".join(body))]
    for at, block in enumerate(blocks):
        if age := _AGE.fullmatch(block[0].strip()):
            count = int(age[1]) if age[1].isdigit() else 1
            minutes = count * (60 if age[2] == "hour" else 1)
            found.append(Piece(blocks[at - 2][0], blocks[at - 1][0], f"-{minutes}m", "", blocks[at + 3][0]))
    return found
