"""Let rows arrive through the whole line, for pages to be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from daily8.net.cage import Cage
from daily8.replay.rows import corpus_from_rows
from daily8.replay.server import ReplayServer
from tests.pipeline.conftest import Line


def arrive(rows: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Replay rows, subscribe to all their publishers and do everything that is due at ``now``.

    The work has a thread of its own: in the test's, the event loop of the browser runs.
    """
    server = ReplayServer(corpus_from_rows(rows), now=now, public_port=80)
    with server, Cage(workers=1) as cage, ThreadPoolExecutor(1) as thread:
        line = Line(server, cage)
        line.moment = now
        thread.submit(line.subscribe, rights="full").result()
        thread.submit(line.drain).result()
