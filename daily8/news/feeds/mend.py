"""Mend what is not quite XML, in linear time, before a parser sees it.

No document type reaches a parser: entities cannot expand, because there are none left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5

MAX_DEPTH = 200
"""Open elements; libxml2 gives up at 256."""

MOST_TAGS = 100_000
"""Of a document that must be mended; what stands behind is dropped. A feed of 5 MB has half as many."""

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "georss": "http://www.georss.org/georss",
    "googleplay": "http://www.google.com/schemas/play-podcasts/1.0",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rsl": "https://rslstandard.org/rsl",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "video": "http://www.google.com/schemas/sitemap-video/1.1",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "yt": "http://www.youtube.com/xml/schemas/2015",
}
"""The prefix of each known namespace, as publishers write it."""

_DECLARATION = re.compile(r"<\?xml\b[^>]*\?>")
_PROLOG = re.compile(r"(?:\s++|<!--.*?-->|<\?.*?\?>)*+", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*+(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:\"([^\"&%<]{0,64})\"|'([^'&%<]{0,64})')\s*>")
_NAMED = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?!#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};)([A-Za-z][A-Za-z0-9.]*;)?"
)
_NUMBERED = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Two searches that begin with a letter are many times as fast as one for both.
_RAW_C1 = re.compile(b"\xc2[\x80-\x9f]")
_NUMBERED_C1 = re.compile("&#(?:1[2-5][0-9]|x[89][0-9a-fA-F]);")
_C1 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_TAG = re.compile(r"<(/?)([A-Za-z_][^\s/>]*+)((?:[^>\"']|\"[^\"]*+\"|'[^']*+')*+)>")
_PREFIX = re.compile(r"(?:^</?|\s)([A-Za-z_][\w.-]*):[A-Za-z_][\w.-]*(?=[\s/>=])")
_DECLARED = re.compile(r"\sxmlns:([A-Za-z_][\w.-]*)\s*=")
_CLOSERS = (
    ("<![CDATA[", "cdata", "]]>"),
    ("<!--", "other", "-->"),
    ("<?", "other", "?>"),
    ("<!", "other", ">"),
)
_FIRST_TAG = re.compile(r"<[A-Za-z_][^\s/>]*")
_BROKEN_OFF = re.compile(r"</([\w:]+)\s*\Z")
_LAST_TAG = re.compile(r"</\s*(?:rss|feed|(?:\w+:)?rdf|urlset|sitemapindex|channel)\s*>", re.IGNORECASE)


def bare(text: str) -> str:
    """Drop what may stand before the root: blanks, noise, the XML declaration, the document type.

    The simple entities that the type declares are put in place, as long as the text does not grow by half.
    """
    start = text.find("<")
    if start > 0:
        text = text[start:]
    if text.startswith("<?xml"):
        text = _DECLARATION.sub("", text, count=1)
    before = _PROLOG.match(text)
    at = before.end() if before is not None else 0
    kind = _DOCTYPE.match(text, at)
    if kind is None:
        return text
    own = {m[1]: m[2] or m[3] or "" for m in _ENTITY.finditer(kind[0])}
    rest = text[:at] + text[kind.end() :]
    if not own:
        return rest
    budget = len(rest) // 2 + 1024

    def put(match: re.Match[str]) -> str:
        nonlocal budget
        value = own.get(match[1], match[0])
        budget -= len(value) if value is not match[0] else 0
        return value if budget > 0 else ""

    return re.sub(r"&([A-Za-z_][\w.-]*);", put, rest)


def modern(text: str, data: bytes) -> str:
    """Turn the control characters of windows-1252, raw or numbered, into the letters that were meant.

    ``data`` is the text in UTF-8.
    """
    raw = len(data) != len(text) and b"\xc2" in data and _RAW_C1.search(data) is not None
    if not raw and ("&#" not in text or _NUMBERED_C1.search(text) is None):
        return text

    def one(match: re.Match[str]) -> str:
        token = match[0]
        code = int(token[3:-1], 16) if token[2] == "x" else int(token[2:-1])
        return _C1.get(code, token)

    return _NUMBERED_C1.sub(one, text.translate(_C1) if raw else text)


def _named(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return "&amp;"
    char = html5.get(name)
    if char is None:
        return f"&amp;{name}"
    return {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(char, char)


def _numbered(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    legal = code in {9, 10, 13} or 0x20 <= code <= 0x10FFFF
    return f"&#{code};" if legal and not 0xD800 <= code <= 0xDFFF and code not in {0xFFFE, 0xFFFF} else ""


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Cut a document into ``text``, ``tag``, ``cdata`` and ``other``; what has no end is text. Linear."""
    at = 0
    while (less := text.find("<", at)) != -1:
        if less > at:
            yield "text", text[at:less]
        if text.startswith(("<![CDATA[", "<!--", "<?", "<!"), less):
            kind, close = next((k, c) for o, k, c in _CLOSERS if text.startswith(o, less))
            end = text.find(close, less)
            if end == -1:
                at = less
                break
            at = end + len(close)
            yield kind, text[less:at]
        elif text[less + 1 : less + 2].isalpha() or text[less + 1 : less + 2] in {"/", "_"}:
            match = _TAG.match(text, less)
            if match is None and text[less + 1] != "/":
                at = less
                break
            at = less + 1 if match is None else match.end()
            yield ("text", "&lt;") if match is None else ("tag", match[0])
        else:
            yield "text", "&lt;"
            at = less + 1
    if at < len(text):
        yield "text", text[at:].replace("<", "&lt;")


def bounded(text: str) -> str:
    """Cut a document off behind `MOST_TAGS` opening brackets: mending costs far more than reading."""
    if text.count("<") <= MOST_TAGS:
        return text
    at = -1
    for _ in range(MOST_TAGS + 1):
        at = text.find("<", at + 1)
    return text[:at]


def mended(text: str) -> str:
    """Make a nearly well-formed document so: characters, ampersands, prefixes, what follows the end."""
    text = _BROKEN_OFF.sub(r"</\1>", _CONTROL.sub("", text))
    ends = list(_LAST_TAG.finditer(text[-65536:]))
    if ends:
        text = text[: max(0, len(text) - 65536) + ends[-1].end()]
    out: list[str] = []
    declared, used = {"xml", "xmlns"}, set()
    for kind, piece in _pieces(text):
        if kind == "tag":
            if ":" in piece:
                declared.update(_DECLARED.findall(piece))
                used.update(_PREFIX.findall(piece))
            out.append(_characters(piece) if "&" in piece else piece)
        elif kind == "text":
            out.append(_characters(piece) if "&" in piece else piece)
        elif kind == "cdata":
            out.append(piece)
    text = "".join(out)
    missing = sorted(used - declared)[:100]
    first = _FIRST_TAG.search(text)
    if missing and first is not None:
        names = "".join(f' xmlns:{p}="{NAMESPACES.get(p, "urn:prefix:" + p)}"' for p in missing)
        text = text[: first.end()] + names + text[first.end() :]
    return text


def _characters(piece: str) -> str:
    return _NUMBERED.sub(_numbered, _NAMED.sub(_named, piece))


def flattened(text: str) -> str:
    """Drop the tags that stand deeper than `MAX_DEPTH`; their text and empty elements stay."""
    out: list[str] = []
    depth = 0
    for kind, piece in _pieces(text):
        if kind != "tag":
            out.append(piece)
        elif piece[1] == "/":
            if depth <= MAX_DEPTH:
                out.append(piece)
            depth = max(0, depth - 1)
        else:
            empty = piece.endswith("/>")
            if empty or depth < MAX_DEPTH:
                out.append(piece)
            depth += not empty
    return "".join(out)
