"""What the form of a piece says: no news, an opinion, a service piece."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from daily8.news.categories.lexicon import rows
from daily8.news.categories.words import fold, split
from daily8.news.reports import Report

_TITLE, _ENDS = 300, 300
_BREAKS = re.compile(r"\s*[:|：]\s*|\s+[-–—]\s+")
_PIECES = 4
_KINDS = {
    "horoscope": "a horoscope",
    "quiz": "a quiz",
    "puzzle": "a puzzle or its answers",
    "lottery": "lottery numbers",
    "deals": "deals and coupons",
    "products": "a list of products",
    "guide": "a programme guide",
    "sponsored": "paid for by who is written about",
    "service": "a daily notice",
}
_NEWS, _SECTION = "news", "section"
_GAMES = frozenset({"horoscope", "quiz", "puzzle"})
OPINION, BYLINE, HOWTO = "opinion", "by", "howto"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a piece is news, and why not."""

    news: bool
    kind: str = ""
    """``horoscope``, ``quiz``, ``puzzle``, ``lottery``, ``deals``, ``products``, ``guide``, ``sponsored`` or
    ``service``; empty for news."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    strength: int
    pattern: re.Pattern[str]
    heads: frozenset[str]


def _regex(pattern: str) -> str:
    """Turn a pattern into a regular expression over folded words that stand between single spaces.

    Gaps are bounded, so that matching takes time linear in the title.
    """
    start, end = pattern.startswith("^"), pattern.endswith("$")
    pieces = ["^" if start else ""]
    for piece in pattern.strip("^$ ").split():
        if piece == "~":
            pieces.append("(?: \\w+){0,4}")
        elif piece == "#":
            pieces.append(" \\d\\w*")
        else:
            star = piece.endswith("*")
            pieces += [f" {re.escape(fold(word))}" for word in split(piece)]
            pieces.append("\\w*" if star else "")
    return "".join(pieces) + "(?= )" + (" $" if end else "")


def _row(kind: str, strength: str, cell: str) -> _Row:
    patterns = [pattern.strip() for pattern in cell.split("|")]
    if kind == _NEWS:
        patterns = [word for pattern in patterns for word in pattern.split()]
    heads = frozenset(
        " ".join(fold(word) for word in split(pattern)) for pattern in patterns if pattern.startswith(":")
    )
    inside = [_regex(pattern) for pattern in patterns if not pattern.startswith(":")]
    return _Row(kind, int(strength), re.compile("|".join(inside) or "(?!)"), heads)


@lru_cache(maxsize=64)
def _rows(language: str) -> tuple[_Row, ...]:
    """Give the rows that count for a language; where it is unknown, all."""
    known = {code for _, _, codes, _ in rows("forms.tsv") for code in codes.split()}
    return tuple(
        _row(kind, strength, cell)
        for kind, strength, codes, cell in rows("forms.tsv")
        if strength != _SECTION and (language in codes.split() or language not in known)
    )


def _plain(text: str) -> str:
    return "".join([" ", *(f"{fold(word)} " for word in split(text))])


def _heads(title: str) -> frozenset[str]:
    """Give what stands before the first and behind the last break of a title."""
    pieces = _BREAKS.split(title, maxsplit=_PIECES)
    if len(pieces) < 2:
        return frozenset()
    return frozenset(_plain(piece).strip() for piece in (pieces[0], pieces[-1]))


def marks(report: Report, *kinds: str) -> Iterator[tuple[str, int, str]]:
    """Give the forms of these kinds that a piece has: kind, strength, and the words that show it."""
    title = report.title[:_TITLE]
    plain, heads = _plain(title), _heads(title)
    ends = ""
    for row in _rows(report.language):
        if row.kind not in kinds:
            continue
        if row.kind == BYLINE:
            ends = ends or _plain(f"{report.text[:_ENDS]} {report.text[-_ENDS:]}")
        if found := row.pattern.search(ends if row.kind == BYLINE else plain):
            yield row.kind, row.strength, found[0].strip()
        elif told := [head for head in sorted(heads) if _is_head(head, row)]:
            yield row.kind, row.strength, told[0]


def _is_head(head: str, row: _Row) -> bool:
    """Say whether a head is listed; of games also one that ends so (``Saturday quiz``)."""
    if head in row.heads:
        return True
    words = head.split()
    return row.kind in _GAMES and 1 < len(words) <= 4 and words[-1] in row.heads


@cache
def _sections() -> dict[str, str]:
    """Give the kinds that names of sections mean."""
    return {
        _plain(name).strip(): kind
        for kind, strength, _, cell in rows("forms.tsv")
        if strength == _SECTION
        for name in cell.split("|")
    }


def _told(section: str, tags: Sequence[str], url: str) -> tuple[str, str]:
    """Give the kind that the source itself names, and where."""
    table = _sections()
    path = url[:2000].partition("//")[2].split("?")[0].split("/")[1:-1]
    for name, where in (
        (section, "section"),
        *((tag, "tag") for tag in tags[:12]),
        *((piece, "address part") for piece in path[:6]),
    ):
        kind = table.get(_plain(name[:80].replace("-", " ")).strip(), "")
        if kind:
            return kind, f"{where} {name.strip()[:40]!r}"
    return "", ""


def is_news(report: Report, *, section: str = "", tags: Sequence[str] = ()) -> Verdict:
    """Say whether a piece is news, which horoscopes, quizzes, coupons and lists of products are not.

    Decided by the title and by what the source says; where a weaker form stands beside words of news
    (somebody wins, sues, dies), it is news. A service piece ("how to") is news of the category ``Lifestyle``.
    """
    kind, where = _told(section, tags, report.url)
    if kind:
        return Verdict(False, kind, f"{_KINDS[kind]}: {where}")
    found = sorted(marks(report, *_KINDS), key=lambda mark: -mark[1])
    if not found:
        return Verdict(True)
    kind, strength, words = found[0]
    if strength < 3 and any(marks(report, _NEWS)):
        return Verdict(True)
    return Verdict(False, kind, f"{_KINDS[kind]}: {words!r} in the title")
