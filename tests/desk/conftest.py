"""Sites on loopback for those who ask what is there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from daily8.net.cage import Cage
from tests.sites import Sites, open_sites


@pytest.fixture(scope="session")
def cage() -> Iterator[Cage]:
    """A child in which documents are parsed."""
    with Cage(workers=1) as found:
        yield found


@pytest.fixture
def sites(cage: Cage) -> Iterator[Sites]:
    """Fictional sites, empty."""
    with open_sites(cage) as found:
        yield found
