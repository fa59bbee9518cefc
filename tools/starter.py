"""Derive the starter catalogue: join the choice in `tools/starter.txt` with the facts of three collections.

    python -m tools.starter derive [--facts DIR]    write daily8/news/data/starter.tsv
    python -m tools.starter report [--facts DIR]    print what it holds and where the facts disagree

DIR holds the collections as their makers publish them (`docs/starter.md` names them and their licences); it
is `$DAILY8_CORPUS/sources` unless given. Only facts are taken: addresses, names of owners, kinds.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from lxml import etree

from daily8.news.starter import COLUMNS, INTERESTS, KINDS, StarterSource, from_rows
from daily8.news.urls import absolute, canonical, domain

ROOT = Path(__file__).parents[1]
CHOICE = ROOT / "tools/starter.txt"
CATALOGUE = ROOT / "daily8/news/data/starter.tsv"
OWNER_LENGTH = 80
# Kite's words for kinds that ours can contradict; "private" there also means "not known better".
KITE_KINDS = {
    "State Funded Media": {"state", "public"},
    "Non-Profit": {"nonprofit"},
    "Independent Media": {"private", "nonprofit"},
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the collections know, keyed so that the choice finds it."""

    feeds: dict[str, set[str]]
    """Bare address of a feed -> collections that list it."""
    owners: dict[str, str]
    """Registrable domain -> name of the owner, where Kite's text is surely a bare name."""
    typology: dict[str, str]
    """Registrable domain -> Kite's word for the kind."""


def bare(url: str) -> str:
    """Give an address without what differs between two writings of one feed: scheme, `www.`, last slash."""
    plain = canonical(absolute(url) or url)
    return re.sub(r"^https?://(www\.)?", "", plain).rstrip("/").casefold()


def owner_name(text: str) -> str | None:
    """Reduce Kite's text about an owner to a bare name, or give None where that is not sure.

    A bare name is short and holds no verb, share, list or sentence: only a trailing bracket is cut off.
    """
    name = re.sub(r"\s*\([^()]*\)\s*$", "", text.strip())
    if not name or len(name) > OWNER_LENGTH or name[-1] == "." or len(name.split()) > 8:
        return None
    if re.search(
        r"[%;:,(]|\d|\b(is|are|was|owned|via|through|formerly|independent|journalists|founders?)\b", name
    ):
        return None
    return name


def read_facts(folder: Path) -> Facts:
    """Read the three collections.

    :raises OSError: where a file is absent.
    """
    feeds: dict[str, set[str]] = {}

    def note(url: str, collection: str) -> None:
        feeds.setdefault(bare(url), set()).add(collection)

    for category in json.loads((folder / "kite_feeds.json").read_bytes()).values():
        for url in category["feeds"]:
            note(url, "kite")
    for line in (folder / "newscatcher.jsonl").read_bytes().splitlines():
        note(json.loads(line)["rss_url"], "newscatcher")
    for opml in sorted((folder / "plenary_opml_by_country").glob("*.opml")):
        tree = etree.parse(str(opml), etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
        for outline in tree.iter("outline"):
            if outline.get("xmlUrl"):
                note(outline.get("xmlUrl", ""), "plenary")
    owners, typology = {}, {}
    for entry in json.loads((folder / "kite_media_data.json").read_bytes()):
        name = owner_name(entry["owner"])
        for host in entry["domains"]:
            if name:
                owners[domain(f"https://{host}/")] = name
            typology[domain(f"https://{host}/")] = entry["typology"]
    return Facts(feeds, owners, typology)


def _fields(line: str, count: int, number: int) -> list[str]:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) > count:
        raise SystemExit(f"{CHOICE.name}:{number}: {len(parts)} fields where at most {count} are known")
    return parts + [""] * (count - len(parts))


def _https(address: str) -> str:
    url = absolute(address if "://" in address else f"https://{address}")
    if url is None:
        raise SystemExit(f"{address!r} is not an address")
    return url


def _title(base: str, section: str) -> str:
    if section.startswith("="):
        return section[1:].strip()
    return f"{base}: {section}" if section else base


def rows(choice: str, facts: Facts) -> Iterator[dict[str, str]]:
    """Give a row of the catalogue for each chosen feed, in the order of the choice.

    :raises SystemExit: for a line that cannot be read.
    """
    country, place, publisher = "", 0, dict[str, str]()
    base = ""
    for number, line in enumerate(choice.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("="):
            country, place = line[1:].strip(), 0
        elif not line.startswith(" "):
            place += 1
            names, home, language, kind, owner = _fields(line, 5, number)
            name, _, own = (part.strip() for part in names.partition(" / "))
            base = own or name
            site = domain(_https(home))
            kite = "" if owner else facts.owners.get(site, "")
            publisher = {
                "publisher": name, "home": _https(home), "domain": site, "country": country,
                "language": language, "kind": kind, "owner": owner.removeprefix("-") or kite,
                "place": str(place), "provenance": "kite" if kite else "",
            }  # fmt: skip
        else:
            url, interests, section, language = _fields(line, 4, number)
            known = facts.feeds.get(bare(_https(url)), set()) | set(publisher["provenance"].split())
            yield publisher | {
                "url": _https(url), "title": _title(base, section), "interests": interests,
                "language": language or publisher["language"],
                "provenance": ",".join(sorted(known)) or "own",
            }  # fmt: skip


def faults(sources: tuple[StarterSource, ...]) -> Iterator[str]:
    """Say what is wrong with the rows, a line each."""
    seen: dict[str, str] = {}
    published: dict[tuple[str, str], StarterSource] = {}
    territories = Locale("en").territories
    languages = Locale("en").languages
    for s in sources:
        where = f"{s.country} {s.title} {s.url}"
        first = seen.setdefault(bare(s.url), where)
        if first is not where:
            yield f"twice: {where} and {first}"
        if s.country not in territories or len(s.country) != 2:
            yield f"no such country: {where}"
        if s.language.split("-")[0] not in languages:
            yield f"no such language {s.language}: {where}"
        if s.kind not in KINDS or not s.interests or set(s.interests) - set(INTERESTS):
            yield f"a word that is not known: {s.kind} {s.interests} {where}"
        if s.owner and (len(s.owner) > OWNER_LENGTH or s.owner.endswith(".")):
            yield f"the owner is not a bare name: {where}"
        other = published.setdefault((s.country, s.publisher), s)
        if (other.home, other.kind, other.owner) != (s.home, s.kind, s.owner):
            yield f"two publishers of one name in one country: {where}"


def written(table: list[dict[str, str]]) -> str:
    """Give the file: a header, then rows by country, publisher, place in the choice."""
    out = io.StringIO()
    writer = csv.DictWriter(
        out, COLUMNS, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None
    )
    writer.writeheader()
    writer.writerows(sorted(table, key=lambda row: (row["country"], row["publisher"].casefold())))
    return out.getvalue()


def report(sources: tuple[StarterSource, ...], facts: Facts) -> None:
    """Print counts, then where Kite's word for the kind disagrees with ours."""
    publishers = {(s.country, s.publisher): s for s in sources}
    print(f"{len(sources)} sources of {len(publishers)} publishers")
    print(f"https: {sum(urlsplit(s.url).scheme == 'https' for s in sources) / len(sources):.1%}")
    counts: dict[str, Counter[Any]] = {
        "countries": Counter(s.country for s in sources),
        "languages": Counter(s.language for s in sources),
        "Arabic, by country": Counter(s.country for s in sources if s.language == "ar"),
        "kinds of publishers": Counter(s.kind for s in publishers.values()),
        "interests": Counter(i for s in sources for i in s.interests),
        "provenance": Counter(s.provenance for s in sources),
    }
    for name, counter in counts.items():
        print(f"{name} ({len(counter)}): " + ", ".join(f"{k} {n}" for k, n in counter.most_common()))
    print(f"owner known: {sum(bool(s.owner) for s in publishers.values())} of {len(publishers)} publishers")
    for s in publishers.values():
        theirs = facts.typology.get(s.domain, "")
        if theirs in KITE_KINDS and s.kind not in KITE_KINDS[theirs]:
            print(f"kind: {s.publisher} ({s.country}) is {s.kind} here and {theirs!r} in Kite")


def main() -> None:
    """Run one of the two commands."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("command", choices=("derive", "report"))
    corpus = Path(os.environ.get("DAILY8_CORPUS", ROOT / "../shared/corpus"))
    parser.add_argument("--facts", type=Path, default=corpus / "sources")
    args = parser.parse_args()
    facts = read_facts(args.facts)
    text = written(list(rows(CHOICE.read_text("utf-8"), facts)))
    sources = from_rows(text)
    wrong = list(faults(sources))
    if wrong:
        sys.exit("\n".join(wrong))
    if args.command == "derive":
        CATALOGUE.write_text(text, "utf-8")
        print(f"{CATALOGUE.relative_to(ROOT)}: {len(sources)} sources")
    else:
        report(sources, facts)


if __name__ == "__main__":
    main()
