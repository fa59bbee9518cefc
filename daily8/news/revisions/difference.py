"""What differs between two versions of an article, passage by passage and word by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from daily8.news.blocks import block_text
from daily8.news.revisions.alignment import Steps, align, pairs
from daily8.news.revisions.words import Word, words
from daily8.news.types import Block, Embed, Heading, Image, ListBlock, Quote, Rule, Table

RunOp = Literal["same", "inserted", "deleted"]
PassageOp = Literal["same", "changed", "inserted", "deleted", "moved"]
_FLOATING = frozenset({"image", "embed"})
"""What pages set now here, now there, without saying anything else by it."""
CLOSELY = 100_000
"""Characters of a body that are compared word by word; of what follows, passages are."""
PASSAGES = 2000
"""Of one version; what follows is compared as one."""


@dataclass(frozen=True, slots=True)
class Version:
    """What an article said at one time."""

    title: str = ""
    dek: str = ""
    blocks: tuple[Block, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one fate."""

    op: RunOp
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A block's text and what became of it; one that moved stands where it came to."""

    name: str
    """``paragraph``, ``heading``, ``quote``, ``list``, ``table``, ``image`` (its caption) or ``embed``."""
    op: PassageOp
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Hunk:
    """Words that gave way to others, with the words around them."""

    place: Literal["title", "dek", "body"]
    old: tuple[Word, ...]
    new: tuple[Word, ...]
    old_at: int
    """Where ``old`` begins in ``old_words``."""
    new_at: int
    old_words: tuple[Word, ...]
    """Of the passage in which they stood; empty where the whole passage is new."""
    new_words: tuple[Word, ...]
    quoted: bool
    """Whether the passage is a quotation set apart."""


@dataclass(frozen=True, slots=True)
class Laid:
    """Two versions laid side by side."""

    title: tuple[Run, ...]
    dek: tuple[Run, ...]
    passages: tuple[Passage, ...]
    hunks: tuple[Hunk, ...]
    same: int
    """Words of title, dek and body that stayed."""
    inserted: int
    deleted: int
    moved: int
    """Words of passages that stand elsewhere in the text now; pictures and cards are not counted."""


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    words: tuple[Word, ...]

    @property
    def keys(self) -> list[str]:
        return [word.key for word in self.words]

    @property
    def bag(self) -> list[str]:
        """What tells versions of one passage: a caption is none of a paragraph."""
        return [f"{self.name} {key}" for key in self.keys] if self.name in _FLOATING else self.keys

    @property
    def said(self) -> str:
        return " ".join(word.key for word in self.words if word.key)


@dataclass(slots=True)
class _Tally:
    hunks: list[Hunk]
    same: int = 0
    inserted: int = 0
    deleted: int = 0


def lay(old: Version, new: Version) -> Laid:
    """Lay two versions side by side.

    The runs that stayed and the inserted ones are the new text, word for word; those that stayed are set as
    in the new one. Time is bounded: what would take too long to compare closely is shown as replaced.
    """
    tally, steps = _Tally([]), Steps()
    title = _runs(
        "title", _Part("heading", words(old.title)), _Part("heading", words(new.title)), tally, steps
    )
    dek = _runs("dek", _Part("paragraph", words(old.dek)), _Part("paragraph", words(new.dek)), tally, steps)
    before, after = _parts(old.blocks), _parts(new.blocks)
    if _stream(before) == _stream(after):  # however it is cut into passages
        passages, moved = [_whole(part, "same", tally) for part in after], 0
    else:
        passages, moved = _body(before, after, tally, steps)
    return Laid(
        title=title,
        dek=dek,
        passages=tuple(passages),
        hunks=tuple(tally.hunks),
        same=tally.same,
        inserted=tally.inserted,
        deleted=tally.deleted,
        moved=moved,
    )


def _body(
    before: Sequence[_Part], after: Sequence[_Part], tally: _Tally, steps: Steps
) -> tuple[list[Passage], int]:
    # Pictures that are on both sides stand where they stand now, and do not disturb how the texts are laid.
    came = Counter(part.said for part in after if part.name in _FLOATING)
    both = came & Counter(part.said for part in before if part.name in _FLOATING)
    texts, _ = _without(before, both)
    fresh, floats = _without(after, both)
    passages, moved = _texts(texts, fresh, tally, steps)
    found: list[Passage] = []
    at = 0
    for passage in passages:
        while passage.op != "deleted" and at in floats:
            found.append(_whole(floats[at], "same", tally))
            at += 1
        found.append(passage)
        at += passage.op != "deleted"
    return [*found, *(_whole(part, "same", tally) for n, part in sorted(floats.items()) if n >= at)], moved


def _without(parts: Sequence[_Part], floats: Counter[str]) -> tuple[list[_Part], dict[int, _Part]]:
    """Take some pictures out: the rest, and what was taken, by its number."""
    left = Counter(floats)
    rest: list[_Part] = []
    taken: dict[int, _Part] = {}
    for n, part in enumerate(parts):
        if part.name in _FLOATING and left[part.said] > 0:
            left[part.said] -= 1
            taken[n] = part
        else:
            rest.append(part)
    return rest, taken


def _texts(
    before: Sequence[_Part], after: Sequence[_Part], tally: _Tally, steps: Steps
) -> tuple[list[Passage], int]:
    stretches = align([p.said for p in before], [p.said for p in after], steps)
    moved_out, moved_in = _moved(before, after, stretches)
    passages: list[Passage] = []
    moved = sum(_count(after[n].words) for n in moved_in)
    for i1, i2, j1, j2, same in stretches:
        if same:
            passages += [_whole(part, "same", tally) for part in after[j1:j2]]
            continue
        gone = [before[n] for n in range(i1, i2) if n not in moved_out]
        fresh = [n for n in range(j1, j2) if n not in moved_in]
        partners = {
            fresh[j]: i for i, j in pairs([p.bag for p in gone], [after[n].bag for n in fresh], steps)
        }
        told = 0
        for n in range(j1, j2):
            if n in partners:
                passages += [_whole(part, "deleted", tally) for part in gone[told : partners[n]]]
                told = partners[n] + 1
                runs = _runs("body", gone[partners[n]], after[n], tally, steps)
                passages.append(Passage(after[n].name, "changed", runs))
            else:
                passages.append(_whole(after[n], "moved" if n in moved_in else "inserted", tally))
        passages += [_whole(part, "deleted", tally) for part in gone[told:]]
    return passages, moved


def _count(part: Sequence[Word]) -> int:
    return sum(1 for word in part if word.letters or word.number)


def passage_texts(version: Version) -> tuple[str, ...]:
    """Give the text of each passage of a body, as a difference shows it."""
    return tuple("".join(word.raw for word in part.words) for part in _parts(version.blocks))


def _parts(blocks: Sequence[Block]) -> list[_Part]:
    parts: list[_Part] = []
    left, rest = CLOSELY, []
    for block in blocks:
        name, text = _said(block)
        if text and len(parts) < PASSAGES:
            parts.append(_Part(name, words(text) if len(text) <= left else (Word(text, text),)))
            left -= len(text)
        elif text:
            rest.append(text)
    return [*parts, *([_Part("paragraph", (Word(joined, joined),))] if (joined := "\n".join(rest)) else [])]


def _said(block: Block) -> tuple[str, str]:
    if isinstance(block, Rule):
        return "rule", ""
    if isinstance(block, Image):
        return "image", " ".join(filter(None, (block.caption, block.credit))).strip()
    if isinstance(block, Embed):
        return "embed", (" ".join(filter(None, (block.author, block.text))) or block.url).strip()
    if isinstance(block, Quote):
        return "quote", "\n".join(filter(None, (block_text(block), block.source)))
    if isinstance(block, Table):
        return "table", "\n".join(filter(None, (block.caption, block_text(block)))).strip()
    name = (
        "heading" if isinstance(block, Heading) else "list" if isinstance(block, ListBlock) else "paragraph"
    )
    return name, block_text(block)


def _stream(parts: Sequence[_Part]) -> list[str]:
    flowing = [key for part in parts if part.name not in _FLOATING for key in part.keys if key]
    return [*flowing, "\n", *sorted(part.said for part in parts if part.name in _FLOATING)]


def _moved(
    before: Sequence[_Part], after: Sequence[_Part], stretches: Sequence[tuple[int, int, int, int, bool]]
) -> tuple[set[int], set[int]]:
    """Tell which passages only stand elsewhere: by their numbers in the old and in the new version."""
    gone: dict[str, list[int]] = {}
    come: dict[str, list[int]] = {}
    for i1, i2, j1, j2, same in stretches:
        if not same:
            for n in range(i1, i2):
                gone.setdefault(before[n].said, []).append(n)
            for n in range(j1, j2):
                come.setdefault(after[n].said, []).append(n)
    out: set[int] = set()
    into: set[int] = set()
    for said, places in gone.items():
        # Of several equal ones, as many moved as stand on both sides.
        both = min(len(places), len(come.get(said, ())))
        out.update(places[:both])
        into.update(come.get(said, ())[:both])
    return out, into


def _whole(part: _Part, op: PassageOp, tally: _Tally) -> Passage:
    count = _count(part.words)
    run: RunOp = "same"
    if op == "inserted":
        run, tally.inserted = "inserted", tally.inserted + count
        tally.hunks.append(Hunk("body", (), part.words, 0, 0, (), part.words, part.name == "quote"))
    elif op == "deleted":
        run, tally.deleted = "deleted", tally.deleted + count
        tally.hunks.append(Hunk("body", part.words, (), 0, 0, part.words, (), part.name == "quote"))
    else:
        tally.same += count
    return Passage(part.name, op, (Run(run, _text(part.words)),))


def _runs(
    place: Literal["title", "dek", "body"], old: _Part, new: _Part, tally: _Tally, steps: Steps
) -> tuple[Run, ...]:
    runs: list[Run] = []
    quoted = old.name == new.name == "quote"
    for i1, i2, j1, j2, same in _readable(old, new, align(old.keys, new.keys, steps)):
        gone, come = old.words[i1:i2], new.words[j1:j2]
        if same:
            tally.same += _count(come)
            runs.append(Run("same", _text(come)))
            continue
        tally.deleted += _count(gone)
        tally.inserted += _count(come)
        if any(word.key for word in (*gone, *come)):
            tally.hunks.append(Hunk(place, gone, come, i1, j1, old.words, new.words, quoted))
        runs += [Run(op, _text(part)) for op, part in _sides(gone, come)]
    return tuple(runs)


def _sides(gone: Sequence[Word], come: Sequence[Word]) -> list[tuple[RunOp, Sequence[Word]]]:
    sides: list[tuple[RunOp, Sequence[Word]]] = [("deleted", gone), ("inserted", come)]
    return [(op, part) for op, part in sides if part]


def _readable(
    old: _Part, new: _Part, stretches: list[tuple[int, int, int, int, bool]]
) -> list[tuple[int, int, int, int, bool]]:
    """Join changes between which only a small word or a comma stayed: they are read as one."""
    found: list[tuple[int, int, int, int, bool]] = []
    for n, (i1, i2, j1, j2, same) in enumerate(stretches):
        lone = same and 0 < n < len(stretches) - 1 and i2 - i1 <= 2
        if lone and all(word.small for word in old.words[i1:i2]):
            lone = min(map(_width, (stretches[n - 1], stretches[n + 1]))) >= 2
            same = not lone
        if found and not found[-1][4] and not same:
            found[-1] = (found[-1][0], i2, found[-1][2], j2, False)
        else:
            found.append((i1, i2, j1, j2, same))
    return found


def _width(stretch: tuple[int, int, int, int, bool]) -> int:
    return max(stretch[1] - stretch[0], stretch[3] - stretch[2])


def _text(part: Sequence[Word]) -> str:
    return "".join(word.raw for word in part)
