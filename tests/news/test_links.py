"""What the header `Link` says, and nothing that is not in it."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.links import Link, read_links

URL = "https://harbour.example.org/feed.xml"
HUB = "https://hub.example.net/"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (f'<{HUB}>; rel="hub"', [(HUB, "hub")]),
        (f"<{HUB}>; rel=hub", [(HUB, "hub")]),
        (f"<{HUB}>;rel=HUB", [(HUB, "hub")]),
        (f'<{HUB}>; rel="hub", <{URL}>; rel="self"', [(HUB, "hub"), (URL, "self")]),
        (f'<{HUB}>; rel="hub",<{URL}>; rel="self"', [(HUB, "hub"), (URL, "self")]),
        (f" ,, <{HUB}> ; rel = hub , , <{URL}>;rel=self", [(HUB, "hub"), (URL, "self")]),
        (f'<{URL}>; rel="self alternate hub"', [(URL, "self alternate hub")]),
        (f'<{HUB}>; rel="hub"; rel="self"', [(HUB, "hub")]),
        (f'<{HUB}>; title="a, <b>; rel=self \\" c"; rel=hub', [(HUB, "hub")]),
        (f'<{HUB}>; rel="h\\ub"', [(HUB, "hub")]),
        (f"<{HUB}>; rel=hub; crossorigin", [(HUB, "hub")]),
        (f"<{HUB}>; title*=UTF-8''%d8%a3; rel=hub;", [(HUB, "hub")]),
        ("</other.xml>; rel=self", [("https://harbour.example.org/other.xml", "self")]),
        ("<>; rel=self", [(URL, "self")]),
        (f"<{HUB}>; rel=hub; anchor={URL!r}".replace("'", '"'), [(HUB, "hub")]),
        (f'<{HUB}>; rel=hub; anchor="/elsewhere"', []),
        (f'<{HUB}>; rev="hub"', []),
        (f"<{HUB}>", []),
        ("<javascript:alert(1)>; rel=hub", []),
        ("<ftp://hub.example.net/>; rel=hub", []),
        (f'<{HUB}>; rel="hub', []),
        (f"{HUB}; rel=hub", []),
        ("", []),
        ("<", []),
        (f'nonsense, <{HUB}>; rel="hub"', []),
        (f'<{URL}>; rel=self; =, <{HUB}>; rel="hub"', [(URL, "self")]),
    ],
)
def test_link_headers_are_read(header: str, found: list[tuple[str, str]]) -> None:
    assert [(link.target, " ".join(link.relations)) for link in read_links(header, URL)] == found


@given(st.text(alphabet=string.printable, max_size=300))
def test_any_link_header_is_read_without_harm(header: str) -> None:
    for link in read_links(header, URL):
        assert link.target.startswith(("http://", "https://"))


_NAMES = st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=8)


@given(st.lists(st.tuples(_NAMES, _NAMES, st.text(alphabet=' ,;<>"\\=a', max_size=12)), max_size=8))
def test_quoted_words_hide_nothing_and_add_nothing(rows: list[tuple[str, str, str]]) -> None:
    header = ", ".join(
        f'<https://{host}.example.net/>; title="'
        + title.replace("\\", "\\\\").replace('"', '\\"')
        + f'"; rel="{relation}"'
        for host, relation, title in rows
    )
    assert read_links(header, URL) == tuple(
        Link(f"https://{host}.example.net/", (relation,), {"title": title, "rel": relation})
        for host, relation, title in rows
    )


def test_a_long_header_is_read_in_linear_steps() -> None:
    assert len(read_links(", ".join([f"<{HUB}>; rel=hub"] * 5000), URL)) == 100
    assert read_links("<" * 200_000, URL) == ()
    assert read_links(f'<{HUB}>; title="' + '\\"' * 100_000, URL) == ()
