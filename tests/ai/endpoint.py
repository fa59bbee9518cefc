"""A server on loopback that speaks OpenAI's protocol of embeddings, and can be told to fail."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from daily8.ai.ports import Answer, Post, ProviderFailed
from daily8.ai.providers.lexical import Lexical
from daily8.net.trusted import Trusted, TrustedFailed

KEY = "sk-secret-of-the-test"
DIMENSIONS = 512
LONGEST = 3000
"""Characters of a text that the model takes."""

Fault = Callable[[list[str], list[dict[str, Any]]], tuple[int, Any, Mapping[str, str]]]
"""Makes status, body and headers of the texts asked for and of the true rows."""


class Endpoint:
    """What was asked, and the faults that the next answers have, in order."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.faults: list[Fault] = []
        self.url = ""
        self.waits: list[float] = []

    def reach(self, url: str, timeout: float) -> Post:
        """Give a client by the same way as the service does."""

        def post(path: str, body: Any, headers: Mapping[str, str]) -> Answer:
            async def ask() -> Answer:
                async with Trusted(url, deadline=timeout) as there:
                    found = await there.request("POST", path, json=body, headers=headers)
                    return Answer(found.status, found.body, found.headers.get("Retry-After"))

            try:
                return asyncio.run(ask())
            except TrustedFailed as error:
                raise ProviderFailed(str(error), passing=error.passing) from error

        return post

    def options(self, **more: str) -> dict[str, str]:
        return {"url": self.url, "model": "words-1", "key": KEY, **more}

    def answer(self, headers: Mapping[str, str], asked: dict[str, Any]) -> tuple[int, Any, Mapping[str, str]]:
        self.asked.append(asked)
        texts = asked["input"]
        if headers.get("Authorization") != f"Bearer {KEY}":
            return 401, {"error": {"message": f"Incorrect key {headers.get('Authorization')}"}}, {}
        if asked["model"] != "words-1":
            return 404, {"error": {"message": "no such model"}}, {}
        if any(len(text) > LONGEST for text in texts) or "" in texts:
            return 400, {"error": {"message": "maximum context length\n exceeded"}}, {}
        size = asked.get("dimensions", DIMENSIONS)
        rows: list[dict[str, Any]] = [
            {"object": "embedding", "index": i, "embedding": [3.0 * float(x) for x in vector[:size]]}
            for i, vector in enumerate(Lexical().embed(texts))
        ]
        if self.faults:
            return self.faults.pop(0)(texts, rows)
        return 200, {"object": "list", "data": rows[::-1], "model": "words-1"}, {}


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """Serve until the block ends."""
    there = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/v1/embeddings":
                status, said, headers = there.answer(dict(self.headers), json.loads(body))
            else:
                status, said, headers = 404, {"error": "no such place"}, {}
            data = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    there.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
