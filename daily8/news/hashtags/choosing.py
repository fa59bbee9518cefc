"""Choose the hashtags of an article: three to eight names, topics and phrases that its text supports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from daily8.news.entities import BRANDS, NOUN_CAPITALS, Entity, Kind
from daily8.news.entities.cues import arabic, latin
from daily8.news.entities.folding import cut, fold, fold_words
from daily8.news.hashtags.phrases import NOTHING, Background, phrases, words_of
from daily8.news.hashtags.topics import topics_of
from daily8.news.hashtags.writing import slug, written
from daily8.news.reports import Report

Origin = Literal["entity", "topic", "phrase", "tag"]
MOST = 8
LEAST = 3
TEXT = 12_000
"""Characters of a text that are looked at."""
_MATTERS = 0.2
_MOST_OF: Mapping[Origin, int] = {"entity": 5, "topic": 3, "phrase": 3, "tag": 2}


@dataclass(frozen=True, slots=True)
class Hashtag:
    """A hashtag of an article."""

    text: str
    """With its sign, as it is written in the article's language."""
    slug: str
    """What names it in addresses and counts: one for all spellings, and languages where known."""
    origin: Origin
    weight: float
    """0 to 1, comparable within an article."""
    key: str = ""
    """The entity's or topic's key, where it is of one."""
    names: tuple[tuple[str, str], ...] = ()
    """Language and hashtag, where several are known."""
    kind: Kind | None = None
    """Of the entity, where it is of one."""

    def called(self, language: str) -> str:
        """Give it as a language writes it, or as the article does."""
        return dict(self.names).get(language, self.text)


def hashtags(
    report: Report,
    found: Sequence[Entity],
    tags: Iterable[str] = (),
    background: Background = NOTHING,
) -> tuple[Hashtag, ...]:
    """Choose the hashtags of a report, the weightiest first.

    ``found`` are its entities; ``tags`` what its page and feed call it: they count only where the text says
    the same. At most `MOST`; fewer than `LEAST` only where the text gives no more.
    """
    arab = report.language == "ar" or (not report.language and "\u0600" <= fold(report.title)[:1] < "\u0700")
    text = report.text[:TEXT]
    aside = {fold(report.publisher).replace(" ", "")} - {""}
    candidates = [
        *_of_entities(found, arab),
        *_of_topics(report.title, text, arab),
        *_of_phrases(report, text, found, background),
        *_of_tags(tags, report.title, text),
    ]
    candidates = [one for one in candidates if one.text and one.slug and not _empty(one, aside)]
    candidates.sort(key=lambda one: (-one.weight, one.slug))
    chosen = _chosen(candidates)
    if len(chosen) < LEAST:
        words = _of_words(report.title, text)
        chosen = _chosen([*chosen, *(one for one in words if not _empty(one, aside))], every=True)
    return tuple(chosen)


def _of_entities(found: Sequence[Entity], arab: bool) -> list[Hashtag]:
    chosen = []
    for entity in found:
        if entity.mentions < 2 and not entity.in_title and entity.weight < _MATTERS:
            continue
        weight = entity.weight * (0.6 if entity.kind == "other" else 1.0)
        tag = _bilingual(entity.names, entity.name, entity.key, "entity", weight, arab)
        chosen.append(replace(tag, kind=entity.kind))
    return chosen


def _of_topics(title: str, text: str, arab: bool) -> list[Hashtag]:
    return [
        _bilingual(
            (("en", told.topic.english), ("ar", told.topic.arabic)),
            told.topic.english,
            told.topic.key,
            "topic",
            min(1.0, (0.4 if told.in_title else 0.05) + 0.1 * min(told.times, 5) + 0.2 * told.exact),
            arab,
        )
        for told in topics_of(title[:600], text)
        if told.in_title or told.times > (1 if len(text) < 800 else 2 + len(text) // 4000)
    ]


def _bilingual(
    names: Sequence[tuple[str, str]], name: str, key: str, origin: Origin, weight: float, arab: bool
) -> Hashtag:
    told = tuple((language, tag) for language, one in names if (tag := written(one)))
    by_language = dict(told)
    english = dict(names).get("en", name)
    text = by_language.get("ar" if arab else "en") or written(name)
    return Hashtag(text, slug(english), origin, weight, key, told)


def _of_phrases(report: Report, text: str, found: Sequence[Entity], background: Background) -> list[Hashtag]:
    names = {word for entity in found for word in fold(entity.name).split()}
    people = {word for entity in found if entity.kind == "person" for word in fold(entity.name).split()}
    return [
        Hashtag(
            written(phrase.text), slug(phrase.key), "phrase", min(0.9, 0.1 + 0.08 * phrase.score), phrase.key
        )
        for phrase in phrases(report.title, text, names, people, background)
        # Where nouns have capitals, a term is made of nouns.
        if report.language not in NOUN_CAPITALS or phrase.text.istitle()
    ]


def _of_tags(tags: Iterable[str], title: str, text: str) -> list[Hashtag]:
    """Keep the page's own tags that the text comes back to, or that its title has."""
    chosen: list[Hashtag] = []
    inside = ""
    for number, tag in enumerate(tags):
        if number >= 30:
            break
        inside = inside or f" {' '.join(fold_words(cut(title)))} . {' '.join(fold_words(cut(text)))} "
        plain = fold(tag)
        if not plain or len(plain.split()) > 5:
            continue
        count = inside.count(f" {plain} ")
        if count > 1 or (count and f" {plain} " in inside.split(" . ", 1)[0] + " "):
            chosen.append(Hashtag(written(tag), slug(tag), "tag", min(0.6, 0.2 + 0.08 * count)))
    return chosen


def _of_words(title: str, text: str) -> list[Hashtag]:
    """Give single words of the title that the text comes back to: for articles that name nothing else."""
    counts, titled = words_of(text), words_of(title)
    return [
        Hashtag(written(form), slug(word), "phrase", 0.05 + 0.01 * min(counts[word][0], 10), word)
        for word, (_, form) in sorted(
            titled.items(), key=lambda each: (-counts.get(each[0], (0, ""))[0], each[0])
        )
        if counts.get(word, (0, ""))[0] > 1 and len(word) > 3
    ]


def _empty(tag: Hashtag, aside: set[str]) -> bool:
    """Tell whether a hashtag names no topic: a section, a weekday, a publisher, a small word."""
    plain = tag.slug.replace("-", " ")
    words = set(plain.split())
    return (
        plain in BRANDS
        or plain.replace(" ", "") in aside
        or tag.text[1:].casefold() in aside
        or words <= _small()
    )


@cache
def _small() -> frozenset[str]:
    """Give the words that name no topic, whatever their number."""
    held = latin()
    return held.time | held.common | held.weak | held.agency | arabic().time | arabic().common


def _chosen(candidates: Sequence[Hashtag], *, every: bool = False) -> list[Hashtag]:
    chosen: list[Hashtag] = []
    counts: dict[Origin, int] = {}
    for one in candidates:
        if len(chosen) == MOST:
            break
        if not every and counts.get(one.origin, 0) >= _MOST_OF[one.origin]:
            continue
        if any(_same(one, other) for other in chosen):
            continue
        counts[one.origin] = counts.get(one.origin, 0) + 1
        chosen.append(one)
    return chosen


def _same(one: Hashtag, other: Hashtag) -> bool:
    """Tell whether two hashtags say the same, or one only repeats words of the other."""
    if one.slug == other.slug or one.text.casefold() == other.text.casefold():
        return True
    words, others = _stems(one.slug), _stems(other.slug)
    known = ":" in one.key and ":" in other.key
    return not known and (words <= others or others <= words)


def _stems(slug: str) -> set[str]:
    return {word.removesuffix("s") for word in slug.split("-")}


def renamed(chosen: Sequence[Hashtag], forms: Mapping[str, Hashtag]) -> tuple[Hashtag, ...]:
    """Write hashtags in the forms that stand for their slugs, so that one thing has one hashtag."""
    found: dict[str, Hashtag] = {}
    for one in chosen:
        form = forms.get(one.slug)
        told = replace(one, text=form.text, slug=form.slug) if form and not one.names else one
        found.setdefault(told.slug, told)
    return tuple(found.values())
