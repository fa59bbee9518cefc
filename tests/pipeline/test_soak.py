"""Some hours of virtual time with sixty sources: their servers do not complain, and would if they had to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from bench import soak
from daily8.net.egress import Door, Response
from daily8.net.outside import Outside

DAYS = 0.6


class Careless:
    """A door that sends validators in another writing, as some libraries do."""

    def __init__(self, door: Any) -> None:
        self._door = door

    def __getattr__(self, name: str) -> Any:
        return getattr(self._door, name)

    async def fetch(self, url: str, *, etag: str | None = None, **others: Any) -> Response:
        answer: Response = await self._door.fetch(url, etag=etag and etag.replace("W/", ""), **others)
        return answer


def careless(world: Outside) -> Outside:
    return replace(world, door=cast("Door", Careless(world.door)))


def hasty(world: Outside) -> Outside:
    """A worker in whose eyes hours last fifty minutes, and that waits two seconds between requests."""
    return replace(world, manners=replace(world.manners, floor=3000.0, spacing=2.0))


def complaints(found: dict[str, Any]) -> dict[str, int]:
    names = (
        "avoidable unconditional requests",
        "early polls",
        "two at once on a host",
        "within five seconds on a host",
    )
    return {name: found[name] for name in names if found[name]}


def test_servers_have_nothing_to_complain_of(transactional_db: None) -> None:
    found = soak.run(DAYS)
    assert complaints(found) == {}
    assert found["answered 304 of unchanged"] >= 0.99
    assert found["requests"] > 200


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (careless, {"avoidable unconditional requests"}),
        (hasty, {"early polls", "within five seconds on a host"}),
    ],
)
def test_bad_manners_are_complained_of(transactional_db: None, spoil: Any, expected: set[str]) -> None:
    assert set(complaints(soak.run(DAYS, spoil))) == expected
