"""Answers that keep to the protocol and are no good all the same: statuses, waits, validators, documents."""

from __future__ import annotations

import asyncio
from html import escape

from tests.faults.speaking import XML, Behaviour, Request, answer, redirects, says

ARABIC = "وصلت العبّارة إلى الميناء أخيرًا بعد تأخير طويل"
FRENCH = "Le café de l’école était fermé à Noël"
CHINESE = "渡轮终于抵达港口，码头上的人们松了一口气"
HTML = "Content-Type: text/html; charset=utf-8"
NAMELESS = "Content-Type: application/xml"
LOGIN = b"""<!doctype html><html><head><title>Sign in</title></head><body>
<form action="/login" method="post"><input name="user"><input name="password" type="password"></form>
</body></html>"""
REFRESH = b"""<html><head><meta http-equiv="refresh" content="0; url=http://127.0.0.1/fine"></head></html>"""
OPML = b"<opml version='2.0'><body><outline text='a' xmlUrl='http://a.example/'/></body></opml>"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
_LAUGHS = b"".join(b"<!ENTITY e%d '%s'>" % (n + 1, b"&e%d;" % n * 20) for n in range(20))


def feed(*titles: str, declared: str = "", inside: str = "") -> str:
    """Write a feed with an entry of each title; its id is the title."""
    prolog = f"<?xml version='1.0' encoding='{declared}'?>" if declared else ""
    items = "".join(
        f"<item><guid>{text}</guid><title>{text}</title><description>Nobody minded.</description></item>"
        for text in map(escape, titles)
    )
    return f"{prolog}<rss version='2.0'><channel><title>Harbour</title>{inside}{items}</channel></rss>"


def tells(title: str, *headers: str, inside: str = "") -> Behaviour:
    """Answer with a good feed of one entry."""
    return says(answer(200, feed(title, inside=inside).encode(), XML, *headers))


def written(title: str, codec: str, *, label: str = XML, declared: str = "", mark: bytes = b"") -> Behaviour:
    """Answer with a good feed in the bytes of a codec, whatever is said of them."""
    return says(answer(200, mark + feed(title, declared=declared).encode(codec), label))


def throttles(status: int, *waits: str) -> Behaviour:
    """Ask to be left alone, in as many ``Retry-After`` as are given."""
    return says(answer(status, b"", *(f"Retry-After: {wait}" for wait in waits)))


def raw(status: int, header: bytes, body: bytes = b"") -> Behaviour:
    """Answer with a header in bytes as they stand."""
    return says(answer(status, body, XML).replace(b"Connection", header + b"\r\nConnection", 1))


async def differs_each_time(request: Request, writer: asyncio.StreamWriter) -> None:
    """Send the same body each time, under validators that change with the request's own."""
    one = request.header("If-None-Match") == b'"one"'
    headers = ('ETag: "two"', "Last-Modified: Mon, 02 Jun 2025 09:00:00 GMT") if one else ('ETag: "one"',)
    writer.write(answer(200, feed("Before").encode(), XML, *headers))
    await writer.drain()


_DATED = "Date: Sun, 01 Jun 2025 13:00:00 GMT"
_DECADE_AGO = "Date: Mon, 01 Jun 2015 13:00:00 GMT"

STATUSES: dict[str, Behaviour] = {
    "status-202": says(answer(202, feed("Taken").encode(), XML)),
    "status-203": says(answer(203, feed("Taken").encode(), XML)),
    "status-204": says(answer(204, length="")),
    "status-205": says(answer(205)),
    "status-206": says(answer(206, feed("Part").encode()[:40], XML, "Content-Range: bytes 0-39/400")),
    "status-300": says(answer(300, b"<a href='/fine'>one</a>", HTML)),
    "status-304": says(answer(304, length="")),
    "status-304-with-a-body": says(answer(304, feed("Poison").encode(), XML)),
    "status-305": redirects("http://127.0.0.1:{port}/fine", 305),
    "status-400": says(answer(400)),
    "status-401": says(answer(401, b"", 'WWW-Authenticate: Basic realm="x"')),
    "status-402": says(answer(402)),
    "status-403": says(answer(403, LOGIN, HTML)),
    "not-found": says(answer(404, b"x" * 1000)),
    "status-406": says(answer(406)),
    "status-407": says(answer(407, b"", "Proxy-Authenticate: Basic")),
    "status-408": says(answer(408)),
    "gone": says(answer(410)),
    "status-416": says(answer(416)),
    "status-451": says(answer(451)),
    "server-error": says(answer(500, b"x" * 1000)),
    "status-502": says(answer(502)),
    "status-504": says(answer(504)),
    "status-520": says(answer(520)),
    "error-as-a-feed": says(answer(500, feed("Error").encode(), XML)),
}
"""Statuses other than 200."""

WAITS: dict[str, Behaviour] = {
    "throttles": throttles(429, "120"),
    "throttles-without-a-word": throttles(429),
    "throttles-for-two-days": throttles(429, "172800"),
    "throttles-until-a-date": says(answer(429, b"", _DATED, "Retry-After: Sun, 01 Jun 2025 19:00:00 GMT")),
    "throttles-in-rfc-850": says(answer(429, b"", _DATED, "Retry-After: Sunday, 01-Jun-25 19:00:00 GMT")),
    "throttles-in-asctime": says(answer(429, b"", _DATED, "Retry-After: Sun Jun  1 19:00:00 2025")),
    "throttles-by-a-wrong-clock": says(
        answer(429, b"", _DECADE_AGO, "Retry-After: Mon, 01 Jun 2015 19:00:00 GMT")
    ),
    "throttles-for-ever": throttles(429, "99999999999"),
    "throttles-until-2099": throttles(429, "Thu, 31 Dec 2099 23:59:59 GMT"),
    "throttles-in-the-past": throttles(429, "Sun, 06 Nov 1994 08:49:37 GMT"),
    "throttles-by-a-negative": throttles(429, "-5"),
    "throttles-by-nought": throttles(429, "0"),
    "throttles-by-a-fraction": throttles(429, "7200.5"),
    "throttles-by-words": throttles(429, "in a while"),
    "throttles-twice": throttles(429, "7200", "9000"),
    "throttles-in-a-flood": throttles(429, "9" * 5000),
    "is-busy": throttles(503),
    "is-busy-for-two-days": throttles(503, "172800"),
    "fails-for-two-days": throttles(500, "172800"),
    "is-well-for-three-days": tells("News", "Retry-After: 259200"),
    "is-fresh-for-ever": tells("News", "Cache-Control: max-age=2147483648"),
    "is-fresh-for-eternity": tells("News", f"Cache-Control: max-age={'9' * 400}"),
    "is-fresh-until-2099": tells("News", "Expires: Thu, 31 Dec 2099 23:59:59 GMT"),
    "is-fresh-for-six-hours": tells("News", "Cache-Control: public, max-age=28800", "Age: 7200"),
    "is-fresh-by-its-own-clock": tells("News", _DECADE_AGO, "Expires: Mon, 01 Jun 2015 19:00:00 GMT"),
    "is-fresh-and-is-not": tells("News", "Cache-Control: no-cache, max-age=86400"),
    "is-never-fresh": tells("News", "Expires: 0", 'ETag: "kept"'),
    "is-fresh-for-a-second": tells("News", "Cache-Control: max-age=1"),
    "lives-for-a-century": tells("News", inside="<ttl>52560000</ttl>"),
    "skips-every-hour": tells(
        "News", inside="<skipHours>" + "".join(f"<hour>{n}</hour>" for n in range(25)) + "</skipHours>"
    ),
}
"""What a server can say of when it wants to be asked again."""

VALIDATORS: dict[str, Behaviour] = {
    "etag-weak": tells("Before", 'ETag: W/"é, ü"'.encode().decode("latin-1")),
    "etag-without-quotes": tells("Before", "ETag: a1b2"),
    "etag-of-quotes": tells("Before", r'ETag: "a\"b""c"'),
    "etag-of-spaces": tells("Before", "ETag:    "),
    "etag-of-7-kb": tells("Before", f'ETag: "{"x" * 7000}"'),
    "etag-of-10-kb": tells("Before", f'ETag: "{"x" * 10_000}"'),
    "etag-of-20-kb": tells("Before", f'ETag: "{"x" * 20_000}"'),
    "etag-that-splits": raw(200, b'ETag: "a\r\n X-Evil: 1"', feed("Before").encode()),
    "etag-that-injects": raw(200, b'ETag: "a\rX-Evil: 1"', feed("Before").encode()),
    "etag-in-latin-1": raw(200, b'ETag: "\xe9"', feed("Before").encode()),
    "etag-twice": tells("Before", 'ETag: "a"', 'ETag: "b"'),
    "modified-by-a-zone": tells("Before", "Last-Modified: Sun, 1 Jun 2025 14:00:00 +0200"),
    "modified-in-rfc-850": tells("Before", "Last-Modified: Sunday, 01-Jun-25 12:00:00 GMT"),
    "modified-in-asctime": tells("Before", "Last-Modified: Sun Jun  1 12:00:00 2025"),
    "modified-in-words": tells("Before", "Last-Modified: last Sunday; around noon"),
    "modified-in-the-future": tells("Before", "Last-Modified: Thu, 31 Dec 2099 23:59:59 GMT"),
    "validators-that-change": differs_each_time,
    "validators-that-vanish": tells("Before"),
    "304-of-another": says(answer(304, b"", 'ETag: "another"', length="")),
    "304-that-dates-anew": says(answer(304, b"", "Last-Modified: Mon, 02 Jun 2025 09:00:00 GMT", length="")),
}
"""What a server can say of which answer it gave."""

DOCUMENTS: dict[str, Behaviour] = {
    "empty-200": says(answer(200)),
    "blank-200": says(answer(200, b" \r\n\t " * 100, XML)),
    "a-mark-and-nothing": says(answer(200, b"\xef\xbb\xbf", XML)),
    "web-page": says(answer(200, b"<!doctype html><title>Hello</title>", HTML)),
    "web-page-called-a-feed": says(answer(200, b"<!doctype html><title>Hello</title>", XML)),
    "login-page": says(answer(200, LOGIN, HTML)),
    "leads-to-a-login": redirects("/login-page"),
    "meta-refresh": says(answer(200, REFRESH, HTML)),
    "plain-text": says(answer(200, b"OK", "Content-Type: text/plain")),
    "json-of-another-kind": says(answer(200, b'{"error": "no such feed"}', "Content-Type: application/json")),
    "json-cut-off": says(answer(200, b'{"version": "https://jsonfeed.org/version/1", "items": [{"id"')),
    "opml": says(answer(200, OPML, "Content-Type: text/x-opml")),
    "picture": says(answer(200, PICTURE, "Content-Type: image/png")),
    "picture-called-a-feed": says(answer(200, PICTURE, XML)),
    "another-kind-of-xml": says(answer(200, b"<?xml version='1.0'?><svg/>", XML)),
    "feed-without-entries": says(answer(200, feed().encode(), XML)),
    "feed-cut-in-its-head": says(answer(200, feed("Before").encode()[:50], XML)),
    "feed-cut-in-its-second": says(
        answer(200, feed("Before", "Second").encode()[:-60], XML, 'ETag: "of what breaks off"')
    ),
    "laughs": says(
        answer(
            200, b"<!DOCTYPE r [<!ENTITY e0 'ha'>" + _LAUGHS + b"]><rss><channel>&e20;</channel></rss>", XML
        )
    ),
    "reads-our-files": says(
        answer(
            200,
            b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss version='2.0'><channel>"
            b"<item><guid>1</guid><title>Read &x;</title></item></channel></rss>",
            XML,
        )
    ),
    "deep": says(answer(200, b"<rss version='2.0'><channel>" + b"<item>" * 100_000, XML)),
    "attributes": says(answer(200, b"<rss " + b'a="1" ' * 20_000 + b">", XML)),
    "comments": says(answer(200, b"<rss><!--" + b"<!--" * 50_000, XML)),
    "six-megabytes": says(answer(200, b"<rss>" + b" " * 6_000_000, XML)),
}
"""What a server can answer in the place of a feed."""

CHARSETS: dict[str, Behaviour] = {
    "utf-8-with-a-mark": written(ARABIC, "utf-8", mark=b"\xef\xbb\xbf", declared="windows-1252"),
    "utf-16-with-a-mark": written(ARABIC, "utf-16-le", mark=b"\xff\xfe"),
    "utf-16-without-a-mark": written(ARABIC, "utf-16-be", label=NAMELESS, declared="utf-16"),
    "utf-32-with-a-mark": written(ARABIC, "utf-32-le", mark=b"\xff\xfe\0\0"),
    "windows-1252-named-utf-8": written(FRENCH, "cp1252", declared="utf-8"),
    "windows-1256-named-utf-8": written(ARABIC, "cp1256", declared="utf-8"),
    "windows-1256": written(ARABIC, "cp1256", label=NAMELESS, declared="windows-1256"),
    "windows-1256-unnamed": written(ARABIC, "cp1256", label=NAMELESS),
    "gb18030": written(CHINESE, "gb18030", label=NAMELESS, declared="gb2312"),
    "utf-8-named-latin-1": written(ARABIC, "utf-8", label="Content-Type: text/xml; charset=iso-8859-1"),
    "header-against-declaration": written(
        ARABIC, "cp1256", label="Content-Type: text/xml; charset=windows-1256", declared="utf-16"
    ),
    "declaration-against-header": written(
        ARABIC, "cp1256", label="Content-Type: text/xml; charset=utf-16", declared="windows-1256"
    ),
    "charset-of-no-name": written(ARABIC, "utf-8", label="Content-Type: text/xml; charset=x-zip-bomb"),
    "nul-in-the-text": says(answer(200, feed("Before noon").replace("noon", "no\0on").encode(), XML)),
    "stowaways": says(answer(200, feed(f"{ARABIC} x").encode().replace(b" x", b" \x93ha\x94"), XML)),
}
"""In what letters a server can write."""

ANSWERS = STATUSES | WAITS | VALIDATORS | DOCUMENTS | CHARSETS
