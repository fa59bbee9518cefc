"""The quality gate: is this the whole article, an excerpt of it, or none; and why."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from daily8.news.extract.body import Body
from daily8.news.extract.evidence import Evidence
from daily8.news.extract.linked import string, types
from daily8.news.extract.times import published
from daily8.news.tree import text_of
from daily8.news.types import ArticleKind, Embed, Heading, Image, ListBlock, Quality, Verdict

LEAST_TEXT = 60
"""Letters below which nothing has been said."""
TOO_SHORT = "the text is too short to be an article"
SHORT_TEXT = 350
"""Letters below which a text is doubted to be the whole article."""

_ERROR = re.compile(
    r"\b(?:404|403|410|500|502|503)\b|not\s+found|page\s+(?:not|doesn|does\s+not|can'?t|unavailable|missing)|no\s+longer\s+(?:available|exists?)|"
    r"access\s+denied|forbidden|error\b|seite\s+nicht\s+gefunden|nicht\s+gefunden|page\s+introuvable|página\s+no\s+encontrada|"
    r"no\s+se\s+encontr|pagina\s+non\s+trovata|niet\s+gevonden|не\s+найден|страница\s+не|(?:الصفحة|الصفحه)\s+(?:غير\s+موجودة|المطلوبة)|غير\s+موجودة|"
    r"sayfa\s+bulunamadı|ページが見つかりません|页面不存在|찾을\s*수\s*없",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"(?:enable|turn\s+on|activate)\s+(?:javascript|cookies)|verify\s+(?:that\s+)?you\s+are\s+(?:a\s+)?human|are\s+you\s+a\s+robot|captcha|"
    r"checking\s+your\s+browser|just\s+a\s+moment|unusual\s+traffic|cloudflare|security\s+check|"
    r"(?:we|our\s+partners|wir)\s.{0,60}\b(?:cookies|personal\s+data)\b|cookie[s-]?\s*(?:policy|settings|consent|richtlinie|einstellungen)|"
    r"(?:accept|agree\s+to|zustimm\w+).{0,40}cookies|"
    r"ملفات\s+تعريف\s+الارتباط|تفعيل\s+(?:الجافا|جافا)",
    re.IGNORECASE,
)
_PAY = re.compile(
    r"(?:subscribe|subscription|subscribers?|sign\s+in|log\s*in|register|become\s+a\s+member)\b.{0,80}\b(?:to\s+(?:continue|read)|continue\s+reading|full\s+(?:article|story|access)|unlock|only)|"
    r"continue\s+reading\s+with|already\s+a\s+subscriber|this\s+(?:article|content|story)\s+is\s+(?:for|available|reserved|exclusive)|"
    r"(?:weiterlesen|jetzt\s+lesen)\s+mit|mit\s+\S+\s+weiterlesen|nur\s+für\s+abonnent|bereits\s+abonnent|réservé\s+aux\s+abonnés|"
    r"il\s+vous\s+reste|para\s+suscriptores|riservato\s+agli\s+abbonati|للمشتركين\s+فقط|اشترك\s+لمتابعة|会員限定|有料会員|この記事は.{0,10}会員",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"(?:…|\.\.\.|\[\s*(?:…|\.\.\.|\+\d+\s+chars)\s*\]|\b(?:read\s+more|continue\s+reading|weiterlesen|lire\s+la\s+suite|leer\s+más))\W*$",
    re.IGNORECASE,
)
_LIST_PATH = re.compile(
    r"^/(?:(?:tags?|topics?|themen?|thema|category|categories|section|rubrik|authors?|autor|by|profile|search|archive|author-list|page/\d+)"
    r"(?:/|$)|$|[a-z-]{2,20}/?$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Case:
    """What the gate judges by."""

    evidence: Evidence
    body: Body
    title: str | None
    authors: tuple[str, ...]
    published: datetime | None
    kind: ArticleKind
    paywalled: bool


def judge_quality(case: Case) -> Quality:
    """Give score, verdict and reasons; the reasons are plain words for operators."""
    none = _nothing(case)
    if none:
        return Quality(0.0, "none", (none,))
    reasons: list[str] = []
    size = case.body.characters
    score = 0.55 + 0.25 * min(1.0, size / 1500)
    score += 0.05 * bool(case.published) + 0.03 * bool(case.authors)
    score += 0.07 * bool(case.evidence.article) + 0.05 * _agreement(case.body)
    verdict: Verdict = "article"
    if media := _is_media(case):
        reasons.append(f"a {case.kind} page with little text" if size < SHORT_TEXT else f"a {case.kind} page")
    for found in (_paid(case), _truncated(case), None if media else _short(case)):
        if found:
            reasons.append(found)
            verdict = "excerpt"
            score -= 0.25
    if not case.title:
        reasons.append("no title found")
        score -= 0.15
    if not case.published:
        reasons.append("no time of publication found")
    return Quality(
        round(max(0.05, min(1.0, score)), 3), verdict, tuple(reasons) or ("text, title and time found",)
    )


def _nothing(case: Case) -> str | None:
    """Say why there is no article here, if there is none."""
    size = case.body.characters
    dated = _dated(case)
    said = " ".join(u.text for u in case.body.chosen[:12])
    names = " | ".join(filter(None, (case.title, *(text_of(t) for t in case.evidence.tree.iter("title")))))
    if size < 900 and _ERROR.search(names) and not dated:
        return "an error page, not an article"
    if size < 900 and _WALL.search(f"{names} {said}") and not dated:
        return "a cookie or robot wall, not an article"
    if _is_list(case, dated):
        return "a page that lists articles, not an article"
    if size < LEAST_TEXT and not (_is_media(case) and case.title):
        return "no text found" if not size else TOO_SHORT
    return None


def _dated(case: Case) -> bool:
    """Tell whether the page itself says when it was published: a feed says that of any page."""
    if not case.published or case.evidence.entry is None:
        return bool(case.published)
    return published(replace(case.evidence, entry=None)) is not None


def _is_list(case: Case, dated: bool) -> bool:
    """Tell a front, section, tag or author page by its address, its type and its many linked headings."""
    evidence = case.evidence
    stated = (evidence.said("og:type") or "").lower()
    if evidence.article or dated or stated.startswith(("article", "video", "news")):
        return False
    linked = [
        u for u in case.body.units if u.density > 0.8 and isinstance(u.drawn.block, Heading | ListBlock)
    ]
    headings = sum(isinstance(u.drawn.block, Heading) for u in linked)
    collection = {t for node in evidence.nodes for t in types(node)} & {
        "CollectionPage",
        "ItemList",
        "ProfilePage",
        "SearchResultsPage",
    }
    path = _LIST_PATH.match(urlsplit(evidence.url).path) if evidence.url else None
    size = case.body.characters
    if headings >= 5 and size < min(1_500, 120 * headings):
        return True
    return bool((collection or path) and headings >= 3 and size < 3_000) or bool(
        path and size < 1_000 and headings
    )


def _is_media(case: Case) -> bool:
    if case.kind in {"video", "podcast", "gallery"}:
        return True
    return any(isinstance(u.drawn.block, Embed | Image) for u in case.body.chosen) and case.kind != "text"


def _agreement(body: Body) -> float:
    """Say which share of the text the witnesses vouch for."""
    total = sum(len(u.key) for u in body.chosen)
    return sum(len(u.key) for u in body.chosen if u.read or u.stated) / total if total else 0.0


def _paid(case: Case) -> str | None:
    size = case.body.characters
    tail = " ".join(u.text for u in case.body.units[-400:] if u.boxed or u.score <= 0)[:20_000]
    if case.paywalled and size < 1_500:
        return "behind a paywall: only the beginning is here"
    if size < 1_000 and _PAY.search(tail):
        return "readers are asked to subscribe or sign in for the rest"
    return None


def _truncated(case: Case) -> str | None:
    words = string(case.evidence.article.get("wordCount")) or case.evidence.article.get("wordCount")
    found = sum(len(u.text.split()) for u in case.body.chosen)
    doubtful = case.paywalled or case.body.characters < 1_500  # some state letters, or count comments too
    if doubtful and isinstance(words, int | str) and str(words).isdigit() and found < 0.4 * int(words) > 32:
        return f"truncated: {found} of {int(words)} words are here"
    told = case.body.told
    size = sum(len(u.key) for u in case.body.chosen)
    if told.stated and size < 0.4 * len(told.stated):
        return "truncated: the publisher states a longer text than the page shows"
    last = next((u.text for u in reversed(case.body.chosen) if u.prose), "")
    if _CUT.search(last) and case.body.characters < 1_500:
        return "truncated: the text breaks off"
    return None


def _short(case: Case) -> str | None:
    return "short: perhaps not the whole article" if case.body.characters < SHORT_TEXT else None
