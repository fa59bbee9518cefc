"""What must come of each behaviour on a source that was well an hour before.

Before, the source had one entry and two validators (`KEPT`). A failure keeps both; a good answer brings its
own.
"""

from __future__ import annotations

from typing import NamedTuple

from tests.faults.answers import ARABIC, CHARSETS, CHINESE, FRENCH, feed
from tests.faults.speaking import XML, answer, says

KEPT = ('"before"', "Sun, 01 Jun 2025 10:00:00 GMT")
BEFORE = says(answer(200, feed("Before").encode(), XML, f"ETag: {KEPT[0]}", f"Last-Modified: {KEPT[1]}"))


class End(NamedTuple):
    """What is stored of a source after a behaviour, and when it is asked again."""

    status: int | None
    """Of the final answer; ``None`` where there was none."""
    code: str
    """Why the next try is when it is."""
    hours: float
    """Until the next try, by no chance."""
    cause: str = ""
    """The sentence that its page shows; empty where all is well."""
    validators: tuple[str | None, str | None] = KEPT
    titles: tuple[str, ...] = ("Before",)


def _well(code: str = "quiet", hours: float = 1.5, **facts: object) -> End:
    return End(200, code, hours, **{"validators": (None, None), **facts})  # type: ignore[arg-type]


def _news(title: str = "News", code: str = "floor", hours: float = 1.0, **facts: object) -> End:
    return _well(code, hours, titles=("Before", title), **facts)


def _unreadable(sentence: str, status: int = 200) -> End:
    return End(status, "unreadable", 1.0, sentence)


def _not_found(status: int, sentence: str) -> End:
    code = "not-found" if status == 404 else "not-served"
    return End(status, code, 1.0, f"{sentence} (HTTP {status}).")


def _odd(status: int) -> End:
    return _not_found(status, "The publisher's server gave an answer that cannot be used")


def _useless(status: int) -> End:
    return _unreadable(f"The publisher's server gave an answer that cannot be used (HTTP {status}).", status)


def _without(status: int) -> End:
    sentence = f"The publisher's server answered without the document (HTTP {status})."
    return _unreadable(sentence, status)


def _broken(status: int) -> End:
    return End(status, "server-error", 1.0, f"The publisher's server failed (HTTP {status}).")


def _throttled(hours: float = 4.0) -> End:
    code = "throttled" if hours in {1.0, 4.0} else "retry-after"
    return End(429, code, hours, "The publisher says that it is asked too often (HTTP 429).")


def _busy(hours: float) -> End:
    code = "throttled" if hours == 4.0 else "retry-after"
    return End(503, code, hours, "The publisher's server is not available at the moment (HTTP 503).")


DEADLINE = 6.5
"""Seconds; above the five after which a body must not trickle."""

FINE = _well()
CUT_OFF = End(None, "no-answer", 1.0, "The site broke off before its answer was complete; try again later.")
SLOW = End(None, "no-answer", 1.0, "The site sent its answer too slowly; try again later.")
LATE = End(None, "no-answer", 1.0, "The site did not answer in full within 6.5 seconds; try again later.")
ODD = End(None, "no-answer", 1.0, "The site's answer could not be understood; try again later.")
TLS = End(
    None, "no-answer", 1.0, "The site's certificate or encryption is not in order, so nothing was fetched."
)
NO_NAME = End(
    None, "no-answer", 1.0, "No site of this name could be found; check the spelling, or try again later."
)
TOO_BIG = End(None, "not-possible", 24.0, "The answer is larger than 5 MB, the most that is fetched.")
ENDLESS = End(
    None,
    "not-possible",
    24.0,
    "The address leads on from place to place without end; use the address of the final page.",
)
NO_ADDRESS = End(
    None,
    "not-possible",
    24.0,
    "This is not an address of the web that can be fetched; it must begin with http:// or https://.",
)
BLOCKED = End(
    None, "not-possible", 24.0, "This address does not belong to the public web, so it is not fetched."
)
EMPTY = _unreadable("The document is empty.")
PAGE = _unreadable(
    "What came is a web page, not a feed; its publisher may have moved the feed or given it up."
)
TEXT = _unreadable("This is plain text or something else, not a feed.")
CUT_FEED = _unreadable("The feed breaks off before its first entry is complete.")

CONNECTIONS = {
    "fine": FINE,
    "mirrors": _well(validators=('W/"a b,c;d~é"', "Sun, 06 Nov 1994 8:49:37 GMT")),
    "stays-open": FINE,
    "answers-twice": FINE,
    "closes-when-asked-again": FINE,
    "empty": CUT_OFF,
    "resets": CUT_OFF,
    "resets-at-once": CUT_OFF,
    "hangs": LATE,
    "half-closed": CUT_OFF,
    "whole-then-open": SLOW,
    "drips-status": LATE,
    "drips-headers": LATE,
    "drips-body": SLOW,
    "drips-chunks": SLOW,
    "floods-100": ODD,
}
FRAMING = {
    "too-big-stated": TOO_BIG,
    "too-big-streamed": TOO_BIG,
    "endless-chunks": TOO_BIG,
    "huge-chunk-size": CUT_OFF,
    "bad-chunk-size": ODD,
    "chunk-size-of-a-megabyte": ODD,
    "chunks-without-an-end": CUT_OFF,
    "chunks-with-a-long-trailer": ODD,
    "length-and-chunks": ODD,
    "length-too-long": CUT_OFF,
    "length-too-short": ODD,
    "length-negative": ODD,
    "length-twice": ODD,
    "length-in-words": ODD,
    "length-in-arabic": ODD,
    "no-length": FINE,
    "http-0.9": ODD,
    "http-9.9": ODD,
    "not-http": ODD,
    "status-999": _broken(999),
    "status-42": ODD,
}
HEADERS = {
    "long-header": ODD,
    "many-headers": ODD,
    "header-without-a-name": ODD,
    "header-with-nul": ODD,
    "header-in-latin-1": EMPTY,
    "switches-protocols": ODD,
    "early-hints": FINE,
    "cookies": FINE,
}
REDIRECTS = {
    "redirects-to-itself": ENDLESS,
    "redirects-in-a-ring": ENDLESS,
    "redirects-in-a-ring-2": ENDLESS,
    "redirects-without-end": ENDLESS,
    "redirects-to-file": NO_ADDRESS,
    "redirects-to-script": NO_ADDRESS,
    "redirects-to-sentinel": BLOCKED,
    "redirects-to-metadata": BLOCKED,
    "redirects-to-a-user": NO_ADDRESS,
    "redirects-with-a-split": _not_found(404, "There is nothing at this address"),
    "redirects-nowhere": _useless(302),
    "redirects-to-nothing": _useless(302),
    "hops": FINE,
}
PACKING = {
    **dict.fromkeys(("gzip", "gzip-in-bytes", "gzip-of-two-members", "gzip-with-rubbish"), FINE),
    "gzip-that-is-plain": FINE,
    "gzip-cut-short": CUT_OFF,
    "gzip-damaged": ODD,
    "gzip-twice-named": ODD,
    "gzip-in-gzip": FINE,
    **dict.fromkeys(("deflate", "deflate-raw", "encoding-of-no-name"), FINE),
    **dict.fromkeys(("brotli-unasked", "zstd-unasked"), ODD),
    "bomb": TOO_BIG,
    "bomb-in-bomb": _unreadable("This document is larger than 5 MB, too large for a feed."),
    "bomb-of-members": EMPTY,
    **dict.fromkeys(("bomb-twice-named", "bomb-of-brotli", "bomb-of-zstd"), ODD),
    **dict.fromkeys(
        ("bomb-on-redirect", "bomb-of-brotli-on-redirect", "bomb-of-zstd-on-redirect"),
        FINE,
    ),
    "bomb-on-not-found": _not_found(404, "There is nothing at this address"),
}
STATUSES = {
    "status-202": _useless(202),
    "status-203": _useless(203),
    "status-204": _without(204),
    "status-205": _without(205),
    "status-206": _without(206),
    "status-300": _useless(300),
    "status-304": End(304, "quiet", 1.5),
    "status-304-with-a-body": ODD,
    "status-305": _useless(305),
    "status-400": _odd(400),
    "status-401": End(401, "refused", 4.0, "The publisher asks for a password at this address (HTTP 401)."),
    "status-402": _not_found(402, "The publisher asks for payment at this address"),
    "status-403": End(403, "refused", 4.0, "The publisher refuses us this address (HTTP 403)."),
    "not-found": _not_found(404, "There is nothing at this address"),
    "status-406": _odd(406),
    "status-407": _odd(407),
    "status-408": _odd(408),
    "gone": End(410, "gone-once", 24.0, "The publisher says that this address is gone for good (HTTP 410)."),
    "status-416": _odd(416),
    "status-451": _not_found(451, "The publisher may not show this address for legal reasons"),
    "server-error": _broken(500),
    "status-502": _broken(502),
    "status-504": _broken(504),
    "status-520": _broken(520),
    "error-as-a-feed": _broken(500),
}
WAITS = {
    "throttles": _throttled(1.0),  # two minutes are less than the least
    "throttles-without-a-word": _throttled(),
    "throttles-for-two-days": _throttled(48.0),
    "throttles-until-a-date": _throttled(6.0),
    "throttles-in-rfc-850": _throttled(6.0),
    "throttles-in-asctime": _throttled(6.0),
    "throttles-by-a-wrong-clock": _throttled(6.0),
    "throttles-for-ever": _throttled(168.0),
    "throttles-until-2099": _throttled(168.0),
    "throttles-in-the-past": _throttled(),
    "throttles-by-a-negative": _throttled(),
    "throttles-by-nought": _throttled(),
    "throttles-by-a-fraction": _throttled(),
    "throttles-by-words": _throttled(),
    "throttles-twice": _throttled(),
    "throttles-in-a-flood": _throttled(168.0),
    "is-busy": _busy(4.0),
    "is-busy-for-two-days": _busy(48.0),
    "fails-for-two-days": _broken(500),
    "is-well-for-three-days": _news(code="retry-after", hours=72.0),
    "is-fresh-for-ever": _news(code="max-age", hours=24.0),
    "is-fresh-for-eternity": _news(code="max-age", hours=24.0),
    "is-fresh-until-2099": _news(code="expires", hours=24.0),
    "is-fresh-for-six-hours": _news(code="max-age", hours=6.0),
    "is-fresh-by-its-own-clock": _news(code="expires", hours=6.0),
    "is-fresh-and-is-not": _news(),
    "is-never-fresh": _news(validators=('"kept"', None)),
    "is-fresh-for-a-second": _news(code="lively", hours=0.5),
    "lives-for-a-century": _news(code="ttl", hours=24.0),
    "skips-every-hour": _news(),
}
VALIDATORS = {
    "etag-weak": _well(validators=('W/"é, ü"', None)),
    "etag-without-quotes": _well(validators=("a1b2", None)),
    "etag-of-quotes": _well(validators=(r'"a\"b""c"', None)),
    "etag-of-spaces": _well(),
    "etag-of-7-kb": _well(validators=(f'"{"x" * 7000}"', None)),
    "etag-of-10-kb": _well(),  # what is longer than 8,000 characters no server would take
    "etag-of-20-kb": ODD,
    "etag-that-splits": _well(validators=('"a X-Evil: 1"', None)),
    "etag-that-injects": ODD,
    "etag-in-latin-1": _well(),
    "etag-twice": _well(validators=('"a", "b"', None)),
    "modified-by-a-zone": _well(validators=(None, "Sun, 1 Jun 2025 14:00:00 +0200")),
    "modified-in-rfc-850": _well(validators=(None, "Sunday, 01-Jun-25 12:00:00 GMT")),
    "modified-in-asctime": _well(validators=(None, "Sun Jun  1 12:00:00 2025")),
    "modified-in-words": _well(validators=(None, "last Sunday; around noon")),
    "modified-in-the-future": _well(validators=(None, "Thu, 31 Dec 2099 23:59:59 GMT")),
    "validators-that-change": _well(validators=('"one"', None)),
    "validators-that-vanish": FINE,
    "304-of-another": End(304, "quiet", 1.5, validators=('"another"', KEPT[1])),
    "304-that-dates-anew": End(304, "quiet", 1.5, validators=('"before"', "Mon, 02 Jun 2025 09:00:00 GMT")),
}
DOCUMENTS = {
    **dict.fromkeys(("empty-200", "blank-200", "a-mark-and-nothing"), EMPTY),
    **dict.fromkeys(("web-page", "web-page-called-a-feed", "login-page", "leads-to-a-login"), PAGE),
    "meta-refresh": PAGE,
    "plain-text": TEXT,
    "json-of-another-kind": _unreadable("This is JSON, but not a JSON Feed."),
    "json-cut-off": _unreadable("This looks like JSON, but it is broken or breaks off."),
    "opml": _unreadable("This is a list of subscriptions (OPML), not a feed."),
    "picture": TEXT,
    "picture-called-a-feed": TEXT,
    "another-kind-of-xml": _unreadable("This is a document of another kind (<svg>), not a feed."),
    "feed-without-entries": FINE,
    "feed-cut-in-its-head": CUT_FEED,
    # What was cut off must not be hidden behind a 304.
    "feed-cut-in-its-second": _news("Second", validators=KEPT),
    "laughs": FINE,
    "reads-our-files": _news("Read &x;"),
    "deep": _well(validators=KEPT),
    "attributes": CUT_FEED,
    "comments": CUT_FEED,
    "six-megabytes": TOO_BIG,
}
LETTERS = dict.fromkeys(CHARSETS, _news(ARABIC)) | {
    "windows-1252-named-utf-8": _news(FRENCH),
    "gb18030": _news(CHINESE),
    "nul-in-the-text": _news("Before noon"),
    "stowaways": _news(f"{ARABIC} “ha”"),
}

ENDS: dict[str, dict[str, End]] = {
    "connections": CONNECTIONS,
    "framing": FRAMING,
    "headers": HEADERS,
    "redirects": REDIRECTS,
    "packing": PACKING,
    "statuses": STATUSES,
    "waits": WAITS,
    "validators": VALIDATORS,
    "documents": DOCUMENTS,
    "letters": LETTERS,
}
"""By theme and behaviour."""
