"""Extract the pages of the corpus round and round: memory stays flat, and no page takes long.

    python -m bench.steady [--pages 20000] [--every 1000]

Prints the resident memory (``/proc/self/statm``) while it goes on, then the percentiles of the processor
time of a page, over the publishers' and Readability's pages together, and whether memory rose by less than
`MOST_GROWTH` MB from the first fifth to the end.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sys
import time
from itertools import cycle, islice
from pathlib import Path

from bench.pages import corpus
from daily8.news.extract import extract

MOST_GROWTH = 16
"""Megabytes between a fifth of the way and its end that are called flat."""


def resident() -> float:
    """Give the resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=20_000, help="how many extractions")
    parser.add_argument("--every", type=int, default=1_000, help="how often memory is looked at")
    args = parser.parse_args()
    folder = corpus() / "pages"
    files = sorted(folder.glob("publishers/*/*.html.gz")) + sorted(folder.glob("readability/*/source.html"))
    if not files:
        sys.exit(f"No pages under {folder}; set DAILY8_CORPUS.")
    bodies = [gzip.decompress(f.read_bytes()) if f.suffix == ".gz" else f.read_bytes() for f in files]
    seconds: list[float] = []
    memory: dict[int, float] = {}
    for number, body in enumerate(islice(cycle(bodies), args.pages)):
        start = time.process_time()
        extract(body, "https://paper.example/news/2026/a-page.html")
        seconds.append(time.process_time() - start)
        if (number + 1) % args.every == 0:
            memory[number + 1] = resident()
            print(f"{number + 1:7d} pages  {memory[number + 1]:7.1f} MB", flush=True)
    ordered = sorted(seconds)
    for name, share in (("median", 0.5), ("p95", 0.95), ("p99", 0.99), ("most", 1.0)):
        print(f"{name:7} {ordered[min(len(ordered) - 1, int(share * len(ordered)))]:.3f} s")
    print(f"{len(seconds) / sum(seconds):.1f} pages a processor-second")
    settled = next((mb for at, mb in memory.items() if at >= args.pages / 5), resident())
    growth = resident() - settled
    verdict = "flat" if growth < MOST_GROWTH else "RISING"
    print(f"memory grew by {growth:.1f} MB after a fifth of the pages: {verdict}")


if __name__ == "__main__":
    main()
