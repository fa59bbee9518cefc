"""Which start tags are written anew, and which are left to a parser."""

from __future__ import annotations

import pytest

from daily8.news.allowed import REL
from daily8.news.tags import Doubtful, start_tag

BASE = "https://news.example/a/b"
WRITTEN = [
    ('<a href="https://a.example/b?c=1&amp;d"', f'<a href="https://a.example/b?c=1&amp;d" rel="{REL}">'),
    ('<a class="x" href="https://a.example/" target="_blank"', f'<a href="https://a.example/" rel="{REL}">'),
    ('<a href="https://a.example/../x"', f'<a href="https://a.example/x" rel="{REL}">'),
    ('<a href="/x" title="y"', f'<a href="https://news.example/x" title="y" rel="{REL}">'),
    ('<a href="javascript:x"', f'<a rel="{REL}">'),
    (
        '<img src="c.jpg" width="10" height="1e9" onerror="x" /',
        '<img src="https://news.example/a/c.jpg" width="10">',
    ),
    ("<IMG SRC=c.jpg", '<img src="https://news.example/a/c.jpg">'),
    ('<center style="x: y"', "<div>"),
    ('<font color="red"', ""),
]


@pytest.mark.parametrize(("tag", "expected"), WRITTEN)
def test_a_tag_is_written_with_what_is_listed(tag: str, expected: str) -> None:
    start = start_tag(tag, BASE)
    assert start is not None
    assert start[0] == expected


@pytest.mark.parametrize("tag", ["<script", '<iframe src="x"', "</p", "<!-- x --"])
def test_what_begins_nothing_of_ours_is_none(tag: str) -> None:
    assert start_tag(tag, BASE) is None


@pytest.mark.parametrize("tag", ["p", "<", "<p <b", '<p title="', "<pre", '<a title="&copy=1"', ' href="x"'])
def test_what_is_not_written_by_the_book_is_a_doubt(tag: str) -> None:
    with pytest.raises(Doubtful):
        start_tag(tag, BASE)


def test_a_base_holds_for_its_own_fragment_alone() -> None:
    first, second = (start_tag('<img src="c.jpg"', base) for base in (BASE, "https://b.example/"))
    assert first is not None
    assert second is not None
    assert first[0] != second[0]
