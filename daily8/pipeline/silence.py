"""What ends the work on a host before all that is due there is done."""

from __future__ import annotations

from daily8.net.egress import FetchFailed

_UNANSWERED = frozenset({"timeout", "too-slow", "refused", "unreachable", "dns"})


class Quiet(Exception):
    """The publisher asked for silence on a host: what else is due there waits."""


class Silent(Exception):
    """A host gave no answer: a second time in a row, the rest of what is due there waits."""


def heard(error: FetchFailed) -> None:
    """Tell whoever serves the host that it gave no answer, if that is how a fetch failed. Comes last.

    :raises Silent: when it is.
    """
    if error.code in _UNANSWERED:
        raise Silent(str(error))
