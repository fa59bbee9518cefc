"""Feeds that others broke, and what must hold over all of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from daily8.news.charset import decode
from daily8.news.feeds import NotAFeed, own_reading, parse_feed

CORPUS = Path(os.environ.get("DAILY8_CORPUS", Path(__file__).parents[3] / "shared" / "corpus")) / "feeds"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the evaluation corpus is absent; set DAILY8_CORPUS"),
]


def test_entity_bombs_neither_hang_nor_expand() -> None:
    files = sorted((CORPUS / "defusedxml" / "xmltestdata").iterdir())
    assert files
    for path in files:
        with pytest.raises(NotAFeed):
            parse_feed(path.read_bytes())


def test_nearly_all_feeds_are_answered_by_our_own_reader() -> None:
    files = sorted((CORPUS / "feedparser").rglob("*.xml"))
    own = refused = 0
    for path in files:
        body = path.read_bytes()
        try:
            parse_feed(body, "http://127.0.0.1/")
            own += own_reading(decode(body), "http://127.0.0.1/") is not None
        except NotAFeed:
            refused += 1
    assert own >= 0.99 * len(files)
    assert refused <= 2
