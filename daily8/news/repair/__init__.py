"""Repair: pages of a site read by what an editor, or many of its articles together, say of it."""

from __future__ import annotations

from daily8.news.repair.applying import GENERATION, Guide, Reading, Witness, read
from daily8.news.repair.comparing import Line, side_by_side
from daily8.news.repair.rules import (
    FLAGS,
    SELECTORS,
    TEXTS,
    BadRules,
    Rules,
    checked,
    is_like,
    literal,
    rules_for,
    rules_from_json,
    rules_to_json,
)

__all__ = [
    "FLAGS",
    "GENERATION",
    "SELECTORS",
    "TEXTS",
    "BadRules",
    "Guide",
    "Line",
    "Reading",
    "Rules",
    "Witness",
    "checked",
    "is_like",
    "literal",
    "read",
    "rules_for",
    "rules_from_json",
    "rules_to_json",
    "side_by_side",
]
