"""Who wrote it: names from structured data, meta elements and bylines, cleaned and parted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from daily8.news.extract.boilerplate import parted
from daily8.news.extract.evidence import Evidence
from daily8.news.extract.linked import reference, several, string
from daily8.news.tree import squeeze, text_of

MOST = 20
_META = (
    "article:byline",
    "byl",
    "dc:creator",
    "dcterm:creator",
    "author",
    "article:author",
    "og:article:author",
    "og:author",
    "parsely-author",
    "sailthru.author",
    "cxenseparse:author",
    "dcsext.author",
    "articleauthor",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
)
_BY = re.compile(
    r"^(?:(?:written|reported|words|story|text|posted|published)\s+by|by|von|par|por|de|di|da|door|av|af|"
    r"tekst|autore?|auteur|author|autor(?:in)?|redaktion|од|автор|текст|بقلم|كتبت?|تحرير|إعداد|yazan|oleh|penulis|文/|作者)"
    r"(?:\s*[:：|]\s*|\s+)",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+(?:and|und|et|og|och|ja|dan|ve|en|i|y|e|и|та|و|&|\+)\s+", re.IGNORECASE)
_PARTS = re.compile(r"\s*(?:[;|•·،、]|\s/\s|\s[-–—]\s)\s*")
_SUFFIXES = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "phd", "ph.d.", "md", "m.d.", "esq"}
_ROLE = re.compile(
    r"\b(?:editor|reporter|correspondent|writer|journalist|redakteur(?:in)?|redaktor|korrespondent(?:in)?|"
    r"staff|developer|admin|administrator|foto|photo|image|images|bild|getty|comments?)\b",
    re.IGNORECASE,
)
_SLUG = re.compile(r"^[a-z]+(?:-[a-z]+)+$")
_ASIDE = re.compile(r"\s?\((?:[^()]{1,6}|(?:https?:|www\.)[^()]*)\)|^[^,;]{2,40}\s[Bb]y\s(?=[A-Z])")
"""Initials and addresses in brackets; a section before "by"."""
_ABSENT = re.compile(r"\b(?:hasnt|has-no|no|without|not)-[\w-]+")
_WHEN = re.compile(
    r"(?<![\d\s|,·•–—-])[\s|,·•–—-]++(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat|sun)(?:day)?\W+)?"
    r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?\s+\d{1,2}\b|\d{1,2}(?:[./]|\.?\s+\w{3,9}\s+)\d{1,4}|"
    r"(?:19|20)\d\d\b|\d{1,2}:\d\d).*$",
    re.IGNORECASE,
)
"""A time behind a name."""
_NO_NAME = re.compile(
    r"https?:|www\.|@|^[\W\d_]*$|\d{3,}|[{}<>=]|\bCC\s+BY\b|^(?:null|none|undefined|admin|editor|staff|unknown|anonymous|n/a)$|"
    r"^\(.*\)$",
    re.IGNORECASE,
)
_CLASS = re.compile(
    r"(?:^|[\s_-]|__)(?:by-?line|authors?|autore?n?|auteurs?|writers?|article-?author)", re.IGNORECASE
)
_NOT_CLASS = re.compile(
    r"(?:^|[\s_-])(?:bio|box|card|more|item)|author-?(?:box|bio)|related|comment|avatar|image|photo|follow|social|newsletter|teaser|desc|"
    r"about|widget|recommend|popular",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"/(?:by|people|authors?|autor(?:en|es|i)?|auteurs?|journalists?|staff|team|contributors?|"
    r"reporters?|writers?|redaktion|redactie|columnists?|skribent)[/?-]",
    re.IGNORECASE,
)


def authors(evidence: Evidence) -> tuple[str, ...]:
    """Give the authors' names: people before houses, structured data before what is shown."""
    sites = evidence.site_names()
    houses: list[str] = []
    for stated in _statements(evidence):
        names = [name for text in stated for name in names_in(text)]
        people = [n for n in names if not is_house(n, sites) and (not houses or is_person(n))]
        if people:
            return tuple(dict.fromkeys(people))[:MOST]
        houses = houses or names
    return tuple(dict.fromkeys(houses))[:MOST]


def _statements(evidence: Evidence) -> Iterator[list[str]]:
    """Yield what each witness says, the surest first; reading bylines is dear and comes late."""
    yield _linked(evidence)
    yield from _metas(evidence)
    yield _shown(evidence)
    yield list(evidence.entry.authors) if evidence.entry else []


def _linked(evidence: Evidence) -> list[str]:
    found: list[str] = []
    for author in reference(
        evidence.article.get("author") or evidence.article.get("creator"), evidence.nodes
    ):
        if isinstance(author, dict):
            names = [n for value in several(author.get("name")) if (n := string(value))]
            whole = squeeze(
                f"{string(author.get('givenName')) or ''} {string(author.get('familyName')) or ''}"
            )
            found += names or ([whole] if whole else [])
        elif name := string(author):
            found.append(name)
    return found


def _metas(evidence: Evidence) -> list[list[str]]:
    return [[v for v in evidence.meta.get(name, []) if not v.startswith("http")] for name in _META]


def _shown(evidence: Evidence) -> list[str]:
    """Read the byline: what says that it is one, or links to a person's page; nearest behind the headline."""
    heading = evidence.headings[0] if evidence.headings else None
    before: list[str] = []
    passed = heading is None
    for element in evidence.tree.iter():
        if element is heading:
            passed = True
            continue
        found = _byline(element) if isinstance(element.tag, str) else []
        if found and passed:
            return found
        before = found or before
    return before


def _byline(element: HtmlElement) -> list[str]:
    marks = parted(f"{element.get('class') or ''} {element.get('id') or ''}")
    person = element.tag == "a" and _PROFILE.search(element.get("href") or "")
    named = element.get("rel") == "author" or element.get("itemprop") == "author" or _CLASS.search(marks)
    if not (named or person) or _NOT_CLASS.search(marks):
        return []
    if any(
        _NOT_CLASS.search(_ABSENT.sub("", a.get("class") or "")) for a in islice(element.iterancestors(), 3)
    ):
        return []
    links = [a for a in element.iter("a") if _PROFILE.search(a.get("href") or "")]
    if person and (parent := element.getparent()) is not None:
        links = [a for a in parent.iter("a") if _PROFILE.search(a.get("href") or "")][:MOST]
    names = [n for a in links for n in names_in(text_of(a)) if is_person(n)]
    text = text_of(element)
    if not names and not person and 3 <= len(text) <= 100:
        names = [n for n in names_in(text) if is_person(n)]
    return names


def is_person(name: str) -> bool:
    """Tell whether a text looks like a person's name: two to five words, capitals where there are any."""
    words = name.split()
    if ":" in name or _ROLE.search(name) or any(c.isdigit() for c in name):
        return False
    if not any(c.lower() != c.upper() for c in name):
        return len(name) <= 30 and len(words) <= 5
    return 2 <= len(words) <= 5 and all(w[0].isupper() or not w[0].isalpha() or len(w) <= 4 for w in words)


def names_in(text: str) -> list[str]:
    """Part and clean a byline: words like "By", roles, addresses and initials in brackets go."""
    text = squeeze(re.sub(r"<[^>]+>", " ", text))
    text = _ASIDE.sub("", text)
    whole = _BY.sub("", _WHEN.sub("", text)).strip(" ,.;:|-–—")
    found: list[str] = []
    for part in _PARTS.split(whole):
        found += _commas(part)
    cleaned = [_BY.sub("", name).strip(" ,;:|-–—") for name in found]
    cleaned = [n.replace("-", " ").title() if _SLUG.match(n) else n for n in cleaned]
    kept = [n for n in cleaned if 2 <= len(n) <= 80 and not _NO_NAME.search(n)]
    short = [n for n in kept if len(n.split()) <= 5]
    return short or [n for n in kept if len(n.split()) <= 8]


def _commas(part: str) -> list[str]:
    pieces = [p.strip() for p in part.split(",") if p.strip()]
    if len(pieces) == 2 and all(len(p.split()) == 1 for p in pieces):
        return [part]  # "Smith, John"; "AFP, MANILA"
    names: list[str] = []
    for piece in pieces:
        if piece.casefold() in _SUFFIXES and names:
            names[-1] += f", {piece}"
        else:
            names += _ands(piece)
    people = [n for n in names if not _ROLE.search(n)]
    return people or names


def _ands(piece: str) -> list[str]:
    names = [n.strip() for n in _AND.split(piece) if n.strip()]
    whole = len(names) < 2 or any(len(n.split()) < 2 for n in names[:-1]) or len(names[-1].split()) > 4
    return [piece] if whole else names


def is_house(name: str, sites: set[str]) -> bool:
    """Tell whether a name is the publisher's or an office's, not a person's."""
    key = name.casefold()
    bare = re.sub(r"\W", "", key)
    if any(key == s or bare == re.sub(r"\W", "", s) or (len(s) > 4 and s in key) for s in sites):
        return True
    return bool(
        re.search(r"\.(?:com|de|net|org|info|tv)\b|\b(?:redaktion|nachrichten|newsroom|news|desk)\b", key)
    )
