"""Pages without a feed: learn which links of a list page are its articles, and read the list like a feed."""

from __future__ import annotations

from daily8.news.listing.learning import CONFIDENT, find_pattern
from daily8.news.listing.pattern import BadPattern, Pattern, checked, pattern_from_json, pattern_to_json
from daily8.news.listing.reading import (
    Seen,
    read_listing,
    seen_from_json,
    seen_links,
    seen_to_json,
    would_match,
)

__all__ = [
    "CONFIDENT",
    "BadPattern",
    "Pattern",
    "Seen",
    "checked",
    "find_pattern",
    "pattern_from_json",
    "pattern_to_json",
    "read_listing",
    "seen_from_json",
    "seen_links",
    "seen_to_json",
    "would_match",
]
