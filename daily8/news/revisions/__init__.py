"""Versions of an article: what changed from one to the next, how much, and whether that was said."""

from daily8.news.revisions.difference import Passage, Run, Version, passage_texts
from daily8.news.revisions.facts import Fact
from daily8.news.revisions.folding import Gap, folded
from daily8.news.revisions.keeping import (
    LIVE_APART,
    MOST,
    Change,
    ChangeKind,
    Notice,
    notice,
    replaces_newest,
    spared,
)
from daily8.news.revisions.kinds import Difference, Kind, compare, is_cut, is_silent

__all__ = [
    "LIVE_APART",
    "MOST",
    "Change",
    "ChangeKind",
    "Difference",
    "Fact",
    "Gap",
    "Kind",
    "Notice",
    "Passage",
    "Run",
    "Version",
    "compare",
    "folded",
    "is_cut",
    "is_silent",
    "notice",
    "passage_texts",
    "replaces_newest",
    "spared",
]
