"""What the form of a piece says: no news, an opinion, a service piece."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

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
_SECTIONS = {
    "horoscope": "horoscope horoscopes astrology zodiac أبراج الأبراج حظك_اليوم horoscopo oroscopo horoskop burçlar гороскоп",
    "quiz": "quiz quizzes اختبارات مسابقات",
    "puzzle": "crossword crosswords puzzle puzzles puzzles_and_games sudoku كلمات_متقاطعة ألغاز mots_croises jeux_et_mots_croises",
    "lottery": "lottery lotto يانصيب loterie loteria lotterie",
    "deals": "deals coupons promo_codes discount_codes voucher_codes عروض كوبونات bons_plans gutscheine",
    "products": "shopping reviews_and_recommendations gift_guide buying_guides تسوق best_products",
    "guide": "tv_guide tv_listings whats_on_tv programme_tv دليل_التلفزيون",
    "sponsored": "sponsored sponsored_content paid_content partner_content advertorial branded_content brand_studio advertisement إعلان محتوى_مدفوع إعلانات publi_redactionnel publireportage anzeige",
}
_NEWS = "news"
OPINION, BYLINE, HOWTO = "opinion", "by", "howto"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a piece is news, and why not."""

    news: bool
    kind: str = ""
    """``horoscope``, ``quiz``, ``puzzle``, ``lottery``, ``deals``, ``products``, ``guide``, ``sponsored``, ``service``."""
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
    for token in pattern.strip("^$ ").split():
        if token == "~":
            pieces.append("(?: \\w+){0,4}")
        elif token == "#":
            pieces.append(" \\d\\w*")
        else:
            star = token.endswith("*")
            pieces += [f" {re.escape(fold(word))}" for word in split(token)]
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


@cache
def _rows(language: str) -> tuple[_Row, ...]:
    """Give the rows that count for a language; where it is unknown, all."""
    known = {code for _, _, codes, _ in rows("forms.tsv") for code in codes.split()}
    return tuple(
        _row(kind, strength, cell)
        for kind, strength, codes, cell in rows("forms.tsv")
        if language in codes.split() or language not in known or codes == "*"
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
        elif told := heads & row.heads:
            yield row.kind, row.strength, min(told)


@cache
def _sections() -> dict[str, str]:
    return {
        _plain(name.replace("_", " ")).strip(): kind for kind, names in _SECTIONS.items() for name in names.split()
    }


def _told(section: str, tags: tuple[str, ...], url: str) -> tuple[str, str]:
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


def is_news(report: Report, *, section: str = "", tags: tuple[str, ...] = ()) -> Verdict:
    """Say whether a piece is news: horoscopes, quizzes, numbers, coupons, lists of products and the like are not.

    Decided by the title and by what the source says; where a weaker form stands beside words of news (somebody wins,
    sues, dies), it is news. A service piece ("how to") is news of the category ``Lifestyle``.
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
