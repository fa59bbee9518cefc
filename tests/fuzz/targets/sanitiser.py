"""HTML that strangers write, and what is let through of it."""

from __future__ import annotations

from daily8.news.sanitise import plain, sanitise, sanitise_inline
from tests.fuzz.holding import is_safe

_BASE = "https://news.example/a/"
SEEDS = tuple(
    text.encode()
    for text in (
        "<p>Plain <b>bold <i>both</b> one</i> &amp; &lt;tag&gt; &#x0; &nbsp;</p>",
        '<a href="jav&#x09;ascript:alert(1)" onclick=x>a</a><a href="//x.example/?a=1&b=2">b</a>',
        '<svg><a xlink:href="javascript:1"><set attributeName=href to=javascript:1></svg><math><mi></math>',
        '<iframe srcdoc="<script>1</script>"></iframe><form action=/x><input name=y></form><style>*{}</style>',
        '<noscript><p title="</noscript><img src=x onerror=1>"></noscript><template><img></template>',
        "<table><tr><td>1<td colspan=9999999>2<tr><th>3</table><ul><li>a<li>b<ol start=-5><li>c</ul>",
        '<img src=/a.jpg srcset="x 2x" width=10% alt="a<b>"><video src=v poster=p><source src=s type="video/mp4">',
        "<h1>one<h2>two</h1><pre>\n\n x</pre><blockquote><p>q<p>r</blockquote><dl><dt>a<dd>b</dl>",
        "<!-- c --><![CDATA[x]]><?pi?><!doctype html><a title='\"><script>x</script>'>t</a>",
        "<b>" * 20 + "deep" + "<div>" * 300,
    )
)
WORDS = (
    *(
        b"<script>",
        b"</script>",
        b"<style>",
        b"<svg>",
        b"<math>",
        b"<mglyph>",
        b"<!--",
        b"-->",
        b"--!>",
        b"<![CDATA[",
    ),
    *(
        b"<p>",
        b"</p>",
        b"<table>",
        b"<tr>",
        b"<td>",
        b"<a href=",
        b"<img src=",
        b"onerror=",
        b"javascript:",
        b"&#x3c;",
    ),
    *(
        b"</a>",
        b"<noscript>",
        b"<template>",
        b"<title>",
        b"<textarea>",
        b"<plaintext>",
        b"<select>",
        b"<annotation-xml>",
    ),
    *(
        b"\"'>",
        b"\0",
        b"\x0c",
        b"&Tab;",
        b"&colon;",
        b"&NewLine;",
        b"<b ",
        b"<//",
        b"<h3>",
        b"<details>",
        b"<a/ href=//x>",
    ),
)


def one(data: bytes) -> None:
    """Clean text in every way in which it is cleaned."""
    text = data.decode("utf-8", "surrogateescape")
    for base in (None, _BASE):
        rich = sanitise(text, base)
        is_safe(rich)
        assert sanitise(rich) == rich, (text, rich, sanitise(rich))
        assert sanitise(rich, base) == rich, (text, rich)
        inline = sanitise_inline(text, base)
        is_safe(inline)
        assert sanitise_inline(inline) == inline, (text, inline, sanitise_inline(inline))
    words = plain(text)
    assert words == " ".join(words.split())
    assert words.replace("\x85", "").isprintable() or not any(
        c < " " or "\ud800" <= c <= "\udfff" for c in words
    ), words
