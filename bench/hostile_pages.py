"""Measure how hostile web pages end in the cage: read whole, or ended at its limits with a clear cause.

``python -m bench.hostile_pages [--sizes N ...] [--only WORD]``. Each kind of `bench.hostile.MARKUP`, and some
that only pages have, inside an article page of N bytes, is read as the service reads it: `read_page` in a
child of the cage, 2 s of CPU and 256 MB. Prints what was not read whole, and the slowest that was.

Fails where a page ends in another way than by its text or by those two limits, or where the cage serves
no more.
"""

from __future__ import annotations

import argparse
import sys
import time

from bench.hostile import MARKUP, Made, nested, numbered, repeated
from daily8.net.cage import Cage, Caged
from daily8.news.repair import Guide
from daily8.news.types import Entry
from daily8.pipeline.documents import read_page

SIZES = (300_000, 1_000_000, 4_900_000)
"""Bytes, about."""
PAGE = "https://a.example/2025/11/story"
TEXT = "<p>The council met on Monday to hear what the new harbour would cost, and who was to pay for it.</p>"
ENTRY = Entry(id="1", url=PAGE, title="What the harbour costs")
LIMITS = ("took longer than", "needed more than")

PAGES: dict[str, Made] = {
    "deep sections": nested("<section><div>", "</div></section>"),
    "a huge table": lambda size: f"<table>{repeated('<tr><td>a<td>b<td>c')(size)}</table>",
    "a table of one row": lambda size: f"<table><tr>{repeated('<td>x</td>')(size)}</table>",
    "text fostered": lambda size: f"<table>{repeated('<tr>word word</tr>')(size)}</table>",
    "paragraphs fostered": lambda size: f"<table>{repeated('<p>word</p><tr>')(size)}</table>",
    "attributes of the body": lambda size: f"<body {numbered('a{}=1 ')(size)}>",
    "an article of comments": lambda size: f"<article>{repeated('<p>x<!-- y --></p>')(size)}</article>",
    "links of a list": numbered('<li><a href="/{}.html">word word word</a></li>'),
    "classes": numbered('<div class="c{} article body">word</div>'),
}


def page(inner: str) -> bytes:
    """Write an article page around hostile mark-up."""
    html = (
        f"<!doctype html><html lang=en><title>What the harbour costs</title><body><article>"
        f"<h1>What the harbour costs</h1>{TEXT * 8}{inner}</article></body></html>"
    )
    return html.encode("utf-8", "surrogatepass")


def ended(cage: Cage, body: bytes) -> str:
    """Say how the reading of a page ended; nothing for one that was read whole."""
    try:
        cage.call(read_page, body, PAGE, "text/html", ENTRY, Guide())
    except Caged as caged:
        return caged.reason
    except ValueError as error:
        return f"refused: {error}"
    return ""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="bytes of the pages")
    arguments.add_argument("--only", default="", help="kinds that hold this word")
    chosen = arguments.parse_args()
    bad = 0
    with Cage(workers=1, warm=("daily8.pipeline.documents",)) as cage:
        for size in chosen.sizes:
            whole = limited = 0
            slowest = (0.0, "")
            for name, made in (MARKUP | PAGES).items():
                if chosen.only not in name:
                    continue
                text = made(size)
                body = page(text[: size * size // max(size, len(text.encode("utf-8", "surrogatepass")))])
                start = time.monotonic()
                end = ended(cage, body)
                seconds = time.monotonic() - start
                whole += not end
                if not end:
                    slowest = max(slowest, (seconds, name))
                    continue
                known = any(limit in end for limit in LIMITS)
                limited += known
                bad += not known and not end.startswith("refused")
                print(f"{len(body) // 1000:6} kB  {name:36}{seconds:6.2f} s  {end}", flush=True)
            print(
                f"{size // 1000} kB: {whole} read whole, {limited} ended at a limit; slowest {slowest}",
                flush=True,
            )
        bad += bool(ended(cage, page("")))
    if bad:
        sys.exit(f"{bad} pages ended in another way")


if __name__ == "__main__":
    main()
