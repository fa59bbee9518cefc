"""A page's sketch: what was drawn of it under what stands around that, small enough to be read again."""

from __future__ import annotations

from copy import deepcopy

from lxml.html import HtmlElement

from daily8.news.drawing import Drawn
from daily8.news.types import Embed, Image, ListBlock, Paragraph, Rule

_KEPT = ("class", "id", "itemprop", "role", "style", "itemtype", "data-component", "data-testid")
MENU = 0.8
"""Share of links from which on a list is a menu that nobody takes for text."""


def sketch(drawn: list[Drawn], tree: HtmlElement) -> tuple[HtmlElement, int]:
    """Give a tree of the drawn texts under shallow copies of their ancestors, and how many elements it holds.

    Menus, pictures, and all that draws nothing are not in it.
    """
    made: dict[HtmlElement, HtmlElement] = {}
    page = tree.makeelement("html")
    made[tree] = page
    whole: set[HtmlElement] = set()
    count = 0
    for one in drawn:
        element = one.element
        if not one.text or element in whole or isinstance(one.block, Image | Embed | Rule):
            continue
        if isinstance(one.block, ListBlock) and one.linked > MENU * len(one.text):
            continue
        if isinstance(one.block, Paragraph) and element.tag != "p":
            holder, new = _copied(element, made)
            _write(holder, one)
            count += new
            continue
        parent = element.getparent()
        if parent is None or element in made:
            continue
        holder, new = _copied(parent, made)
        copy = deepcopy(element)
        copy.tail = None
        holder.append(copy)
        whole.add(element)
        count += new + 1 + sum(1 for _ in copy.iterdescendants())
    return page, count


def _copied(element: HtmlElement, made: dict[HtmlElement, HtmlElement]) -> tuple[HtmlElement, int]:
    """Give the shallow copy of an element, made with those of its ancestors where it is new."""
    path = []
    at: HtmlElement | None = element
    while at is not None and at not in made:
        path.append(at)
        at = at.getparent()
    if at is None:
        return next(iter(made.values())), 0
    holder = made[at]
    for step in reversed(path):
        name = step.tag if step.tag.isalnum() else "div"
        copy = step.makeelement(name, {name: v for name in _KEPT if (v := step.get(name))})
        holder.append(copy)
        made[step] = holder = copy
    return holder, len(path)


def _write(holder: HtmlElement, one: Drawn) -> None:
    """Write a text that stands in an element beside others, its links as one."""
    linked = min(one.linked, len(one.text))
    rest = one.text[linked:]
    if linked:
        link = holder.makeelement("a", {"href": "#"})
        link.text, link.tail = one.text[:linked], rest
        holder.append(link)
    elif len(holder):
        last = holder[-1]
        last.tail = f"{last.tail or ''} {rest}"
    else:
        holder.text = f"{holder.text or ''} {rest}"
