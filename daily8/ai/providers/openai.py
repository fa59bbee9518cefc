"""Embed texts by any endpoint that speaks OpenAI's protocol (``POST /embeddings``), here or elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from daily8.ai.models import ModelUnusable
from daily8.ai.ports import Answer, Post, ProviderFailed, Purpose, Recipe, Setup, Vectors
from daily8.ai.unit import DIMENSIONS_MOST, unit

BATCH = 32
"""Texts of a request, where nothing else is set."""
TIMEOUT = 30.0
CHARACTERS = 20_000
"""Sent of a text; what is still too long for the model is halved until it is taken."""
TRIES = 3
WAIT_MOST = 5.0
"""Seconds that are waited within a call; who is to wait for longer comes again later."""
_BUSY = frozenset({408, 409, 425, 429})
_TOO_MUCH = frozenset({400, 413, 422})
_HALVINGS = 8
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class OpenAI:
    """Asks the endpoint in batches. What is too long or too much for it is cut; costs are not counted."""

    def __init__(self, post: Post, setup: Setup) -> None:
        options = setup.options
        self._post, self._sleep = post, setup.sleep
        self._model, self._key = options["model"], options.get("key", "")
        self._place = _place(options["url"])
        self._batch = _whole(options, "batch", BATCH)
        self._asked = _whole(options, "dimensions", 0)
        """Dimensions that the endpoint is asked for; 0: as many as the model has."""
        self._prefixes = {purpose: options.get(f"{purpose}_prefix", "") for purpose in ("query", "passage")}
        self.languages = setup.languages
        dimensions = self._asked or self._ask(["."]).shape[1]
        passage = self._prefixes["passage"]
        mark = f" p{sha256(passage.encode()).hexdigest()[:6]}" if passage else ""
        self.recipe = Recipe("openai", f"{self._model} of {self._place}{mark}", dimensions)

    def embed(self, texts: Sequence[str], purpose: Purpose = "passage") -> Vectors:
        found = np.empty((len(texts), self.recipe.dimensions), np.float32)
        ready = [self._ready(text, purpose) for text in texts]
        for start in range(0, len(texts), self._batch):
            vectors = self._fitting(ready[start : start + self._batch], 0)
            if vectors.shape[1] != self.recipe.dimensions:
                raise self._failed(
                    f"gives vectors of {vectors.shape[1]} numbers, not {self.recipe.dimensions}; "
                    "leave EMBEDDER_DIMENSIONS empty, or set what the model has, and start the workers again",
                    passing=False,
                )
            found[start : start + self._batch] = vectors
        return found

    def _ready(self, text: str, purpose: Purpose) -> str:
        clean = text[:CHARACTERS].encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")
        return self._prefixes[purpose] + (clean if clean.strip() else ".")  # an empty text is refused

    def _fitting(self, texts: list[str], halvings: int) -> Vectors:
        """Embed texts; where that is too much, in two halves; and one that is too long, in part."""
        try:
            return self._ask(texts)
        except _TooMuch as error:
            if len(texts) > 1:
                middle = len(texts) // 2
                parts = [self._fitting(part, halvings) for part in (texts[:middle], texts[middle:])]
                if parts[0].shape[1] != parts[1].shape[1]:
                    raise self._failed("gives vectors of several lengths", passing=False) from error
                return np.concatenate(parts)
            if halvings >= _HALVINGS or len(texts[0]) < 100:
                raise self._failed(error.said, passing=False) from error
            return self._fitting([texts[0][: len(texts[0]) // 2]], halvings + 1)

    def _ask(self, texts: list[str]) -> Vectors:
        asked: dict[str, Any] = {"model": self._model, "input": texts, "encoding_format": "float"}
        if self._asked:
            asked["dimensions"] = self._asked
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        for tried in range(1, TRIES + 1):
            answer = self._post("embeddings", asked, headers)
            if answer.status == 200:
                return self._vectors(answer, len(texts))
            if answer.status not in _BUSY and answer.status < 500:
                raise self._refused(answer, texts)
            after = _seconds(answer.retry_after)
            wait = float(tried) if after is None else after
            if tried == TRIES or self._sleep is None or wait > WAIT_MOST:
                break
            self._sleep(wait)
        said = "is asked too often" if answer.status == 429 else f"answers with the status {answer.status}"
        raise self._failed(f"{said}; it is asked again later", passing=True, after=after)

    def _refused(self, answer: Answer, texts: list[str]) -> ProviderFailed:
        if answer.status in (401, 403):
            return self._failed("refuses the key; see EMBEDDER_KEY", passing=False)
        if answer.status == 404:
            return self._failed(
                f"knows no model {self._model} at this address; see EMBEDDER_MODEL and EMBEDDER_URL",
                passing=False,
            )
        reason = _reason(answer.body, self._key)
        said = f"refuses a request with the status {answer.status}{reason}; see EMBEDDER_MODEL"
        if answer.status in _TOO_MUCH and texts != ["."]:
            return _TooMuch(said)
        return self._failed(said, passing=False)

    def _vectors(self, answer: Answer, count: int) -> Vectors:
        try:
            rows = sorted(json.loads(answer.body)["data"], key=lambda row: row["index"])
            numbers = [row["index"] for row in rows]
            found = np.array([row["embedding"] for row in rows], np.float64)
        except (ValueError, KeyError, TypeError, RecursionError, OverflowError) as error:
            raise self._failed(
                "answers otherwise than OpenAI's protocol has it; see EMBEDDER_URL", passing=False
            ) from error
        if numbers != list(range(count)) or found.ndim != 2 or not found.shape[1]:
            raise self._failed(f"gave {len(rows)} vectors for {count} texts", passing=False)
        return unit(found, f"The endpoint {self._place}")

    def _failed(self, problem: str, *, passing: bool, after: float | None = None) -> ProviderFailed:
        return ProviderFailed(f"The endpoint {self._place} {problem}.", passing=passing, after=after)


class _TooMuch(ProviderFailed):
    """The endpoint would not take a request that may be too long for it."""

    def __init__(self, said: str) -> None:
        super().__init__(said, passing=False)
        self.said = said


def _place(url: str) -> str:
    """Name the endpoint by host and port, without what may be secret."""
    parts = urlsplit(url)
    return (parts.hostname or "") + (f":{parts.port}" if parts.port else "")


def _whole(options: Any, name: str, default: int) -> int:
    text = options.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and 0 < int(text[:6]) < 100_000 else default


def _seconds(said: str | None) -> float | None:
    """Read ``Retry-After`` (RFC 9110, 10.2.3) in its form of seconds, at most a day."""
    text = (said or "").strip()
    return min(float(text[:9]), 86_400.0) if text.isascii() and text.isdecimal() else None


def _reason(body: bytes, key: str) -> str:
    """Give what an error says of itself, short and on one line; where it says the key, nothing."""
    try:
        found = json.loads(body)
        error = found.get("error", found)
        said = error.get("message", "") if isinstance(error, dict) else error
    except (ValueError, AttributeError, RecursionError):
        return ""
    text = " ".join(_CONTROL.sub(" ", said if isinstance(said, str) else "").split()).rstrip(".")
    told = text and not (key and key in text)
    return f" ({text[:160]})" if told else ""


def open(setup: Setup) -> OpenAI:  # noqa: A001 - the name that every provider bears
    """Open the endpoint that the options ``url`` and ``model`` name.

    Where no ``dimensions`` are set it is asked once, to learn how many its vectors have.

    :raises daily8.ai.models.ModelUnusable: where a setting is missing or names no endpoint.
    :raises ProviderFailed: where it does not answer.
    """
    options = setup.options
    missing = [f"EMBEDDER_{name.upper()}" for name in ("url", "model") if not options.get(name)]
    if missing:
        raise ModelUnusable(f"The provider openai needs {' and '.join(missing)}.")
    if setup.reach is None:
        raise ModelUnusable("The provider openai is not to be reached from here.")
    if _whole(options, "dimensions", 0) > DIMENSIONS_MOST:
        raise ModelUnusable(f"EMBEDDER_DIMENSIONS is {DIMENSIONS_MOST} at most.")
    try:
        timeout = float(options.get("timeout") or TIMEOUT)
        return OpenAI(setup.reach(options["url"], timeout), setup)
    except ValueError as error:
        raise ModelUnusable(f"EMBEDDER_URL cannot be used: {error}.") from error
