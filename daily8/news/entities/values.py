"""What is found in a text: entities, and what is known of them beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["person", "organisation", "place", "event", "other"]
KINDS: tuple[Kind, ...] = ("person", "organisation", "place", "event", "other")


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody, some place or something that a text names."""

    name: str
    """The fullest form of the text, without title, possessive or clitics."""
    kind: Kind
    key: str
    """What names it in addresses and counts: the gazetteer's id, else its folded name."""
    known: str | None = None
    """Its id in the gazetteer."""
    weight: float = 0.0
    """0 to 1: how much the text is about it (title, lede, how often)."""
    mentions: int = 1
    in_title: bool = False
    names: tuple[tuple[str, str], ...] = ()
    """Language and name, where names in several languages are known."""

    def called(self, language: str) -> str:
        """Give its name in a language, or as the text has it."""
        return dict(self.names).get(language, self.name)


@dataclass(frozen=True, slots=True)
class Known:
    """A name that is known beforehand, in English and Arabic."""

    id: str
    kind: Kind
    english: str
    arabic: str = ""
    aliases: tuple[str, ...] = ()
    """The forms by which texts name it, in any script, marked as `Names` tells; the names themselves too."""
    country: str = ""
    """ISO 3166-1 alpha-2, of a city."""
    minor: bool = False
    """Whether it is a city of lesser size, whose name may well be somebody's or another word."""
