"""Run the command as a person does, on a data folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(folder: Path, **values: str) -> dict[str, str]:
    """Give the environment of a command that shares nothing with the tests around it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "DAILY8_DATA": str(folder), "COLUMNS": "200", **values}


@pytest.fixture
def daily8(tmp_path: Path) -> Run:
    """Run ``daily8`` with arguments, standard input and settings."""

    def run(
        *arguments: str, stdin: bytes | str = "", timeout: float = 60, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "daily8", *arguments],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            env=environment(tmp_path / "data", **settings),
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
