"""The body: which of a page's blocks are the article.

Every block of the page is drawn first; then witnesses say which texts they hold for the article's (trafilatura,
JSON-LD ``articleBody``, the feed), the smallest element that holds most of them becomes the article's place, and
each block is judged by witnesses, place, neighbours and its own look.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from lxml.html import HtmlElement
from trafilatura import bare_extraction

from daily8.news.drawing import Drawn, draw
from daily8.news.extract.boilerplate import is_box, is_furniture
from daily8.news.extract.evidence import Evidence
from daily8.news.extract.linked import several
from daily8.news.sanitise import plain
from daily8.news.types import Embed, Heading, Image, ListBlock, Paragraph, Quote, Rule, Table

_DENSE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DEK = re.compile(
    r"(?:^|[\s_-]|__)(?:stand-?first|dek|deck|sub-?(?:title|head\w*|line)|lead|lede|leadtext|intro\w*|teaser-?text|summary|excerpt|"
    r"abstract|chapeau|vorspann|entradilla|bajada|sottotitolo|sommario|ingress|perex|manchet|strapline|tagline|kurztext|"
    r"art-sub|description|spot|preamble|chapo|copete|bigode|linha-?fina|lid)(?:$|[\s_-]|__|[A-Z])",
    re.IGNORECASE,
)
_NOT_WORDS = re.compile(r"[\W_]+")
_ENDED = re.compile(r"[.!?…。！？؟:;”\"»“'’)\]]\s*$")
MISNAMED = 0.2
"""Share of the article from which on a box is none, whatever its name."""
LEAST_WITNESS = 200
"""Characters below which a stated body says nothing."""


def key(text: str) -> str:
    """Fold a text to its letters and digits, so that two renderings of it are equal."""
    return _NOT_WORDS.sub("", text.casefold())


@dataclass(slots=True)
class Unit:
    """A drawn block on trial."""

    drawn: Drawn
    key: str
    read: bool = False
    """Trafilatura takes it for the article's."""
    stated: bool = False
    """JSON-LD or the feed has it."""
    boxed: int = 0
    inside: bool = False
    leading: bool = False
    """It stands between the headline and the article's place."""
    score: float = 0.0

    @property
    def text(self) -> str:
        return self.drawn.text

    @property
    def density(self) -> float:
        return self.drawn.linked / max(1, len(self.drawn.text))

    @property
    def prose(self) -> bool:
        return isinstance(self.drawn.block, Paragraph | Quote | ListBlock)


@dataclass(slots=True)
class Witnesses:
    read: str
    stated: str
    complete: bool
    """Whether what is stated seems to be the whole text."""


def witnesses(evidence: Evidence) -> Witnesses:
    """Ask trafilatura, JSON-LD and the feed for the text."""
    read = _read(evidence)
    bodies = [plain(str(b)) for b in several(evidence.article.get("articleBody")) if isinstance(b, str)]
    if evidence.entry and evidence.entry.content:
        bodies.append(plain(evidence.entry.content))
    stated = max((key(b) for b in bodies), key=len, default="")
    if len(stated) < LEAST_WITNESS:
        stated = ""
    return Witnesses(read, stated, len(stated) > 0.6 * max(len(read), 400))


def _read(evidence: Evidence) -> str:
    try:
        document = bare_extraction(evidence.tree, fast=True, include_comments=False, with_metadata=False)
    except Exception:
        return ""
    text = getattr(document, "text", None)
    return "\n".join(key(line) for line in text.splitlines()) if isinstance(text, str) else ""


def units_of(evidence: Evidence, told: Witnesses) -> list[Unit]:
    """Draw the page's blocks and mark what the witnesses know."""
    body = evidence.tree.find("body")
    units = [Unit(d, key(d.text)) for d in draw(body if body is not None else evidence.tree, evidence.base, page=True)]
    lines = set(told.read.split("\n"))
    for unit in units:
        if unit.key:
            unit.read = unit.key in lines or (len(unit.key) >= 25 and _among(unit.key, told.read))
            unit.stated = len(unit.key) >= 12 and _among(unit.key, told.stated)
    return units


def _among(text: str, whole: str) -> bool:
    if text in whole:
        return True
    if len(text) < 60:
        return False
    third = len(text) // 3
    return sum(part in whole for part in (text[:third], text[third : 2 * third], text[2 * third :])) >= 2


def weight(unit: Unit) -> float:
    """Say how much a block speaks for its place being the article's."""
    if not unit.prose or unit.density > 0.6:
        return 0.0
    size = float(min(len(unit.key), 600))
    if unit.stated:
        return 1.5 * size if unit.read else size
    if unit.read:
        return size
    sentence = len(unit.key) > 60 and _ENDED.search(unit.text) and unit.density < 0.3
    return 0.2 * size if sentence else 0.0


class Place:
    """Where the article stands, and which boxes hold so much of it that their names are misleading."""

    def __init__(self, units: list[Unit], root: HtmlElement) -> None:
        self.root = root
        self.held: dict[HtmlElement, float] = defaultdict(float)
        self.named: dict[str, float] = defaultdict(float)
        self.total = sum(self._count(unit) for unit in units)
        self._boxes: dict[HtmlElement, bool] = {}
        self.element = self._deepest(units)
        self.homes: dict[HtmlElement, float] = defaultdict(float)
        for unit in units:
            parent = unit.drawn.element.getparent()
            if parent is not None:
                self.homes[parent] += weight(unit)
        self.home = max((v for e, v in self.homes.items() if self.within(e)), default=0.0)

    def _count(self, unit: Unit) -> float:
        value = weight(unit)
        if value:
            above = up(unit.drawn.element, self.root)
            for element in above:
                self.held[element] += value
            for marks in {marks_of(element) for element in above}:
                self.named[marks] += value
        return value

    def is_box(self, element: HtmlElement) -> bool:
        """Tell whether an element is furniture by its name, and holds little of what speaks for an article."""
        known = self._boxes.get(element)
        if known is None:
            known = is_box(element)
            if known and self.total:
                share = max(self.held.get(element, 0.0), self.named.get(marks_of(element), 0.0)) / self.total
                known = share < MISNAMED
            self._boxes[element] = known
        return known

    def _deepest(self, units: list[Unit]) -> HtmlElement:
        held: dict[HtmlElement, float] = defaultdict(float)
        total = 0.0
        for unit in units:
            value = weight(unit)
            if value:
                above = up(unit.drawn.element, self.root)
                value *= 0.3 if any(self.is_box(e) for e in above) else 1.0
                total += value
                for element in above:
                    held[element] += value
        place, depth = self.root, -1
        for element, value in held.items():
            if value >= 0.75 * total and (deep := sum(1 for _ in element.iterancestors())) > depth:
                place, depth = element, deep
        return place

    def within(self, element: HtmlElement) -> bool:
        above = up(element, self.element)
        return element is self.element or bool(above and above[-1].getparent() is self.element)

    def neighbours(self, unit: Unit) -> float:
        """Say how much of the article stands in the same parent, 0 to 1 of the fullest."""
        parent = unit.drawn.element.getparent()
        return self.homes.get(parent, 0.0) / self.home if parent is not None and self.home else 0.0


def marks_of(element: HtmlElement) -> str:
    return f"{element.tag} {element.get('class') or ''} {element.get('id') or ''}"


def up(element: HtmlElement | None, root: HtmlElement) -> list[HtmlElement]:
    """Give an element and its ancestors below the root."""
    found = []
    while element is not None and element is not root:
        found.append(element)
        element = element.getparent()
    return found


def judge(units: list[Unit], place: Place, told: Witnesses) -> None:
    """Score each block; above nothing it belongs to the article."""
    entered = next((n for n, u in enumerate(units) if u.prose and place.within(u.drawn.element)), 0)
    headed = [n for n, u in enumerate(units[:entered]) if u.drawn.element.tag == "h1"]
    boxed: dict[HtmlElement, int] = {place.element: 0}
    for number, unit in enumerate(units):
        unit.inside = place.within(unit.drawn.element)
        unit.leading = bool(headed) and headed[-1] < number < entered and not unit.inside
        unit.boxed = _boxes_above(unit.drawn.element, place, boxed)
        unit.score = _score(unit, told, place.neighbours(unit))


def _boxes_above(element: HtmlElement, place: Place, known: dict[HtmlElement, int]) -> int:
    """Count the pieces of furniture that an element stands in, up to the article's place."""
    path = []
    at: HtmlElement | None = element
    while at is not None and at not in known:
        path.append(at)
        at = at.getparent()
    count = known[at] if at is not None else 0
    for step in reversed(path):
        count += place.is_box(step)
        known[step] = count
    return count


def _score(unit: Unit, told: Witnesses, neighbours: float) -> float:
    if not unit.key:
        return 0.0
    score = (
        1.5 * unit.read
        + 2.0 * unit.stated
        + (0.5 if unit.inside else -0.2 if unit.leading else -1.5)
        + min(neighbours * 2, 1.0)
    )
    if unit.stated is False and told.complete:
        score -= 1.0
    score -= 1.5 * min(unit.boxed, 2)
    if unit.density > 0.5 and not unit.stated:
        score -= 2.0
    if not isinstance(unit.drawn.block, Heading | ListBlock | Table):
        score -= 0.7 * (len(unit.key) < 30 and not _ENDED.search(unit.text))
    if is_furniture(unit.text):
        score -= 4.0
    if isinstance(unit.drawn.block, Table) and not unit.read:
        score -= 0.5
    return score - 0.6


@dataclass(frozen=True, slots=True)
class Body:
    """The article's blocks as drawn, and what else the trial brought to light."""

    chosen: list[Unit]
    units: list[Unit]
    standfirst: str | None
    leads: list[Unit]
    """Pictures between headline and text."""
    later: list[Unit]
    """Pictures in the text."""
    told: Witnesses
    place: Place | None

    @property
    def characters(self) -> int:
        """Letters and digits of the text; those of scripts without spaces count for two and a half."""
        text = "".join(unit.key for unit in self.chosen)
        return len(text) + int(1.5 * len(_DENSE.findall(text)))


def read_body(evidence: Evidence, headline: str | None) -> Body:
    """Choose the article's blocks among those of the page."""
    told = witnesses(evidence)
    units = units_of(evidence, told)
    body = evidence.tree.find("body")
    place = Place(units, body if body is not None else evidence.tree)
    judge(units, place, told)
    first, last = _window(units)
    start = _headline_at(units, headline, first)
    kept = [u for n, u in enumerate(units) if first <= n <= last and _kept(u)]
    kept = _without_echoes(kept, {key(headline)} if headline else set())
    standfirst = _standfirst(
        units[start : max(first + 3, start)] if last >= 0 else [], kept, key(headline or "")
    )
    if standfirst is not None:
        kept = [u for u in kept if u is not standfirst and u.key != standfirst.key]
    begun = next((n for n, u in enumerate(units) if u.prose and any(u is k for k in kept[:5])), start)
    pictures = [(n, u) for n, u in enumerate(units[: last + 1]) if n >= start and isinstance(u.drawn.block, Image)]
    return Body(
        chosen=_without_idle_headings(kept),
        units=units,
        standfirst=standfirst.text if standfirst else None,
        leads=[u for n, u in pictures if n < begun],
        later=[u for n, u in pictures if n >= begun and u.inside],
        told=told,
        place=place,
    )


def _headline_at(units: list[Unit], headline: str | None, first: int) -> int:
    """Give the index of the headline before the text, else of the first ``h1``, else a little before the text."""
    wanted = key(headline or "")
    before = range(min(first + 3, len(units)))
    named = [
        n for n in before if wanted and units[n].key == wanted and isinstance(units[n].drawn.block, Heading)
    ]
    named = named or [n for n in before if units[n].drawn.element.tag == "h1"]
    return named[-1] if named else max(0, first - 6)


def _standfirst(before: list[Unit], kept: list[Unit], headline: str) -> Unit | None:
    """Find the dek that the page shows: named so, between headline and text, and not all the text there is."""
    prose = [u for u in kept if u.prose]
    for unit in before:
        if not isinstance(unit.drawn.block, Paragraph | Heading) or not 30 <= len(unit.text) <= 700:
            continue
        if unit.density > 0.4 or unit.key == headline or is_furniture(unit.text):
            continue
        holders = [unit.drawn.element, *list(unit.drawn.element.iterancestors())[:2]]
        named = any(_DEK.search(f"{e.get('class') or ''} {e.get('itemprop') or ''}") for e in holders)
        if named and (unit not in prose or (len(prose) >= 3 and unit in prose[:2])):
            return unit
    return None


def _window(units: list[Unit]) -> tuple[int, int]:
    """Give the indexes between which the article stands: pictures just before it count, a next article does not."""
    texts = [n for n, u in enumerate(units) if u.score > 0 and u.prose]
    if not texts:
        return 0, -1
    vouched = [n for n in texts if units[n].read or units[n].stated]
    size = [len(unit.key) for unit in units]
    known, before = (
        sum(size[n] for n in vouched),
        sum(size[n] for n in texts if n <= vouched[-1]) if vouched else 0,
    )
    if vouched and known >= 0.6 * before and known >= 0.3 * sum(size[n] for n in texts):
        return texts[0] - 2, vouched[-1]
    return texts[0] - 2, texts[-1]


def _without_echoes(units: list[Unit], said: set[str]) -> list[Unit]:
    """Drop texts that stand there a second time, the headline's repetition among them."""
    seen = set(said)
    kept = []
    for unit in units:
        if unit.key not in seen or (len(unit.key) < 25 and unit.key not in said):
            kept.append(unit)
        seen.add(unit.key)
    return kept


def _kept(unit: Unit) -> bool:
    if isinstance(unit.drawn.block, Image | Embed | Rule):
        return unit.inside and not unit.boxed
    return unit.score > 0


def _without_idle_headings(units: list[Unit]) -> list[Unit]:
    """Drop headings under which nothing stands."""
    kept: list[Unit] = []
    for unit in reversed(units):
        below = kept[-1].drawn.block if kept else None
        if isinstance(unit.drawn.block, Heading) and (below is None or isinstance(below, Rule)):
            continue
        kept.append(unit)
    return kept[::-1]
