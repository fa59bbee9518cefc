"""The parts that entries and feeds of RSS, RDF and Atom have in common."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import escape

from lxml import etree

from daily8.news import urls
from daily8.news.dates import parse_date
from daily8.news.feeds import tree
from daily8.news.sanitise import plain, sanitise

MAX_CATEGORIES = 100
MAX_ALIKE = 1000
"""Children of one name that are looked at."""
_MAX_DATES = 5
_SHORT = 100
"""Characters of a name that is worth remembering."""
MAX_TEXT = 2000
"""Characters of a title or a name."""

_PERSON = re.compile(
    r"^\s*(?:mailto:)?\S+@\S+\s*\((.+)\)\s*$"
    r"|^([^<@]+?)\s*<\s*(?:mailto:)?\S+@\S+\s*>\s*$"
    r"|^([^(@]+?)\s*\(\s*(?:mailto:)?\S+@\S+\s*\)\s*$"
)
# What a Media RSS group says of its files holds for the entry (YouTube says it nowhere else).
_GROUPED = frozenset({"media:title", "media:description", "media:keywords", "media:category"})
_TEXTS = ("content:encoded", "atom:content", "xhtml:body", "body", "fullitem", "description", "atom:title")


@dataclass(frozen=True, slots=True)
class Link:
    """An Atom link (RFC 4287 section 4.2.7), its address absolute."""

    href: str
    relation: str
    type: str
    length: str | None


@lru_cache(maxsize=8192)
def _atom_name(tag: str) -> str:
    """Give the short name of a tag inside Atom, which without its namespace is Atom all the same."""
    name = tree.short(tag)
    return name if ":" in name else f"atom:{name}"


class Parts:
    """The child elements of a feed or an entry by short name."""

    __slots__ = ("_base", "_based", "_last", "atom", "document", "element", "known")

    def __init__(self, element: etree._Element, document: str | None, *, atom: bool) -> None:
        self.element = element
        self.document = document
        self.atom = atom
        self._base: tuple[str | None] | None = None
        self._based: bool | None = None
        self._last: tuple[str, str | None, str] | None = None
        self.known: dict[str, list[etree._Element]] = {}
        named = _atom_name if atom else tree.short
        known = self.known
        for child in element:
            if isinstance(tag := child.tag, str):
                name = named(tag)
                if name not in known:
                    known[name] = [child]
                elif len(known[name]) < MAX_ALIKE:
                    known[name].append(child)
        for group in known.get("media:group", ()):
            for name, child in tree.children(group):
                if name in _GROUPED and len(known.setdefault(name, [])) < MAX_ALIKE:
                    known[name].append(child)

    def all(self, *names: str) -> list[tuple[str, etree._Element]]:
        """Give the children of these names with their name, name by name."""
        known = self.known
        return [(name, child) for name in names if name in known for child in known[name]]

    def text(self, *names: str) -> str | None:
        """Give the first of the named children that holds text."""
        known = self.known
        for name in names:
            if name in known:
                for child in known[name]:
                    if text := tree.text_of(child):
                        return text
        return None

    def date(self, *names: str) -> datetime | None:
        """Give the date of the first name that has one; of several children the last counts."""
        known = self.known
        for name in names:
            if name in known:
                for child in known[name][: -_MAX_DATES - 1 : -1]:
                    if (found := parse_date(tree.text_of(child))) is not None:
                        return found
        return None

    def has_base(self) -> bool:
        """Say whether any ``xml:base`` holds at the element."""
        if self._based is None:
            self._based = tree.has_base(self.element)
        return self._based

    def base(self, child: etree._Element | None = None) -> str | None:
        """Give the address that references in the element or its child are relative to."""
        if self._base is None:
            self._base = (tree.base_of(self.element, self.document) if self.has_base() else self.document,)
        own = None if child is None else child.get(tree.BASE)
        return self._base[0] if own is None else urls.absolute(own, self._base[0]) or self._base[0]

    def address(self, reference: str | None, child: etree._Element) -> str | None:
        """Give a reference that a child holds as an absolute address."""
        if not reference or urls.is_clean(reference):
            return reference or None
        return urls.absolute(reference, self.base(child))

    def title(self, *names: str) -> str | None:
        """Give the first of the named children that is not blank as plain text."""
        for name, child in self.all(*names):
            kind = (child.get("type") or "").strip().lower()
            escaped = child.get("mode") != "base64" and len(child) == 0
            if name.startswith("atom:") and kind in {"", "text", "text/plain"} and escaped:
                found = " ".join(tree.text_of(child).split())
            else:
                found = plain(html_of(name, child, None))
            if found:
                return found[:MAX_TEXT]
        return None

    def html(self, base: str | None, *names: str) -> str | None:
        """Give the first of the named children that is not blank as sanitised HTML."""
        for name, child in self.all(*names):
            own = base is None or self.has_base() or child.get(tree.BASE) is not None
            at = self.base(child) if own else base
            if raw := html_of(name, child, at):
                # Podcasts say the same twice: in short and at full length.
                if self._last is None or self._last[:2] != (raw, at):
                    self._last = (raw, at, sanitise(raw, at).strip())
                if self._last[2]:
                    return self._last[2]
        return None

    def links(self) -> list[Link]:
        """Give the Atom links, also those in RSS, whose address is one of the web."""
        found = []
        for name, child in self.all("atom:link", "link", "xhtml:link"):
            # Some write `<link rel="alternate">address</link>`.
            reference = child.get("href") or (tree.text_of(child) if name == "atom:link" else None)
            if not reference:
                continue
            href = self.address(reference, child)
            if href is not None:
                relation = (child.get("rel") or "alternate").strip().lower().rpartition("/")[2]
                found.append(Link(href, relation, media_type(child), child.get("length")))
        return found

    def language(self, *names: str) -> str | None:
        """Give the language that one of the named children states, else the element, else its texts."""
        own = self.element.get(tree.LANG)
        found = tree.language(self.text(*names) or own)
        if found is None and own is None:
            for _, child in self.all(*_TEXTS):
                if tag := child.get(tree.LANG):
                    found = found or tree.language(tag)
        return found

    def authors(self) -> tuple[str, ...]:
        """Give the names of those who wrote it, each once."""
        names: list[str] = []
        for _, child in self.all("atom:author"):
            person = Parts(child, None, atom=True)
            name = person.title("atom:name") or person.text("atom:email", "atom:uri", "atom:url")
            names.append(name or plain(child.text or ""))
        for _, child in self.all("author", "dc:creator", "dc:author"):
            inner = Parts(child, None, atom=False).text("name", "atom:name") if len(child) else None
            names.append(_name(inner or tree.text_of(child)))
        if not any(names):
            others = self.all("itunes:author", "googleplay:author", "media:author")
            names = [_name(tree.text_of(child)) for _, child in others]
        return once(names)

    def categories(self) -> tuple[str, ...]:
        """Give what it is filed under, each once."""
        if _CATEGORIES.keys().isdisjoint(self.known):
            return ()
        found: list[str] = []
        for name, child in self.all(*_CATEGORIES):
            found += map(_word, _CATEGORIES[name](child))
        return once(found)[:MAX_CATEGORIES]


def _keywords(element: etree._Element) -> list[str]:
    return tree.text_of(element)[:MAX_TEXT].split(",")


def _term(element: etree._Element) -> list[str]:
    return [element.get("label") or element.get("term") or tree.text_of(element)]


def _filed(element: etree._Element) -> list[str]:
    return [tree.text_of(element) or element.get("text") or element.get("term") or ""]


def _labelled(element: etree._Element) -> list[str]:
    label = element.get("label")
    return [label] if label else _filed(element)


def _nested(element: etree._Element) -> list[str]:
    inner = [child for name, child in tree.children(element) if name == "itunes:category"]
    return [one.get("text") or tree.text_of(one) for one in (element, *inner)]


_CATEGORIES: dict[str, Callable[[etree._Element], list[str]]] = {
    "tags": _keywords,
    "atom:category": _term,
    "category": _filed,
    "dc:subject": _filed,
    "media:category": _labelled,
    "itunes:category": _nested,
    "googleplay:category": _nested,
    "itunes:keywords": _keywords,
    "media:keywords": _keywords,
}
"""Elements that say what an entry is filed under, in the order in which they count."""


def once(names: Iterable[str]) -> tuple[str, ...]:
    """Give each text that is not blank once, whatever its case, in order."""
    found: dict[str, str] = {}
    for name in names:
        if name := name.strip()[:MAX_TEXT]:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


def media_type(element: etree._Element) -> str:
    """Give the media type that an element states, without parameters; or the empty string."""
    kind = element.get("type")
    return _bare_type(kind[:MAX_TEXT]) if kind else ""


@lru_cache(maxsize=256)
def _bare_type(kind: str) -> str:
    return kind.partition(";")[0].strip().lower()


def _name(text: str) -> str:
    """Give the name in `a@b.example (Name)` or `Name <a@b.example>` (RSS 2.0 author)."""
    match = _PERSON.match(text[:MAX_TEXT]) if "@" in text else None
    return _word((match[1] or match[2] or match[3]).strip(' "') if match else text[:MAX_TEXT])


def _word(text: str) -> str:
    """Give the plain text of a name or a category: there are few in a feed, and they come again."""
    return _remembered(text) if len(text) <= _SHORT else plain(text)


_remembered = lru_cache(maxsize=2048)(plain)


def html_of(name: str, element: etree._Element, base: str | None) -> str:
    """Give a text construct as HTML that is not yet clean (RFC 4287 section 3.1 and 4.1.3, Atom 0.3, RSS)."""
    nested = len(element) > 0 and any(isinstance(child.tag, str) for child in element)
    if not name.startswith("atom:"):
        return tree.markup_of(element, base) if nested else tree.text_of(element)
    kind = media_type(element)
    mode = (element.get("mode") or "").strip().lower()
    if nested:
        # Escaped HTML inside an inline `div` is a frequent slip.
        slip = kind.endswith("html") and "xhtml" not in kind and len(element) == 1 and len(element[0]) == 0
        return tree.text_of(element) if slip else tree.markup_of(element, base)
    text = tree.text_of(element)
    known = (
        kind in {"", "text", "html", "xhtml"} or kind.startswith("text/") or kind.endswith(("+xml", "/xml"))
    )
    if mode == "base64" or not known:
        try:
            text = base64.b64decode(text, validate=False).decode("utf-8")
        except (binascii.Error, ValueError):
            return ""
        return text if kind.endswith("html") or not known else escape(text, quote=False)
    return text if kind.endswith("html") else escape(text, quote=False)
