"""What a whole site asks in files of its own: robots.txt and ``/.well-known/tdmrep.json``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from daily8.news.types import Wish
from daily8.news.urls import absolute
from daily8.news.wishes.headers import kept
from daily8.news.wishes.licences import named
from daily8.news.wishes.uses import refused

RESERVATIONS = "/.well-known/tdmrep.json"
MOST_RULES = 500
_LONGEST = 500
"""Characters of a path or of a value."""
_MOST_LICENCES = 10
_USES = ("content-usage", "content-signal")
_PORTS = {"http": ":80", "https": ":443"}
_SPACE = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class Usage:
    """A rule of robots.txt about uses: on which paths, and the preferences as they stand."""

    name: str
    path: str
    stated: str


@dataclass(frozen=True, slots=True)
class Reservation:
    """A rule of TDMRep about mining: on which paths, and whether it is reserved."""

    path: str
    reserved: bool
    policy: str = ""


@dataclass(frozen=True, slots=True)
class SiteWishes:
    """What a site asks of all who use what lies on it."""

    usage: tuple[Usage, ...] = ()
    licences: tuple[str, ...] = ()
    reservations: tuple[Reservation, ...] = ()


def site_of(url: str) -> str:
    """Give the site of an address, its scheme and host with port; the empty string for no address."""
    clean = absolute(url)
    if clean is None:
        return ""
    parts = urlsplit(clean)
    return f"{parts.scheme}://{parts.netloc.removesuffix(_PORTS[parts.scheme])}"


def read_robots(text: str, url: str, token: str) -> SiteWishes:
    """Read what a robots.txt at ``url`` says to ``token`` of uses and licences.

    The group that names us counts, where there is one, else that of everybody (RFC 9309 section 2.2.1); lines
    before any group count for all, and so does a licence that is set apart by an empty line. A group's own
    licences go before those for all (RSL 1.0 section 4.4.2).
    """
    groups: dict[str, tuple[list[Usage], list[str]]] = {name: ([], []) for name in ("", "*", token)}
    agents, in_rules, apart, ours = [""], True, False, False
    for line in text.splitlines():
        if not line.strip():
            apart = True
            continue
        field, colon, value = line.partition("#")[0].partition(":")
        field, value = field.strip().lower(), value.strip()
        if not colon:
            continue
        if field in ("user-agent", "useragent", "user agent"):
            if in_rules:
                agents, in_rules = [], False
            name = value.partition("/")[0].strip().lower()
            agents += [name] if name in ("*", token) else []
            ours = ours or name == token
        elif field == "license":
            for agent in [""] if apart else agents:
                groups[agent][1].append(value)
        else:
            in_rules = in_rules or field in ("allow", "disallow", "crawl-delay", *_USES)
            if field in _USES and (rule := _usage(field, value)):
                for agent in agents:
                    groups[agent][0].append(rule)
        apart = False
    usage, licences = groups[token if ours else "*"]
    addresses = (absolute(stated, url) for stated in licences or groups[""][1])
    return SiteWishes(
        tuple(dict.fromkeys((*groups[""][0], *usage)))[:MOST_RULES],
        tuple(dict.fromkeys(filter(None, addresses)))[:_MOST_LICENCES],
    )


def _usage(name: str, value: str) -> Usage | None:
    """Read a rule's value: path, white space, preferences (draft-ietf-aipref-attach); the path may lack."""
    path, stated = "/", value
    if value.startswith(("/", "*")):
        path, _, stated = _SPACE.sub(" ", value).partition(" ")
    return Usage(name, path, stated) if stated and len(path) + len(stated) <= _LONGEST else None


def read_reservations(body: bytes) -> tuple[Reservation, ...]:
    """Read a ``tdmrep.json``: a list of rules in their order (TDMRep section 6.1). Never raises.

    A rule whose reservation is neither 0 nor 1 says nothing.
    """
    try:
        rows = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return ()
    found = []
    for row in rows[:MOST_RULES] if isinstance(rows, list) else ():
        if not isinstance(row, dict):
            continue
        path, stated, policy = (row.get(name) for name in ("location", "tdm-reservation", "tdm-policy"))
        if isinstance(path, str) and 0 < len(path) <= _LONGEST and str(stated).strip() in ("0", "1"):
            said = policy[:200] if isinstance(policy, str) else ""
            found.append(Reservation(path, str(stated).strip() == "1", said))
    return tuple(found)


def at_address(site: SiteWishes, url: str) -> tuple[Wish, ...]:
    """Give what a site asks of what lies at one of its addresses.

    Of rules about uses those of the longest path that matches count (draft-ietf-aipref-attach, "Content-Usage
    Rule Semantics"), of rules about mining the first one that matches (TDMRep section 6.1).
    """
    parts = urlsplit(url)
    path = _plain(f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}")
    found = [*_uses(site.usage, path)]
    for rule in site.reservations:
        if _matches(rule.path, path):
            found += [Wish("tdm-reservation", "tdmrep", rule.policy)] if rule.reserved else []
            break
    found += [named(licence, place="robots") for licence in site.licences]
    return kept(found)


def _uses(rules: Iterable[Usage], path: str) -> Iterator[Wish]:
    for name in _USES:
        fitting = [rule for rule in rules if rule.name == name and _matches(rule.path, path)]
        longest = max((len(rule.path) for rule in fitting), default=0)
        for rule in fitting:
            if len(rule.path) == longest:
                yield from refused(rule.stated, name, place="robots")


def _plain(path: str) -> str:
    """Write a path in one way: what is escaped needlessly is not (RFC 3986 section 6.2.2)."""
    return quote(unquote(path, errors="surrogateescape"), safe="/*$?&=%:;,+@!'()~", errors="surrogateescape")


def _matches(pattern: str, path: str) -> bool:
    """Tell whether a pattern matches the beginning of a path; ``*`` is anything, ``$`` the end (RFC 9309)."""
    ends = pattern.endswith("$")
    first, *rest = _plain(pattern.removesuffix("$")).split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not rest:
        return not ends or at == len(path)
    for piece in rest[:-1] if ends else rest:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not ends or (path.endswith(rest[-1]) and len(path) - len(rest[-1]) >= at)


def site_to_json(site: SiteWishes) -> dict[str, Any]:
    """Give what a site asks as a JSON object."""
    return {
        "usage": [[rule.name, rule.path, rule.stated] for rule in site.usage],
        "licences": list(site.licences),
        "reservations": [[rule.path, rule.reserved, rule.policy] for rule in site.reservations],
    }


def site_from_json(data: Mapping[str, Any]) -> SiteWishes:
    """Read what `site_to_json` wrote."""
    reservations = data.get("reservations", ())
    return SiteWishes(
        tuple(Usage(*map(str, row)) for row in data.get("usage", ())),
        tuple(map(str, data.get("licences", ()))),
        tuple(Reservation(str(path), bool(is_so), str(policy)) for path, is_so, policy in reservations),
    )
