"""robots.txt, and the parser that is given what remains of it."""

from __future__ import annotations

from protego import Protego

from daily8.net.robots import ours

_TOKEN = "daily8"
SEEDS = (
    b"User-agent: *\nDisallow: /private/\nAllow: /private/open$\nCrawl-delay: 5\nSitemap: https://x.example/s.xml\n",
    b"\xef\xbb\xbfUser-agent: Daily8\r\nUser-agent: other/2.0\r\nDisallow: /*?session=*\r\n\r\nUser-agent: *\r\nDisallow: /",
    b"Disallow: /before-any-agent\nuser agent: daily8 # note\nallow: /a%2fb\ndisallow: /\xd8\xae\ncrawl-delay: 1e400",
    b"<html><body>Not found</body></html>",
    b"User-agent: *\nDisallow: " + b"*a" * 200 + b"$\n",
)
WORDS = (
    *(
        b"User-agent: ",
        b"Disallow: ",
        b"Allow: ",
        b"Crawl-delay: ",
        b"*",
        b"$",
        b"#",
        b"\n",
        b"\r",
        b"\0",
        b"daily8",
    ),
    *(
        b"%2F",
        b"%",
        b"Sitemap: ",
        b"Request-rate: 1/5 0900-1700",
        b"Visit-time: 0600-0845",
        b"nan",
        b"inf",
        b"-1",
    ),
    *("\u2028".encode(), "\u0085".encode(), b"\xff", b"/" * 50),
)
_PAGES = ("https://x.example/", "https://x.example/private/open?x=1", "https://x.example/%D8%AE")


def one(data: bytes) -> None:
    """Read bytes as rules."""
    text = ours(data.decode("utf-8-sig", "replace"), _TOKEN)
    for line in text.split("\n"):
        field, colon, _ = line.partition(": ")
        assert not line or colon or line.endswith(":"), line
        assert not line or field in {"User-agent", "allow", "disallow", "crawl-delay"}, line
    assert ours(text, _TOKEN) == text
    rules = Protego.parse(text)
    for page in _PAGES:
        assert rules.can_fetch(page, _TOKEN) in (True, False)
    delay = rules.crawl_delay(_TOKEN)
    assert delay is None or isinstance(delay, float)
