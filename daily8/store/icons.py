"""Icons of publishers: declared by their own pages, kept as pictures."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from daily8.news.urls import domain
from daily8.store import hosts, pictures
from daily8.store.models import ArticlePicture, Errand, Picture, Publisher, PublisherIcon
from daily8.store.values import PictureView

RECIPE = "icons 1"
"""How an icon is chosen."""
_AGAIN = timedelta(days=7)
"""The least time between two looks at what a publisher's pages declare."""


def keep(publisher: Publisher, page: str, icon: str, *, now: datetime) -> dict[str, datetime]:
    """Note the icon that a page declares, and make it due; give when by host.

    Only a publisher's own pages speak for it. A picture that is stored is not asked for again: a new icon
    has a new address. One that was set aside stays so.
    """
    if domain(page, own_suffixes=settings.EGRESS_SUFFIXES) != publisher.domain:
        return {}
    known = PublisherIcon.objects.filter(publisher=publisher).select_related("picture").first()
    if known and known.recipe == RECIPE and now - known.seen_at < _AGAIN:
        return {}
    Picture.objects.bulk_create([Picture(url=icon)], ignore_conflicts=True)
    picture = Picture.objects.get(url=icon)
    PublisherIcon.objects.update_or_create(
        publisher=publisher, defaults={"picture": picture, "seen_at": now, "recipe": RECIPE}
    )
    if picture.widths:
        return {}
    host = domain(icon, own_suffixes=settings.EGRESS_SUFFIXES)
    hosts.send(Errand.Kind.PICTURE, {picture.id: host}, now)
    return {host: now}


def is_icon(picture: UUID) -> bool:
    """Tell whether a picture is wanted as an icon alone."""
    wanted = PublisherIcon.objects.filter(picture_id=picture).exists()
    return wanted and not ArticlePicture.objects.filter(picture_id=picture).exists()


def view(publisher: Publisher) -> PictureView | None:
    """Give the icon of a publisher that was loaded with ``icon__picture``, once its picture is stored."""
    icon: PublisherIcon | None = getattr(publisher, "icon", None)
    if icon is None or not icon.picture.widths:
        return None
    return pictures.view(icon.picture)
