"""When it was published and changed: the most exact statement of those a page makes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from daily8.news.dates import parse_date
from daily8.news.extract.evidence import Evidence
from daily8.news.extract.linked import string
from daily8.news.tree import elements, text_of

_PUBLISHED = (
    *("article:published_time", "article:published", "og:article:published_time", "og:published_time"),
    *("datepublished", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "publish-date"),
    *(
        "article:published:time",
        "published_time",
        "pubdate",
        "publishdate",
        "publication_date",
        "article.published",
    ),
    *("dc.date.issued", "dcterms.created", "dc.date", "date", "last-modified"),
)
_MODIFIED = (
    *(
        "article:modified_time",
        "og:updated_time",
        "datemodified",
        "article:modified:time",
        "article:modified",
    ),
    *("last-modified", "dcterms.modified", "dc.date.modified", "lastmod", "revisiondate"),
)
_ZONED = re.compile(r"(?:Z|[+-]\d{2}:?\d{2}|\b(?:GMT|UTC|[A-Z]{2,4}T))\s*$")
_CLOCKED = re.compile(r"\d\s*[:.h時]\s*\d{2}|T\d{2}|^\d{10,13}$")
_DATED = re.compile(
    r"(?:^|[\s_-])(?:date|datum|time|published?|publish-?\w*|pubdate|timestamp|dateline|fecha|data|zeit\w*)",
    re.IGNORECASE,
)
_EITHER = re.compile(r"\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*\d{4}(?!\d)")
_IN_ADDRESS = re.compile(r"[/-]((?:19|20)\d{2})[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/._-]|$)")


@dataclass(frozen=True, slots=True)
class _Stated:
    at: datetime
    zoned: bool
    clocked: bool
    guessed: bool = False
    """Whether day and month might be each other."""


def published(evidence: Evidence) -> datetime | None:
    """Give the time of first publication, with zone (UTC where none is named anywhere)."""
    texts = [string(evidence.article.get(k)) for k in ("datePublished", "dateCreated", "uploadDate")]
    texts += [evidence.said(name) for name in _PUBLISHED[:-1]]
    texts += evidence.properties.get("datePublished", [])[:1]
    stated = [s for text in texts if (s := _read(text))]
    if evidence.entry and evidence.entry.published:
        stated.append(
            _Stated(evidence.entry.published, True, evidence.entry.published.time() != datetime.min.time())
        )
    if not stated or not stated[0].clocked:
        stated += _shown(evidence)
    if not stated and (found := _IN_ADDRESS.search(evidence.url or "")):
        day = _read("-".join(found.groups()))
        stated += [day] if day else []
    return _exact(stated)


def updated(evidence: Evidence, since: datetime | None) -> datetime | None:
    """Give the time of the last change, if it is later than publication."""
    texts = [string(evidence.article.get("dateModified"))]
    texts += [evidence.said(name) for name in _MODIFIED]
    texts += evidence.properties.get("dateModified", [])[:1]
    at = _exact([s for text in texts if (s := _read(text))])
    if at is None and evidence.entry:
        at = evidence.entry.updated
    return at if at and (since is None or at > since) else None


def _read(text: str | None) -> _Stated | None:
    at = parse_date(text)
    if at is None or text is None or at.year < 1990:
        return None
    numbers = _EITHER.match(text)
    guessed = bool(numbers and int(numbers[1]) <= 12 and int(numbers[2]) <= 12 and numbers[1] != numbers[2])
    return _Stated(at, bool(_ZONED.search(text)), bool(_CLOCKED.search(text)), guessed)


def _sure(stated: list[_Stated]) -> list[_Stated]:
    """Leave out guesses that no surer statement agrees with, where there is a surer one."""
    days = {s.at.date() for s in stated if not s.guessed}
    return [s for s in stated if not s.guessed or s.at.date() in days] if days else stated


def _exact(stated: list[_Stated]) -> datetime | None:
    """Take the first statement; borrow a clock or a zone that it lacks from one that agrees with it."""
    stated = _sure(stated)
    if not stated:
        return None
    best = stated[0]
    if not best.clocked:
        day = best.at.date()
        best = next((s for s in stated if s.clocked and abs((s.at.date() - day).days) == 0), best)
    if not best.zoned:
        wall = best.at.replace(tzinfo=None, second=0, microsecond=0)
        for other in stated:
            if (
                other.zoned
                and other.clocked
                and other.at.replace(tzinfo=None, second=0, microsecond=0) == wall
            ):
                return other.at
    return best.at


def _shown(evidence: Evidence) -> list[_Stated]:
    """Read the times that the page shows: ``time`` elements, then short texts in boxes named after dates."""
    found: list[_Stated] = []
    for element in elements(evidence.tree, "//time")[:8]:
        stated = _read(element.get("datetime")) or _read(text_of(element))
        if stated:
            found.append(stated)
    if found:
        return found
    for element in elements(evidence.tree, "//body//*[@class or @id]"):
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"
        if _DATED.search(marks):
            text = text_of(element)
            if (
                6 <= len(text) <= 80
                and re.search(r"\d{4}|\d{1,2}[./]\d{1,2}", text)
                and (stated := _read(text))
            ):
                found.append(stated)
                if len(found) >= 5:
                    break
    return found


def iso(at: datetime | None) -> str | None:
    """Write a time as RFC 3339, to the second; UTC as ``Z``."""
    if at is None:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    text = at.replace(microsecond=0).isoformat()
    return text.removesuffix("+00:00") + "Z" if at.utcoffset() == timedelta(0) else text
