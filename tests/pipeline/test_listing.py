"""Pages without a feed, and sitemap indexes, from their address to articles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from daily8.desk.subscribing import Wanted, add
from daily8.net.cage import Cage
from daily8.net.outside import Outside
from daily8.news.listing import checked
from daily8.store import hosts, sources, watched
from daily8.store.models import Article, Errand, Fetch, Poll, Source
from tests.sites import NOW, TITLES, XML, Sites, article, front, open_sites

pytestmark = pytest.mark.django_db(transaction=True)

HOME = "www.harbour.example/"
PAGE = f"http://{HOME}news"
NEWS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@pytest.fixture
def sites(transactional_db: None, cage: Cage) -> Iterator[Sites]:
    """Fictional sites whose every article has a page."""
    with open_sites(cage) as found:
        for n in range(100):
            found.put(f"{HOME}news/{n}", article(f"{TITLES[n % 8]}, part {n}"))
        yield found


def subscribe(there: Sites, url: str, **said: Any) -> Source:
    """Add a source without looking at it first."""

    async def call(world: Outside) -> None:
        def inside() -> None:
            try:
                add(world, [Wanted(url, **said)])
            finally:
                connections.close_all()

        await sync_to_async(inside)()

    there.run(call)
    return Source.objects.get(url=url)


def listed(*numbers: int) -> str:
    """Write the list page with some articles, as two pages of a day are never the same."""
    return front(*((f"/news/{n}", f"{TITLES[n % 8]}, part {n}") for n in numbers))


def later(there: Sites) -> None:
    """Go to the time when the source is due next, and do what is due then."""
    there.moment = max(poll.next_at for poll in Poll.objects.all() if poll.next_at)
    there.drain()


def test_a_watched_page_brings_what_is_new_on_it(sites: Sites) -> None:
    sites.put(f"{HOME}news", listed(*range(40)))
    source = subscribe(sites, PAGE, pattern=checked("/news/#"))
    sites.drain()
    # The newest thirty; what stood behind them was old, and does not become news later.
    assert Article.objects.count() == 30
    assert {row.url for row in Article.objects.all()} == {f"http://{HOME}news/{n}" for n in range(30)}
    assert all(row.published_at <= NOW for row in Article.objects.all())
    row = Article.objects.get(url=f"http://{HOME}news/0")
    assert (row.title, row.verdict) == (f"{TITLES[0]}, part 0", "article")

    sites.put(f"{HOME}news", listed(41, *range(39, 5, -1)))
    later(sites)
    assert Article.objects.count() == 31
    assert Article.objects.filter(url=f"http://{HOME}news/41").exists()
    fetches = list(Fetch.objects.filter(source=source).order_by("at"))
    assert [(fetch.status, fetch.conditional, fetch.arrivals) for fetch in fetches] == [
        (200, False, 30),
        (200, True, 1),
    ]
    later(sites)
    assert Fetch.objects.order_by("-at")[0].status == 304


def test_what_a_list_says_of_an_article_changes_nothing(sites: Sites) -> None:
    sites.put(f"{HOME}news", listed(1, 2, 3, 4))
    subscribe(sites, PAGE, pattern=checked("/news/#"))
    sites.drain()
    asked = len(sites.asked(f"{HOME}news/1"))
    sites.put(f"{HOME}news", listed(1, 2, 3, 4).replace("part 1", "part 1, now with a picture"))
    later(sites)
    assert len(sites.asked(f"{HOME}news/1")) == asked
    assert Article.objects.get(url=f"http://{HOME}news/1").title == f"{TITLES[1]}, part 1"


def test_robots_are_asked_before_a_watched_page(sites: Sites) -> None:
    sites.put(f"{HOME}news", listed(1, 2, 3, 4))
    sites.put(f"{HOME}robots.txt", "User-agent: *\nDisallow: /news", "text/plain")
    subscribe(sites, PAGE, pattern=checked("/news/#"))
    sites.drain()
    assert not sites.asked(f"{HOME}news")
    poll = Poll.objects.get()
    assert poll.cause == (
        "The publisher's robots.txt asks programs not to read this page, so it is not watched."
    )
    assert poll.next_at is not None
    assert poll.next_at > NOW


def test_a_page_that_was_rebuilt_is_told_of(sites: Sites) -> None:
    sites.put(f"{HOME}news", listed(1, 2, 3, 4).replace("/news/", "/stories/"))
    subscribe(sites, PAGE, pattern=checked("/news/#"))
    sites.drain()
    assert Poll.objects.get().cause == (
        "No link of this page is like the pattern of its articles; the pattern can be changed."
    )


def test_the_pattern_is_changed_and_tried_on_what_was_seen(sites: Sites) -> None:
    more = front(*((f"/sport/{n}", f"{TITLES[n]}, at sea") for n in range(5)))
    body = listed(1, 2, 3, 4).replace(
        "</main>", more.partition("<main>")[2].partition("</main>")[0] + "</main>"
    )
    sites.put(f"{HOME}news", body)
    source = subscribe(sites, PAGE, pattern=checked("/news/#"))
    sites.drain()
    assert Article.objects.count() == 4
    page = watched.find(source.id)
    assert page is not None
    assert page.pattern.links == "/news/#"
    assert [link.path for link in page.seen if link.path.startswith("/sport")] == [
        f"/sport/{n}" for n in range(5)
    ]
    assert watched.adjust(source.id, checked("/sport/#"), sites.moment)
    sites.put(f"{HOME}news", body + "<!-- -->")
    later(sites)
    assert Article.objects.filter(url__contains="/sport/").count() == 5


def sitemap(*numbers: int, lastmod: str = "2026-11-22") -> str:
    """Write a plain sitemap: no titles."""
    rows = "".join(
        f"<url><loc>http://{HOME}news/{n}</loc><lastmod>{lastmod}</lastmod></url>" for n in numbers
    )
    return f"<urlset {NEWS}>{rows}</urlset>"


def index(**parts: str) -> str:
    """Write an index of sitemaps: lastmod by name."""
    rows = "".join(
        f"<sitemap><loc>http://{HOME}{name}.xml</loc><lastmod>{at}</lastmod></sitemap>"
        for name, at in parts.items()
    )
    return f"<sitemapindex {NEWS}>{rows}</sitemapindex>"


def only(there: Sites, source: Source, moment: datetime) -> None:
    """Go to a time at which one source is due and no other, and do what follows from it."""
    there.moment = moment
    Poll.objects.exclude(source=source).update(next_at=moment + timedelta(days=1))
    Poll.objects.filter(source=source).update(next_at=moment)
    hosts.tell({source.host: moment})
    there.drain()
    there.drain()


def states() -> dict[str, str]:
    rows = Source.objects.exclude(parent=None).values_list("url", "state")
    return {url.removeprefix(f"http://{HOME}"): state for url, state in rows}


def test_an_index_of_sitemaps_is_followed_by_its_newest_parts(sites: Sites) -> None:
    days = {f"posts-{n}": f"2026-11-{n:02}" for n in range(10, 20)}
    sites.put(f"{HOME}index.xml", index(**days, **{"tags-1": "2026-11-21"}), XML)
    for n in range(10, 21):
        sites.put(f"{HOME}posts-{n}.xml", sitemap(n), XML)
    source = subscribe(sites, f"http://{HOME}index.xml")
    sites.drain()
    sites.drain()
    assert states() == {f"posts-{n}.xml": "active" for n in (16, 17, 18, 19)}
    assert Article.objects.count() == 4
    # What a sitemap does not say is taken from the page.
    assert Article.objects.get(url=f"http://{HOME}news/19").title == f"{TITLES[3]}, part 19"
    assert sources.count() == 1
    [view] = sources.every()
    assert (view.id, view.articles, view.parts) == (source.id, 4, 4)

    asked = len(sites.asked(f"{HOME}posts-19.xml"))
    sites.put(f"{HOME}index.xml", index(**days, **{"posts-20": "2026-11-23"}), XML)
    only(sites, source, NOW + timedelta(hours=30))
    assert states() == {
        "posts-16.xml": "paused",
        **{f"posts-{n}.xml": "active" for n in (17, 18, 19, 20)},
    }
    assert len(sites.asked(f"{HOME}posts-19.xml")) == asked


def test_a_part_is_due_when_its_row_says_that_it_changed(sites: Sites) -> None:
    sites.put(f"{HOME}index.xml", index(news="2026-11-22T10:00:00Z"), XML)
    sites.put(f"{HOME}news.xml", sitemap(1), XML)
    source = subscribe(sites, f"http://{HOME}index.xml")
    sites.drain()
    sites.drain()
    assert Article.objects.count() == 1
    sites.put(f"{HOME}news.xml", sitemap(1, 2), XML)
    sites.put(f"{HOME}index.xml", index(news="2026-11-22T10:00:00Z", tags="2026-11-22"), XML)
    only(sites, source, NOW + timedelta(hours=3))
    assert Article.objects.count() == 1  # the row of the part says that it is as it was
    sites.put(f"{HOME}index.xml", index(news="2026-11-22T14:00:00Z"), XML)
    only(sites, source, NOW + timedelta(hours=6))
    assert Article.objects.count() == 2


def test_parts_on_other_sites_and_indexes_within_are_refused(sites: Sites) -> None:
    other = index(news="2026-11-22").replace(HOME, "www.elsewhere.example/")
    sites.put(f"{HOME}index.xml", other, XML)
    subscribe(sites, f"http://{HOME}index.xml")
    sites.drain()
    assert "no part of this sitemap index" in Poll.objects.get().cause.lower()
    assert not sites.asked("www.elsewhere.example/news.xml")

    sites.put(f"{HOME}outer.xml", index(news="2026-11-22"), XML)
    sites.put(f"{HOME}news.xml", index(inner="2026-11-22"), XML)
    subscribe(sites, f"http://{HOME}outer.xml")
    sites.drain()
    sites.drain()
    assert "is an index itself" in Poll.objects.get(source__parent__isnull=False).cause
    assert Article.objects.count() == 0
    assert not Errand.objects.filter(kind="page").exists()
