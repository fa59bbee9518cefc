"""Put the newsroom's pages together: publishers and stories in, rows of the replay corpus out.

A file of ``stories/`` begins with a note to editors that holds ``story:`` and ``topic:``. Each article begins
with ``@@ publisher -3h``, then ``key: value`` lines, a blank line and the body (see `markup`). Keys: title,
dek, author, section, tags (``a; b``), motif, caption, credit; if need be id, topic, updated, kind, duration
(seconds). A re-posted agency text names its original (``copy: id``), how many last paragraphs it leaves out
(``drop: 1``) and words that it changes (``swap: old => new``); what it does not say itself it takes over.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from daily8.replay.newsroom.markup import to_html

_MINUTES = {"m": 1, "h": 60, "d": 1440}
_WHEN = re.compile(r"([+-])(\d+)([mhd])")
_HEAD = re.compile(r"([a-z-]+):\s*(.*)")
TOPICS = (
    "world",
    "politics",
    "business",
    "technology",
    "science",
    "health",
    "sport",
    "culture",
    "weather",
    "lifestyle",
    "opinion",
)


class NewsroomError(ValueError):
    """A data file of the newsroom breaks its own form; the message names the file and the place."""


@dataclass(slots=True)
class _Sheet:
    """One article as written: who, when, its head and its body in the newsroom's mark-up."""

    id: str
    publisher: str
    published: str
    story: str | None
    head: dict[str, str]
    body: str
    swaps: list[tuple[str, str]] = field(default_factory=list)


def minutes(when: str) -> int:
    """Give a relative time such as ``-3h`` or ``+6m`` as minutes from now, negative in the past.

    :raises NewsroomError: for any other form.
    """
    match = _WHEN.fullmatch(when)
    if match is None:
        raise NewsroomError(f"{when!r} is no relative time; write -17m, -3h, -2d or +6m")
    sign, number, unit = match.groups()
    return int(sign + number) * _MINUTES[unit]


def publishers() -> dict[str, dict[str, str]]:
    """Give the facts of every publisher by slug.

    Keys of the facts: ``name``, ``lang``, ``country`` (ISO 3166-1 alpha-2), ``kind`` (of owner), ``owner``,
    ``type`` (what sort of house it is) and ``home`` (how it describes itself, in its own language).
    """
    text = (resources.files(__package__) / "publishers.json").read_text("utf-8")
    facts: dict[str, dict[str, str]] = json.loads(text)
    return facts


def _preface(text: str, where: str) -> tuple[str | None, str]:
    """Give the story and the topic that the first lines of a file name; the rest is a note to editors."""
    story = re.search(r"^story: (\S+)$", text, flags=re.MULTILINE)
    topic = re.search(r"^topic: (\S+)$", text, flags=re.MULTILINE)
    if story is None or topic is None or topic[1] not in TOPICS:
        raise NewsroomError(f"{where}: must begin with 'story: name' (or '-') and a known 'topic: name'")
    return (None if story[1] == "-" else story[1]), topic[1]


def _sheet(text: str, story: str | None, where: str, taken: dict[str, int]) -> _Sheet:
    """Read one article: its first line (publisher and time), its head, a blank line, its body."""
    head_text, _, body = text.partition("\n\n")
    first, *lines = head_text.splitlines()
    try:
        publisher, published = first.split()
    except ValueError:
        raise NewsroomError(f"{where}: '@@ {first}' must name a publisher and a time") from None
    head: dict[str, str] = {}
    swaps: list[tuple[str, str]] = []
    for line in lines:
        match = _HEAD.fullmatch(line)
        if match is None:
            raise NewsroomError(f"{where}: {line!r} under '@@ {first}' is no 'key: value'")
        key, value = match.groups()
        if key == "swap":
            old, _, new = value.partition(" => ")
            swaps.append((old, new))
        elif key in head:
            raise NewsroomError(f"{where}: {key!r} stands twice under '@@ {first}'")
        else:
            head[key] = value
    base = head.get("id") or f"{story}-{publisher}"
    taken[base] = taken.get(base, 0) + 1
    ident = base if taken[base] == 1 else f"{base}-{taken[base]}"
    return _Sheet(ident, publisher, published, story, head, body.strip(), swaps)


def _sheets() -> Iterator[_Sheet]:
    """Read every story file, in the order of their names."""
    folder = resources.files(__package__) / "stories"
    taken: dict[str, int] = {}
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".txt"):
            continue
        preface, *articles = re.split(r"^@@ ", file.read_text("utf-8"), flags=re.MULTILINE)
        story, topic = _preface(preface, file.name)
        for text in articles:
            sheet = _sheet(text, story, file.name, taken)
            sheet.head.setdefault("topic", topic)
            yield sheet


def _copied(sheet: _Sheet, originals: dict[str, _Sheet]) -> _Sheet:
    """Fill a re-posted agency text from its original: the last ``drop`` paragraphs cut, words swapped."""
    original = originals.get(sheet.head["copy"])
    if original is None:
        raise NewsroomError(f"{sheet.id}: copies {sheet.head['copy']!r}, which is not there")
    parts = original.body.split("\n\n")
    body = "\n\n".join(parts[: len(parts) - int(sheet.head.get("drop", "0"))])
    for old, new in sheet.swaps:
        if old not in body:
            raise NewsroomError(f"{sheet.id}: nothing to swap for {old!r}")
        body = body.replace(old, new)
    body = "\n\n".join(part for part in (body, sheet.body) if part)
    head = {key: value for key, value in original.head.items() if key != "updated"} | sheet.head
    return _Sheet(sheet.id, sheet.publisher, sheet.published, sheet.story, head, body)


def _address(sheet: _Sheet, lang: str, digest: str) -> str:
    """Give the path of an article, which tells nothing about its story but what its title tells."""
    words = re.findall(r"[a-z0-9]+", sheet.head["title"].lower())[:7] if lang == "en" else []
    return "/article/" + "-".join([digest, *words])


def _row(sheet: _Sheet, facts: dict[str, str]) -> dict[str, Any]:
    """Give an article as a row of the replay corpus."""
    head = sheet.head
    kind = head.get("kind", "text")
    digest = hashlib.blake2b(sheet.id.encode(), digest_size=5).hexdigest()
    row: dict[str, Any] = {
        "id": sheet.id,
        "publisher": sheet.publisher,
        "publisher_name": facts["name"],
        "publisher_country": facts["country"],
        "publisher_kind": facts["kind"],
        "publisher_owner": facts["owner"],
        "lang": facts["lang"],
        "published": sheet.published,
        "title": head["title"],
        "dek": head["dek"],
        "author": [name.strip() for name in head["author"].split(";")],
        "html": to_html(sheet.body, digest),
        "section": head["section"],
        "topic": head["topic"],
        "tags": [tag.strip() for tag in head["tags"].split(";")],
        "kind": kind,
        "image": f"/img/{head['motif']}-{digest}.jpg",
        "motif": head["motif"],
        "caption": head["caption"],
        "credit": head["credit"],
        "rights": "full",
        "story": sheet.story,
        "url": _address(sheet, facts["lang"], digest),
    }
    if "copy" in head:
        row["copy_of"] = head["copy"]
    if "updated" in head:
        row["updated"] = head["updated"]
    if kind == "video":
        row["video"] = f"/video/{digest}.mp4"
    if kind == "podcast":
        row["audio"] = f"/audio/{digest}.mp3"
    if kind != "text":
        row["duration"] = int(head["duration"])
    return row


def rows() -> Iterator[dict[str, Any]]:
    """Give every article as a row of the replay corpus, the oldest first.

    ``published`` and ``updated`` are relative to now (``-17m``, ``-3h``, ``+6m``); ``author`` and ``tags``
    are lists; ``html`` is clean body HTML; ``url``, ``image``, ``video`` and ``audio`` are paths on the
    publisher's host; ``duration`` is seconds; ``section`` is the publisher's own word, ``topic`` one of
    `TOPICS`. For tests alone: ``story``, the gold event (``None`` for an article that stands alone), and
    ``copy_of``, the agency text re-posted.

    :raises NewsroomError: when a data file breaks its form.
    """
    facts = publishers()
    sheets = {sheet.id: sheet for sheet in _sheets()}
    whole = [_copied(s, sheets) if "copy" in s.head else s for s in sheets.values()]
    for sheet in sorted(whole, key=lambda s: (minutes(s.published), s.id)):
        try:
            yield _row(sheet, facts[sheet.publisher])
        except KeyError as missing:
            raise NewsroomError(f"{sheet.id}: {missing} is missing") from None


def gold() -> dict[str, str]:
    """Give the story of every article, by id; an article that stands alone is its own story."""
    return {row["id"]: row["story"] or row["id"] for row in rows()}
