"""The article in a page: text, facts and how sure we are, by weighing all that a page and its feed say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from daily8.news.blocks import block_text, blocks_from_html, blocks_to_html, blocks_to_text, cleaned
from daily8.news.charset import decode
from daily8.news.extract import facts, times
from daily8.news.extract.authors import authors
from daily8.news.extract.body import Body, read_body
from daily8.news.extract.coded import is_coded, uncode
from daily8.news.extract.evidence import Evidence, gather
from daily8.news.extract.gate import TOO_SHORT, Case, judge_quality
from daily8.news.extract.headlines import described, description, title
from daily8.news.extract.pictures import lead_image
from daily8.news.extract.witness import key
from daily8.news.figures import same_picture
from daily8.news.quotes import closed
from daily8.news.tree import is_binary, parse
from daily8.news.types import Block, Embed, Entry, Extracted, Image, Quality

EXTRACTOR = "daily8-extract/3"
"""The recipe: name and version, risen whenever the same page gives another result."""

FEED_WINS = 1.3
"""How much longer a feed's own text must be than the page's to be taken instead."""


def extract(
    page: bytes | str,
    url: str | None = None,
    content_type: str | None = None,
    entry: Entry | None = None,
) -> Extracted:
    """Extract the article of a page; a feed's entry is one more witness.

    ``page`` are bytes as they came (``content_type`` is their HTTP header) or decoded text. Never raises for
    what a page holds: what is no article has the verdict ``none`` and a reason.
    """
    text = decode(page, content_type) if isinstance(page, bytes) else page
    if not text.strip():
        return _from_entry(entry, url, "the page is empty")
    tree = parse(text) if "<" in text and not is_binary(text) else None
    if tree is None:
        return _from_entry(entry, url, "this is no web page")
    if is_coded(text):
        uncode(tree)
    evidence = gather(tree, url, entry)
    headline = title(evidence)
    body = read_body(evidence, headline)
    blocks = tuple(b for u in body.chosen if (b := cleaned(u.drawn.block, evidence.base)) is not None)
    blocks, image = _with_lead(blocks, lead_image(evidence, body))
    film = facts.film(evidence)
    if film and not any(isinstance(block, Embed) and block.provider == film.provider for block in blocks):
        blocks = (film, *blocks)
    found = _assemble(evidence, body, headline, blocks, image)
    return _or_feed(found, entry, evidence)


def _assemble(
    evidence: Evidence, body: Body, headline: str | None, blocks: tuple[Block, ...], image: Image | None
) -> Extracted:
    text = blocks_to_text(blocks)
    published = times.published(evidence)
    kind = facts.kind(evidence, [u.drawn for u in body.chosen], body.characters)
    paywalled = facts.is_paywalled(evidence)
    names = authors(evidence)
    quality = judge_quality(Case(evidence, body, headline, names, published, kind, paywalled))
    return Extracted(
        title=closed(headline) if headline else None,
        dek=body.standfirst or described(evidence, headline, text[:3_000]),
        authors=names,
        published=published,
        updated=times.updated(evidence, published),
        language=facts.language(evidence, text or headline or ""),
        kind=kind,
        section=facts.section(evidence),
        tags=facts.tags(evidence),
        blocks=blocks if quality.verdict != "none" or TOO_SHORT in quality.reasons else (),
        image=image,
        canonical_url=facts.canonical_url(evidence),
        paywalled=paywalled,
        live=facts.is_live(evidence),
        duration=facts.length(evidence) if kind in {"video", "podcast"} else None,
        quality=quality,
        description=description(evidence),
        site_name=facts.site_name(evidence),
        direction=facts.direction(evidence, text or headline or ""),
        amp_url=facts.amp_url(evidence),
        syndicated_from=facts.syndicated_from(evidence),
    )


def _with_lead(blocks: tuple[Block, ...], image: Image | None) -> tuple[tuple[Block, ...], Image | None]:
    """Take the lead image out of the body, if it stands there before the text, keeping its words."""
    if image is None:
        return blocks, None
    kept: list[Block] = []
    told = False
    for block in blocks:
        if isinstance(block, Image) and not told and same_picture(block.url, image.url):
            image = replace(
                image, caption=image.caption or block.caption, credit=image.credit or block.credit
            )
            continue
        told = told or bool(block_text(block))
        kept.append(block)
    return tuple(kept), image


def _or_feed(found: Extracted, entry: Entry | None, evidence: Evidence) -> Extracted:
    """Take the feed's own text where it is clearly more than the page's."""
    if entry is None or not entry.content:
        return found
    blocks = blocks_from_html(entry.content, entry.url or evidence.url)
    offered, had = len(key(blocks_to_text(blocks))), len(key(blocks_to_text(found.blocks)))
    if offered < 200 or offered <= FEED_WINS * had or (found.quality.verdict == "article" and had > 1_500):
        return found
    blocks, image = _with_lead(blocks, found.image)
    score = min(0.9, max(found.quality.score, 0.5 + min(offered, 1_500) / 5_000))
    quality = Quality(
        round(score, 3), "article" if offered >= 500 else "excerpt", ("the text is the feed's own",)
    )
    return replace(found, blocks=blocks, image=image, quality=quality, title=found.title or entry.title)


def _from_entry(entry: Entry | None, url: str | None, reason: str) -> Extracted:
    """Tell of a page that is none what the feed says of it."""
    bare = Extracted(quality=Quality(0.0, "none", (reason,)))
    if entry is None:
        return bare
    tree = parse("<html><body></body></html>")
    blocks = blocks_from_html(entry.content, entry.url or url) if entry.content else ()
    quality = bare.quality
    if len(key(blocks_to_text(blocks))) >= 200 and tree is not None:
        quality = Quality(0.5, "excerpt", (reason, "the text is the feed's own"))
    return Extracted(
        title=entry.title,
        authors=entry.authors,
        published=entry.published,
        updated=entry.updated,
        language=entry.language,
        tags=entry.categories,
        blocks=blocks if quality.verdict != "none" else (),
        image=Image(entry.image) if entry.image else None,
        canonical_url=entry.url,
        quality=quality,
    )


def extracted_to_json(extracted: Extracted) -> dict[str, Any]:
    """Give the JSON object of ``daily8 extract``: absent values ``None``, times RFC 3339."""
    image = extracted.image
    quality = extracted.quality
    return {
        "title": extracted.title,
        "dek": extracted.dek,
        "authors": list(extracted.authors),
        "published": times.iso(extracted.published),
        "updated": times.iso(extracted.updated),
        "language": extracted.language,
        "kind": extracted.kind,
        "duration": extracted.duration,
        "section": extracted.section,
        "tags": list(extracted.tags),
        "text": blocks_to_text(extracted.blocks),
        "html": blocks_to_html(extracted.blocks),
        "image": {"url": image.url, "alt": image.alt, "credit": image.credit} if image else None,
        "canonical_url": extracted.canonical_url,
        "paywalled": extracted.paywalled,
        "live": extracted.live,
        "description": extracted.description,
        "site_name": extracted.site_name,
        "direction": extracted.direction,
        "amp_url": extracted.amp_url,
        "syndicated_from": extracted.syndicated_from,
        "quality": {"score": quality.score, "verdict": quality.verdict, "reasons": list(quality.reasons)},
    }


__all__ = ["EXTRACTOR", "extract", "extracted_to_json"]
