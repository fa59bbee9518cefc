"""Measure the feed reader: against feedparser's own expectations, and beside feedparser for speed.

``python -m bench.feeds [--failures] [--rounds N]``. The corpus is found through DAILY8_CORPUS.

Each file of the corpus bears a Python expression over feedparser's result. It is cut at its ``and``s; a
clause ``path == value`` whose path has a counterpart in our output (`FEED`, `ENTRY`) is checked, the others
are counted by path. feedparser keeps mark-up in titles, the outer ``div`` of XHTML and what its own allow
list lets through, so its value is put through our `plain` or `sanitise` before it is compared.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import feedparser

from daily8.news import urls
from daily8.news.charset import decode
from daily8.news.dates import parse_date
from daily8.news.feeds import NotAFeed, own_reading, parse_feed
from daily8.news.sanitise import plain, sanitise
from daily8.news.types import Entry, Feed

CORPUS = Path(os.environ.get("DAILY8_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
Check = Callable[[Any, Any, str], bool]


def text(ours: str | None, theirs: str, _: str) -> bool:
    return (ours or "") in {plain(theirs), " ".join(theirs.split())}


def html(ours: str | None, theirs: str, base: str) -> bool:
    inner = theirs.removeprefix("<div>").removesuffix("</div>")
    forms = {" ".join(sanitise(form, base).split()) for form in (theirs, inner, escape(theirs, quote=False))}
    return " ".join((ours or "").split()) in forms


def same(ours: Any, theirs: Any, _: str) -> bool:
    return bool((ours or "") == theirs)


def address(ours: str | None, theirs: str, _: str) -> bool:
    return (ours or "").rstrip("/").lower() == theirs.rstrip("/").lower()


def count(ours: int | None, theirs: str, _: str) -> bool:
    return str(ours if ours is not None else "") == str(theirs)


def moment(ours: datetime | None, theirs: Any, _: str) -> bool:
    if isinstance(theirs, str):
        return ours is not None and ours == parse_date(theirs)
    return ours is not None and tuple(ours.astimezone(UTC).timetuple()[:6]) == tuple(theirs[:6])


def author(ours: str | None, theirs: str, _: str) -> bool:
    """feedparser writes `Name (mail)`; we keep the name."""
    return bool(ours) and ours in {theirs, re.sub(r"\s*\(.*\)$", "", theirs)}


KINDS = {"rss090": "rdf", "rss10": "rdf", "json1": "json", "json11": "json"}


def kind(ours: str, theirs: str, _: str) -> bool:
    return ours == KINDS.get(theirs, re.sub(r"\d+\w*$", "", theirs))


def nth(values: tuple[Any, ...], path: tuple[Any, ...]) -> Any:
    at = next((key for key in path if isinstance(key, int)), 0)
    return values[at] if at < len(values) else None


FEED: dict[str, tuple[Callable[[Feed, tuple[Any, ...]], Any], Check]] = {
    "title": (lambda f, _: f.title, text),
    "title_detail.value": (lambda f, _: f.title, text),
    "link": (lambda f, _: f.home, address),
    "language": (lambda f, _: f.language, same),
    "ttl": (lambda f, _: f.ttl, count),
    "image.href": (lambda f, _: f.image, address),
    "image.url": (lambda f, _: f.image, address),
    "logo": (lambda f, _: f.image, address),
    "icon": (lambda f, _: f.image, address),
} | {
    f"{name}{detail}": (lambda f, _: f.description, text)
    for name in ("subtitle", "tagline", "description", "info")
    for detail in ("", "_detail.value")
}
ENTRY: dict[str, tuple[Callable[[Entry, tuple[Any, ...]], Any], Check]] = {
    "title": (lambda e, _: e.title, text),
    "title_detail.value": (lambda e, _: e.title, text),
    "description": (lambda e, _: e.summary or e.content, html),
    "summary": (lambda e, _: e.summary or e.content, html),
    "summary_detail.value": (lambda e, _: e.summary or e.content, html),
    "content.n.value": (lambda e, _: e.content or e.summary, html),
    "link": (lambda e, _: e.url, address),
    "id": (lambda e, _: e.id, same),
    "guid": (lambda e, _: e.id, same),
    "author": (lambda e, _: nth(e.authors, ()), author),
    "author_detail.name": (lambda e, _: nth(e.authors, ()), same),
    "authors.n.name": (lambda e, path: nth(e.authors, path), same),
    "tags.n.term": (lambda e, path: nth(e.categories, path), text),
    "tags.n.label": (lambda e, path: nth(e.categories, path), text),
    "category": (lambda e, _: nth(e.categories, ()), text),
    "published": (lambda e, _: e.published, moment),
    "published_parsed": (lambda e, _: e.published, moment),
    "created": (lambda e, _: e.published, moment),
    "created_parsed": (lambda e, _: e.published, moment),
    "updated": (lambda e, _: e.updated or e.published, moment),
    "updated_parsed": (lambda e, _: e.updated or e.published, moment),
    "image.href": (lambda e, _: e.image, address),
    "media_thumbnail.n.url": (lambda e, _: e.image, address),
    "enclosures.n.href": (lambda e, path: getattr(nth(e.enclosures, path), "url", None), address),
    "enclosures.n.url": (lambda e, path: getattr(nth(e.enclosures, path), "url", None), address),
    "enclosures.n.type": (lambda e, path: getattr(nth(e.enclosures, path), "type", None), same),
    "enclosures.n.length": (lambda e, path: getattr(nth(e.enclosures, path), "length", None), count),
}


@dataclass(frozen=True)
class Case:
    path: Path
    body: bytes
    url: str
    content_type: str | None
    clauses: tuple[ast.expr, ...]


def cases(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.rglob("*.xml")) + sorted(folder.rglob("*.json")):
        body = path.read_bytes()
        head = decode(body)[:8192]
        expect = re.search(r"Expect:\s*(.+?)\s*(?:-->\"?,?)?\s*$", head, re.MULTILINE)
        headers = dict(re.findall(r"Header:\s*([\w-]+):\s*(.*?)\s*$", head, re.MULTILINE))
        headers = {name.lower(): value for name, value in headers.items()}
        clauses: tuple[ast.expr, ...] = ()
        if expect is not None:
            try:
                tree = ast.parse(expect[1], mode="eval").body
            except SyntaxError:
                tree = ast.Constant(None)
            is_and = isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And)
            clauses = tuple(tree.values) if is_and and isinstance(tree, ast.BoolOp) else (tree,)
        url = headers.get("content-location", "")
        if not url.startswith("http"):
            own = f"http://127.0.0.1:8097/{path.relative_to(folder)}"
            url = urls.absolute(url, own) or own
        yield Case(path, body, url, headers.get("content-type"), clauses)


def path_of(node: ast.expr) -> tuple[Any, ...] | None:
    """Read ``entries[0]['content'][0].value`` as ("entries", 0, "content", 0, "value")."""
    if isinstance(node, ast.Name):
        return (node.id,)
    inner: tuple[Any, ...] | None = None
    if isinstance(node, ast.Attribute):
        inner = path_of(node.value)
        return None if inner is None else (*inner, node.attr)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        inner = path_of(node.value)
        return None if inner is None else (*inner, node.slice.value)
    return None


def check(clause: ast.expr, feed: Feed | None, url: str) -> tuple[str, bool | None]:
    """Judge a clause: its name, and whether it holds; None where it has no counterpart."""
    if not (isinstance(clause, ast.Compare) and len(clause.ops) == 1 and isinstance(clause.ops[0], ast.Eq)):
        return re.sub(r"\[\d+\]", "", ast.unparse(clause))[:60], None
    path = path_of(clause.left)
    try:
        value = ast.literal_eval(clause.comparators[0])
    except ValueError:
        return ast.unparse(clause)[:60], None
    if ast.unparse(clause.left) == "len(entries)":
        return "len(entries)", feed is not None and len(feed.entries) == value
    if path is None:
        return ast.unparse(clause.left)[:60], None
    if path == ("version",):
        return "version", feed is not None and kind(feed.kind, value, url)
    if path[0] == "feed":
        name = ".".join("n" if isinstance(k, int) else str(k) for k in path[1:])
        if (read := FEED.get(name)) is None:
            return f"feed.{name}", None
        return f"feed.{name}", feed is not None and read[1](read[0](feed, path[1:]), value, url)
    if path[0] == "entries" and len(path) > 2:
        name = ".".join("n" if isinstance(k, int) else str(k) for k in path[2:])
        reader = ENTRY.get(name)
        if reader is None:
            return f"entry.{name}", None
        if feed is None or path[1] >= len(feed.entries):
            return f"entry.{name}", False
        entry = feed.entries[path[1]]
        return f"entry.{name}", reader[1](reader[0](entry, path[2:]), value, entry.url or url)
    return ".".join(map(str, path)), None


def accuracy(folder: Path, *, failures: bool) -> None:
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    unmapped: Counter[str] = Counter()
    files = own = refused = 0
    for case in cases(folder):
        files += 1
        feed: Feed | None = None
        try:
            feed = parse_feed(case.body, case.url, case.content_type)
            own += own_reading(decode(case.body, case.content_type), case.url) is not None
        except NotAFeed as error:
            refused += 1
            if failures:
                print(f"{case.path.relative_to(folder)}: refused: {error}")
        for clause in case.clauses:
            name, holds = check(clause, feed, case.url)
            if name == "entry.tags.n.term" and b"label=" in case.body:
                holds = None  # a category of ours is its label where it has one
            (unmapped if holds is None else right if holds else wrong)[name] += 1
            if holds is False and failures:
                print(f"{case.path.relative_to(folder)}: {ast.unparse(clause)}")
    total = right.total() + wrong.total()
    print(f"files {files}, refused {refused}, answered by our own reader {own} ({own / files:.1%})")
    print(f"mapped expectations {total}, right {right.total()} ({right.total() / total:.2%})")
    for name in sorted(right | wrong, key=lambda name: -(right[name] + wrong[name])):
        print(f"  {name:28} {right[name]:5} of {right[name] + wrong[name]}")
    print(f"not mapped: {unmapped.total()} clauses")
    for name, number in unmapped.most_common():
        print(f"  {number:5} {name}")


WORDS = {
    "en": [
        "the",
        "council",
        "met",
        "on",
        "Monday",
        "to",
        "hear",
        "what",
        "the",
        "harbour",
        "would",
        "cost",
        "and",
        "who",
        "was",
        "to",
        "pay",
        "for",
        "it",
    ],
    "ar": [
        "اجتمع",
        "المجلس",
        "يوم",
        "الاثنين",
        "ليسمع",
        "كم",
        "سيكلف",
        "الميناء",
        "ومن",
        "الذي",
        "سيدفع",
        "ثمنه",
        "في",
        "العام",
        "المقبل",
    ],
}


def paragraph(words: list[str], item: int, n: int) -> str:
    text = " ".join((words * 9)[item % 9 + n : item % 9 + n + 70])
    link = f'<a href="https://site.example/{item}/{n}?a=1&amp;b=2">{words[n % len(words)]}</a>'
    root = "" if words is WORDS["ar"] else "https://img.site.example"  # some write relative addresses
    image = f'<figure><img src="{root}/i/{item}-{n}.jpg" alt="{words[1]}" width="600"></figure>'
    return f'<p class="c">{text} {link} <em>{words[0]}</em>.</p>{image if n % 5 == 0 else ""}'


def generated(language: str, items: int, paragraphs: int, *, atom: bool) -> bytes:
    """Write a feed as large ones are: full text with links, pictures and figures in each entry."""
    words = WORDS[language]
    rows = []
    for item in range(items):
        parts = [paragraph(words, item, n) for n in range(paragraphs)]
        title, body = f"{words[item % len(words)]} &amp; {item}", escape("".join(parts))
        link = f"https://site.example/story/{item}"
        stamp = f"2025-11-{item % 28 + 1:02}T12:{item % 60:02}:00Z"
        if atom:
            rows.append(
                f'<entry><id>{link}</id><title>{title}</title><link href="{link}"/><updated>{stamp}</updated>'
                f"<author><name>A {item}</name></author><category term='news'/>"
                f'<content type="html">{body}</content></entry>'
            )
        else:
            rows.append(
                f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
                f"<pubDate>{item % 28 + 1} Nov 2025 12:00:00 GMT</pubDate><dc:creator>A {item}</dc:creator>"
                f"<category>news</category><description>{title}</description>"
                f"<content:encoded>{body}</content:encoded></item>"
            )
    if atom:
        return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>{"".join(rows)}</feed>'.encode()
    spaces = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    )
    return f'<rss version="2.0" {spaces}><channel><title>T</title>{"".join(rows)}</channel></rss>'.encode()


def speed(rounds: int) -> None:
    samples = {
        "RSS, 50 full articles, English": generated("en", 50, 14, atom=False),
        "RSS, 40 full articles, Arabic": generated("ar", 40, 8, atom=False),
        "Atom, 100 short articles": generated("en", 100, 3, atom=True),
        "RSS, 200 titles and summaries": generated("en", 200, 0, atom=False),
    }
    readers: dict[str, Callable[[bytes], Any]] = {
        "daily8": lambda body: parse_feed(body, "https://site.example/feed"),
        "feedparser": lambda body: feedparser.parse(body),
        "feedparser, unsanitised": lambda body: feedparser.parse(
            body, sanitize_html=False, resolve_relative_uris=False
        ),
    }
    print(f"{'feeds per CPU-second, medians of ' + str(rounds):40}" + "".join(f"{n:>25}" for n in readers))
    for name, body in samples.items():
        times: dict[str, list[float]] = {reader: [] for reader in readers}
        for _ in range(rounds):
            for reader, read in readers.items():
                start = time.process_time()
                read(body)
                times[reader].append(time.process_time() - start)
        rates = {reader: 1 / statistics.median(values) for reader, values in times.items()}
        cells = "".join(f"{rate:16.1f} ({rates['daily8'] / rate:5.1f})" for rate in rates.values())
        print(f"{name + f', {len(body) // 1024} kB':40}{cells}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--failures", action="store_true", help="print each expectation that does not hold"
    )
    arguments.add_argument("--rounds", type=int, default=5)
    chosen = arguments.parse_args()
    folder = CORPUS / "feeds" / "feedparser"
    if folder.is_dir():
        accuracy(folder, failures=chosen.failures)
    else:
        print(f"no corpus under {folder}; set DAILY8_CORPUS")
    if chosen.rounds:
        speed(chosen.rounds)


if __name__ == "__main__":
    main()
