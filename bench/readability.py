"""Measure extraction on the test pages of Mozilla's Readability, side by side with plain trafilatura.

    python -m bench.readability [--json] [--misses text] [--only NAME]

The corpus (``DAILY8_CORPUS``, folder ``pages/readability``) holds a folder a page: ``source.html``, the
content that Readability is expected to give (``expected.html``) and its facts (``expected-metadata.json``).
Many are no news: wikis, standards, old shops, pages made up for one rule. Each page lies at ``http://fakehost/test/page.html``.

What is compared, where something is expected:

text
    mean F1 of the bags of tokens (`bench.pages`) of the content expected and of ours: dek, lead picture's
    caption and body, captions included. ``ratio`` is difflib's over the same tokens in order, the first
    20,000 of them.
title
    equal as in `bench.pages`; what stands before or behind a separator of the expectation may be absent if
    it is no more than half, for it is mostly the site's name. ``title_strict``: it may not.
byline
    names are found, and all of them stand in the expectation.
excerpt
    the description stated, else the dek, else the first paragraph: token F1 of .8, or one begins with the
    other.
siteName, lang, dir, publishedTime
    the same name; the same primary language; the same direction; the same instant or wall time.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from lxml import etree

from bench.pages import TOKEN, corpus, f1, headline, mean, normal, right_time
from daily8.news.dates import parse_date
from daily8.news.types import Block, ListBlock, Paragraph, Quote

URL = "http://fakehost/test/page.html"
MOST_TOKENS = 20_000
METADATA = ("title", "byline", "excerpt", "siteName", "lang", "dir", "publishedTime")
FIELDS = ("text", "ratio", "title_strict", *METADATA)
_BLOCKS = re.compile(r"<(?=/?(?:p|h\d|li|tr|td|th|div|br|blockquote|figcaption|pre|dt|dd|section)[ />])")
_SEPARATOR = re.compile(r"\s+[|\-–—/>»:·]\s+|:\s|\s*_|\s(?=\[)")


@dataclass(frozen=True)
class Page:
    """A page with what is expected of it."""

    name: str
    source: bytes
    content: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Found:
    """What an extractor found, reduced to what is compared."""

    text: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    dek: str | None = None
    site: str | None = None
    language: str | None = None
    direction: str | None = None
    published: datetime | None = None


def warm_up(page: Page) -> None:
    """Load what is loaded once: imports, tables, the model that names languages."""
    from daily8.news.language import detect

    detect("A sentence that is long enough to be told the language of.")
    for run in EXTRACTORS.values():
        run(page)


def pages(folder: Path) -> Iterator[Page]:
    """Yield every page with its expectation, in name order."""
    for path in sorted(folder.glob("*/source.html")):
        expected = (path.parent / "expected.html").read_text("utf-8")
        facts = json.loads((path.parent / "expected-metadata.json").read_text("utf-8"))
        yield Page(path.parent.name, path.read_bytes(), text_in(expected), facts)


def text_in(html: str) -> str:
    """Give the text of HTML, blocks apart."""
    from daily8.news.tree import parse

    tree = parse(_BLOCKS.sub(" <", html))
    if tree is None:
        return ""
    etree.strip_elements(tree, "script", "style", "template", with_tail=False)
    return "".join(tree.itertext())


def ours(page: Page) -> Found:
    from daily8.news.blocks import blocks_to_html
    from daily8.news.extract import extract

    got = extract(page.source, URL)
    parts = [got.dek, got.image.caption if got.image else None]
    text = text_in(blocks_to_html(got.blocks))
    before = [part for part in parts if part and normal(part) not in normal(text)]
    return Found(
        text="\n".join([*before, text]),
        title=got.title,
        authors=got.authors,
        dek=got.description or got.dek or _opening(got.blocks),
        site=got.site_name,
        language=got.language,
        direction=got.direction,
        published=got.published,
    )


def _opening(blocks: tuple[Block, ...]) -> str:
    from daily8.news.blocks import block_text

    return next((block_text(b) for b in blocks if isinstance(b, Paragraph | ListBlock | Quote)), "")


def plain(page: Page) -> Found:
    """Run trafilatura as it comes, with metadata."""
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    dates = {"outputformat": "%Y-%m-%dT%H:%M:%S%z", "original_date": True, "extensive_search": True}
    doc = bare_extraction(
        page.source, url=URL, with_metadata=True, include_comments=False, date_extraction_params=dates
    )
    if not isinstance(doc, Document):
        return Found("")
    names = tuple(a.strip() for a in (doc.author or "").split(";") if a.strip())
    return Found(
        text=doc.text or "",
        title=doc.title,
        authors=names,
        dek=doc.description or (doc.text or "")[:1_000],
        site=doc.sitename,
        language=doc.language,
        published=parse_date(doc.date),
    )


EXTRACTORS: dict[str, Callable[[Page], Found]] = {"daily8": ours, "trafilatura": plain}


def judge(page: Page, found: Found) -> dict[str, float]:
    """Compare what was found with what is expected: a figure for each field that has an expectation."""
    want = page.facts
    a, b = (TOKEN.findall(normal(text))[:MOST_TOKENS] for text in (page.content, found.text))
    scores = {"text": f1(page.content, found.text), "ratio": SequenceMatcher(None, a, b, False).ratio()}
    title = headline(found.title)
    rights: dict[str, Callable[[str], bool]] = {
        "title_strict": lambda said: headline(said) == title,
        "title": lambda said: title in {headline(t) for t in _titles(said)},
        "byline": lambda said: bool(found.authors) and _all_in(found.authors, said),
        "excerpt": lambda said: _alike(said, found.dek or ""),
        "siteName": lambda said: headline(said) == headline(found.site),
        "lang": lambda said: said.lower().split("-")[0] == found.language,
        "dir": lambda said: said == found.direction,
        "publishedTime": lambda said: _same_time(said, found.published),
    }
    for name, right in rights.items():
        said = want.get(name.removesuffix("_strict"))
        if said:
            scores[name] = float(right(said))
    return scores


def _all_in(names: tuple[str, ...], said: str) -> bool:
    return all(normal(name) in normal(said) for name in names)


def _titles(said: str) -> list[str]:
    cut = [part for p in _SEPARATOR.finditer(said) for part in (said[: p.start()], said[p.end() :])]
    return [said, *(part for part in cut if 2 * len(part) >= len(said))]


def _alike(said: str, dek: str) -> bool:
    a, b = normal(said).rstrip(".… "), normal(dek)
    return bool(b) and (b.startswith(a) or a.startswith(b) or f1(said, dek) >= 0.8)


def _same_time(said: str, found: datetime | None) -> bool:
    want = parse_date(said)
    if want is None or found is None:
        return False
    bare = not re.search(r"T.*(?:Z|[+-]\d\d:?\d\d)$", said)
    return right_time((want.replace(tzinfo=None) if bare else want).isoformat(), found)


def measure(args: argparse.Namespace) -> dict[str, list[dict[str, float]]]:
    """Run the extractors over the corpus; seconds stand among the scores."""
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in EXTRACTORS}
    for page in pages(corpus() / "pages" / "readability"):
        if args.only and args.only not in page.name:
            continue
        if not rows["daily8"]:
            warm_up(page)
        for name, run in EXTRACTORS.items():
            start = time.process_time()
            found = run(page)
            seconds = time.process_time() - start
            scores = judge(page, found)
            rows[name].append({**scores, "seconds": seconds})
            wrong = args.misses in scores and scores[args.misses] < (0.95 if args.misses == "text" else 1.0)
            if name == "daily8" and wrong:
                print(_miss(page, found, scores, args.misses))
    return rows


def _miss(page: Page, found: Found, scores: dict[str, float], field: str) -> str:
    if field in {"text", "ratio"}:
        a, b = len(TOKEN.findall(page.content)), len(TOKEN.findall(found.text))
        return f"{scores[field]:.3f} {page.name}: {b} tokens found, {a} expected"
    got = {
        "title": found.title,
        "title_strict": found.title,
        "byline": found.authors,
        "excerpt": (found.dek or "")[:200],
        "siteName": found.site,
        "lang": found.language,
        "dir": found.direction,
        "publishedTime": found.published,
    }
    return f"{page.name}\n  - {page.facts.get(field.removesuffix('_strict'))}\n  + {got[field]}"


def summary(rows: list[dict[str, float]]) -> dict[str, float | int | None]:
    """Give mean figures by field, ``metadata`` over all facts together, and the speed."""
    figures: dict[str, float | int | None] = {"pages": len(rows)}
    figures |= {name: mean([row[name] for row in rows if name in row]) for name in FIELDS}
    figures["metadata"] = mean([row[name] for row in rows for name in METADATA if name in row])
    figures["pages_per_cpu_second"] = len(rows) / sum(row["seconds"] for row in rows)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    parser.add_argument("--only", help="only pages whose name contains this")
    parser.add_argument("--misses", choices=FIELDS, help="print what ours missed")
    args = parser.parse_args()
    rows = measure(args)
    if not rows["daily8"]:
        sys.exit(f"No pages under {corpus() / 'pages' / 'readability'}; set DAILY8_CORPUS.")
    figures = {name: summary(of) for name, of in rows.items()}
    if args.json:
        print(json.dumps(figures, indent=2))
        return
    print("| | expected of | " + " | ".join(figures) + " |")
    print("|---" * (len(figures) + 2) + "|")
    for name in figures["daily8"]:
        count = sum(name in row for row in rows["daily8"]) or len(rows["daily8"])
        cells = [f"{value:.3f}" if (value := of[name]) is not None else "-" for of in figures.values()]
        print(f"| {name} | {count} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
