"""What is read of each format and each of its extensions."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime

import pytest

from daily8.news.feeds import MAX_BODY, MAX_ENTRIES, NotAFeed, parse_feed
from daily8.news.types import Enclosure, Entry, Episode, Feed

URL = "https://radio.example/feed"


def one(body: str, url: str | None = URL) -> Entry:
    [entry] = parse_feed(body.encode(), url).entries
    return entry


def rss(inner: str, spaces: str = "") -> Feed:
    return parse_feed(f'<rss version="2.0" {spaces}><channel>{inner}</channel></rss>'.encode(), URL)


ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'


def test_a_podcast() -> None:
    feed = rss(
        """<title>Quay Radio</title><itunes:author>Quay Collective</itunes:author>
        <itunes:summary>All of it</itunes:summary>
        <itunes:image href="/show.jpg"/><itunes:new-feed-url>https://elsewhere.example/feed</itunes:new-feed-url>
        <itunes:explicit>yes</itunes:explicit><itunes:category text="News"/>
        <item><itunes:title>The crane</itunes:title><itunes:subtitle>In short</itunes:subtitle>
        <itunes:author>Mara Quill</itunes:author><itunes:duration>1:02:03</itunes:duration>
        <itunes:season>2</itunes:season><itunes:episode>7</itunes:episode><itunes:explicit>no</itunes:explicit>
        <itunes:image href="/7.jpg"/><itunes:keywords>sea, ships</itunes:keywords>
        <enclosure url="/7.mp3" type="audio/mpeg" length="9"/></item>
        <item><title>Two</title><itunes:title>No</itunes:title><itunes:summary>Longer</itunes:summary>
        <itunes:subtitle>Short</itunes:subtitle></item>""",
        ITUNES,
    )
    assert (feed.title, feed.description, feed.image, feed.url) == (
        *("Quay Radio", "All of it", "https://radio.example/show.jpg"),
        None,
    )
    first, second = feed.entries
    assert first == Entry(
        title="The crane",
        summary="In short",
        authors=("Mara Quill",),
        categories=("sea", "ships"),
        enclosures=(Enclosure("https://radio.example/7.mp3", "audio/mpeg", 9, 3723),),
        image="https://radio.example/7.jpg",
        kind="podcast",
        episode=Episode(2, 7),
    )
    assert (second.title, second.summary) == ("Two", "Longer")


LENGTHS = [
    ("3600", 3600),
    ("1:00:00", 3600),
    ("60:00", 3600),
    ("62:03", 3723),
    ("00:00:59", 59),
    ("1:02:03.7", 3723),
    ("90.5", 90),
    ("1h 2m 3s", 3723),
    ("1 hr, 2 min", 3720),
    ("62 minutes", 3720),
    ("PT1H2M3S", 3723),
    ("PT45M", 2700),
    (" 12:30 ", 750),
    ("١:٠٢:٠٣", 3723),
    *[(nothing, None) for nothing in ("", "0", "00:00", "soon", "-5", "1:2:3:4", "9" * 30, "P")],
]


@pytest.mark.parametrize(("text", "seconds"), LENGTHS)
def test_every_writing_of_a_length(text: str, seconds: int | None) -> None:
    item = (
        f'<item><enclosure url="/a.mp3" type="audio/mpeg"/><itunes:duration>{text}</itunes:duration></item>'
    )
    [entry] = rss(item, ITUNES).entries
    assert entry.enclosures[0].duration == seconds


@pytest.mark.parametrize(
    "uri",
    [
        "http://search.yahoo.com/mrss/",
        "http://search.yahoo.com/mrss",
        "https://search.yahoo.com/mrss/",
        "HTTP://Search.Yahoo.com/mrss/",
        "http://www.rssboard.org/media-rss",
    ],
)
@pytest.mark.parametrize("prefix", ["media", "m", "itunes"])
def test_media_rss_whatever_it_is_called(uri: str, prefix: str) -> None:
    p = prefix
    [entry] = rss(
        f"""<item><title>x</title><{p}:group>
        <{p}:content url="/a.mp4" type="video/mp4" fileSize="5" duration="60"/>
        <{p}:content url="/b.mp4" medium="video"><{p}:thumbnail url="/small.jpg" width="10"/></{p}:content>
        <{p}:description>What it shows</{p}:description><{p}:keywords>a, b</{p}:keywords></{p}:group>
        <{p}:thumbnail url="/large.jpg" width="100"/><{p}:credit role="author">Mara Quill</{p}:credit>
        <{p}:community><{p}:starRating average="3"/></{p}:community><{p}:rating>adult</{p}:rating></item>""",
        f'xmlns:{p}="{uri}"',
    ).entries
    assert entry == Entry(
        title="x",
        summary="What it shows",
        categories=("a", "b"),
        enclosures=(
            Enclosure("https://radio.example/a.mp4", "video/mp4", 5, 60),
            Enclosure("https://radio.example/b.mp4", "video/*", None, None),
        ),
        image="https://radio.example/large.jpg",
        kind="video",
    )


def test_a_player_without_text_is_a_film() -> None:
    media = (
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    )
    player = '<media:content><media:player url="https://film.example/p/1"/></media:content>'
    text = "<content:encoded>A long text</content:encoded>"
    kinds = [
        rss(f"<item><title>x</title>{player}{more}</item>", media).entries[0].kind for more in ("", text)
    ]
    assert kinds == ["video", None]


def test_a_channel_of_youtube() -> None:
    feed = parse_feed(
        b"""<?xml version="1.0" encoding="UTF-8"?><feed xmlns:yt="http://www.youtube.com/xml/schemas/2015"
        xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">
        <link rel="self" href="http://www.youtube.com/feeds/videos.xml?channel_id=UCx"/>
        <yt:channelId>x</yt:channelId><title>Harbour TV</title><link rel="alternate" href="https://www.youtube.com/channel/UCx"/>
        <author><name>Harbour TV</name></author><entry><id>yt:video:abc</id><yt:videoId>abc</yt:videoId>
        <title>The crane falls</title><link rel="alternate" href="https://www.youtube.com/watch?v=abc"/>
        <author><name>Harbour TV</name></author><published>2025-11-21T14:03:05+00:00</published>
        <updated>2025-11-22T14:03:05+00:00</updated><media:group><media:title>x</media:title>
        <media:content url="https://www.youtube.com/v/abc?version=3" type="application/x-shockwave-flash"/>
        <media:thumbnail url="https://i.ytimg.com/vi/abc/hqdefault.jpg" width="480" height="360"/>
        <media:description>Seen from the quay</media:description>
        <media:community><media:statistics views="9"/></media:community></media:group></entry></feed>"""
    )
    assert (feed.kind, feed.title, feed.home) == ("atom", "Harbour TV", "https://www.youtube.com/channel/UCx")
    [entry] = feed.entries
    assert entry == Entry(
        id="yt:video:abc",
        url="https://www.youtube.com/watch?v=abc",
        title="The crane falls",
        published=datetime(2025, 11, 21, 14, 3, 5, tzinfo=UTC),
        updated=datetime(2025, 11, 22, 14, 3, 5, tzinfo=UTC),
        authors=("Harbour TV",),
        summary="Seen from the quay",
        image="https://i.ytimg.com/vi/abc/hqdefault.jpg",
        kind="video",
    )


@pytest.mark.parametrize("version", ["0.90", "0.91", "0.92", "0.93", "0.94", "2.0", "2.0.1"])
def test_rss_of_every_version(version: str) -> None:
    body = (
        f"<rss version='{version}'><channel><title>T</title><item><title>One</title></item></channel></rss>"
    )
    feed = parse_feed(body.encode())
    assert (feed.kind, feed.title, [entry.title for entry in feed.entries]) == ("rss", "T", ["One"])


@pytest.mark.parametrize(
    "uri",
    [
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "http://purl.org/rss/1.0/",
        "http://purl.org/rss/1.0",
        "https://purl.org/rss/1.0/",
    ],
)
def test_rdf_of_every_version(uri: str) -> None:
    body = f"""<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{uri}"><channel>
    <title>T</title></channel><item><title>One</title><link>https://a.example/</link></item></r:RDF>"""
    feed = parse_feed(body.encode())
    assert (feed.kind, feed.title, feed.entries[0].url) == ("rdf", "T", "https://a.example/")


def test_an_entry_taken_over_from_another_feed() -> None:
    entry = one(
        """<feed xmlns="http://www.w3.org/2005/Atom"><title>Planet</title><entry><title>One</title>
        <link>https://planet.example/1</link><content xml:lang="ar" type="html">خبر</content>
        <source><title>Elsewhere</title><author><name>Mara Quill</name></author>
        <link href="https://elsewhere.example/"/></source></entry></feed>"""
    )
    assert entry == Entry(
        url="https://planet.example/1", title="One", authors=("Mara Quill",), content="خبر", language="ar"
    )


PERIODS = [
    ("hourly", "1", 60),
    ("hourly", "4", 15),
    ("daily", "", 1440),
    ("\n daily ", " 2 ", 720),
    ("weekly", "1", 10080),
    ("hourly", "1000", 1),
    ("sometimes", "1", None),
]


@pytest.mark.parametrize(("period", "frequency", "minutes"), PERIODS)
@pytest.mark.parametrize(
    "uri", ["http://purl.org/rss/1.0/modules/syndication/", "https://purl.org/rss/1.0/modules/syndication"]
)
def test_how_often_to_look(period: str, frequency: str, minutes: int | None, uri: str) -> None:
    feed = rss(
        f"<sy:updatePeriod>{period}</sy:updatePeriod><sy:updateFrequency>{frequency}</sy:updateFrequency>",
        f'xmlns:sy="{uri}"',
    )
    assert feed.ttl == minutes


def test_dublin_core_and_google_play() -> None:
    [entry] = rss(
        """<item><dc:title>One</dc:title><dc:creator>Mara Quill</dc:creator><dc:subject>Sea</dc:subject>
        <dc:identifier>urn:x:1</dc:identifier><dc:language>ar</dc:language><dc:date>2025-11-21</dc:date>
        <play:description>Heard</play:description><play:image href="/1.jpg"/></item>""",
        'xmlns:dc="https://purl.org/dc/elements/1.1" xmlns:play="http://www.google.com/schemas/play-podcasts/1.0"',
    ).entries
    assert entry == Entry(
        id="urn:x:1",
        title="One",
        published=datetime(2025, 11, 21, tzinfo=UTC),
        authors=("Mara Quill",),
        summary="Heard",
        language="ar",
        categories=("Sea",),
        image="https://radio.example/1.jpg",
    )


def test_nothing_in_a_json_feed_is_nothing() -> None:
    keys = (
        "title",
        "home_page_url",
        "feed_url",
        "description",
        "icon",
        "authors",
        "author",
        "language",
        "hubs",
    )
    item = (
        "url",
        "title",
        "content_html",
        "summary",
        "image",
        "date_published",
        "tags",
        "attachments",
        "authors",
    )
    body = {**dict.fromkeys(keys), "items": [{"id": None, **dict.fromkeys(item)}, None, 7, {"id": 1.0}]}
    assert parse_feed(json.dumps(body).encode()) == Feed("json", entries=(Entry(), Entry(id="1.0")))


def test_json_feed_1_names_one_author() -> None:
    items = [{"id": "1", "author": {"name": "B"}}, {"id": "2"}, {"id": "3", "language": "ar", "authors": []}]
    body = {"version": "https://jsonfeed.org/version/1", "author": {"name": "A"}, "items": items}
    entries = parse_feed(json.dumps(body).encode()).entries
    assert [entry.authors for entry in entries] == [("B",), ("A",), ("A",)]
    assert entries[2].language == "ar"


def test_a_sitemap_of_films() -> None:
    entry = one(
        """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:video="https://www.google.com/schemas/sitemap-video/1.1"><url><loc>https://tv.example/1</loc>
        <video:video><video:thumbnail_loc>https://tv.example/1.jpg</video:thumbnail_loc>
        <video:title>One</video:title>
        <video:description>What &lt;b&gt;it&lt;/b&gt; shows</video:description>
        <video:duration>60</video:duration>
        <video:content_loc>https://tv.example/1.mp4</video:content_loc>
        <video:publication_date>2025-11-21</video:publication_date></video:video></url></urlset>"""
    )
    assert entry == Entry(
        id="https://tv.example/1",
        url="https://tv.example/1",
        title="One",
        published=datetime(2025, 11, 21, tzinfo=UTC),
        summary="What <b>it</b> shows",
        enclosures=(Enclosure("https://tv.example/1.mp4", "video/*", None, 60),),
        image="https://tv.example/1.jpg",
        kind="video",
    )


def test_a_packed_index_of_sitemaps() -> None:
    rows = "".join(
        f"<sitemap><loc>https://n.example/{n}.xml.gz</loc><lastmod>2025-11-{n:02}</lastmod></sitemap>"
        for n in range(1, 4)
    )
    body = f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{rows}</sitemapindex>".encode()
    for packed in (gzip.compress(body), gzip.compress(body)[:-4]):
        feed = parse_feed(packed, "https://n.example/sitemap.xml.gz", "application/x-gzip")
        assert feed.kind == "sitemap-index"
        assert {entry.kind for entry in feed.entries} == {"sitemap"}
        assert [entry.updated and entry.updated.day for entry in feed.entries] == [1, 2, 3]


def test_a_packed_bomb_is_refused() -> None:
    with pytest.raises(NotAFeed, match="too large"):
        parse_feed(gzip.compress(b" " * (MAX_BODY + 1)))
    with pytest.raises(NotAFeed, match="its packing is broken"):
        parse_feed(b"\x1f\x8b\x08nonsense")


def test_of_a_huge_news_sitemap_the_newest_are_kept() -> None:
    stamp = "<n:news><n:publication_date>2025-01-01T00:00:{:02}.{:06}Z</n:publication_date></n:news>"
    rows = "".join(
        f"<url><loc>https://n.example/{n}</loc>{stamp.format(n % 60, n)}</url>" for n in range(5000)
    )
    body = f'<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{rows}</urlset>'
    entries = parse_feed(body.encode()).entries
    assert len(entries) == MAX_ENTRIES
    assert {int((entry.url or "").rpartition("/")[2]) % 60 for entry in entries} <= {
        53,
        54,
        55,
        56,
        57,
        58,
        59,
    }


def test_a_picture_of_media_rss_goes_before_what_stands_in_it() -> None:
    body = (
        "<rss xmlns:media='http://search.yahoo.com/mrss/'><channel><item><title>t</title>"
        "<media:content url='https://a.example/1.jpg' medium='image' width='100'>"
        "<media:thumbnail url='https://a.example/2.jpg' width='900'/></media:content>"
        "<media:content url='https://a.example/3.jpg' type='image/jpeg' width='200'/></item></channel></rss>"
    )
    assert parse_feed(body.encode()).entries[0].image == "https://a.example/3.jpg"
