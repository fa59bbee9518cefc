"""What another reading of a page changes: the blocks of both, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from daily8.news.blocks import block_text
from daily8.news.types import BLOCKS, Block, Embed, Image

MOST = 400
"""Blocks of one text that are compared."""
_NAMES = {cls: name for name, cls in BLOCKS.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """A block on one side."""

    kind: str
    """As in `daily8.news.types.BLOCKS`."""
    text: str
    mark: Literal["", "gone", "new"] = ""


def _line(block: Block) -> tuple[str, str]:
    text = block_text(block)
    if not text and isinstance(block, Image):
        text = block.caption or block.alt or block.url
    if not text and isinstance(block, Embed):
        text = block.text or block.url
    return _NAMES[type(block)], text


def side_by_side(
    before: Sequence[Block], after: Sequence[Block]
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Give the lines of both texts; what stands on one side alone is marked."""
    old, new = [*map(_line, before[:MOST])], [*map(_line, after[:MOST])]
    left: list[Line] = []
    right: list[Line] = []
    for same, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left += [Line(*line, mark="" if same == "equal" else "gone") for line in old[i1:i2]]
        right += [Line(*line, mark="" if same == "equal" else "new") for line in new[j1:j2]]
    return tuple(left), tuple(right)
