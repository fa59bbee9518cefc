"""A page that was read is looked at again: what its publisher changes without a word in the feed is seen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from daily8.store.models import Article, Errand
from tests.pipeline.test_changes import OLD, URL, sites
from tests.sites import NOW, Sites, article
from tests.web.reading import text, tree

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["sites"]

FIRST, SECOND = timedelta(seconds=2), timedelta(seconds=12)
"""When looks are due after the arrival, with manners ten thousand times as fast."""


def look(sites: Sites, after: timedelta) -> Article:
    sites.moment = NOW + after
    sites.drain()
    return Article.objects.get()


def test_a_text_that_changes_behind_an_unchanged_feed_is_told(sites: Sites, client: Client) -> None:
    sites.put(URL, article(OLD).replace("counted 14 ", "counted 15 "))
    row = look(sites, FIRST)
    assert [(r.kind, r.silent) for r in row.revisions.order_by("number")] == [
        ("first", False),
        ("correction", True),
    ]
    page = tree(client.get(f"/article/{row.id.hex}"))
    assert "Changed without notice" in text(page, '//p[@class="byline-changed"]')


def test_an_unchanged_page_is_asked_for_twice_more_by_its_validators(sites: Sites) -> None:
    for after in (FIRST, SECOND, timedelta(seconds=16), timedelta(days=30)):
        sites.moment = NOW + after
        sites.drain()
    asked = sites.asked(URL)
    assert [bool(request.header("If-None-Match")) for request in asked] == [False, True, True]
    assert not Errand.objects.filter(kind="look", verdict=None).exists()
    assert Article.objects.get().revisions.count() == 1


def test_a_page_that_is_gone_at_a_look_leaves_its_text(sites: Sites, client: Client) -> None:
    sites.statuses[URL] = 404
    row = look(sites, FIRST)
    assert len(sites.asked(URL)) == 2
    page = client.get(f"/article/{row.id.hex}").content.decode()
    assert "harbour master" in page
    assert Errand.objects.get(kind="page").verdict == "done"
    assert Errand.objects.get(kind="look").cause != ""
    sites.statuses.clear()
    sites.put(URL, article(OLD).replace("counted 14 ", "counted 15 "))
    assert look(sites, SECOND).revisions.count() == 2


def test_a_publisher_that_asks_for_silence_at_a_look_is_left_alone_for_a_while(sites: Sites) -> None:
    sites.statuses[URL] = 429
    look(sites, FIRST)
    asked = len(sites.asked(URL))
    due = Errand.objects.get(kind="look")
    assert (due.verdict, due.tries) == (None, 0)
    assert due.due_at > NOW + FIRST
    look(sites, FIRST + timedelta(milliseconds=1))
    assert len(sites.asked(URL)) == asked


def test_what_was_published_long_ago_is_looked_at_no_more(sites: Sites) -> None:
    long_ago = (NOW - timedelta(days=3)).isoformat()
    sites.put(URL, article(OLD, head=f'<meta property="article:published_time" content="{long_ago}">'))
    assert look(sites, FIRST).published_at == NOW - timedelta(days=3)
    assert not Errand.objects.filter(kind="look", verdict=None).exists()
