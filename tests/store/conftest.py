"""Rows to stand on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from daily8.store import sources
from daily8.store.models import Article, Source
from daily8.store.sources import NewSource

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


def new_source(name: str = "post", **values: Any) -> NewSource:
    """Make a source of a fictional publisher, with a host of its own."""
    host = f"{name}.example"
    return NewSource(
        **{
            "url": f"https://{host}/feed.xml",
            "key": f"https://{host}/feed.xml",
            "host": host,
            "publisher_domain": host,
            "publisher_name": name.title(),
            "language": "en",
            "country": "IE",
            **values,
        }
    )


@pytest.fixture
def source(db: None) -> Source:
    """A source that is due."""
    wanted = new_source()
    sources.add([wanted], due={wanted.key: NOW})
    return Source.objects.get()


@pytest.fixture
def article(source: Source) -> Callable[..., Article]:
    """Make articles of the source."""

    def make(number: int = 1, **values: Any) -> Article:
        return Article.objects.create(
            **{
                "publisher": source.publisher,
                "source": source,
                "key": f"https://post.example/{number}",
                "url": f"https://post.example/{number}",
                "title": f"Article {number}",
                "language": "en",
                "published_at": NOW,
                "arrived_at": NOW,
                "content": "<p>The whole text.</p>",
                "excerpt": "The whole text.",
                **values,
            }
        )

    return make
