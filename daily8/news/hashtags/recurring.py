"""Hashtags over many articles: one form for a thing, and what only a single article says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from daily8.news.entities.folding import alike, skeleton
from daily8.news.hashtags.choosing import Hashtag
from daily8.news.hashtags.writing import commonest

LEAST = 2
"""Articles that use a hashtag before it is shown as a topic."""
_BLOCK = 30
"""Names of one skeleton that are compared with each other."""


def recurring(counts: Mapping[str, int], least: int = LEAST) -> frozenset[str]:
    """Give the slugs that several articles of a window use: the others are one-off and are no topics.

    ``counts`` gives the number of articles by slug.
    """
    return frozenset(slug for slug, count in counts.items() if count >= least)


def tidy(articles: Sequence[Sequence[Hashtag]]) -> dict[str, Hashtag]:
    """Choose one form for each slug: the commonest among the articles that use it, as `renamed` takes it.

    Names of people that are spellings of a commoner one take its form. Slugs whose names are known in two
    languages keep a form a language, and are left out.
    """
    forms: dict[str, Counter[str]] = {}
    first: dict[tuple[str, str], Hashtag] = {}
    people: Counter[str] = Counter()
    for article in articles:
        for tag in article:
            if tag.names:
                continue
            forms.setdefault(tag.slug, Counter())[tag.text] += 1
            first.setdefault((tag.slug, tag.text), tag)
            if tag.kind == "person":
                people[tag.slug] += 1
    found = {slug: first[slug, commonest(held)] for slug, held in forms.items()}
    for slug, head in variants(people).items():
        found[slug] = found[head]
    return found


def variants(counts: Mapping[str, int]) -> dict[str, str]:
    """Find names that are spellings of a commoner one: what should become an alias, and of what.

    ``counts`` gives how often each name (of one kind) is used. Nothing is chained: the name given is the
    commonest of its group.
    """
    blocks: dict[str, list[str]] = {}
    for name in sorted(counts, key=lambda each: (-counts[each], each)):
        if bones := skeleton(name):
            blocks.setdefault(bones, []).append(name)
    found: dict[str, str] = {}
    for block in blocks.values():
        heads: list[str] = []
        for name in block[:_BLOCK]:
            head = next((one for one in heads if alike(one, name)), None)
            if head is None:
                heads.append(name)
            else:
                found[name] = head
    return found
