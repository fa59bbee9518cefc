"""Addresses that strangers write."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from daily8.news.urls import absolute, canonical, domain, host

BASE = "https://news.example/a/b?c=1#d"

ABSOLUTE = [
    (" http://News.Example/x\n", "http://news.example/x"),
    ("HTTPS://news.example", "https://news.example"),
    ("x", "https://news.example/a/x"),
    ("/x", "https://news.example/x"),
    ("../../../x/./y/..", "https://news.example/x/"),
    ("?q=1", "https://news.example/a/b?q=1"),
    ("#f", "https://news.example/a/b?c=1#f"),
    ("//other.example/x", "https://other.example/x"),
    ("\\\\other.example\\x?a\\b", "https://other.example/x?a%5Cb"),
    ("/\\other.example", "https://other.example"),
    ("ht\ntp://news.example/\ta b", "http://news.example/a%20b"),
    ("https://أخبار.example/خبر?س=١", "https://xn--igbicxr.example/%D8%AE%D8%A8%D8%B1?%D8%B3=%D9%A1"),
    ("http://①②⑦.⓪.⓪.①/", "http://127.0.0.1/"),
    ("http://[2001:DB8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
    ("http://news.example:65535/", "http://news.example:65535/"),
    ("http://my_blog.example./x", "http://my_blog.example/x"),
    ("http://news.example/%zz%41", "http://news.example/%25zz%41"),
    ("http://news.example/a\u202eb", "http://news.example/ab"),
    ("http:x", None),
    ("https:x", "https://news.example/a/x"),
]
REFUSED = [
    *(
        "",
        "  ",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
    ),
    *(
        "javascript://news.example/%0aalert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://a/",
    ),
    *(
        "mailto:a@b.example",
        "feed:http://a.example/",
        "view-source:http://a/",
        "gopher://a",
        "tag:a,2025:x",
        "urn:x",
    ),
    *("http://user@a.example/", "http://u:p@a.example/", "http://a.example@evil.example/", "http:///x"),
    *("http://a.example:0/", "http://a.example:65536/", "http://a.example:x/", "http://[::1", "http://[zz]/"),
    *(
        "http://a b.example/",
        "http://a%2fb.example/",
        "http://-a.example/",
        "http://" + "a" * 64 + ".example/",
    ),
    *(
        "http://a..example/",
        "http://❤.example/",
        "http://[fe80::1%25eth0]/",
        "http://a.example/" + "x" * 5000,
    ),
]


@pytest.mark.parametrize(("reference", "expected"), ABSOLUTE)
def test_a_reference_is_made_absolute(reference: str, expected: str | None) -> None:
    assert absolute(reference, BASE) == expected


@pytest.mark.parametrize("reference", REFUSED)
def test_what_is_no_web_address_is_refused(reference: str) -> None:
    assert absolute(reference, BASE) is None


# Addresses that two readers could take for two hosts: one reading, or none.
CONFUSING = [
    ("http://good.example\\@evil.example/", "good.example"),
    ("http://good.example/\\@evil.example", "good.example"),
    ("http://good.example#@evil.example/", "good.example"),
    ("http://good.example?@evil.example/", "good.example"),
    ("http:\\\\good.example/", "good.example"),
    ("http://good.example%2f@evil.example/", ""),
    ("http://good.example@evil.example/", ""),
    ("http://good.example:80@evil.example/", ""),
    ("http://@evil.example/", ""),
    ("http://good.example:80:80/", ""),
    ("http://good.example;evil.example/", ""),
    ("http://good.example,evil.example/", ""),
    ("http://good.example%00.evil.example/", ""),
    ("http://good.example%0d%0aX:1/", ""),
    ("http://go\tod.exa\nmple/", "good.example"),
    ("http://good\u3002example/", "good.example"),
    ("http://good\uff0eexample/", "good.example"),
    ("http://good\uff61example/", "good.example"),
    ("http://\uff47ood.example/", "good.example"),
    ("http://good.example\uff0fevil/", ""),
    ("http://good.example\uff20evil.example/", ""),
    ("http://good.example\uff1a80/", ""),
    ("http://good.example\u2100evil/", ""),
    ("http://go\u00adod.example/", "good.example"),
    ("http://go\u200dod.example/", "good.example"),
    ("http://\u202eelpmaxe.doog/", "elpmaxe.doog"),
    ("http://stra\u00dfe.example/", "xn--strae-oqa.example"),
    ("http://xn--strae-oqa.example/", "xn--strae-oqa.example"),
    ("http://g\u043e\u043ed.example/", "xn--gd-fmca.example"),
    ("http://good.example./", "good.example"),
    ("http://good.example../", ""),
    ("http://.good.example/", ""),
    ("http://[::ffff:127.0.0.1]/", "::ffff:7f00:1"),
    ("http://[::1]good.example/", ""),
    ("http://[::1%25lo]/", ""),
    ("http://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460/", "127.0.0.1"),
]


@pytest.mark.parametrize(("text", "expected"), CONFUSING)
def test_an_address_has_one_host_or_none(text: str, expected: str) -> None:
    assert host(text) == expected
    assert host(canonical(text)) == expected
    clean = absolute(text)
    assert (clean is None) == (expected == "")
    if clean is not None:
        assert clean.isascii()
        assert urlsplit(clean).hostname == expected
        assert urlsplit(clean).username is None


def test_a_relative_reference_needs_a_base() -> None:
    assert absolute("/x") is None
    assert absolute("/x", "javascript:") is None
    assert absolute(None, BASE) is None


CANONICAL = [
    ("HTTP://News.Example:80/%7Ea?utm_source=x&id=7&fbclid=1#top", "http://news.example/~a?id=7"),
    ("https://news.example:443", "https://news.example/"),
    ("https://news.example:8443/", "https://news.example:8443/"),
    ("https://news.example/?", "https://news.example/"),
    ("https://news.example/a?b=2&a=1&a=1", "https://news.example/a?b=2&a=1&a=1"),
    ("https://news.example/a?ref=rss&p=3", "https://news.example/a?p=3"),
    ("https://news.example/a?ref=x77", "https://news.example/a?ref=x77"),
    ("https://news.example/?feed=rss2", "https://news.example/?feed=rss2"),
    ("https://news.example/#!/story/5", "https://news.example/#!/story/5"),
    ("https://news.example/خبر", "https://news.example/%D8%AE%D8%A8%D8%B1"),
    ("https://news.example/%d8%ae", "https://news.example/%D8%AE"),
    ("https://news.example/a/../b", "https://news.example/b"),
    ("https://news.example/a?at_medium=RSS&at_campaign=x", "https://news.example/a"),
    (" tag:news.example,2025:1 ", "tag:news.example,2025:1"),
]


@pytest.mark.parametrize(("url", "expected"), CANONICAL)
def test_two_writings_of_an_address_have_one_form(url: str, expected: str) -> None:
    assert canonical(url) == expected


DOMAINS = [
    ("https://www.news.example.co.uk/x", (), "example.co.uk"),
    ("https://a.b.example.com:8080/", (), "example.com"),
    ("https://blog.blogspot.com/", (), "blog.blogspot.com"),
    ("https://blogspot.com/", (), "blogspot.com"),
    ("https://192.0.2.7/", (), "192.0.2.7"),
    ("https://[2001:db8::1]/", (), "2001:db8::1"),
    ("http://one.replay.test:8000/", ("replay.test",), "one.replay.test"),
    ("http://one.replay.test:8000/", (), "replay.test"),
    ("news.example.com", (), "example.com"),
    ("one.replay.test:8000", ("replay.test",), "one.replay.test"),
    ("http://localhost/", (), "localhost"),
    ("nonsense://", (), ""),
    ("", (), ""),
]


@pytest.mark.parametrize(("url", "own", "expected"), DOMAINS)
def test_the_registrable_domain(url: str, own: tuple[str, ...], expected: str) -> None:
    assert domain(url, own) == expected


def test_the_host() -> None:
    assert host("http://WWW.News.Example.:80/x") == "www.news.example"
    assert host("http://[::1]/") == "::1"
    assert host("x") == ""


pieces = st.sampled_from(
    [
        *(
            "http://",
            "https://",
            "//",
            "/",
            "\\",
            "..",
            ".",
            "?",
            "&",
            "=",
            "#",
            "!",
            "%",
            "%41",
            "%2e",
            "%2F",
            ":",
            "80",
        ),
        *(
            "a",
            "News.Example",
            "xn--",
            "خبر",
            " ",
            "\t",
            "@",
            "utm_a=1",
            "id=1",
            "[",
            "]",
            ";",
            "é",
            "\ud800",
            "127.0.0.1",
        ),
    ]
)


@example("http://http://..")
@example("http://a.example//../b/./..")
@given(st.lists(pieces, max_size=12).map("".join) | st.text())
@settings(max_examples=500)
def test_both_forms_are_stable(text: str) -> None:
    clean = absolute(text, BASE)
    if clean is not None:
        assert clean.isascii()
        assert clean.startswith(("http://", "https://"))
        assert absolute(clean) == clean
        assert canonical(canonical(clean)) == canonical(clean)
        assert host(canonical(clean)) == host(clean)
    assert canonical(canonical(text)) == canonical(text)
