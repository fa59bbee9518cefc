"""How much a text changed, and whether its publisher said so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from daily8.news.revisions.difference import Hunk, Laid, Passage, Run, Version, lay, passage_texts
from daily8.news.revisions.facts import Fact, facts
from daily8.news.revisions.words import Word, bare, listed, words

Kind = Literal["none", "typo", "correction", "update", "rewritten"]

TYPOS_MOST = 8
"""Slips that may be mended at once; more are an update."""
_CORRECTED_MOST = 12
_CORRECTED_SHARE = 0.1
"""Words, and their share of the text, up to which changed facts are a correction."""
_LONG = 40
"""Words from which a text can be called rewritten."""
_KEPT = 0.4
_MOVED = 8
"""Words that stand elsewhere, from which that is a change."""
_FURNITURE = listed(
    "advertisement ad share print comment comments minute minutes min read reading time view views shares "
    "likes last update updated modified published ago hour hours day days am pm at on live listen save "
    "إعلان شارك مشاركة طباعة تعليق تعليقات دقيقة دقائق قراءة مشاهدة آخر تحديث نشر منذ ساعة ساعات استمع"
)
"""Words of lines that count and stamp, and tell nothing."""
_FURNITURE_MOST = 12
"""Words of such a line."""
_SAID = re.compile(
    r"\b(?:correct(?:ion|ed|s)|clarification|amended|updated?|editors? note|editor's note|an earlier version|"
    r"previous version|this (?:article|story|report) (?:was|has been))\b"
    r"|تصحيح|تصويب|توضيح|تنويه|تحديث|تم تعديل|نسخة سابقة",
    re.IGNORECASE,
)
"""How publishers say within a text that it was changed."""
_PREFIXES = ("ال", "و", "ف", "ب", "ل", "وال", "بال", "لل", "فال")


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two versions, for people."""

    kind: Kind
    facts: tuple[Fact, ...]
    title: tuple[Run, ...]
    dek: tuple[Run, ...]
    passages: tuple[Passage, ...]
    inserted: int
    """Words."""
    deleted: int
    headline: bool
    """Whether the title says something else, slips aside."""
    said: bool
    """Whether the new words themselves say that the text was changed."""


def compare(old: Version, new: Version) -> Difference:
    """Compare two versions of an article: how much changed, which facts, and where.

    ``none`` is all that only concerns how a text is set: white space, quotation marks, dashes, the cut into
    passages, where its pictures stand. ``typo`` mends slips: no number, name, quotation or denial, and no
    word of weight. ``correction`` changes little, but facts; ``update`` changes more, or adds; of a
    ``rewritten`` text less than two fifths stayed.
    """
    laid = lay(old, new)
    hunks = tuple(hunk for hunk in laid.hunks if not _is_furniture(hunk))
    changed = facts(hunks, new.language or old.language)
    return Difference(
        kind=_kind(laid, hunks, changed),
        facts=changed,
        title=laid.title,
        dek=laid.dek,
        passages=laid.passages,
        inserted=laid.inserted,
        deleted=laid.deleted,
        headline=any(not _slip(hunk) for hunk in hunks if hunk.place == "title"),
        said=any(_SAID.search("".join(word.raw for word in hunk.new)) for hunk in hunks),
    )


def _kind(laid: Laid, hunks: tuple[Hunk, ...], changed: tuple[Fact, ...]) -> Kind:
    if not hunks:
        return "update" if laid.moved >= _MOVED else "none"
    if not changed and len(hunks) <= TYPOS_MOST and all(map(_slip, hunks)):
        return "typo"
    most = max(laid.same + laid.deleted, laid.same + laid.inserted)
    if laid.same + laid.deleted >= _LONG and laid.same < _KEPT * most:
        return "rewritten"
    if changed and max(laid.inserted, laid.deleted) <= max(_CORRECTED_MOST, _CORRECTED_SHARE * most):
        return "correction"
    return "update"


def _is_furniture(hunk: Hunk) -> bool:
    """Tell whether what changed is a line that counts or stamps, and no part of what is told."""
    sides = (hunk.old_words, hunk.new_words)
    return (
        hunk.place == "body"
        and any(word.letters for side in sides for word in side)
        and all(
            len(side) <= _FURNITURE_MOST
            and all(not w.letters or w.key.casefold() in _FURNITURE for w in side)
            for side in sides
        )
    )


def _slip(hunk: Hunk) -> bool:
    """Tell whether a change mends a slip: of spelling, a small word, a mark, a word that stood twice."""
    if not hunk.old_words or not hunk.new_words:
        return False
    if any(w.counts or w.denies for w in (*hunk.old, *hunk.new)):
        return False
    old, new = _weighty(hunk.old), _weighty(hunk.new)
    if len(old) == len(new):
        return len(old) <= 3 and all(map(_same_word, old, new))
    if len(hunk.old) + len(hunk.new) > 3:
        return False
    longer, around = (hunk.old, hunk.old_words) if len(old) > len(new) else (hunk.new, hunk.new_words)
    at = hunk.old_at if longer is hunk.old else hunk.new_at
    beside = [w.key.casefold() for w in (*around[max(0, at - 1) : at], *around[at + len(longer) :][:1])]
    joined = "".join(bare(w) for w in old) == "".join(bare(w) for w in new)
    return joined or all(word.key.casefold() in beside for word in longer if not word.small)


def _weighty(side: tuple[Word, ...]) -> list[str]:
    return [word.key for word in side if not word.small and word.key]


def _same_word(one: str, other: str) -> bool:
    """Tell whether two spellings are of one word, as far as letters can tell."""
    a, b = sorted((bare(one), bare(other)), key=lambda word: (len(word), word))
    if a == b or any(b == prefix + a for prefix in _PREFIXES):
        return True
    if min(len(a), len(b)) < 4:
        return False
    stem = next((n for n in range(len(a)) if a[n] != b[n]), len(a))
    if stem >= 4 and len(a) - stem <= 2 and len(b) - stem <= 3:
        return True
    end = next((n for n in range(len(a) - stem) if a[-1 - n] != b[-1 - n]), len(a) - stem)
    rest_a, rest_b = a[stem : len(a) - end], b[stem : len(b) - end]
    return max(len(rest_a), len(rest_b)) <= 1 or (len(rest_a) == 2 and sorted(rest_a) == sorted(rest_b))


def is_silent(
    found: Difference, *, before: datetime | None, after: datetime | None, published: datetime, live: bool
) -> bool:
    """Tell whether a text was changed and its publisher did not say so.

    ``before`` and ``after`` are the times of its last update as the publisher stated them with the old and
    with the new text. Slips may be mended without a word, live coverage changes by its nature, and a note in
    the text is a word, too.
    """
    if found.kind in ("none", "typo") or live or found.said:
        return False
    return after is None or after <= (before or published)


def is_cut(old: Version, new: Version) -> bool:
    """Tell whether a new version is only the beginning of the old one, as pages show it before a wall."""
    long, short = ([w.key for text in passage_texts(v) for w in words(text)] for v in (old, new))
    if not short or len(short) > 0.8 * len(long):
        return False
    same = next((n for n, (a, b) in enumerate(zip(long, short, strict=False)) if a != b), len(short))
    return same >= max(10, 0.6 * len(short)) or same == len(short)
