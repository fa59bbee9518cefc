"""Measure the feed reader: against feedparser's own expectations, and beside feedparser for speed.

``python -m bench.feeds [--failures] [--rounds N] [--sizes N ...]``. DAILY8_CORPUS names the corpus.

Each file of the corpus bears a Python expression over feedparser's result. It is cut at its ``and``s; a
clause ``path == value`` whose path has a counterpart in our output (`FEED`, `ENTRY`) is checked, the others
are counted by path. feedparser keeps mark-up in titles, the outer ``div`` of XHTML and what its own allow
list lets through, so its value is put through our `plain` or `sanitise` before it is compared.
"""

from __future__ import annotations

import argparse
import ast
import dataclasses
import gc
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

from bench.large_feeds import KINDS, SENTENCES, SIZES, large_feed
from daily8.news import urls
from daily8.news.charset import decode
from daily8.news.dates import parse_date
from daily8.news.feeds import MAX_BODY, MAX_ENTRIES, NotAFeed, own_reading, parse_feed
from daily8.news.sanitise import plain, sanitise
from daily8.news.types import Enclosure, Entry, Feed

CORPUS = Path(os.environ.get("DAILY8_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
Check = Callable[[Any, Any, str], bool]


def text(ours: str | None, theirs: str, _: str) -> bool:
    return (ours or "") in {plain(theirs), " ".join(theirs.split())}


def html(ours: str | None, theirs: str, base: str) -> bool:
    inner = theirs.removeprefix("<div>").removesuffix("</div>")
    forms = {" ".join(sanitise(form, base).split()) for form in (theirs, inner, escape(theirs, quote=False))}
    return " ".join((ours or "").split()) in forms


def same(ours: Any, theirs: Any, _: str) -> bool:
    return bool((ours or "") == (theirs or ""))


def address(ours: str | None, theirs: str, _: str) -> bool:
    theirs = urls.absolute(theirs) or theirs  # ours are ASCII
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


VERSIONS = {"rss090": "rdf", "rss10": "rdf", "json1": "json", "json11": "json"}


def kind(ours: str, theirs: str, _: str) -> bool:
    return ours == VERSIONS.get(theirs, re.sub(r"\d+\w*$", "", theirs))


def file(ours: Enclosure | None, theirs: dict[str, str], _: str) -> bool:
    found = ours and {"href": ours.url, "type": ours.type, "length": str(ours.length)}
    return bool(found and all(found[key] == value for key, value in theirs.items()))


def nth(values: tuple[Any, ...], path: tuple[Any, ...]) -> Any:
    at = next((key for key in path if isinstance(key, int)), 0)
    return values[at] if at < len(values) else None


FEED: dict[str, tuple[Callable[[Feed, tuple[Any, ...]], Any], Check]] = {
    "title": (lambda f, _: f.title, text),
    "title_detail.value": (lambda f, _: f.title, text),
    "link": (lambda f, _: f.home, address),
    "language": (lambda f, _: f.language, same),
    "ttl": (lambda f, _: f.ttl, count),
    "links.n.href": (lambda f, _: f.home, address),
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
    "links.n.href": (lambda e, _: e.url, address),
    "subtitle": (lambda e, _: e.summary, html),
    "language": (lambda e, _: e.language, same),
    # An entry without a language of its own is in that of its feed.
    "content.n.language": (lambda e, _: e.language, same),
    "title_detail.language": (lambda e, _: e.language, same),
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
    "enclosures.n": (lambda e, path: nth(e.enclosures, path), file),
    "enclosures.n.href": (lambda e, path: getattr(nth(e.enclosures, path), "url", None), address),
    "enclosures.n.url": (lambda e, path: getattr(nth(e.enclosures, path), "url", None), address),
    "enclosures.n.type": (lambda e, path: getattr(nth(e.enclosures, path), "type", None), same),
    "enclosures.n.length": (lambda e, path: getattr(nth(e.enclosures, path), "length", None), count),
}


HEADER = re.compile(rb"Content-Language:", re.IGNORECASE)  # a header that `parse` is not told of

# Clauses that look as if they had a counterpart, and have none in files that hold this.
NO_COUNTERPART = {
    "entry.tags.n.term": re.compile(rb"label="),  # a category of ours is its label where it has one
    "entry.links.n.href": re.compile(rb"rel=.license|podlove"),  # a link of another relation
    "feed.language": HEADER,
    "entry.title_detail.language": HEADER,
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
            clauses = tuple(clauses_of(tree))
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


_LENGTH = re.compile(r"len\(entries\[(\d+)\]\.tags\)")


class _Folded(ast.NodeTransformer):
    """Put constants together, and write `not X.has_key(k)` as `X[k] == ""`: absent is empty in ours."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Constant):
            return ast.Constant(node.left.value + node.right.value)  # type: ignore[operator]
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        call = node.operand
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr == "has_key"
        ):
            key = ast.Subscript(call.func.value, call.args[0], ast.Load())
            return ast.Compare(key, [ast.Eq()], [ast.Constant("")])
        return node


def clauses_of(tree: ast.expr) -> Iterator[ast.expr]:
    """Cut an expectation at its `and`s and its chains of `==`."""
    for part in tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else (tree,):
        clause = _Folded().visit(part)
        if isinstance(clause, ast.Compare) and all(isinstance(op, ast.Eq) for op in clause.ops):
            *others, value = clause.comparators
            for left in (clause.left, *others):
                yield ast.Compare(left, [ast.Eq()], [value])
        else:
            yield clause


def counted(left: str, feed: Feed | None, value: int) -> tuple[str, bool | None]:
    """Judge a clause that counts."""
    if left == "len(entries)":
        return left, feed is not None and len(feed.entries) == value
    length = _LENGTH.fullmatch(left)
    if length is None:
        return left[:60], None
    return "len(entry.tags)", feed is not None and len(feed.entries[int(length[1])].categories) == value


def check(clause: ast.expr, feed: Feed | None, url: str) -> tuple[str, bool | None]:
    """Judge a clause: its name, and whether it holds; None where it has no counterpart."""
    if not (isinstance(clause, ast.Compare) and len(clause.ops) == 1 and isinstance(clause.ops[0], ast.Eq)):
        return re.sub(r"\[\d+\]", "", ast.unparse(clause))[:60], None
    path = path_of(clause.left)
    try:
        value = ast.literal_eval(clause.comparators[0])
    except ValueError:
        return ast.unparse(clause)[:60], None
    if path is None:
        return counted(ast.unparse(clause.left), feed, value)
    if isinstance(value, dict) and path[-2:-1] == ("links",) and value.get("rel") == "alternate":
        path, value = (*path, "href"), value["href"]
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
        if name.endswith(".language") and entry.language is None:
            entry = dataclasses.replace(entry, language=feed.language)
        return f"entry.{name}", reader[1](reader[0](entry, path[2:]), value, entry.url or url)
    return ".".join(map(str, path)), None


ACTS = re.compile(r"<\s*(?:script|style|iframe|svg|math|object|form)|\son\w+\s*=|javascript:", re.IGNORECASE)


def by_policy(feed: Feed | None) -> bool:
    """Say whether what came out is clean by our own list: nothing acts, and cleaning it changes nothing."""
    if feed is None:
        return False
    texts = [text for entry in feed.entries for text in (entry.summary, entry.content) if text]
    return all(not ACTS.search(text) and sanitise(text) == text for text in texts)


def accuracy(folder: Path, *, failures: bool) -> None:
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    unmapped: Counter[str] = Counter()
    files = own = refused = policy = 0
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
            if name in NO_COUNTERPART and NO_COUNTERPART[name].search(case.body):
                holds = None
            if holds is False and case.path.parent.name == "sanitize" and by_policy(feed):
                holds = True
                policy += 1
            (unmapped if holds is None else right if holds else wrong)[name] += 1
            if holds is False and failures:
                print(f"{case.path.relative_to(folder)}: {ast.unparse(clause)}")
    total = right.total() + wrong.total()
    print(f"files {files}, refused {refused}, answered by our own reader {own} ({own / files:.1%})")
    print(f"mapped expectations {total}, right {right.total()} ({right.total() / total:.2%})")
    print(f"of these {policy} of sanitising, where the allow lists differ: judged by our policy")
    for name in sorted(right | wrong, key=lambda name: -(right[name] + wrong[name])):
        print(f"  {name:28} {right[name]:5} of {right[name] + wrong[name]}")
    print(f"not mapped: {unmapped.total()} clauses")
    for name, number in unmapped.most_common():
        print(f"  {number:5} {name}")


def real(folder: Path) -> dict[str, bytes]:
    """Give the feeds of the corpus that are as large as the ones measured, if there are any."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.name: path.read_bytes() for path in paths if SIZES[0] <= path.stat().st_size <= MAX_BODY}


def speed(rounds: int, sizes: tuple[int, ...], folder: Path) -> None:
    """Print the CPU time of each feed in ours and in feedparser, its sanitiser on, and the ratios."""
    samples = {
        f"{kind}, {language}": [large_feed(kind, language, size) for size in sizes]
        for kind in KINDS
        for language in SENTENCES
    }
    samples |= {name: [body] for name, body in real(folder).items()}
    gc.collect()
    gc.freeze()  # what the bench holds is nobody's to go over
    ratios: list[float] = []
    print(f"{'ms of CPU, medians of ' + str(rounds):38}{'kB':>6}{'daily8':>9}{'feedparser':>12}  ratio")
    for name, bodies in samples.items():
        for body in bodies:
            mine, theirs = measured(body, rounds)
            row = f"{name:38}{len(body) // 1000:6}{mine * 1000:9.1f}"
            if theirs is None:
                print(f"{row}  feedparser reads no JSON Feed")
                continue
            ratios.append(theirs / mine)
            print(f"{row}{theirs * 1000:12.1f}{ratios[-1]:7.1f}")
    print(f"ratios: least {min(ratios):.1f}, median {statistics.median(ratios):.1f}, most {max(ratios):.1f}")


def measured(body: bytes, rounds: int) -> tuple[float, float | None]:
    """Give the medians of both readers in seconds of CPU, taken in turns."""
    own, other = [], []
    parse_feed(body, "https://harbour.example/feed")
    peer = not body.startswith(b"{")
    for _ in range(rounds):
        start = time.process_time()
        found = parse_feed(body, "https://harbour.example/feed")
        middle = time.process_time()
        own.append(middle - start)
        if peer:
            theirs = feedparser.parse(body)
            other.append(time.process_time() - middle)
            assert len(theirs.entries) == len(found.entries) or len(found.entries) == MAX_ENTRIES
    return statistics.median(own), statistics.median(other) if peer else None


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--failures", action="store_true", help="print each expectation that does not hold"
    )
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="bytes of the large feeds")
    chosen = arguments.parse_args()
    folder = CORPUS / "feeds" / "feedparser"
    if folder.is_dir():
        accuracy(folder, failures=chosen.failures)
    else:
        print(f"no corpus under {folder}; set DAILY8_CORPUS")
    if chosen.rounds:
        speed(chosen.rounds, tuple(chosen.sizes), folder)


if __name__ == "__main__":
    main()
