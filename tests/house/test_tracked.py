"""The project speaks of itself alone: nothing of the machines and the mirrors on which it was made."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.house.reading import ROOT, tracked

# Written in parts, so that this file is no breach itself.
_FOLDERS = "work|root|home/[a-z][a-z0-9_-]*|Users/[A-Za-z]+|opt/py" + "pi[a-z-]*|tmp/[a-z]+_jobs|var/folders"
_HOSTS = (
    r"(?:files\.)?python" + r"hosted\.org|(?:test\.)?py" + r"pi\.org/simple|registry\.np" + r"mjs\.org|"
    r"registry\.yarn" + r"pkg\.com|deb\.deb" + r"ian\.org|proxy\.gol" + r"ang\.org|conda\.ana" + r"conda\.org"
)
TELLS = {
    "a folder of somebody's machine": re.compile(rf"(?<![\w.~*}}:/-])/(?:{_FOLDERS})/"),
    "a host of a package registry": re.compile(_HOSTS),
    "an index of packages": re.compile(r"--(?:extra-)?ind" + r"ex-url|PIP_IND" + r"EX_URL=\S"),
}
SELF = "tests/house/test_tracked.py"


def told(text: str) -> Iterator[str]:
    """Give what a text tells of the place where it was written."""
    for what, pattern in TELLS.items():
        for found in pattern.finditer(text):
            yield f"{text.count(chr(10), 0, found.start()) + 1} {what}: {found[0]}"


def test_no_file_tells_where_it_was_made() -> None:
    broken = []
    for name in tracked():
        body = (ROOT / name).read_bytes()
        if b"\0" not in body and name != SELF:
            broken += [f"{name}:{what}" for what in told(body.decode("utf-8", "replace"))]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    "text",
    [
        "see /wo" + "rk/main/x",
        "'/ro" + "ot/.cache/'",
        "cd /ho" + "me/anna/daily8",
        "https://py" + "pi.org/simple/",
    ],
)
def test_a_file_that_tells_is_caught(text: str) -> None:
    assert list(told(text))


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/home/news/",
        "docs/home/index.html",
        "a working /robots.txt",
        "~/work/x",
        "./work/",
    ],
)
def test_addresses_of_the_web_are_not(text: str) -> None:
    assert not list(told(text))


def test_nothing_that_is_made_is_kept() -> None:
    made = re.compile(r"(^|/)(__pycache__|\.venv|data/postgres|node_modules)(/|$)|\.(pyc|egg-info|onnx|mo~)$")
    assert [name for name in tracked() if made.search(name)] == []
