"""Learn from one page which of its links are articles: by their paths, their places and their texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daily8.news.listing.outline import Outline, Target, leads_elsewhere, outline, text_within, words
from daily8.news.listing.pattern import BadPattern, Pattern, checked, matches
from daily8.news.tree import elements

CONFIDENT = 0.55
"""Score from which a page may be watched without a person having looked at the pattern."""
_FEWEST = 4
"""Articles that a list has at least."""
_MOST_TARGETS = 1_000
_MOST_FORMS = 40
"""Forms that are weighed, those of most links first."""
_LIKELY = 0.45
"""Likeness from which a link is taken for an article's."""
_NEUTRAL = 0.3
"""Likeness at which a link speaks neither for a form nor against it."""

_ENDING = re.compile(r"[a-z]{2,5}")
_NUMBER = re.compile(r"[0-9]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SLUG = re.compile(r"[^-_]+(?:[-_][^-_]+){2,}")
_MIXED = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[0-9A-Za-z]{7,}")
_LEADING_NUMBER = re.compile(r"[0-9]{3,}[-_]..")
_TRAILING_NUMBER = re.compile(r"..*[-_][0-9]{3,}")


@dataclass(frozen=True, slots=True)
class _Judged:
    target: Target
    likeness: float
    words: float
    heading: bool


def find_pattern(html: str, url: str) -> Pattern | None:
    """Learn which links of a page are its articles; None where there is no list of at least four.

    Every link of the site outside navigation is judged by its text, its path and its place; the form of
    paths that gathers most of the good ones and least of the others wins. A page that calls itself an
    article gets half the score: the links beside it are not what it is about.
    """
    page = outline(html, url)
    if page is None:
        return None
    judged = [_judge(page, target) for target in page.targets[:_MOST_TARGETS]]
    likely = [one for one in judged if one.likeness >= _LIKELY]
    if len(likely) < _FEWEST:
        return None
    best = _best(likely, judged)
    if best is None:
        return None
    chosen = [one for one in judged if not one.target.chrome and matches(best, one.target.path)]
    good = [one for one in chosen if one.likeness >= _LIKELY]
    if len(good) < _FEWEST:
        return None
    purity = len(good) / len(chosen)
    mean = sum(one.likeness for one in good) / len(good)
    coverage = len(good) / len(likely)
    score = min(1.0, len(good) / 8) * (0.4 * purity + 0.3 * min(1.0, mean / 0.7) + 0.3 * coverage)
    article = _calls_itself_an_article(page)
    reasons = [
        f"{len(good)} links of the page are like this.",
        f"{sum(one.heading for one in good)} of them stand in headings.",
        f"{len(likely) - len(good)} other links look like articles too.",
        *(["The page calls itself an article, not a list."] if article else []),
    ]
    least = _least_words(good)
    return Pattern(best, "", least, len(good), score / 2 if article else score, tuple(reasons))


def _judge(page: Outline, target: Target) -> _Judged:
    texts = [text_within(page.nodes[at].element) for at in target.anchors[:4]]
    length = max(map(words, texts), default=0.0)
    heading = any(page.nodes[at].heading or _holds_heading(page, at) for at in target.anchors[:4])
    if target.chrome or leads_elsewhere(target.path):
        return _Judged(target, 0.0, length, heading)
    likeness = 0.5 * min(1.0, max(0.0, (length - 2) / 4))
    likeness += 0.2 * heading + 0.25 * _strength(target.path) + 0.05 * (len(target.anchors) > 1)
    if length < 1.5 and not heading:
        likeness = min(likeness, _NEUTRAL)
    return _Judged(target, likeness * (0.6 if target.aside else 1.0), length, heading)


def _holds_heading(page: Outline, at: int) -> bool:
    return any(inner.tag in {"h1", "h2", "h3", "h4"} for inner in page.nodes[at].element.iter())


def _strength(path: str) -> float:
    """Tell how much a path looks like an article's: a date, a long number, or a title written into it."""
    before, _, query = path.partition("?")
    parts = [part for part in before.split("/") if part]
    last = _split(parts[-1])[0] if parts else ""
    if len(_SLUG.findall(last)) and len(last) >= 12:
        return 1.0
    if re.search(r"(?:^|[/_-])(?:19|20)[0-9]{2}[/_-][0-9]{1,2}(?:[/_-]|$)", before):
        return 1.0
    if re.search(r"[0-9]{4,}", f"{last}?{query}") or _MIXED.fullmatch(last):
        return 0.8
    return 0.4 if re.search(r"[0-9]{2,}", f"{last}?{query}") or len(last) >= 20 else 0.0


def _calls_itself_an_article(page: Outline) -> bool:
    for element in elements(page.tree, "//meta[@property='og:type']")[:1]:
        return (element.get("content") or "").strip().lower() == "article"
    return False


def _least_words(good: Sequence[_Judged]) -> int:
    """Give the length that nine of ten titles have, at most three words: a form alone also fits sections."""
    lengths = sorted(one.words for one in good)
    return max(0, min(3, int(lengths[len(lengths) // 10])))


def _best(likely: Sequence[_Judged], judged: Sequence[_Judged]) -> str | None:
    forms: Counter[str] = Counter()
    for one in likely:
        forms.update(set(_forms(one.target.path)))
    gains: list[tuple[float, str]] = []
    for form, _ in forms.most_common(_MOST_FORMS):
        try:
            checked(form)
        except BadPattern:
            continue
        hits = [one for one in judged if matches(form, one.target.path)]
        gain = sum(-0.05 if one.target.chrome else one.likeness - _NEUTRAL for one in hits)
        if sum(one.likeness >= _LIKELY for one in hits) >= _FEWEST:
            gains.append((gain, form))
    if not gains or (most := max(gain for gain, _ in gains)) <= 0:
        return None
    # Nearly as good and more precise is better: it goes on being right when the page changes.
    near = [form for gain, form in gains if gain >= 0.95 * most]
    return max(near, key=lambda form: (_precision(form), form))


def _precision(form: str) -> float:
    literal = sum(c not in "*#/-_" for c in form.removesuffix("/**"))
    return min(literal, 12) + 2 * form.count("#") + form.count("-") - 6 * form.endswith("/**")


def _forms(path: str) -> Iterator[str]:
    """Give the forms that a path has, from narrow to wide."""
    before, _, query = path.partition("?")
    if any(c in path for c in "*#"):
        return
    if query:
        names = [parameter.partition("=") for parameter in query.split("&")]
        wild = [f"{n}={'#' if _NUMBER.fullmatch(v) else '*'}" if v else n for n, _, v in names]
        yield f"{before}?{'&'.join(wild)}"
        return
    parts = before.split("/")[1:]
    kinds = [_kind(part, last=place == len(parts) - 1) for place, part in enumerate(parts)]
    plain = [part == kind for part, kind in zip(parts, kinds, strict=True)]
    *above, last = kinds
    open_last = "*" + _split(parts[-1])[1]
    starred = ["*" if is_plain else kind for kind, is_plain in zip(above, plain, strict=False)]
    tails = [] if plain[-1] else [last]
    for tail in (*tails, open_last):
        if tail != open_last or above:
            yield "/" + "/".join([*above, tail])
        if len(above) > 1:
            yield "/" + "/".join([above[0], *starred[1:], tail])
        if above and (tail != open_last or any(kind != "*" for kind in starred)):
            yield "/" + "/".join([*starred, tail])
    if len(above) > 1 and plain[0]:
        yield f"/{above[0]}/**"
    if not above and tails:
        yield f"/{last}"


def _kind(part: str, *, last: bool) -> str:
    """Give the form of one part of a path; the part itself where it is a word."""
    if _NUMBER.fullmatch(part):
        return "#"
    if _DAY.fullmatch(part):
        return "#-#-#"
    ending = ""
    if last:
        part, ending = _split(part)
        if _NUMBER.fullmatch(part):
            return f"#{ending}"
    mark = "_" if part.count("_") > part.count("-") else "-"
    if _LEADING_NUMBER.match(part):
        return f"#{mark}*{ending}"
    if _TRAILING_NUMBER.fullmatch(part):
        return f"*{mark}#{ending}"
    if _SLUG.fullmatch(part):
        return f"*{mark}*{mark}*{ending}"
    if _MIXED.fullmatch(part):
        return f"*{ending}"
    return part + ending


def _split(part: str) -> tuple[str, str]:
    """Part a file's name from its ending, ``.html``."""
    name, _, ending = part.rpartition(".")
    return (name, f".{ending}") if name and _ENDING.fullmatch(ending) else (part, "")
