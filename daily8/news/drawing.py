"""Draw blocks from a tree: each block with the element it came from and how much of it is links.

The walk keeps every text: what is no block of its own becomes a paragraph, inline marks are closed at a
paragraph's end and opened again behind it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from lxml.html import HtmlElement

from daily8.news.embeds import embed_at
from daily8.news.figures import figure_image, image_of
from daily8.news.references import unescape
from daily8.news.tree import squeeze, text_of
from daily8.news.types import Block, Embed, Heading, Image, ListBlock, Paragraph, Quote, Rule, Table
from daily8.news.typography import mended
from daily8.news.urls import absolute

INLINE = {
    "a": "a",
    "b": "strong",
    "strong": "strong",
    "i": "em",
    "em": "em",
    "cite": "cite",
    "code": "code",
    "kbd": "kbd",
    "sub": "sub",
    "sup": "sup",
    "q": "q",
    "s": "s",
    "del": "s",
    "mark": "mark",
    "small": "small",
    "abbr": "abbr",
    "bdi": "bdi",
    "bdo": "bdo",
}
"""Inline tags that are kept, and how they are written."""
_PLAIN_INLINE = frozenset(
    {
        "span",
        "font",
        "u",
        "ins",
        "big",
        "time",
        "label",
        "data",
        "tt",
        "var",
        "samp",
        "dfn",
        "acronym",
        "nobr",
    }
    | {"ruby", "rb", "rt", "rp", "wbr", "strike", "blink", "address", "output", "meter", "center"}
) - {"address", "center"}
_SKIPPED = frozenset(
    {"script", "style", "template", "noscript", "head", "svg", "math", "select", "textarea", "input"}
    | {
        "object",
        "embed",
        "applet",
        "canvas",
        "map",
        "link",
        "meta",
        "title",
        "datalist",
        "progress",
        "dialog",
    }
)
_MENUS = frozenset({"nav", "menu", "button"})
_HEADINGS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}
_POST = re.compile(
    r"twitter-tweet|twitter-video|instagram-media|tiktok-embed|bluesky-embed|text-post-media|fb-post|reddit-"
)
_EMPTY_TAG = re.compile(
    r"<(strong|em|cite|code|kbd|sub|sup|q|s|mark|small|abbr|bdi|bdo|a)(?: [^<>]*)?>(\s*)</\1>"
)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_SPACED = re.compile(r"[\t\n\r\f]|  ")
_MARKED = re.compile(r"[&<>]")
_WIDE = re.compile(r"^ +|[ \r\f]{2,}")
_BREAKS = re.compile(r"(?:\s*<br>\s*){2,}")
_EDGE = re.compile(r"^(?:\s|<br>|&nbsp;|\xa0)+|(?:\s|<br>|&nbsp;|\xa0)+$")
_JOINED_LINK = re.compile(r"</(strong|em)>(\s*)<\1>")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A block with its origin; ``linked`` are the characters of ``text`` that stand in links."""

    block: Block
    element: HtmlElement
    text: str
    linked: int


def draw(root: HtmlElement, base: str | None = None, *, page: bool = False) -> list[Drawn]:
    """Draw the blocks under an element in document order, nothing judged yet.

    Inline HTML is not yet sanitised, nor are links in it absolute. Of a whole ``page``, menus are left out or
    drawn as bare text.
    """
    pen = Pen(base, page=page)
    pen.walk(root)
    pen.flush(root)
    return pen.out


class Pen:
    """The state of a walk: blocks so far, the paragraph being written, inline marks that are open."""

    def __init__(self, base: str | None, without: HtmlElement | None = None, *, page: bool = False) -> None:
        self.base = base
        self.without = without
        self.page = page
        self.out: list[Drawn] = []
        self.parts: list[str] = []
        self.plain: list[str] = []
        self.linked = 0
        self.open: list[tuple[str, str]] = []

    def flush(self, element: HtmlElement) -> None:
        """End the paragraph, split at double line breaks; open marks close and open again."""
        if not self.plain and len(self.parts) == len(self.open):
            return
        if not "".join(self.plain).isspace():
            closing = "".join(f"</{name}>" for name, _ in reversed(self.open))
            markup = tidy("".join(self.parts) + closing)
            text = squeeze("".join(self.plain))
            if text:
                self._paragraphs(markup, text, element)
        self.parts = [tag for _, tag in self.open]
        self.plain = []
        self.linked = 0

    def _paragraphs(self, markup: str, text: str, element: HtmlElement) -> None:
        pieces = [p for p in split_breaks(markup) if p]
        if len(pieces) == 1:
            self.out.append(Drawn(Paragraph(pieces[0]), element, text, self.linked))
            return
        for piece in pieces:
            bare = squeeze(unescape(re.sub(r"<[^>]+>", "", piece.replace("<br>", " "))))
            self.out.append(Drawn(Paragraph(piece), element, bare, min(self.linked, len(bare))))

    def add(self, block: Block, element: HtmlElement, text: str = "", linked: int = 0) -> None:
        self.flush(element)
        self.out.append(Drawn(block, element, text, linked))

    def write(self, text: str | None) -> None:
        if not text or (not self.plain and text.isspace()):
            return
        if not text.isascii() or "&" in text:
            text = text if self._verbatim() else mended(text)
        self.plain.append(text)
        if self.open and any(name == "a" for name, _ in self.open):
            self.linked += len(text)
        if _SPACED.search(text):
            text = _SPACES.sub(" ", text)
        self.parts.append(escape(text, quote=False) if _MARKED.search(text) else text)

    def _verbatim(self) -> bool:
        return any(name in {"code", "kbd"} for name, _ in self.open)

    def walk(self, element: HtmlElement) -> None:
        """Write an element's text and children; the element itself is already placed."""
        self.write(element.text)
        for child in element:
            tag = child.tag
            if isinstance(tag, str):
                self.place(child, tag)
            self.write(child.tail)

    def place(self, element: HtmlElement, tag: str) -> None:
        if tag in _SKIPPED or element is self.without or (self.page and tag in _MENUS):
            return
        if tag == "br":
            self.parts.append("<br>")
            self.plain.append("\n")
        elif tag in INLINE:
            self.inline(element, INLINE[tag])
        elif tag in _PLAIN_INLINE:
            self.walk(element)
        elif (method := _PLACES.get(tag)) is not None:
            method(self, element)
        elif "-" in tag and not any(d.tag in _BLOCK for d in element.iterdescendants()):
            self.walk(element)
        else:
            self.division(element)

    def inline(self, element: HtmlElement, name: str) -> None:
        tag = f"<{name}>"
        if name == "a":
            href = element.get("href")
            bare = not href or len(href) > LONGEST_LINK or href.lstrip()[:11].lower() == "javascript:"
            if not href or bare or any(n == "a" for n, _ in self.open):
                self.walk(element)
                return
            tag = f'<a href="{escape(href)}">'
        self.parts.append(tag)
        self.open.append((name, tag))
        self.walk(element)
        self.open.pop()
        self.parts.append(f"</{name}>")

    def division(self, element: HtmlElement) -> None:
        self.flush(element.getparent() if element.getparent() is not None else element)
        if _POST.search(element.get("class") or "") and (post := post_of(element, self.base)):
            self.add(post, element)
            return
        self.walk(element)
        self.flush(element)

    def heading(self, element: HtmlElement) -> None:
        self.flush(element)
        for image in element.iter("img", "amp-img"):
            self.image(image)
        markup, text, linked = inline_of(element, self.base)
        if text:
            self.add(Heading(markup, _HEADINGS[str(element.tag)]), element, text, linked)

    def quote(self, element: HtmlElement) -> None:
        self.flush(element)
        post = post_of(element, self.base)
        if post:
            self.add(post, element)
            return
        source = next((c for c in element.iter("cite", "footer", "figcaption") if _stands_alone(c)), None)
        said = text_of(source).lstrip("—–-―~ ") if source is not None else None
        inner = Pen(self.base, source)
        inner.walk(element)
        inner.flush(element)
        told = [d for d in inner.out if not isinstance(d.block, Rule | Image | Embed)]
        html = tuple(markup for d in told for markup in inline_parts(d.block))
        if not html and said:
            html, said = (escape(said, quote=False),), None
        if html:
            text = " ".join(d.text for d in told)
            self.add(Quote(html, said or None), element, text, sum(d.linked for d in told))
        self.out += [d for d in inner.out if isinstance(d.block, Image | Embed)]

    def list(self, element: HtmlElement) -> None:
        self.flush(element)
        if is_layout(element):
            self.walk(element)
            self.flush(element)
            return
        if self.page and (text := _menu(element)):
            self.add(ListBlock((escape(text, quote=False),)), element, text, len(text))
            return
        items, texts, linked = [], [], 0
        for item in element:
            if isinstance(item.tag, str) and item.tag not in _SKIPPED:
                markup, text, links = inline_of(item, self.base)
                if text:
                    items.append(markup)
                    texts.append(text)
                    linked += links
        if items:
            self.add(ListBlock(tuple(items), element.tag == "ol"), element, " ".join(texts), linked)

    def table(self, element: HtmlElement) -> None:
        self.flush(element)
        rows = [r for r in element.iter("tr") if next(r.iterancestors("table"), None) is element]
        cells = [[c for c in row if c.tag in {"td", "th"}] for row in rows]
        if is_layout(element) or max(map(len, cells), default=0) < 2 or len(rows) < 2:
            self.walk(element)
            self.flush(element)
            return
        drawn = [tuple(inline_of(c, self.base) for c in row) for row in cells if row]
        caption = next(element.iter("caption"), None)
        table = Table(
            rows=tuple(tuple(markup for markup, _, _ in row) for row in drawn),
            header=all(c.tag == "th" for c in cells[0]),
            caption=text_of(caption) or None if caption is not None else None,
        )
        text = " ".join(t for row in drawn for _, t, _ in row)
        if text:
            self.add(table, element, text, sum(n for row in drawn for _, _, n in row))

    def figure(self, element: HtmlElement) -> None:
        self.flush(element)
        inner = next(
            (c for c in element.iter("table", "blockquote", "iframe", "video", "audio", "ul", "ol", "p")),
            None,
        )
        image = figure_image(element, self.base)
        card = _card_of(element, self.base) if image is None else None
        if card is not None:
            self.add(card, element)
        elif image is None or (inner is not None and inner.tag in {"table", "blockquote"}):
            self.walk(element)
            self.flush(element)
        else:
            self.add(image, element)

    def image(self, element: HtmlElement) -> None:
        image = image_of(element, self.base)
        if image is not None:
            self.out.append(Drawn(image, element, "", 0))

    def frame(self, element: HtmlElement) -> None:
        for name in ("src", "data-src", "data-lazy-src", "data-litespeed-src"):
            card = embed_at(element.get(name), self.base)
            if card:
                self.add(card, element)
                return

    def media(self, element: HtmlElement) -> None:
        sources = [
            element.get("src"),
            element.get("data-src"),
            *(s.get("src") for s in element.iter("source")),
        ]
        for source in sources:
            url = absolute(source or "", self.base)
            if url:
                self.add(embed_at(url) or Embed(str(element.tag), url), element)
                return

    def rule(self, element: HtmlElement) -> None:
        self.add(Rule(), element)

    def verse(self, element: HtmlElement) -> None:
        self.flush(element)
        lines = "".join(element.itertext()).strip("\n").splitlines()
        if any(line.strip() for line in lines):
            # Indentation means something here, and white space collapses: no-break spaces stay.
            written = (_WIDE.sub(lambda m: "\xa0" * len(m[0]), line.rstrip().expandtabs(4)) for line in lines)
            markup = "<br>".join(escape(line, quote=False) for line in written)
            self.add(Paragraph(f"<code>{markup}</code>"), element, squeeze(" ".join(lines)))


_PLACES = {
    **dict.fromkeys(_HEADINGS, Pen.heading),
    "blockquote": Pen.quote,
    "ul": Pen.list,
    "ol": Pen.list,
    "table": Pen.table,
    "figure": Pen.figure,
    "img": Pen.image,
    "amp-img": Pen.image,
    "picture": Pen.image,
    "iframe": Pen.frame,
    "amp-youtube": Pen.division,
    "video": Pen.media,
    "audio": Pen.media,
    "hr": Pen.rule,
    "pre": Pen.verse,
}


_BLOCK = frozenset(_PLACES) | {
    *(
        "p",
        "div",
        "section",
        "article",
        "aside",
        "header",
        "footer",
        "main",
        "nav",
        "form",
        "fieldset",
        "address",
    ),
    *(
        "dl",
        "dt",
        "dd",
        "li",
        "details",
        "summary",
        "center",
        "figcaption",
        "tr",
        "td",
        "th",
        "tbody",
        "caption",
    ),
}
_LAYOUT = (
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "figure",
    "iframe",
    "video",
    "article",
    "section",
    "hr",
)
LONGEST_ITEM = 1_200
LONGEST_LINK = 2_000


def is_layout(element: HtmlElement) -> bool:
    """Tell whether a list or table only places what are blocks of their own."""
    if next(element.iterdescendants(*_LAYOUT), None) is not None or _strays(element):
        return True
    if element.tag == "table":
        return next(element.iterdescendants("table"), None) is not None or any(
            sum(c.tag == "p" for c in cell) > 1 for cell in element.iter("td")
        )
    return any(sum(c.tag == "p" for c in item) > 1 or len(text_of(item)) > LONGEST_ITEM for item in element)


def _menu(element: HtmlElement) -> str:
    """Give the text of a list that is nothing but links, else the empty string."""
    text = text_of(element)
    linked = sum(len(text_of(a)) for a in element.iter("a"))
    return text if linked >= 0.8 * len(text) else ""


_FRAMES = ("table", "thead", "tbody", "tfoot", "tr", "ul", "ol")
_IN_FRAMES = frozenset({*_FRAMES, "td", "th", "li", "caption", "colgroup", "col"})


def _strays(element: HtmlElement) -> bool:
    """Tell whether a list or table holds text, or elements with text, beside its items and cells."""
    for frame in element.iter(*_FRAMES):
        if (frame.text or "").strip() or any((child.tail or "").strip() for child in frame):
            return True
        if any(c.tag not in _IN_FRAMES and c.tag not in _SKIPPED and text_of(c) for c in frame):
            return True
    return False


def _stands_alone(source: HtmlElement) -> bool:
    """Tell whether a ``cite`` names who spoke, not a work named in running text."""
    if not 2 <= len(text_of(source)) <= 200:
        return False
    parent = source.getparent()
    if source.tag != "cite" or parent is None or parent.tag == "blockquote":
        return True
    return len(text_of(parent)) <= len(text_of(source)) + 4


def _card_of(figure: HtmlElement, base: str | None) -> Embed | None:
    """Read the card that `daily8.news.blocks` writes: a text, and a caption that is one link to the post."""
    caption = next(figure.iter("figcaption"), None)
    link = next(caption.iter("a"), None) if caption is not None else None
    if caption is None or link is None or text_of(link) != text_of(caption):
        return None
    card = embed_at(link.get("href"), base)
    if card is None:
        return None
    text = next((text_of(q) for q in figure.iter("blockquote")), None)
    name = text_of(link)
    author = name if name.casefold() != card.provider else None
    return Embed(card.provider, card.url, card.id, author, text or None)


def post_of(element: HtmlElement, base: str | None) -> Embed | None:
    """Give the card of a post that its own site's mark-up embeds (``twitter-tweet`` and its kin)."""
    marks = element.get("class") or ""
    if not _POST.search(marks):
        return None
    links = [a.get("href") for a in element.iter("a")]
    stated = ("data-instgrm-permalink", "cite", "data-bluesky-uri", "data-text-post-permalink", "data-href")
    for address in (*(element.get(name) for name in stated), *reversed(links)):
        card = embed_at(address, base)
        if card:
            text = " ".join(text_of(p) for p in element.iter("p")) or None
            author = re.search(r"[—–-]\s*([^()—–]{2,60}\(@\w+\))", text_of(element))
            return Embed(card.provider, card.url, card.id, author.group(1) if author else None, text)
    return None


def tidy(markup: str) -> str:
    """Trim inline mark-up: no white space or breaks at its ends, no empty marks."""
    if "<" not in markup and "&" not in markup:
        return _SPACES.sub(" ", markup).strip()
    before = None
    while before != markup:
        before = markup
        markup = _SPACES.sub(" ", _EMPTY_TAG.sub(r"\2", markup))
    return _EDGE.sub("", _JOINED_LINK.sub(r"\2", markup))


def split_breaks(markup: str) -> list[str]:
    """Split inline mark-up at double line breaks, where no mark is open."""
    if "<br>" not in markup or not _BREAKS.search(markup):
        return [markup]
    pieces: list[str] = []
    for piece in _BREAKS.split(markup):
        if pieces and _unbalanced(pieces[-1]):
            pieces[-1] += f"<br>{piece}"
        else:
            pieces.append(piece)
    return [tidy(p) for p in pieces]


def _unbalanced(markup: str) -> bool:
    return len(re.findall(r"<(?!/|br>)", markup)) != markup.count("</")


def inline_parts(block: Block) -> tuple[str, ...]:
    """Give the inline HTML of a block of text, part by part."""
    if isinstance(block, Paragraph | Heading):
        return (block.html,)
    if isinstance(block, Quote):
        return block.html
    if isinstance(block, ListBlock):
        return block.items
    if isinstance(block, Table):
        return tuple(cell for row in block.rows for cell in row)
    return ()


def inline_of(element: HtmlElement, base: str | None) -> tuple[str, str, int]:
    """Draw what an element holds as inline HTML, blocks parted by breaks; also text and linked characters."""
    pen = Pen(base)
    pen.walk(element)
    pen.flush(element)
    markup = "<br>".join(part for drawn in pen.out for part in inline_parts(drawn.block))
    return markup, " ".join(d.text for d in pen.out if d.text), sum(d.linked for d in pen.out)
