"""Topics: what news is often about, under one name in English and Arabic, known by many forms."""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from daily8.news.entities.folding import cut, fold_words
from daily8.news.entities.known import Names
from daily8.news.entities.values import Known
from daily8.news.hashtags.writing import slug


class Topic(NamedTuple):
    """What news is often about."""

    key: str
    english: str
    arabic: str


class Told(NamedTuple):
    """A topic of a text, and how often it comes."""

    topic: Topic
    times: int
    in_title: bool
    exact: bool
    """Whether a term of several words said it."""


@cache
def _table() -> tuple[dict[str, Topic], Names]:
    text = files("daily8.news.hashtags").joinpath("data").joinpath("topics.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    topics: dict[str, Topic] = {}
    known: list[Known] = []
    for english, arabic, forms in rows[1:]:
        topic = Topic(f"topic:{slug(english)}", english, arabic)
        topics[topic.key] = topic
        # One English word says it only where the table lists it: a strike may be one of drones.
        names = [*forms.split("|"), arabic, *([english] if " " in english else [])]
        known.append(Known(topic.key, "other", "", "", tuple(names)))
    return topics, Names(known)


def topics_of(title: str, text: str) -> tuple[Told, ...]:
    """Give the topics that a text speaks of, the commonest first."""
    topics, index = _table()
    counts: Counter[str] = Counter()
    titled: set[str] = set()
    exact: set[str] = set()
    for source, in_title in ((title, True), (text, False)):
        written = cut(source)
        for match in index.spot(fold_words(written), written):
            # A term of several words says more.
            counts[match.known.id] += 1 if match.length == 1 else 2
            if match.length > 1:
                exact.add(match.known.id)
            if in_title:
                titled.add(match.known.id)
    return tuple(Told(topics[key], count, key in titled, key in exact) for key, count in counts.most_common())
