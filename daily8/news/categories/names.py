"""The categories, in the order in which a tie is decided."""

from __future__ import annotations

WORLD, POLITICS, BUSINESS, TECHNOLOGY = "World", "Politics", "Business", "Technology"
SCIENCE, HEALTH, SPORT, ENTERTAINMENT = "Science", "Health", "Sport", "Entertainment"
LIFESTYLE, OPINION, GENERAL = "Lifestyle", "Opinion", "General"

CATEGORIES = (
    *(SPORT, BUSINESS, POLITICS, WORLD, TECHNOLOGY, HEALTH),
    *(ENTERTAINMENT, SCIENCE, LIFESTYLE, OPINION, GENERAL),
)
"""``General`` is where courts, accidents, weather, schools and faith belong, and what nothing speaks for."""
