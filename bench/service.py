"""A service without faces, to be measured: a scratch database, and a replayed web in another process."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from daily8.cli.start import database
from daily8.news.schedule import Manners
from daily8.replay.server import ReplayServer

T = TypeVar("T")


@dataclass(frozen=True)
class Web:
    """A replayed web that another process serves."""

    hosts_map: str
    publishers: tuple[Any, ...]
    """`daily8.replay.articles.Publisher`."""
    pages: dict[str, str]
    """Addresses of the articles by their id."""


def _serve(make: Callable[..., ReplayServer], arguments: Sequence[Any], pipe: Connection) -> None:
    with make(*arguments) as server:
        site = server.site
        pages = {article.id: site.address(article) for article in site.corpus.articles}
        pipe.send(Web(server.hosts_map, server.publishers, pages))
        pipe.poll(None)  # until the other end is closed


@contextmanager
def replayed(make: Callable[..., ReplayServer], *arguments: Any) -> Iterator[Web]:
    """Serve what ``make``, a function of a module, gives for the arguments."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(make, arguments, there), daemon=True)
    process.start()
    there.close()
    try:
        yield here.recv()
    finally:
        here.close()
        process.join(10)
        process.terminate()


@contextmanager
def scratch() -> Iterator[Path]:
    """Set Django up on a database of its own, deleted at the end; ``DATABASE_URL`` names another server."""
    with tempfile.TemporaryDirectory(prefix="daily8-bench-", ignore_cleanup_errors=True) as folder:
        os.environ["DAILY8_DATA"] = folder
        with database(migrate=True):
            yield Path(folder)


async def _nowhere(host: str) -> Sequence[str]:
    raise OSError(f"{host} is on the open web, which is not measured")


def manners() -> Manners:
    """Give manners without waiting between requests; what failed is tried again at once."""
    return replace(Manners(), spacing=0.0, trouble=0.05)


def run(work: Coroutine[Any, Any, T], *, store: bool = True) -> T:
    """Run as workers do: in their event loop and, with a ``store``, collecting garbage as seldom."""
    import uvloop

    if store:
        from daily8.wiring import collect_seldom

        collect_seldom()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


@asynccontextmanager
async def outside(
    hosts_map: str, *, workers: int, now: Callable[[], datetime] | None = None, polite: Manners | None = None
) -> AsyncIterator[Any]:
    """Open a world in which the hosts of a replay map can be reached, and nothing else.

    Without manners of its own, ``polite``, requests wait for nothing. ``now`` gives another clock.
    """
    from daily8.net.cage import Cage
    from daily8.net.egress import Door
    from daily8.net.guard import Egress, parse_hosts
    from daily8.net.outside import Outside
    from daily8.net.robots import Robots

    async with Door(Egress(hosts=parse_hosts(hosts_map)), "Daily8/bench", lookup=_nowhere) as door:
        with Cage(workers=workers) as cage:
            yield Outside(
                door=door,
                cage=cage,
                robots=Robots(door),
                manners=polite or manners(),
                now=now or (lambda: datetime.now(UTC)),
                chance=random.random,
                own_suffixes=("replay.test",),
            )
