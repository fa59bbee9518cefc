"""Every field of every format that may hold an address: what is kept of one that is none, or is another's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

import pytest

from daily8.news import types
from daily8.news.blocks import blocks_from_html
from daily8.news.embeds import embed_at
from daily8.news.extract import extract
from daily8.news.feeds import parse_feed
from daily8.news.opml import NotOpml, read_opml
from daily8.news.types import Feed
from tests.fuzz.holding import is_address
from tests.xss.payloads import addresses

HERE = "https://news.example/feed"
UNSEEN = re.compile("[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
ADDRESSES = tuple(payload.text for payload in addresses())

RSS = """<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"
  xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:wfw="http://wellformedweb.org/CommentAPI/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0">
  <channel><title>t</title>{channel}<item><title>one</title>{item}</item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>{channel}
  <entry><title>one</title><id>1</id>{item}</entry></feed>"""
_CHANNEL = {
    "link": "<link>{}</link>",
    "self": '<atom:link rel="self" href="{}"/>',
    "hub": '<atom:link rel="hub" href="{}"/>',
    "image": "<image><url>{}</url><link>{}</link></image>",
    "itunes image": '<itunes:image href="{}"/>',
    "docs": "<docs>{}</docs>",
}
_ITEM = {
    "link": "<link>{}</link>",
    "guid": '<guid isPermaLink="true">{}</guid>',
    "comments": "<comments>{}</comments>",
    "enclosure": '<enclosure url="{}" type="audio/mpeg" length="1"/>',
    "media": '<media:content url="{}" medium="video"/>',
    "player": '<media:player url="{}"/>',
    "thumbnail": '<media:thumbnail url="{}"/>',
    "image": '<itunes:image href="{}"/>',
    "source": '<source url="{}">s</source>',
    "category": '<category domain="{}">c</category>',
    "original": "<fb:origLink>{}</fb:origLink>",
    "body": '<content:encoded>&lt;a href="{}"&gt;x&lt;/a&gt;&lt;img src="{}"&gt;</content:encoded>',
}
_ATOM_ITEM = {
    "link": '<link href="{}"/>',
    "enclosure": '<link rel="enclosure" type="video/mp4" href="{}"/>',
    "author": "<author><name>a</name><uri>{}</uri></author>",
    "author alone": "<author><uri>{}</uri></author>",
    "category": '<category term="c" scheme="{}"/>',
    "content": '<content src="{}"/>',
    "base": '<link href="/x"/><content type="html" xml:base="{}">&lt;a href="y"&gt;x&lt;/a&gt;</content>',
    "source": "<source><id>{}</id><link href='{}'/></source>",
}
_JSON_FEED = ("home_page_url", "feed_url", "icon", "favicon", "next_url")
_JSON_ITEM = ("url", "external_url", "image", "banner_image")


def _written(form: str, text: str) -> str:
    return form.replace("{}", escape(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)))


def _documents() -> dict[str, Callable[[str], bytes]]:
    """Give what writes a document with an address in one field, by the name of the field."""
    made: dict[str, Callable[[str], bytes]] = {}
    for name, form in _CHANNEL.items():
        made[f"rss channel {name}"] = lambda text, form=form: (  # type: ignore[misc]
            RSS.format(channel=_written(form, text), item="<link>https://news.example/1</link>").encode()
        )
    for name, form in _ITEM.items():
        made[f"rss item {name}"] = lambda text, form=form: (  # type: ignore[misc]
            RSS.format(channel="", item=_written(form, text)).encode()
        )
    for name, form in _ATOM_ITEM.items():
        made[f"atom {name}"] = lambda text, form=form: (  # type: ignore[misc]
            ATOM.format(channel="", item=_written(form, text)).encode()
        )
    for key in _JSON_FEED:
        made[f"json {key}"] = lambda text, key=key: json.dumps(  # type: ignore[misc]
            {"version": "https://jsonfeed.org/version/1.1", key: text, "items": [{"id": "1"}]}
        ).encode()
    for key in _JSON_ITEM:
        made[f"json item {key}"] = lambda text, key=key: json.dumps(  # type: ignore[misc]
            {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", key: text}]}
        ).encode()
    made["json others"] = lambda text: json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "hubs": [{"type": "WebSub", "url": text}],
            "authors": [{"name": "a", "url": text, "avatar": text}],
            "items": [{"id": text, "attachments": [{"url": text, "mime_type": "audio/mpeg"}]}],
        }
    ).encode()
    return made


DOCUMENTS = _documents()


def _kept(feed: Feed) -> Iterator[str | None]:
    """Give all addresses that are kept of a feed."""
    yield from (feed.url, feed.home, feed.hub, feed.image)
    for entry in feed.entries:
        yield from (entry.url, entry.image, *(file.url for file in entry.enclosures))
        for html in (entry.content, entry.summary):
            yield from _inside(html or "")


def _inside(html: str) -> Iterator[str]:
    for found in re.findall(r'(?:href|src|poster)="([^"]*)"', html):
        if not found.startswith("mailto:"):
            yield found.replace("&amp;", "&").replace("&#x27;", "'").replace("&lt;", "<").replace("&gt;", ">")


def holds(found: str | None, given: str) -> None:
    """Hold that what is kept of an address is one of the web, says its host plainly, and is whole."""
    is_address(found)
    if found:
        assert not UNSEEN.search(found), (given, found)
        assert found.isascii(), (given, found)
        assert "@" not in found.split("/")[2], (given, found)


@pytest.mark.parametrize("field", sorted(DOCUMENTS))
def test_what_is_kept_of_an_address_in_a_feed(field: str) -> None:
    for given in ADDRESSES:
        feed = parse_feed(DOCUMENTS[field](given), url=HERE)
        assert feed.entries, (field, given)
        for found in _kept(feed):
            holds(found, given)


@pytest.mark.parametrize("field", sorted(DOCUMENTS))
def test_an_address_that_is_one_is_kept(field: str) -> None:
    """The table above reads the fields: an honest address goes through those that we keep."""
    given = "https://news.example/true"
    feed = parse_feed(DOCUMENTS[field](given), url=HERE)
    unread = ("docs", "comments", "category", "source", "author", "player", "next_url", "base")
    assert given in list(_kept(feed)) or any(word in field for word in unread), field


def test_what_is_kept_of_addresses_in_a_list_of_subscriptions() -> None:
    for given in ADDRESSES:
        text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", escape(given))
        body = f'<opml><body><outline type="rss" text="{text}" xmlUrl="{text}" htmlUrl="{text}"/>'
        body += f'<outline text="a" xmlUrl="https://news.example/1" htmlUrl="{text}"/></body></opml>'
        try:
            found = read_opml(body.encode())
        except NotOpml as error:
            raise AssertionError(given) from error
        assert found.outlines, given
        for row in found.outlines:
            holds(row.url, given)
            holds(row.home, given)


def test_what_is_kept_of_addresses_in_a_page() -> None:
    for given in ADDRESSES:
        text = escape(given)
        told = json.dumps({"@type": "NewsArticle", "headline": "One", "image": given, "url": given})
        page = (
            f'<html><head><link rel=canonical href="{text}"><meta property="og:url" content="{text}">'
            f'<meta property="og:image" content="{text}"><script type="application/ld+json">'
            f'{told.replace("<", chr(92) + "u003c")}</script><base href="{text}"></head>'
            "<body><article><h1>One</h1>"
            + "<p>The boat came in late, and nobody minded much, for the band played on the quay.</p>"
            * 9
            + f'<p><a href="{text}">x</a></p><figure><img src="{text}" width=900></figure>'
            f'<iframe src="{text}"></iframe><video src="{text}"></video><blockquote class="twitter-tweet">'
            f'<p>post</p><a href="{text}">then</a></blockquote></article></body></html>'
        )
        found = extract(page, "https://news.example/1")
        holds(found.canonical_url, given)
        holds(found.image.url if found.image else None, given)
        for block in found.blocks:
            _block_holds(block, given)


def _block_holds(block: types.Block, given: str) -> None:
    holds(getattr(block, "url", None), given)
    for value in types.block_to_json(block).values():
        for html in _inside(json.dumps(value).replace('\\"', '"')):
            holds(html, given)


def test_what_is_kept_of_addresses_in_a_body() -> None:
    for given in ADDRESSES:
        text = escape(given)
        html = f'<p><a href="{text}">x</a></p><img src="{text}"><iframe src="{text}"></iframe>'
        html += f'<video src="{text}">'
        for base in (None, HERE, given):
            for block in blocks_from_html(html, base):
                _block_holds(block, given)
        found: Any = embed_at(given, HERE)
        holds(found.url if found else None, given)
