"""Timed text of an episode: its chapters and its transcript, read from the files that feeds name.

WebVTT (W3C), SubRip, the JSON of the podcast namespace (chapters 1.2, transcripts 1.0), its HTML, plain text.
Whatever a file holds, what comes out is plain text with seconds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from daily8.news.charset import decode
from daily8.news.sanitise import plain
from daily8.news.tree import parse, squeeze, text_of
from daily8.news.types import Chapter, Line, TimedFile
from daily8.news.urls import absolute

RECIPE = "timed text 1"
CHAPTERS_MOST = 200
TITLE_MOST = 200
"""Characters of a chapter's title."""
LINES_MOST = 4_000
TEXT_MOST = 600_000
"""Characters of a transcript: some 15 hours."""
_SPEAKER_MOST = 80
_CUES_MOST = 60_000
_LONGEST = 360_000.0
"""Seconds; nothing is longer than 100 hours."""
_FULL = 420
"""Characters after which a line of a transcript ends; it ends with a sentence once it has a third of them."""
_PAUSE = 4.0
"""Seconds of silence after which a line ends."""

_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{1,2}(?:[.,]\d{1,6})?)|(\d{1,7}(?:[.,]\d{1,6})?)s?")
_ARROW = re.compile(r"^[ \t]*([\d:.,]{3,20})[ \t]+-->[ \t]+([\d:.,]{3,20})")
_VOICE = re.compile(r"^<v(?:\.[^ >]{0,80})?[ \t]+([^>]{1,200})>")
_TAG = re.compile(r"<[^<>]{0,200}>")
_SPEAKER_TAG = re.compile(r":\s*$")
_SAID = ("cite", "time", "p", "li", "div")
_ENDED = re.compile(r"[.!?؟。…][\"'”’»)]*$")
_RANKS = {
    "text/vtt": 0,
    "application/x-subrip": 1,
    "application/srt": 1,
    "text/srt": 1,
    "application/json": 2,
    "text/html": 3,
    "text/plain": 4,
}
_ENDINGS = {
    "vtt": "text/vtt",
    "srt": "application/x-subrip",
    "json": "application/json",
    "html": "text/html",
    "htm": "text/html",
    "txt": "text/plain",
}


class NotTimedText(ValueError):
    """A file holds no timed text. The message completes "The file of an episode was set aside because "."""


def seconds(text: object) -> float | None:
    """Read a place in an episode: `75`, `1:15`, `00:01:15.000`, `00:01:15,000`; nonsense is ``None``."""
    if isinstance(text, bool):
        return None
    if isinstance(text, (int, float)):
        return float(text) if 0 <= text <= _LONGEST else None
    match = _CLOCK.fullmatch(text.strip()[:30]) if isinstance(text, str) else None
    if match is None:
        return None
    hours, minutes, rest, alone = match.groups()
    found = float((rest or alone).replace(",", "."))
    found += int(hours or 0) * 3600 + int(minutes or 0) * 60
    return round(found, 3) if found <= _LONGEST else None


def in_order(chapters: Iterable[Chapter]) -> tuple[Chapter, ...]:
    """Give chapters by their start, each start once, at most `CHAPTERS_MOST`."""
    found = {chapter.start: chapter for chapter in sorted(chapters, key=lambda c: c.start)}
    return tuple(found.values())[:CHAPTERS_MOST]


def best_transcript(files: Sequence[TimedFile], language: str | None) -> TimedFile | None:
    """Choose one of several files of a transcript: in the entry's language, with times before without."""
    wanted = (language or "").partition("-")[0].lower()

    def rank(file: TimedFile) -> tuple[bool, int]:
        own = (file.language or wanted).partition("-")[0].lower()
        return bool(wanted) and own != wanted, _RANKS.get(_type_of(file.url, file.type), 9)

    known = [file for file in files if _type_of(file.url, file.type) in _RANKS]
    return min(known, key=rank, default=None)


def _type_of(url: str, stated: str | None) -> str:
    if stated in _RANKS:
        return stated
    return _ENDINGS.get(urlsplit(url).path.rpartition(".")[2].lower(), "")


def read_chapters(body: bytes, url: str) -> tuple[Chapter, ...]:
    """Read a file of chapters (JSON chapters 1.2); those that are to be kept out of tables are left out.

    :raises NotTimedText: for anything else.
    """
    data = _json(body)
    rows = data.get("chapters") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise NotTimedText("it has no list of chapters")
    found = []
    for row in rows[: 5 * CHAPTERS_MOST]:
        if not isinstance(row, dict) or row.get("toc") is False:
            continue
        start, title = seconds(row.get("startTime")), row.get("title")
        if start is not None and isinstance(title, str) and (clean := plain(title[:1000])[:TITLE_MOST]):
            link = row.get("url")
            found.append(Chapter(start, clean, absolute(link, url) if isinstance(link, str) else None))
    if not found:
        raise NotTimedText("none of its chapters has a time and a title")
    return in_order(found)


def read_transcript(body: bytes, url: str, content_type: str | None, stated: str | None) -> tuple[Line, ...]:
    """Read a transcript by what it looks like, then by its type: the feed's (``stated``) or the server's.

    :raises NotTimedText: for a file without text.
    """
    text = decode(body, content_type).lstrip("\ufeff").strip()
    kind = _type_of(url, stated)
    if kind not in _RANKS:
        kind = (content_type or "").partition(";")[0].strip().lower()
    if text.startswith("WEBVTT") or "-->" in text[:2_000]:
        lines = _cues(text)
    elif text[:1] in {"{", "["}:
        lines = _segments(_json(body))
    elif kind == "text/html" or text[:1] == "<":
        lines = _from_html(text)
    else:
        lines = [Line(part) for part in _paragraphs(text)]
    found = _bounded(_joined(lines))
    if not found:
        raise NotTimedText("it holds no text")
    return found


def _json(body: bytes) -> Any:
    try:
        return json.loads(decode(body, "application/json").lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError):
        raise NotTimedText("it is broken or no JSON") from None


def _cues(text: str) -> list[Line]:
    """Read cues of WebVTT (section 4) or SubRip: an arrow between times, text to the next blank line."""
    lines: list[Line] = []
    start: float | None = None
    said: list[str] = []

    def close() -> None:
        if start is not None and said:
            lines.append(_cue(start, said))

    for row in text.splitlines():
        if "-->" in row and (arrow := _ARROW.match(row)):
            close()
            start, said = seconds(arrow[1]), []
        elif not row.strip():
            close()
            start, said = None, []
        elif start is not None:
            said.append(row)
        if len(lines) >= _CUES_MOST:
            break
    close()
    return lines


def _cue(start: float, said: list[str]) -> Line:
    first = said[0].strip()
    voice = _VOICE.match(first)
    text = " ".join(unescape(_TAG.sub("", row)) for row in said)
    speaker = squeeze(unescape(voice[1]))[:_SPEAKER_MOST] if voice else None
    return Line(squeeze(text), start, speaker)


def _segments(data: Any) -> list[Line]:
    """Read the JSON of the podcast namespace: segments with speaker, startTime and body."""
    rows = data.get("segments") if isinstance(data, dict) else data
    if not isinstance(rows, list):
        raise NotTimedText("its JSON has no list of segments")
    lines = []
    for row in rows[:_CUES_MOST]:
        body = row.get("body", row.get("text")) if isinstance(row, dict) else None
        if isinstance(body, str):
            speaker = row.get("speaker")
            who = squeeze(plain(speaker[:400]))[:_SPEAKER_MOST] if isinstance(speaker, str) else ""
            start = seconds(row.get("startTime", row.get("start")))
            lines.append(Line(squeeze(plain(body) if "<" in body else body), start, who or None))
    return lines


def _from_html(text: str) -> list[Line]:
    """Read the HTML of the podcast namespace: ``cite`` names who speaks, ``time`` says when, ``p`` what."""
    tree = parse(text)
    if tree is None:
        return []
    etree.strip_elements(tree, "script", "style", with_tail=False)
    lines: list[Line] = []
    speaker: str | None = None
    start: float | None = None
    for element in tree.iter(*_SAID):
        if next(element.iterdescendants(*_SAID), None) is not None:
            continue
        said = text_of(element)
        if element.tag == "cite":
            speaker = _SPEAKER_TAG.sub("", said)[:_SPEAKER_MOST] or None
        elif element.tag == "time":
            start = seconds(said)
        elif said:
            lines.append(Line(said, start, speaker))
            start = None
    return lines or [Line(part) for part in _paragraphs(plain(text))]


def _paragraphs(text: str) -> list[str]:
    parts: list[list[str]] = [[]]
    for row in text.splitlines():
        if row.strip():
            parts[-1].append(row)
        elif parts[-1]:
            parts.append([])
    return [squeeze(" ".join(part)) for part in parts if part]


def _joined(lines: Iterable[Line]) -> list[Line]:
    """Join what was cut for the screen to lines that can be read: some sentences of one speaker."""
    found: list[Line] = []
    last = 0.0
    for line in lines:
        if not line.text:
            continue
        before = found[-1] if found else None
        if before is not None and _goes_on(before, line, last):
            # Rolling captions say a line twice.
            if not (len(line.text) > 15 and before.text.endswith(line.text)):
                found[-1] = replace(before, text=f"{before.text} {line.text}")
        else:
            found.append(line)
        last = line.start if line.start is not None else last
    return found


def _goes_on(before: Line, line: Line, last: float) -> bool:
    if before.start is None or line.start is None or line.speaker not in (None, before.speaker):
        return False
    size = len(before.text)
    ended = size >= _FULL // 3 and _ENDED.search(before.text[-4:]) is not None
    return not ended and size + len(line.text) <= _FULL and line.start - last <= 4 * _PAUSE


def _bounded(lines: list[Line]) -> tuple[Line, ...]:
    room = TEXT_MOST
    found = []
    for line in lines[:LINES_MOST]:
        if room <= 0:
            break
        found.append(replace(line, text=line.text[:room]) if len(line.text) > room else line)
        room -= len(line.text)
    return tuple(found)
