"""The pure site: formats, pages, validators, hosts, and what is not there yet."""

from __future__ import annotations

import gzip
import io
import json
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree as ET

import lxml.html
import pytest
from PIL import Image

from daily8.news.feeds import parse_feed
from daily8.replay.articles import FEED_PATHS
from daily8.replay.clock import CorpusClock
from daily8.replay.site import Answer, Site
from tests.replay.rows import NOW, corpus, row

HOST = "the-harbour-light.replay.test"
FULL = {
    "dek": "What the tide does",
    "author": ["Ada Pell", "نور حداد"],
    "tags": ["Tides"],
    "section": "World",
    "image": "https://cdn.example/tide.png",
    "captions": ["The quay at noon"],
    "credit": "M. Orr",
}


def site(*rows: dict[str, Any], entries: int = 500) -> Site:
    return Site(corpus(*rows), 8000, CorpusClock(NOW, 1.0, NOW), entries=entries)


def get(web: Site, path: str, host: str = HOST, now: datetime = NOW, **headers: str) -> Answer:
    return web.respond(host, path, {k.replace("_", "-"): v for k, v in headers.items()}, now)


def read_page(answer: Answer) -> Any:
    return lxml.html.fromstring(answer.body.decode())


@pytest.mark.parametrize("form", ["rss", "atom", "rdf", "json"])
def test_every_format_says_the_same(form: str) -> None:
    web = site(
        row(
            1,
            publisher_format=form,
            title="Ebb & flow",
            updated=(NOW - timedelta(minutes=5)).isoformat(),
            **FULL,
        ),
        row(2, text="Bell \x07 and \ud800 <b>bold</b> & more", title="عنوان عربي"),
    )
    publisher = web.corpus.publishers[0]
    answer = get(web, FEED_PATHS[publisher.format])
    assert answer.status == 200
    if form != "json":
        ET.fromstring(answer.body)
    feed = parse_feed(answer.body, publisher.feed, answer.headers["Content-Type"])
    assert feed.kind == form
    assert feed.title == "The Harbour Light"
    first, second = feed.entries
    assert first.title == "Ebb & flow"
    assert first.url == "http://the-harbour-light.replay.test:8000/a/n1"
    assert first.published == NOW - timedelta(hours=1)
    assert first.updated == NOW - timedelta(minutes=5)
    assert first.authors == ("Ada Pell", "نور حداد")
    assert first.summary is not None
    assert "What the tide does" in first.summary
    assert second.title == "عنوان عربي"
    assert first.id
    assert first.id != second.id


def test_the_front_page_announces_the_feed_and_lists_the_newest_first() -> None:
    web = site(row(2), row(1, publisher_format="atom"))
    page = read_page(get(web, "/"))
    announced = page.xpath("//link[@rel='alternate']")[0]
    assert announced.get("type") == "application/atom+xml"
    assert announced.get("href") == f"http://{HOST}:8000/atom.xml"
    assert page.xpath("//h2/a/@href") == ["/a/n1", "/a/n2"]


def test_the_usual_path_leads_to_a_feed_of_another_format() -> None:
    answer = get(site(row(1, publisher_format="rdf")), "/feed.xml")
    assert (answer.status, answer.headers["Location"]) == (301, f"http://{HOST}:8000/index.rdf")


@pytest.mark.parametrize("number", range(8))
def test_an_article_page_holds_everything(number: int) -> None:
    web = site(
        row(1, publisher=f"Paper {number}", url="/world/tide?page=1", **FULL),
        row(2, publisher=f"Paper {number}"),
    )
    host = f"paper-{number}.replay.test"
    page = read_page(get(web, "/world/tide?page=1", host))
    data = json.loads(page.xpath("//script[@type='application/ld+json']")[0].text)
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == "Tide number 1 rises & falls <twice>"
    assert data["datePublished"] == "2026-03-04T11:00:00Z"
    assert [a["name"] for a in data["author"]] == ["Ada Pell", "نور حداد"]
    assert page.xpath("//h1")[0].text_content() == "Tide number 1 rises & falls <twice>"
    assert page.xpath("//meta[@property='og:image']/@content") == data["image"]
    assert page.xpath("//time/@datetime")[0] == "2026-03-04T11:00:00Z"
    assert page.xpath("//link[@rel='canonical']/@href") == [f"http://{host}:8000/world/tide?page=1"]
    text = page.text_content()
    assert all(
        words in text for words in ("The first paragraph.", "The third one.", "The quay at noon", "M. Orr")
    )
    assert "Tide number 2" in text
    for tag in ("nav", "footer", "figure"):
        assert page.xpath(f"//{tag}")


def test_the_pages_of_eight_publishers_use_every_layout() -> None:
    web = site(*(row(n, publisher=f"Paper {n}") for n in range(1, 9)))
    bodies = [get(web, f"/a/n{n}", f"paper-{n}.replay.test").body for n in range(1, 9)]
    for mark in (b"story-body", b"art-text", b"entry-content"):
        assert any(mark in body for body in bodies)


def test_an_arabic_page_is_arabic_and_right_to_left() -> None:
    page = read_page(get(site(row(1, lang="ar", title="المد")), "/a/n1"))
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    assert "جميع الحقوق محفوظة" in page.text_content()


def test_html_rows_keep_their_blocks_and_whole_pages_stay_as_they_are() -> None:
    whole = "<!DOCTYPE html><title>x</title><p>Mine alone"
    web = site(row(1, text=None, html="<p>One</p><table><tr><td>2</td></tr></table>"), row(2, html=whole))
    assert b"<table><tr><td>2</td></tr></table>" in get(web, "/a/n1").body
    assert get(web, "/a/n2").body == whole.encode()


def test_videos_and_podcasts_carry_their_media() -> None:
    web = site(
        row(1, kind="video", video="https://www.youtube.com/watch?v=abcdefghijk"),
        row(2, kind="video"),
        row(3, kind="podcast", duration=120),
    )
    assert b"https://www.youtube-nocookie.com/embed/abcdefghijk" in get(web, "/a/n1").body
    assert b"<video" in get(web, "/a/n2").body
    feed = parse_feed(get(web, "/feed.xml").body)
    enclosure = next(e for entry in feed.entries for e in entry.enclosures if e.type == "audio/mpeg")
    sound = get(web, enclosure.url.split(":8000")[1])
    assert sound.headers["Content-Type"] == "audio/mpeg"
    assert len(sound.body) == enclosure.length
    assert sound.body[:2] == b"\xff\xfb"


def test_pictures_of_articles_are_drawn_and_no_others() -> None:
    web = site(
        row(1, **FULL),
        row(2, html='<p>x</p><img src="/img/sea-abc-3.jpg">'),
        row(3, published="+1h", motif="lab"),
    )
    page = read_page(get(web, "/a/n1"))
    address = page.xpath("//figure/img/@src")[0].split(":8000")[1]
    for path in (address, "/img/sea-abc-3.jpg"):
        answer = get(web, path)
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert Image.open(io.BytesIO(answer.body)).size == (1280, 720)
    assert get(web, "/img/other.jpg").status == 404
    coming = web.corpus.articles[-1].image
    assert get(web, f"/img/{coming}.jpg").status == 404
    assert get(web, f"/img/{coming}.jpg", now=NOW + timedelta(hours=1)).status == 200


def test_nothing_is_there_before_its_time() -> None:
    web = site(row(1, published="+10m", updated="+20m"), row(2, published="-1m"))
    late = NOW + timedelta(minutes=10)
    for path in ("/", "/feed.xml", "/sitemap-all.xml", "/sitemap-news.xml"):
        assert b"/a/n1" not in get(web, path).body
        assert b"/a/n1" in get(web, path, now=late).body
    assert get(web, "/a/n1").status == 404
    assert b'dateModified": "2026-03-04T12:10:00Z' in get(web, "/a/n1", now=late).body
    assert b'dateModified": "2026-03-04T12:20:00Z' in get(web, "/a/n1", now=late + timedelta(minutes=10)).body


def test_validators_change_exactly_when_the_content_does() -> None:
    web = site(
        row(1, published="+10m", updated="+20m"),
        row(2, published="+10m"),
        row(3, published="+40m"),
        row(4, published="-50h"),
    )
    for path in ("/", "/feed.xml", "/sitemap.xml", "/sitemap-all.xml", "/sitemap-news.xml"):
        seen: dict[bytes, tuple[str, str]] = {}
        for minute in range(60):
            answer = get(web, path, now=NOW + timedelta(minutes=minute))
            seen.setdefault(answer.body, (answer.headers["ETag"], answer.headers["Last-Modified"]))
            assert seen[answer.body] == (answer.headers["ETag"], answer.headers["Last-Modified"])
            assert parsedate_to_datetime(answer.headers["Last-Modified"]) <= NOW + timedelta(minutes=minute)
        assert len({etag for etag, _ in seen.values()}) == len(seen) >= 3
        assert len({moment for _, moment in seen.values()}) == len(seen)


def test_a_news_sitemap_drops_what_is_two_days_old() -> None:
    web = site(row(1), row(47), row(49))
    assert get(web, "/sitemap-news.xml").body.count(b"<url>") == 2
    later = get(web, "/sitemap-news.xml", now=NOW + timedelta(hours=1))
    assert later.body.count(b"<url>") == 1
    assert parsedate_to_datetime(later.headers["Last-Modified"]) == NOW + timedelta(hours=1)


def test_conditional_requests() -> None:
    web = site(row(1))
    fresh = get(web, "/feed.xml")
    etag, moment = fresh.headers["ETag"], fresh.headers["Last-Modified"]
    assert etag.startswith('"')
    hit = get(web, "/feed.xml", if_none_match=etag)
    assert (hit.status, hit.body, hit.headers["ETag"]) == (304, b"", etag)
    assert get(web, "/feed.xml", if_none_match=f'"other", W/{etag}').status == 304
    assert get(web, "/feed.xml", if_none_match="*").status == 304
    assert get(web, "/feed.xml", if_modified_since=moment).status == 304
    assert get(web, "/feed.xml", if_modified_since="Wed, 04 Mar 2026 10:59:59 GMT").status == 200
    assert get(web, "/feed.xml", if_modified_since="nonsense").status == 200
    assert get(web, "/feed.xml", if_none_match='"other"', if_modified_since=moment).status == 200
    assert (
        get(web, "/feed.xml", if_none_match=etag, if_modified_since="Wed, 04 Mar 2020 00:00:00 GMT").status
        == 304
    )


def test_gzip_is_another_representation() -> None:
    web = site(*(row(n) for n in range(1, 9)))
    plain, packed = get(web, "/feed.xml"), get(web, "/feed.xml", accept_encoding="br, gzip;q=0.5")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert get(web, "/feed.xml", accept_encoding="gzip", if_none_match=packed.headers["ETag"]).status == 304
    assert "Content-Encoding" not in get(web, "/feed.xml", accept_encoding="gzip;q=0, br").headers


def test_hosts_do_not_see_each_other() -> None:
    web = site(row(1, publisher="A"), row(2, publisher="B"))
    assert get(web, "/a/n1", "a.replay.test:8000").status == 200
    assert get(web, "/a/n1", "b.replay.test:8000").status == 404
    assert b"n2" not in get(web, "/feed.xml", "a.replay.test").body
    assert get(web, "/a/n1", "A.Replay.Test:1").status == 200
    assert get(web, "/a/n1", "a.localhost:8000").status == 200
    for unknown in ("c.replay.test", "a.example.com", "replay.test", "x.a.replay.test"):
        answer = get(web, "/", unknown)
        assert answer.status == 404
        assert answer.body.decode() == f"No publisher of this replay has the host {unknown}.\n"


def test_unknown_queries_are_overlooked_and_unknown_paths_are_not() -> None:
    web = site(row(1, url="/tide/أخبار 100%"))
    address = web.address(web.corpus.articles[0]).split(":8000")[1]
    assert address.isascii()
    assert get(web, address).status == 200
    assert get(web, address + "?utm_source=rss").status == 200
    assert get(web, "/tide").status == 404
    assert get(web, "/../../etc/passwd").status == 404


def test_robots_icons_and_sitemaps() -> None:
    web = site(row(1))
    assert f"Sitemap: http://{HOST}:8000/sitemap.xml" in get(web, "/robots.txt").body.decode()
    assert Image.open(io.BytesIO(get(web, "/favicon.ico").body)).format == "ICO"
    assert Image.open(io.BytesIO(get(web, "/logo.png").body)).format == "PNG"
    index = parse_feed(get(web, "/sitemap.xml").body)
    assert [e.url for e in index.entries] == [f"http://{HOST}:8000/sitemap-{n}.xml" for n in ("all", "news")]
    news = parse_feed(get(web, "/sitemap-news.xml").body)
    assert [e.url for e in news.entries] == [f"http://{HOST}:8000/a/n1"]


def test_the_bare_address_lists_subscribes_and_tells_the_time() -> None:
    web = site(row(1, publisher_country="JO"), row(2, publisher="B <b>"))
    bare = "127.0.0.1:8000"
    assert b"B &lt;b&gt;" in get(web, "/", bare).body
    outlines = ET.fromstring(get(web, "/opml", bare).body).iter("outline")
    assert {o.get("xmlUrl") for o in outlines if o.get("xmlUrl")} == {p.feed for p in web.corpus.publishers}
    status = json.loads(get(web, "/status", bare, NOW - timedelta(minutes=90)).body)
    assert (status["articles"], status["articles_out"], status["time"]) == (2, 1, "2026-03-04T10:30:00Z")
    assert get(web, "/feed.xml", bare).status == 404


def test_long_feeds_keep_the_newest() -> None:
    feed = parse_feed(get(site(*(row(n) for n in range(1, 9)), entries=3), "/feed.xml").body)
    assert [e.id for e in feed.entries] == ["n1", "n2", "n3"]


def test_undated_articles_are_there_from_the_beginning() -> None:
    web = site(row(1, time=None))
    answer = get(web, "/a/n1", now=NOW - timedelta(days=9000))
    assert answer.status == 200
    assert "Last-Modified" not in answer.headers
    assert parse_feed(get(web, "/feed.xml").body).entries[0].published is None
