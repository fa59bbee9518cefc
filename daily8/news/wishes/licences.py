"""Licences in RSL 1.0 (Really Simple Licensing, rslstandard.org/rsl), as far as they concern models.

A licence that is written out is read: in an entry of a feed (section 4.7 of the specification) or inside a
page (section 4.6.2). One that is only named, by robots.txt, a header or a link (sections 4.4 to 4.6), is not
fetched: what it permits is unknown, so the use of models is taken as reserved.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from daily8.news.types import Wish

TYPE = "application/rsl+xml"
_LONGEST = 50_000
"""Characters of a licence."""
_MOST = 20
"""Elements of one name that are read."""
_ALL_AI = frozenset({"all", "ai-all", "ai-input", "ai-use"})
_FREE = frozenset({"", "free", "attribution"})
"""Payments that we make: nothing, and the publisher's name with a link, which stands on every page."""


def named(url: str, *, place: str) -> Wish:
    """Give the wish of a licence that is named and not read."""
    return Wish("rsl", place, url[:200])


def in_element(content: etree._Element, *, place: str) -> tuple[Wish, ...]:
    """Read a ``content`` element: what of it concerns us, once; nothing where one licence permits all we do.

    Each licence is an offer of its own. One permits the use of models if it names such a use, or names none,
    prohibits none, asks for no payment, and is bound to no kind of users and no country.
    """
    licences = [child for child in _children(content) if _name(child) == "license"][:_MOST]
    if not licences and content.get("server"):
        return (Wish("rsl", place, "server"),)
    if not licences or any(map(_permits, licences)):
        return ()
    said = ", ".join(sorted({word for licence in licences for word in _words(licence, "prohibits")}))
    return (Wish("rsl", place, said[:200] or "terms"),)


def inline(text: str, *, place: str) -> tuple[Wish, ...]:
    """Read a licence that stands in a page as XML; one that cannot be read counts as named only."""
    if len(text) > _LONGEST:
        return (Wish("rsl", place, "unread"),)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(text.strip().encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return (Wish("rsl", place, "unread"),)
    places = [root] if _name(root) == "content" else [c for c in _children(root) if _name(c) == "content"]
    found = {wish: None for content in places[:_MOST] for wish in in_element(content, place=place)}
    return tuple(found)


def _permits(licence: etree._Element) -> bool:
    permitted, prohibited = _words(licence, "permits"), _words(licence, "prohibits")
    if prohibited & _ALL_AI or (permitted and not permitted & _ALL_AI):
        return False
    for child in _children(licence):
        name, kind = _name(child), (child.get("type") or "").lower()
        if name in ("permits", "prohibits") and kind in ("user", "geo"):
            return False
        if name == "payment" and kind not in _FREE:
            return False
    return True


def _words(licence: etree._Element, name: str) -> set[str]:
    """Give the uses that a licence permits or prohibits; a type that is not stated is that of uses."""
    found: set[str] = set()
    for child in _children(licence):
        if _name(child) == name and (child.get("type") or "usage").lower() == "usage":
            words = "".join(map(str, child.itertext()))[:1000].replace(",", " ").lower().split()
            found.update(word[:40] for word in words[:_MOST])
    return found


def _children(element: etree._Element) -> Iterator[etree._Element]:
    for number, child in enumerate(element):
        if number >= 10 * _MOST:
            break
        if isinstance(child.tag, str):
            yield child


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()
