"""The command line: ``daily8 --help``."""

from __future__ import annotations

import sys

import typer

from daily8.cli import (
    clustering,
    documents,
    installing,
    people,
    relating,
    replaying,
    service,
    sites,
    sources,
    tagging,
)
from daily8.cli.output import BAD_INPUT, ReaderGone, Refused, complain, note

app = typer.Typer(
    name="daily8",
    help="An open, self-hosted AI news service.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("run")(service.run)
app.command("web")(service.web)
app.command("work")(service.work)
app.command("doctor")(service.doctor)
app.command("refresh")(sources.refresh)
app.command("parse")(documents.parse)
app.command("extract")(documents.extract)
app.command("cluster")(clustering.cluster)
app.command("related")(relating.related)
app.command("similarity")(relating.similarity)
app.command("hashtags")(tagging.hashtags)
app.command("replay")(replaying.replay)
app.add_typer(sources.app, name="sources")
app.add_typer(sites.app, name="sites")
app.add_typer(people.users, name="user")
app.add_typer(installing.models, name="models")


@app.command("version")
def version() -> None:
    """Print the version."""
    import daily8

    print(daily8.__version__)  # noqa: T201 - the answer of the command


def main() -> None:
    """Run the command line; what cannot be done ends with one sentence and exit code 2."""
    try:
        sys.exit(app(prog_name="daily8", standalone_mode=False))
    except Refused as refused:
        complain(str(refused))
        sys.exit(refused.code)
    except typer.Abort:  # a question that was left unanswered
        sys.exit(130)
    except typer.TyperException as error:
        sys.exit(_misused(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except ReaderGone:  # no error of ours, as where the answer ends before the reader goes
        sys.exit(0)


def _misused(error: typer.TyperException) -> int:
    """Say in one sentence what is wrong with a command's words; show its help where there are none."""
    context: typer.Context | None = getattr(error, "ctx", None)
    said = error.format_message().strip()
    if context is None or len(said.splitlines()) > 1:  # the help itself
        note(said)
    else:
        complain(f"{said.rstrip('.')}; `{context.command_path} --help` shows how it is written.")
    return BAD_INPUT
