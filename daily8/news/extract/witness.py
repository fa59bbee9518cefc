"""Witnesses: who says which texts of a page are the article's (trafilatura, JSON-LD, the feed)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trafilatura import bare_extraction

from daily8.news.drawing import Drawn, draw
from daily8.news.extract.evidence import Evidence
from daily8.news.extract.linked import several
from daily8.news.extract.sketch import sketch
from daily8.news.sanitise import plain
from daily8.news.types import ListBlock, Paragraph, Quote

MOST_ELEMENTS = 25_000
"""Elements above which trafilatura is not asked: its time grows with their square."""
LEAST_WITNESS = 200
"""Characters below which a stated body says nothing."""
_NOT_WORDS = re.compile(r"[\W_]+")
_ENDED = re.compile(r"[.!?…。！？؟:;”\"»“'’)\]]\s*$")


def key(text: str) -> str:
    """Fold a text to its letters and digits, so that two renderings of it are equal."""
    return _NOT_WORDS.sub("", text.casefold())


@dataclass(slots=True)
class Unit:
    """A drawn block on trial."""

    drawn: Drawn
    key: str
    read: bool = False
    """Trafilatura takes it for the article's."""
    stated: bool = False
    """JSON-LD or the feed has it."""
    boxed: int = 0
    inside: bool = False
    leading: bool = False
    """It stands between the headline and the article's place."""
    score: float = 0.0

    @property
    def text(self) -> str:
        return self.drawn.text

    @property
    def density(self) -> float:
        return self.drawn.linked / max(1, len(self.drawn.text))

    @property
    def ended(self) -> bool:
        """Whether the text ends as a sentence does."""
        return bool(_ENDED.search(self.text))

    @property
    def prose(self) -> bool:
        return isinstance(self.drawn.block, Paragraph | Quote | ListBlock)


@dataclass(slots=True)
class Witnesses:
    """The texts that others take for the article's."""

    read: str
    stated: str
    complete: bool
    """Whether what is stated seems to be the whole text."""


def drawn_of(evidence: Evidence) -> list[Drawn]:
    """Draw the page's blocks."""
    body = evidence.tree.find("body")
    return draw(body if body is not None else evidence.tree, evidence.base, page=True)


def witnesses(evidence: Evidence, drawn: list[Drawn]) -> Witnesses:
    """Ask trafilatura, JSON-LD and the feed for the text."""
    read = _read(evidence, drawn)
    bodies = [plain(str(b)) for b in several(evidence.article.get("articleBody")) if isinstance(b, str)]
    if evidence.entry and evidence.entry.content:
        bodies.append(plain(evidence.entry.content))
    stated = max((key(b) for b in bodies), key=len, default="")
    if len(stated) < LEAST_WITNESS:
        stated = ""
    return Witnesses(read, stated, len(stated) > 0.6 * max(len(read), 400))


def _read(evidence: Evidence, drawn: list[Drawn]) -> str:
    page, count = sketch(drawn, evidence.tree)
    if count > MOST_ELEMENTS:
        return ""
    try:
        document = bare_extraction(page, fast=True, include_comments=False, with_metadata=False)
    except Exception:
        return ""
    text = getattr(document, "text", None)
    return "\n".join(key(line) for line in text.splitlines()) if isinstance(text, str) else ""


def units_of(drawn: list[Drawn], told: Witnesses) -> list[Unit]:
    """Put the page's blocks on trial, and mark what the witnesses know."""
    units = [Unit(d, key(d.text)) for d in drawn]
    lines = set(told.read.split("\n"))
    for unit in units:
        if unit.key:
            unit.read = unit.key in lines or (len(unit.key) >= 25 and _among(unit.key, told.read))
            unit.stated = len(unit.key) >= 12 and _among(unit.key, told.stated)
    return units


def _among(text: str, whole: str) -> bool:
    if text in whole:
        return True
    if len(text) < 60:
        return False
    third = len(text) // 3
    return sum(part in whole for part in (text[:third], text[third : 2 * third], text[2 * third :])) >= 2
