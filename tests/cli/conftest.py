"""Run the command as a person does, on a data folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(folder: Path, **values: str) -> dict[str, str]:
    """Give the environment of a command that shares nothing with the tests around it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "DAILY8_DATA": str(folder), "COLUMNS": "200", **values}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for servers: another run of the tests takes the right to pass from those of ``tmp_path``."""
    with tempfile.TemporaryDirectory(prefix="daily8-cli-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture
def daily8(folder: Path) -> Run:
    """Run ``daily8`` with arguments, standard input and settings; its data folder is not there at first."""

    def run(
        *arguments: str, stdin: bytes | str = "", timeout: float = 60, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "daily8", *arguments],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            env=environment(folder / "data", **settings),
            capture_output=True,
            timeout=timeout,
            check=False,
        )
        out, err = done.stdout.decode(), done.stderr.decode()
        assert "Traceback" not in err, err
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    return run


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


@pytest.fixture
def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def sentence(done: subprocess.CompletedProcess[str], code: int = 2) -> str:
    """Give what a refused command says, which is one line on standard error."""
    assert done.returncode == code, done
    lines = [line for line in done.stderr.strip().splitlines() if not line.startswith("Preparing")]
    assert len(lines) == 1, done.stderr
    return lines[0]
