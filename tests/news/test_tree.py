"""Pages become trees, however they are written."""

from __future__ import annotations

from daily8.news.tree import parse


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
