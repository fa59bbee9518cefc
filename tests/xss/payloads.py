"""The payloads: what would run, written by technique in data files, combined here.

``{js}`` stands for a call of ``pwned`` with the payload's number, so that what ran is known by its name.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path

FOLDER = Path(__file__).with_suffix("")
MARK = "pwned"
"""Of each payload, wherever it is stored or shown."""
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([nrt\\]))")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Payload:
    """A text that would run ``pwned(number)``, or ask for something, if it were taken for more than text."""

    number: int
    text: str
    address: bool = False
    """Whether it is written as an address alone."""


def _escaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _PLAIN[match[3]]


def _lines(name: str) -> list[str]:
    """Read a file of payloads: a line each, ``##`` a heading, escapes as in Python."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return [_ESCAPE.sub(_escaped, line) for line in text.split("\n") if line and not line.startswith("##")]


def _numbered(form: str, number: int) -> str:
    call = f"{MARK}({number})"
    hidden = base64.b64encode(f"<script>{call}</script>".encode()).decode()
    return form.replace("{js}", call).replace("{number}", str(number)).replace("{base64}", hidden)


def _handled() -> Iterator[str]:
    """Every handler in two tags, so that all tags and all quotes come to stand with many handlers."""
    carriers = cycle(_lines("carriers"))
    for handler in (FOLDER / "handlers.txt").read_text().split():
        for _ in range(2):
            yield next(carriers).replace("{on}", handler)


def _encoded() -> Iterator[str]:
    """One payload in every writing of its characters that something may undo."""
    whole, call = "<img src=x onerror={js}>", "onerror={js}"
    forms: dict[str, Callable[[str], str]] = {
        "decimal": lambda c: f"&#{ord(c)};",
        "hexadecimal": lambda c: f"&#x{ord(c):x};",
        "bare decimal": lambda c: f"&#{ord(c):07d}",
        "percent": lambda c: f"%{ord(c):02X}",
        "twice percent": lambda c: f"%25{ord(c):02X}",
        "javascript": lambda c: f"\\x{ord(c):02x}",
        "unicode": lambda c: f"\\u{ord(c):04x}",
        "fullwidth": lambda c: chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c,
        "spread": lambda c: f"{c}\x00",
        "joined": lambda c: f"{c}\u200d",
        "twice": lambda c: f"&amp;#{ord(c)};",
        "css": lambda c: f"\\{ord(c):x} ",
    }
    for write in forms.values():
        for part in (whole, call):
            spelled = "".join(c if c in "{}" else write(c) for c in part.replace("{js}", "{}"))
            yield (spelled if part is whole else f"<img src=x {spelled}>").replace("{}", "{js}")


@cache
def payloads() -> tuple[Payload, ...]:
    """Give all payloads, each once, numbered in order."""
    forms: dict[str, bool] = {}
    for form in (*_lines("tricks"), *_handled(), *_encoded()):
        forms.setdefault(form, False)
    places, addresses = _lines("places"), _lines("addresses")
    for address in addresses:
        forms.setdefault(places[0].replace("{url}", address), False)
    for place in places:
        forms.setdefault(place.replace("{url}", addresses[0]), False)
    for address in addresses:
        forms.setdefault(address, True)
    return tuple(
        Payload(number, _numbered(form, number), address)
        for number, (form, address) in enumerate(forms.items())
    )


def addresses() -> tuple[Payload, ...]:
    """Give the payloads that are addresses."""
    return tuple(payload for payload in payloads() if payload.address)


def packed(payloads: tuple[Payload, ...], most: int, between: str = " ") -> list[str]:
    """Join payloads to texts of at most ``most`` characters; a longer one stands alone."""
    packs: list[str] = []
    for payload in payloads:
        if packs and len(packs[-1]) + len(between) + len(payload.text) <= most:
            packs[-1] += between + payload.text
        else:
            packs.append(payload.text)
    return packs
