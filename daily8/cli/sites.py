"""``daily8 sites``: how the pages of sites are read, and the rules that say so."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from daily8.cli.output import as_json, say, table
from daily8.cli.start import database

app = typer.Typer(help="Sites: how their pages are read.", no_args_is_help=True)
rules = typer.Typer(help="Rules of sites, as a file that can be shared.", no_args_is_help=True)
app.add_typer(rules, name="rules")

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]


@app.command("list")
def list_(json: Json = False) -> None:
    """List the sites whose pages were read lately, the most doubtful ones first."""
    with database():
        from daily8 import wiring
        from daily8.store import readings

        found = readings.overview(wiring.now()).sites
    if json:
        as_json([asdict(site) for site in found])
        return
    columns = ("Site", "Pages", "Doubtful", "Mean score", "Rules")
    table(
        columns,
        ((s.domain, str(s.pages), str(s.low), f"{s.mean:.2f}", "yes" if s.rules else "") for s in found),
    )


@rules.command("export")
def export(
    domains: Annotated[list[str] | None, typer.Argument(help="Sites; none means all.")] = None,
) -> None:
    """Write the rules of sites to standard output (TOML)."""
    with database():
        from daily8.news.repair import sharing
        from daily8.store import sites

        text = sharing.written(sites.every(domains or ()))
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


@rules.command("import")
def import_(
    file: Annotated[str, typer.Argument(metavar="TOML", help="A file, an address, or -.")],
    json: Json = False,
) -> None:
    """Take over the rules of a file; stored pages of their sites are read again, and nothing is fetched."""
    from daily8.cli.documents import read_rules
    from daily8.cli.reading import caged, read

    found = caged(read_rules, read(file).body)
    with database():
        from daily8 import wiring
        from daily8.store import sites

        saved, due = sites.save_all(found, by="", now=wiring.now())
    if json:
        as_json({"rules": saved, "due": due})
    else:
        say(f"{saved} rules taken over; {due} stored pages are read again.")
