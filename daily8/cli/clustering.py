"""``daily8 cluster``: the story of each report, decided in the order of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from daily8.cli.lines import read_lines
from daily8.cli.output import as_json, progress

if TYPE_CHECKING:
    from daily8.news.reports import Report

Input = Annotated[
    str, typer.Argument(metavar="X.jsonl", help="A file of JSON lines, or - for standard input.")
]
Repair = Annotated[
    bool, typer.Option("--repair", help="At the end merge and split what turned out otherwise.")
]


def cluster(reports: Input, repair: Repair = False) -> None:
    """Print the story of each report as JSON lines ``{id, story}``, in the order of time.

    Each is decided without looking at later ones, but for ``--repair``; a copy of an earlier report is in its
    story. A story is named by the id of its first report.
    """
    from daily8.news.concepts import concepts
    from daily8.news.reports import read_report
    from daily8.news.stories.placing import Placing

    lines = read_lines(reports, read_report)
    ordered = in_time(lines.rows)
    placing = Placing(concepts=concepts)
    with progress("Assigning", len(ordered)) as advance:
        stories = []
        for seq, report in enumerate(ordered):
            stories.append(placing.assign(report, seq).decision.story)
            advance()
            if not repair:
                as_json({"id": report.id, "story": ordered[stories[seq]].id})
    if repair:
        times = [report.time for report in ordered if report.time]
        for change in placing.repair(max(times, default=datetime(1970, 1, 1, tzinfo=UTC))):
            placing.apply(change)
        for seq, report in enumerate(ordered):
            now = placing.stories.story(seq)
            as_json({"id": report.id, "story": ordered[stories[seq] if now is None else now].id})
    lines.end()


def in_time(reports: Sequence[Report]) -> list[Report]:
    """Order reports by time; one without a time stays behind the one that it follows."""
    last = datetime.min.replace(tzinfo=UTC)
    keyed = []
    for number, report in enumerate(reports):
        last = report.time or last
        keyed.append((last, number, report))
    return [report for _, _, report in sorted(keyed, key=lambda one: one[:2])]
