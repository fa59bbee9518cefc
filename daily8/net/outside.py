"""The world outside as a piece of work meets it: a door, a cage, manners, and what time it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from daily8.net.cage import Cage
from daily8.net.egress import Door
from daily8.net.robots import Robots
from daily8.news import urls
from daily8.news.schedule import Manners


@dataclass(frozen=True, slots=True)
class Outside:
    """What stages and actions are given to reach out; made by `daily8.wiring`."""

    door: Door
    cage: Cage
    robots: Robots
    manners: Manners
    now: Callable[[], datetime]
    chance: Callable[[], float]
    """Gives a number from 0 to 1."""
    own_suffixes: tuple[str, ...] = ()
    """Names under which every host is a site of its own (`daily8.news.urls.domain`)."""

    callback: str = ""
    """Where hubs reach this site: an address that ends in a slash; empty where they are not to."""
    network: str = ""
    """The network from which hosts are asked, where there are several; else empty."""
    keeps_pages: bool = True
    """Whether pages are kept once they were read."""

    def domain(self, url: str) -> str:
        """Give the name under which manners are kept for an address."""
        return urls.domain(url, own_suffixes=self.own_suffixes)
