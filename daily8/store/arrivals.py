"""What arrives: new articles from a feed, and the texts that their pages give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from daily8.news.blocks import blocks_from_html
from daily8.news.repeats import Aside
from daily8.news.revisions import Version
from daily8.news.sanitise import POLICY_VERSION
from daily8.news.schedule import Manners, next_look
from daily8.news.source_life import Validators
from daily8.news.types import Chapter, Enclosure, Episode, Extracted, Image, TimedFile, Wish
from daily8.news.types import Entry as FeedEntry
from daily8.news.wishes import SiteWishes
from daily8.store import (
    hosts,
    icons,
    kept,
    pictures,
    progress,
    revisions,
    timed_texts,
    vectors,
    wishes,
)
from daily8.store.hosts import DueErrand, DueLook, DuePage, DuePoll, HostClaim
from daily8.store.kept import Keep
from daily8.store.models import Article, Entry, Errand

_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
_SEEN_ANEW = timedelta(days=1)
"""How often it is noted that an entry still stands in its feed."""
_PATIENCE = timedelta(minutes=10)
"""How long an article waits for its page before it is understood by what its feed says."""
_SOON_READ = timedelta(minutes=2)
"""In which the page of a new article is likely read: until then it is not embedded, to do that once."""
_SETTLED = timedelta(days=7)
"""After this time the page of an article is read no more, whatever its feed says."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry of a feed on its way to become an article, or to tell that one has changed."""

    key: str
    digest: str
    article: str
    url: str
    domain: str
    """Of its address, under which manners are kept; empty for one without address."""
    has_page: bool
    """Whether there is a page that may be read."""
    title: str
    dek: str
    authors: tuple[str, ...]
    kind: str
    language: str
    tags: tuple[str, ...]
    image: Image | None
    enclosures: tuple[Enclosure, ...]
    summary: str
    content: str
    excerpt: str
    published_at: datetime | None
    updated_at: datetime | None
    wishes: tuple[Wish, ...] = ()
    """What the feed asks of those who use it."""
    episode: Episode | None = None
    chapters: tuple[Chapter, ...] = ()
    timed: tuple[TimedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrived:
    """What of a fetch was new."""

    count: int
    """Articles that are new to the site."""
    due: Mapping[str, datetime]
    """The earliest time at which something became due, by host."""


@dataclass(frozen=True, slots=True)
class PageResult:
    """What reading a page gave."""

    extracted: Extracted
    excerpt: str
    recipe: str
    pictures: tuple[str, ...]
    """Addresses of the pictures to keep, the lead image first."""
    icon: tuple[str, str] | None = None
    """The page's own address, and the icon that it declares of its site."""
    witness: str = "page"
    """Whose text won (`daily8.news.repair.Witness`)."""
    unsaid: bool = False
    """Whether the page asks to leave something out of excerpts: its own replaces the former, even empty."""
    aside: tuple[Aside, ...] = ()
    """What was left out of the text because the site repeats it."""
    keep: Keep | None = None
    """The page itself, to be kept."""
    wishes: tuple[Wish, ...] | None = None
    """What the page and its answer ask; ``None`` where what is known of that is to stay."""
    site: tuple[str, SiteWishes] | None = None
    """The site on which the page was found, and what that asks."""
    validators: Validators = field(default_factory=Validators)
    """Of the answer."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Until when the pages and pictures of a host rest, if several wait because of some causes."""

    until: datetime
    causes: tuple[str, ...]


def arrive(
    due: DuePoll,
    new: Sequence[Draft],
    changed: Sequence[Draft],
    seen: Sequence[str],
    *,
    now: datetime,
    patience: timedelta,
) -> Arrived:
    """Write what a fetch brought: articles, their entries, and the pages to be read.

    An article that the site knows through another source gets an entry more and is not new. ``seen`` are
    the keys of entries that are as they were. A page is read anew ``patience`` after its last reading at
    the earliest, whatever a feed says of it.
    """
    drafts = {draft.article: draft for draft in reversed(new)}
    known = set(Article.objects.filter(key__in=drafts).values_list("key", flat=True))
    fresh = sorted((draft for key, draft in drafts.items() if key not in known), key=lambda d: d.article)
    # Another worker may bring the same article at this moment: both then get the row of the first.
    Article.objects.bulk_create([_article(due, draft, now) for draft in fresh], ignore_conflicts=True)
    ids = dict(Article.objects.filter(key__in=drafts).values_list("key", "id"))
    Entry.objects.bulk_create(
        [
            Entry(source_id=due.source, key=d.key, article_id=ids[d.article], digest=d.digest, seen_at=now)
            for d in sorted(new, key=lambda draft: draft.key)
        ],
        update_conflicts=True,
        unique_fields=["source", "key"],
        update_fields=["digest", "seen_at"],
    )
    Entry.objects.filter(source_id=due.source, key__in=seen, seen_at__lt=now - _SEEN_ANEW).update(seen_at=now)
    told = _own(due, {ids[key]: drafts[key] for key in known}, now)
    pages = {ids[draft.article]: draft.domain for draft in fresh if draft.has_page}
    hosts.send(Errand.Kind.PAGE, pages, now)
    progress.begin(pages, now + _PATIENCE)
    progress.begin((ids[draft.article] for draft in fresh if not draft.has_page), now)
    vectors.tell(pages, at=now + _SOON_READ)
    vectors.tell(ids[draft.article] for draft in fresh if not draft.has_page)
    told |= dict.fromkeys(pages.values(), now)
    told |= _pictured({ids[d.article]: d.image.url for d in fresh if d.image and not d.has_page}, now)
    told |= timed_texts.keep([(ids[d.article], d.published_at, d.chapters, d.timed) for d in fresh], now=now)
    for host, at in _changed(due, changed, now, patience).items():
        told.setdefault(host, at)
    return Arrived(len(fresh), told)


def _pictured(leads: Mapping[UUID, str], now: datetime) -> dict[str, datetime]:
    """Keep what feeds give as the pictures of articles without a page, where they may be shown."""
    told: dict[str, datetime] = {}
    if leads:
        for row in Article.objects.filter(id__in=leads).select_related("source").order_by("id"):
            if wishes.shown(row).shows_pictures:
                told |= pictures.keep(row.id, [leads[row.id]], lead=leads[row.id], now=now)
    return told


def _believed(at: datetime | None, now: datetime) -> datetime | None:
    """Give a time that a publisher states as far as it can be believed: never in the future.

    A time before 1970 is the mistake of a program (year 1, year 0), and near the ends of the calendar it
    has no form in every zone.
    """
    return min(at, now) if at and at >= _EARLIEST else None


def _article(due: DuePoll, draft: Draft, now: datetime) -> Article:
    row = Article(
        publisher_id=due.publisher,
        source_id=due.source,
        key=draft.article,
        arrived_at=now,
        # Of new rows alone: revisions that an older one has may hold HTML that went through an older policy.
        policy=POLICY_VERSION,
        **_told(draft),
        published_at=_believed(draft.published_at, now) or now,
        updated_at=_believed(draft.updated_at, now),
    )
    wishes.in_feed(row, draft.wishes, now)
    return row


def _told(draft: Draft) -> dict[str, Any]:
    return {
        "url": draft.url,
        "title": draft.title,
        "dek": draft.dek,
        "authors": list(draft.authors),
        "kind": draft.kind,
        "language": draft.language,
        "tags": list(draft.tags),
        "image": asdict(draft.image) if draft.image else None,
        "enclosures": [asdict(enclosure) for enclosure in draft.enclosures],
        "episode": asdict(draft.episode) if draft.episode else None,
        "summary": draft.summary,
        "content": draft.content,
        "excerpt": draft.excerpt,
    }


def _own(due: DuePoll, known: Mapping[UUID, Draft], now: datetime) -> dict[str, datetime]:
    """Give articles back to the publisher on whose site they stand, if a stranger's feed listed them first.

    Rights and reading are then those of the publisher's own source.
    """
    theirs = {id_: draft for id_, draft in known.items() if draft.domain == due.publisher_domain}
    rows = Article.objects.filter(id__in=theirs).exclude(publisher_id=due.publisher).select_for_update()
    mine = {row.id: theirs[row.id].domain for row in rows.order_by("id") if theirs[row.id].has_page}
    Article.objects.filter(id__in=theirs).exclude(publisher_id=due.publisher).update(
        publisher_id=due.publisher, source_id=due.source
    )
    hosts.again(Errand.Kind.PAGE, mine, now)
    return dict.fromkeys(mine.values(), now)


def _changed(
    due: DuePoll, changed: Sequence[Draft], now: datetime, patience: timedelta
) -> dict[str, datetime]:
    """Take over what a feed says anew of its entries, and ask for their pages once more."""
    if not changed:
        return {}
    drafts = {draft.key: draft for draft in changed}
    entries = list(
        Entry.objects.filter(source_id=due.source, key__in=drafts)
        .select_related("article")
        .select_for_update(of=("self", "article"))
        .order_by("article_id", "id")
    )
    rows: dict[UUID, Article] = {}
    said: dict[UUID, FeedEntry] = {}
    pages: dict[UUID, tuple[str, datetime]] = {}
    timed: list[timed_texts.Told] = []
    for entry in entries:
        draft, row = drafts[entry.key], entry.article
        entry.digest, entry.seen_at = draft.digest, now
        if row.source_id != due.source:
            continue  # the source that brought it first speaks for it
        alone = not draft.has_page and not row.verdict
        before = _of_feed(row) if alone else None
        _retell(row, draft, now)
        if before is not None:  # there is no page that would tell what changed
            revisions.retell(row, before, _of_feed(row).blocks, now=now)
        wishes.in_feed(row, draft.wishes, now)
        rows[row.id] = row
        said[row.id] = _said(draft, now)
        timed.append((row.id, row.published_at, draft.chapters, draft.timed))
        if draft.has_page and now - row.published_at <= _SETTLED:
            pages[row.id] = (draft.domain, max(now, row.read_at + patience) if row.read_at else now)
    Entry.objects.bulk_update(entries, ["digest", "seen_at"])
    Article.objects.bulk_update(rows.values(), [*_told(changed[0]), "updated_at", "wishes"])
    kept.retold(said)
    vectors.tell(rows)
    told = timed_texts.keep(timed, now=now)
    for id_, (host, at) in pages.items():
        hosts.again(Errand.Kind.PAGE, {id_: host}, at)
        told[host] = min(at, told.get(host, at))
    return told


def _of_feed(row: Article) -> Version:
    """Give what the feed alone says of an article."""
    blocks = blocks_from_html(row.content or row.summary, row.url or None)
    return Version(row.title, row.dek, tuple(blocks), row.language)


def _said(draft: Draft, now: datetime) -> FeedEntry:
    return FeedEntry(
        title=draft.title or None,
        authors=draft.authors,
        language=draft.language or None,
        categories=draft.tags,
        image=draft.image.url if draft.image else None,
        kind=draft.kind,
        published=_believed(draft.published_at, now),
        updated=_believed(draft.updated_at, now),
    )


def _retell(row: Article, draft: Draft, now: datetime) -> None:
    told = _told(draft)
    if row.verdict == "article":  # its page is the better witness of the rest
        kept_names = ("summary", "content", "enclosures", "episode", "tags")
        told = {name: told[name] for name in kept_names}
    for name, value in told.items():
        # What a feed no longer says is not taken back.
        if value or name in ("summary", "content"):
            setattr(row, name, value)
    row.updated_at = _believed(draft.updated_at, now) or row.updated_at


def record_page(
    claim: HostClaim,
    due: DuePage,
    result: PageResult,
    *,
    now: datetime,
    lease: timedelta,
    manners: Manners | None = None,
) -> None:
    """Write what a page gave: the article's facts, a revision if its text changed, and its pictures.

    A page that holds no article (a wall, an error shown as a page) changes nothing but the verdict of one
    that was never read well, and so does one that now ends where its publisher asks for money. What was read
    is looked at again when the ``manners`` say.

    :raises daily8.store.hosts.Fenced: when another worker took the host over; nothing is written.
    """
    with transaction.atomic():
        row = Article.objects.select_for_update(of=("self",)).select_related("source").get(id=due.article)
        found = result.extracted
        if result.wishes is not None:
            wishes.on_page(row, result.wishes, now)
        if result.site:
            wishes.on_site(*result.site, now)
        row.read_at = now
        told: dict[str, datetime] = {}
        again = row.verdict in ("article", "excerpt")
        cut = found.paywalled or found.quality.verdict == "excerpt"
        usable = found.quality.verdict != "none" and not (cut and revisions.is_cut_short(row, found.blocks))
        judged = usable or not row.verdict
        if judged:
            row.verdict = found.quality.verdict
            row.quality = _judgement(result)
        if usable:
            _take(row, result, now, again=again)
            revisions.revise(row, found.blocks, result.recipe, result.aside, now=now)
        elif found.quality.verdict != "none":
            row.paywalled = row.paywalled or found.paywalled
        row.save()
        vectors.tell([row.id])
        if result.keep and judged:
            kept.keep(row, result.keep, found.quality, now=now)
        wanted = result.pictures if usable else ()
        lead = row.image["url"] if row.image else None
        if not wishes.shown(row).shows_pictures:
            pictures.forget(row.id)
        elif urls := list(dict.fromkeys((*([lead] if lead else []), *wanted))):
            told = pictures.keep(row.id, urls, lead=lead, now=now)
        if result.icon:
            told |= icons.keep(row.publisher, *result.icon, now=now)
        progress.again([row.id], now)
        hosts.finish(due)
        if manners and row.verdict in ("article", "excerpt"):
            told |= _look(claim, due, row.published_at, result.validators, now, manners)
        hosts.hold(claim, now=now, lease=lease, due=told)


def looked(
    claim: HostClaim, due: DueLook, *, now: datetime, lease: timedelta, manners: Manners, cause: str = ""
) -> None:
    """Note that a page was looked at and has not changed, or could not be read because of ``cause``.

    :raises daily8.store.hosts.Fenced: when another worker took the host over; nothing is written.
    """
    with transaction.atomic():
        hosts.finish(due, cause=cause, aside=bool(cause))
        published = Article.objects.values_list("published_at", flat=True).get(id=due.article)
        told = _look(claim, due, published, due.validators, now, manners, cause)
        hosts.hold(claim, now=now, lease=lease, due=told)


def _look(
    claim: HostClaim,
    due: DuePage,
    published: datetime,
    validators: Validators,
    now: datetime,
    manners: Manners,
    cause: str = "",
) -> dict[str, datetime]:
    """Have a page that was read looked at again, if it is to be; give when, by its host."""
    looks = due.tries + 1 if isinstance(due, DueLook) else 0
    at = next_look(published, now, looks, manners)
    if at is None:
        return {}
    hosts.look(due.article, claim.name, at, looks=looks, validators=validators, cause=cause)
    return {claim.name: at}


def _judgement(result: PageResult) -> dict[str, Any]:
    quality = result.extracted.quality
    return {
        "score": quality.score,
        "reasons": list(quality.reasons),
        "recipe": result.recipe,
        "witness": result.witness,
    }


def _take(row: Article, result: PageResult, now: datetime, *, again: bool) -> None:
    found = result.extracted
    for name in ("title", "dek", "section", "canonical_url", "syndicated_from", "language"):
        if value := getattr(found, name):
            setattr(row, name, value)
    row.authors = list(found.authors) or row.authors
    row.tags = list(dict.fromkeys((*row.tags, *found.tags)))
    if found.kind != "text":
        row.kind = found.kind
    if found.image:
        row.image = asdict(found.image)
    published, updated = _believed(found.published, row.arrived_at), _believed(found.updated, now)
    if again and published and published > row.published_at:
        # Who publishes anew what stood there before has updated it: nothing is raised as new by that.
        updated = max(filter(None, (updated, _believed(found.published, now))))
    else:
        row.published_at = published or row.published_at
    if updated and updated > row.published_at:
        row.updated_at = updated
    if result.excerpt or result.unsaid:
        row.excerpt = result.excerpt
    row.paywalled, row.live = found.paywalled, found.live
    row.duration = found.duration or row.duration


def set_aside(claim: HostClaim, due: DueErrand, cause: str, *, now: datetime, lease: timedelta) -> None:
    """Give up an errand because of ``cause``, a plain sentence.

    :raises daily8.store.hosts.Fenced: when another worker took the host over; nothing is written.
    """
    with transaction.atomic():
        told: dict[str, datetime] = {}
        if isinstance(due, DuePage):  # the feed's picture stands in where the page gives none
            rows = Article.objects.filter(id=due.article, pictures=None).exclude(image=None)
            row = rows.select_related("source").first()
            if row and row.image and wishes.shown(row).shows_pictures:
                told = pictures.keep(row.id, [row.image["url"]], lead=row.image["url"], now=now)
            progress.again([due.article], now)
        hosts.finish(due, cause=cause, aside=True)
        hosts.hold(claim, now=now, lease=lease, due=told)


def put_off(
    claim: HostClaim,
    due: DueErrand,
    cause: str,
    *,
    until: datetime,
    now: datetime,
    lease: timedelta,
    rest: Rest | None = None,
    tried: bool = True,
) -> bool:
    """Try an errand again at ``until`` because of ``cause``; tell whether its host's pages and pictures rest.

    They do if several of them wait for what ``rest`` names. ``tried`` is false for one that was not
    asked for.

    :raises daily8.store.hosts.Fenced: when another worker took the host over; nothing is written.
    """
    with transaction.atomic():
        hosts.put_off(due, until=until, cause=cause, tried=tried)
        rests = rest is not None and hosts.waiting(claim.name, rest.causes, now) >= hosts.THROTTLED
        if rest and rests:
            hosts.quieten(claim.name, rest.until)
        hosts.hold(claim, now=now, lease=lease)
    return rests


def prune(before: datetime) -> int:
    """Forget entries that left their feeds before a time; give their number. Articles stay."""
    return Entry.objects.filter(seen_at__lt=before).delete()[0]


def retake(row: Article, result: PageResult, said: FeedEntry) -> None:
    """Take over what the page of an article gave when it was read again by another recipe.

    What an older recipe took from it and this one does not is gone; what the feed ``said`` stays. Its
    publisher changed nothing: the newest revision is made anew in place. The caller saves the row.
    """
    again = bool(row.verdict)
    row.verdict, row.quality = result.extracted.quality.verdict, _judgement(result)
    if row.verdict == "none":
        return
    read_at = row.read_at or row.arrived_at
    row.dek, row.tags, row.kind = "", list(said.categories), said.kind or row.kind
    row.authors = list(said.authors)
    if not row.image or row.image["url"] != said.image:
        row.image = asdict(Image(said.image)) if said.image else None
    _take(row, result, read_at, again=again)
    revisions.remake(row, result.extracted.blocks, result.recipe, result.aside, now=read_at)
