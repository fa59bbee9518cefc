"""Read an article by the rules of its site, and without the blocks that the site repeats."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from lxml import html as lxml_html
from lxml.html import HtmlElement

from daily8.news.blocks import block_text, blocks_from_html, blocks_to_text
from daily8.news.charset import decode
from daily8.news.dates import parse_date
from daily8.news.extract import EXTRACTOR, extract
from daily8.news.extract.boilerplate import is_furniture
from daily8.news.extract.gate import LEAST_TEXT, SHORT_TEXT
from daily8.news.extract.witness import key
from daily8.news.figures import same_picture
from daily8.news.repair.rules import Rules, is_like
from daily8.news.repair.selectors import outermost, select
from daily8.news.repeats import Aside, Edge, edges, parted
from daily8.news.sanitise import POLICY_VERSION
from daily8.news.tree import is_binary, parse, text_of
from daily8.news.types import Block, Entry, Extracted, Image, Quality, Verdict
from daily8.news.urls import absolute

GENERATION = 1_000 * int(EXTRACTOR.rpartition("/")[2]) + POLICY_VERSION
"""Rises with the extractor and with the sanitising policy: what was read by an older one is read again."""
BY_RULES = "the text was taken by the rules of this site"
NOT_BY_RULES = "the rules of this site found no text on this page"
WHOLE = "the rules of this site say that short texts are whole"
_OF_FEED = "the text is the feed's own"
_PAID = 1_500
_LONGEST_TITLE = 400

Witness = Literal["page", "rules", "feed", "none"]


@dataclass(frozen=True, slots=True)
class Guide:
    """What is known of a site when one of its pages is read."""

    rules: Rules | None = None
    number: int = 0
    """Of the newest word of an editor on this site; 0 where none spoke."""
    learned: frozenset[str] = frozenset()
    """Marks of the blocks that it repeats (`daily8.news.repeats`)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as it was read, and how."""

    extracted: Extracted
    witness: Witness
    """Whose text won."""
    edges: tuple[Edge, ...] = ()
    """Before repeated blocks were left out."""
    aside: tuple[Aside, ...] = ()
    """Blocks that were left out because the site repeats them."""


def read(
    page: bytes | str, url: str | None, content_type: str | None, entry: Entry | None, guide: Guide
) -> Reading:
    """Read an article page by what is known of its site.

    Without rules and repeated blocks it is `daily8.news.extract.extract`. Never raises for what a page holds.
    """
    text = decode(page, content_type) if isinstance(page, bytes) else page
    found, witness = _by_rules(text, url, entry, guide.rules)
    at_edges = edges(found.blocks)
    blocks, aside = parted(found.blocks, guide.learned)
    if aside:
        found = replace(found, blocks=blocks)
    return Reading(found, witness if found.blocks else "none", at_edges, aside)


def _by_rules(
    text: str, url: str | None, entry: Entry | None, rules: Rules | None
) -> tuple[Extracted, Witness]:
    tree = parse(text) if rules and "<" in text and not is_binary(text) else None
    if rules is None or tree is None:
        return _judged(extract(text, url, None, entry))
    base = _base(tree, url or (entry.url if entry else None))
    facts = _facts(tree, base, rules)
    for element in outermost([e for s in rules.remove for e in select(tree, s)]):
        if element.getparent() is not None:
            element.drop_tree()
    witness_entry = replace(entry, content=None) if entry and "page" in rules.flags else entry
    found, witness = _judged(extract(_written(tree), url, None, witness_entry))
    body = _body(tree, base, rules)
    if "feed" in rules.flags and entry and entry.content:
        body, witness = blocks_from_html(entry.content, entry.url or url), "feed"
    elif rules.body:
        witness = "rules" if body else witness
    kept = tuple(b for b in body or found.blocks if not _dropped(b, rules))
    image = facts.image or found.image
    found = replace(
        found,
        title=facts.title or found.title,
        authors=facts.authors or found.authors,
        published=facts.published or found.published,
        image=image,
        blocks=_without_lead(kept, image) if body else kept,
    )
    return replace(found, quality=_quality(found, rules, by_hand=bool(body))), witness


def _judged(found: Extracted) -> tuple[Extracted, Witness]:
    return found, "feed" if _OF_FEED in found.quality.reasons else "page"


def _written(tree: HtmlElement) -> str:
    return str(lxml_html.tostring(tree, encoding="unicode"))


def _base(tree: HtmlElement, url: str | None) -> str | None:
    tag = tree.find(".//base[@href]")
    return (absolute(tag.get("href", ""), url) if tag is not None else None) or url


@dataclass(frozen=True, slots=True)
class _Facts:
    title: str | None
    authors: tuple[str, ...]
    published: datetime | None
    image: Image | None


def _facts(tree: HtmlElement, base: str | None, rules: Rules) -> _Facts:
    titles = (_said(e)[:_LONGEST_TITLE] for e in _first(tree, rules.title))
    names = (
        name.strip(" ,;،") for e in _first(tree, rules.authors) if (name := _said(e)) and len(name) <= 100
    )
    times = (at for e in _first(tree, rules.date) if (at := _time(e)) is not None)
    pictures = (image for e in _first(tree, rules.image) if (image := _picture(e, base)) is not None)
    return _Facts(
        next(filter(None, titles), None),
        tuple(dict.fromkeys(filter(None, names)))[:20],
        next(times, None),
        next(pictures, None),
    )


def _first(tree: HtmlElement, selectors: tuple[str, ...]) -> list[HtmlElement]:
    """Give what the first selector finds that finds anything."""
    return next(filter(None, (select(tree, selector) for selector in selectors)), [])


def _said(element: HtmlElement) -> str:
    return " ".join((element.get("content") or "").split()) or text_of(element)


def _time(element: HtmlElement) -> datetime | None:
    stated = (element.get(name) for name in ("datetime", "content", "title"))
    return next((at for text in (*stated, text_of(element)[:100]) if (at := parse_date(text))), None)


def _picture(element: HtmlElement, base: str | None) -> Image | None:
    shown = element if element.tag in {"img", "meta"} else element.find(".//img")
    if shown is None:
        return None
    sources = (shown.get(name) for name in ("content", "data-src", "src"))
    url = next((found for source in sources if source and (found := absolute(source, base))), None)
    if not url or not url.startswith(("http://", "https://")):
        return None
    caption = element.find(".//figcaption")
    return Image(url, shown.get("alt") or None, text_of(caption) if caption is not None else None)


def _body(tree: HtmlElement, base: str | None, rules: Rules) -> tuple[Block, ...]:
    for selector in rules.body:
        found = outermost(select(tree, selector))
        blocks = tuple(b for e in found for b in blocks_from_html(_written(e), base))
        if len(key(blocks_to_text(blocks))) >= LEAST_TEXT:
            return blocks
    return ()


def _dropped(block: Block, rules: Rules) -> bool:
    text = block_text(block)
    return bool(text) and (
        (bool(rules.body) and is_furniture(text)) or any(is_like(text, form) for form in rules.drop)
    )


def _without_lead(blocks: tuple[Block, ...], image: Image | None) -> tuple[Block, ...]:
    """Take the lead image out of the body where it stands before the text."""
    if image is None:
        return blocks
    told = next((n for n, b in enumerate(blocks) if block_text(b)), len(blocks))
    return tuple(
        b
        for n, b in enumerate(blocks)
        if n > told or not isinstance(b, Image) or not same_picture(b.url, image.url)
    )


def _quality(found: Extracted, rules: Rules, *, by_hand: bool) -> Quality:
    size = len(key(blocks_to_text(found.blocks)))
    quality, verdict = found.quality, found.quality.verdict
    if by_hand:
        whole = "whole" in rules.flags or found.kind != "text"
        short = size < SHORT_TEXT or (found.paywalled and size < _PAID)
        verdict = "article" if whole or not short else "excerpt"
        reasons = [_OF_FEED if "feed" in rules.flags else BY_RULES]
        return Quality(_rounded(0.65 + 0.25 * (verdict == "article")), verdict, tuple(reasons))
    if size < LEAST_TEXT and verdict != "none" and found.kind == "text":
        return Quality(0.0, "none", (NOT_BY_RULES,))
    score, said = quality.score, list(quality.reasons)
    if "whole" in rules.flags and verdict == "excerpt":
        score, verdict, said = score + 0.25, _article(), [*said, WHOLE]
    if rules.body:
        score, said = score - 0.1, [*said, NOT_BY_RULES]
    return Quality(_rounded(score), verdict, tuple(said))


def _article() -> Verdict:
    return "article"


def _rounded(score: float) -> float:
    return round(max(0.0, min(1.0, score)), 3)
