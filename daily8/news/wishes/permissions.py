"""What may be done with an article, by what its publisher asks and what was agreed; the strictest wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from daily8.news.dates import parse_date
from daily8.news.types import Wish

PictureLimit = Literal["full", "small", "none"]
Limit = Literal["full", "excerpt", "picture", "index", "ai", "ai-pictures", "train"]
"""What a wish limits."""

_LIMITS: dict[str, tuple[Limit, ...]] = {
    "nosnippet": ("full", "excerpt", "ai", "ai-pictures"),
    "noarchive": ("full",),
    "nocache": ("full",),
    "none": ("full", "index"),
    "noindex": ("index",),
    "noimageindex": ("picture",),
    "noai": ("ai", "ai-pictures", "train"),
    "noimageai": ("ai-pictures", "train"),
    "noml": ("train",),
    "tdm-reservation": ("ai", "ai-pictures", "train"),
    "rsl": ("ai", "ai-pictures", "train"),
}
_USES: dict[str, tuple[Limit, ...]] = {
    **dict.fromkeys(("train-ai", "train-genai", "ai-train"), ("train",)),
    **dict.fromkeys(("ai-use", "ai-input", "ai-output", "genai", "ai"), ("ai", "ai-pictures")),
    **dict.fromkeys(("tdm", "bots"), ("ai", "ai-pictures", "train")),
    "search": ("index",),
}
"""By the categories of the IETF's drafts of AI preferences, old and new, and of Content Signals."""
_SHOWING: tuple[Limit, ...] = ("full", "excerpt", "picture")
_MODELS: tuple[Limit, ...] = ("ai", "ai-pictures")
_NOTHING: Mapping[Limit, tuple[Wish, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Permissions:
    """What may be done with an article, each limit with its reasons.

    Who may not show it in full may not give a model more of it than may be shown.
    """

    may_show_full: bool = True
    excerpt_most: int | None = None
    """Characters of an excerpt; 0: no text at all; ``None``: as many as usual."""
    picture: PictureLimit = "full"
    """Whether its pictures may be shown: in every width, in the smallest one, or not at all."""
    may_index: bool = True
    """Whether search engines may list it. Our pages of others' articles never ask for that."""
    may_use_ai: bool = True
    """Whether a model may read it, for a summary or the like."""
    may_use_ai_on_pictures: bool = True
    may_train: Literal[False] = False
    """Nothing is ever trained on others' articles here."""
    reasons: Mapping[Limit, tuple[Wish, ...]] = field(default_factory=lambda: _NOTHING)
    """What was asked, by what it limits."""

    @property
    def link_only(self) -> bool:
        """Whether no text may be shown at all, and so no picture."""
        return not self.may_show_full and self.excerpt_most == 0

    @property
    def shows_pictures(self) -> bool:
        """Whether any picture may be shown, and so kept."""
        return self.picture != "none" and not self.link_only


OPEN = Permissions()
"""Where nothing is asked."""


def limits(wish: Wish) -> tuple[Limit, ...]:
    """Say what a wish limits; nothing, where it allows or is of no concern here."""
    name, value = wish.name, wish.value
    if name in ("content-usage", "content-signal"):
        return _USES.get(value.partition("=")[0], ())
    if name == "max-snippet":
        most = _characters(value)
        if most is None:
            return ()
        return ("full", "excerpt", "ai", "ai-pictures") if most == 0 else ("full", "excerpt")
    if name == "max-image-preview":
        return ("picture",) if value in ("none", "standard") else ()
    if name == "unavailable_after":
        end = parse_date(value)
        passed = end is not None and wish.seen_at is not None and end <= wish.seen_at
        # It counts from the time at which it was last looked at: `lapses_at` says when that must be next.
        return ("full", "excerpt", "ai", "ai-pictures") if passed else ()
    return _LIMITS.get(name, ())


def lapses_at(wishes: Iterable[Wish], now: datetime) -> datetime | None:
    """Give the next time after ``now`` from which an article is not to be shown any more, if one is named."""
    ends = (parse_date(wish.value) for wish in wishes if wish.name == "unavailable_after")
    return min((end for end in ends if end is not None and end > now), default=None)


def _characters(value: str) -> int | None:
    """Read the number of `max-snippet`; ``None`` for no limit (-1) and for what is no number."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None


def _most(wish: Wish) -> int:
    """Give the characters of an excerpt that a wish that limits it leaves."""
    return (_characters(wish.value) or 0) if wish.name == "max-snippet" else 0


def permissions(wishes: Iterable[Wish]) -> Permissions:
    """Say what may be done with an article of which all this is asked."""
    reasons: dict[Limit, list[Wish]] = {}
    for wish in wishes:
        for limit in limits(wish):
            reasons.setdefault(limit, []).append(wish)
    if not reasons:
        return OPEN
    # The reason that decides stands first.
    excerpt = sorted(reasons.get("excerpt", ()), key=_most)
    if excerpt:
        reasons["excerpt"] = excerpt
    pictures = reasons.get("picture", ())
    small = pictures and all(wish.value == "standard" for wish in pictures)
    return Permissions(
        may_show_full="full" not in reasons,
        excerpt_most=_most(excerpt[0]) if excerpt else None,
        picture="small" if small else "none" if pictures else "full",
        may_index="index" not in reasons,
        may_use_ai="ai" not in reasons,
        may_use_ai_on_pictures="ai-pictures" not in reasons,
        reasons={limit: tuple(found) for limit, found in reasons.items()},
    )


def agreed(asked: Permissions, rights: str, ai: str) -> Permissions:
    """Join what a publisher asks with what the operator settled for a source.

    ``rights`` are those of `Source.Rights`: ``full`` is an agreement with the publisher about text and
    pictures, and goes before what its pages ask of everybody; ``excerpt`` and ``link`` are limits more.
    ``ai`` is ``asked`` (as the publisher asks), ``agreed`` or ``never``: an agreement about text says nothing
    of models.
    """
    found = asked
    reasons = dict(asked.reasons)
    if rights == "full" and asked is not OPEN:
        for limit in _SHOWING:
            reasons.pop(limit, None)
        found = replace(found, may_show_full=True, excerpt_most=None, picture="full", reasons=reasons)
    elif rights in ("excerpt", "link"):
        own = Wish("rights", "operator", rights)
        reasons["full"] = (own, *reasons.get("full", ()))
        if rights == "link":
            reasons["excerpt"] = (own, *reasons.get("excerpt", ()))
        most = 0 if rights == "link" else found.excerpt_most
        found = replace(found, may_show_full=False, excerpt_most=most, reasons=reasons)
    if ai == "agreed" and not (found.may_use_ai and found.may_use_ai_on_pictures):
        for limit in _MODELS:
            reasons.pop(limit, None)
        found = replace(found, may_use_ai=True, may_use_ai_on_pictures=True, reasons=reasons)
    elif ai == "never":
        own = Wish("ai", "operator", ai)
        for limit in _MODELS:
            reasons[limit] = (own, *reasons.get(limit, ()))
        found = replace(found, may_use_ai=False, may_use_ai_on_pictures=False, reasons=reasons)
    return found


def wish_to_json(wish: Wish) -> dict[str, Any]:
    """Give a wish as a JSON object."""
    seen = wish.seen_at.isoformat() if wish.seen_at else None
    return {"name": wish.name, "place": wish.place, "value": wish.value, "seen_at": seen}


def wish_from_json(data: Mapping[str, Any]) -> Wish:
    """Read a wish that `wish_to_json` wrote."""
    seen = data.get("seen_at")
    at = datetime.fromisoformat(seen) if seen else None
    return Wish(str(data["name"]), str(data["place"]), str(data.get("value", "")), at)
