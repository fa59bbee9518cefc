"""A small site to ask, and a program that asks it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.utils import override_settings

from daily8.store import sources
from daily8.store.models import Article, ArticlePicture, Fetch, Picture, Poll, Publisher, Revision, Source
from daily8.store.sources import NewSource

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
SITE = "https://news.example"
Ask = Callable[..., Any]

BLOCKS: list[dict[str, Any]] = [
    {"type": "paragraph", "html": "The <em>harbour</em> opens again."},
    {"type": "heading", "html": "What is next", "level": 3},
    {"type": "quote", "html": ["We are ready."], "source": "Mayor"},
    {"type": "list", "items": ["one", "two"], "ordered": True},
    {"type": "table", "rows": [["a", "b"], ["1", "2"]], "header": True},
    {
        "type": "image",
        "url": "https://post.example/inside.jpg",
        "alt": "A crane",
        "width": 800,
        "height": 600,
    },
    {"type": "embed", "provider": "youtube", "url": "https://www.youtube.com/watch?v=abc", "id": "abc"},
    {"type": "rule"},
]


@pytest.fixture
def site(db: None) -> Article:
    """Two publishers; one with an article that has everything, and eleven that have little."""
    for name, country, language in (("post", "IE", "en"), ("sahifa", "EG", "ar")):
        key = f"https://{name}.example/feed.xml"
        wanted = NewSource(key, key, f"{name}.example", f"{name}.example", name.title())
        sources.add([wanted], due={key: NOW})
        Publisher.objects.filter(slug=name).update(country=country, language=language)
        Source.objects.filter(key=key).update(language=language)
    post = Source.objects.get(publisher__slug="post")
    row = _article(post, 0, title="The harbour opens again", image={"url": "https://post.example/lead.jpg"})
    Revision.objects.create(article=row, number=1, seen_at=NOW, blocks=BLOCKS, digest="d", recipe="r")
    for url, lead in (("https://post.example/lead.jpg", True), ("https://post.example/inside.jpg", False)):
        picture = Picture.objects.create(url=url, width=1600, height=900, colour="#336699", widths=[320, 640])
        ArticlePicture.objects.create(article=row, picture=picture, lead=lead, recipe="r")
    for number in range(1, 11):
        _article(post, number)
    _article(Source.objects.get(publisher__slug="sahifa"), 99, language="ar", title="الميناء يفتح أبوابه")
    Fetch.objects.create(source=post, at=NOW, status=200, seconds=0.2, size=900, arrivals=11, next_at=NOW)
    why = {"code": "rhythm", "seconds": 3600.0}
    Poll.objects.filter(source=post).update(fetched_at=NOW, next_at=NOW + timedelta(hours=1), why=why)
    return row


def _article(source: Source, number: int, **values: Any) -> Article:
    return Article.objects.create(
        **{
            "publisher": source.publisher,
            "source": source,
            "key": f"{source.host}/{number}",
            "url": f"https://{source.host}/{number}",
            "title": f"Article {number}",
            "language": "en",
            "published_at": NOW - timedelta(minutes=number),
            "arrived_at": NOW,
            "excerpt": "The harbour opens again.",
            **values,
        }
    )


@pytest.fixture(autouse=True)
def _address() -> Any:
    with override_settings(SITE_URL=SITE, ALLOWED_HOSTS=["news.example"], ROOT_URLCONF="tests.api.urls"):
        yield


@pytest.fixture
def ask() -> Ask:
    """Ask the interface as a program without an account does."""
    client = Client(headers={"host": "news.example"})

    def get(path: str, method: str = "GET", **options: Any) -> Any:
        return client.generic(method, f"/api/v1{path}", **options)

    return get
