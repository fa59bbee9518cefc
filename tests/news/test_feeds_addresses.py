"""No address of a feed leads elsewhere than to the open web, in whatever field and format it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape

import pytest

from daily8.news.feeds import parse_feed
from daily8.news.types import Feed

PLAIN_BAD = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "\u202ejavascript:alert(1)",
    "javascript://a.example/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "feed:javascript:alert(1)",
    "https://user:pass@evil.example/",
    "https://user@evil.example/",
    "https://evil.example:99999/",
    "https://evil\u2028.exa mple/",
    "https:///",
]
WITHOUT_BASE = [*PLAIN_BAD, "//evil.example/x", "/x", "\\\\evil.example\\x", "x"]

NAMESPACES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def rss(address: str) -> str:
    bad = escape(address)
    links = "".join(f'<atom:link rel="{r}" href="{bad}"/>' for r in ("alternate", "self", "hub", "enclosure"))
    return f"""<rss {NAMESPACES}><channel><link>{bad}</link>{links}<image><url>{bad}</url></image>
    <itunes:image href="{bad}"/><itunes:new-feed-url>{bad}</itunes:new-feed-url>
    <item><title>x</title><link>{bad}</link><guid>{bad}</guid><comments>{bad}</comments>{links}
    <source url="{bad}">s</source><category domain="{bad}">c</category>
    <feedburner:origLink>{bad}</feedburner:origLink><author>{bad}</author>
    <enclosure url="{bad}" type="audio/mpeg"/><media:content url="{bad}" medium="image"/>
    <media:content url="{bad}" type="video/mp4"/><media:player url="{bad}"/>
    <media:group><media:thumbnail url="{bad}"/></media:group><itunes:image href="{bad}"/>
    <description>{escape(f'<a href="{bad}">x</a><img src="{bad}"><video poster="{bad}" src="{bad}"></video>')}
    </description></item></channel></rss>"""


def atom(address: str) -> str:
    bad = escape(address)
    links = "".join(
        f'<link rel="{r}" href="{bad}"/>' for r in ("alternate", "self", "hub", "enclosure", "via")
    )
    person = f"<author><name>n</name><uri>{bad}</uri></author>"
    return f"""<feed xmlns="http://www.w3.org/2005/Atom">{links}<icon>{bad}</icon><logo>{bad}</logo>{person}
    <entry><id>{bad}</id><title>x</title>{links}<link>{bad}</link>{person}<category term="c" scheme="{bad}"/>
    <source><id>{bad}</id>{links}{person}</source>
    <summary type="html">{escape(f'<a href="{bad}">x</a>')}</summary><content src="{bad}"/></entry>
    <entry><title>y</title><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
    <a href="{bad}">x</a><img src="{bad}"/></div></content></entry></feed>"""


def json_feed(address: str) -> str:
    author = {"name": "n", "url": address, "avatar": address}
    item = {
        **dict.fromkeys(("id", "url", "external_url", "image", "banner_image"), address),
        "title": "x",
        "authors": [author],
        "attachments": [{"url": address, "mime_type": "audio/mpeg"}],
        "content_html": f'<a href="{escape(address)}">x</a><img src="{escape(address)}">',
    }
    top = dict.fromkeys(("home_page_url", "feed_url", "next_url", "icon", "favicon"), address)
    return json.dumps(
        {**top, "authors": [author], "hubs": [{"type": "WebSub", "url": address}], "items": [item]}
    )


def sitemap(address: str) -> str:
    bad = escape(address)
    return f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"
    xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"><url><loc>{bad}</loc></url>
    <url><loc>https://good.example/</loc><image:image><image:loc>{bad}</image:loc></image:image><video:video>
    <video:thumbnail_loc>{bad}</video:thumbnail_loc><video:content_loc>{bad}</video:content_loc></video:video></url></urlset>"""


FORMATS = {"rss": rss, "atom": atom, "json": json_feed, "sitemap": sitemap}


def addresses(feed: Feed) -> Iterator[str]:
    """Give each address that a feed came out with, also those in its HTML."""
    yield from filter(None, (feed.url, feed.home, feed.hub, feed.image))
    for entry in feed.entries:
        yield from filter(None, (entry.url, entry.image))
        yield from (enclosure.url for enclosure in entry.enclosures)
        for html in filter(None, (entry.summary, entry.content)):
            yield from (part.partition('"')[0] for part in html.split('href="')[1:])
            yield from (part.partition('"')[0] for part in html.split('src="')[1:])
            yield from (part.partition('"')[0] for part in html.split('poster="')[1:])


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("address", WITHOUT_BASE, ids=range(len(WITHOUT_BASE)))
def test_a_foul_address_is_dropped_in_every_field(kind: str, address: str) -> None:
    found = set(addresses(parse_feed(FORMATS[kind](address).encode())))
    assert found <= {"https://good.example/"}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("address", WITHOUT_BASE, ids=range(len(WITHOUT_BASE)))
def test_what_a_base_makes_of_it_is_of_the_web(kind: str, address: str) -> None:
    for found in addresses(parse_feed(FORMATS[kind](address).encode(), "https://good.example/feed")):
        scheme, _, rest = found.partition("://")
        assert scheme in {"http", "https"}
        assert "@" not in rest.partition("/")[0]
        assert found.isascii()
        assert found.isprintable()


@pytest.mark.parametrize("kind", FORMATS)
def test_a_clean_address_stays_in_every_field(kind: str) -> None:
    found = list(addresses(parse_feed(FORMATS[kind]("https://clean.example/a?b=1").encode())))
    assert len(found) >= 4
    assert set(found) <= {"https://clean.example/a?b=1", "https://good.example/"}
