"""``daily8 replay``: a corpus as a living web of publishers on loopback."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from daily8.cli.output import Refused, note, say


def replay(
    corpus: Annotated[Path, typer.Argument(help="A JSONL of articles, or a folder of pages.")],
    speed: Annotated[
        float | None, typer.Option(help="How many times faster than life its clock runs.")
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 takes a free one.")
    ] = 8900,
    start: Annotated[
        str | None, typer.Option("--from", help="Where its clock begins: start, end or a time (RFC 3339).")
    ] = None,
    now: Annotated[str | None, typer.Option(help="The moment that relative times are reckoned from.")] = None,
    shift: Annotated[bool, typer.Option("--shift", help="Move the corpus so that it ends now.")] = False,
) -> None:
    """Serve a corpus: / lists its publishers, /opml subscribes to all. Ctrl-C ends it."""
    from daily8.replay.corpus import CorpusError
    from daily8.replay.server import ReplayServer, serve

    def ready(server: ReplayServer) -> None:
        say(f"http://127.0.0.1:{server.port}/")
        note(f"To let Daily8 read it: DAILY8_EGRESS_HOSTS='{server.hosts_map}'")

    try:
        serve(
            corpus,
            speed=speed,
            port=port,
            now=moment(now) if now else None,
            start=start if start in ("start", "end") else moment(start) if start else None,  # type: ignore[arg-type]
            shift=shift,
            ready=ready,
        )
    except (CorpusError, ValueError) as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(
            f"Port {port} of this machine cannot be had ({error.strerror}); name another by --port."
        ) from error


def moment(text: str) -> datetime:
    """Read a time given on the command line.

    :raises Refused: for one that is none, or has no zone.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"{text!r} is no time; write it like 2025-06-01T12:00:00Z.") from error
    if found.tzinfo is None:
        raise Refused(f"{text!r} has no zone; write it like {text}Z.")
    return found
