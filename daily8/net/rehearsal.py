"""Read one harmless document of each kind, so that a child has loaded what it needs before it is confined.

Language identification, for one, unpacks its model by a temporary file, which a confined child cannot write.
"""

from __future__ import annotations

import contextlib
import io

from PIL import Image

from daily8.net.pictures import recode
from daily8.news.extract import extract
from daily8.news.feeds import NotAFeed, parse_feed
from daily8.news.language import detect

_SENTENCE = "The town council voted on Monday to mend the old bridge before the winter comes. "
_FEED = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>Rehearsal</title><item>
<title>{_SENTENCE}</title><link>https://rehearsal.invalid/1</link><description>&lt;p&gt;{_SENTENCE}&lt;/p&gt;</description>
<pubDate>Mon, 02 Mar 2026 12:00:00 GMT</pubDate></item></channel></rss>"""
_PAGE = f"""<!doctype html><html><head><title>{_SENTENCE}</title></head><body><article><h1>{_SENTENCE}</h1>
{f"<p>{_SENTENCE * 4}</p>" * 5}</article></body></html>"""


def rehearse() -> None:
    """Read a feed, a broken one, a page, a language and a picture."""
    feed = parse_feed(_FEED.encode(), "https://rehearsal.invalid/feed")
    with contextlib.suppress(NotAFeed):
        parse_feed(_FEED.encode().replace(b"</item>", b"", 1), "https://rehearsal.invalid/feed")
    extract(_PAGE.encode(), "https://rehearsal.invalid/1", "text/html", feed.entries[0])
    detect(_SENTENCE)
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    recode(picture.getvalue())
