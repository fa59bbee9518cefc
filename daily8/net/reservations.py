"""Ask a site whether it reserves text and data mining (TDMRep section 6.1), once a day."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from daily8.net.egress import Door, FetchFailed
from daily8.news.wishes import Reservation, read_reservations, site_of
from daily8.news.wishes.sites import RESERVATIONS

_KEPT = 86_400.0
_KEPT_UNKNOWN = 3600.0
_LIMIT = 200_000
_MOST_SITES = 20_000
"""Most of them have no such file."""


@dataclass(frozen=True, slots=True)
class _Known:
    rules: tuple[Reservation, ...]
    until: float


class Reservations:
    """What sites say in their ``tdmrep.json``, kept for a day per site. For many tasks in one event loop.

    ``clock`` gives monotonic seconds; of more than ``most`` sites the one asked longest ago is forgotten.
    """

    def __init__(
        self, door: Door, *, clock: Callable[[], float] = time.monotonic, most: int = _MOST_SITES
    ) -> None:
        self._door = door
        self._clock = clock
        self._most = most
        self._sites: OrderedDict[str, _Known] = OrderedDict()

    def known(self, url: str) -> bool:
        """Tell whether it is known what a site reserves, so that nothing need be asked of it."""
        known = self._sites.get(site_of(url))
        return not site_of(url) or (known is not None and self._clock() < known.until)

    async def learn(self, url: str, *, inside: bool = False) -> None:
        """Ask a site what it reserves, unless it is `known`; ``inside`` as in `Door.fetch`.

        One that cannot be asked now says what it said before, and is asked again in an hour.
        """
        if self.known(url):
            return
        site = site_of(url)
        former = self._sites.pop(site, _Known((), 0.0))
        self._sites[site] = await self._ask(site, former, inside=inside)
        while len(self._sites) > self._most:
            self._sites.popitem(last=False)

    def rules(self, url: str) -> tuple[Reservation, ...]:
        """Give what a site said when it was last asked; nothing for one that was not."""
        known = self._sites.get(site_of(url))
        return known.rules if known else ()

    async def _ask(self, site: str, former: _Known, *, inside: bool) -> _Known:
        now = self._clock()
        try:
            answer = await self._door.fetch(
                f"{site}{RESERVATIONS}",
                accept="application/json, */*;q=0.1",
                limit=_LIMIT,
                user_agent=self._door.agent_for_pages,
                inside=inside,
            )
        except FetchFailed as error:
            # For one that could not be asked for want of room there is room soon.
            return replace(former, until=now if error.code == "crowded" else now + _KEPT_UNKNOWN)
        if answer.status >= 500 or answer.status == 429:
            return replace(former, until=now + _KEPT_UNKNOWN)
        return _Known(read_reservations(answer.body) if answer.status == 200 else (), now + _KEPT)
