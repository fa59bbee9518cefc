"""Broken typesetting is mended, and what is whole stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.blocks import block_text, blocks_from_html
from daily8.news.typography import mended


def misread(text: str) -> str:
    return text.encode("utf-8").decode("cp1252", "ignore")


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        (misread("the port’s café"), "the port’s café"),
        (misread("5 £ at 20 °C"), "5 £ at 20 °C"),
        ("عاد " + "الميناء القديم".encode().decode("latin-1"), "عاد الميناء القديم"),
        ("har\u00adbour\u200b \ufeffopens", "harbour opens"),
        ("ميناء\u00ad قديم\u200b", "ميناء قديم"),
        ("they said &amp;quot;no&amp;quot; &amp;#8217;", 'they said "no" ’'),
        ("قالوا &amp;laquo;لا&amp;raquo;", "قالوا «لا»"),
    ],
)
def test_what_is_broken_is_mended(broken: str, whole: str) -> None:
    assert mended(broken) == whole


@pytest.mark.parametrize(
    "whole",
    [
        "Zoë à São João, CAFÉ» et «MAÇû",
        "می\u200cخواهم",
        "\u200fالميناء\u200e 12",
        "the tag &lt;b&gt; and &amp;lt;",
        "a < b && c",
        "Ø is a letter, Ù too",
    ],
)
def test_what_is_whole_stays(whole: str) -> None:
    assert mended(whole) == whole


@given(st.text(max_size=200))
def test_mending_again_changes_nothing_in_plain_words(text: str) -> None:
    once = mended(text)
    assert len(once) <= len(text)


def test_blocks_are_mended_but_not_code() -> None:
    (block,) = blocks_from_html("<p>har&shy;bour, <code>a&shy;b</code></p>")
    assert block_text(block) == "harbour, a\u00adb"
