"""Read what a command is given: a file, an address or standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from daily8.cli.output import Refused

P = ParamSpec("P")
T = TypeVar("T")

LIMIT = 5_000_000
"""Bytes of a document that is read."""
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Document:
    body: bytes
    url: str | None
    content_type: str | None = None


def read(name: str, url: str | None = None) -> Document:
    """Read a file, an address (``http://``, ``https://``) or ``-``; ``url`` is where it is said to come from.

    :raises Refused: when it cannot be read or is larger than is read.
    """
    if "://" in name:
        return _fetch(name, url)
    try:
        if name == "-":
            body = sys.stdin.buffer.read(LIMIT + 1)
        else:
            with Path(name).open("rb") as file:
                body = file.read(LIMIT + 1)
    except FileNotFoundError as error:
        raise Refused(f"There is no file {name}.") from error
    except OSError as error:
        raise Refused(f"{name} cannot be read: {error.strerror}.") from error
    return Document(_unpacked(body, "Standard input" if name == "-" else name), url)


def _unpacked(body: bytes, called: str) -> bytes:
    """Give a document as it was before gzip, where it was packed by that."""
    from daily8.net.unpack import Truncated, Unpacking

    if body.startswith(_GZIP):
        unpacking = Unpacking("gzip", LIMIT + 1)
        try:
            unpacking.feed(body)
            body = unpacking.so_far() if unpacking.full else unpacking.whole()
        except Truncated as error:
            raise Refused(
                f"{called} is packed by gzip and breaks off before its end; get it again."
            ) from error
        except ValueError as error:
            raise Refused(f"{called} is packed by gzip and damaged; get it again.") from error
    if len(body) > LIMIT:
        raise Refused(f"{called} is larger than {LIMIT / 1e6:g} MB, the most that is read of one document.")
    if not body.strip():
        raise Refused(f"{called} is empty.")
    return body


def _fetch(address: str, url: str | None) -> Document:
    import asyncio

    from daily8.cli.start import settings
    from daily8.net.egress import Door, FetchFailed
    from daily8.news.statuses import explain_status

    settings(signs=False)
    from daily8 import wiring

    async def fetch() -> Document:
        async with Door(wiring.egress(), wiring.user_agent()) as door:
            answer = await door.fetch(address, accept="*/*", limit=LIMIT, inside=True)
        if answer.status != 200:
            raise Refused(f"{address}: {explain_status(answer.status)}")
        body = _unpacked(answer.body, address)
        return Document(body, url or answer.url, answer.headers.get("content-type"))

    try:
        return asyncio.run(fetch())
    except FetchFailed as error:
        raise Refused(f"{address}: {error}") from error


def caged(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a parser on a stranger's document where it can neither stall nor exhaust this machine.

    :raises Refused: when it took too long or too much, or refused the document.
    """
    from daily8.net.cage import Cage, Caged
    from daily8.news.excerpts import sentence

    with Cage(workers=1) as cage:
        try:
            return cage.call(function, *args, **kwargs)
        except Caged as error:
            raise Refused(f"The document was set aside because {error.reason}.") from error
        except ValueError as error:
            raise Refused(sentence(str(error))) from error
