"""Files of chapters and transcripts, in every format."""

from __future__ import annotations

from contextlib import suppress

from daily8.news.timed_texts import LINES_MOST, TEXT_MOST, NotTimedText, read_chapters, read_transcript
from tests.faults.answers import ARABIC
from tests.fuzz.holding import is_address

URL = "https://fuzz.example/7"
SEEDS = (
    b"WEBVTT - x\n\nNOTE a\n\n1\n00:00.000 --> 00:02.000 align:start\n<v Ann B>Hi <i>you</i> &amp;\nall\n\n",
    b"1\r\n00:00:01,000 --> 00:00:02,000\r\n" + ARABIC.encode() + b"\r\n\r\n2\r\n00:00:03,5 --> 1\r\nyou",
    b'{"version":"1.0.0","segments":[{"speaker":"A","startTime":0.5,"endTime":1,"body":"One <b>x</b>"}]}',
    b'{"chapters":[{"startTime":0,"title":"In","url":"/a","toc":true},{"startTime":"1:02","title":"B"}]}',
    b"<cite>Kevin:</cite><time>0:00</time><p>We have an <b>update</b>.</p><div><p>x<script>1</script></p></div>",
    b"One\nline.\n\nAnother.",
)
WORDS = (
    *(b"WEBVTT\n", b" --> ", b"00:00:01.000", b"<v ", b"</v>", b"&#0;", b"\n\n", b"<c.x>", b"99:99:99"),
    *(
        b'"segments":',
        b'"startTime":',
        b'"body":',
        b'"chapters":',
        b'"title":',
        b"NaN",
        b"-1",
        b"1e999",
        b"null",
    ),
    *(b"<time>", b"<cite>", b"<p>", b"<div>" * 300, b"\\u0000", b"[" * 2000),
)


def one(data: bytes) -> None:
    """Read bytes as a transcript, and as chapters."""
    with suppress(NotTimedText):
        lines = read_transcript(data, URL, None, None)
        assert len(lines) <= LINES_MOST
        assert sum(len(line.text) for line in lines) <= TEXT_MOST
        assert all(line.text and (line.start is None or line.start >= 0) for line in lines)
    with suppress(NotTimedText):
        chapters = read_chapters(data, URL)
        assert [c.start for c in chapters] == sorted({c.start for c in chapters})
        for chapter in chapters:
            is_address(chapter.url)
