"""Stage *picture*: fetch a picture, re-encode it in the cage, store it."""

from __future__ import annotations

from datetime import timedelta

from daily8.net.cage import Caged
from daily8.net.egress import FetchFailed
from daily8.net.outside import Outside
from daily8.net.pictures import RECIPE, WIDTHS, fetch_picture, recode
from daily8.news.statuses import explain_status
from daily8.pipeline.inside import at_home
from daily8.pipeline.pages import THROTTLED, postpone, unheard
from daily8.pipeline.threads import StoreThreads
from daily8.store import icons, pictures
from daily8.store.hosts import DuePicture, HostClaim
from daily8.store.pictures import PictureResult

PICTURE_LIMIT = 10_000_000
"""Bytes."""
ICON_LIMIT = 200_000
ICON_WIDTHS = (64,)
"""Pixels: what an icon is drawn at is a quarter to a third of it."""


async def take(
    world: Outside, store: StoreThreads, claim: HostClaim, due: DuePicture, *, lease: timedelta
) -> None:
    """Fetch one picture and store it in its widths.

    :raises daily8.store.hosts.Fenced: when another worker took the host over.
    """
    try:
        icon = await store(icons.is_icon, due.picture)
        limit = ICON_LIMIT if icon else PICTURE_LIMIT
        answer = await fetch_picture(
            world.door,
            due.url,
            limit=limit,
            user_agent=world.door.agent_for_pages,
            inside=await at_home(world, store, due),
        )
    except FetchFailed as error:
        if error.code == "status" and (status := int(error.values["status"])) in THROTTLED:
            await postpone(world, store, claim, due, explain_status(status), throttled=True, lease=lease)
        else:
            await unheard(world, store, claim, due, error, lease=lease)
        return
    try:
        made = await world.cage.within(cpu_seconds=6, growth_bytes=600 << 20).acall(
            recode, answer.body, ICON_WIDTHS if icon else WIDTHS
        )
    except (Caged, ValueError) as error:
        cause = f"The picture was set aside: {error}."
        passing = isinstance(error, Caged) and error.passing
        await postpone(world, store, claim, due, cause, passing=passing, lease=lease)
        return
    result = PictureResult(made.width, made.height, made.colour, dict(made.files), RECIPE)
    await store(pictures.record, claim, due, result, now=world.now(), lease=lease)
