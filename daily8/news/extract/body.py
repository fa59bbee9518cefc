"""The body: which of a page's blocks are the article.

Every block of the page is drawn first; then witnesses say which texts they hold for the article's, the
smallest element that holds most of them becomes the article's place, and each block is judged by witnesses,
place, neighbours and its own look.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from daily8.news.dates import parse_date
from daily8.news.extract.boilerplate import is_furniture, is_surely_box
from daily8.news.extract.evidence import Evidence
from daily8.news.extract.place import Place, marks_of
from daily8.news.extract.witness import Unit, Witnesses, drawn_of, key, units_of, witnesses
from daily8.news.types import Embed, Heading, Image, ListBlock, Paragraph, Quote, Rule, Table

_DENSE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DIGITS = re.compile(r"\d")
_DEK = re.compile(
    r"(?:^|[\s_-]|__)(?:stand-?first|dek|deck|sub-?(?:title|head\w*|line)|lead|lede|leadtext|intro\w*|teaser-?text|summary|excerpt|"
    r"abstract|chapeau|vorspann|entradilla|bajada|sottotitolo|sommario|ingress|perex|manchet|strapline|tagline|kurztext|"
    r"art-sub|description|spot|preamble|chapo|copete|bigode|linha-?fina|lid)(?:$|[\s_-]|__|[A-Z])",
    re.IGNORECASE,
)


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
        if place.is_box(step):
            count += 2 if is_surely_box(step) else 1
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
        score -= _for_links(unit)
    if not isinstance(unit.drawn.block, Heading | ListBlock | Table):
        score -= 0.7 * (len(unit.key) < 30 and not unit.ended)
    if unit.drawn.element.tag == "pre":
        score += 1.0 if unit.inside else 0.0
    elif is_furniture(unit.text) or _only_a_date(unit):
        score -= 4.0
    data = isinstance(unit.drawn.block, Table | ListBlock) and len(unit.key) > 200 and unit.density < 0.5
    if data and unit.inside and not unit.boxed:
        score += 0.3
    elif isinstance(unit.drawn.block, Table) and not unit.read:
        score -= 0.5
    return score - 0.6


def _only_a_date(unit: Unit) -> bool:
    """Tell whether a short line is nothing but a time."""
    short = len(unit.text) <= 40 and isinstance(unit.drawn.block, Paragraph) and not unit.ended
    return short and len(_DIGITS.findall(unit.text)) >= 5 and parse_date(unit.text) is not None


def _for_links(unit: Unit) -> float:
    """Say how much links speak against a text: tables of data and lists of sources hold them, too."""
    block = unit.drawn.block
    if isinstance(block, Table):
        return 0.0 if unit.inside and len(block.rows) > 2 else 2.0
    if isinstance(block, ListBlock):
        sources = unit.inside and unit.density < 0.9 and len(unit.key) > 50 * len(block.items)
        return 0.5 if sources else 3.0
    return 2.0


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
    drawn = drawn_of(evidence)
    told = witnesses(evidence, drawn)
    units = units_of(drawn, told)
    body = evidence.tree.find("body")
    place = Place(units, body if body is not None else evidence.tree)
    judge(units, place, told)
    first, last = _window(units)
    last = _with_films(units, last)
    start = _headline_at(units, headline, first)
    kept = [u for n, u in enumerate(units) if first <= n <= last and _kept(u)]
    kept = _without_echoes(kept, {key(headline)} if headline else set())
    standfirst = _standfirst(
        units[start : max(first + 3, start)] if last >= 0 else [], kept, key(headline or "")
    )
    if standfirst is not None:
        kept = [u for u in kept if u is not standfirst and u.key != standfirst.key]
    begun = next((n for n, u in enumerate(units) if u.prose and any(u is k for k in kept[:5])), start)
    pictures = [
        (n, u) for n, u in enumerate(units[: last + 1]) if n >= start and isinstance(u.drawn.block, Image)
    ]
    return Body(
        chosen=_without_idle_headings(kept),
        units=units,
        standfirst=standfirst.text if standfirst else None,
        leads=[u for n, u in pictures if n < begun],
        later=[u for n, u in pictures if n >= begun and u.inside],
        told=told,
        place=place,
    )


def _ends_with(unit: Unit, home: HtmlElement | None) -> bool:
    """Tell whether a list, table or quote behind the last text that is vouched for belongs to it."""
    ending = isinstance(unit.drawn.block, ListBlock | Table | Quote | Heading)
    return ending and unit.score > 0 and unit.drawn.element.getparent() is home


def _with_films(units: list[Unit], last: int) -> int:
    """Go on to the films and sounds that stand right behind the last text, in the article's place."""
    end = last
    for number in range(last + 1, min(last + 4, len(units)) if last >= 0 else 0):
        unit = units[number]
        if isinstance(unit.drawn.block, Embed) and unit.inside and not unit.boxed:
            end = number
        elif unit.prose:
            break
    return end


def _headline_at(units: list[Unit], headline: str | None, first: int) -> int:
    """Give the index of the headline before the text, else of an ``h1``, else a little before the text."""
    wanted = key(headline or "")
    before = range(min(first + 3, len(units)))
    named = [
        n for n in before if wanted and units[n].key == wanted and isinstance(units[n].drawn.block, Heading)
    ]
    named = named or [n for n in before if units[n].drawn.element.tag == "h1"]
    return named[-1] if named else max(0, first - 6)


def _standfirst(before: list[Unit], kept: list[Unit], headline: str) -> Unit | None:
    """Find the dek that the page shows: named so, between headline and text, not all the text there is."""
    prose = [u for u in kept if u.prose]
    for unit in before:
        if not isinstance(unit.drawn.block, Paragraph | Heading) or not 15 <= len(unit.text) <= 700:
            continue
        if unit.density > 0.4 or unit.key == headline or is_furniture(unit.text):
            continue
        holders = [unit.drawn.element, *list(unit.drawn.element.iterancestors())[:2]]
        named = any(_DEK.search(f"{e.get('class') or ''} {e.get('itemprop') or ''}") for e in holders)
        if named and (unit not in prose or (len(prose) >= 3 and unit in prose[:2])):
            return unit
    return None


def _window(units: list[Unit]) -> tuple[int, int]:
    """Give the indexes between which the article stands: pictures before it count, a next article not."""
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
        last = vouched[-1]
        home = units[last].drawn.element.getparent()
        while last + 1 < len(units) and _ends_with(units[last + 1], home):
            last += 1
        return texts[0] - 2, last
    return texts[0] - 2, texts[-1]


def _without_echoes(units: list[Unit], said: set[str]) -> list[Unit]:
    """Drop texts that stand elsewhere a second time, the headline's repetition among them."""
    firsts: dict[str, tuple[Unit | None, Unit | None]] = dict.fromkeys(said, (None, None))
    kept = []
    before: Unit | None = None
    for unit in units:
        known = firsts.setdefault(unit.key, (unit, before))
        again = known[0] is not unit and not _says_it_again(unit, before, *known)
        if not again or (len(unit.key) < 25 and unit.key not in said):
            kept.append(unit)
        before = unit
    return kept


def _says_it_again(unit: Unit, before: Unit | None, first: Unit | None, then: Unit | None) -> bool:
    """Tell a text that stands twice in one article from a copy of its place for other screens."""
    if first is None:
        return False
    here, there = unit.drawn.element.getparent(), first.drawn.element.getparent()
    if here is there:
        return True
    alike = here is not None and there is not None and marks_of(here) == marks_of(there)
    return alike and unit.inside and first.inside and (before and before.key) != (then and then.key)


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
