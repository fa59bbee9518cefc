"""Near-duplicates: wire copies, re-posts, mirrored hosts, excerpts, and which of them leads."""

from daily8.news.copies.checkpoint import BadCheckpoint, dump, load
from daily8.news.copies.document import Document, read_document
from daily8.news.copies.judge import Rule, Verdict, judge
from daily8.news.copies.leader import Leader, Member, Reason, leader
from daily8.news.copies.live import RECIPE, Copy, LiveCopies, copy_from_json, copy_to_json

__all__ = [
    "RECIPE",
    "BadCheckpoint",
    "Copy",
    "Document",
    "Leader",
    "LiveCopies",
    "Member",
    "Reason",
    "Rule",
    "Verdict",
    "copy_from_json",
    "copy_to_json",
    "dump",
    "judge",
    "leader",
    "load",
    "read_document",
]
