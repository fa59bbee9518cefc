"""Try the rules of a site on its stored pages, before and after side by side; nothing is fetched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from daily8.desk import documents
from daily8.net.cage import Cage, Caged
from daily8.news.repair import Line, Rules, rules_for, side_by_side
from daily8.store import readings, sites
from daily8.store.readings import Sample, SitePage


@dataclass(frozen=True, slots=True)
class Side:
    """An article as it is read one way."""

    title: str
    authors: tuple[str, ...]
    published_at: datetime | None
    picture: str
    score: float
    verdict: str
    reasons: tuple[str, ...]
    witness: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A stored page as readers have it, and as they would have it."""

    article: UUID
    url: str
    language: str
    before: Side
    after: Side | None
    """``None`` where nothing was tried, or the page could not be read."""
    cause: str = ""
    """Why it could not, in one plain sentence."""


@dataclass(frozen=True, slots=True)
class RepairPage:
    """A site, and its pages as they are read."""

    site: SitePage
    comparisons: tuple[Comparison, ...]


def look(domain: str, *, path: str = "", article: UUID | None = None) -> RepairPage | None:
    """Show a site and some of its pages as readers have them; ``None`` for an unknown one."""
    site = readings.site(domain, path=path, article=article)
    if site is None:
        return None
    return RepairPage(site, tuple(_compared(sample, None) for sample in site.samples))


def attempt(cage: Callable[[], Cage], rules: Rules, *, article: UUID | None = None) -> RepairPage | None:
    """Show a site and some of its pages as they would be read by other rules; ``None`` for an unknown one."""
    site = readings.site(rules.domain, path=rules.path, article=article)
    if site is None:
        return None
    others = [known for known in sites.current(rules.domain) if known.path != rules.path]
    every = [*others, rules]
    tried = tuple(_tried(cage(), sample, every) for sample in site.samples)
    return RepairPage(replace(site, rules=rules), tried)


def _tried(cage: Cage, sample: Sample, every: list[Rules]) -> Comparison:
    due = sample.due
    guide = replace(due.guide, rules=rules_for(every, due.url))
    try:
        found = cage.call(documents.read_kept, due.body, due.url, due.content_type or None, due.entry, guide)
    except Caged as error:
        return replace(_compared(sample, None), cause=f"The page was set aside because {error.reason}.")
    except ValueError:
        return replace(_compared(sample, None), cause="The page that was kept is damaged.")
    return _compared(sample, found)


def _compared(sample: Sample, found: documents.Reading | None) -> Comparison:
    judged = sample.judged
    after = found.extracted if found else None
    left, right = side_by_side(sample.blocks, after.blocks if after else sample.blocks)
    before = Side(
        judged.title,
        sample.authors,
        sample.published_at,
        sample.picture,
        judged.score,
        judged.verdict,
        judged.reasons,
        judged.witness,
        left,
    )
    if found is None or after is None:
        return Comparison(judged.article, judged.url, judged.language, before, None)
    then = Side(
        after.title or judged.title,
        after.authors or sample.authors,
        min(after.published, judged.read_at) if after.published else sample.published_at,
        after.image.url if after.image else sample.picture,
        after.quality.score,
        after.quality.verdict,
        after.quality.reasons,
        found.witness,
        right,
    )
    return Comparison(judged.article, judged.url, judged.language, before, then)
