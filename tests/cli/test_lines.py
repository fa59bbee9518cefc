"""One bad line is named and does not lose the others."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from daily8.cli.lines import LONGEST, read_lines
from daily8.cli.output import Refused
from daily8.news.reports import read_report

GOOD = b'{"id": "1", "title": "\xd8\xab\xd9\x84\xd8\xac"}\n'


def test_bad_lines_are_named_by_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.jsonl"
    bad = [b"{\n", b"[1]\n", b'{"title": "no id"}\n', b'"\xff"\n', b'{"id": 1' + b" " * LONGEST + b"}\n"]
    file.write_bytes(GOOD + b"\n" + b"".join(bad) + GOOD.replace(b"1", b"2"))
    found = read_lines(str(file), read_report)
    assert [row.id for row in found.rows] == ["1", "2"]
    assert found.left_out == len(bad)
    said = capsys.readouterr().err
    for number in range(3, 8):
        assert f"Line {number} is left out: it " in said
    with pytest.raises(typer.Exit) as ended:
        found.end()
    assert ended.value.exit_code == 1


def test_a_file_without_any_usable_line_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(b"no\n")
    with pytest.raises(Refused, match="no line that can be used"):
        read_lines(str(file), read_report)
    with pytest.raises(Refused, match="There is no file"):
        read_lines(str(tmp_path / "none"), read_report)
    file.write_bytes(b"")
    read_lines(str(file), read_report).end()
