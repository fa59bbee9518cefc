"""Reading a folder of real pages, ``<country>/<Publisher>_<YYYY>_<MM>_<DD>.html.gz``, each served as it is.

Beside them ``<Publisher>.json`` tells, by version of the publisher's layout, what a reader of a page should
find (the layout of the Fundus test data): title, authors, publishing_date, body. Versions and pages come in
the same order. The feeds are told title, link, date and a short summary, so the page is what must be read.
"""

from __future__ import annotations

import gzip
import html
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from daily8.replay.articles import Article, Corpus
from daily8.replay.rows import BadRowError, CorpusBuilder, moment, url_path

_NAME = re.compile(r"(?P<publisher>[^_]+)_(?P<date>\d{4}_\d\d_\d\d)\.html\.gz")
_COUNTRIES = {"uk": "GB", "ind": "IN", "isl": "IS"}
_HEAD = 1 << 17
MOST_BYTES = 1 << 26
"""Of one page, unpacked."""


def load_pages(folder: Path) -> Corpus:
    """Read the folder of pages. Only the head of each page is read now, the rest when it is asked for."""
    builder = CorpusBuilder()
    for country in sorted(p for p in folder.iterdir() if p.is_dir()):
        by_publisher: dict[str, list[Path]] = {}
        for path in sorted(country.glob("*.html.gz")):
            match = _NAME.fullmatch(path.name)
            if match:
                by_publisher.setdefault(match["publisher"], []).append(path)
            else:
                builder.tell(f"{country.name}/{path.name} is not named <Publisher>_<YYYY>_<MM>_<DD>.html.gz.")
        for name, paths in by_publisher.items():
            _add_publisher(builder, country, name, paths)
    return builder.corpus()


def expectations(folder: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the article id of every page that has one with the version that tells what is right there."""
    for path in sorted(folder.glob("*/*.json")):
        pages = sorted(p for p in path.parent.glob(f"{path.stem}_*.html.gz") if _NAME.fullmatch(p.name))
        versions = _versions(path, len(pages))
        for page, version in zip(pages, versions, strict=False):
            yield _identity(page), version


def is_folder_of_pages(folder: Path) -> bool:
    """Tell whether the folder holds pages in the layout above."""
    return next(folder.glob("*/*.html.gz"), None) is not None


def read_page(path: Path) -> bytes:
    """Unpack a page.

    :raises OSError: for a file that cannot be read or is no whole gzip.
    """
    with gzip.open(path) as file:
        try:
            data = file.read(MOST_BYTES + 1)
        except (EOFError, zlib.error) as problem:
            raise OSError(str(problem)) from problem
    if len(data) > MOST_BYTES:
        raise OSError("more than 64 MB unpacked")
    return data


def _add_publisher(builder: CorpusBuilder, country: Path, name: str, paths: list[Path]) -> None:
    try:
        versions = _versions(country / f"{name}.json", len(paths))
    except FileNotFoundError:
        versions = [{}] * len(paths)
    except (OSError, ValueError, AttributeError):
        builder.tell(f"{country.name}/{name}.json is not JSON with one object a version, and is not used.")
        versions = [{}] * len(paths)
    for path, version in zip(paths, versions, strict=True):
        try:
            article, language = _article(path, version)
            builder.put(
                article,
                name,
                name=_spaced(name),
                country=_COUNTRIES.get(country.name, country.name.upper()),
                language=language,
            )
        except (OSError, EOFError, zlib.error):
            builder.tell(f"{country.name}/{path.name} is no readable gzip file.")
        except BadRowError as problem:
            builder.tell(f"{country.name}/{path.name} {problem}.")


def _versions(path: Path, count: int) -> list[Mapping[str, Any]]:
    """Give one version a page, in order; nothing is told of pages whose version is in doubt."""
    versions = [v for v in json.loads(path.read_bytes()).values() if isinstance(v, Mapping)]
    return versions if len(versions) == count else [{}] * count


def _identity(path: Path) -> str:
    return f"{path.parent.name}/{path.name.removesuffix('.html.gz')}"


def _article(path: Path, version: Mapping[str, Any]) -> tuple[Article, str | None]:
    with gzip.open(path) as file:
        head = file.read(_HEAD).decode("utf-8", "replace")
    language = _first(head, r"<html[^>]*?\slang\s*=\s*[\"']?([A-Za-z]{2,3})\b")
    title = _words(version.get("title")) or _words(_first(head, r"<title[^>]*>(.*?)</title"))
    date = path.name.removesuffix(".html.gz")[-10:].replace("_", "-")
    authors = version.get("authors")
    canonical = _first(head, r"<link[^>]*\brel=[\"']?canonical[\"']?[^>]*\bhref=[\"']?([^\"'\s>]+)")
    canonical = canonical or _first(
        head, r"<link[^>]*\bhref=[\"']?([^\"'\s>]+)[\"']?[^>]*\brel=[\"']?canonical"
    )
    return Article(
        id=_identity(path),
        publisher="",
        path=url_path(html.unescape(canonical or "")) or "",
        title=title or path.name,
        language=language.lower() if language else None,
        time=_time(version.get("publishing_date")) or datetime.fromisoformat(date).replace(tzinfo=UTC),
        authors=tuple(a for a in authors if isinstance(a, str)) if isinstance(authors, list) else (),
        dek=_summary(version.get("body")),
        rights="full",
        page=partial(read_page, path),
    ), language.lower() if language else None


def _time(value: Any) -> datetime | None:
    try:
        return moment(value) if isinstance(value, str) else None
    except BadRowError:
        return None


def _summary(body: Any) -> str | None:
    """Give the page's own summary, or the beginning of its first paragraph, as a feed would."""
    if not isinstance(body, Mapping):
        return None
    texts = list(body.get("summary") or [])
    for section in body.get("sections") or []:
        texts += section.get("paragraphs") or []
    text = _words(next((t for t in texts if isinstance(t, str) and t.strip()), None))
    if text and len(text) > 180:
        text = text[:180].rsplit(" ", 1)[0] + " …"
    return text


def _first(text: str, pattern: str) -> str | None:
    match = re.search(pattern, text, re.IGNORECASE | re.DOTALL)
    return match[1].strip() if match else None


def _words(value: Any) -> str | None:
    return " ".join(html.unescape(value).split())[:500] or None if isinstance(value, str) else None


def _spaced(name: str) -> str:
    """Turn ``BerlinerMorgenpost`` into ``Berliner Morgenpost``; runs of capitals stay together."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
