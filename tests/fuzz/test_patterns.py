"""No pattern of ours takes long over any text that it is given."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.patterns import is_slow
from tests.house.reading import ROOT

SQUEEZED = "white space is squeezed before"
SHORT = "what it is given is cut to a few thousand characters or fewer before"
CAGED = "it is given a page inside the cage, which sets aside what takes two seconds"
SLOW: dict[tuple[str, str], str] = {
    ("daily8.news.blocks", "_BARE_LINK"): "the sanitiser closes each link that it lets stand",
    ("daily8.news.categories.forms", "_BREAKS"): SHORT,
    ("daily8.news.categories.places", ""): "it is given names of countries that come with a library",
    ("daily8.news.charset", "_META"): SHORT,
    ("daily8.news.charset", "_WIDE"): "they are matched at the start of a text alone",
    ("daily8.news.copies.words", "_SUFFIX"): SHORT,
    ("daily8.news.copies.words", "_TAIL"): SHORT,
    ("daily8.news.dates", "_OFFSET"): SHORT,
    ("daily8.news.drawing", "_BREAKS"): CAGED,
    ("daily8.news.drawing", ""): "no bracket that is not a tag's is left in what it is given",
    ("daily8.news.embeds", "_PROVIDERS"): SHORT,
    ("daily8.news.excerpts", "_CUT"): SHORT,
    ("daily8.news.extract.authors", "_AND"): SQUEEZED,
    ("daily8.news.extract.authors", "_PARTS"): SQUEEZED,
    ("daily8.news.extract.authors", ""): SQUEEZED,
    ("daily8.news.extract.boilerplate", "_LINES"): SQUEEZED,
    ("daily8.news.extract.boilerplate", "_CODE"): CAGED,
    ("daily8.news.extract.gate", "_WALL"): SHORT,
    ("daily8.news.extract.headlines", "_TAIL"): SQUEEZED,
    ("daily8.news.extract.linked", "_WRAP"): CAGED,
    ("daily8.news.feeds.media", "_UNITS"): SHORT,
    ("daily8.news.feeds.parts", "_PERSON"): SHORT,
    ("daily8.news.figures", "_CREDIT_TEXT"): SQUEEZED,
    ("daily8.news.figures", "_LABEL"): SQUEEZED,
    ("daily8.news.figures", "_SIZE"): SHORT,
    ("daily8.news.figures", ""): SHORT,
    ("daily8.news.listing.learning", "_SLUG"): SHORT,
    ("daily8.news.tags", "_ATTRIBUTE"): "it goes on where a tag was found to be whole",
    ("daily8.replay.newsroom.markup", "_LINK"): "our own newsroom writes what it reads",
}
"""Patterns that take the square of a text's length, and why it does no harm. It may only get shorter."""


def test_patterns_are_linear_or_given_little(tmp_path: Path) -> None:
    given = {"DJANGO_SETTINGS_MODULE": "daily8.conf.settings", "SECRET_KEY": "tests only " * 4}
    run = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.patterns"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DAILY8_DATA": str(tmp_path), **given},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found = [json.loads(line) for line in run.stdout.splitlines()]
    slow = {(row["module"], row["name"]): row for row in found if "text" in row}
    assert [row for key, row in slow.items() if key not in SLOW] == []


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"(?:x|xx)*y", r"<!--.*?-->", r"\s+$", r"(\w+\s?)*:"])
def test_a_slow_pattern_is_caught(pattern: str) -> None:
    assert is_slow(re.compile(pattern), searched=True)


@pytest.mark.parametrize("pattern", [r"a+b?", r"<!--", r"(?<!\s)\s+x", r"[a-z]{1,40}\.", r"(?:ab)++c?"])
def test_a_linear_one_is_not(pattern: str) -> None:
    assert not is_slow(re.compile(pattern), searched=True)
