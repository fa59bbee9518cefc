"""``daily8 models``: bring models to this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daily8.cli.output import PARTLY, Refused, note, progress
from daily8.cli.start import settings

if TYPE_CHECKING:
    from daily8.ai.models import Progress

models = typer.Typer(help="Models that run on this machine.", no_args_is_help=True)


@models.callback()
def _models() -> None:
    """Models that run on this machine."""


@models.command("install")
def install(
    name: Annotated[
        str,
        typer.Argument(help="minilm (embedding of English texts, 84 MB), or owner/model of a hub."),
    ],
    optional: Annotated[
        bool, typer.Option("--optional", help="End well without it: a warning instead of a failure.")
    ] = False,
) -> None:
    """Fetch a model, check it and prepare it for this machine. Nothing happens where it is installed."""
    settings()
    from django.conf import settings as configured

    from daily8.ai import models as installing

    steps: dict[str, float] = {}
    with progress(f"Installing {name}", 100) as advance:

        def tell(step: str, share: float) -> None:
            done = int(100 * share) - int(100 * steps.get("share", 0.0))
            steps["share"] = share
            if done > 0:
                advance(done)

        try:
            place = configured.DATA / "models"
            folder = _from_hub(name, place, tell) if "/" in name else installing.install(name, place, tell)
        except installing.ModelNotInstalled as error:
            if not optional:
                raise Refused(str(error), PARTLY) from error
            note(f"Warning: {error} Search goes by words only until it is there.")
            return
    note(f"{name} is installed in {folder}.")
    if "/" in name:
        note(f"EMBEDDER=onnx and EMBEDDER_FOLDER={name} let it embed.")


def left_https(address: str, way: Iterable[str]) -> bool:
    """Tell whether the way from an https address led over plain http, where anybody may change what comes."""
    return address.startswith("https:") and not all(url.startswith("https:") for url in way)


def _from_hub(name: str, place: Path, tell: Progress) -> Path:
    from django.conf import settings as configured

    from daily8 import wiring
    from daily8.ai import hub
    from daily8.ai.models import ModelUnusable
    from daily8.net.egress import Door, FetchFailed
    from daily8.news.statuses import explain_status

    async def bring() -> Path:
        async with Door(wiring.egress(), wiring.user_agent()) as door:

            async def get(path: str, limit: int) -> bytes | None:
                address = f"{configured.EMBEDDER_HUB}/{path}"
                try:
                    answer = await door.fetch(address, accept="*/*", limit=limit, deadline=3600, inside=True)
                except FetchFailed as error:
                    raise ModelUnusable(f"{address}: {error}") from error
                if left_https(address, [*(url for _, url in answer.hops), answer.url]):
                    raise ModelUnusable(f"{address}: the way to it is not https to its end.")
                if answer.status in (401, 403, 404):  # what is not for everybody is hidden so
                    return None
                if answer.status != 200:
                    raise ModelUnusable(f"{address}: {explain_status(answer.status)}")
                return answer.body

            return await hub.install(name, place, get, tell)

    return asyncio.run(bring())
