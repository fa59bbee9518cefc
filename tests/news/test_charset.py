"""Bytes become text whatever is said about them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.charset import decode

ARABIC = "قال وزير الخارجية إن الاجتماع سيعقد غدا في العاصمة، وإن الوفود وصلت مساء أمس."
XML = '<?xml version="1.0" encoding="{}"?>\n<rss>{}</rss>'

DECLARED = [
    ("utf-8", "utf-8"),
    ("windows-1256", "cp1256"),
    ("CP1256", "cp1256"),
    ("iso-8859-6", "iso8859_6"),
    ("UTF-16", "utf-16-le"),
    ("utf-16be", "utf-16-be"),
]


@pytest.mark.parametrize(("label", "codec"), DECLARED)
def test_the_xml_declaration_counts(label: str, codec: str) -> None:
    text = XML.format(label, ARABIC)
    assert decode(text.encode(codec)) == text
    assert decode(text.encode(codec), "application/rss+xml") == text


@pytest.mark.parametrize(("label", "codec"), DECLARED)
def test_the_header_counts(label: str, codec: str) -> None:
    text = f"<rss>{ARABIC}</rss>"
    assert decode(text.encode(codec), f'text/xml; charset="{label}"') == text


@pytest.mark.parametrize("codec", ["cp1256", "iso8859_6", "utf-8"])
def test_arabic_without_any_declaration_is_detected(codec: str) -> None:
    text = f"<rss><title>{ARABIC}</title></rss>"
    assert decode(text.encode(codec)) == text


def test_the_byte_order_mark_beats_the_header() -> None:
    for mark, codec in [(b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")]:
        assert decode(mark + "خبر".encode(codec), "text/xml; charset=windows-1252") == "خبر"


def test_utf_8_beats_what_is_declared() -> None:
    text = XML.format("windows-1256", ARABIC)
    assert decode(text.encode(), "text/xml; charset=iso-8859-1") == text


def test_escape_sequences_are_not_utf_8() -> None:
    assert decode("日本".encode("iso2022_jp"), "text/xml; charset=iso-2022-jp") == "日本"


def test_the_header_beats_the_declaration() -> None:
    text = XML.format("windows-1252", ARABIC)
    assert decode(text.encode("cp1256"), "text/xml; charset=windows-1256") == text


def test_latin_1_is_what_browsers_take_it_for() -> None:
    assert decode(b"\x93caf\xe9\x94 \x80 \x81", "text/html; charset=iso-8859-1") == "“café” € \x81"
    assert decode(b"<meta charset=latin1>\x93caf\xe9\x94") == "<meta charset=latin1>“café”"


def test_a_stray_byte_does_not_spoil_utf_8() -> None:
    assert decode(ARABIC.encode() + b" \x93x\x94") == ARABIC + " “x”"
    assert decode(XML.format("utf-8", ARABIC).encode() + b"\x92").endswith("’")


def test_a_wrong_label_goes_to_the_next_rule() -> None:
    text = XML.format("utf-8", ARABIC)
    assert decode(text.encode("cp1256")) == text
    assert decode(b"caf\xe9", "text/xml; charset=utf-8") == "café"
    for label in ("utf-7", "unicode_escape", "hex", "nonsense", "\x00", "x" * 99, "undefined", "idna"):
        assert decode(b"caf\xe9 +ADw-", f"text/xml; charset={label}") == "café +ADw-"


def test_utf_16_without_a_mark() -> None:
    assert decode("<rss>خبر</rss>".encode("utf-16-le")) == "<rss>خبر</rss>"
    assert decode(' {"a": "خبر"}'.encode("utf-16-be")) == ' {"a": "خبر"}'


@given(
    st.binary(max_size=300), st.none() | st.text(max_size=20).map(lambda label: f"text/xml; charset={label}")
)
def test_nothing_is_refused(body: bytes, content_type: str | None) -> None:
    assert isinstance(decode(body, content_type), str)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\x1b\ufeff")))
def test_utf_8_comes_back(text: str) -> None:
    assert decode(text.encode()) == text
