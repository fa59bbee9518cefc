"""Titles and deks: which of a page's many is the article's own."""

from __future__ import annotations

import re
import unicodedata

from daily8.news.extract.evidence import Evidence
from daily8.news.extract.linked import several, string
from daily8.news.sanitise import plain
from daily8.news.tree import squeeze, text_of
from daily8.news.typography import mended

_SUFFIX = re.compile(r"^\s*(?:[-|–—*·:•«»/ㅣ⋆]|\()")
_TAIL = re.compile(r"(?:\s+(?:[-|–—·•»⋆]|::)\s+|\s*[ㅣ｜：]\s*)([^-|–—·•»⋆ㅣ｜：]{2,40})$")
_SECTION = re.compile(r"\s?[-|–—·•»⋆ㅣ｜]\s?([^-|–—·•»⋆ㅣ｜]{2,30})$")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_MARKS = str.maketrans(
    dict.fromkeys("‘’‚‛`´ʼ′", "'") | dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)
LONGEST = 400


def folded(text: str) -> str:
    """Fold what differs between two spellings of one headline: case, form, quotes, dashes, white space."""
    return squeeze(unicodedata.normalize("NFKC", text).translate(_MARKS).translate(_UNSEEN).casefold())


_NAMES = (
    *("dc:title", "dcterm:title", "og:title", "weibo:article:title", "weibo:webpage:title", "twitter:title"),
    *("dc.title", "dcterms.title", "parsely-title", "sailthru.title", "title"),
)
_DESCRIPTIONS = (
    *(
        "dc:description",
        "dcterm:description",
        "og:description",
        "weibo:article:description",
        "twitter:description",
    ),
    *("description", "dc.description", "dcterms.description"),
)
_WEIGHTS = {"ld": 2.0, "og": 1.3, "h1": 1.0, "entry": 1.0, "alt": 0.45, "name": 0.3, "title": 0.05}
"""What each statement counts: what is shown and shared together outweighs what is for machines."""
_ALONE = 0.02
"""The part of its weight that a statement keeps which shares no word with any other."""
_LEAST_NEAR = 0.3
_CONFIRMED = 2.0
"""What a feed's title counts more where the page says the same somewhere."""


def title(evidence: Evidence) -> str | None:
    """Choose the headline by the votes of all that is called so; a feed's that the page knows decides."""
    stated = {
        "ld": string(evidence.article.get("headline")),
        "og": evidence.said(*_NAMES),
        "alt": string(evidence.article.get("alternativeHeadline")),
        "name": string(evidence.article.get("name")),
        "title": text_of(tag) if (tag := evidence.tree.find(".//title")) is not None else None,
    }
    shown = [text_of(h) for h in evidence.headings]
    entry = evidence.entry.title if evidence.entry else None
    others = [t for t in (*stated.values(), entry) if t]
    every = [t[:LONGEST] for t in (*others, *shown) if t]
    heading = _own_heading(shown, others)
    bags = {key: _bag(value) for key, value in {**stated, "h1": heading, "entry": entry}.items() if value}
    sites = evidence.site_names()
    section = string(several(evidence.article.get("articleSection"))) or evidence.said("article:section")
    votes: dict[str, float] = {}
    spelled: dict[str, str] = {}
    for key, value in {**stated, "h1": heading, "entry": entry}.items():
        if value and (clean := without_site(value[:LONGEST], every, sites, section)):
            if key == "title" and len(votes) == 0:
                clean = _without_tail(clean)
            said = folded(clean)
            known = key == "entry" and said in votes
            alone = len(bags) > 1 and all(_near(bags[key], bags[k]) < _LEAST_NEAR for k in bags if k != key)
            weight = _ALONE * _WEIGHTS[key] if alone else _WEIGHTS[key]
            votes[said] = votes.get(said, 0.0) + weight + (_CONFIRMED if known else 0.0)
            spelled.setdefault(said, mended(clean))
    return spelled[max(votes, key=lambda said: votes[said])] if votes else None


_LATIN = re.compile(r"[A-Za-z]{3}")


def _bag(text: str) -> set[str]:
    """Give the words of a title, the pairs of letters of one without spaces."""
    words = re.findall(r"\w+", folded(text[:LONGEST]))
    return {w[n : n + 2] for w in words for n in range(len(w) - 1)} if len(words) < 3 else set(words)


def _near(words: set[str], others: set[str]) -> float:
    """Say which part of the letters of a title stands in words of another, too."""
    return sum(map(len, words & others)) / max(1, sum(map(len, words)))


def _own_heading(shown: list[str], others: list[str]) -> str | None:
    """Give the ``h1`` that resembles what else is called the title, else a lone one."""
    best: tuple[float, str] | None = None
    bags = [set(folded(t).split()) for t in others]
    for heading in shown:
        words = set(folded(heading).split())
        if not words:
            continue
        near = max((_near(words, bag) for bag in bags), default=0.0)
        if best is None or near > best[0]:
            best = (near, heading)
    # A template's title in another script says nothing of the headline.
    if best is None or (others and best[0] < _LEAST_NEAR and _LATIN.search(best[1])):
        return None
    return best[1]


def without_site(text: str, others: list[str], sites: set[str], section: str | None = None) -> str:
    """Cut a site's name, and a section before it, off the end of a title."""
    best = squeeze(text)
    key = folded(best)
    for other in others:
        other = squeeze(other)
        if (
            8 <= len(other) < len(best)
            and key.startswith(folded(other))
            and _SUFFIX.match(text[len(other) :])
        ):
            best = other
    tail = _TAIL.search(best)
    while tail and any(_same_site(tail.group(1), site) for site in sites):
        best = best[: tail.start()].rstrip()
        named = _SECTION.search(best) if section else None
        if named and section and named.group(1).casefold() == section.casefold():
            best = best[: named.start()].rstrip()
        tail = _TAIL.search(best)
    return best


def _without_tail(text: str) -> str:
    """Cut a short tail off a title that no other statement helps to part."""
    tail = _TAIL.search(text)
    head = text[: tail.start()].rstrip() if tail else text
    return head if tail and len(head.split()) >= 4 and len(tail.group(1).split()) <= 3 else text


def _same_site(tail: str, site: str) -> bool:
    tail, site = tail.casefold().strip(), site.casefold()
    bare = re.sub(r"\W", "", tail)
    return tail == site or (len(bare) > 3 and bare == re.sub(r"\W", "", site))


def description(evidence: Evidence) -> str | None:
    """Give the description that the publisher states, whatever the text says."""
    stated = (string(evidence.article.get("description")), evidence.said(*_DESCRIPTIONS))
    return next((text for value in stated if value and (text := plain(value)[:1_000])), None)


def described(evidence: Evidence, headline: str | None, opening: str) -> str | None:
    """Give the description the publisher states, unless it repeats the headline or the text's opening."""
    stated = (
        string(evidence.article.get("description")),
        evidence.said(*_DESCRIPTIONS),
        plain(evidence.entry.summary) if evidence.entry and evidence.entry.summary else None,
    )
    begun = letters(opening)
    for value in stated:
        text = mended(plain(value))[:1000] if value else ""
        bare = letters(text)
        if len(bare) < 20 or (headline and bare == letters(headline)):
            continue
        return None if bare[:50] in begun or bare[-50:] in begun else text
    return None


def letters(text: str) -> str:
    """Fold a text to its letters and digits."""
    return re.sub(r"[\W_]+", "", text.casefold())
