"""The articles of the page after which ours is modelled arrive whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from daily8.news.blocks import blocks_to_text
from daily8.store import articles
from daily8.store.models import Article
from daily8.store.values import ArticlePage
from tests import seed
from tests.pipeline.conftest import NOW, Line

pytestmark = [pytest.mark.corpus, pytest.mark.django_db(transaction=True)]


def _page(title: str) -> ArticlePage:
    page = articles.page(Article.objects.get(title=title).id, signed_in=False, visibility="private")
    assert page is not None
    return page


def test_four_articles_arrive_with_every_word(line: Callable[..., Line]) -> None:
    pieces = seed.pieces()
    assert len(pieces) == 4
    assert [piece.published for piece in pieces[1:]] == ["-17m", "-44m", "-60m"]

    there = line([piece.row(image="/img/crowd.jpg") for piece in pieces])
    there.subscribe()
    there.drain()

    assert Article.objects.count() == 4
    for piece in pieces:
        page = _page(piece.headline)
        assert page.ready
        assert page.publisher.name == piece.publisher
        assert page.published_at == NOW - timedelta(minutes=int(piece.published.strip("-m")))
        assert page.dek == piece.dek
        assert blocks_to_text(page.blocks).split() == piece.text.split()
        assert page.picture is not None
    assert {card.title for card in _page(pieces[0].headline).more} == {piece.headline for piece in pieces[1:]}
