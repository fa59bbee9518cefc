"""What is known of a site when its pages are read: what editors say of it, and what it repeats."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from daily8.news.repair import (
    BadRules,
    Guide,
    Rules,
    is_like,
    literal,
    rules_for,
    rules_from_json,
    rules_to_json,
)
from daily8.store.models import KeptPage, RepeatedBlock, SiteRules
from daily8.store.wakeups import wake_after

LEARNED_MOST = 2_000
"""Repeated blocks of a site that are taken out, the newest first."""
HISTORY_MOST = 20
UNREADABLE = "The rules of this site that are stored cannot be read: save them anew first."


@dataclass(frozen=True, slots=True)
class Version:
    """Rules of a site as somebody saved them."""

    id: int
    rules: Rules
    current: bool
    saved_at: datetime
    saved_by: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """A text that a site repeats."""

    mark: str
    text: str
    articles: int
    days: int
    learned_at: datetime
    kept: bool
    """Whether an editor said that it is the articles' own."""


def lock(domain: str) -> None:
    """Let one transaction at a time change what is known of a site, or write what was read by it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 8))", [domain])


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a site, for all of its pages."""

    rules: tuple[Rules, ...]
    number: int
    learned: frozenset[str]

    def guide(self, url: str) -> Guide:
        """Give what counts for one page."""
        return Guide(rules_for(self.rules, url), self.number, self.learned)


def known(domain: str) -> Known:
    """Give what is known of a site."""
    rules, number = _current(domain)
    learned = {block.mark for block in repeated(domain, rules) if not block.kept}
    return Known(rules, number, frozenset(learned))


def guide(domain: str, url: str) -> Guide:
    """Give what is known of a site for one of its pages."""
    return known(domain).guide(url)


def number(domain: str) -> int:
    """Give the number of the newest word of an editor on a site; 0 where none spoke."""
    newest = SiteRules.objects.filter(domain=domain, current=True).order_by("-id")
    return newest.values_list("id", flat=True).first() or 0


def current(domain: str) -> tuple[Rules, ...]:
    """Give the rules of a site by path, the general ones first."""
    return tuple(rules for rules in _current(domain)[0] if not rules.empty)


def _current(domain: str) -> tuple[tuple[Rules, ...], int]:
    rows = list(SiteRules.objects.filter(domain=domain, current=True).order_by("path"))
    found = tuple(rules for row in rows if (rules := _rules(row)) is not None)
    return found, max((row.id for row in rows), default=0)


def _rules(row: SiteRules) -> Rules | None:
    try:
        return rules_from_json(row.domain, row.path, row.said)
    except BadRules:  # of another version; they wait to be mended
        return None


def repeated(
    domain: str, rules: Iterable[Rules] | None = None, *, marks: Iterable[str] | None = None
) -> tuple[Repeated, ...]:
    """Give the texts that a site repeats, the newest first, kept ones among them; or those of some marks."""
    here = RepeatedBlock.objects.filter(domain=domain).order_by("-id")
    rows = list(here[:LEARNED_MOST] if marks is None else here.filter(mark__in=[*marks]))
    if not rows:
        return ()
    forms = [form for r in (_current(domain)[0] if rules is None else rules) for form in r.keep]
    return tuple(
        Repeated(
            row.mark,
            row.text,
            row.articles,
            row.days,
            row.learned_at,
            any(is_like(row.text, form) for form in forms),
        )
        for row in rows
    )


def save(rules: Rules, *, by: str, now: datetime) -> int:
    """Read the pages of a site by these rules from now on; give the number of stored ones to be read again.

    Rules that say nothing take back those that stood there. Older versions stay.
    """
    return save_all([rules], by=by, now=now)[1]


def _save(rules: Rules, by: str, now: datetime) -> int:
    said = rules_to_json(rules)
    here = SiteRules.objects.filter(domain=rules.domain, path=rules.path, current=True)
    before = here.first()
    if said == (before.said if before else {}):
        return 0
    here.update(current=False)
    SiteRules.objects.create(domain=rules.domain, path=rules.path, said=said, saved_at=now, saved_by=by)
    kept = [block.mark for block in repeated(rules.domain) if block.kept]
    RepeatedBlock.objects.filter(domain=rules.domain, mark__in=kept).update(returning=True)
    return make_due(KeptPage.objects.filter(domain=rules.domain))


def make_due(pages: QuerySet[KeptPage]) -> int:
    """Let pages be read again; give their number. They are taken in order, as all do who hold several."""
    ids = list(pages.order_by("article_id").select_for_update().values_list("article_id", flat=True))
    return KeptPage.objects.filter(article__in=ids).update(
        generation=0, tries=0, claim_token=None, claimed_until=None
    )


def save_all(found: Iterable[Rules], *, by: str, now: datetime) -> tuple[int, int]:
    """Save rules of many sites together, or none; give the number of rules and of pages to be read again."""
    wanted = sorted(found, key=lambda r: (r.domain, r.path))
    with transaction.atomic():
        for domain in sorted({rules.domain for rules in wanted}):
            lock(domain)
        dues = [_save(rules, by, now) for rules in wanted]
        if any(dues):
            wake_after("reread")
    return len(dues), sum(dues)


def history(domain: str) -> tuple[Version, ...]:
    """Give the versions of a site's rules, the newest first."""
    rows = SiteRules.objects.filter(domain=domain).order_by("-id")[:HISTORY_MOST]
    return tuple(
        Version(row.id, rules, row.current, row.saved_at, row.saved_by)
        for row in rows
        if (rules := _rules(row)) is not None
    )


def restore(domain: str, version: int, *, by: str, now: datetime) -> bool:
    """Let an older version of a site's rules count again; tell whether there is one."""
    row = SiteRules.objects.filter(domain=domain, id=version).first()
    rules = _rules(row) if row else None
    if rules is None:
        return False
    save(rules, by=by, now=now)
    return True


def undo(domain: str, path: str, *, by: str, now: datetime) -> bool:
    """Go back to the rules that counted before those of today; tell whether there were any rules."""
    with transaction.atomic():
        lock(domain)
        rows = list(SiteRules.objects.filter(domain=domain, path=path).order_by("-id")[:2])
        if not rows or not rows[0].current:
            return False
        before = _rules(rows[1]) if len(rows) > 1 else Rules(domain, path)
        if before is None:
            return False
        save(before, by=by, now=now)
    return True


def keep(domain: str, mark: str, *, by: str, now: datetime) -> bool:
    """Say that a text which a site repeats is its articles' own; tell whether it is known.

    :raises daily8.news.repair.BadRules: where the site's rules have no room for it.
    """
    with transaction.atomic():
        lock(domain)
        row = RepeatedBlock.objects.filter(domain=domain, mark=mark).first()
        if row is None:
            return False
        here = SiteRules.objects.filter(domain=domain, path="", current=True).first()
        general = _rules(here) if here else Rules(domain)
        if general is None:
            raise BadRules(UNREADABLE)
        said = replace(general, keep=(*general.keep, literal(row.text)))
        save(rules_from_json(domain, "", rules_to_json(said)), by=by, now=now)
    return True


def every(domains: Iterable[str] = ()) -> tuple[Rules, ...]:
    """Give all rules that count today, or those of some sites, by site and path."""
    rows = SiteRules.objects.filter(current=True)
    if wanted := [*domains]:
        rows = rows.filter(domain__in=wanted)
    found = (_rules(row) for row in rows.order_by("domain", "path"))
    return tuple(rules for rules in found if rules is not None and not rules.empty)
