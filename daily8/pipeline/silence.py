"""What ends the work on a host before all that is due there is done."""

from __future__ import annotations

from urllib.parse import urlsplit

from daily8.net.egress import FetchFailed

_UNANSWERED = frozenset({"timeout", "too-slow", "refused", "unreachable"})
_UNASKED = frozenset({"dns", "crowded", "blocked", "bad-address"})
"""What costs the host nothing and says nothing of it: our own resolver may be down."""
_STRIKES = 2
"""Requests in a row without an answer after which a name is left alone."""


class Quiet(Exception):
    """The publisher asked for silence on a host: what else is due there waits."""


class Silent(Exception):
    """A host gave no answer: a second time in a row, the rest of what is due under that name waits."""


class Unasked(Exception):
    """A request never came to its host, which is neither silent nor heard for that."""


def heard(error: FetchFailed) -> None:
    """Tell whoever serves the host that it gave no answer, if that is how a fetch failed. Comes last.

    :raises Silent: when it is.
    :raises Unasked: when the host was not reached for at all.
    """
    if error.code in _UNANSWERED:
        raise Silent(str(error))
    if error.code in _UNASKED:
        raise Unasked(str(error))


class Names:
    """Which host names of one registrable domain answer while it is served: one that is dead stills no other.

    In a trial a name is left alone after one request in vain.
    """

    def __init__(self, *, trial: bool) -> None:
        self.trial = trial
        self._strikes: dict[str, int] = {}
        self._answers: list[str] = []
        """Addresses: their names are looked at only when something is silent."""

    def answered(self, url: str) -> None:
        """Note an answer."""
        self.trial = False
        self._answers.append(url)
        if self._strikes:
            self._strikes.pop(_name(url), None)

    def silent(self, url: str) -> None:
        """Note that no answer came."""
        self._strikes[_name(url)] = self._strikes.get(_name(url), 0) + 1

    def mute(self, url: str) -> bool:
        """Tell whether the name of an address is to be left alone for now."""
        return bool(self._strikes) and self._strikes.get(_name(url), 0) >= self._enough

    @property
    def all_mute(self) -> bool:
        """Whether requests enough were in vain, and no name that was tried gives answers."""
        if sum(self._strikes.values()) < self._enough:
            return False
        return all(map(self.mute, self._answers))

    @property
    def _enough(self) -> int:
        return 1 if self.trial else _STRIKES


def _name(url: str) -> str:
    return urlsplit(url).hostname or ""
