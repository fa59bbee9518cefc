"""``daily8 parse`` and ``daily8 extract``: the core on one document, from a file, an address or a pipe."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from daily8.cli.output import as_json
from daily8.cli.reading import caged, read

Input = Annotated[str, typer.Argument(metavar="X", help="A file, an address, or - for standard input.")]
Url = Annotated[str | None, typer.Option("--url", help="Where the document came from.")]


def parse(document: Input, url: Url = None) -> None:
    """Read a feed or an OPML outline and print it as JSON."""
    found = read(document, url)
    as_json(caged(_parsed, found.body, found.url, found.content_type))


def _parsed(body: bytes, url: str | None, content_type: str | None) -> dict[str, Any]:
    from daily8.news.feeds import feed_to_json, parse_feed
    from daily8.news.opml import looks_like_opml, opml_to_json, read_opml

    if looks_like_opml(body):
        return opml_to_json(read_opml(body))
    return feed_to_json(parse_feed(body, url, content_type))


def extract(document: Input, url: Url = None) -> None:
    """Read an article page and print its text and facts as JSON."""
    found = read(document, url)
    as_json(caged(_extracted, found.body, found.url, found.content_type))


def _extracted(body: bytes, url: str | None, content_type: str | None) -> dict[str, Any]:
    from daily8.news.extract import extract as extract_article
    from daily8.news.extract import extracted_to_json

    return extracted_to_json(extract_article(body, url, content_type))
