"""What publishers ask, remembered with the time at which it was seen, and what follows for articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from daily8.news.types import Wish
from daily8.news.urls import domain
from daily8.news.wishes import (
    Permissions,
    SiteWishes,
    agreed,
    at_address,
    permissions,
    site_from_json,
    site_of,
    site_to_json,
    wish_from_json,
    wish_to_json,
)
from daily8.news.wishes.permissions import lapses_at, limits
from daily8.store import hosts, pictures, vectors
from daily8.store.models import Article, Errand, Site, Source, TimedText
from daily8.store.values import WishView
from daily8.store.wakeups import wake

_PAGE = frozenset({"header", "page"})
_FEED = frozenset({"feed"})
_SEEN_ANEW = timedelta(hours=12)
"""How often it is noted that a site still asks the same."""
_LOOKED_AT = 200
"""Articles of a source, the newest, in which is looked for what is asked."""
_READ_NOW = 200
"""Articles whose pages are asked for when rights allow more than links."""
_RECENT = timedelta(days=7)
_AT_ONCE = 500
"""Articles of which is let go in one transaction."""
CLOSED = "Articles of this source are only linked to, so their pages are not read."
"""Why nothing is fetched for an article."""


def on_page(row: Article, wishes: Iterable[Wish], now: datetime) -> None:
    """Note on an article what its page asks, in place of what it asked before."""
    _replace(row, wishes, _PAGE, now)


def in_feed(row: Article, wishes: Iterable[Wish], now: datetime) -> None:
    """Note on an article what its feed asks, in place of what it asked before."""
    _replace(row, wishes, _FEED, now)


def _replace(row: Article, wishes: Iterable[Wish], places: frozenset[str], now: datetime) -> None:
    others = [data for data in row.wishes if data.get("place") not in places]
    row.wishes = others + [wish_to_json(replace(wish, seen_at=now)) for wish in wishes]
    row.lapses_at = lapses_at(map(wish_from_json, row.wishes), now)


def any_lapsed(now: datetime) -> bool:
    """Tell whether the time of an article is over, as its publisher set it, and that was not noted yet."""
    return Article.objects.filter(lapses_at__lte=now).exists()


def lapse(now: datetime) -> int:
    """Note for the articles whose time is over that it is, and let go of their pictures; give their number.

    Those that somebody writes meanwhile are passed over: they go another time.
    """
    with transaction.atomic():
        due = Article.objects.filter(lapses_at__lte=now).order_by("id").select_related("source")
        rows = list(due.select_for_update(of=("self",), skip_locked=True)[:_AT_ONCE])
        for row in rows:
            wishes = [wish_from_json(data) for data in row.wishes]
            row.wishes = [
                wish_to_json(replace(wish, seen_at=now) if wish.name == "unavailable_after" else wish)
                for wish in wishes
            ]
            row.lapses_at = lapses_at(wishes, now)
        Article.objects.bulk_update(rows, ["wishes", "lapses_at"])
        vectors.tell(row.id for row in rows)
        pictures.forget(*(row.id for row in rows if not shown(row).shows_pictures))
    return len(rows)


def on_site(name: str, wishes: SiteWishes, now: datetime) -> None:
    """Note what a whole site asks; it holds at once for every article that lies there."""
    said = site_to_json(wishes)
    known = Site.objects.filter(name=name).first()
    if known is None and wishes == SiteWishes():
        return
    if known is None or known.wishes != said or now - known.seen_at > _SEEN_ANEW:
        Site.objects.update_or_create(name=name, defaults={"wishes": said, "seen_at": now})


def shown(row: Article) -> Permissions:
    """Say how an article, loaded with its source, may be shown: by its own wishes and the source's rights.

    What whole sites ask concerns models and search engines alone, and is left out: `of` asks for that too.
    """
    return agreed(permissions(map(wish_from_json, row.wishes)), row.source.rights, row.source.ai)


def of(rows: Sequence[Article]) -> dict[UUID, Permissions]:
    """Say what may be done with each of some articles, loaded with their sources, by all that is asked.

    Who hands articles to a model asks here first, and gives it no more of a text than may be shown.
    """
    sites = _sites(rows)
    return {row.id: agreed(permissions(_asked(row, sites)), row.source.rights, row.source.ai) for row in rows}


def _addresses(row: Article) -> dict[str, str]:
    """Give the addresses of an article by their sites."""
    both = (row.canonical_url, row.url)
    return {site: url for url in both if url and (site := site_of(url))}


def _sites(rows: Iterable[Article]) -> dict[str, Site]:
    names = {name for row in rows for name in _addresses(row)}
    return {site.name: site for site in Site.objects.filter(name__in=names)} if names else {}


def _asked(row: Article, sites: Mapping[str, Site]) -> list[Wish]:
    found = [wish_from_json(data) for data in row.wishes]
    for name, url in _addresses(row).items():
        if site := sites.get(name):
            wishes = at_address(site_from_json(site.wishes), url)
            found += [replace(wish, seen_at=site.seen_at) for wish in wishes]
    return found


def of_source(source: UUID) -> tuple[WishView, ...]:
    """Tell what is asked of the newest articles of a source or of an index, what is asked most first."""
    rows = list(
        Article.objects.filter(Q(source=source) | Q(source__parent=source))
        .order_by("-published_at", "-id")
        .only("url", "canonical_url", "wishes")[:_LOOKED_AT]
    )
    sites = _sites(rows)
    counts: Counter[Wish] = Counter()
    seen: dict[Wish, datetime] = {}
    for row in rows:
        for wish in dict.fromkeys(_asked(row, sites)):
            same = replace(wish, seen_at=None)
            counts[same] += 1
            if wish.seen_at:
                seen[same] = max(wish.seen_at, seen.get(same, wish.seen_at))
    return tuple(
        WishView(
            wish=replace(wish, seen_at=(at := seen.get(wish))),
            limits=limits(replace(wish, seen_at=at)),
            articles=n,
        )
        for wish, n in counts.most_common(30)
    )


def settle(source: UUID, *, rights: str, ai: str, now: datetime) -> bool:
    """Set the rights of a source and of the parts of an index; tell whether it is there.

    They hold at once, for all that it has brought. Where more than links may be shown from now on, the pages
    of its recent articles that were never read, or have lost their pictures, are asked for. Where no more
    than links may be shown, nothing more is fetched for its articles, and their pictures are deleted.

    :raises ValueError: for rights or an agreement that there are not.
    """
    if rights not in Source.Rights.values or ai not in Source.Ai.values:
        raise ValueError(f"there are no rights {rights!r} with {ai!r} for models")
    with transaction.atomic():
        rows = Source.objects.filter(Q(id=source) | Q(parent=source)).order_by("id")
        stood = {row.id: row for row in rows.select_for_update(no_key=True)}
        before = {id_: row.rights for id_, row in stood.items()}
        if source not in before:
            return False
        Source.objects.filter(id__in=before).update(rights=rights, ai=ai)
        opened = [id_ for id_, was in before.items() if was == Source.Rights.LINK != rights]
        if opened and _ask_pages(opened, now):
            wake("fetch")
    if rights == Source.Rights.LINK:
        _close(list(before))
    _embed_anew([id_ for id_, row in stood.items() if (row.rights, row.ai) != (rights, ai)])
    return True


def _embed_anew(sources: list[UUID]) -> None:
    """Let the articles of sources be embedded by what may read them now, bit by bit."""
    ids = list(Article.objects.filter(source__in=sources).order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), _AT_ONCE):
        vectors.tell(ids[start : start + _AT_ONCE])


def closed(article: UUID) -> bool:
    """Tell whether the rights of its source let no text of an article be shown, and so none be fetched."""
    return Article.objects.filter(id=article, source__rights=Source.Rights.LINK).exists()


def _close(sources: list[UUID]) -> None:
    """Set aside what is due for the articles of sources, and forget their pictures, bit by bit."""
    ids = list(Article.objects.filter(source__in=sources).order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        with transaction.atomic():
            timed = list(TimedText.objects.filter(article__in=some).values_list("id", flat=True))
            wanted = Q(kind=Errand.Kind.PAGE, subject__in=some) | Q(kind=Errand.Kind.TIMED, subject__in=timed)
            due = Errand.objects.filter(wanted, verdict=None).order_by("subject").select_for_update()
            Errand.objects.filter(id__in=[errand.id for errand in due]).update(
                verdict=Errand.Verdict.ASIDE, cause=CLOSED
            )
            pictures.forget(*some)


def _ask_pages(sources: list[UUID], now: datetime) -> bool:
    lost = Q(read_at=None) | Q(image__isnull=False, pictures=None)
    wanted = Article.objects.filter(lost, source__in=sources, published_at__gt=now - _RECENT)
    rows = wanted.exclude(url="").exclude(source__way=Source.Way.MAIL).order_by("-published_at")[:_READ_NOW]
    pages = {row.id: domain(row.url, own_suffixes=settings.EGRESS_SUFFIXES) for row in rows}
    hosts.again(Errand.Kind.PAGE, pages, now)
    hosts.tell(dict.fromkeys(pages.values(), now))
    return bool(pages)
