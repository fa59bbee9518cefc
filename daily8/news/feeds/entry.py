"""Read one entry of RSS, RDF or Atom, and the parts that entries and feeds have in common."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from lxml import etree

from daily8.news import urls
from daily8.news.dates import parse_date
from daily8.news.feeds import tree
from daily8.news.sanitise import plain, sanitise
from daily8.news.types import Enclosure, Entry

MAX_CATEGORIES = 100
MAX_ENCLOSURES = 50
MAX_TEXT = 2000
"""Characters of a title or a name."""

_OTHER_RELATIONS = frozenset(
    {"self", "enclosure", "hub", "edit", "edit-media", "replies", "next", "prev", "first", "last", "license"}
)
_PERSON = re.compile(
    r"^\s*(?:mailto:)?\S+@\S+\s*\((.+)\)\s*$"
    r"|^([^<@]+?)\s*<\s*(?:mailto:)?\S+@\S+\s*>\s*$"
    r"|^([^(@]+?)\s*\(\s*(?:mailto:)?\S+@\S+\s*\)\s*$"
)
_COLONS = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:\.\d+)?")
_UNITS = re.compile(r"(?:(\d+)\s*h\w*)?\s*(?:(\d+)\s*m\w*)?\s*(?:(\d+)\s*s\w*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """An Atom link (RFC 4287 section 4.2.7), its address absolute."""

    href: str
    relation: str
    type: str
    length: str | None
    title: str | None


# What a Media RSS group says of its files holds for the entry (YouTube says it nowhere else).
_GROUPED = frozenset({"media:title", "media:description", "media:keywords", "media:category"})


class Parts:
    """The child elements of a feed or an entry by short name."""

    def __init__(self, element: etree._Element, document: str | None, *, atom: bool) -> None:
        self.element = element
        self.document = document
        self.atom = atom
        self._base: tuple[str | None] | None = None
        self._by_name: dict[str, list[etree._Element]] = {}
        for name, child in tree.children(element):
            # Atom without its namespace is Atom all the same.
            key = f"atom:{name}" if atom and ":" not in name else name
            self._by_name.setdefault(key, []).append(child)
        for group in self._by_name.get("media:group", ()):
            for name, child in tree.children(group):
                if name in _GROUPED:
                    self._by_name.setdefault(name, []).append(child)

    def all(self, *names: str) -> list[tuple[str, etree._Element]]:
        """Give the children of these names with their name, name by name."""
        known = self._by_name
        return [(name, child) for name in names if name in known for child in known[name]]

    def text(self, *names: str) -> str | None:
        """Give the first of the named children that holds text."""
        for _, child in self.all(*names):
            if text := tree.text_of(child):
                return text
        return None

    def date(self, *names: str) -> datetime | None:
        """Give the date of the first name that has one; of several children the last counts."""
        for name in names:
            for child in reversed(self._by_name.get(name, [])):
                if (found := parse_date(tree.text_of(child))) is not None:
                    return found
        return None

    def base(self, child: etree._Element | None = None) -> str | None:
        """Give the address that references in the element or its child are relative to."""
        if self._base is None:
            self._base = (tree.base_of(self.element, self.document),)
        own = None if child is None else child.get(tree.BASE)
        return self._base[0] if own is None else urls.absolute(own, self._base[0]) or self._base[0]

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
            at = self.base(child) if base is None or tree.has_base(child) else base
            if (raw := html_of(name, child, at)) and (found := sanitise(raw, at).strip()):
                return found
        return None

    def links(self) -> list[Link]:
        """Give the Atom links, also those in RSS, whose address is one of the web."""
        found = []
        for _, child in self.all("atom:link", "link", "xhtml:link"):
            href = urls.absolute(child.get("href"), self.base(child))
            if href is not None:
                relation = (child.get("rel") or "alternate").strip().lower().rpartition("/")[2]
                kind = (child.get("type") or "").partition(";")[0].strip().lower()
                found.append(Link(href, relation, kind, child.get("length"), child.get("title")))
        return found

    def authors(self) -> tuple[str, ...]:
        """Give the names of those who wrote it, each once."""
        names: list[str] = []
        for _, child in self.all("atom:author"):
            person = Parts(child, None, atom=True)
            name = person.title("atom:name") or person.text("atom:email", "atom:uri", "atom:url")
            names.append(name or plain(child.text or ""))
        for _, child in self.all("author", "dc:creator", "dc:author"):
            inner = Parts(child, None, atom=False)
            names.append(_name(inner.text("name", "atom:name") or tree.text_of(child)))
        if not any(names):
            names = [_name(tree.text_of(child)) for _, child in self.all("itunes:author", "media:author")]
        return once(names)

    def categories(self) -> tuple[str, ...]:
        """Give what it is filed under, each once."""
        found: list[str] = []
        for _, child in self.all("tags"):
            found.extend(plain(word) for word in tree.text_of(child)[:MAX_TEXT].split(","))
        for _, child in self.all("atom:category"):
            found.append(plain(child.get("label") or child.get("term") or tree.text_of(child)))
        for _, child in self.all("category", "dc:subject", "media:category"):
            found.append(plain(tree.text_of(child) or child.get("text") or child.get("term") or ""))
        for _, child in self.all("itunes:category"):
            nested = [child, *(inner for name, inner in tree.children(child) if name == "itunes:category")]
            found.extend(plain(one.get("text") or tree.text_of(one)) for one in nested)
        for _, child in self.all("itunes:keywords", "media:keywords"):
            found.extend(plain(word) for word in tree.text_of(child)[:MAX_TEXT].split(","))
        return once(found)[:MAX_CATEGORIES]


def once(names: Iterable[str]) -> tuple[str, ...]:
    """Give each text that is not blank once, whatever its case, in order."""
    found: dict[str, str] = {}
    for name in names:
        if name := name.strip()[:MAX_TEXT]:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


def _name(text: str) -> str:
    """Give the name in `a@b.example (Name)` or `Name <a@b.example>` (RSS 2.0 author)."""
    match = _PERSON.match(text[:MAX_TEXT])
    return plain((match[1] or match[2] or match[3]).strip(' "')) if match else plain(text[:MAX_TEXT])


def html_of(name: str, element: etree._Element, base: str | None) -> str:
    """Give a text construct as HTML that is not yet clean (RFC 4287 section 3.1 and 4.1.3, Atom 0.3, RSS)."""
    nested = any(isinstance(child.tag, str) for child in element)
    if not name.startswith("atom:"):
        return tree.markup_of(element, base) if nested else tree.text_of(element)
    kind = (element.get("type") or "").partition(";")[0].strip().lower()
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


def moment(element: etree._Element) -> datetime:
    """Give the time by which entries are ordered; the beginning of time if there is none."""
    parts = Parts(element, None, atom=False)
    found = parts.date(
        *(
            "pubdate",
            "atom:published",
            "published",
            "atom:updated",
            "updated",
            "atom:issued",
            "atom:modified",
        ),
        *("dc:date", "dcterms:issued", "dcterms:modified", "lastmod"),
    )
    return found or datetime.min.replace(tzinfo=UTC)


def entry(element: etree._Element, document: str | None, home: str | None, *, atom: bool) -> Entry:
    """Read an entry. ``document`` is the address of the feed, ``home`` that of its site."""
    parts = Parts(element, document or home, atom=atom)
    links = parts.links()
    url = _url(parts, links)
    base = parts.base() if tree.has_base(element) else url or parts.base()
    enclosures, image = _media(parts, links)
    content = parts.html(base, "content:encoded", "atom:content", "xhtml:body", "body", *_FULL_TEXTS)
    published = parts.date("pubdate", "atom:published", "published", "atom:issued", "dcterms:issued")
    updated = parts.date("atom:updated", "updated", "atom:modified", "dcterms:modified")
    updated = updated or parse_date(element.get("LASTMOD"))
    if published is None:
        published = parts.date("dc:date", "dcterms:created", "atom:created", "date")
    return Entry(
        id=_id(parts),
        url=url,
        title=parts.title("atom:title", "title", "dc:title", "media:title", "itunes:title"),
        published=published,
        updated=updated,
        authors=parts.authors() or _source_authors(parts),
        summary=parts.html(base, *_SUMMARIES),
        content=content,
        language=tree.language(parts.text("dc:language", "language") or element.get(tree.LANG)),
        categories=parts.categories(),
        enclosures=enclosures,
        image=image,
        kind=_kind(enclosures),
    )


_FULL_TEXTS = ("fullitem", "fulltext", "content", "?:fullitem")
_SUMMARIES = (
    *("atom:summary", "description", "summary", "itunes:summary", "abstract"),
    *("dc:description", "media:description", "itunes:subtitle"),
)


def _source_authors(parts: Parts) -> tuple[str, ...]:
    for _, source in parts.all("atom:source"):
        return Parts(source, None, atom=True).authors()
    return ()


def _id(parts: Parts) -> str | None:
    found = (
        parts.text("atom:id", "guid", "id") or parts.element.get(tree.ABOUT) or parts.text("dc:identifier")
    )
    if found and found.startswith("/"):
        found = urls.absolute(found, parts.base()) or found
    return found[:MAX_TEXT] if found else None


def _url(parts: Parts, links: list[Link]) -> str | None:
    """Choose the address of the article itself."""
    original = urls.absolute(parts.text("feedburner:origlink"))
    if original is not None:
        return original
    pages = [link for link in links if link.relation == "alternate"]
    for link in pages:
        if link.type in {"", "text/html", "application/xhtml+xml"}:
            return link.href
    for _, child in parts.all("link"):
        if (found := urls.absolute(tree.text_of(child), parts.base(child))) is not None:
            return found
    if pages:
        return pages[0].href
    for _, child in parts.all("guid"):
        if (child.get("isPermaLink") or "true").lower() != "false" and (
            found := urls.absolute(tree.text_of(child))
        ):
            return found
    for _, child in parts.all("atom:content"):
        if (found := urls.absolute(child.get("src"), parts.base(child))) is not None:
            return found
    others = [link.href for link in links if link.relation not in _OTHER_RELATIONS]
    about = (
        parts.element.get(tree.ABOUT) or parts.element.get("HREF") or parts.text("atom:id", "dc:identifier")
    )
    return others[0] if others else urls.absolute(about)


def duration(text: str | None) -> int | None:
    """Read a length of time in seconds: `3600`, `1:00:00`, `60:00`, `1h 2m`."""
    text = (text or "").strip()[:40]
    if (match := _COLONS.fullmatch(text)) is not None:
        return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])
    if re.fullmatch(r"\d{1,7}(?:\.\d+)?", text):
        return int(float(text)) or None
    match = _UNITS.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    hours, minutes, seconds = (min(int(part or 0), 99999) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def number(text: str | None) -> int | None:
    """Read a size in bytes; zero and nonsense are None."""
    text = (text or "").strip().replace(",", "")
    return int(text) or None if text.isascii() and text.isdigit() and len(text) < 16 else None


def _media_elements(parts: Parts) -> Iterator[tuple[str, etree._Element]]:
    for name, child in parts.all("media:content", "media:thumbnail", "media:group", "media:player"):
        yield name, child
        if name in {"media:group", "media:content"}:
            for inner, grandchild in tree.children(child):
                yield inner, grandchild
                if inner == "media:content":
                    yield from tree.children(grandchild)


class _Files:
    """The files and pictures of an entry, gathered from everywhere."""

    def __init__(self, length: int | None) -> None:
        self.length = length
        self.files: dict[str, Enclosure] = {}
        self.pictures: list[tuple[int, int, str]] = []
        """Rank (0 best), width negated, address."""

    def put(self, url: str | None, kind: str, size: str | None, seconds: int | None = None) -> None:
        if url is None or len(self.files) >= MAX_ENCLOSURES:
            return
        plays = kind.startswith(("audio", "video")) or not kind
        length = seconds or (self.length if plays else None)
        self.files.setdefault(url, Enclosure(url, kind or None, number(size), length))
        if kind.startswith("image"):
            self.pictures.append((1, 0, url))

    def put_media(self, name: str, child: etree._Element, url: str) -> None:
        kind = _type(child)
        medium = (child.get("medium") or kind.partition("/")[0]).lower()
        width = number(child.get("width")) or 0
        if name == "media:thumbnail":
            self.pictures.append((2, -width, url))
        elif name == "media:content" and medium == "image":
            self.pictures.append((0, -width, url))
        elif name == "media:content" and medium in {"audio", "video"}:
            self.put(url, kind or f"{medium}/*", child.get("fileSize"), duration(child.get("duration")))


def _type(element: etree._Element) -> str:
    return (element.get("type") or "").partition(";")[0].strip().lower()


def _media(parts: Parts, links: list[Link]) -> tuple[tuple[Enclosure, ...], str | None]:
    """Gather the files and the picture of an entry (RSS enclosures, Atom links, Media RSS, iTunes)."""
    found = _Files(duration(parts.text("itunes:duration")))
    for _, child in parts.all("enclosure", "atom:enclosure"):
        url = urls.absolute(child.get("url") or child.get("href"), parts.base(child))
        found.put(url, _type(child), child.get("length"), duration(child.get("duration")))
    for link in links:
        if link.relation == "enclosure":
            found.put(link.href, link.type, link.length)
    for name, child in _media_elements(parts):
        if (url := urls.absolute(child.get("url"), parts.base(child))) is not None:
            found.put_media(name, child, url)
    for _, child in parts.all("itunes:image", "itunes:link", "image"):
        if (child.get("rel") or "image") != "image":
            continue
        inner = Parts(child, None, atom=False)
        reference = child.get("href") or child.get("url") or inner.text("url") or tree.text_of(child)
        if (url := urls.absolute(reference, parts.base(child))) is not None:
            found.pictures.append((3, 0, url))
    return tuple(found.files.values()), min(found.pictures)[2] if found.pictures else None


def _kind(enclosures: tuple[Enclosure, ...]) -> str | None:
    kinds = {(enclosure.type or "").partition("/")[0] for enclosure in enclosures}
    return "video" if "video" in kinds else "podcast" if "audio" in kinds else None
