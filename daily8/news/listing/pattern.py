"""Which links of a page are its articles, in a form that people read and change."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

LONGEST = 200
"""Characters of a pattern of links, and of a scope."""
MOST_WILD = 16
"""Wildcards in a pattern."""
MOST_STEPS = 6
MOST_WORDS = 20
LONGEST_PATH = 600
"""Characters of a path; a longer one matches nothing."""

_WILD = re.compile(r"\*\*|\*|#")
_NEIGHBOURS = re.compile(r"[*#]{2}")
_STEP = re.compile(r"(?:[a-z][a-z0-9]*)?(?:[.#][\w-]+)*")
_PART = re.compile(r"([.#]?)([\w-]+)")
_UNFIT = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


class BadPattern(ValueError):
    """A pattern that cannot be used; the text is one plain sentence."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Which links of a watched page are its articles.

    ``links`` is a form of their paths: ``*`` stands for anything within one part, ``#`` for a number, ``/**``
    at the end for any number of parts; with a ``?`` the query counts too. Paths are compared as people read
    them, without escapes and without a slash at the end.
    """

    links: str
    within: str = ""
    """Where on the page they stand, as in CSS: tags, classes and ids, the outer before the inner."""
    least_words: int = 0
    """Of their titles; fewer are no headline. Counted as of English (`daily8.news.listing.outline.words`)."""
    count: int = 0
    """Links that were like this when it was found; 0 for a pattern that a person wrote."""
    score: float = 0.0
    """0 to 1: how sure the finder was."""
    reasons: tuple[str, ...] = ()

    def matches(self, path: str) -> bool:
        """Tell whether a path (decoded, with its query where there is one) is an article's. Linear."""
        return matches(self.links, path)


def matches(links: str, path: str) -> bool:
    """Tell whether a path has the form ``links``."""
    if "?" not in links:
        path = path.partition("?")[0]
    if len(path) > LONGEST_PATH:
        return False
    return _compiled(links).fullmatch(trimmed(path)) is not None


def trimmed(path: str) -> str:
    """Take the slash off the end of a path: both writings lead to one page everywhere."""
    before, mark, query = path.partition("?")
    return (before.rstrip("/") or "/") + mark + query


def checked(links: str, within: str = "", least_words: int = 0) -> Pattern:
    """Make a pattern of what a person wrote.

    :raises BadPattern: for one that cannot be used.
    """
    links, within = links.strip(), " ".join(within.split())
    if len(links) > LONGEST or len(within) > LONGEST:
        raise BadPattern(f"The pattern is longer than {LONGEST} characters.")
    if not links.startswith("/"):
        raise BadPattern("The pattern of links must begin with /, such as /news/*.")
    if _UNFIT.search(links):
        raise BadPattern("The pattern of links holds a space or a character that cannot be seen.")
    wild = _WILD.findall(links)
    if not wild:
        raise BadPattern("The pattern of links needs a * or a #, for what differs from article to article.")
    if len(wild) > MOST_WILD:
        raise BadPattern(f"The pattern of links has more than {MOST_WILD} wildcards.")
    body = links.removesuffix("/**")
    if _NEIGHBOURS.search(body):
        raise BadPattern("Two wildcards stand side by side; ** may only stand at the end, after a slash.")
    if len(within.split()) > MOST_STEPS or not all(map(_STEP.fullmatch, within.lower().split())):
        raise BadPattern("The place on the page must be tags, .classes and #ids, such as main .list.")
    if not 0 <= least_words <= MOST_WORDS:
        raise BadPattern(f"The least number of words must be from 0 to {MOST_WORDS}.")
    return Pattern(trimmed(links), within, least_words)


def pattern_to_json(pattern: Pattern) -> dict[str, Any]:
    """Give a pattern as a JSON object."""
    return {
        "links": pattern.links,
        "within": pattern.within,
        "least_words": pattern.least_words,
        "count": pattern.count,
        "score": round(pattern.score, 3),
        "reasons": list(pattern.reasons),
    }


def pattern_from_json(data: object) -> Pattern:
    """Read a pattern that was stored or came from outside; what a person may change is checked anew.

    :raises BadPattern: for what is none; the text says what is wrong.
    """
    if not isinstance(data, Mapping):
        raise BadPattern("The pattern must be an object with the key links.")
    links, within, least = data.get("links"), data.get("within", ""), data.get("least_words", 0)
    if not isinstance(links, str) or not isinstance(within, str):
        raise BadPattern("The pattern must be an object whose links and within are texts.")
    if isinstance(least, bool) or not isinstance(least, int):
        raise BadPattern("The least number of words must be a whole number.")
    made = checked(links, within, least)
    count, score, reasons = data.get("count", 0), data.get("score", 0.0), data.get("reasons", ())
    known = isinstance(count, int) and isinstance(score, (int, float)) and isinstance(reasons, (list, tuple))
    if not known or not 0 <= score <= 1 or not 0 <= count < 1 << 31:
        return made
    told = tuple(reason[:200] for reason in reasons[:10] if isinstance(reason, str))
    return Pattern(made.links, made.within, made.least_words, int(count), float(score), told)


@lru_cache(maxsize=512)
def _compiled(links: str) -> re.Pattern[str]:
    """Write a form of paths as a regular expression that never goes back: each star takes the nearest place.

    That is enough: a later star takes whatever an earlier one left; only the last must reach the end.
    """
    body, open_end = (links[:-3], True) if links.endswith("/**") else (links, False)
    before, mark, query = body.partition("?")
    text = "/".join(_part(part, "[^/?]") for part in before.split("/"))
    if mark:
        text += r"\?" + "&".join(_part(part, "[^&]") for part in query.split("&"))
    return re.compile(text + ("/(?s:.)++" if open_end else ""))


def _part(part: str, any_one: str) -> str:
    first, *rest = (re.escape(piece).replace(r"\#", "[0-9]++") for piece in part.split("*"))
    if not rest:
        return first
    middle = "".join(f"(?>{any_one}+?{piece})" for piece in rest[:-1])
    return f"{first}{middle}{any_one}+{rest[-1]}" if rest[-1] else f"{first}{middle}{any_one}++"


Trail = tuple[tuple[str, str, frozenset[str]], ...]
"""The elements around a link, outermost first: tag, id, classes."""


def stands_within(within: str, trail: Trail) -> bool:
    """Tell whether a link stands in a scope."""
    steps = [_step(step) for step in within.split()]
    at = 0
    for tag, own_id, classes in trail:
        if at == len(steps):
            break
        name, ids, wanted = steps[at]
        if (not name or name == tag) and ids <= {own_id} and wanted <= classes:
            at += 1
    return at == len(steps)


@lru_cache(maxsize=256)
def _step(step: str) -> tuple[str, frozenset[str], frozenset[str]]:
    found: Sequence[tuple[str, str]] = _PART.findall(step)
    name = next((text.lower() for mark, text in found if not mark), "")
    ids = frozenset(text for mark, text in found if mark == "#")
    return name, ids, frozenset(text for mark, text in found if mark == ".")
