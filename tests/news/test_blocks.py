"""Typed blocks: drawn from any HTML without losing text, written as HTML and text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daily8.news.blocks import blocks_from_html, blocks_to_html, blocks_to_text
from daily8.news.sanitise import plain
from daily8.news.types import Embed, Heading, Image, ListBlock, Paragraph, Quote, Rule, Table

BASE = "https://example.com/news/"


def test_each_kind_of_block_is_drawn_in_order() -> None:
    blocks = blocks_from_html(
        "<h2>Head</h2><p>One <b>bold</b> word.</p><ul><li>a<li>b</ul><ol><li>c</ol>"
        "<blockquote><p>Said.</p><cite>— Someone</cite></blockquote>"
        "<table><tr><th>x<th>y<tr><td>1<td>2</table><hr>"
        "<figure><img src=p.jpg alt=Alt width=600><figcaption>"
        "A cap <small>Agency</small></figcaption></figure>"
        "<iframe src='//www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0'></iframe>",
        BASE,
    )
    assert blocks == (
        Heading("Head", 2),
        Paragraph("One <strong>bold</strong> word."),
        ListBlock(("a", "b")),
        ListBlock(("c",), ordered=True),
        Quote(("Said.",), "Someone"),
        Table((("x", "y"), ("1", "2")), header=True),
        Rule(),
        Image("https://example.com/news/p.jpg", "Alt", "A cap", "Agency", 600, None),
        Embed("youtube", "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "dQw4w9WgXcQ"),
    )


def test_text_at_links_and_joints_is_kept() -> None:
    blocks = blocks_from_html(
        (
            "ABILENE, Texas (<a href='/ap'>AP</a>) – The <em>first</em>"
            "line<p>Second</p>tail<div>third<br><br>fourth</div>"
        ),
        BASE,
    )
    assert (
        blocks_to_text(blocks) == "ABILENE, Texas (AP) – The firstline\n\nSecond\n\ntail\n\nthird\n\nfourth"
    )
    first = blocks[0]
    assert isinstance(first, Paragraph)
    assert '<a href="https://example.com/ap"' in first.html


def test_marks_stay_closed_around_blocks() -> None:
    for block in blocks_from_html("<a href='/x'>one<div>two</div>three</a><span><p>four</p></span>", BASE):
        assert isinstance(block, Paragraph)
        assert block.html.count("<a ") == block.html.count("</a>")


@pytest.mark.parametrize(
    ("markup", "provider", "url"),
    [
        (
            (
                "<blockquote class='twitter-tweet'><p>Words</p>— A (@a) <a "
                "href='https://twitter.com/a/status/12345?s=1'>d</a></blockquote>"
            ),
            "x",
            "https://x.com/i/status/12345",
        ),
        (
            (
                "<blockquote class='instagram-media' "
                "data-instgrm-permalink='https://www.instagram.com/p/CabcDEF/?x=1'>v</blockquote>"
            ),
            "instagram",
            "https://www.instagram.com/p/CabcDEF/",
        ),
        (
            "<iframe src='https://player.vimeo.com/video/76979871?h=1'></iframe>",
            "vimeo",
            "https://vimeo.com/76979871",
        ),
        (
            (
                "<iframe "
                "src='https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fa%2Fposts%2F1'>"
                "</iframe>"
            ),
            "facebook",
            "https://www.facebook.com/a/posts/1",
        ),
        ("<video><source src='/film.mp4' type='video/mp4'></video>", "video", "https://example.com/film.mp4"),
    ],
)
def test_posts_and_films_become_cards(markup: str, provider: str, url: str) -> None:
    (card,) = blocks_from_html(f"<div>{markup}</div>", BASE)
    assert isinstance(card, Embed)
    assert (card.provider, card.url) == (provider, url)


def test_unknown_frames_scripts_and_ornaments_vanish() -> None:
    html = (
        "<p>Text</p><iframe src='https://ads.example/x'></iframe><script>bad()</script><style>p{}</style>"
        "<img src='data:image/gif;base64,R0'><img src='/pixel.gif' width=1 height=1><img src='/logo.png'>"
        "<svg><text>drawn</text></svg><a href='javascript:bad()'>kept</a><p onclick=bad()>safe</p>"
    )
    blocks = blocks_from_html(html, BASE)
    assert blocks == (Paragraph("Text"), Paragraph("kept"), Paragraph("safe"))


def test_lists_and_tables_that_only_place_blocks_are_opened() -> None:
    blocks = blocks_from_html(
        "<table><tr><td><p>One</p><p>Two</p></td></tr></table><ul><li><h3>Head</h3><p>Three</p></ul>"
    )
    assert blocks == (Paragraph("One"), Paragraph("Two"), Heading("Head", 3), Paragraph("Three"))


def test_text_of_blocks_has_rows_and_items_on_lines() -> None:
    blocks = (ListBlock(("a", "b <em>c</em>")), Table((("1", "2"), ("3", "4"))), Quote(("p", "q")), Rule())
    assert blocks_to_text(blocks) == "a\nb c\n\n1 | 2\n3 | 4\n\np\n\nq"


def test_what_is_written_is_escaped() -> None:
    html = blocks_to_html(
        (Image("https://e.com/a.jpg?a=1&b=2", 'a "quote"', "<b>cap</b>", "c & d"), Quote(("q",), "<i>s</i>"))
    )
    assert "<b>" not in html
    assert "<i>" not in html
    assert blocks_from_html(html)[0] == Image(
        "https://e.com/a.jpg?a=1&b=2", 'a "quote"', "<b>cap</b>", "c & d"
    )


def test_nothing_gives_nothing() -> None:
    assert (
        blocks_from_html("") == blocks_from_html("  \n") == blocks_from_html("<p> </p><div><br></div>") == ()
    )
    assert blocks_to_html(()) == blocks_to_text(()) == ""


_WORD = st.sampled_from(
    ["sea", "النهر", "a & b", "&lt;i&gt;", "“q”", "1.5", " ", "\xa0", "e\u0301", "x < y", "海"]
)
_OPEN = st.sampled_from(
    [
        "<p>",
        "<div>",
        "<b>",
        "<em>",
        "<h1>",
        "<h3>",
        "<ul>",
        "<ol>",
        "<li>",
        "<blockquote>",
        "<table>",
        "<tr>",
        "<td>",
        "<th>",
        "<figure>",
        "<figcaption>",
        "<br>",
        "<hr>",
        "<span>",
        "<cite>",
        "<pre>",
        "<small>",
        "<caption>",
        "<section>",
        "<footer>",
    ]
)
_CLOSE = st.sampled_from(
    [
        "</p>",
        "</div>",
        "</b>",
        "</em>",
        "</h1>",
        "</h3>",
        "</ul>",
        "</ol>",
        "</li>",
        "</blockquote>",
        "</table>",
        "</tr>",
        "</td>",
        "</figure>",
        "</figcaption>",
        "</a>",
        "</cite>",
        "</pre>",
        "</section>",
    ]
)
_WHOLE = st.sampled_from(
    [
        "<img src='/a.jpg' alt='x'>",
        "<a href='/x?a=1&b=2'>link</a>",
        "<a href=y>",
        "<a href='javascript:x'>no</a>",
        "<iframe src='https://www.youtube.com/embed/dQw4w9WgXcQ'></iframe>",
        "<audio src='/a.mp3'></audio>",
    ]
)
_PAGES = st.lists(st.one_of(_WORD, _WORD, _OPEN, _CLOSE, _WHOLE), max_size=30).map("".join)


@settings(deadline=None)
@given(_PAGES)
def test_written_blocks_are_read_back_the_same(html: str) -> None:
    blocks = blocks_from_html(html, BASE)
    again = blocks_from_html(blocks_to_html(blocks))
    assert again == blocks


@settings(deadline=None)
@given(_PAGES)
def test_no_word_is_lost(html: str) -> None:
    drawn = blocks_to_text(blocks_from_html(html, BASE))
    said = re.sub(
        r"<(?:figcaption|figure|caption|cite|footer)>.*", "", html
    )  # words that are no text of a block
    for word in re.findall(r"sea|النهر|海|1\.5", plain(said)):
        assert word in drawn
