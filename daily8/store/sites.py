"""What is known of a site when its pages are read: what editors say of it, and what it repeats."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction

from daily8.news.repair import BadRules, Guide, Rules, is_like, rules_for, rules_from_json, rules_to_json
from daily8.store.models import KeptPage, RepeatedBlock, SiteRules
from daily8.store.wakeups import wake

LEARNED_MOST = 2_000
"""Repeated blocks of a site that are taken out, the newest first."""
HISTORY_MOST = 20


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


def guide(domain: str, url: str) -> Guide:
    """Give what is known of a site for one of its pages."""
    rules, number = _current(domain)
    learned = {block.mark for block in repeated(domain, rules) if not block.kept}
    return Guide(rules_for(rules, url), number, frozenset(learned))


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


def repeated(domain: str, rules: Iterable[Rules] | None = None) -> tuple[Repeated, ...]:
    """Give the texts that a site repeats, the newest first, kept ones among them."""
    rows = list(RepeatedBlock.objects.filter(domain=domain).order_by("-id")[:LEARNED_MOST])
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
    with transaction.atomic():
        lock(rules.domain)
        said = rules_to_json(rules)
        here = SiteRules.objects.filter(domain=rules.domain, path=rules.path, current=True)
        before = here.first()
        if said == (before.said if before else {}):
            return 0
        here.update(current=False)
        SiteRules.objects.create(domain=rules.domain, path=rules.path, said=said, saved_at=now, saved_by=by)
        due = _all_due(rules.domain)
        if due:
            wake("reread")
    return due


def _all_due(domain: str) -> int:
    return KeptPage.objects.filter(domain=domain).update(generation=0, claim_token=None, claimed_until=None)


def save_all(found: Iterable[Rules], *, by: str, now: datetime) -> tuple[int, int]:
    """Save rules of many sites together, or none; give the number of rules and of pages to be read again."""
    with transaction.atomic():
        dues = [save(rules, by=by, now=now) for rules in sorted(found, key=lambda r: (r.domain, r.path))]
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
    row = RepeatedBlock.objects.filter(domain=domain, mark=mark).first()
    if row is None:
        return False
    general = next((rules for rules in _current(domain)[0] if not rules.path), Rules(domain))
    said = replace(general, keep=(*general.keep, " ".join(row.text.split())))
    save(rules_from_json(domain, "", rules_to_json(said)), by=by, now=now)
    return True


def every(domains: Iterable[str] = ()) -> tuple[Rules, ...]:
    """Give all rules that count today, or those of some sites, by site and path."""
    rows = SiteRules.objects.filter(current=True)
    if wanted := [*domains]:
        rows = rows.filter(domain__in=wanted)
    found = (_rules(row) for row in rows.order_by("domain", "path"))
    return tuple(rules for rules in found if rules is not None and not rules.empty)
