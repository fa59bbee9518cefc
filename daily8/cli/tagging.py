"""``daily8 hashtags``: what each article names and is about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from daily8.cli.lines import read_reports
from daily8.cli.output import as_json, progress

if TYPE_CHECKING:
    from daily8.news.reports import Report

MOST_ENTITIES = 30


def _about(report: Report) -> dict[str, str | bool | None]:
    from daily8.news.categories import classify, is_news

    if not (report.title.strip() or report.text.strip()):
        return {"category": None, "country": None, "news": None}
    found = classify(report)
    return {"category": found.name, "country": found.country or None, "news": is_news(report).news}


def hashtags(
    file: Annotated[
        str, typer.Argument(help="A file of JSON lines {id, lang, title, text}, or - for standard input.")
    ],
) -> None:
    """Write what each article is about, one JSON object a line, in the order of the input.

    The articles of a file are taken as one collection: its terms tell what is common, and a thing that
    several articles speak of has one hashtag.
    """
    from daily8.news.entities import entities
    from daily8.news.hashtags import collect, hashtags, renamed, tidy
    from daily8.news.language import detect

    lines = read_reports(file)
    rows = [
        report
        if report.language
        else replace(report, language=detect(f"{report.title}\n{report.text[:2000]}"))
        for report in lines.rows
    ]
    background = collect(rows)
    found, chosen = [], []
    with progress("Reading", len(lines.rows)) as done:
        for report in rows:
            found.append(entities(report))
            chosen.append(hashtags(report, found[-1], background=background))
            done()
    forms = tidy(chosen)
    for report, named, tags in zip(rows, found, chosen, strict=True):
        as_json(
            {
                "id": lines.given[report.id],
                "hashtags": [tag.text for tag in renamed(tags, forms)],
                "entities": [{"name": one.name, "kind": one.kind} for one in named[:MOST_ENTITIES]],
                **_about(report),
            }
        )
    lines.end()
