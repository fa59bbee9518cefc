"""Selectors of site rules: the plain part of CSS, matched in one walk over a page.

What may stand in one: tags, ``*``, ``.class``, ``#id``, ``[attribute]`` (alone or with ``=``, ``~=``, ``^=``,
``$=``, ``*=``), ``:first-child``, ``:last-child``, ``:not(...)``; a space or ``>`` between the outer and the
inner (Selectors Level 4, sections 5 to 7 and 16). Time is the product of a page's elements and the steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

LONGEST = 200
"""Characters of a selector."""
MOST_STEPS = 8
MOST_FOUND = 200
"""Elements that one selector finds; more are none of an article's."""

_PART = re.compile(
    r"(?P<tag>\*|[A-Za-z][A-Za-z0-9-]*)|"
    r"(?P<kind>[.#])(?P<name>[\w-]+)|"
    r"\[\s*(?P<attribute>[A-Za-z_][\w:.-]*)\s*"
    r"(?:(?P<how>[~^$*]?=)\s*(?:\"(?P<double>[^\"\x00-\x1f\ud800-\udfff]*)\"|"
    r"'(?P<single>[^'\x00-\x1f\ud800-\udfff]*)'|(?P<bare>[\w.:/-]+))\s*)?\]|"
    r":(?P<place>first|last)-child|"
    r":not\((?P<but>[^()]+)\)"
)
_STEP = re.compile(r" ?> ?| ")

Test = Callable[[HtmlElement], bool]


class BadSelector(ValueError):
    """A selector that cannot be used; the text is one plain sentence."""


@dataclass(frozen=True, slots=True)
class _Step:
    tests: tuple[Test, ...]
    child: bool
    """Whether the step before must be the parent; else any element around it will do."""


def check(selector: str) -> str:
    """Give a selector with its white space folded.

    :raises BadSelector: for one that cannot be used.
    """
    text = " ".join(selector.split())
    if len(text) > LONGEST:
        raise BadSelector(f"A selector is longer than {LONGEST} characters.")
    _compiled(text)
    return text


def select(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    """Give the elements that a selector (`check`) finds, in document order, at most `MOST_FOUND`.

    :raises BadSelector: for a selector that cannot be used.
    """
    steps = _compiled(selector)
    last = 1 << (len(steps) - 1)
    found: list[HtmlElement] = []
    own: dict[HtmlElement, int] = {}
    around: dict[HtmlElement, int] = {}
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        parent = element.getparent()
        above = own.get(parent, 0) if parent is not None else 0
        outer = (around.get(parent, 0) | above) if parent is not None else 0
        mask = 0
        for number, step in enumerate(steps):
            before = (above if step.child else outer) >> (number - 1) & 1 if number else 1
            if before and all(test(element) for test in step.tests):
                mask |= 1 << number
        own[element], around[element] = mask, outer
        if mask & last:
            found.append(element)
            if len(found) == MOST_FOUND:
                break
    return found


def outermost(found: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Leave out the elements that stand in others of the list."""
    held = set(found)
    return [e for e in found if not any(around in held for around in e.iterancestors())]


def _wrong(selector: str) -> BadSelector:
    return BadSelector(
        f"The selector {selector} cannot be read; it may hold tags, .classes, #ids, [attributes] and >."
    )


@lru_cache(maxsize=2_000)
def _compiled(selector: str) -> tuple[_Step, ...]:
    steps: list[_Step] = []
    at, child = 0, False
    while at < len(selector):
        tests: list[Test] = []
        while (part := _PART.match(selector, at)) is not None:
            if part["tag"] and tests:
                raise _wrong(selector)
            tests.append(_test(part, selector))
            at = part.end()
        if not tests:
            raise _wrong(selector)
        steps.append(_Step(tuple(tests), child))
        if at == len(selector):
            break
        between = _STEP.match(selector, at)
        if between is None or between.end() == len(selector):
            raise _wrong(selector)
        child, at = ">" in between[0], between.end()
    if not 1 <= len(steps) <= MOST_STEPS:
        raise _wrong(selector)
    return tuple(steps)


def _test(part: re.Match[str], selector: str) -> Test:
    if tag := part["tag"]:
        return (lambda e: True) if tag == "*" else _tagged(tag.lower())
    if part["kind"]:
        return _attribute("class", "~=", part["name"]) if part["kind"] == "." else _named(part["name"])
    if part["attribute"]:
        value = part["double"] or part["single"] or part["bare"] or ""
        return _attribute(part["attribute"].lower(), part["how"] or "", value)
    if part["place"]:
        return _at_edge(first=part["place"] == "first")
    return _none_of(part["but"].strip(), selector)


def _tagged(tag: str) -> Test:
    return lambda e: e.tag == tag


def _named(name: str) -> Test:
    return lambda e: e.get("id") == name


def _attribute(name: str, how: str, value: str) -> Test:
    def holds(element: HtmlElement) -> bool:
        has = element.get(name)
        if has is None:
            return False
        if not how:
            return True
        if how == "=":
            return bool(has == value)
        if not value:
            return False
        if how == "~=":
            return value in has.split()
        if how == "^=":
            return bool(has.startswith(value))
        return bool(has.endswith(value)) if how == "$=" else value in has

    return holds


def _at_edge(*, first: bool) -> Test:
    def holds(element: HtmlElement) -> bool:
        beside = element.itersiblings(preceding=first)
        return not any(isinstance(sibling.tag, str) for sibling in beside)

    return holds


def _none_of(text: str, selector: str) -> Test:
    part = _PART.fullmatch(text)
    if part is None or part["but"]:
        raise _wrong(selector)
    test = _test(part, selector)
    return lambda e: not test(e)
