"""Pictures: re-encoded files under the media folder, and what is known of them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from daily8.news.urls import domain
from daily8.store import hosts
from daily8.store.hosts import DuePicture, HostClaim
from daily8.store.models import ArticlePicture, Errand, Picture, PublisherIcon
from daily8.store.values import PictureView
from daily8.store.wakeups import wake

SMALL = 320
"""Pixels: the smallest width in which pictures are stored."""
RECIPE = "pictures 1"
"""How the pictures of an article are chosen."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A file that can be served as it is: WebP."""

    path: Path
    size: int
    digest: str
    """Changes when the bytes do."""


@dataclass(frozen=True, slots=True)
class PictureResult:
    """A picture re-encoded."""

    width: int
    height: int
    colour: str
    files: Mapping[int, bytes]
    """By width in pixels."""
    recipe: str


def path(picture_id: UUID, width: int) -> Path:
    """Give the file of a picture: two folders of 256, so that none grows large."""
    name = picture_id.hex
    # The last digits of a UUIDv7 are random, the first are its time.
    return Path(settings.MEDIA_FOLDER) / name[-2:] / name[-4:-2] / f"{name}-{width}.webp"


def stored(picture_id: UUID, width: int) -> PictureFile | None:
    """Give the file of a stored picture in one of its widths; ``None`` where there is none."""
    file = path(picture_id, width)
    try:
        state = file.stat()
    except OSError:
        return None
    return PictureFile(file, state.st_size, f"{picture_id.hex}-{width}-{state.st_mtime_ns:x}")


def view(
    row: Picture, said: Mapping[str, Any] | None = None, *, small: bool = False, captioned: bool = True
) -> PictureView:
    """Give a picture as it is shown; ``said`` is what the article's page or feed says of it.

    A ``small`` one has its smallest width alone. A caption is the publisher's text: only what shows that in
    full is ``captioned``.
    """
    words = said or {}
    return PictureView(
        id=row.id,
        widths=(tuple(row.widths[:1]) or (SMALL,)) if small else tuple(row.widths),
        width=row.width,
        height=row.height,
        colour=row.colour,
        alt=words.get("alt") or "",
        caption=(words.get("caption") or "") if captioned else "",
        credit=words.get("credit") or "",
    )


def colour(picture_id: UUID) -> str:
    """Give the average colour of a picture, ``#rrggbb``, or nothing."""
    return Picture.objects.filter(id=picture_id).values_list("colour", flat=True).first() or ""


def keep(article: UUID, urls: Sequence[str], *, lead: str | None, now: datetime) -> dict[str, datetime]:
    """Note which pictures an article shows, and make the lead image due; give when by host.

    The others are fetched when somebody asks for them.
    """
    Picture.objects.bulk_create([Picture(url=url) for url in sorted(urls)], ignore_conflicts=True)
    ids = dict(Picture.objects.filter(url__in=urls).values_list("url", "id"))
    ArticlePicture.objects.filter(article_id=article).exclude(picture__url__in=urls).delete()
    ArticlePicture.objects.bulk_create(
        [
            ArticlePicture(article_id=article, picture_id=ids[url], lead=url == lead, recipe=RECIPE)
            for url in urls
        ],
        update_conflicts=True,
        unique_fields=["article", "picture"],
        update_fields=["lead", "recipe"],
    )
    if lead not in ids:
        return {}
    host = _host(lead)
    hosts.send(Errand.Kind.PICTURE, {ids[lead]: host}, now)
    return {host: now}


def forget(*articles: UUID) -> None:
    """Let articles show no picture, and delete those that nobody else shows; files go with the commit."""
    shown = ArticlePicture.objects.filter(article_id__in=articles)
    ids = set(shown.values_list("picture_id", flat=True))
    if not ids:
        return
    with transaction.atomic():
        shown.delete()
        held = list(Picture.objects.filter(id__in=ids).order_by("id").select_for_update())
        # Asked now that they are held: nobody comes to show one of them before the commit.
        used = set(ArticlePicture.objects.filter(picture__in=ids).values_list("picture_id", flat=True))
        used |= set(PublisherIcon.objects.filter(picture__in=ids).values_list("picture_id", flat=True))
        gone = [row for row in held if row.id not in used]
        Errand.objects.filter(kind=Errand.Kind.PICTURE, subject__in=[row.id for row in gone]).delete()
        Picture.objects.filter(id__in=[row.id for row in gone]).delete()
        files = [path(row.id, width) for row in gone for width in row.widths]
        transaction.on_commit(lambda: _unlink(files))


def _unlink(files: Iterable[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _host(url: str) -> str:
    return domain(url, own_suffixes=settings.EGRESS_SUFFIXES)


def ask(picture_id: UUID, width: int, now: datetime) -> bool:
    """Make the fetch of a picture due that is not stored; tell whether it can come in this width.

    A width that a stored picture does not have is no reason to fetch it again.
    """
    row = Picture.objects.filter(id=picture_id).first()
    if row is None or (row.widths and width not in row.widths):
        return False
    with transaction.atomic():
        errand = Errand.objects.filter(kind=Errand.Kind.PICTURE, subject=picture_id).first()
        # A file that was stored and is gone, by a disk's loss or another's hand, comes back too.
        if errand is None or errand.verdict == Errand.Verdict.DONE:
            host = _host(row.url)
            hosts.again(Errand.Kind.PICTURE, {picture_id: host}, now)
            hosts.tell({host: now})
            wake("fetch")
    return True


def record(
    claim: HostClaim, due: DuePicture, result: PictureResult, *, now: datetime, lease: timedelta
) -> None:
    """Store the files of a picture, then the row that names them.

    :raises daily8.store.hosts.Fenced: when another worker took the host over; the files are then as good
        as the other's.
    """
    for width, body in result.files.items():
        _write(path(due.picture, width), body)
    with transaction.atomic():
        known = Picture.objects.filter(id=due.picture).update(
            width=result.width,
            height=result.height,
            colour=result.colour,
            widths=sorted(result.files),
            size=sum(map(len, result.files.values())),
            recipe=result.recipe,
            stored_at=now,
        )
        if not known:  # it was forgotten meanwhile
            files = [path(due.picture, width) for width in result.files]
            transaction.on_commit(lambda: _unlink(files))
        hosts.finish(due)
        hosts.hold(claim, now=now, lease=lease)


def _write(file: Path, body: bytes) -> None:
    """Write a file whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(body)
    Path(draft).chmod(0o644)
    Path(draft).replace(file)


def prune(limit: int) -> int:
    """Delete the files of the oldest pictures until all take at most ``limit`` bytes; give their number.

    A deleted picture is fetched again when somebody looks at it.
    """
    total = Picture.objects.aggregate(n=Sum("size"))["n"] or 0
    deleted = 0
    for row in Picture.objects.filter(size__gt=0).order_by("stored_at").iterator():
        if total <= limit:
            break
        with transaction.atomic():
            Picture.objects.filter(id=row.id).update(widths=[], size=0)
            Errand.objects.filter(kind=Errand.Kind.PICTURE, subject=row.id).delete()
            # Within the transaction: who fetches it again waits for its end, and keeps its files.
            for width in row.widths:
                path(row.id, width).unlink(missing_ok=True)
        total -= row.size
        deleted += 1
    return deleted
