"""Read and write lists of subscriptions (OPML 1.0, 1.1, 2.0; opml.org/spec2.opml)."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from lxml import etree

from daily8.news import urls
from daily8.news.charset import decode
from daily8.news.feeds import tree

MAX_BODY = 16 * 1024 * 1024
"""Bytes."""
MAX_DEPTH = 32
"""Folders within folders; deeper ones count as their ancestor at this depth."""
MAX_SUBSCRIPTIONS = 50_000
MAX_PROBLEMS = 1000
_MAX_TEXT = 500

_ATTRIBUTES = frozenset({"title", "text", "type", "url", "xmlurl", "htmlurl", "category"})
_FEED_SCHEME = re.compile(r"\Afeed:(?:(?://)?(https?://)|//)", re.IGNORECASE)

Folder = tuple[str, ...]
"""The names of a folder and those it lies in, outermost first."""


class NotOpml(ValueError):
    """The document cannot be read as OPML; its text is one plain sentence for a person."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed that somebody follows."""

    url: str
    """Absolute, http or https."""
    title: str | None = None
    home: str | None = None
    folders: tuple[Folder, ...] = ()
    """Every folder it stands in; none for one that stands at the top only."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An outline that could not be taken over."""

    row: int
    """Its number in the document, from 1, counting every outline."""
    title: str
    """What it is called, or its address; may be empty."""
    reason: str
    """One plain sentence."""


@dataclass(frozen=True, slots=True)
class Opml:
    """A list of subscriptions: each address once, in the order of the document."""

    title: str | None = None
    outlines: tuple[Subscription, ...] = ()
    problems: tuple[Problem, ...] = ()
    """The first `MAX_PROBLEMS`."""
    untold: int = 0
    """How many more there are."""


def read_opml(body: bytes) -> Opml:
    """Read a list of subscriptions; rows that cannot be used are told in ``problems``, the others kept.

    A feed that stands in several folders, or is filed by the ``category`` attribute, keeps them all. Entities
    are not resolved, remote lists (``type=include``) not fetched.

    :raises NotOpml: with one plain sentence, for what is empty, too large, broken or no OPML.
    """
    if len(body) > MAX_BODY:
        raise NotOpml(
            f"this document is larger than {MAX_BODY // 1024 // 1024} MB, too large for a list of feeds"
        )
    text = decode(body)
    if not text.strip():
        raise NotOpml("the document is empty")
    root = tree.parse(text)
    if root is None:
        raise NotOpml(_why_broken(text))
    name = tree.short(root.tag).rpartition(":")[2]
    if name != "opml":
        raise NotOpml(_why_other(name))
    parts = dict(tree.children(root))
    head, top = parts.get("head"), parts.get("body")
    titles = [] if head is None else [c for n, c in tree.children(head) if n == "title"]
    title = tree.text_of(titles[0])[:_MAX_TEXT] if titles else ""
    if top is None:
        raise NotOpml("this OPML document has no body, so there are no subscriptions in it")
    reader = _Reader()
    reader.walk(top)
    return Opml(title or None, reader.subscriptions(), tuple(reader.problems), reader.untold)


def _why_broken(text: str) -> str:
    if "<opml" not in text[:4096].lower():
        return "this is not an OPML document"
    if "</opml" not in text[-4096:].lower():
        return "the OPML document breaks off before its end; export it again"
    return "the OPML document is not well-formed XML; export it again"


def _why_other(name: str) -> str:
    if name in {"rss", "feed", "rdf"}:
        return "this is a feed itself, not a list of feeds; add its address as a source"
    if name == "html":
        return "this is a web page, not an OPML document"
    return f"this is a document of another kind (<{name[:40]}>), not OPML"


class _Reader:
    def __init__(self) -> None:
        self.row = 0
        self.problems: list[Problem] = []
        self.untold = 0
        self.found: dict[str, tuple[Subscription, list[Folder]]] = {}

    def subscriptions(self) -> tuple[Subscription, ...]:
        return tuple(
            dataclasses.replace(feed, folders=tuple(dict.fromkeys(filter(None, folders))))
            for feed, folders in self.found.values()
        )

    def walk(self, top: etree._Element) -> None:
        """Go through the outlines in document order, without recursion."""
        todo: list[tuple[etree._Element, Folder]] = [(child, ()) for child in reversed(_outlines(top))]
        while todo:
            outline, folder = todo.pop()
            self.row += 1
            inner = self.take(_attributes(outline), folder)
            children = _outlines(outline)
            if len(inner) > len(folder) and not children:
                self.report(inner[-1], "an empty folder")
            todo.extend((child, inner[:MAX_DEPTH]) for child in reversed(children))

    def take(self, given: dict[str, str], folder: Folder) -> Folder:
        """Take an outline; give the folder that those inside it lie in."""
        name = " ".join((given.get("title") or given.get("text") or "").split())[:_MAX_TEXT]
        address = given.get("xmlurl") or (
            given.get("url") if given.get("type", "") in {"rss", "atom"} else None
        )
        if address is None:
            kind = given.get("type", "").lower()
            if kind in {"include", "link"}:
                self.report(name, "a link to another list or page; its contents are not fetched")
                return folder
            if kind in {"rss", "atom"}:
                self.report(name, "a feed without an address")
                return folder
            return (*folder, name) if name else folder
        url = urls.absolute(_FEED_SCHEME.sub(_web_scheme, address.strip()))
        if url is None:
            self.report(name or address, "its address is not one of the web (http or https)")
        elif url not in self.found and len(self.found) >= MAX_SUBSCRIPTIONS:
            self.report(name or url, f"the list holds more than {MAX_SUBSCRIPTIONS} feeds")
        else:
            home = urls.absolute(given.get("htmlurl"))
            _, folders = self.found.setdefault(url, (Subscription(url, name or None, home), []))
            folders.append(folder)
            folders.extend(_categories(given.get("category", "")))
        return folder

    def report(self, title: str, reason: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(self.row, title[:_MAX_TEXT], reason))
        else:
            self.untold += 1


def _web_scheme(match: re.Match[str]) -> str:
    """Read `feed://host` and `feed:https://host`, as desktop readers export them."""
    return match[1] or "http://"


def _outlines(parent: etree._Element) -> list[etree._Element]:
    return [child for name, child in tree.children(parent) if name.rpartition(":")[2] == "outline"]


def _attributes(outline: etree._Element) -> dict[str, str]:
    """Give the attributes that are known here by lower-case name; exports differ in case.

    Each is looked up once: to read them all takes lxml the square of their number.
    """
    keys: dict[str, str] = {}
    for key in map(str, outline.keys()):
        name = key.rpartition("}")[2].lower()
        if name in _ATTRIBUTES:
            keys.setdefault(name, key)
    return {name: str(outline.get(key)) for name, key in keys.items()}


def _categories(text: str) -> list[Folder]:
    """Read `/News/World,/Tech`: folders, where they begin with a slash (OPML 2.0); others are mere words."""
    paths = [path.strip() for path in text[:4096].split(",")]
    return [
        tuple(part.strip()[:_MAX_TEXT] for part in path.split("/") if part.strip())[:MAX_DEPTH]
        for path in paths
        if path.startswith("/")
    ]


def write_opml(subscriptions: Iterable[Subscription], title: str, now: datetime) -> str:
    """Write a list of subscriptions as OPML 2.0; one that stands in several folders is written in each.

    ``now`` has a zone.
    """
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = _legal(title)
    etree.SubElement(head, "dateCreated").text = format_datetime(now)
    folders: dict[Folder, Any] = {(): etree.SubElement(root, "body")}
    for feed in subscriptions:
        for folder in feed.folders or ((),):
            place = _place(folder, folders)
            name = _legal(feed.title or feed.url)
            values = {"type": "rss", "text": name, "title": name, "xmlUrl": feed.url}
            if feed.home:
                values["htmlUrl"] = feed.home
            etree.SubElement(place, "outline", values)
    written: str = etree.tostring(root, encoding="unicode", pretty_print=True)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + written


def _place(folder: Folder, folders: dict[Folder, Any]) -> Any:
    if folder not in folders:
        name = _legal(folder[-1])
        parent = _place(folder[:-1], folders)
        folders[folder] = etree.SubElement(parent, "outline", {"text": name, "title": name})
    return folders[folder]


def _legal(text: str) -> str:
    """Drop what XML 1.0 cannot hold (section 2.2)."""
    return "".join(
        c
        for c in text
        if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )
