"""The starter catalogue: real sources to choose from on the first start, none of them fetched yet.

The table `data/starter.tsv` is derived by `tools/starter.py`; `docs/starter.md` tells how and from what.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Kind = Literal["public", "state", "private", "nonprofit", "cooperative", "agency", "party", "unknown"]
KINDS: tuple[Kind, ...] = (
    "public", "state", "private", "nonprofit", "cooperative", "agency", "party", "unknown",
)  # fmt: skip
INTERESTS = (
    "general", "world", "politics", "business", "technology", "science", "health", "sport", "entertainment",
    "lifestyle", "opinion", "local", "podcasts", "video",
)  # fmt: skip
COLUMNS = (
    "url", "title", "publisher", "home", "domain", "country", "language", "kind", "owner", "interests",
    "place", "provenance",
)  # fmt: skip


class UnknownChoice(ValueError):
    """A country, language or interest of which the catalogue holds no source."""


@dataclass(frozen=True, slots=True)
class StarterSource:
    """A feed of the catalogue and its publisher's facts. Nobody has fetched it: it starts `unverified`."""

    url: str
    title: str
    """As readers of the feed's language know it, with the section after a colon."""
    publisher: str
    home: str
    domain: str
    """Registrable domain of ``home``."""
    country: str
    """ISO 3166-1 alpha-2: where the publisher sits; for a newsroom in exile, the country it reports on."""
    language: str
    """BCP 47, of the feed."""
    kind: Kind
    owner: str | None
    """The bare name of the owner, or None where it is not surely known."""
    interests: tuple[str, ...]
    """Of `INTERESTS`, the chief one first."""
    place: int
    """The publisher's place among those of its country by prominence, from 1."""
    provenance: str
    """Comma-separated collections that list the address or gave the owner (``kite``, ``newscatcher``,
    ``plenary``), or ``own``."""


def _kind(text: str) -> Kind:
    for kind in KINDS:
        if kind == text:
            return kind
    raise ValueError(f"{text!r} is not a kind of publisher ({', '.join(KINDS)})")


def from_rows(text: str) -> tuple[StarterSource, ...]:
    """Read a table of the catalogue's form: tab-separated UTF-8 text with `COLUMNS` as its header.

    :raises ValueError: for another header, a row of another length, or a kind that is not known.
    """
    header, *lines = text.splitlines()
    if tuple(header.split("\t")) != COLUMNS:
        raise ValueError("the first line of the starter catalogue does not name its columns")
    sources = []
    for line in lines:
        row = dict(zip(COLUMNS, line.split("\t"), strict=True))
        kind, owner, interests, place = row["kind"], row["owner"], row["interests"], row["place"]
        facts = {name: row[name] for name in ("url", "title", "publisher", "home", "domain", "country")}
        sources.append(
            StarterSource(
                **facts,
                language=row["language"],
                kind=_kind(kind),
                owner=owner or None,
                interests=tuple(interests.split(",")),
                place=int(place),
                provenance=row["provenance"],
            )
        )
    return tuple(sources)


@cache
def catalogue() -> tuple[StarterSource, ...]:
    """Give every source of the catalogue, by country, then publisher."""
    return from_rows((files("daily8.news") / "data" / "starter.tsv").read_text("utf-8"))


def _counted(names: Iterable[str]) -> Mapping[str, int]:
    return dict(sorted(Counter(names).items()))


def countries() -> Mapping[str, int]:
    """Give the codes of the countries in order, each with the number of its sources."""
    return _counted(s.country for s in catalogue())


def languages() -> Mapping[str, int]:
    """Give the tags of the languages in order, each with the number of its sources."""
    return _counted(s.language for s in catalogue())


def interests() -> Mapping[str, int]:
    """Give the interests in the order of `INTERESTS`, each with the number of its sources."""
    found = _counted(i for s in catalogue() for i in s.interests)
    return {i: found[i] for i in INTERESTS if i in found}


def _known(
    what: str, asked: Iterable[str], known: Mapping[str, int], form: Callable[[str], str]
) -> list[str]:
    """Give the asked names as the catalogue writes them, each once, in the order asked.

    :raises UnknownChoice: for a name that it does not hold.
    """
    found: list[str] = []
    for name in asked:
        key = form(name.strip())
        same = [k for k in known if k == key]
        if what == "language":
            # "zh" asks for every Chinese; "ar-EG" for the Arabic that there is.
            same = [k for k in known if k == key or k.startswith(f"{key}-")] or [
                k for k in known if k.split("-")[0] == key.split("-")[0]
            ]
        if not same:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.3)
            hint = f"the nearest is {near[0]!r}" if near else f"it knows {len(known)} others"
            raise UnknownChoice(f"The starter catalogue has no source of the {what} {name!r}; {hint}.")
        found += [k for k in same if k not in found]
    return found


def _tag(text: str) -> str:
    """Give a BCP 47 tag in its usual writing: `zh-Hant`, `pt-BR` (RFC 5646 section 2.1.1)."""
    first, *rest = text.replace("_", "-").split("-")
    return "-".join([first.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)])


def _breadth(source: StarterSource) -> int:
    """Tell how broad a source is: 0 news in general, 1 one subject, 2 one town or region."""
    if source.interests[0] == "local":
        return 2
    return 0 if "general" in source.interests else 1


def choose(
    countries: Iterable[str] = (),
    languages: Iterable[str] = (),
    interests: Iterable[str] = (),
    limit: int | None = None,
) -> tuple[StarterSource, ...]:
    """Choose sources that are of one of the countries, languages and interests; an empty list asks for all.

    The order serves a cut at any length: first one source of each publisher, news in general before single
    subjects and regions, the chief publishers of every country before the next ones; countries stand as asked
    for, else those with most sources first.

    :raises UnknownChoice: for a name that the catalogue does not hold, naming the nearest that it does.
    """
    held = catalogue()
    places = _known("country", countries, _counted(s.country for s in held), str.upper)
    tongues = _known("language", languages, _counted(s.language for s in held), _tag)
    subjects = _known("interest", interests, _counted(i for s in held for i in s.interests), str.lower)
    fitting = [
        s
        for s in held
        if (not places or s.country in places)
        and (not tongues or s.language in tongues)
        and (not subjects or not set(subjects).isdisjoint(s.interests))
    ]
    many = Counter(s.country for s in fitting)
    order = {c: i for i, c in enumerate(places or sorted(many, key=lambda c: (-many[c], c)))}

    def aside(source: StarterSource) -> int:
        """Tell whether what was asked for is a source's chief subject (0) or a further one (1)."""
        return int(bool(subjects) and source.interests[0] not in subjects)

    turns: Counter[tuple[str, str]] = Counter()
    ranked: list[tuple[tuple[int, ...], StarterSource]] = []
    for s in sorted(fitting, key=lambda s: (aside(s), _breadth(s))):
        turn = turns[s.country, s.publisher]
        turns[s.country, s.publisher] += 1
        ranked.append(((turn, aside(s), _breadth(s), s.place, order[s.country]), s))
    chosen = tuple(s for _, s in sorted(ranked, key=lambda pair: pair[0]))
    return chosen if limit is None else chosen[: max(limit, 0)]
