"""Titles and deks: which of a page's many is the article's own."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from daily8.news.extract.evidence import Evidence
from daily8.news.extract.linked import string
from daily8.news.sanitise import plain
from daily8.news.tree import first, squeeze, text_of

_SUFFIX = re.compile(r"^\s*(?:[-|–—*·:•«»/ㅣ⋆]|\()")
_TAIL = re.compile(r"\s+(?:[-|–—·•»⋆]|::)\s+([^-|–—·•»⋆]{2,40})$")
_MARKS = str.maketrans(
    dict.fromkeys("‘’‚‛`´ʼ′", "'") | dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)
LONGEST = 400


def folded(text: str) -> str:
    """Fold what differs between two spellings of one headline: case, form, quotes, dashes, white space."""
    return squeeze(unicodedata.normalize("NFKC", text).translate(_MARKS).casefold())


def title(evidence: Evidence) -> str | None:
    """Choose the headline: the publisher's structured one unless its others agree against it."""
    stated = {
        "ld": string(evidence.article.get("headline")),
        "og": evidence.said("og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title"),
        "name": string(evidence.article.get("name")),
        "title": text_of(tag) if (tag := first(evidence.tree, "//title")) is not None else None,
    }
    shown = [text_of(h) for h in evidence.headings]
    entry = evidence.entry.title if evidence.entry else None
    every = [t[:LONGEST] for t in (*stated.values(), *shown, entry) if t]
    heading = _own_heading(shown, [t for t in (*stated.values(), entry) if t])
    weights = {"ld": 3.2, "og": 2.0, "h1": 1.0, "entry": 1.0, "name": 0.5, "title": 0.1}
    sites = evidence.site_names()
    votes: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for key, value in {**stated, "h1": heading, "entry": entry}.items():
        if value and (clean := without_site(value[:LONGEST], every, sites)):
            votes[folded(clean)] += weights[key]  # type: ignore[assignment]
            spelled.setdefault(folded(clean), clean)
    return spelled[votes.most_common(1)[0][0]] if votes else None


def _own_heading(shown: list[str], others: list[str]) -> str | None:
    """Give the ``h1`` that resembles what else is called the title, else a lone one."""
    best: tuple[float, str] | None = None
    bags = [set(folded(t).split()) for t in others]
    for heading in shown:
        words = set(folded(heading).split())
        if not words:
            continue
        near = max((len(words & bag) / len(words) for bag in bags), default=0.0)
        if best is None or near > best[0]:
            best = (near, heading)
    if best is None or (others and best[0] < 0.3 and len(shown) > 1):
        return None
    return best[1]


def without_site(text: str, others: list[str], sites: set[str]) -> str:
    """Cut a site's name and section off the end of a title."""
    best = squeeze(text)
    key = folded(best)
    for other in others:
        other = squeeze(other)
        if (
            12 <= len(other) < len(best)
            and key.startswith(folded(other))
            and _SUFFIX.match(text[len(other) :])
        ):
            best = other
    tail = _TAIL.search(best)
    while tail and any(_same_site(tail.group(1), site) for site in sites):
        best = best[: tail.start()].rstrip()
        tail = _TAIL.search(best)
    return best


def _same_site(tail: str, site: str) -> bool:
    tail, site = tail.casefold().strip(), site.casefold()
    bare = re.sub(r"\W", "", tail)
    return tail == site or (len(bare) > 3 and bare == re.sub(r"\W", "", site))


def described(evidence: Evidence, headline: str | None, opening: str) -> str | None:
    """Give the description the publisher states, unless it repeats the headline or the text's opening."""
    stated = (
        string(evidence.article.get("description")),
        evidence.said("og:description", "twitter:description", "description", "dc.description"),
        plain(evidence.entry.summary) if evidence.entry and evidence.entry.summary else None,
    )
    begun = letters(opening)
    for value in stated:
        text = plain(value)[:1000] if value else ""
        bare = letters(text)
        if len(bare) < 20 or (headline and bare == letters(headline)):
            continue
        return None if bare[:50] in begun or bare[-50:] in begun else text
    return None


def letters(text: str) -> str:
    """Fold a text to its letters and digits."""
    return re.sub(r"[\W_]+", "", text.casefold())
