"""How a source is, feed or watched page."""

from __future__ import annotations

from daily8.desk.checking import Checkup, check
from tests.sites import TITLES, XML, Sites, feed, front

HOME = "www.harbour.example/"
LINKS = [(f"/news/{n}", title) for n, title in enumerate(TITLES)]


def checkup(sites: Sites, url: str, links: str = "") -> Checkup:
    return sites.run(lambda world: check(world, f"http://{url}", links))


def test_a_feed_is_well(sites: Sites) -> None:
    sites.put(HOME + "feed.xml", feed(*LINKS), XML)
    assert checkup(sites, HOME + "feed.xml").detail == "rss feed with 8 entries."


def test_a_watched_page_is_read_by_its_pattern(sites: Sites) -> None:
    sites.put(HOME, front(*LINKS))
    well = checkup(sites, HOME, "/news/#")
    assert (well.well, well.detail, well.entries) == (True, "Watched page with 8 entries.", 8)
    ill = checkup(sites, HOME, "/video/#")
    assert (ill.well, ill.detail) == (False, "No link of the page is like /video/#.")
    assert not checkup(sites, HOME).well


def test_robots_are_asked_before_a_watched_page(sites: Sites) -> None:
    sites.put(HOME, front(*LINKS))
    sites.put(HOME + "robots.txt", "User-agent: *\nDisallow: /", "text/plain")
    assert "robots.txt" in checkup(sites, HOME, "/news/#").detail
    assert not sites.asked(HOME)
