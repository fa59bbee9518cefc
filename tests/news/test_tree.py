"""Pages become trees, however they are written."""

from __future__ import annotations

import pytest

from daily8.news.tree import parse, text_of


def test_a_tag_of_very_many_attributes_loses_them() -> None:
    many = " ".join(f"a{n}=1" for n in range(20_000))
    tree = parse(f"<html><body><p {many}>one</p><p class=x>two</p></body></html>")
    assert tree is not None
    assert [len(element.attrib) for element in tree.iter("p")] == [0, 1]
    assert [element.text for element in tree.iter("p")] == ["one", "two"]


def test_a_long_attribute_stays() -> None:
    tree = parse(f'<html><body><p data-props="{"x=1;" * 200}{"y" * 20_000}">one</p></body></html>')
    assert tree is not None
    assert [len(element.attrib) for element in tree.iter("p")] == [1]


@pytest.mark.parametrize(
    "reference", ["&#1;", "&#x1F", "&#0012;", "&#XB;", "&#65535;", "&#xfffe;", "&#&#1;1;", "&#0;"]
)
def test_references_to_no_characters_leave_text_that_can_be_copied(reference: str) -> None:
    found = parse(f'<p title="a{reference}b">one{reference} two</p>')
    assert found is not None
    (paragraph,) = found.xpath("//p")
    paragraph.text = paragraph.text + paragraph.get("title")  # lxml refuses what XML cannot hold
    assert paragraph.text_content().startswith("one")


def test_references_to_characters_stay() -> None:
    found = parse("<p>&#9;&#13;&#65;&#x41;&#x1F600;&#255;&#xFF;&#320;&#10;</p>")
    assert found is not None
    assert text_of(found) == "AA😀ÿÿŀ"
