"""``daily8 cluster``: the story of each report, decided in the order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from daily8.cli.lines import read_reports
from daily8.cli.output import as_json, progress

if TYPE_CHECKING:
    from daily8.news.reports import Report
    from daily8.news.stories.placing import Placing

EVERY = timedelta(hours=24)
"""Of the reports' time, between two repairs."""

Input = Annotated[
    str, typer.Argument(metavar="X.jsonl", help="A file of JSON lines, or - for standard input.")
]
Repair = Annotated[bool, typer.Option("--repair", help="Merge and split stories that turned out otherwise.")]


def cluster(reports: Input, repair: Repair = False) -> None:
    """Print the story of each report as JSON lines ``{id, story}``, in the order of time.

    Each is decided without looking at later ones, but for ``--repair``; a copy of an earlier report is in its
    story. A story is named by the id of its first report.
    """
    lines = read_reports(reports)
    ordered = in_time(lines.rows)
    given = [lines.given[report.id] for report in ordered]
    if repair:
        for seq, story in enumerate(_repaired(ordered, _live())):
            as_json({"id": given[seq], "story": given[story]})
    else:
        for seq, story in enumerate(_assigned(ordered, _live())):
            as_json({"id": given[seq], "story": given[story]})
    lines.end()


def _assigned(ordered: Sequence[Report], live: Placing) -> Iterator[int]:
    """Give the story of each report at once."""
    with progress("Assigning", len(ordered)) as advance:
        for seq, report in enumerate(ordered):
            yield live.assign(report, seq).decision.story
            advance()


def _repaired(ordered: Sequence[Report], live: Placing) -> list[int]:
    """Give the story of each report as it is in the end: merged, split and merged again on the way."""
    stories: list[int] = []

    def changed(name: int) -> None:
        for seq in live.stories.members(name):
            stories[seq] = name

    def mend(now: datetime) -> None:
        for change in live.repair(now):
            live.apply(change)
            changed(change.story)
            if change.other is not None:
                changed(change.other)

    now = mended = None
    with progress("Assigning", len(ordered)) as advance:
        for seq, report in enumerate(ordered):
            decision = live.assign(report, seq).decision
            stories.append(decision.story)
            if decision.merged is not None:
                changed(decision.story)
            now = report.time or now
            if now is not None and (mended is None or now - mended >= EVERY):
                # A story that had no news for long is held no more: at the end it would be too late.
                mend(now)
                mended = now
            advance()
        mend(now or datetime(1970, 1, 1, tzinfo=UTC))
    return stories


def _live() -> Placing:
    from daily8.news.concepts import concepts
    from daily8.news.stories.placing import Placing

    return Placing(concepts=concepts)


def in_time(reports: Sequence[Report]) -> list[Report]:
    """Order reports by time; one without a time stays behind the one that it follows."""
    last = datetime.min.replace(tzinfo=UTC)
    keyed = []
    for number, report in enumerate(reports):
        last = report.time or last
        keyed.append((last, number, report))
    return [report for _, _, report in sorted(keyed, key=lambda one: one[:2])]
