"""Chapters and transcripts, from every format in which feeds name them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.feeds import parse_feed
from daily8.news.timed_texts import (
    CHAPTERS_MOST,
    LINES_MOST,
    NotTimedText,
    best_transcript,
    read_chapters,
    read_transcript,
    seconds,
)
from daily8.news.types import Chapter, Episode, TimedFile

URL = "https://radio.example/7"
SPACES = (
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:psc="http://podlove.org/simple-chapters" '
    'xmlns:podcast="https://podcastindex.org/namespace/1.0"'
)


def transcript(text: str, stated: str | None = None) -> list[tuple[float | None, str | None, str]]:
    lines = read_transcript(text.encode(), URL, None, stated)
    return [(line.start, line.speaker, line.text) for line in lines]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("75", 75.0),
        ("75.5", 75.5),
        ("1:15", 75.0),
        ("01:01:15.250", 3675.25),
        ("00:01:15,000", 75.0),
        ("90s", 90.0),
        (" 5 ", 5.0),
        (12, 12.0),
        (0.5, 0.5),
        (-1, None),
        (True, None),
        ("", None),
        ("x", None),
        ("1:2:3:4", None),
        ("99999999", None),
        (None, None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_places_in_an_episode(text: object, expected: float | None) -> None:
    assert seconds(text) == expected


def test_what_a_feed_says_of_an_episode() -> None:
    feed = f"""<rss version="2.0" {SPACES}><channel><title>Radio</title><item><title>The crane</title>
    <itunes:season>2</itunes:season><podcast:episode>7</podcast:episode>
    <podcast:person role="host">Mara &amp;amp; Quill</podcast:person><podcast:person>Bo</podcast:person>
    <psc:chapters version="1.2"><psc:chapter start="0:30" title="The crane" href="/crane"/>
    <psc:chapter start="00:00:00.000" title="Hello"/><psc:chapter title="lost"/></psc:chapters>
    <podcast:chapters url="/7.chapters.json" type="application/json+chapters"/>
    <podcast:transcript url="/7.txt" type="text/plain"/><podcast:transcript url="/7.vtt" type="text/vtt"/>
    <podcast:transcript url="javascript:alert(1)" type="text/vtt"/>
    <enclosure url="/7.mp3" type="audio/mpeg"/></item></channel></rss>"""
    [entry] = parse_feed(feed.encode(), URL).entries
    assert entry.episode == Episode(2, 7, ("Mara & Quill", "Bo"))
    assert entry.chapters == (Chapter(0, "Hello"), Chapter(30, "The crane", "https://radio.example/crane"))
    assert entry.timed == (
        TimedFile("chapters", "https://radio.example/7.chapters.json", "application/json+chapters"),
        TimedFile("transcript", "https://radio.example/7.vtt", "text/vtt"),
    )


def test_the_best_transcript_is_in_the_language_then_with_times() -> None:
    def file(name: str, kind: str | None, language: str | None = None) -> TimedFile:
        return TimedFile("transcript", f"https://radio.example/{name}", kind, language)

    text, vtt = file("7.txt", "text/plain", "ar"), file("7.vtt", "text/vtt", "en")
    assert best_transcript([text, vtt], "ar-EG") == text
    assert best_transcript([text, vtt], "en") == vtt
    assert best_transcript([text, vtt], None) == vtt
    named = file("7.srt", None)
    assert best_transcript([file("7.pdf", "application/pdf"), named], None) == named
    assert best_transcript([file("7.pdf", "application/pdf")], None) is None


def test_chapters_of_json() -> None:
    rows = [
        {"startTime": 60, "title": "The <b>crane</b>", "url": "/crane"},
        {"startTime": "0", "title": "Hello", "url": "javascript:alert(1)"},
        {"startTime": 70, "title": "Silent", "toc": False},
        {"startTime": 80, "title": ""},
        {"title": "Nowhere"},
        "no",
    ]
    body = json.dumps({"version": "1.2.0", "chapters": rows}).encode()
    assert read_chapters(body, URL) == (
        Chapter(0, "Hello"),
        Chapter(60, "The crane", "https://radio.example/crane"),
    )


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"chapters": 5}', b'{"chapters": []}', b"[" * 100_000]
)
def test_what_is_no_list_of_chapters(body: bytes) -> None:
    with pytest.raises(NotTimedText):
        read_chapters(body, URL)


def test_chapters_are_bounded() -> None:
    rows = [{"startTime": n, "title": "t" * 9999} for n in range(900)]
    found = read_chapters(json.dumps({"chapters": rows}).encode(), URL)
    assert len(found) == CHAPTERS_MOST
    assert len(found[0].title) <= 200


def test_webvtt() -> None:
    text = """WEBVTT - The crane

STYLE
::cue { color: red }

NOTE
not --> said

intro
00:00.000 --> 00:02.000 align:start
<v Mara Quill>Good <i>morning</i> &amp;
welcome.

00:00:03.000 --> 00:00:05.000
<v Bo>Thanks <00:00:04.000><c.loud>for having me</c>.

01:00:06.500 --> 01:00:07.000
<v Bo>Much later.
"""
    assert transcript(text) == [
        (0, "Mara Quill", "Good morning & welcome."),
        (3, "Bo", "Thanks for having me."),
        (3606.5, "Bo", "Much later."),
    ]


def test_subrip_in_any_line_ends_is_joined_to_sentences() -> None:
    rows = [
        f"{n}\r\n00:00:{n:02},000 --> 00:00:{n + 1:02},000\r\nThe ferry came in {n} hours late."
        for n in range(10)
    ]
    found = transcript("\r\n\r\n".join(rows), "application/srt")
    assert [start for start, _, _ in found] == [0, 5]
    assert found[0][2].startswith("The ferry came in 0 hours late. The ferry came in 1 hours late.")


def test_a_line_that_is_said_twice_stands_once() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nWe saw the lights of it\n\n00:02.000 --> 00:03.000\n"
    assert transcript(f"{text}We saw the lights of it\n") == [(1, None, "We saw the lights of it")]


def test_json_of_single_words() -> None:
    rows = [
        {"speaker": "Mara", "startTime": n / 2, "body": word} for n, word in enumerate(["It", "is", "late"])
    ]
    rows.append({"speaker": "Bo", "startTime": 2, "body": "<script>alert(1)</script>Yes"})
    assert transcript(json.dumps({"version": "1.0.0", "segments": rows})) == [
        (0, "Mara", "It is late"),
        (2, "Bo", "Yes"),
    ]


def test_html() -> None:
    text = """<cite>Mara:</cite><time>0:00</time><p>Good <b>morning</b>.</p>
    <cite>Bo:</cite><time>0:09</time><p>Hello<script>alert(1)</script>.</p>"""
    found = transcript(text, "text/html")
    assert found == [(0, "Mara", "Good morning."), (9, "Bo", "Hello.")]


def test_plain_text_has_no_times() -> None:
    assert transcript("One\nline.\n\n\nAnother <b>line</b>.", "text/plain") == [
        (None, None, "One line."),
        (None, None, "Another <b>line</b>."),
    ]


def test_arabic_stays_as_it_is() -> None:
    assert transcript("WEBVTT\n\n00:01.000 --> 00:02.000\nوصلت العبّارة.") == [(1, None, "وصلت العبّارة.")]


@pytest.mark.parametrize("text", ["", "WEBVTT", "   \n\n", "[]", '{"segments": []}', "{broken"])
def test_what_holds_no_text(text: str) -> None:
    with pytest.raises(NotTimedText):
        transcript(text)


def test_a_transcript_is_bounded() -> None:
    text = "\n\n".join(f"{n}." for n in range(3 * LINES_MOST))
    assert len(transcript(text, "text/plain")) == LINES_MOST
    assert sum(len(row[2]) for row in transcript("\n\n".join(["x" * 5000] * 500), "text/plain")) == 600_000


@given(st.text(alphabet='WEBVTT\n->:0123456789.,<v i>&;{}[]"a', max_size=300))
def test_nothing_else_is_raised(text: str) -> None:
    try:
        lines = read_transcript(text.encode(), URL, None, None)
    except NotTimedText:
        return
    assert all(line.text for line in lines)
