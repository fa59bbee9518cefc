"""``daily8 models`` and what `doctor` says of embeddings."""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from daily8.cli.installing import left_https
from tests.ai.endpoint import KEY, endpoint
from tests.ai.folder import lay_out
from tests.cli.conftest import Run

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[int]:
    """A hub of one model on loopback; gives its port."""
    lay_out(tmp_path / "harbour/words/resolve" / COMMIT)
    said = tmp_path / "api/models/harbour/words/revision"
    said.mkdir(parents=True)
    (said / "main").write_text(json.dumps({"sha": COMMIT}))

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_model_of_a_hub_comes_by_the_door_and_embeds(daily8: Run, hub: int) -> None:
    where = {"EMBEDDER_HUB": f"http://hub.example:{hub}"}
    opened = {"DAILY8_EGRESS_HOSTS": f"hub.example=127.0.0.1:{hub}", "EMBEDDER_HUB": "http://hub.example"}
    shut = daily8("models", "install", "harbour/words", **where)
    assert shut.returncode == 1
    assert "hub.example" in shut.stderr
    done = daily8("models", "install", "harbour/words", **opened)
    assert done.returncode == 0, done.stderr
    assert "EMBEDDER_FOLDER=harbour/words" in done.stderr
    seen = daily8("doctor", EMBEDDER="onnx", EMBEDDER_FOLDER="harbour/words")
    assert "right   embedder: onnx harbour--words" in seen.stdout


@pytest.mark.parametrize(
    ("address", "way", "left"),
    [
        ("https://hub.example/x", ["https://hub.example/x"], False),
        ("https://hub.example/x", ["https://hub.example/x", "https://files.example/x"], False),
        ("https://hub.example/x", ["http://files.example/x", "https://files.example/x"], True),
        ("https://hub.example/x", ["http://files.example/x"], True),
        ("http://hub.example/x", ["http://hub.example/x"], False),
    ],
)
def test_what_comes_by_https_never_comes_over_plain_http(address: str, way: list[str], left: bool) -> None:
    assert left_https(address, way) is left


def test_doctor_tells_whether_an_endpoint_answers(daily8: Run) -> None:
    with endpoint() as there:
        values = {"EMBEDDER": "openai, lexical", "EMBEDDER_URL": there.url, "EMBEDDER_MODEL": "words-1"}
        seen = daily8("doctor", **values, EMBEDDER_KEY=KEY)
        assert "right   embedder: openai words-1 of 127.0.0.1" in seen.stdout
        assert "right   embedder: lexical" in seen.stdout
        wrong = daily8("doctor", **values, EMBEDDER_KEY="sk-wrong")
        assert "wrong   embedder: The endpoint 127.0.0.1" in wrong.stdout
        assert "sk-" not in wrong.stdout + wrong.stderr


def test_doctor_tells_of_settings_that_cannot_be_used(daily8: Run) -> None:
    assert (
        "wrong   embedder: No provider of embeddings is called maxilm"
        in daily8("doctor", EMBEDDER="maxilm").stdout
    )
    assert "wrong   embedder: The provider openai needs" in daily8("doctor", EMBEDDER="openai").stdout
    assert "note    embedder: Nothing is embedded" in daily8("doctor", EMBEDDER="off").stdout
    assert "right   embedder: lexical" in daily8("doctor").stdout
