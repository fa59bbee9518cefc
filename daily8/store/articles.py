"""Articles as pages show them: one call gives everything that a page needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from daily8.news.blocks import blocks_from_html
from daily8.news.excerpts import clamp
from daily8.news.players import lead as lead_player
from daily8.news.relation import Reason
from daily8.news.revisions import notice
from daily8.news.types import Block, Enclosure, Entry, Episode, Image, block_from_json
from daily8.news.wishes import Permissions
from daily8.store import copies, pictures, relations, timed_texts, wishes
from daily8.store.models import Article, ArticlePicture, Copy, Errand, KeptPage, Revision, Source
from daily8.store.paging import mark, read_mark
from daily8.store.revisions import changes_of
from daily8.store.sources import publisher_view
from daily8.store.values import (
    ArticlePage,
    Card,
    CardPage,
    Display,
    EditionView,
    HomePage,
    RelatedCard,
    Timed,
)

CARD_TEXT = 200
"""Characters of text on a card."""
EXCERPT = 300
"""Characters of an article that is shown as an excerpt."""
MORE = 6
_EDITIONS = 60
PLAYED = frozenset({"video", "podcast"})
"""Kinds of articles that are a film or an episode."""


def latest(
    *,
    language: str | None,
    country: str | None = None,
    older: str | None = None,
    limit: int = 24,
    but: Sequence[UUID] = (),
) -> HomePage:
    """Give the newest articles of an edition: in a language, by publishers of a country, or all for ``None``.

    Those named by ``but`` are passed over with their copies; of other copies that one is given which leads
    them, where it belongs to the edition.

    :raises daily8.store.paging.BadPage: for an ``older`` that no page gave.
    """
    rows = Article.objects.exclude(id__in=but) if but else Article.objects.all()
    led_here = Q(copy__isnull=False) & ~Q(copy__leader__title="")
    if language:
        rows = rows.filter(language=language)
        led_here &= Q(copy__leader__language=language)
    if country:
        rows = rows.filter(publisher__country=country.upper())
        led_here &= Q(copy__leader__publisher__country=country.upper())
    editions = (
        Source.objects.exclude(publisher__country="")
        .exclude(language="")
        .values_list("publisher__country", "language")
        .annotate(n=Count("id"))
        .order_by("-n", "publisher__country", "language")[:_EDITIONS]
    )
    return HomePage(
        list=card_page(rows.exclude(led_here), older, limit, apart={*but, *copies.leaders(but).values()}),
        editions=tuple(EditionView(*row) for row in editions),
        sources=Source.objects.count(),
    )


def _apart(rows: Sequence[Article], groups: Collection[UUID]) -> list[Article]:
    """Leave out what repeats an article before it, or one of those that lead these groups."""
    seen, kept = set(groups), []
    for row in rows:
        copy: Copy | None = getattr(row, "copy", None)  # loaded with it
        group = copy.leader_id if copy else row.id
        if group not in seen:
            seen.add(group)
            kept.append(row)
    return kept


def card_page(
    rows: QuerySet[Article], older: str | None, limit: int, *, apart: Collection[UUID] | None = None
) -> CardPage:
    """Give a page of cards, newest first.

    With ``apart`` one of each group of copies is given, and none of the groups that these articles lead.

    :raises daily8.store.paging.BadPage: for an ``older`` that no page gave.
    """
    if older:
        time, row_id = read_mark(older)
        rows = rows.filter(Q(published_at__lt=time) | Q(published_at=time, id__lt=row_id))
    found = _listed(rows if apart is None else rows.select_related("copy"), limit + 1)
    more = mark(found[limit - 1].published_at, found[limit - 1].id) if len(found) > limit else None
    shown = found[:limit] if apart is None else _apart(found[:limit], apart)
    return CardPage(tuple(map(card, shown)), more)


def _listed(rows: QuerySet[Article], limit: int) -> list[Article]:
    leads = ArticlePicture.objects.filter(lead=True).select_related("picture")
    return list(
        rows.exclude(title="")
        .select_related("publisher__icon__picture", "source")
        .prefetch_related(Prefetch("pictures", leads, to_attr="leads"))
        .defer("content", "summary", "quality", "tags")
        .order_by("-published_at", "-id")[:limit]
    )


def cards(ids: Sequence[UUID]) -> dict[UUID, Card]:
    """Give the cards of some articles, by their ids; one without a title has none."""
    return {row.id: card(row) for row in _listed(Article.objects.filter(id__in=ids), len(ids))}


def card(row: Article) -> Card:
    """Give the card of an article loaded with its publisher and its ``leads``."""
    leads: list[ArticlePicture] = getattr(row, "leads", [])
    allowed = wishes.shown(row)
    if not allowed.shows_pictures:
        leads = []
    durations = [e["duration"] for e in row.enclosures if e.get("duration")]
    return Card(
        id=row.id,
        title=row.title,
        publisher=publisher_view(row.publisher),
        published_at=row.published_at,
        language=row.language,
        kind=row.kind,
        text=_excerpt(row, allowed, CARD_TEXT),
        picture=pictures.view(leads[0].picture, row.image, small=allowed.picture == "small", captioned=False)
        if leads
        else None,
        duration=durations[0] if durations else row.duration,
    )


def page(article_id: UUID, *, signed_in: bool, visibility: str, editor: bool = False) -> ArticlePage | None:
    """Give everything on the page of an article, as this reader may see it; ``None`` for an unknown one."""
    row = Article.objects.select_related("publisher__icon__picture", "source").filter(id=article_id).first()
    if row is None:
        return None
    revision = Revision.objects.filter(article=row).order_by("-number").first()
    changes = changes_of(row, revision)
    allowed = wishes.of([row])[row.id]
    shown = _display(row, allowed, signed_in=signed_in, visibility=visibility)
    small, also = allowed.picture == "small", copies.also_at(row.id)
    kept = list(row.pictures.select_related("picture")) if allowed.shows_pictures else []
    lead = next((p for p in kept if p.lead), None)
    errand = Errand.objects.filter(kind=Errand.Kind.PAGE, subject=row.id).first()
    blocks = _blocks(row, revision, allowed) if shown == "full" else ()
    enclosures = tuple(Enclosure(**e) for e in row.enclosures) if shown != "link" else ()
    around = relations.around(row.id, language=row.language)
    return ArticlePage(
        id=row.id,
        title=row.title,
        publisher=publisher_view(row.publisher),
        published_at=row.published_at,
        updated_at=row.updated_at,
        arrived_at=row.arrived_at,
        dek=row.dek if shown == "full" else "",
        authors=tuple(row.authors),
        language=row.language,
        kind=row.kind,
        section=row.section,
        url=row.url,
        canonical_url=row.canonical_url or row.url,
        display=shown,
        ready=bool(revision or errand is None or errand.verdict),
        blocks=blocks,
        excerpt=_excerpt(row, allowed, EXCERPT),
        picture=pictures.view(lead.picture, row.image, small=small, captioned=shown == "full")
        if lead
        else None,
        pictures={p.picture.url: pictures.view(p.picture, small=small) for p in kept}
        if shown == "full"
        else {},
        enclosures=enclosures,
        player=lead_player(row.kind, row.url, enclosures, blocks, row.duration) if shown != "link" else None,
        episode=_episode(row),
        # Words of the publisher's own: shown as the text is.
        timed=timed_texts.of(row.id) if row.kind in PLAYED and shown == "full" else Timed(),
        paywalled=row.paywalled,
        live=row.live,
        cause=errand.cause if errand and errand.verdict == Errand.Verdict.ASIDE else "",
        revision=revision.number if revision else 0,
        changes=changes,
        notice=notice(changes, published=row.published_at, updated=row.updated_at),
        reading=_reading(row.id) if editor else None,
        hashtags=around.hashtags,
        related=_related(row, around.related),
        story=around.story,
        copies=also,
        more=_more(row, around, [one.article for one in also if one.leads]),
        permissions=allowed,
        limited=_limited(allowed, shown),
    )


def _more(row: Article, around: relations.Around, but: Sequence[UUID]) -> tuple[Card, ...]:
    shown = [row.id, *but, *(other for other, _ in around.related)]
    others = Article.objects.filter(language=row.language, copy=None).exclude(id__in=shown)
    if around.story:
        others = others.exclude(membership__story=around.story.id)
    return tuple(map(card, _listed(others.exclude(publisher=row.publisher), MORE)))


def _related(row: Article, found: Sequence[tuple[UUID, Reason]]) -> tuple[RelatedCard, ...]:
    near = cards([id_ for id_, _ in found]) if found else {}
    return tuple(
        RelatedCard(near[id_], _told(reason, row, near[id_])) for id_, reason in found if id_ in near
    )


def _told(reason: Reason, row: Article, near: Card) -> Reason:
    """Leave out of a reason what stands in neither title: it may be of a text that is not to be shown."""
    titles = f"{row.title}\n{near.title}".casefold()
    return replace(reason, about=tuple(word for word in reason.about if word.casefold() in titles))


def _reading(article_id: UUID) -> tuple[float, str] | None:
    return KeptPage.objects.filter(article=article_id).values_list("score", "domain").first()


def display(row: Article, *, signed_in: bool, visibility: str) -> tuple[Display, str]:
    """Decide what a reader may see of an article that was loaded with its source, and why no more of it.

    What its publisher asks and the source's rights decide (`daily8.store.wishes.shown`); where they leave it
    open and the rights are unknown, the visibility does. Whatever shows a text of an article asks here.
    The reason is that of `ArticlePage.limited`.
    """
    allowed = wishes.shown(row)
    shown = _display(row, allowed, signed_in=signed_in, visibility=visibility)
    return shown, _limited(allowed, shown)


def _display(row: Article, allowed: Permissions, *, signed_in: bool, visibility: str) -> Display:
    if not allowed.may_show_full:
        return "link" if allowed.link_only else "excerpt"
    if row.source.rights == Source.Rights.FULL or visibility == "private" or signed_in:
        return "full"
    return "excerpt"


def _episode(row: Article) -> Episode | None:
    told = row.episode
    return Episode(told["season"], told["number"], tuple(told["people"])) if told else None


def _limited(allowed: Permissions, shown: Display) -> str:
    """Name what decides that no more is shown."""
    if shown == "full":
        return ""
    if reasons := allowed.reasons.get("excerpt") or allowed.reasons.get("full"):
        return reasons[0].name
    return "visibility"


def _excerpt(row: Article, allowed: Permissions, limit: int) -> str:
    most = limit if allowed.excerpt_most is None else min(limit, allowed.excerpt_most)
    return "" if allowed.link_only or most < 1 else clamp(row.excerpt, most)


def _blocks(row: Article, revision: Revision | None, allowed: Permissions) -> tuple[Block, ...]:
    if revision and row.verdict != "none":
        blocks = tuple(map(block_from_json, revision.blocks))
    else:  # until its page was read, or where it cannot be, the feed's own text stands in
        blocks = blocks_from_html(row.content or row.summary, row.url or None)
    if allowed.shows_pictures:
        return blocks
    return tuple(block for block in blocks if not isinstance(block, Image))


def told(row: Article) -> Entry:
    """Give what is known of an article in the form of a feed's entry."""
    return Entry(
        id=row.key,
        url=row.url or None,
        title=row.title or None,
        published=row.published_at,
        updated=row.updated_at,
        authors=tuple(row.authors),
        summary=row.summary or None,
        content=row.content or None,
        language=row.language or None,
        categories=tuple(row.tags),
        enclosures=tuple(Enclosure(**e) for e in row.enclosures),
        image=row.image["url"] if row.image else None,
        kind=row.kind,
    )
