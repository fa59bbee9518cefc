"""The article's place: the smallest element that holds most of what the witnesses vouch for."""

from __future__ import annotations

from collections import defaultdict

from lxml.html import HtmlElement

from daily8.news.extract.boilerplate import is_box, is_hidden, is_surely_box
from daily8.news.extract.witness import Unit

_NO_PLACE = frozenset({"p", "blockquote", "ul", "ol", "pre", "table", "tr", "tbody", "h1", "h2", "h3", "h4"})
MISNAMED = 0.2
"""Share of the article from which on a box is none, whatever its name."""


def weight(unit: Unit) -> float:
    """Say how much a block speaks for its place being the article's."""
    if not unit.prose or unit.density > 0.6:
        return 0.0
    size = float(min(len(unit.key), 600))
    if unit.stated:
        return 1.5 * size if unit.read else size
    if unit.read:
        return size
    sentence = len(unit.key) > 60 and unit.ended and unit.density < 0.3
    return 0.2 * size if sentence else 0.0


SURELY = 0.95
"""The same of boxes with sure names and of what is hidden: whole galleries; texts shown by script."""


class Place:
    """Where the article stands, and which boxes hold so much of it that their names are misleading."""

    def __init__(self, units: list[Unit], root: HtmlElement) -> None:
        self.root = root
        self.held: dict[HtmlElement, float] = defaultdict(float)
        self.named: dict[str, float] = defaultdict(float)
        self.total = sum(self._count(unit) for unit in units)
        self._boxes: dict[HtmlElement, bool] = {}
        self.element = self._deepest(units)
        self._marks = marks_of(self.element)
        self._inside: dict[HtmlElement, bool] = {}
        self._named = bool(self.element.get("class"))
        self.homes: dict[HtmlElement, float] = defaultdict(float)
        for unit in units:
            parent = unit.drawn.element.getparent()
            if parent is not None:
                self.homes[parent] += weight(unit)
        self.home = max((v for e, v in self.homes.items() if self.within(e)), default=0.0)

    def _count(self, unit: Unit) -> float:
        value = weight(unit)
        if value:
            above = up(unit.drawn.element, self.root)
            for element in above:
                self.held[element] += value
            for marks in {marks_of(element) for element in above}:
                self.named[marks] += value
        return value

    def is_box(self, element: HtmlElement) -> bool:
        """Tell whether an element is furniture by its name, and holds little that speaks for an article."""
        known = self._boxes.get(element)
        if known is None:
            known = is_box(element)
            if known and self.total:
                held, alike = self.held.get(element, 0.0), self.named.get(marks_of(element), 0.0)
                most = SURELY * self.total if is_surely_box(element) else MISNAMED * self.total
                known = (held if is_hidden(element) else max(held, alike)) < most
            self._boxes[element] = known
        return known

    def _deepest(self, units: list[Unit]) -> HtmlElement:
        held: dict[HtmlElement, float] = defaultdict(float)
        total = 0.0
        for unit in units:
            value = weight(unit)
            if value:
                above = up(unit.drawn.element, self.root)
                value *= 0.3 if any(self.is_box(e) for e in above) else 1.0
                total += value
                for element in above:
                    held[element] += value
        place, depth = self.root, -1
        for element, value in held.items():
            if element.tag in _NO_PLACE:
                continue
            if value >= 0.75 * total and (deep := sum(1 for _ in element.iterancestors())) > depth:
                place, depth = element, deep
        return place

    def within(self, element: HtmlElement) -> bool:
        """Tell whether an element stands in the article's place, or in a part of the same name beside it."""
        path = []
        at: HtmlElement | None = element
        while at is not None and at not in self._inside:
            path.append(at)
            if at is self.element or (
                self._named and at.tag == self.element.tag and marks_of(at) == self._marks
            ):
                self._inside[at] = True
                break
            at = at.getparent()
        found = at is not None and self._inside[at]
        self._inside.update(dict.fromkeys(path, found))
        return found

    def neighbours(self, unit: Unit) -> float:
        """Say how much of the article stands in the same parent, 0 to 1 of the fullest."""
        parent = unit.drawn.element.getparent()
        return self.homes.get(parent, 0.0) / self.home if parent is not None and self.home else 0.0


def marks_of(element: HtmlElement) -> str:
    """Give tag, class and id in one."""
    return f"{element.tag} {element.get('class', '')[:500]} {element.get('id', '')[:100]}"


def up(element: HtmlElement | None, root: HtmlElement) -> list[HtmlElement]:
    """Give an element and its ancestors below the root."""
    found = []
    while element is not None and element is not root:
        found.append(element)
        element = element.getparent()
    return found
