"""Character references, endless ones too."""

from __future__ import annotations

import pytest

from daily8.news.references import unescape

READ = [
    ("a &amp; b &#8364; &#x20AC; &copy", "a & b € € ©"),
    ("&#x110000;&#xd800;&#99999999;", "\ufffd\ufffd\ufffd"),
    (f"a&#{'9' * 5000};b", "a\ufffdb"),
    (f"a&#{'0' * 5000}65 b", "a\ufffd b"),
    (f"a&#x{'9' * 5000};b", "a\ufffdb"),
    (f"&#{'9' * 5000}" * 3, "\ufffd" * 3),
]


@pytest.mark.parametrize(("text", "expected"), READ, ids=range(len(READ)))
def test_references_are_read(text: str, expected: str) -> None:
    assert unescape(text) == expected
