"""Quotation marks that close as they open: a curly one is not answered by a straight or an opening one.

Only marks are touched whose partner is set in another way; texts that are straight throughout stay so, and so
do feet, inches and apostrophes.
"""

from __future__ import annotations

import re
from itertools import pairwise

_CLOSES = {"“": "”", "„": "“", "«": "»", "‟": "”"}
_OPENS = {"”": "“", "»": "«"}
_TAG = re.compile(r"(<[^<>]*>)")
_CURLY = re.compile(r"[“”„‟«»‘]")
_AGAIN = re.compile(r"[^“”„«»]*+(?:“[^“”„«»]*+){2}")
_BEFORE = frozenset(" \t\n\u00a0([{—–-:،,\u200f\u200e")
"""What may stand before a mark that opens, beside the beginning."""

_AFTER = frozenset(["", "\ufffc", *".,;:!?)]"])
"""What may stand behind a mark that was meant to close, beside white space."""


def closed(markup: str) -> str:
    """Give inline HTML, or plain text, with the marks of each quotation of one kind."""
    if not _CURLY.search(markup) or (
        '"' not in markup and "'" not in markup and not _AGAIN.fullmatch(markup)
    ):
        return markup
    pieces = _TAG.split(markup)
    texts = pieces[::2]
    whole = list("\ufffc".join(texts))  # a tag is neither a space nor a letter
    _turned(whole)
    _doubles(whole)
    _singles(whole)
    pieces[::2] = (
        "".join(whole).split("\ufffc") if len(texts) == "".join(whole).count("\ufffc") + 1 else texts
    )
    return "".join(pieces)


def _beside(text: list[str], at: int, step: int) -> str:
    """Give the character beside one, tags aside; empty at an end."""
    at += step
    while 0 <= at < len(text) and text[at] == "\ufffc":
        at += step
    return text[at] if 0 <= at < len(text) else ""


def _opening(text: list[str], at: int) -> bool:
    before, after = _beside(text, at, -1), _beside(text, at, 1)
    return (not before or before in _BEFORE) and bool(after) and not after.isspace()


def _closing(text: list[str], at: int) -> bool:
    before, after = _beside(text, at, -1), _beside(text, at, 1)
    return bool(before) and not before.isspace() and not after.isalnum()


def _turned(text: list[str]) -> None:
    """Turn the second of two opening marks round, where no other kind of curly double mark is about."""
    marks = [at for at, mark in enumerate(text) if mark in "“”„«»"]
    if [text[at] for at in marks] != ["“", "“"]:
        return
    before, after = text[marks[1] - 1], "".join(text[marks[1] + 1 : marks[1] + 2])
    if not before.isspace() and before not in "\ufffc([—–-" and (after in _AFTER or after.isspace()):
        text[marks[1]] = "”"


def _doubles(text: list[str]) -> None:
    closes = ""
    straight: int | None = None
    for at, mark in enumerate(text):
        if mark == '"':
            if closes and straight is None and _closing(text, at) and not _measure(text, at, closes):
                text[at], closes = closes, ""
            elif straight is None and _opening(text, at):
                straight = at
            else:
                straight = None
        elif closes and (mark == closes or mark == "”"):
            closes, straight = "", None
        elif mark in _CLOSES:
            closes, straight = _CLOSES[mark], None
        elif mark in _OPENS and _opening(text, at) and straight is None:
            closes = mark  # as in Swedish and Finnish, where both marks are the same
        elif mark in _OPENS:
            if straight is not None:
                text[straight] = _OPENS[mark]
            closes, straight = "", None


def _measure(text: list[str], at: int, closes: str) -> bool:
    """Tell whether a mark behind a number means inches: the quotation is closed further on."""
    if not _beside(text, at, -1).isdigit():
        return False
    at += 1  # the next straight mark ends the look-out, so that no stretch is walked through twice
    while at < len(text) and text[at] != '"' and text[at] != closes and text[at] not in _CLOSES:
        at += 1
    return at < len(text) and text[at] == closes


def _singles(text: list[str]) -> None:
    """Close what ``‘`` opened: behind a mark of punctuation, else at the last place where it can be."""
    starts = [at for at, mark in enumerate(text) if mark == "‘"]
    for start, end in pairwise([*starts, len(text)]):
        span = range(start + 1, end)
        if not _opening(text, start) or any(text[n] == "’" and _closing(text, n) for n in span):
            continue
        places = [n for n in span if text[n] == "'" and _closing(text, n)]
        ended = [n for n in places if _beside(text, n, -1) in ".,!?…"]
        if places:
            text[(ended or places[::-1])[0]] = "’"
