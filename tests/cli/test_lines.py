"""One bad line is named and does not lose the others."""

from __future__ import annotations

import sys
import tracemalloc
from pathlib import Path

import pytest
import typer

from daily8.cli.lines import LONGEST, read_lines, read_reports
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


def test_an_id_stands_once_and_is_answered_as_it_was_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(b'{"id": 7}\n{"id": "8"}\n{"id": "7", "title": "other"}\n')
    found = read_reports(str(file))
    assert [(row.id, row.title) for row in found.rows] == [("7", ""), ("8", "")]
    assert found.given == {"7": 7, "8": "8"}
    assert "Line 3 is left out: its id is that of an earlier line." in capsys.readouterr().err
    assert found.left_out == 1


def test_a_line_without_end_is_not_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.jsonl"
    with file.open("wb") as out:
        out.write(GOOD + b'{"id": "')
        for _ in range(80):
            out.write(b"x" * 1_000_000)
        out.write(b'"}\n' + GOOD.replace(b"1", b"2"))
    tracemalloc.start()
    try:
        found = read_lines(str(file), read_report)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [row.id for row in found.rows] == ["1", "2"]
    assert "Line 2 is left out: it is longer than 5 MB." in capsys.readouterr().err
    assert most < 6 * LONGEST


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"id": ' + b"1" * 5_000 + b"}", "it holds a number of too many digits"),
        (b"[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_json_cannot_hold_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: bytes, said: str
) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(line + b"\n" + GOOD)
    assert len(read_lines(str(file), read_report).rows) == 1
    assert f"Line 1 is left out: {said}." in capsys.readouterr().err


def test_a_name_that_is_no_file_is_refused(tmp_path: Path) -> None:
    for name in (str(tmp_path), "a\0b"):
        with pytest.raises(Refused, match="cannot be read"):
            read_lines(name, read_report)


def test_closed_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(Refused, match=r"Standard input is closed\."):
        read_lines("-", read_report)
