"""Feeds that are broken, hostile or none at all."""

from __future__ import annotations

import contextlib
import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.feeds import MAX_BODY, NotAFeed, own_reading, parse_feed, tree
from daily8.news.feeds.fallback import is_tame
from daily8.news.feeds.mend import MOST_TAGS, bounded
from daily8.news.feeds.parts import MAX_ALIKE, Parts

ITEM = "<item><title>One</title><link>https://a.example/1</link></item>"


def titles(text: str | bytes) -> list[str | None]:
    body = text if isinstance(text, bytes) else text.encode()
    return [entry.title for entry in parse_feed(body, "https://a.example/feed").entries]


REFUSED = [
    (b"", "the document is empty"),
    (b" \n\t", "the document is empty"),
    (b"<!DOCTYPE html><html><body>Hi</body></html>", "this is a web page, not a feed"),
    (
        b"<?xml version='1.0'?>\n<!-- x -->\n<html xmlns='http://www.w3.org/1999/xhtml'/>",
        "this is a web page, not a feed",
    ),
    (b"<opml version='2.0'><body/></opml>", "this is a list of subscriptions (OPML), not a feed"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "this is a document of another kind (<svg>), not a feed"),
    (b"<rss version='2.0'><channel><title>Har", "the feed breaks off before its first entry is complete"),
    (
        b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1"',
        "this looks like JSON, but it is broken or breaks off",
    ),
    (b'{"error": "no"}', "this is JSON, but not a JSON Feed"),
    (b"[]", "this is JSON, but not a JSON Feed"),
    (b"[" * 100_000, "this looks like JSON, but it is broken or breaks off"),
    (b"Not found", "this is plain text or something else, not a feed"),
    (b"\x89PNG\r\n\x1a\n\x00\x00", "this is plain text or something else, not a feed"),
    (b"x" * (MAX_BODY + 1), "this document is larger than 5 MB, too large for a feed"),
]


@pytest.mark.parametrize(("body", "sentence"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_feed_is_refused_in_one_sentence(body: bytes, sentence: str) -> None:
    with pytest.raises(NotAFeed, match=f"^{re.escape(sentence)}$"):
        parse_feed(body)


MENDED = [
    f"\n\n  noise<rss><channel>{ITEM}</channel></rss>",
    f"<?xml version='1.0' encoding='utf-16'?><rss><channel>{ITEM}</channel></rss>trailing <b>",
    f"<!DOCTYPE rss PUBLIC '-//X//DTD RSS 0.91//EN' 'http://x/rss.dtd'><rss><channel>{ITEM}</channel></rss>",
    f"<!DOCTYPE html><rss><channel>{ITEM}</channel></rss>",
    f"<rss><channel><title>A & B &nbsp; &copy; &unknown; &#x1; &#0;</title>{ITEM}</channel></rss>",
    f"<rss><channel><title>\x00\x08\x1b[</title>{ITEM}</channel></rss>",
    f"<rss><channel><media:x a:b='c'/>{ITEM}</channel></rss>",
    f"<rss><channel><title>1 < 2</title>{ITEM}</channel></rss>",
    f"<rss><channel>{ITEM}</channel></rss",
    f"<RSS><Channel>{ITEM.replace('title', 'Title').replace('item', 'ITEM')}</Channel></RSS>",
    f"<rss>{ITEM}</rss>",
]


@pytest.mark.parametrize("text", MENDED)
def test_what_is_nearly_well_formed_is_mended(text: str) -> None:
    found = own_reading(text)
    assert found is not None
    assert [entry.title for entry in found.entries] == ["One"]
    assert titles(text) == ["One"]


BROKEN = [
    f"<rss><channel>{ITEM}<item><title>Two</title><link>https://a.ex",
    f"<rss><channel>{ITEM}<item><title>Two</item></channel></rss>",
    f"<rss><channel><title><b>x</title>{ITEM}<item><title>Two</title></item></channel>",
    f"<rss><channel><link attr=unquoted href>{ITEM}</channel></rss>",
]


@pytest.mark.parametrize("text", BROKEN)
def test_of_what_is_broken_the_whole_entries_are_kept(text: str) -> None:
    assert titles(text)[0] == "One"


def test_windows_characters_are_what_was_meant() -> None:
    assert titles("<rss><item><title>&#147;caf&#233;&#148; \x80</title></item></rss>") == ["“café” €"]


def test_simple_entities_of_the_document_type_are_known() -> None:
    text = '<!DOCTYPE rss [<!ENTITY pub "Harbour Post">]><rss><item><title>&pub;!</title></item></rss>'
    assert titles(text) == ["Harbour Post!"]


TITLED = "<rss><item><title>{}</title></item></rss>"
BOMBS = {
    "laughs": '<!DOCTYPE r [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    + TITLED.format("&c;"),
    "quadratic": f'<!DOCTYPE r [<!ENTITY a "{"x" * 60}">]>' + TITLED.format("&a;" * 200_000),
    "external": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + TITLED.format("&x;"),
    "parameter": '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x">%p;]>' + TITLED.format("t"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_nothing_expands(name: str) -> None:
    tracemalloc.start()
    found = titles(BOMBS[name])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64 * 1024 * 1024
    assert "root:" not in (found[0] or "")
    assert "hahahaha" not in (found[0] or "")


def test_deep_nesting_is_flattened_and_its_text_kept() -> None:
    body = "<div>" * 5000 + "deep" + "</div>" * 5000
    atom = f"<entry><title>t</title><content type='xhtml'>{body}</content></entry>"
    rss = f"<item><title>t</title><description><![CDATA[{body}]]></description></item>"
    for text in (f"<feed xmlns='http://www.w3.org/2005/Atom'>{atom}</feed>", f"<rss>{rss}</rss>"):
        [entry] = parse_feed(text.encode()).entries
        assert "deep" in f"{entry.content}{entry.summary}"


MANY = " ".join(f"a{n}='1'" for n in range(60_000))
START = "<rss><item><title>t</title>"
END = "</item></rss>"
HEAVY = {
    "attributes": f"{START}<x {MANY}/>{END}",
    "attributes, broken": f"<rss><item><title>t</item><x {MANY}/></rss>",
    "comments": START + "<description>" + "&lt;!--" * 50_000 + "</description>" + END,
    "comments, raw": START + "<!--" * 50_000 + END,
    "cdata, raw": START + "<![CDATA[" * 50_000 + END,
    "quotes": START + "<a x='>' " * 50_000 + END,
    "opened": f"{START}</item>" + "<a>" * 200_000,
    "items": "<rss>" + "<item><title>t</title></item>" * 20_000 + "</rss>",
    "items, open": "<rss>" + "<item><title>t</title>" * 20_000,
    "categories": START + "<category>x</category>" * 10_000 + END,
    "ampersands": START + "&" * 500_000 + END,
    "title": TITLED.format("x" * 1_000_000),
    "prefixes": START + "".join(f"<p{n}:x/>" for n in range(20_000)) + END,
    "less": f"{START}</item>" + "<" * 1_000_000 + "</rss>",
}


@pytest.mark.parametrize("name", HEAVY)
@pytest.mark.timeout(30)
def test_hostile_bulk_ends(name: str) -> None:
    try:
        found = parse_feed(HEAVY[name].encode())
    except NotAFeed:
        return
    assert len(found.entries) <= 500
    assert all(len(entry.title or "") <= 2000 and len(entry.categories) <= 100 for entry in found.entries)


DANGEROUS = [
    "javascript:alert(1)",
    "JaVaScRiPt:x",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "http://u:p@e.x/",
]


@pytest.mark.parametrize("address", DANGEROUS)
def test_no_address_field_lets_a_foreign_scheme_through(address: str) -> None:
    rss = f"""<rss xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"
    xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><link>{address}</link>
    <atom:link rel="hub" href="{address}"/><atom:link rel="self" href="{address}"/>
    <image><url>{address}</url></image>
    <item><link>{address}</link><guid>{address}</guid><comments>{address}</comments>
    <enclosure url="{address}"/>
    <media:content url="{address}" medium="image"/><media:thumbnail url="{address}"/>
    <itunes:image href="{address}"/>
    <description>&lt;a href="{address}"&gt;x&lt;/a&gt;&lt;img src="{address}"&gt;</description>
    </item></channel></rss>"""
    feed = parse_feed(rss.encode())
    [entry] = feed.entries
    assert (feed.url, feed.home, feed.hub, feed.image) == (None, None, None, None)
    assert (entry.url, entry.image, entry.enclosures) == (None, None, ())
    assert ":" not in (entry.summary or "")


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_bytes_are_a_feed_or_a_sentence(text: str) -> None:
    for body in (text, f"<rss><channel>{text}", f"<feed>{text}</feed>", f'{{"items": [{text}]}}'):
        with contextlib.suppress(NotAFeed):
            parse_feed(body.encode("utf-8", "surrogatepass"))


pieces = st.sampled_from(
    [
        *(
            "<rss>",
            "<channel>",
            "<item>",
            "<title>",
            "</title>",
            "</item>",
            "</channel>",
            "</rss>",
            "<link>",
            "</link>",
        ),
        *(
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "&",
            "&lt;",
            "<",
            ">",
            "x",
            "خبر",
            "<a:b>",
            "</a:b>",
            "<entry>",
            "</entry>",
        ),
        *(
            "<feed xmlns='http://www.w3.org/2005/Atom'>",
            "</feed>",
            "<?xml version='1.0'?>",
            "<!DOCTYPE x [",
            "]>",
            '"',
        ),
    ]
)


@given(st.lists(pieces, max_size=30).map("".join))
def test_any_rubble_is_a_feed_or_a_sentence(text: str) -> None:
    with contextlib.suppress(NotAFeed):
        feed = parse_feed(text.encode())
        assert all("<script" not in (entry.content or "") for entry in feed.entries)


NO_CHARACTERS = [
    "&#xd800;",
    "&#55296;",
    "&#x110000;",
    "&#1114112;",
    f"&#{'9' * 5000};",
    f"&amp;#{'9' * 5000};",
]


@pytest.mark.parametrize("reference", NO_CHARACTERS, ids=range(len(NO_CHARACTERS)))
def test_a_reference_to_no_character_breaks_no_broken_feed(reference: str) -> None:
    [title] = titles(f"<rss><channel><title>x{reference}y</titel><item><title>One{reference}</title>")
    assert title is not None
    assert title.startswith("One")


def test_what_must_be_mended_is_mended_up_to_a_number_of_tags() -> None:
    text = "<rss><channel>" + ITEM + "<x & y>" + "<a>" * (2 * MOST_TAGS)
    assert bounded(text).count("<") == MOST_TAGS
    assert bounded(ITEM) == ITEM
    assert titles(text)[0] == "One"


def test_feedparser_is_asked_about_tame_documents_only() -> None:
    assert is_tame("<a>x</a>" * 9_000)
    for wild in ("<a>x</a>" * 11_000, "<a>" * 300, "<!--" * 600, f"<a {'x=1 ' * 300}>", "x" * 3_000_000):
        assert not is_tame(wild)


def test_of_children_of_one_name_so_many_are_looked_at() -> None:
    root = tree.parse("<item>" + "<pubDate>soon</pubDate>" * (2 * MAX_ALIKE) + "</item>")
    assert root is not None
    assert len(Parts(root, None, atom=False).known["pubdate"]) == MAX_ALIKE


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        (f"<rss><channel>{ITEM}</channel></rss>", True),
        (f"<rss><channel>{ITEM}</channel></rss>\n<!-- served in 3 ms -->\n", True),
        (f"<rss><channel>{ITEM}</channel>", True),
        (f"<rss><channel>{ITEM}", False),
        (f"<rss><channel>{ITEM}<item><title>Tw", False),
        ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:id>1</a:id></a:entry></a:feed>", True),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id></entry>", False),
        ("<urlset><url><loc>https://a.example/1</loc></url></urlset>", True),
        ("<urlset><url><loc>https://a.example/1</loc></url><url><loc>https://a.ex", False),
        ('{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "x"}]}', True),
    ],
)
def test_a_document_that_breaks_off_is_told_from_a_whole_one(text: str, complete: bool) -> None:
    assert parse_feed(text.encode()).complete is complete
