"""``daily8 parse`` and ``daily8 extract``: the core on one document, from a file, an address or a pipe."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daily8.cli.output import Refused, as_json
from daily8.cli.reading import caged, read

if TYPE_CHECKING:
    from daily8.news.opml import Opml
    from daily8.news.repair import Rules

_HEAD = 4096
"""Characters in which an outline says that it is one."""

Input = Annotated[str, typer.Argument(metavar="X", help="A file, an address, or - for standard input.")]
Url = Annotated[str | None, typer.Option("--url", help="Where the document came from.")]


def parse(document: Input, url: Url = None) -> None:
    """Read a feed or an OPML outline and print it as JSON."""
    found = read(document, url)
    as_json(caged(_parsed, found.body, found.url, found.content_type))


def _parsed(body: bytes, url: str | None, content_type: str | None) -> dict[str, Any]:
    from daily8.news.charset import decode
    from daily8.news.feeds import feed_to_json, parse_feed
    from daily8.news.opml import read_opml

    if "<opml" in decode(body, content_type)[:_HEAD].lower():
        return _outline(read_opml(body), url)
    return feed_to_json(parse_feed(body, url, content_type), url)


def _outline(found: Opml, url: str | None) -> dict[str, Any]:
    """Give a list of subscriptions in the form of a feed: each is an entry, its folders its categories."""
    absent = {"description": None, "home": None, "language": None, "hub": None, "ttl": None}
    return {
        "kind": "opml",
        "title": found.title,
        "url": url,
        **absent,
        "entries": [
            {
                **dict.fromkeys(("published", "updated", "summary", "content", "language", "image")),
                "id": feed.url,
                "url": feed.url,
                "title": feed.title,
                "authors": [],
                "categories": ["/".join(folder) for folder in feed.folders],
                "enclosures": [],
                "home": feed.home,
                "folders": [list(folder) for folder in feed.folders],
            }
            for feed in found.outlines
        ],
        "problems": [asdict(problem) for problem in found.problems],
    }


def extract(
    document: Input,
    url: Url = None,
    rules: Annotated[
        str | None, typer.Option("--rules", metavar="TOML", help="Read it by these rules of sites.")
    ] = None,
) -> None:
    """Read an article page and print its text and facts as JSON."""
    found = read(document, url)
    if rules is None:
        as_json(caged(_extracted, found.body, found.url, found.content_type))
    else:
        if not found.url:
            raise Refused("Rules are those of a site: say with --url where the page came from.")
        said = caged(read_rules, read(rules).body)
        as_json(caged(_by_rules, found.body, found.url, found.content_type, said))


def read_rules(body: bytes) -> tuple[Rules, ...]:
    """Read a file of rules of sites.

    :raises daily8.news.repair.BadRules: for one that cannot be used.
    """
    from daily8.news.repair.sharing import read as read_file

    return read_file(body.decode("utf-8", "replace"))


def _by_rules(
    body: bytes, url: str | None, content_type: str | None, said: tuple[Rules, ...]
) -> dict[str, Any]:
    from daily8.news.extract import extracted_to_json
    from daily8.news.repair import Guide, rules_for
    from daily8.news.repair import read as read_page
    from daily8.news.urls import domain

    site = domain(url or "")
    here = rules_for([rules for rules in said if rules.domain == site], url or "")
    return extracted_to_json(read_page(body, url, content_type, None, Guide(here)).extracted)


def _extracted(body: bytes, url: str | None, content_type: str | None) -> dict[str, Any]:
    from daily8.news.charset import decode
    from daily8.news.extract import extract as extract_article
    from daily8.news.extract import extracted_to_json
    from daily8.news.tree import is_binary

    text = decode(body, content_type)
    if "<" not in text or is_binary(text):
        raise ValueError("this is no web page")
    return extracted_to_json(extract_article(body, url, content_type))
