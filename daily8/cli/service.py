"""``daily8 run``, ``web``, ``work`` and ``doctor``: the service itself."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import Annotated

import typer

from daily8.cli.output import PARTLY, Refused, as_json, console
from daily8.cli.start import database


def run(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Show a made-up newsroom; needs no network.")] = False,
    replay: Annotated[Path | None, typer.Option(metavar="CORPUS", help="Live on a replayed corpus.")] = None,
    speed: Annotated[float | None, typer.Option(help="With --demo or --replay: how fast time runs.")] = None,
    shift: Annotated[bool, typer.Option("--shift", help="With --replay: let the corpus end now.")] = False,
    workers: Annotated[int, typer.Option(min=0, help="Worker processes.")] = 1,
) -> None:
    """Run the whole service: database, pages and workers. Ctrl-C stops it; it starts again where it was."""
    from daily8.cli.supervisor import Supervisor

    if host:
        os.environ["DAILY8_HOST"] = host
    if port is not None:
        os.environ["DAILY8_PORT"] = str(port)
    if demo and replay:
        raise Refused("--demo and --replay exclude each other.")
    if speed is not None and not (demo or replay):
        raise Refused("--speed goes with --demo or --replay: real publishers are asked at the pace of life.")
    Supervisor(workers=workers, demo=demo, corpus=replay, speed=speed, shift=shift).run()


def web(
    threads: Annotated[int, typer.Option(min=1, help="Requests served at once by a process.")] = 8,
    processes: Annotated[int, typer.Option(min=1, help="Processes that serve.")] = 1,
) -> None:
    """Serve the pages."""
    with database() as url:
        if url:
            os.environ["DATABASE_URL"] = url  # what the server's processes read
        from django.conf import settings as configured
        from django.db import connections
        from granian.constants import Interfaces
        from granian.log import LogLevels
        from granian.server import Server

        from daily8 import wiring
        from daily8.cli.supervisor import follow_parent, refuse_taken

        wiring.logs()
        follow_parent()
        refuse_taken(configured.HOST, configured.PORT)
        connections.close_all()
        Server(
            "daily8.conf.wsgi:application",
            address=configured.HOST,
            port=configured.PORT,
            interface=Interfaces.WSGI,
            workers=processes,
            blocking_threads=threads,
            log_enabled=True,
            log_level=LogLevels.error,  # else it advises on the number of threads at each start
            log_dictconfig={"root": {"level": "WARNING"}, "loggers": {}},
        ).serve()


def work(
    once: Annotated[bool, typer.Option("--once", help="Do what is due, then end.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log every step.")] = False,
) -> None:
    """Work: fetch, extract, keep pictures. Any number of workers may run, on any number of machines."""
    with database():
        from daily8 import wiring
        from daily8.cli.supervisor import follow_parent

        wiring.logs(verbose=verbose)
        follow_parent()
        _work(once=once)


def _work(*, once: bool) -> None:
    from daily8 import wiring

    async def main() -> None:
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stopping.set)
        await wiring.work(stopping, until_idle=once)

    try:
        import uvloop
    except ImportError:  # Windows has none
        asyncio.run(main())
    else:
        uvloop.run(main())


def doctor(
    json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Say what is right, what is wrong, and what to do about it."""
    from daily8.cli.diagnosis import examine

    findings = examine()
    if json:
        as_json(
            {"well": all(f.level != "wrong" for f in findings), "findings": [f.plain() for f in findings]}
        )
    else:
        for finding in findings:
            console.print(f"{finding.level:<7} {finding.subject}: {finding.detail}")
            if finding.todo:
                console.print(f"        {finding.todo}")
    if any(finding.level == "wrong" for finding in findings):
        raise typer.Exit(PARTLY)
