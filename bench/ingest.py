"""Replay the corpus of real pages through the whole line, and compare what is stored with what is expected.

    python -m bench.ingest [--json] [--workers N] [--misses title|text|authors|published|image]

A replayed web serves every publisher's feed and pages from another process. The sources are added, one worker
drains what is due (the real door, cage and PostgreSQL), and the stored articles are judged as `bench.pages`
judges an extractor. Their feeds tell title, link, time, authors and the first sentences of each article, as
publishers' feeds do, and the line weighs that against the page: so title, authors and time come out better
than from the page alone, which is what `bench.pages` measures. Pictures lie on the open web and are not
fetched; what is judged is the address of the lead picture.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import pages, service
from daily8.replay.corpus import open_corpus
from daily8.replay.server import ReplayServer

_LOOK = 0.1
"""Seconds between looks whether a page is still to be read."""
FIELDS = ("title", "text", "authors", "published", "image")


@dataclass
class Row:
    """What came of the pages of a country."""

    count: int = 0
    arrived: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    scores: list[pages.Score] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """Count what is right, of what is expected: an article that never arrived has nothing right."""
        known = {
            "title": [s.title for s in self.scores],
            "text": [s.text >= 0.9 for s in self.scores],
            "authors": [s.authors for s in self.scores if s.authors is not None],
            "published": [s.published for s in self.scores],
            "image": [s.image for s in self.scores if s.image is not None],
        }
        return {
            "pages": self.count,
            "arrived": self.arrived,
            "verdicts": dict(self.verdicts),
            "text_f1": sum(s.text for s in self.scores) / self.count,
            **{name: {"right": sum(values), "of": len(values)} for name, values in known.items()},
        }


def open_web(folder: Path) -> ReplayServer:
    """Make the replayed web."""
    return ReplayServer(open_corpus(folder), public_port=80)


async def drain(web: service.Web, workers: int) -> float:
    """Add the sources and serve them until no page is due; give the seconds."""
    from daily8.desk.subscribing import Wanted, add
    from daily8.pipeline import fetch
    from daily8.pipeline.threads import StoreThreads

    wanted = [
        Wanted(p.feed, home=p.home, publisher=p.name, country=p.country or "", language=p.language or "")
        for p in web.publishers
    ]
    store, stopping = StoreThreads(4), asyncio.Event()
    try:
        async with service.outside(web.hosts_map, workers=workers) as world:
            started = time.perf_counter()
            await store(add, world, wanted)
            work = asyncio.create_task(fetch.drain(world, store, stopping))
            while await store(_pages_due):
                await asyncio.wait([work], timeout=_LOOK)
                if work.done():
                    work.result()
                    work = asyncio.create_task(fetch.drain(world, store, stopping))
            seconds = time.perf_counter() - started
            stopping.set()
            await work
            return seconds
    finally:
        store.close()


async def again(web: service.Web, workers: int) -> tuple[int, float, int]:
    """Read all kept pages again, as after an update; give their number, the seconds, and their bytes."""
    from daily8.pipeline import rereading
    from daily8.pipeline.threads import StoreThreads

    store = StoreThreads(2)
    try:
        async with service.outside(web.hosts_map, workers=workers) as world:
            size = await store(_all_due)
            started = time.perf_counter()
            done = await rereading.drain(world, store, asyncio.Event())
            return done, time.perf_counter() - started, size
    finally:
        store.close()


def _all_due() -> int:
    from django.db.models import Sum

    from daily8.store.models import KeptPage

    KeptPage.objects.update(generation=0)
    return int(KeptPage.objects.aggregate(n=Sum("size"))["n"] or 0)


def _pages_due() -> bool:
    from daily8.store.models import Errand, Poll

    return (
        Poll.objects.filter(fetched_at=None).exists()
        or Errand.objects.filter(kind=Errand.Kind.PAGE, verdict=None).exists()
    )


def stored(url: str) -> tuple[pages.Found, str] | None:
    """Give what the line made of a page, and the verdict on it; ``None`` if it never arrived."""
    from daily8.news.blocks import blocks_to_text
    from daily8.news.types import block_from_json
    from daily8.store.models import Article

    row = Article.objects.filter(url=url).first()
    if row is None:
        return None
    newest = row.revisions.order_by("-number").first()
    found = pages.Found(
        title=row.title,
        dek=row.dek,
        text=blocks_to_text(tuple(map(block_from_json, newest.blocks))) if newest else "",
        authors=tuple(row.authors),
        published=row.published_at,
        image=row.image["url"] if row.image else None,
    )
    return found, row.verdict or "unread"


def judge(folder: Path, web: service.Web, misses: str | None) -> dict[str, Row]:
    """Compare every page with what is stored of it: rows by country, and ``all``."""
    rows: dict[str, Row] = defaultdict(Row)
    for page in pages.pages(folder):
        got = stored(web.pages[f"{page.country}/{page.name}"])
        found, verdict = got or (pages.Found(), "missing")
        score = pages.judge(page.expected, found)
        if misses and not (score.text >= 0.9 if misses == "text" else getattr(score, misses) is not False):
            print(f"{page.country}/{page.name} [{verdict}] {getattr(score, misses)}", file=sys.stderr)
        for row in (rows[page.country], rows["all"]):
            row.count += 1
            row.arrived += got is not None
            row.verdicts[verdict] += 1
            row.scores.append(score)
    return rows


def markdown(rows: dict[str, dict[str, Any]]) -> str:
    """Draw the table: a row per country and overall."""
    columns = ["pages", "arrived", "article / excerpt / none", "title", "text F1 >= .9", "mean F1"]
    columns = ["country", *columns, "authors", "time", "image"]
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for name in sorted(rows, key=lambda name: (name == "all", name)):
        row = rows[name]
        verdicts = " / ".join(str(row["verdicts"].get(kind, 0)) for kind in ("article", "excerpt", "none"))
        right = {key: f"{row[key]['right']} of {row[key]['of']}" for key in FIELDS}
        cells = [right["title"], right["text"], f"{row['text_f1']:.3f}"]
        cells += [right["authors"], right["published"], right["image"]]
        lines.append(
            f"| {name} | {row['pages']} | {row['arrived']} | {verdicts} | " + " | ".join(cells) + " |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="children of the cage")
    parser.add_argument("--misses", choices=FIELDS, help="name the pages that missed this, on standard error")
    parser.add_argument("--again", action="store_true", help="read what was stored again before it is judged")
    args = parser.parse_args()
    folder = pages.corpus() / "pages" / "publishers"
    if not folder.is_dir():
        sys.exit(f"No pages under {folder}; set DAILY8_CORPUS.")
    with service.replayed(open_web, folder) as web, service.scratch():
        seconds = service.run(drain(web, args.workers))
        told = service.run(again(web, args.workers)) if args.again else None
        rows = {name: row.figures() for name, row in judge(folder, web, args.misses).items()}
    count = rows["all"]["arrived"]
    if args.json:
        print(json.dumps({"seconds": seconds, "pages_per_second": count / seconds, "rows": rows}, indent=2))
        return
    print(markdown(rows))
    rate = f"{seconds:.1f} s: {count / seconds:.1f} a second"
    print(f"\n{count} pages in {rate}, {args.workers} children in the cage.")
    if told:
        done, took, size = told
        each = size // max(1, done)
        print(f"{done} kept pages of {each} bytes read again in {took:.1f} s: {done / took:.1f} a second.")


if __name__ == "__main__":
    main()
