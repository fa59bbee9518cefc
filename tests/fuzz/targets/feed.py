"""Feeds of XML, broken or not."""

from __future__ import annotations

from daily8.news.feeds import NotAFeed, parse_feed
from tests.faults.answers import ARABIC, FRENCH
from tests.faults.answers import feed as simple
from tests.fuzz.holding import is_feed, is_sentence

RICH = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel><title>Harbour &amp; Sea</title><link>https://harbour.example/</link><language>ar-EG</language><ttl>60</ttl>
<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
<skipHours><hour>3</hour><hour>24</hour></skipHours><skipDays><day>Friday</day></skipDays>
<atom:link rel="self" href="/rss"/><atom:link rel="hub" href="https://hub.example/"/>
<item><guid isPermaLink="false">a-1</guid><title><![CDATA[<b>{ARABIC}</b>]]></title><link>/one?a=1&amp;b=2</link>
<pubDate>Sun, 01 Jun 2025 12:00:00 +0300</pubDate><dc:creator>Ada Quill</dc:creator><category>sea</category>
<description>&lt;p&gt;{FRENCH} &lt;a href="javascript:alert(1)"&gt;x&lt;/a&gt;&lt;/p&gt;</description>
<content:encoded><![CDATA[<div><img src="/a.jpg" onerror="x()"><svg><script>1</script></svg></div>]]></content:encoded>
<media:content url="/film.mp4" type="video/mp4" medium="video"><media:thumbnail url="/t.jpg"/></media:content>
<enclosure url="https://harbour.example/a.mp3" length="12" type="audio/mpeg"/><itunes:duration>1:02:03</itunes:duration>
</item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr" xml:base="https://sea.example/x/">
<title type="html">Sea &amp;lt;b&gt;</title><id>urn:x</id><updated>2025-06-01T12:00:00.5Z</updated>
<author><name>Bo</name></author><link rel="alternate" href="../"/>
<entry xml:base="y/"><id>tag:sea.example,2025:1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <em>b</em>
</div></title><link href="z" rel="alternate"/><published>2025-152T24:00:00-00:30</published><updated>20250601T1200</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p><a href="#n">n</a></p></div></content>
<summary type="html">&lt;style&gt;x&lt;/style&gt;&amp;nbsp;</summary><category term="t" label="T"/></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="https://old.example/"><title>Old</title><link>https://old.example/</link></channel>
<item rdf:about="https://old.example/1"><title>One</title><link>https://old.example/1</link></item></rdf:RDF>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://map.example/1</loc>
<news:news><news:publication><news:name>Map</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2025-06-01</news:publication_date><news:title>One</news:title></news:news></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://map.example/a.xml.gz</loc>
<lastmod>2025-06-01</lastmod></sitemap></sitemapindex>"""
BROKEN = """<rss><channel><title>Broken & <b>bold</title><item><title>One</titel><link>http://b.example/1
<description><p>x <br> &nbsp; &#0; &bogus;</description></item><item><title>Two</item>"""

SEEDS = (
    *(text.encode() for text in (RICH, ATOM, RDF, SITEMAP, INDEX, BROKEN, simple("One", "Two"))),
    simple(ARABIC, declared="windows-1256").encode("cp1256"),
    b"\xff\xfe" + simple(ARABIC).encode("utf-16-le"),
    b"<!DOCTYPE r [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><rss><channel><title>&b;</title></channel></rss>",
)
WORDS = (
    *(
        b"<item>",
        b"</item>",
        b"<entry>",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"&lt;",
        b"&#x0;",
        b"&#xd800;",
    ),
    *(
        b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>",
        b"&e;",
        b"xml:base='//x.example'",
        b"xml:lang=''",
    ),
    *(b"<link>", b"<guid>", b"<pubDate>", b"javascript:", b"data:text/html,x", b"\xef\xbb\xbf", b"\xfe\xff"),
    *(
        b"<content:encoded>",
        b"<media:group>",
        b"<itunes:duration>",
        b"9999-12-31T23:59:59-15:00",
        b"0001-01-01",
    ),
    *(b"<script>", b"<svg onload=x>", b"<img src=x onerror=y>", b"xmlns:a='x'", b"<?xml version='1.1'?>"),
)
_TYPES = (
    None,
    "application/rss+xml",
    "text/xml; charset=utf-16",
    "text/html; charset=windows-1256",
    "charset=x",
)


def one(data: bytes) -> None:
    """Read bytes as a feed."""
    kind = _TYPES[len(data) % len(_TYPES)]
    try:
        found = parse_feed(data, "https://fuzz.example/feed?a=1", kind)
    except NotAFeed as error:
        is_sentence(error)
    else:
        is_feed(found)
