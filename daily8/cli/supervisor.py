"""Run the service as a few processes under one: database, web, workers; with a replayed web where asked."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from daily8.cli.output import Refused, note, say
from daily8.cli.start import database

if TYPE_CHECKING:
    from daily8.desk.subscribing import Wanted
    from daily8.replay.server import ReplayServer

_DEMO_LIFE = timedelta(hours=12)
"""A demo older than this begins anew: its news would be of yesterday."""
_REPLAY_PACE = 120.0
"""How much faster than life a replayed web is asked where no speed is given."""
_PATIENCE = 60.0
"""Seconds in which the pages must come up."""
_GRACE = 15.0
"""Seconds that a process has to end by itself."""


@dataclass
class _Child:
    """A process of the service; begun anew when it ends by itself."""

    name: str
    process: subprocess.Popen[bytes]
    began: float
    ends: int = 0


@dataclass
class Supervisor:
    """One run of the service, from the start to Ctrl-C."""

    workers: int
    demo: bool = False
    corpus: Path | None = None
    speed: float | None = None
    shift: bool = False
    _children: list[_Child] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Start everything, say where it is, and serve until asked to stop.

        :raises Refused: for what cannot be started, in one sentence.
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stop.set())
        with ExitStack() as stack:
            folder = self._folder()
            stack.enter_context(_held(folder))
            server = stack.enter_context(self._replay(folder))
            url = stack.enter_context(database(migrate=True))
            from django.conf import settings

            refuse_taken(settings.HOST, settings.PORT)
            if server:
                _refuse_real_sources()
                self._subscribe(server)
            elif sys.stdin.isatty():
                self._welcome()
            if url:
                os.environ["DATABASE_URL"] = url  # what the processes below join
            os.environ["DAILY8_PARENT"] = str(os.getpid())
            stack.callback(self._end)
            for name in ["web", *["work"] * self.workers]:
                self._children.append(_Child(name, _begin(name), time.monotonic()))
            self._await_pages(settings.HOST, settings.PORT)
            self._greet(settings.SITE_URL)
            self._watch()
            if not self._stop.is_set():
                return
            note("Stopping ...")

    def _folder(self) -> Path:
        folder = Path(os.environ.get("DAILY8_DATA", "data")).expanduser().absolute()
        if self.demo or self.corpus:
            # A made-up web never mixes with the real one.
            folder /= "demo" if self.corpus is None else f"replay-{self.corpus.resolve().stem}"
            os.environ["DAILY8_DATA"] = str(folder)
        return folder

    @contextlib.contextmanager
    def _replay(self, folder: Path) -> Iterator[ReplayServer | None]:
        if not (self.demo or self.corpus):
            yield None
            return
        from daily8.replay.corpus import CorpusError, open_corpus
        from daily8.replay.newsroom import rows
        from daily8.replay.rows import corpus_from_rows
        from daily8.replay.server import ReplayServer

        try:
            corpus = open_corpus(self.corpus) if self.corpus else corpus_from_rows(rows())
            server = ReplayServer(
                corpus,
                speed=self.speed,
                now=_began(folder) if self.demo or corpus.relative else None,
                shift=self.shift,
                public_port=80,
            )
        except (CorpusError, ValueError) as error:
            raise Refused(str(error)) from error
        with server:
            os.environ["DAILY8_EGRESS_HOSTS"] = server.hosts_map
            os.environ["DAILY8_SPEED"] = str(self.speed or _REPLAY_PACE)
            for problem in corpus.problems:
                note(problem)
            yield server

    def _welcome(self) -> None:
        """Ask somebody who starts for the first time whose news they want."""
        import typer

        from daily8.cli.welcome import choose
        from daily8.desk.subscribing import from_catalogue
        from daily8.store import sources

        if sources.count():
            return
        # While a question stands, Ctrl-C ends the program at once.
        ours = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            chosen = choose(lambda question: str(typer.prompt(question, default="", show_default=False)))
        except typer.Abort:
            raise KeyboardInterrupt from None
        finally:
            signal.signal(signal.SIGINT, ours)
        _add([from_catalogue(row) for row in chosen])

    def _subscribe(self, server: ReplayServer) -> None:
        from daily8.desk.subscribing import Wanted

        wanted = [
            Wanted(
                url=publisher.feed,
                title=publisher.name,
                home=publisher.home,
                publisher=publisher.name,
                country=publisher.country or "",
                language=publisher.language or "",
                kind=publisher.kind or "",
                owner=publisher.owner or "",
                rights="full" if self.demo else "unknown",
            )
            for publisher in server.publishers
        ]

        _add(wanted)

    def _await_pages(self, host: str, port: int) -> None:
        until = time.monotonic() + _PATIENCE
        while not _answers(host, port):
            web = self._children[0].process
            if web.poll() is not None:
                raise Refused("The pages could not be started; what went wrong stands above.")
            if time.monotonic() > until:
                raise Refused(f"The pages do not answer on port {port}; `daily8 doctor` looks for the cause.")
            if self._stop.wait(0.05):
                return

    def _greet(self, address: str) -> None:
        from daily8.store import readers, sources

        say(f"Daily8 is at {address}/")
        if not sources.count():
            note(f"There are no sources yet. For some: {_command()} sources starter --country EG --lang ar")
        if not readers.any_admin():
            note(
                f"To open the console, make an account: {_command()} user create you@example.org --role admin"
            )
        note("Ctrl-C stops it.")

    def _watch(self) -> None:
        """Begin processes anew that end by themselves, more slowly each time."""
        while not self._stop.wait(0.5):
            for child in self._children:
                if child.process.poll() is None:
                    continue
                if time.monotonic() - child.began > _PATIENCE:
                    child.ends = 0
                child.ends += 1
                note(f"The process {child.name!r} ended by itself; it is begun anew.")
                if self._stop.wait(0.5 * 2 ** min(child.ends, 6)):
                    return
                child.process, child.began = _begin(child.name), time.monotonic()

    def _end(self) -> None:
        for child in self._children:
            if child.process.poll() is None:
                child.process.terminate()
        until = time.monotonic() + _GRACE
        for child in self._children:
            try:
                child.process.wait(max(until - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()


def _add(wanted: Sequence[Wanted]) -> None:
    from asgiref.sync import sync_to_async

    from daily8 import wiring
    from daily8.desk.subscribing import add

    async def run() -> None:
        async with wiring.outside(workers=1) as world:
            await sync_to_async(add)(world, wanted)

    if wanted:
        asyncio.run(run())


def _begin(name: str) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches the parent alone, which ends the others in order.
    return subprocess.Popen([sys.executable, "-m", "daily8", name], start_new_session=True)  # noqa: S603


def follow_parent() -> None:
    """End this process when the one that began it is gone, however it went."""
    parent = int(os.environ.get("DAILY8_PARENT", "0"))
    if not parent:
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="daily8-parent", daemon=True).start()


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a data folder while the service runs on it.

    :raises Refused: when it is held already, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "run.lock").open("a+")
    except OSError as error:
        raise Refused(
            f"The data folder {folder} cannot be written ({error.strerror}); "
            "set DAILY8_DATA to a folder of yours."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            raise Refused(
                f"Daily8 runs already on the data folder {folder} "
                f"(process {lock.read().strip() or 'unknown'}); "
                "stop it first, or set DAILY8_DATA to another folder."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _began(folder: Path) -> datetime:
    """Give the moment that a made-up newsroom reckons from: that of its first start, unless long ago."""
    file = folder / "began"
    now = datetime.now(UTC)
    with contextlib.suppress(FileNotFoundError, ValueError):
        began = datetime.fromisoformat(file.read_text())
        if timedelta(0) <= now - began < _DEMO_LIFE:
            return began
        # The file itself goes last: what is interrupted here is begun again.
        for old in folder.iterdir():
            if old.name not in ("run.lock", file.name):
                shutil.rmtree(old) if old.is_dir() else old.unlink()
    file.write_text(now.isoformat())
    return now


def _command() -> str:
    """Give the command as it can be typed here: with its folder, where it is not on the path."""
    return "daily8" if shutil.which("daily8") else os.path.relpath(sys.argv[0])


def _refuse_real_sources() -> None:
    """Refuse to mix a made-up web with real news, and to ask real publishers at its pace.

    :raises Refused: when the database has sources of the open web.
    """
    from django.conf import settings

    from daily8.store import sources

    if sources.foreign(settings.EGRESS_SUFFIXES):
        raise Refused(
            "This database holds sources of the open web; a demo or a replay wants one of its own. "
            "Unset DATABASE_URL, or name an empty database."
        )


def refuse_taken(host: str, port: int) -> None:
    """Refuse a port that another program listens on.

    :raises Refused: naming the port and the way out.
    """
    if not 0 < port < 65536:
        raise Refused(f"{port} is no port; set --port or DAILY8_PORT to a number between 1 and 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Refused(
                    f"Port {port} on {host} is in use by another program; stop that program, "
                    "or choose another port by --port or DAILY8_PORT."
                ) from error
            raise Refused(
                f"Port {port} on {host} cannot be had ({error.strerror}); "
                "choose another by --host and --port, or by DAILY8_HOST and DAILY8_PORT."
            ) from error


def _answers(host: str, port: int) -> bool:
    ours = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(ours, port, timeout=5)
    try:
        connection.request("GET", "/livez", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
