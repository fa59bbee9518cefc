"""Write what is known of the live articles as octets, and read it again."""

from __future__ import annotations

import json
import zlib
from collections import OrderedDict
from typing import Any

import numpy as np

from daily8.news.copies.document import Document
from daily8.news.copies.live import LiveCopies

_FORM = 1
_SIZED = "<u4"


class BadCheckpoint(ValueError):
    """Says why octets cannot be read as a checkpoint; starting from nothing is safe."""


def dump(live: LiveCopies) -> bytes:
    """Write the state; from what `load` reads, everything goes on exactly as without it."""
    head = {
        "form": _FORM,
        "most": [live.most_articles, live.most_words],
        "groups": list(live.groups.items()),
        "edges": list(live.edges.items()),
        "articles": [_row(each) for each in live.documents.values()],
    }
    text = json.dumps(head, separators=(",", ":")).encode()
    words = [array.astype(_SIZED) for each in live.documents.values() for array in (each.title, each.body)]
    octets = b"".join([len(text).to_bytes(8, "little"), text, *(array.tobytes() for array in words)])
    return zlib.compress(octets, 1)


def load(octets: bytes) -> LiveCopies:
    """Read a state that `dump` wrote.

    :raises BadCheckpoint: for octets that it did not write, or in another form.
    """
    try:
        whole = zlib.decompress(octets)
        size = int.from_bytes(whole[:8], "little")
        head = json.loads(whole[8 : 8 + size])
        if head.pop("form") != _FORM:
            head = {}
        live = LiveCopies(*head["most"])
        at = 8 + size
        for row in head["articles"]:
            sizes = row["title"], row["body"]
            words = np.frombuffer(whole, _SIZED, sum(sizes), at).astype(np.uint32)
            at += 4 * sum(sizes)
            row["edges"] = tuple(row["edges"])
            live.keep(Document(**{**row, "title": words[: sizes[0]], "body": words[sizes[0] :]}))
        live.groups = dict(head["groups"])
        live.edges = OrderedDict((edge, seen) for edge, seen in head["edges"])
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise BadCheckpoint("these octets are no checkpoint of copies") from error
    return live


def _row(document: Document) -> dict[str, Any]:
    return {
        "seq": document.seq,
        "title": len(document.title),
        "body": len(document.body),
        "edges": document.edges,
        "live": document.live,
        "time": document.time,
        "publisher": document.publisher,
        "path": document.path,
        "address": document.address,
    }
