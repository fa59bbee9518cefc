"""What readers may see, and lists that are paged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from daily8.news.types import Paragraph
from daily8.store import articles
from daily8.store.models import Article, Errand, Reader, Revision, Source
from daily8.store.paging import BadPage
from daily8.store.values import Card
from tests.store.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rights", "visibility", "signed_in", "shown"),
    [
        ("full", "public", False, "full"),
        ("full", "private", False, "full"),
        ("excerpt", "private", True, "excerpt"),
        ("excerpt", "public", False, "excerpt"),
        ("link", "private", True, "link"),
        ("unknown", "private", False, "full"),
        ("unknown", "public", False, "excerpt"),
        ("unknown", "public", True, "full"),
    ],
)
def test_rights_and_visibility_decide_what_is_shown(
    article: Callable[..., Article], rights: str, visibility: str, signed_in: bool, shown: str
) -> None:
    row = article()
    Source.objects.update(rights=rights)
    page = articles.page(row.id, signed_in=signed_in, visibility=visibility)
    assert page is not None
    assert page.display == shown
    assert bool(page.blocks) == (shown == "full")
    assert bool(page.excerpt) == (shown != "link")


def test_the_feeds_text_stands_in_until_the_page_was_read(article: Callable[..., Article]) -> None:
    row = article()
    Errand.objects.create(kind="page", subject=row.id, host="post.example", due_at=NOW)
    page = articles.page(row.id, signed_in=False, visibility="private")
    assert page is not None
    assert not page.ready
    assert page.blocks == (Paragraph("The whole text."),)
    Errand.objects.update(verdict="aside", cause="There is nothing at this address (HTTP 404).")
    page = articles.page(row.id, signed_in=False, visibility="private")
    assert page is not None
    assert page.ready
    assert "404" in page.cause


def test_the_newest_revision_is_shown(article: Callable[..., Article]) -> None:
    row = article()
    for number in (1, 2):
        blocks = [{"type": "paragraph", "html": f"Text {number}"}]
        Revision.objects.create(
            article=row, number=number, seen_at=NOW, blocks=blocks, digest=str(number), recipe="r"
        )
    page = articles.page(row.id, signed_in=False, visibility="private")
    assert page is not None
    assert page.blocks == (Paragraph("Text 2"),)
    assert page.revision == 2


def test_an_unknown_article_is_none() -> None:
    assert articles.page(uuid4(), signed_in=False, visibility="private") is None


def test_home_is_paged_to_its_end_in_the_order_of_time(article: Callable[..., Article]) -> None:
    for number in range(7):  # several of one moment
        article(number, published_at=NOW - timedelta(hours=number // 3))
    article(8, language="ar", title="خبر")
    article(9, title="")  # nothing to show
    seen: list[Card] = []
    older = None
    while True:
        page = articles.latest(language="en", older=older, limit=2)
        seen += page.list.cards
        if not (older := page.list.older):
            break
    assert len({card.id for card in seen}) == len(seen) == 7
    assert [card.published_at for card in seen] == sorted((c.published_at for c in seen), reverse=True)
    assert len(articles.latest(language=None).list.cards) == 8
    assert len(articles.latest(language="ar", country="ie").list.cards) == 1
    with pytest.raises(BadPage):
        articles.latest(language="en", older="yesterday")


def test_addresses_are_time_ordered() -> None:
    first = Reader.objects.create_user("a@example.org")
    second = Reader.objects.create_user("b@example.org")
    assert first.id.version == 7
    assert first.id < second.id
