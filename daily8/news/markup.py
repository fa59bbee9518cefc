"""Tags of a page as they stand in its text, where no tree is needed: links, bases, anchors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from daily8.news.references import unescape

_TAG = re.compile(
    r"<(link|a|base)"
    r"((?:[\s/]++[^\s/>=<]++(?:\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'|[^\s>\"'<]*+))?+)++)[\s/]*+>",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"(?<![^\s/>=\"'])([^\s/>=\"']++)\s*+=\s*+(?:\"([^\"<]*+)\"|'([^'<]*+)'|([^\s>\"'<]*+))"
)
_HIDDEN_NAMES = ("script", "style", "template", "noscript", "textarea")
_HIDDEN = re.compile(rf"<({'|'.join(_HIDDEN_NAMES)})\b|<!--", re.IGNORECASE)
_ENDS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in _HIDDEN_NAMES} | {"": re.compile("-->")}


def tags(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the ``link``, ``a`` and ``base`` tags of a text with their attributes, by names in lower case."""
    for match in _TAG.finditer(text):
        yield match[1].lower(), attributes(match[2])


def attributes(text: str) -> dict[str, str]:
    """Read the attributes of a tag, by names in lower case."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text[:8192]):
        found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or ""))
    return found


def visible(text: str) -> str:
    """Cut out scripts, styles and comments: what stands in them is no announcement. Linear."""
    out: list[str] = []
    at = 0
    hopeless: set[str] = set()
    for match in _HIDDEN.finditer(text):
        name = (match[1] or "").lower()
        if match.start() < at or name in hopeless:
            continue
        end = _ENDS[name].search(text, match.end())
        if end is None:
            hopeless.add(name)
            continue
        out.append(text[at : match.start()])
        at = end.end()
    out.append(text[at:])
    return "".join(out)
