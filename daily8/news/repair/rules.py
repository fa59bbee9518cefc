"""Site rules: what an editor says of the pages of one site, where reading them by itself goes wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import unquote, urlsplit

from daily8.news.repair.selectors import BadSelector, check

SELECTORS = ("title", "authors", "date", "image", "body", "remove")
"""Fields that hold selectors; of all but ``remove`` the first that finds something counts."""
TEXTS = ("drop", "keep")
"""Fields that hold forms of texts."""
FLAGS = ("whole", "page", "feed")
MOST_LINES = 40
"""Lines of one field."""
MOST_SELECTORS = 60
"""In all: each walks over the whole page."""
LONGEST_TEXT = 300
"""Characters of a form of texts."""
LEAST_LETTERS = 3
"""Letters and digits that a form of texts must hold: ``*`` alone would drop everything."""
LONGEST_PATH = 200

_DOMAIN = re.compile(
    r"(?=.{3,253}$)(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9-]*[a-z0-9])?"
)
_PATH = re.compile(r"/[^\s\x00-\x1f?#]*")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")


class BadRules(ValueError):
    """Rules that cannot be used; the text is one plain sentence."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field
        """The field of `Rules` that it is about, or empty."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What is said of the pages of a site, or of those under one path of it."""

    domain: str
    """Registrable."""
    path: str = ""
    """Beginning of the paths of the pages; empty for all."""
    title: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    """Each element that is found is one author."""
    date: tuple[str, ...] = ()
    """Of publication."""
    image: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    """All elements that the selector finds, one after the other."""
    remove: tuple[str, ...] = ()
    """Taken out of the page before anything else is read; all of them count."""
    drop: tuple[str, ...] = ()
    """Forms of texts: a block whose whole text is like one is left out. ``*`` stands for anything."""
    keep: tuple[str, ...] = ()
    """Forms of texts that are never taken for a repeated block of the site."""
    flags: tuple[str, ...] = ()
    """``whole``: what looks short or cut off is the whole text; ``page`` or ``feed``: whose text wins."""

    @property
    def empty(self) -> bool:
        """Whether they say nothing."""
        return not any(getattr(self, name) for name in (*SELECTORS, *TEXTS, "flags"))


def checked(domain: str, path: str, values: Mapping[str, Sequence[str]]) -> Rules:
    """Make rules of what a person wrote: lines by field; empty lines are passed over.

    :raises BadRules: for rules that cannot be used.
    """
    domain, path = domain.strip().lower().rstrip("."), path.strip()
    if not _DOMAIN.fullmatch(domain):
        raise BadRules("The site must be a name such as news.example.")
    if path == "/":
        path = ""
    if path and (not _PATH.fullmatch(path) or len(path) > LONGEST_PATH):
        raise BadRules("The path must begin with a slash, such as /sport/, and hold no space.", "path")
    if unknown := sorted(set(values) - {f.name for f in fields(Rules)}):
        raise BadRules(f"Rules have no field called {unknown[0][:40]}.")
    found: dict[str, tuple[str, ...]] = {}
    for name in (*SELECTORS, *TEXTS, "flags"):
        lines = [" ".join(line.split()) for line in values.get(name, ())]
        lines = list(dict.fromkeys(filter(None, lines)))
        if len(lines) > MOST_LINES:
            raise BadRules(f"There are more than {MOST_LINES} lines in one field.", name)
        try:
            found[name] = tuple(map(_CHECKS.get(name, _selector), lines))
        except BadRules as error:
            raise BadRules(str(error), name) from error
    if sum(len(found[name]) for name in SELECTORS) > MOST_SELECTORS:
        raise BadRules(f"There are more than {MOST_SELECTORS} selectors in all.")
    if {"page", "feed"} <= set(found["flags"]):
        raise BadRules("Either the page's text or the feed's can win, not both.")
    return Rules(domain, path, **found)


def _selector(line: str) -> str:
    try:
        return check(line)
    except BadSelector as error:
        raise BadRules(str(error)) from error


def _form(line: str) -> str:
    if len(line) > LONGEST_TEXT:
        raise BadRules(f"A form of texts is longer than {LONGEST_TEXT} characters.")
    if _CONTROLS.search(line):
        raise BadRules("A form of texts holds a character that cannot be seen.")
    if sum(map(str.isalnum, line)) < LEAST_LETTERS:
        raise BadRules(f"A form of texts needs at least {LEAST_LETTERS} letters beside its *.")
    return line


def _flag(line: str) -> str:
    if line not in FLAGS:
        raise BadRules(f"There is no flag called {line[:40]}.")
    return line


_CHECKS = {"drop": _form, "keep": _form, "flags": _flag}


def rules_to_json(rules: Rules) -> dict[str, list[str]]:
    """Give what rules say, by field, without what is empty; site and path stand elsewhere."""
    return {name: list(said) for name in (*SELECTORS, *TEXTS, "flags") if (said := getattr(rules, name))}


def rules_from_json(domain: str, path: str, stored: Mapping[str, Any]) -> Rules:
    """Read what `rules_to_json` wrote.

    :raises BadRules: for what an older version wrote and this one cannot use.
    """
    values = {str(k): [str(v) for v in said] for k, said in stored.items() if isinstance(said, list)}
    return checked(domain, path, values)


def rules_for(rules: Iterable[Rules], url: str) -> Rules | None:
    """Give those of a site's rules that count for an address: of the longest path that it begins with."""
    try:
        path = urlsplit(url).path or "/"
    except ValueError:
        path = "/"
    near = [r for r in rules if not r.path or path.startswith(r.path) or unquote(path).startswith(r.path)]
    return max(near, key=lambda r: len(r.path), default=None)


def literal(text: str) -> str:
    """Give the form that is like one text alone."""
    return " ".join(text.split()).replace("*", "\\*")


def is_like(text: str, form: str) -> bool:
    """Tell whether a whole text has a form, case and white space aside. Linear.

    ``*`` stands for anything, ``\\*`` for itself.
    """
    text, form = (" ".join(part.casefold().split()) for part in (text, form))
    first, *rest = (part.replace("\0", "*") for part in form.replace("\\*", "\0").split("*"))
    if not rest:
        return text == first
    *middle, last = rest
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True
