"""Read the HTTP header `Link`: what a document's server says of it and of others (RFC 8288)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from daily8.news import urls

_HEADER_MOST = 32_768
_LINKS_MOST = 100
_TARGET = re.compile(r"<([^<>]*+)>")
_PARAMETER = re.compile(
    r"[ \t]*+;[ \t]*+(?:([A-Za-z0-9!#$%&'*+.^_`|~-]++)(?:[ \t]*+=[ \t]*+"
    r"(?:\"((?:[^\"\\]|\\.)*+)\"|([^\s\",;]*+)))?+)?+"
)
_BETWEEN = re.compile(r"[ \t]*+(?:,[ \t]*+)*+")
"""White space, and commas: empty elements of a list count for nothing (RFC 9110 section 5.6.1)."""
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a `Link` header."""

    target: str
    """Absolute."""
    relations: tuple[str, ...]
    """Lower case."""
    values: Mapping[str, str] = field(default_factory=dict)
    """All its parameters, by names in lower case."""


def read_links(header: str, url: str) -> tuple[Link, ...]:
    """Read a `Link` header, or several joined by commas (RFC 8288 section 3).

    ``url`` is the document's own address. A link about another document (`anchor`) is left out, so is what
    follows a mistake in the syntax.
    """
    text, at = header[:_HEADER_MOST], 0
    found: list[Link] = []
    while len(found) < _LINKS_MOST:
        between = _BETWEEN.match(text, at)
        start = at if between is None else between.end()
        if at and "," not in text[at:start]:
            break
        target = _TARGET.match(text, start)
        if target is None:
            break
        at = target.end()
        values: dict[str, str] = {}
        while parameter := _PARAMETER.match(text, at):
            at = parameter.end()
            if parameter[1]:
                value = parameter[3] if parameter[2] is None else _ESCAPED.sub(r"\1", parameter[2])
                values.setdefault(parameter[1].lower(), value or "")  # the first one counts (section 3.3)
        if link := _link(target[1], values, url):
            found.append(link)
    return tuple(found)


def _link(target: str, values: Mapping[str, str], url: str) -> Link | None:
    address = urls.absolute(target or url, url)
    relations = tuple(values.get("rel", "").lower().split())
    if address is None or not relations:
        return None
    about = urls.absolute(values["anchor"], url) if "anchor" in values else url
    if not about or urls.canonical(about) != urls.canonical(url):
        return None
    return Link(address, relations, values)
