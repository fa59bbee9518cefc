"""Feeds of every format, as publishers write them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from daily8.news.feeds import MAX_ENTRIES, feed_to_json, parse_feed
from daily8.news.types import Enclosure, Entry, Feed

URL = "https://news.example/rss.xml"

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"
  xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel>
  <title>The &lt;b&gt;Harbour&lt;/b&gt; &amp;amp; Post</title>
  <link>https://news.example/</link>
  <atom:link rel="self" type="application/rss+xml" href="https://news.example/feed"/>
  <atom:link rel="hub" href="https://hub.example/"/>
  <description>All &lt;i&gt;news&lt;/i&gt;</description>
  <language>en_GB</language>
  <ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>
  <skipHours><hour>3</hour><hour>24</hour><hour>x</hour></skipHours>
  <skipDays><day>Sunday</day><day>monday</day></skipDays>
  <image><url>/logo.png</url><title>x</title><link>https://news.example/</link></image>
  <item>
    <title><![CDATA[Crane <em>falls</em> &amp; nobody is hurt]]></title>
    <link>/2025/crane?utm_source=rss</link>
    <guid isPermaLink="false">crane-1</guid>
    <pubDate>Fri, 21 Nov 2025 14:03:05 +0300</pubDate>
    <dc:creator><![CDATA[A. Writer]]></dc:creator><dc:creator>B. Writer</dc:creator>
    <category>Harbour</category><category domain="x">harbour</category><category>World</category>
    <description>&lt;p&gt;Short &lt;script&gt;alert(1)&lt;/script&gt;&lt;a href="/more"&gt;more&lt;/a>
    </description>
    <content:encoded><![CDATA[<p>Long</p><img src="crane.jpg" alt="Crane">]]></content:encoded>
    <media:content url="https://img.example/small.jpg" medium="image" width="200"/>
    <media:content url="https://img.example/large.jpg" medium="image" width="1200"/>
  </item>
  <item>
    <title>Episode 7</title>
    <guid>https://news.example/e7</guid>
    <author>host@news.example (The Host)</author>
    <enclosure url="https://cdn.example/e7.mp3" type="audio/mpeg; x=1" length="1,234"/>
    <itunes:duration>1:02:03</itunes:duration>
    <itunes:image href="https://img.example/e7.jpg"/>
    <dc:date>2025-11-20T10:00:00Z</dc:date>
  </item>
  <item><title>No address</title><link>javascript:alert(1)</link></item>
</channel></rss>"""
REL = 'rel="noopener noreferrer nofollow ugc"'


def test_rss_2_with_its_modules() -> None:
    assert parse_feed(RSS.encode(), URL) == Feed(
        kind="rss",
        title="The Harbour & Post",
        description="All news",
        url="https://news.example/feed",
        home="https://news.example/",
        language="en-GB",
        hub="https://hub.example/",
        ttl=30,
        skip_hours=(0, 3),
        skip_days=(0, 6),
        image="https://news.example/logo.png",
        entries=(
            Entry(
                id="crane-1",
                url="https://news.example/2025/crane?utm_source=rss",
                title="Crane falls & nobody is hurt",
                published=datetime.fromisoformat("2025-11-21T14:03:05+03:00"),
                authors=("A. Writer", "B. Writer"),
                summary=f'<p>Short <a href="https://news.example/more" {REL}>more</a></p>',
                content='<p>Long</p><img src="https://news.example/2025/crane.jpg" alt="Crane">',
                categories=("Harbour", "World"),
                image="https://img.example/large.jpg",
            ),
            Entry(
                id="https://news.example/e7",
                url="https://news.example/e7",
                title="Episode 7",
                published=datetime(2025, 11, 20, 10, tzinfo=UTC),
                authors=("The Host",),
                enclosures=(Enclosure("https://cdn.example/e7.mp3", "audio/mpeg", 1234, 3723),),
                image="https://img.example/e7.jpg",
                kind="podcast",
            ),
            Entry(title="No address"),
        ),
    )


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar" xml:base="https://sabah.example/a/">
  <title type="html">صباح &amp;amp; مساء</title><subtitle>كل يوم</subtitle>
  <link rel="self" href="feed"/><link href="/"/><link rel="hub" href="https://hub.example/"/>
  <author><name>هيئة التحرير</name></author><icon>icon.png</icon>
  <entry>
    <id>tag:sabah.example,2025:1</id>
    <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">خبر <b>عاجل</b></div></title>
    <link rel="replies" href="c"/><link href="1" type="text/html"/>
    <link rel="enclosure" href="v.mp4" type="video/mp4" length="9"/>
    <published>2025-11-21T14:03:05+03:00</published><updated>2025-11-21T15:00:00Z</updated>
    <category term="pol" label="سياسة"/><category term="world"/>
    <summary type="text">1 &lt; 2 و &lt;b&gt;</summary>
    <content type="xhtml" xml:base="b/"><div xmlns="http://www.w3.org/1999/xhtml"><p dir="rtl">نص
      <a href="x">رابط</a><br/></p></div></content>
  </entry>
  <entry xml:lang="en"><title>Plain &lt;b&gt; &amp;amp; text</title><author><name>A</name></author>
    <content type="html">&lt;p&gt;Hi&lt;/p&gt;</content><updated>2025-11-20T00:00:00Z</updated></entry>
</feed>"""


def test_atom_1_in_arabic() -> None:
    feed = parse_feed(ATOM.encode(), "https://elsewhere.example/")
    first, second = feed.entries
    assert feed == Feed(
        kind="atom",
        title="صباح & مساء",
        description="كل يوم",
        url="https://sabah.example/a/feed",
        home="https://sabah.example/",
        language="ar",
        hub="https://hub.example/",
        image="https://sabah.example/a/icon.png",
        entries=(first, second),
    )
    assert first == Entry(
        id="tag:sabah.example,2025:1",
        url="https://sabah.example/a/1",
        title="خبر عاجل",
        published=datetime.fromisoformat("2025-11-21T14:03:05+03:00"),
        updated=datetime(2025, 11, 21, 15, tzinfo=UTC),
        authors=("هيئة التحرير",),
        summary="1 &lt; 2 و &lt;b&gt;",
        content=f'<p dir="rtl">نص\n      <a href="https://sabah.example/a/b/x" {REL}>رابط</a><br></p>',
        categories=("سياسة", "world"),
        enclosures=(Enclosure("https://sabah.example/a/v.mp4", "video/mp4", 9),),
        kind="video",
    )
    assert (second.title, second.authors, second.content, second.language) == (
        "Plain <b> &amp; text",
        ("A",),
        "<p>Hi</p>",
        "en",
    )


ARABIC_RSS = """<?xml version="1.0" encoding="windows-1256"?>
<rss version="0.91"><channel><title>جريدة الميناء</title><link>http://mina.example/</link>
<description>أخبار</description><language>ar</language>
<item><title>افتتاح الرصيف الجديد</title><link>http://mina.example/1</link>
<description>قال المتحدث: «اكتمل العمل»</description><pubDate>الجمعة، ٢١ نوفمبر ٢٠٢٥ ١٤:٠٣</pubDate></item>
</channel></rss>"""


@pytest.mark.parametrize("codec", ["cp1256", "utf-8"])
@pytest.mark.parametrize("header", [None, "text/xml; charset=windows-1256", "application/rss+xml"])
def test_arabic_rss_0_91_in_its_old_charset_and_in_utf_8(codec: str, header: str | None) -> None:
    text = ARABIC_RSS.translate(str.maketrans("٠١٢٣٤٥", "012345")) if codec == "cp1256" else ARABIC_RSS
    feed = parse_feed(text.encode(codec), URL, header)
    assert (feed.title, feed.language) == ("جريدة الميناء", "ar")
    [entry] = feed.entries
    assert entry.title == "افتتاح الرصيف الجديد"
    assert entry.summary == "قال المتحدث: «اكتمل العمل»"
    assert entry.published == datetime(2025, 11, 21, 14, 3, tzinfo=UTC)


RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel rdf:about="http://old.example/"><title>Old</title><link>http://old.example/</link>
<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency></channel>
<image rdf:about="x"><url>http://old.example/i.gif</url></image>
<item rdf:about="http://old.example/1"><title>One</title><link>http://old.example/1</link>
<dc:subject>Sea</dc:subject><dc:date>2025-11-21T14:03+00:00</dc:date></item></rdf:RDF>"""


def test_rss_1() -> None:
    feed = parse_feed(RDF.encode(), None)
    [entry] = feed.entries
    assert (feed.kind, feed.title, feed.ttl, feed.image) == ("rdf", "Old", 360, "http://old.example/i.gif")
    assert (entry.id, entry.url, entry.categories) == (
        "http://old.example/1",
        "http://old.example/1",
        ("Sea",),
    )
    assert entry.published == datetime(2025, 11, 21, 14, 3, tzinfo=UTC)


def test_atom_0_3() -> None:
    body = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>T</title><tagline>G</tagline>
    <entry><title mode="escaped" type="text/html">a &lt;b&gt;b&lt;/b&gt;</title><issued>2004-01-01</issued>
    <link rel="alternate" href="http://a.example/"/><modified>2004-01-02</modified>
    <content type="text/html" mode="base64">PHA+SGk8L3A+</content></entry></feed>"""
    feed = parse_feed(body.encode())
    [entry] = feed.entries
    assert (feed.kind, feed.description, entry.title, entry.content) == ("atom", "G", "a b", "<p>Hi</p>")
    assert (entry.published, entry.updated) == (
        datetime(2004, 1, 1, tzinfo=UTC),
        datetime(2004, 1, 2, tzinfo=UTC),
    )


JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "J & K",
    "home_page_url": "https://j.example/",
    "feed_url": "https://j.example/feed.json",
    "language": "ar",
    "icon": "/i.png",
    "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
    "authors": [{"name": "Desk"}],
    "items": [
        {
            "id": 7,
            "url": "/7",
            "title": "عنوان",
            "content_html": "<p onclick='x'>نص <img src='i.jpg'></p>",
            "summary": "a < b",
            "date_published": "2025-11-21T14:03:05+03:00",
            "tags": ["x", "X", 3],
            "image": "https://j.example/7.jpg",
            "attachments": [
                {"url": "a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 5, "duration_in_seconds": 60.5}
            ],
        },
        {"id": "8", "external_url": "https://other.example/", "content_text": "one\n\ntwo <b>"},
        "nonsense",
    ],
}


def test_json_feed() -> None:
    feed = parse_feed(json.dumps(JSON_FEED).encode(), "https://j.example/feed.json")
    assert feed == Feed(
        kind="json",
        title="J & K",
        url="https://j.example/feed.json",
        home="https://j.example/",
        language="ar",
        hub="https://hub.example/",
        image="https://j.example/i.png",
        entries=(
            Entry(
                id="7",
                url="https://j.example/7",
                title="عنوان",
                published=datetime.fromisoformat("2025-11-21T14:03:05+03:00"),
                authors=("Desk",),
                summary="a &lt; b",
                content='<p>نص <img src="https://j.example/i.jpg"></p>',
                categories=("x",),
                enclosures=(Enclosure("https://j.example/a.mp3", "audio/mpeg", 5, 60),),
                image="https://j.example/7.jpg",
                kind="podcast",
            ),
            Entry(
                id="8",
                url="https://other.example/",
                authors=("Desk",),
                content="<p>one</p><p>two &lt;b&gt;</p>",
            ),
        ),
    )


SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://n.example/1</loc><lastmod>2025-11-21</lastmod><news:news><news:publication>
<news:name>N</news:name><news:language>ar</news:language></news:publication>
<news:publication_date>2025-11-20T01:02:03Z</news:publication_date><news:title>أ &amp; ب</news:title>
<news:keywords>x, y</news:keywords></news:news><image:image><image:loc>https://n.example/1.jpg</image:loc>
</image:image></url><url><loc>javascript:x</loc></url></urlset>"""


def test_news_sitemap() -> None:
    feed = parse_feed(SITEMAP.encode(), "https://n.example/sitemap.xml")
    assert (feed.kind, feed.title, feed.language, feed.url) == (
        "sitemap",
        "N",
        "ar",
        "https://n.example/sitemap.xml",
    )
    assert feed.entries == (
        Entry(
            id="https://n.example/1",
            url="https://n.example/1",
            title="أ & ب",
            published=datetime(2025, 11, 20, 1, 2, 3, tzinfo=UTC),
            updated=datetime(2025, 11, 21, tzinfo=UTC),
            language="ar",
            categories=("x", "y"),
            image="https://n.example/1.jpg",
        ),
    )


def test_sitemap_index() -> None:
    body = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap>
    <loc>https://n.example/a.xml</loc><lastmod>2025-11-21T00:00:00Z</lastmod></sitemap></sitemapindex>"""
    feed = parse_feed(body)
    assert feed.kind == "sitemap-index"
    assert [(entry.kind, entry.url) for entry in feed.entries] == [("sitemap", "https://n.example/a.xml")]


def test_youtube_says_it_in_a_group() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><entry>
    <title>V</title><link rel="alternate" href="https://y.example/v"/><media:group>
    <media:content url="https://y.example/v.swf" type="application/x-shockwave-flash"/>
    <media:thumbnail url="https://y.example/t.jpg"/><media:description>About it</media:description>
    </media:group></entry></feed>"""
    [entry] = parse_feed(body).entries
    assert (entry.image, entry.summary) == ("https://y.example/t.jpg", "About it")


def test_the_newest_are_kept_in_the_order_of_the_feed() -> None:
    rows = "".join(
        f"<item><guid>{n}</guid><pubDate>{1 + n % 28} Nov {2000 + n} 00:00:00 GMT</pubDate></item>"
        for n in range(MAX_ENTRIES + 10)
    )
    feed = parse_feed(f"<rss><channel>{rows}</channel></rss>".encode())
    assert [entry.id for entry in feed.entries] == [str(n) for n in range(10, MAX_ENTRIES + 10)]


def test_an_empty_feed_is_a_feed() -> None:
    assert parse_feed(b"<rss version='2.0'><channel><title>T</title></channel></rss>").entries == ()


def test_the_json_of_the_command() -> None:
    data = feed_to_json(parse_feed(RSS.encode(), URL), URL)
    wanted = {"kind", "title", "description", "url", "home", "language", "hub", "ttl", "entries"}
    assert wanted <= set(data)
    first = data["entries"][0]
    wanted = {"id", "url", "title", "published", "updated", "authors", "summary", "content", "language"}
    assert wanted | {"categories", "enclosures", "image"} <= set(first)
    assert first["published"] == "2025-11-21T14:03:05+03:00"
    assert first["updated"] is None
    assert data["entries"][1]["published"] == "2025-11-20T10:00:00Z"
    assert data["entries"][1]["enclosures"] == [
        {
            "url": "https://cdn.example/e7.mp3",
            "type": "audio/mpeg",
            "length": 1234,
            "duration": 3723,
            "bitrate": None,
        }
    ]
    assert json.loads(json.dumps(data)) == data
