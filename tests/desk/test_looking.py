"""What is found at an address: the feed, what a page announces, the sitemap of a site, the page itself."""

from __future__ import annotations

from typing import Any

import pytest

from daily8.desk.looking import Found, NoFeed, look
from tests.sites import TITLES, XML, Sites, article, feed, front

HOME = "www.harbour.example/"
LINKS = [(f"/news/{title.lower().replace(' ', '-')}", title) for title in TITLES]
RSS = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
NEWS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def found(sites: Sites, address: str, **said: Any) -> Found:
    return sites.run(lambda world: look(world, address, **said))


def refusal(sites: Sites, address: str, **said: Any) -> str:
    with pytest.raises(NoFeed) as error:
        found(sites, address, **said)
    return str(error.value)


def news_sitemap(*titles: str) -> str:
    rows = "".join(
        f"<url><loc>http://{HOME}n/{n}</loc><news:news><news:title>{title}</news:title>"
        f"<news:publication_date>2026-11-22</news:publication_date></news:news></url>"
        for n, title in enumerate(titles)
    )
    space = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return f"<?xml version='1.0'?><urlset {NEWS} {space}>{rows}</urlset>"


def test_a_feed_is_found_by_the_page_that_announces_it(sites: Sites) -> None:
    sites.put(HOME, front(*LINKS, head=RSS))
    sites.put(HOME + "feed.xml", feed(*LINKS), XML)
    it = found(sites, f"http://{HOME}")
    assert (it.url, it.page, it.pattern, it.note) == (f"http://{HOME}feed.xml", f"http://{HOME}", None, "")
    assert it.answer.body == feed(*LINKS).encode()
    assert len(sites.asked()) == 2


def test_a_feed_is_found_by_the_header(sites: Sites) -> None:
    sites.put(HOME, front(*LINKS), "text/html", 'Link: </f>; rel="alternate"; type="application/rss+xml"')
    sites.put(HOME + "f", feed(*LINKS), XML)
    assert found(sites, f"http://{HOME}").url == f"http://{HOME}f"


def test_a_page_without_a_feed_is_watched(sites: Sites) -> None:
    sites.put(HOME + "news", front(*LINKS))
    it = found(sites, f"http://{HOME}news")
    assert it.pattern is not None
    assert it.pattern.links == "/news/*-*-*"
    assert it.feed.kind == "page"
    assert it.note == "No feed; the page itself is watched: 8 links like /news/*-*-*."
    assert len(sites.asked(HOME + "news")) == 1


def test_a_page_is_not_watched_where_robots_say_no(sites: Sites) -> None:
    sites.put(HOME + "news", front(*LINKS))
    sites.put(HOME + "robots.txt", "User-agent: *\nDisallow: /news", "text/plain")
    assert "robots.txt asks programs not to read" in refusal(sites, f"http://{HOME}news")


def test_the_page_can_be_wanted_though_it_announces_a_feed(sites: Sites) -> None:
    sites.put(HOME, front(*LINKS, head=RSS))
    sites.put(HOME + "feed.xml", feed(*LINKS), XML)
    it = found(sites, f"http://{HOME}", page=True)
    assert it.pattern is not None
    assert it.feed.kind == "page"
    assert len(found(sites, f"http://{HOME}", links="/news/*").feed.entries) == 8
    assert refusal(sites, f"http://{HOME}", links="/video/*").endswith("is like /video/*.")
    assert refusal(sites, f"http://{HOME}", links="video") == (
        "The pattern of links must begin with /, such as /news/*."
    )


def test_the_sitemap_that_robots_name_comes_before_the_list(sites: Sites) -> None:
    sites.put(HOME, front(*LINKS))
    sites.put(HOME + "robots.txt", "Sitemap: /all.xml\nSitemap: /news-map.xml", "text/plain")
    sites.put(HOME + "news-map.xml", news_sitemap(*TITLES), XML)
    it = found(sites, f"http://{HOME}")
    assert it.url == f"http://{HOME}news-map.xml"
    assert it.note == "There is no feed, so the site's sitemap of news is followed."
    assert not sites.asked(HOME + "all.xml")


def test_an_index_of_sitemaps_is_found(sites: Sites) -> None:
    sites.put(HOME, front())
    sites.put(HOME + "robots.txt", "Sitemap: /index.xml", "text/plain")
    part = f"<sitemap><loc>http://{HOME}posts.xml</loc></sitemap>"
    sites.put(HOME + "index.xml", f"<sitemapindex {NEWS}>{part}</sitemapindex>", XML)
    assert found(sites, f"http://{HOME}").feed.kind == "sitemap-index"


def test_a_section_is_watched_rather_than_the_sitemap_of_its_site(sites: Sites) -> None:
    sites.put(HOME + "sea", front(*LINKS))
    sites.put(HOME + "robots.txt", "Sitemap: /news-map.xml", "text/plain")
    sites.put(HOME + "news-map.xml", news_sitemap(*TITLES), XML)
    assert found(sites, f"http://{HOME}sea").pattern is not None


def test_nothing_beyond_what_is_named_is_asked_for(sites: Sites) -> None:
    sites.put(HOME, front())
    refusal(sites, f"http://{HOME}")
    assert [request.path for request in sites.asked()] == ["/", "/robots.txt"]


def test_an_article_is_no_list(sites: Sites) -> None:
    beside = "".join(f'<li><a href="{url}">{title}</a></li>' for url, title in LINKS)
    sites.put(HOME + "a", article(TITLES[0]).replace("</body>", f"<ul>{beside}</ul></body>"))
    assert "no list of articles was found" in refusal(sites, f"http://{HOME}a")


def test_documents_of_other_kinds_are_told_apart(sites: Sites) -> None:
    sites.put(HOME + "o", "<opml version='2.0'><body/></opml>", XML)
    assert "OPML" in refusal(sites, f"http://{HOME}o")
    assert "HTTP 404" in refusal(sites, f"http://{HOME}nowhere")
    assert "is not an address" in refusal(sites, "gopher://x")


CHANNEL = "UC" + "a1B2c3" * 3 + "wxyz"


def test_a_channel_is_known_by_its_address_alone(sites: Sites) -> None:
    feed_path = f"www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}"
    with pytest.raises(NoFeed) as error:
        found(sites, f"https://www.youtube.com/channel/{CHANNEL}/videos")
    assert feed_path in str(error.value)  # nobody is reached from here, but the right one was asked for


def test_a_page_that_asks_for_consent_is_told_apart(sites: Sites) -> None:
    from daily8.news.discovery import asks_for_consent

    assert asks_for_consent("https://consent.youtube.com/m?x=1")
