"""What is said of us, to feeds and to pages."""

from __future__ import annotations

import pytest

from daily8.net import agents
from daily8.net.egress import Door
from tests.faults.server import FaultServer
from tests.net.test_faults import with_faults

AGENT = "Daily8/1.2 (+https://news.example/about/fetching)"


def test_a_feed_is_told_which_one_it_is_and_how_many_follow_it() -> None:
    about = "+https://news.example/about/fetching; feed-id=1a2b3c4d"
    assert agents.for_feed(AGENT, "1a2b3c4d", 1) == f"Daily8/1.2 ({about}; 1 subscriber)"
    assert agents.for_feed(AGENT, "1a2b3c4d", 0).endswith("; 0 subscribers)")
    assert agents.for_feed(AGENT, "1a2b3c4d", 12).endswith("; 12 subscribers)")


def test_pages_and_pictures_are_read_by_another_name() -> None:
    assert agents.for_pages(AGENT) == "Daily8-fetch/1.2 (+https://news.example/about/fetching)"
    assert agents.for_pages("Daily8/bench") == "Daily8-fetch/bench"
    assert agents.for_feed("Daily8", "7", 1) == "Daily8 (feed-id=7; 1 subscriber)"


def test_the_name_for_robots_stays() -> None:
    assert {agents.token(agent) for agent in (AGENT, "Daily8", "Daily8 (x)", "Daily8/0")} == {"daily8"}


def test_no_id_writes_a_header() -> None:
    assert agents.for_feed(AGENT, "a)\r\nX: 1; (b", 1).count("(") == 1
    with pytest.raises(ValueError, match="form"):
        agents.for_pages("a b c")


def test_the_door_says_it() -> None:
    async def use(door: Door, server: FaultServer) -> list[bytes | None]:
        await door.fetch("http://a.faults.test/fine", user_agent=door.agent_for_feed("1a", 2))
        await door.fetch("http://a.faults.test/fine", user_agent=door.agent_for_pages)
        return [request.header("User-Agent") for request in server.requests]

    assert with_faults(use) == [
        b"Daily8/0 (+https://daily8.test/bot; feed-id=1a; 2 subscribers)",
        b"Daily8-fetch/0 (+https://daily8.test/bot)",
    ]
