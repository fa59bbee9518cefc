"""Sources: how they are added, what is known of them, and how their fetches went."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from daily8.news.reasons import ASKED_TO_WAIT, Reason, explain
from daily8.news.source_life import Validators
from daily8.news.urls import canonical
from daily8.store import deliveries, hosts, icons, parts, subscriptions, wishes
from daily8.store.deliveries import Document
from daily8.store.models import Alias, Article, Delivery, Entry, Fetch, Host, Poll, Publisher, Source
from daily8.store.paging import mark, read_mark
from daily8.store.values import FetchView, PublisherView, SourceList, SourcePage, SourceView

FETCHES_SHOWN = 30
AILING = timedelta(days=7)
"""How long a source fails without a break before it counts as ailing. It is never given up for that."""
WAITING = Q(way=Source.Way.MAIL, state=Source.State.PAUSED)
"""Newsletters that strangers sent and nobody has confirmed: shown to editors alone."""
HIDDEN = WAITING | Q(
    ~Exists(Article.objects.filter(source=OuterRef("pk"))), way=Source.Way.MAIL, state=Source.State.GONE
)
"""Those, and what was refused before anything of it was read: nobody has asked for either."""
BY_HAND = timedelta(minutes=5)
"""The least time between two requests for a source that people make."""
_LOOKED_WAIT = timedelta(hours=1)
"""After which a source is asked whose first document was in hand, if that could not be read."""


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source to be added, with what is known of its publisher."""

    url: str
    key: str
    """Canonical form of the address."""
    host: str
    """Name under which manners are kept."""
    publisher_domain: str
    publisher_name: str
    title: str = ""
    home: str = ""
    language: str = ""
    country: str = ""
    kind: str = ""
    owner: str = ""
    format: str = ""
    rights: str = "unknown"
    interests: tuple[str, ...] = ()
    folders: tuple[tuple[str, ...], ...] = ()
    way: str = "feed"
    """`Source.Way`."""
    pattern: Mapping[str, Any] = field(default_factory=dict)
    """Of a watched page, as `daily8.news.listing.pattern_to_json` gives it."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a list of sources, by canonical address."""

    new: tuple[str, ...]
    known: tuple[str, ...]


def add(
    wanted: Sequence[NewSource],
    *,
    due: Mapping[str, datetime],
    looked: Mapping[str, Document] = MappingProxyType({}),
) -> Added:
    """Add sources that are not there yet, in one transaction, and make them due.

    ``due`` gives the time of the first fetch by canonical address, so that many new sources can be spread;
    ``looked`` the documents that are in hand already: these are read instead of being fetched again.
    A source that is known keeps everything but its folders, which are joined; one that was gone is asked
    again, with its parts. A part of a sitemap index becomes a source of its own.
    """
    by_key = {source.key: source for source in wanted}
    with transaction.atomic():
        # Who names an address where a source once lived means the source.
        moved = dict(Alias.objects.filter(key__in=by_key).values_list("key", "source"))
        rows = Source.objects.filter(Q(key__in=by_key) | Q(id__in=moved.values())).select_for_update()
        there = {row.id: row for row in rows}
        known = {key: there[source] for key, source in moved.items()}
        known |= {row.key: row for row in there.values() if row.key in by_key}
        fresh = [source for key, source in by_key.items() if key not in known]
        new = _insert(fresh)
        begun = {key: due[key] + _LOOKED_WAIT if key in looked else due[key] for key in by_key}
        Poll.objects.bulk_create(
            [Poll(source=row, next_at=begun[row.key] if _asked(row) else None) for row in new],
            ignore_conflicts=True,
        )
        earliest: dict[str, datetime] = {}
        for row in filter(_asked, new):
            earliest[row.host] = min(begun[row.key], earliest.get(row.host, begun[row.key]))
            if row.key in looked and not deliveries.pending(row.id):
                deliveries.bring(row.id, Delivery.Kind.LOOKED, looked[row.key], now=due[row.key], tell=False)
                here = deliveries.place(row.host)
                earliest[here] = min(due[row.key], earliest.get(here, due[row.key]))
        for key, row in known.items():
            _join_folders(row, by_key[key].folders)
            if row.state == Source.State.GONE or (row.parent_id and row.state == Source.State.PAUSED):
                Source.objects.filter(id=row.id).update(state=Source.State.UNVERIFIED)
                parts.resume(row.id)
                Poll.objects.filter(source=row).update(next_at=due[key], gone_since=None, failures=0)
                earliest[row.host] = min(due[key], earliest.get(row.host, due[key]))
        Source.objects.filter(id__in=[row.id for row in known.values() if row.parent_id]).update(parent=None)
        if earliest:
            hosts.tell(earliest)
        for key in {*looked} & {*begun}:
            hosts.started(by_key[key].host, due[key])
    return Added(tuple(source.key for source in fresh), tuple(known))


def _asked(row: Source) -> bool:
    return row.way != Source.Way.MAIL  # that comes when it is sent


def _insert(fresh: Sequence[NewSource]) -> list[Source]:
    """Write the rows of new sources; give them, or those that somebody else wrote at this moment."""
    publishers = publishers_of(fresh)
    Source.objects.bulk_create(
        [
            Source(
                publisher_id=publishers[source.publisher_domain],
                url=source.url,
                key=source.key,
                host=source.host,
                title=source.title,
                home=source.home,
                language=source.language,
                format=source.format,
                rights=source.rights,
                interests=list(source.interests),
                folders=[list(path) for path in source.folders],
                way=source.way,
                pattern=dict(source.pattern),
            )
            for source in sorted(fresh, key=lambda source: source.key)
        ],
        ignore_conflicts=True,
    )
    return list(Source.objects.filter(key__in=[source.key for source in fresh]))


def _join_folders(row: Source, folders: Iterable[tuple[str, ...]]) -> None:
    joined = row.folders + [list(path) for path in folders if list(path) not in row.folders]
    if joined != row.folders:
        row.folders = joined
        row.save(update_fields=["folders"])


def publishers_of(wanted: Iterable[NewSource]) -> dict[str, UUID]:
    """Give the publishers of new sources by their domain; make those that are missing.

    What a feed or a list of sources says of one known by mail alone takes the place of what mail said.
    """
    first: dict[str, NewSource] = {}
    for source in wanted:
        first.setdefault(source.publisher_domain, source)
    _believe(first)
    # A name that is taken gives way to the domain, and that, where it is taken as a name, to a digest.
    for name in (lambda s: slug(s.publisher_name), lambda s: slug(s.publisher_domain), _certain_slug):
        found = dict(Publisher.objects.filter(domain__in=first).values_list("domain", "id"))
        missing = {name(source): source for domain, source in sorted(first.items()) if domain not in found}
        if not missing:
            break
        taken = set(Publisher.objects.filter(slug__in=missing).values_list("slug", flat=True))
        Publisher.objects.bulk_create(
            [
                Publisher(
                    slug=chosen,
                    domain=source.publisher_domain,
                    name=source.publisher_name or source.publisher_domain,
                    home=source.home,
                    country=source.country,
                    language=source.language,
                    kind=source.kind,
                    owner=source.owner,
                )
                for chosen, source in missing.items()
                if chosen and chosen not in taken
            ],
            ignore_conflicts=True,
        )
    return dict(Publisher.objects.filter(domain__in=first).values_list("domain", "id"))


def _believe(told: Mapping[str, NewSource]) -> None:
    asked = [domain for domain, source in told.items() if source.way != Source.Way.MAIL]
    by_mail = Publisher.objects.filter(sources__way=Source.Way.MAIL, domain__in=asked)
    for row in by_mail.exclude(sources__way__in=[Source.Way.FEED, Source.Way.PAGE]).distinct():
        source = told[row.domain]
        row.name = source.publisher_name or row.name
        for name in ("home", "country", "kind", "owner"):
            setattr(row, name, getattr(source, name))
        row.save(update_fields=["name", "home", "country", "kind", "owner"])


def _certain_slug(source: NewSource) -> str:
    digest = hashlib.blake2b(source.publisher_domain.encode(), digest_size=4).hexdigest()
    return f"{slug(source.publisher_domain)[:70]}-{digest}"


def slug(name: str) -> str:
    """Make the form of a name that stands in addresses; letters of every script are kept."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    kept = "".join(c if unicodedata.category(c)[0] in "LNM" else "-" for c in folded)
    return re.sub(r"-+", "-", kept).strip("-")[:80].strip("-")


def known(source: UUID, keys: Iterable[str]) -> dict[str, str]:
    """Give the digests of those entries of a source that were seen before, by key."""
    rows = Entry.objects.filter(source_id=source, key__in=list(keys))
    return dict(rows.values_list("key", "digest"))


def refresh(ids: Iterable[UUID] | None, now: datetime, *, not_since: datetime) -> int:
    """Make sources due now (all of them for ``None``); give their number.

    Those fetched after ``not_since``, those that a publisher asked us not to ask, those whose host rests or
    whose first document is in hand, and those paused or gone are left as they are.
    """
    resting = Host.objects.filter(name=OuterRef("source__host"), quiet_until__gt=now)
    rows = Poll.objects.filter(
        Q(fetched_at=None) | Q(fetched_at__lt=not_since), source__state__in=["unverified", "active"]
    ).exclude(why__code__in=ASKED_TO_WAIT)
    rows = rows.exclude(source__way=Source.Way.MAIL)  # it comes when it is sent
    rows = rows.exclude(Exists(resting)).exclude(source__deliveries__kind=Delivery.Kind.LOOKED)
    if ids is not None:
        wanted = list(ids)
        rows = rows.filter(Q(source_id__in=wanted) | Q(source__parent_id__in=wanted))
    with transaction.atomic():
        # In one order everywhere, so that people and workers never wait for each other in a circle.
        locked = rows.select_for_update(of=("self",)).order_by("source_id")
        found = dict(locked.values_list("source_id", "source__host"))
        count = Poll.objects.filter(source_id__in=found).update(next_at=now)
        if found:
            hosts.tell(dict.fromkeys(found.values(), now))
    return count


def find(text: str) -> UUID | None:
    """Give the source with this id, address or canonical address, be it one where it once lived."""
    if "\x00" in text:  # nothing in the database can be called so
        return None
    try:
        rows = Source.objects.filter(id=UUID(text))
    except ValueError:
        # Its own address before another's old one.
        rows = Source.objects.filter(Q(url=text) | Q(key__in=(text, canonical(text))))
        if not rows.exists():
            rows = Source.objects.filter(aliases__key__in=(text, canonical(text)))
    return rows.values_list("id", flat=True).first()


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of a source that somebody wants to look at now."""

    id: UUID
    validators: Validators
    cause: str
    fetched_at: datetime | None
    silent_until: datetime | None
    """Until when it is not to be asked."""
    silent_why: str = ""
    """Why its host rests, in one plain sentence; empty where its publisher wants to be left alone."""


def held(url: str) -> Held | None:
    """Give what is known of the source at an address; ``None`` where there is none."""
    source = find(url)
    row = Poll.objects.filter(source_id=source).select_related("source").first() if source else None
    if row is None:
        return None
    rests = Host.objects.filter(name=row.source.host).exclude(quiet_until=None)
    host, why = rests.values_list("quiet_until", "quiet_why").first() or (None, "")
    asked = row.next_at if (row.why or {}).get("code") in ASKED_TO_WAIT else None
    return Held(
        row.source_id,
        Validators(row.etag, row.last_modified),
        row.cause,
        row.fetched_at,
        max((at for at in (host, asked) if at), default=None),
        why if host and (asked is None or asked < host) else "",
    )


def looked_at(source: UUID, now: datetime) -> None:
    """Note that a source was asked outside of its turn: it is asked by hand again after some minutes only."""
    Poll.objects.filter(source_id=source).update(fetched_at=now)
    for host in Source.objects.filter(id=source).values_list("host", flat=True):
        hosts.started(host, now)


def put_off(source: UUID, until: datetime, why: Reason) -> None:
    """Ask a source at ``until`` at the earliest, for its publisher said so to somebody who looked at it."""
    rows = Poll.objects.filter(source_id=source).exclude(next_at=None)
    rows.update(next_at=Greatest("next_at", until), why={"code": why.code, "seconds": why.seconds})


def count() -> int:
    """Give the number of sources; parts of a sitemap index count as one with it."""
    return Source.objects.filter(parent=None).exclude(HIDDEN).count()


def views(rows: QuerySet[Source]) -> tuple[SourceView, ...]:
    """Give the view of each source of a query, in one query. Parts of an index are counted with it."""
    articles = (
        Article.objects.filter(source=OuterRef("pk")).order_by().values("source").annotate(n=Count("*"))
    )
    of_parts = (
        Article.objects.filter(source__parent=OuterRef("pk"))
        .order_by()
        .values("source__parent")
        .annotate(n=Count("*"))
    )
    host = Host.objects.filter(name=OuterRef("host"))
    return tuple(
        _view(row)
        for row in rows.select_related("publisher__icon__picture", "poll").annotate(
            articles_n=Coalesce(Subquery(articles.values("n")), 0)
            + Coalesce(Subquery(of_parts.values("n")), 0),
            parts_n=Count("parts", filter=Q(parts__state__in=["unverified", "active"])),
            quiet_until=Subquery(host.values("quiet_until")),
            quiet_why=Subquery(host.values("quiet_why")),
        )
    )


def every() -> tuple[SourceView, ...]:
    """Give all sources, by title: for OPML and the command line."""
    return views(Source.objects.filter(parent=None).exclude(HIDDEN).order_by("title", "url"))


def listing(*, words: str = "", older: str | None = None, limit: int = 50) -> SourceList:
    """Give a page of sources, newest first, whose title, address or publisher holds ``words``.

    :raises daily8.store.paging.BadPage: for an ``older`` that no page gave.
    """
    rows = Source.objects.filter(parent=None).exclude(HIDDEN).order_by("-added_at", "-id")
    if words := words.replace("\x00", "").strip()[:100]:
        rows = rows.filter(
            Q(title__icontains=words) | Q(url__icontains=words) | Q(publisher__name__icontains=words)
        )
    total = rows.count()
    if older:
        time, row_id = read_mark(older)
        rows = rows.filter(Q(added_at__lt=time) | Q(added_at=time, id__lt=row_id))
    last = list(rows.values_list("added_at", "id")[limit - 1 : limit + 1])
    return SourceList(
        sources=views(rows[:limit]), older=mark(*last[0]) if len(last) == 2 else None, total=total
    )


def page(source_id: UUID) -> SourcePage | None:
    """Give a source with its last fetches, newest first."""
    found = views(Source.objects.filter(id=source_id).exclude(HIDDEN))
    if not found:
        return None
    rows = Fetch.objects.filter(source_id=source_id).order_by("-at")[:FETCHES_SHOWN]
    return SourcePage(
        source=found[0],
        fetches=tuple(
            FetchView(
                at=row.at,
                status=row.status,
                seconds=row.seconds,
                size=row.size,
                arrivals=row.arrivals,
                cause=row.cause,
                next_at=row.next_at,
                why=reason(row.why),
                via=row.via,
                conditional=row.conditional,
            )
            for row in rows
        ),
        subscription=subscriptions.view(source_id),
        wishes=wishes.of_source(source_id),
    )


def reason(why: dict[str, Any] | None) -> str:
    """Say a stored reason as a sentence; empty where none is stored."""
    if not why:
        return ""
    return explain(Reason(why["code"], why.get("seconds", 0.0)))


def publisher_view(row: Publisher) -> PublisherView:
    """Give the view of a publisher that was loaded with ``icon__picture``."""
    return PublisherView(
        slug=row.slug,
        name=row.name,
        home=row.home,
        country=row.country,
        language=row.language,
        kind=row.kind,
        owner=row.owner,
        icon=icons.view(row),
    )


def _view(row: Source) -> SourceView:
    poll = row.poll
    next_at, why = poll.next_at, reason(poll.why)
    rests: datetime | None = getattr(row, "quiet_until", None)
    if next_at and rests and rests > next_at:
        next_at, why = rests, getattr(row, "quiet_why", "")
    return SourceView(
        id=row.id,
        title=row.title or row.publisher.name,
        url=row.url,
        home=row.home,
        publisher=publisher_view(row.publisher),
        language=row.language,
        format=row.format,
        state=row.state,
        rights=row.rights,
        cause=poll.cause,
        next_at=next_at,
        why=why,
        fetched_at=poll.fetched_at,
        succeeded_at=poll.succeeded_at,
        ailing=_ailing(row, poll),
        articles=getattr(row, "articles_n", 0),
        way=row.way,
        links=str(row.pattern.get("links", "")) if row.way == Source.Way.PAGE else "",
        parts=getattr(row, "parts_n", 0),
        folders=tuple(tuple(path) for path in row.folders),
        ai=row.ai,
        weight=row.weight,
    )


def _ailing(row: Source, poll: Poll) -> bool:
    if not poll.failures or not poll.fetched_at:
        return False
    return poll.fetched_at - (poll.succeeded_at or row.added_at) >= AILING


def foreign(suffixes: Sequence[str]) -> bool:
    """Tell whether there are sources on hosts other than those under the given names."""
    rows = Source.objects.all()
    for suffix in suffixes:
        rows = rows.exclude(host__endswith=f".{suffix}")
    return rows.exists()
