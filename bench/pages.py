"""Measure extraction on real pages of publishers, side by side with plain trafilatura.

A row for each country (folder), for each script, for two halves of the folders, and for all.

    python -m bench.pages [--json] [--country us] [--misses text] [--only NAME] [--limit N]

The corpus (``DAILY8_CORPUS``, folder ``pages/publishers``, from the Fundus project's tests) holds, a folder
a country, ``<Publisher>.json`` with versions ``V1``, ``V1_1``, ... and ``<Publisher>_<date>.html.gz``.
No file says which version belongs to which page: upstream picks the parser version that was valid on the
day of the crawl, and versions are written in the order of their validity. So versions in file order and pages
in date order are pairs; each of the 258 expected titles is found in the page that this gives it.

What is compared:

title
    equal after NFKC and case folding, but for quotes, dashes, unseen characters and white space; ``title_f1``
    is the mean F1 of its tokens. A third of the pages state two or more headlines.
text
    F1 of the bags of tokens (words; single characters of scripts without spaces) of summary, headlines and
    paragraphs expected, against dek and text found (a dek that the text already holds counts once).
authors
    equal sets after NFKC and case folding.
published
    the same instant to the second; where the expectation has no zone, the same wall time.
image
    the same file as any version of a cover image (else of the first image): equal addresses, or equal
    file stems once size marks and query are gone, or a shared long id in the path.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import sys
import time
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

TOKEN = re.compile(
    r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
_MARKS = str.maketrans(
    dict.fromkeys("‘’‚‛`´ʼ′", "'") | dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)
_SIZES = re.compile(
    r"([-_.@](\d{2,4}x\d{2,4}|\d{2,4}w|w\d{2,4}|scaled|\d{1,4}|large|medium|small|original|thumb\w*|max))+$",
    re.IGNORECASE,
)
_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-z]*\d[0-9a-z]{9,}", re.IGNORECASE
)
SCRIPTS = (
    ("Latin", "A", "\u024f"),
    ("Greek", "\u0370", "\u03ff"),
    ("Cyrillic", "\u0400", "\u052f"),
    ("Hebrew", "\u0590", "\u05ff"),
    ("Arabic", "\u0600", "\u06ff"),
    ("Devanagari", "\u0900", "\u097f"),
    ("Thai", "\u0e00", "\u0e7f"),
    ("CJK", "\u3040", "\u30ff"),
    ("CJK", "\u3400", "\u9fff"),
    ("CJK", "\uac00", "\ud7af"),
)
FIELDS = ("title", "text", "authors", "published", "image")


@dataclass(frozen=True)
class Page:
    """A page with what is expected of it."""

    name: str
    country: str
    url: str | None
    body: bytes
    expected: dict[str, Any]


@dataclass
class Found:
    """What an extractor found, reduced to what is compared."""

    title: str | None = None
    dek: str | None = None
    text: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    image: str | None = None


@dataclass
class Score:
    """Results of one extractor on one page; ``None`` where nothing is expected."""

    title: bool = False
    title_f1: float = 0.0
    text: float = 0.0
    authors: bool | None = None
    published: bool = False
    image: bool | None = None


@dataclass
class Tally:
    scores: list[Score] = field(default_factory=list)
    seconds: float = 0.0


def corpus() -> Path:
    """Give the folder of the evaluation corpora."""
    root = Path(__file__).resolve().parents[1]
    return Path(os.environ.get("DAILY8_CORPUS", root.parent / "shared" / "corpus"))


def pages(folder: Path) -> Iterator[Page]:
    """Yield every page of the publishers' corpus with its expectation, in name order."""
    for path in sorted(folder.glob("*/*.json")):
        versions = json.loads(path.read_text("utf-8"))
        files = sorted(path.parent.glob(f"{path.stem}_[12]*.html.gz"))
        info = path.parent / "meta.info"
        meta = json.loads(info.read_text("utf-8")) if info.exists() else {}
        for expected, file in zip(versions.values(), files, strict=True):
            yield Page(
                name=file.name.removesuffix(".html.gz"),
                country=path.parent.name,
                url=meta.get(file.name, {}).get("url"),
                body=gzip.decompress(file.read_bytes()),
                expected=expected,
            )


def normal(text: str | None) -> str:
    """Fold what does not count: form, case, kinds of quotes and dashes, white space."""
    folded = unicodedata.normalize("NFKC", text or "").translate(_MARKS).casefold()
    return " ".join(folded.split())


def tokens(text: str) -> Counter[str]:
    """Count the words of a text; scripts without spaces by character."""
    return Counter(TOKEN.findall(normal(text)))


def headline(text: str | None) -> str:
    """Fold a title: as `normal`, quotes, dashes and characters that nobody sees left out."""
    shown = "".join(c for c in normal(text) if c not in "'\"-" and unicodedata.category(c) != "Cf")
    return " ".join(shown.split())


def f1(expected: str, found: str) -> float:
    """Give the F1 of two bags of tokens, 0 to 1."""
    a, b = tokens(expected), tokens(found)
    if not a or not b:
        return float(not a and not b)
    return 2 * sum((a & b).values()) / (sum(a.values()) + sum(b.values()))


def script_of(text: str) -> str:
    """Name the script that most letters of a text are of."""
    counts = Counter(
        next((n for n, first, last in SCRIPTS if first <= c <= last), None) for c in text[:2_000]
    )
    counts.pop(None, None)
    return counts.most_common(1)[0][0] or "other" if counts else "other"


def half_of(country: str) -> str:
    """Put a folder in one of two halves, by chance but always the same."""
    return f"half {1 + zlib.crc32(country.encode()) % 2}"


def body_text(body: dict[str, Any]) -> str:
    """Join summary, headlines and paragraphs of an expected body."""
    parts = list(body["summary"])
    for section in body["sections"]:
        parts += section["headline"] + section["paragraphs"]
    return "\n\n".join(parts)


def found_text(found: Found) -> str:
    """Join dek and text, the dek once."""
    if found.dek and normal(found.dek) not in normal(found.text):
        return f"{found.dek}\n\n{found.text}"
    return found.text


def file_marks(url: str) -> set[str]:
    """Give what names a picture's file whatever its size and host: stem and long ids of its path."""
    inner = re.search(r"[?&/](?:url|src|image)=(https?[^&]+)", url)
    parts = urlsplit(unquote(inner.group(1)) if inner else url)
    path = unquote(parts.path).lower().rstrip("/")
    stem = path.rsplit("/", 1)[-1].split("=")[0]
    stem = re.sub(r"(\.(jpe?g|png|webp|gif|avif|jfif))+$", "", stem)
    marks = {m.group(0) for m in _ID.finditer(path)}
    short = _SIZES.sub("", stem)
    if len(short) >= 6 or not marks:
        marks.add(short or stem)
    return {m for m in marks if not re.fullmatch(r"\d{4}x\d+|(19|20)\d{6}|2147483647", m)}


def same_file(a: str, b: str) -> bool:
    """Tell whether two addresses are of one picture."""
    return a == b or bool(file_marks(a) & file_marks(b))


def right_image(expected: list[dict[str, Any]], found: str | None) -> bool:
    if not found:
        return False
    covers = [image for image in expected if image["is_cover"]] or expected[:1]
    return any(same_file(version["url"], found) for image in covers for version in image["versions"])


def right_time(expected: str, found: datetime | None) -> bool:
    if found is None:
        return False
    want = datetime.fromisoformat(expected)
    if want.tzinfo is None:
        walls = {found.replace(tzinfo=None, microsecond=0)}
        if found.tzinfo:
            walls.add(found.astimezone(UTC).replace(tzinfo=None, microsecond=0))
        return want.replace(microsecond=0) in walls
    if found.tzinfo is None:
        return False
    return abs((want - found).total_seconds()) < 1


def judge(expected: dict[str, Any], found: Found) -> Score:
    """Compare what was found with what is expected."""
    authors = images = None
    if expected.get("authors"):
        authors = {normal(a) for a in expected["authors"]} == {normal(a) for a in found.authors}
    if expected.get("images"):
        images = right_image(expected["images"], found.image)
    return Score(
        title=headline(expected["title"]) == headline(found.title),
        title_f1=f1(expected["title"], found.title or ""),
        text=f1(body_text(expected["body"]), found_text(found)),
        authors=authors,
        published=right_time(expected["publishing_date"], found.published),
        image=images,
    )


def ours(page: Page) -> Found:
    from daily8.news.blocks import blocks_to_text
    from daily8.news.extract import extract

    got = extract(page.body, page.url)
    return Found(
        title=got.title,
        dek=got.dek,
        text=blocks_to_text(got.blocks),
        authors=got.authors,
        published=got.published,
        image=got.image.url if got.image else None,
    )


def plain(page: Page) -> Found:
    """Run trafilatura as it comes, with metadata; dates asked for with time."""
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    dates = {"outputformat": "%Y-%m-%dT%H:%M:%S%z", "original_date": True, "extensive_search": True}
    doc = bare_extraction(
        page.body, url=page.url, with_metadata=True, include_comments=False, date_extraction_params=dates
    )
    if not isinstance(doc, Document):
        return Found()
    published = None
    if doc.date:
        try:
            published = datetime.fromisoformat(doc.date)
        except ValueError:
            published = None
    return Found(
        title=doc.title,
        text=doc.text or "",
        authors=tuple(a.strip() for a in (doc.author or "").split(";") if a.strip()),
        published=published,
        image=doc.image,
    )


EXTRACTORS: dict[str, Callable[[Page], Found]] = {"daily8": ours, "trafilatura": plain}


def warm_up(page: Page) -> None:
    """Load what is loaded once: imports, tables, the model that names languages."""
    from daily8.news.language import detect

    detect("A sentence that is long enough to be told the language of.")
    for run in EXTRACTORS.values():
        run(page)


def share(values: list[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def summary(tally: Tally) -> dict[str, float | int | None]:
    """Give the figures of a row of the table."""
    scores = tally.scores
    return {
        "pages": len(scores),
        "title": share([s.title for s in scores]),
        "title_f1": mean([s.title_f1 for s in scores]),
        "text_f1": mean([s.text for s in scores]),
        "text_90": share([s.text >= 0.9 for s in scores]),
        "authors": share([s.authors for s in scores if s.authors is not None]),
        "published": share([s.published for s in scores]),
        "image": share([s.image for s in scores if s.image is not None]),
        "pages_per_cpu_second": len(scores) / tally.seconds if tally.seconds else None,
    }


def _cell(value: float | int | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, int):
        return str(value)
    return f"{value:.1f}" if value > 1.5 else f"{value:.3f}"


def markdown(tallies: dict[str, dict[str, Tally]]) -> str:
    """Draw the table: rows for countries, scripts, halves and all; two figures a cell."""
    columns = [
        "title",
        "title_f1",
        "text_f1",
        "text_90",
        "authors",
        "published",
        "image",
        "pages_per_cpu_second",
    ]
    names = list(tallies)
    lines = [
        f"Each cell: {' / '.join(names)}",
        "",
        "| pages of | pages | " + " | ".join(columns) + " |",
        "|---" * (len(columns) + 2) + "|",
    ]
    countries = sorted(next(iter(tallies.values())))
    for country in sorted(
        countries, key=lambda c: (c == "all", c.startswith("half"), c.istitle() or c.isupper(), c)
    ):
        rows = [summary(tallies[name][country]) for name in names]
        cells = [" / ".join(_cell(row[column]) for row in rows) for column in columns]
        lines.append(f"| {country} | {rows[0]['pages']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _miss(page: Page, found: Found, score: Score, wanted: str) -> str | None:
    want = page.expected
    head = f"{page.country}/{page.name}"
    if wanted == "title" and not score.title:
        return f"{head}\n  - {want['title']}\n  + {found.title}"
    if wanted == "authors" and score.authors is False:
        return f"{head}\n  - {want['authors']}\n  + {list(found.authors)}"
    if wanted == "published" and not score.published:
        return f"{head}\n  - {want['publishing_date']}\n  + {found.published}"
    if wanted == "image" and score.image is False:
        covers = [i for i in want["images"] if i["is_cover"]] or want["images"][:1]
        return f"{head}\n  - {covers[0]['versions'][-1]['url']}\n  + {found.image}"
    if wanted == "text" and score.text < 0.95:
        a, b = tokens(body_text(want["body"])), tokens(found_text(found))
        return (
            f"{score.text:.3f} {head}\n  lost  {sum((a - b).values()):5d} of {sum(a.values())}\n"
            f"  extra {sum((b - a).values()):5d} of {sum(b.values())}"
        )
    return None


def measure(args: argparse.Namespace) -> dict[str, dict[str, Tally]]:
    """Run the extractors over the corpus and gather their scores by country."""
    names = [args.extractor] if args.extractor else list(EXTRACTORS)
    tallies: dict[str, dict[str, Tally]] = {name: defaultdict(Tally) for name in names}
    for number, page in enumerate(pages(corpus() / "pages" / "publishers")):
        if args.limit and number >= args.limit:
            break
        if (args.country and page.country != args.country) or (args.only and args.only not in page.name):
            continue
        if sys.stderr.isatty() and not sys.stdout.isatty():
            print(f"\r{number + 1} {page.country}/{page.name}\x1b[K", end="", file=sys.stderr)
        if not any(tallies[name]["all"].scores for name in names):
            warm_up(page)
        for name in names:
            start = time.process_time()
            found = EXTRACTORS[name](page)
            seconds = time.process_time() - start
            score = judge(page.expected, found)
            for key in (
                page.country,
                script_of(body_text(page.expected["body"])),
                half_of(page.country),
                "all",
            ):
                tallies[name][key].scores.append(score)
                tallies[name][key].seconds += seconds
            if args.misses and name == names[0]:
                miss = _miss(page, found, score, args.misses)
                if miss:
                    print(miss)
    if sys.stderr.isatty() and not sys.stdout.isatty():
        print(file=sys.stderr)
    return tallies


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    parser.add_argument("--country", help="only this folder")
    parser.add_argument("--only", help="only pages whose name contains this")
    parser.add_argument("--limit", type=int, help="stop after so many pages")
    parser.add_argument("--misses", choices=FIELDS, help="print what the first extractor missed")
    parser.add_argument("--extractor", choices=list(EXTRACTORS), help="run this one alone")
    tallies = measure(parser.parse_args())
    if not next(iter(tallies.values())):
        sys.exit(f"No pages under {corpus() / 'pages' / 'publishers'}; set DAILY8_CORPUS.")
    args = parser.parse_args()
    if args.json:
        rows = {name: {key: summary(tally) for key, tally in by.items()} for name, by in tallies.items()}
        print(json.dumps(rows, indent=2))
    else:
        print(markdown(tallies))


if __name__ == "__main__":
    main()
