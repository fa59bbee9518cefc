"""The command that writes hashtags and entities."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from daily8.cli.tagging import hashtags
from daily8.news.categories import CATEGORIES


def test_each_article_gets_a_line(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    file = tmp_path / "x.jsonl"
    rows: list[dict[str, object]] = [
        {"id": "a", "lang": "en", "title": "Ada Quill wins in Egypt", "text": "Ada Quill won in Egypt."},
        {"id": 7, "lang": "ar", "title": "مصر تستقبل روسيا", "text": "وصل وفد روسيا إلى مصر."},
        {"id": "c", "title": None, "text": None},
    ]
    file.write_text("\n".join([*(json.dumps(row) for row in rows), "no"]) + "\n", "utf-8")
    with pytest.raises(typer.Exit) as ended:
        hashtags(str(file))
    assert ended.value.exit_code == 1
    out = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [row["id"] for row in out] == ["a", 7, "c"]
    assert out[0]["hashtags"] == ["#AdaQuill", "#Egypt"]
    assert {"name": "Ada Quill", "kind": "person"} in out[0]["entities"]
    assert set(out[1]["hashtags"]) == {"#مصر", "#روسيا"}
    nothing = {"category": None, "country": None, "news": None}
    assert out[2] == {"id": "c", "hashtags": [], "entities": [], **nothing}
    assert (out[0]["category"] in CATEGORIES, out[0]["country"], out[0]["news"]) == (True, "EG", True)
