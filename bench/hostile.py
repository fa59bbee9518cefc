"""Measure that no document stalls a parser: each hostile kind at N, 2N and 4N bytes, through each reader.

``python -m bench.hostile [--bytes N] [--only WORD] [--all]``. Prints what takes more than `LONGEST` seconds
of CPU, and where the time grows by more than `STEEPEST` when the document doubles; ``--all`` prints all
rows. The last size is N times four, near 5 MB unless told otherwise.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import time
from collections.abc import Callable
from itertools import pairwise

from daily8.news.charset import decode
from daily8.news.dates import parse_date
from daily8.news.discovery import feed_links
from daily8.news.extract import extract
from daily8.news.feeds import MAX_BODY, parse_feed
from daily8.news.opml import read_opml
from daily8.news.sanitise import plain, sanitise, sanitise_inline

LONGEST = 2.0
"""Seconds of CPU that a document may take."""
STEEPEST = 2.5
LEAST = 0.05
"""Seconds; below it a ratio says nothing: where tables outgrow the processor's cache, it is once near 3."""

RSS = "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>t</title>"
ITEM = "<item><title>One</title><link>https://a.example/1</link>"
ENDS = "</item></channel></rss>"
Made = Callable[[int], str]
"""Writes a text of about so many characters."""


def repeated(unit: str) -> Made:
    return lambda size: unit * (size // len(unit))


def numbered(unit: str) -> Made:
    """Write a unit again and again, ``{}`` in it counted up."""
    return lambda size: "".join(unit.format(n) for n in range(size // (len(unit) + 3)))


def nested(start: str, end: str) -> Made:
    def made(size: int) -> str:
        depth = size // (len(start) + len(end))
        return start * depth + "x" + end * depth

    return made


MARKUP: dict[str, Made] = {
    "attributes": lambda size: f"<p {numbered('a{}=1 ')(size)}>x</p>",
    "attributes, one name": lambda size: f"<p {repeated('title=1 ')(size)}>x</p>",
    "attributes, quoted": lambda size: "<img " + numbered('a{}="1" ')(size) + ">",
    "an attribute without end": lambda size: f'<a href="{"x" * size}',
    "comments without end": repeated("<!--"),
    "comments": repeated("<!-- x -->"),
    "comments with bangs": repeated("<!--!>"),
    "declarations": repeated("<!x"),
    "instructions": repeated("<?x"),
    "cdata": repeated("<![CDATA[x]]>"),
    "cdata without end": repeated("<![CDATA["),
    "nested div": nested("<div>", "</div>"),
    "nested div, unclosed": repeated("<div>"),
    "nested lists": nested("<ul><li>", "</li></ul>"),
    "nested lists, unclosed": repeated("<ul><li>x"),
    "nested tables": nested("<table><tr><td>", "</td></tr></table>"),
    "nested tables, unclosed": repeated("<table><tr><td>"),
    "nested quotes": nested("<blockquote><p>", "</p></blockquote>"),
    "nested spans": nested("<span>", "</span>"),
    "nested links": repeated("<a href=x>"),
    "adoption agency": repeated("<b><i><p>x</b></i>"),
    "adoption, numbered": numbered("<b i{}>x<p>"),
    "formatting reopened": lambda size: "<b><i><u><s>" * 30 + repeated("<p>x</p>")(size),
    "foster parents": lambda size: "<table>" + "<b>" * 50 + repeated("<tr>x</tr>")(size),
    "paragraphs": repeated("<p>word word</p>"),
    "paragraphs, unclosed": repeated("<p>word"),
    "headings": repeated("<h1><h2>x"),
    "end tags": repeated("</p>"),
    "end tags of many": repeated("</b></i></div></x>"),
    "less": repeated("<"),
    "less and letter": repeated("<a"),
    "less and slash": repeated("</"),
    "greater": repeated(">"),
    "ampersands": repeated("&"),
    "entities": repeated("&amp;"),
    "entities, numbered": numbered("&#{};"),
    "entities, loose": repeated("&copy"),
    "a number without end": lambda size: "&#" + "9" * size + ";",
    "quotes": repeated("<a x='>' "),
    "quotes in quotes": repeated("<a title=\"'>\" x='"),
    "svg": repeated("<svg>"),
    "script": repeated("<script>"),
    "script, closed": repeated("<script>x</script>"),
    "style in select": repeated("<select><style></select>"),
    "templates": repeated("<template>"),
    "pictures": numbered('<img src="https://a.example/{}.jpg" alt="x">'),
    "pictures, relative": numbered('<img src="../{}/./a b.jpg" alt="x">'),
    "links, escaped": numbered('<p><a href="?a={}&b=\u00e9">x</a></p>'),
    "white space": repeated(" \n\t"),
    "white space in a tag": lambda size: "<p" + " " * size + "x>y</p>",
    "words": repeated("word "),
    "one word": repeated("x"),
    "arabic": repeated("خبر عاجل "),
    "right to left marks": repeated("\u202e\u200f"),
    "surrogates": repeated("\ud800"),
    "zero width": repeated("\u200b"),
    "forms": repeated("<form><input name=x>"),
    "definitions": repeated("<dl><dt>x<dd>y"),
    "ruby": repeated("<ruby>x<rt>y"),
    "breaks": repeated("<br>"),
    "rules": repeated("<hr>"),
    "pre": repeated("<pre>\n\n"),
    "dates": repeated("Mon, 01 Jan 2025 00:00:00 GMT "),
    "long class": lambda size: f'<p class="{"x " * (size // 2)}">y</p>',
    "links to feeds": numbered('<link rel=alternate type=application/rss+xml href="/{}.xml">'),
    "links that look like feeds": numbered("<a href=/rss/{}.xml>x</a>"),
    "json in a script": lambda size: f'<script type="application/ld+json">{"[" * size}</script>',
    "metas": numbered('<meta property="og:title" content="x{}">'),
}
"""Kinds of mark-up: for `sanitise`, `plain`, discovery, extraction, and in the items of feeds."""


def rss(inner: str) -> str:
    return f"{RSS}{ITEM}{inner}{ENDS}"


def cdata(inner: str) -> str:
    return "<description><![CDATA[" + inner.replace("]]>", "]] >") + "]]></description>"


FEEDS: dict[str, Made] = {
    "attributes": lambda size: rss("<x " + numbered("a{}='1' ")(size) + "/>"),
    "attributes, one name": lambda size: rss("<x " + repeated("a='1' ")(size) + "/>"),
    "attributes, broken": lambda size: (
        RSS + "<item><title>t</item><x " + numbered("a{}='1' ")(size) + "/></rss>"
    ),
    "prefixes": lambda size: rss(numbered("<p{}:x/>")(size)),
    "prefixes, declared": lambda size: rss(numbered("<a xmlns:p{0}='u{0}'/>")(size)),
    "namespaces, nested": lambda size: rss(numbered("<a xmlns='u{}'>")(size)),
    "comments, raw": lambda size: rss(repeated("<!--")(size)),
    "cdata, raw": lambda size: rss(repeated("<![CDATA[")(size)),
    "cdata, many": lambda size: rss(f"<title>{repeated('<![CDATA[x]]>')(size)}</title>"),
    "deep": lambda size: rss(nested("<a>", "</a>")(size)),
    "deep, unclosed": lambda size: rss(repeated("<a>")(size)),
    "deep, with bases": lambda size: rss(nested("<a xml:base='x/'>", "</a>")(size)),
    "deep content": lambda size: (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>t</title><content type='xhtml'>"
        f"{nested('<div>', '</div>')(size)}</content></entry></feed>"
    ),
    "quotes": lambda size: rss(repeated("<a x='>' ")(size)),
    "items": lambda size: RSS + repeated("<item><title>t</title></item>")(size) + "</channel></rss>",
    "items with dates": lambda size: (
        RSS
        + numbered("<item><guid>{}</guid><pubDate>1 Jan 2025 0:0</pubDate></item>")(size)
        + "</channel></rss>"
    ),
    "items, unclosed": lambda size: RSS + repeated("<item><title>t</title>")(size),
    "entries within entries": lambda size: rss(nested("<item>", "</item>")(size)),
    "categories": lambda size: rss(numbered("<category>x{}</category>")(size)),
    "keywords": lambda size: rss(f"<tags>{'x,' * (size // 2)}</tags>"),
    "authors": lambda size: rss(numbered("<author>a{}@b.example (x)</author>")(size)),
    "an author": lambda size: rss(f"<author>{'a@' * (size // 2)}</author>"),
    "enclosures": lambda size: rss(numbered("<enclosure url='https://a.example/{}.mp3' type='a/b'/>")(size)),
    "links": lambda size: rss(numbered("<link href='https://a.example/{}' rel='x'/>")(size)),
    "media": lambda size: rss(
        numbered("<media:content url='https://a.example/{}.jpg' medium='image'/>")(size)
    ),
    "media groups": lambda size: rss(nested("<media:group>", "</media:group>")(size)),
    "a title": lambda size: rss(f"<title>{'x' * size}</title>"),
    "an address": lambda size: rss(f"<link>https://a.example/{'/..' * (size // 3)}</link>"),
    "a date": lambda size: rss(f"<pubDate>{'1 Jan ' * (size // 6)}</pubDate>"),
    "dates": lambda size: rss(
        repeated("<pubDate>1 January of the year 2025 12:00 +0:0 x y z</pubDate>")(size)
    ),
    "dates, all unlike": lambda size: rss(numbered("<pubDate>{} 1:1:1 (a) b c 12 34 56 +1</pubDate>")(size)),
    "ampersands": lambda size: rss(repeated("&")(size)),
    "entities": lambda size: rss(f"<title>{repeated('&nbsp;')(size)}</title>"),
    "controls": lambda size: rss(repeated("\x01")(size)),
    "windows controls": lambda size: rss(repeated("\x93x")(size)),
    "laughs": lambda size: (
        '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>' + rss(repeated("&b;")(size))
    ),
    "quadratic entities": lambda size: (
        f'<!DOCTYPE r [<!ENTITY a "{"x" * 60}">]>' + rss(f"<title>{repeated('&a;')(size)}</title>")
    ),
    "entity declarations": lambda size: (
        "<!DOCTYPE r [" + numbered('<!ENTITY a{} "x">')(size) + "]>" + rss("<title>&a1;</title>")
    ),
    "a document type": lambda size: "<!DOCTYPE r [" + "x" * size,
    "comments before": lambda size: repeated("<!-- x -->")(size) + rss(""),
    "white space before": lambda size: repeated(" \n")(size) + rss(""),
    "instructions before": lambda size: repeated("<?x y?>")(size) + rss(""),
    "noise before": lambda size: repeated("x ")(size) + rss(""),
    "noise behind": lambda size: rss("") + repeated("</rss> x")(size),
    "a sitemap": lambda size: (
        "<urlset>"
        + numbered("<url><loc>https://a.example/{}</loc><lastmod>2025</lastmod></url>")(size)
        + "</urlset>"
    ),
    "a sitemap index": lambda size: (
        "<sitemapindex>"
        + numbered("<sitemap><loc>https://a.example/{}</loc></sitemap>")(size)
        + "</sitemapindex>"
    ),
    "opml": lambda size: (
        "<opml><body>" + numbered("<outline xmlUrl='https://a.example/{}'/>")(size) + "</body></opml>"
    ),
    "opml, nested": lambda size: (
        "<opml><body>" + nested("<outline text='x'>", "</outline>")(size) + "</body></opml>"
    ),
    "opml, one feed in many folders": lambda size: (
        "<opml><body>"
        + numbered("<outline text='{}'><outline xmlUrl='https://a.example/'/></outline>")(size)
        + "</body></opml>"
    ),
    "json, deep": repeated("["),
    "json, deep objects": repeated('{"a":'),
    "json items": lambda size: '{"items":[' + numbered('{{"id":"{}"}},')(size) + '{"id":"x"}]}',
    "json number": lambda size: f'{{"items":[{{"id":{"9" * size}}}]}}',
    "json fraction": lambda size: f'{{"items":[{{"id":1.{"9" * size}}}]}}',
    "json exponent": lambda size: f'{{"items":[{{"id":1e{"9" * size}}}]}}',
    "json string": lambda size: json.dumps({"items": [{"id": "1", "title": "x" * size}]}),
    "json escapes": lambda size: '{"items":[{"id":"1","title":"' + repeated("\\ud800")(size) + '"}]}',
    "json tags": lambda size: '{"items":[{"id":"1","tags":[' + numbered('"t{}",')(size) + '""]}]}',
    "json keys": lambda size: "{" + numbered('"k{}":1,')(size) + '"items":[]}',
    "json, nested lists": lambda size: '{"items":[' + "[" * 900 + "]" * 900 + "]}" + " " * size,
    "json text": lambda size: json.dumps({"items": [{"id": "1", "content_text": "x\n\n" * (size // 3)}]}),
    "json attachments": lambda size: (
        '{"items":[{"id":"1","attachments":[' + numbered('{{"url":"https://a.example/{}"}},')(size) + "{}]}]}"
    ),
}

CHARSETS: dict[str, Callable[[int], bytes]] = {
    "high bytes": lambda size: rss("").encode() + b"\xe9\xc7" * (size // 2),
    "broken utf-8": lambda size: "خبر ".encode() * (size // 7) + b"\xff",
    "utf-8 cut short": lambda size: b"\xe2\x82" * (size // 2),
    "utf-16": lambda size: rss("<title>" + "خ" * (size // 2) + "</title>").encode("utf-16"),
    "utf-32": lambda size: rss("<title>" + "x" * (size // 4) + "</title>").encode("utf-32"),
    "nul": lambda size: b"\0" * size,
    "escapes": lambda size: b"\x1b$B" * (size // 3),
    "one escape": lambda size: b"<rss>\x1b" + "خ".encode() * (size // 2),
    "declared many times": lambda size: b"<meta charset=" * (size // 14),
    "declared without end": lambda size: b"<?xml encoding=" + b"x" * size,
    "shift-jis": lambda size: (
        b"<?xml version='1.0' encoding='shift_jis'?><rss>" + b"\x82\xa0\xff" * (size // 3)
    ),
    "gb18030": lambda size: b"<?xml version='1.0' encoding='gb18030'?><rss>" + b"\x81\x30" * (size // 2),
}

Reader = Callable[[bytes, str], object]


def _readers() -> dict[str, tuple[Reader, dict[str, Callable[[int], bytes]]]]:
    """Give each reader with the documents that it is given."""
    markup = {name: _as_bytes(made) for name, made in MARKUP.items()}
    documents = {name: _as_bytes(made) for name, made in FEEDS.items()}
    inside = {
        f"in an item: {name}": _as_bytes(made, lambda text: rss(cdata(text))) for name, made in MARKUP.items()
    }
    bare = {f"bare: {name}": _as_bytes(made, rss) for name, made in MARKUP.items()}
    page = "https://a.example/feed"
    return {
        "parse_feed": (lambda body, _: parse_feed(body, page), documents | inside | bare | CHARSETS),
        "sanitise": (lambda _, text: sanitise(text, page), markup),
        "sanitise_inline": (lambda _, text: sanitise_inline(text, page), markup),
        "plain": (lambda _, text: plain(text), markup),
        "feed_links": (lambda _, text: feed_links(text, page), markup | documents),
        "read_opml": (lambda body, _: read_opml(body), documents),
        "extract": (lambda body, _: extract(body, page, "text/html", None), markup),
        "decode": (lambda body, _: decode(body), CHARSETS),
        "parse_date": (
            lambda _, text: parse_date(text),
            {"dates": markup["dates"], "words": markup["words"]},
        ),
    }


def _as_bytes(made: Made, within: Callable[[str], str] = str) -> Callable[[int], bytes]:
    """Give what writes a document of so many bytes, however many its characters take."""

    def document(size: int) -> bytes:
        body = within(made(size)).encode("utf-8", "surrogatepass")
        fit = size if len(body) <= size * 1.1 else size * size // len(body)
        return within(made(fit)).encode("utf-8", "surrogatepass")

    return document


def timed(read: Reader, body: bytes) -> float:
    """Give the seconds of CPU that a reader takes; what it refuses is read as well."""
    text = body.decode("utf-8", "surrogateescape")
    start = time.process_time()
    with contextlib.suppress(ValueError):
        read(body, text)
    return time.process_time() - start


def judged(times: list[float]) -> str:
    """Name what is wrong with the times at N, 2N and 4N; empty for nothing."""
    steep = [later / max(now, LEAST) for now, later in pairwise(times)]
    said = ["slow"] if max(times) > LONGEST else []
    return " ".join([*said, *(["steep"] if max(steep) > STEEPEST else [])])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--bytes", type=int, default=1_050_000, help="N")
    arguments.add_argument("--only", default="", help="readers or kinds that hold this word")
    arguments.add_argument("--all", action="store_true", help="print every row")
    chosen = arguments.parse_args()
    rows = bad = 0
    longest: dict[str, tuple[float, str]] = {}
    for reader, (read, kinds) in _readers().items():
        for name, made in kinds.items():
            if chosen.only not in f"{reader}: {name}":
                continue
            bodies = [made(chosen.bytes * factor)[:MAX_BODY] for factor in (1, 2, 4)]
            times = [timed(read, body) for body in bodies]
            for _ in range(4):  # again: the machine may have been busy
                if judged(times):
                    times = [min(now, timed(read, body)) for now, body in zip(times, bodies, strict=True)]
            rows += 1
            bad += bool(judged(times))
            longest[reader] = max(longest.get(reader, (0.0, "")), (times[-1], name))
            if judged(times) or chosen.all:
                cells = "".join(f"{seconds:9.3f}" for seconds in times)
                print(f"{reader:16}{name:46}{cells}  {judged(times)}", flush=True)
    for reader, (seconds, name) in longest.items():
        print(f"longest of {reader}: {seconds:.3f} s of CPU ({name})")
    print(f"{rows} kinds of document, {bad} beyond {LONGEST:g} s or growing by more than {STEEPEST:g}")


if __name__ == "__main__":
    main()
