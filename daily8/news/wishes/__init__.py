"""What publishers ask, in forms for machines, of those who show or use their articles."""

from __future__ import annotations

from daily8.news.wishes.headers import in_answer, in_feed_answer
from daily8.news.wishes.pages import PageWishes, in_page
from daily8.news.wishes.permissions import (
    OPEN,
    Permissions,
    agreed,
    permissions,
    wish_from_json,
    wish_to_json,
)
from daily8.news.wishes.sites import (
    Reservation,
    SiteWishes,
    Usage,
    at_address,
    read_reservations,
    read_robots,
    site_from_json,
    site_of,
    site_to_json,
)
from daily8.news.wishes.snippets import unsaid

__all__ = [
    "OPEN",
    "PageWishes",
    "Permissions",
    "Reservation",
    "SiteWishes",
    "Usage",
    "agreed",
    "at_address",
    "in_answer",
    "in_feed_answer",
    "in_page",
    "permissions",
    "read_reservations",
    "read_robots",
    "site_from_json",
    "site_of",
    "site_to_json",
    "unsaid",
    "wish_from_json",
    "wish_to_json",
]
