"""An article that its publisher changes, from the feed that betrays it to the page that says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import Client

from daily8.desk.subscribing import Wanted, add
from daily8.net.cage import Cage
from daily8.net.outside import Outside
from daily8.store.models import Article, Poll
from tests.sites import NOW, XML, Sites, article, feed, open_sites
from tests.web.reading import text, tree

pytestmark = pytest.mark.django_db(transaction=True)

URL = "harbour.example/news/ferry"
OLD = "Ferry with 900 passengers runs again after the storm"


@pytest.fixture
def sites(transactional_db: None, cage: Cage) -> Iterator[Sites]:
    """A publisher whose ferry runs again."""
    with open_sites(cage) as found:
        publish(found, OLD)

        async def call(world: Outside) -> None:
            def inside() -> None:
                try:
                    add(world, [Wanted("http://harbour.example/feed", rights="full")])
                finally:
                    connections.close_all()

            await sync_to_async(inside)()

        found.run(call)
        found.drain()
        yield found


def publish(sites: Sites, title: str, *, old: str = "", new: str = "", head: str = "") -> None:
    """Write the article's page, and the feed that names it."""
    sites.put(URL, article(title, head=head).replace(old, new))
    sites.put("harbour.example/feed", feed((f"http://{URL}", title)), XML)


def later(sites: Sites, days: int) -> Article:
    sites.moment = NOW + timedelta(days=days)
    sites.drain()
    sites.moment += timedelta(hours=12)  # a page is read anew some hours after its last reading
    sites.drain()
    assert Poll.objects.get().cause == ""
    return Article.objects.get(url=f"http://{URL}")


def test_a_headline_that_changes_in_silence_is_told(sites: Sites, client: Client) -> None:
    first = Article.objects.get()
    publish(sites, OLD.replace("900", "700"), old="counted 14 ", new="counted 15 ")
    row = later(sites, 1)
    assert row.title == OLD.replace("900", "700")
    assert row.published_at == first.published_at
    assert [(r.kind, r.silent) for r in row.revisions.order_by("number")] == [
        ("first", False),
        ("correction", True),
    ]
    page = tree(client.get(f"/article/{row.id.hex}"))
    assert "Changed without notice" in text(page, '//p[@class="byline-changed"]')
    history = tree(client.get(f"/article/{row.id.hex}/history"))
    said = text(history, '//dl[@class="change-facts"]')
    assert "900 became 700" in said
    assert "14 became 15" in said


def test_a_change_that_its_publisher_tells_of_is_an_update(sites: Sites, client: Client) -> None:
    told = NOW + timedelta(hours=20)
    head = f'<meta property="article:modified_time" content="{told.isoformat()}">'
    publish(sites, OLD.replace("900", "700"), head=head)
    row = later(sites, 1)
    assert (row.updated_at, row.revisions.get(number=2).silent) == (told, False)
    said = text(tree(client.get(f"/article/{row.id.hex}")), '//p[@class="byline-changed"]')
    assert said.startswith("Updated")


def test_a_slip_that_is_mended_raises_nothing(sites: Sites, client: Client) -> None:
    first = Article.objects.get()
    publish(sites, OLD.replace("passengers", "pasengers"))
    row = later(sites, 1)
    assert [r.kind for r in row.revisions.order_by("number")] == ["first", "typo"]
    assert (row.published_at, row.arrived_at) == (first.published_at, first.arrived_at)
    said = text(tree(client.get(f"/article/{row.id.hex}")), '//p[@class="byline-changed"]')
    assert said == "What changed"


def told(words: str) -> str:
    title = "<title>Notice of the harbour office</title>"
    item = f"<item><guid isPermaLink='false'>n-1</guid>{title}<description>{words}</description></item>"
    return f"<rss version='2.0'><channel><title>Harbour Post</title>{item}</channel></rss>"


def test_a_text_that_only_its_feed_has_is_kept_before_and_after_it_changes(
    sites: Sites, client: Client
) -> None:
    words = "&lt;p&gt;The quay stays closed to 40 ships until the wall has been mended.&lt;/p&gt;"
    sites.put("harbour.example/feed", told(words), XML)
    later(sites, 1)
    row = Article.objects.get(title="Notice of the harbour office")
    assert not row.revisions.exists()
    sites.put("harbour.example/feed", told(words.replace("40", "60")), XML)
    later(sites, 3)
    found = list(row.revisions.order_by("number"))
    assert [(r.kind, r.silent) for r in found] == [("first", False), ("correction", True)]
    history = tree(client.get(f"/article/{row.id.hex}/history"))
    assert "40 became 60" in text(history, '//dl[@class="change-facts"]')
    assert "60 ships" in client.get(f"/article/{row.id.hex}").content.decode()
