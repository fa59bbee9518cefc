"""The demo's newsroom: fictional publishers, and what they write about one another's world."""

from daily8.replay.newsroom.press import gold, publishers, rows

__all__ = ["gold", "publishers", "rows"]
