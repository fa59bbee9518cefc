"""The command line: ``daily8 --help``."""

from __future__ import annotations

import sys

import typer

from daily8.cli import documents, people, replaying, service, sources
from daily8.cli.output import Refused, complain

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
app.command("replay")(replaying.replay)
app.add_typer(sources.app, name="sources")
app.add_typer(people.users, name="user")
app.add_typer(people.models, name="models")


@app.command("version")
def version() -> None:
    """Print the version."""
    import daily8

    print(daily8.__version__)  # noqa: T201 - the answer of the command


def main() -> None:
    """Run the command line; what cannot be done ends with one sentence and exit code 2."""
    try:
        app()
    except Refused as refused:
        complain(str(refused))
        sys.exit(refused.code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of a pipe went away: that is no error of ours.
        sys.stderr.close()
        sys.exit(0)
