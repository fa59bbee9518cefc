"""Read the packaged tables: tab-separated, `#` begins a comment, the first line names the columns."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

LANGUAGES = ("en", "ar", "ru", "fr", "es", "de", "pt", "it", "sl", "tr")
"""Languages that have a column of their own in the tables."""


def rows(package: str, name: str) -> Iterator[dict[str, str]]:
    """Give the rows of ``data/name`` of a package, by column; cells that are missing are empty."""
    lines = (files(package) / "data" / name).read_text(encoding="utf-8").splitlines()
    told = [line.split("\t") for line in lines if line and not line.startswith("#")]
    for cells in told[1:]:
        yield dict(zip(told[0], cells + [""] * (len(told[0]) - len(cells)), strict=True))


def names(package: str) -> tuple[str, ...]:
    """Give the names of the tables of a package, in their order."""
    return tuple(
        sorted(each.name for each in (files(package) / "data").iterdir() if each.name.endswith(".tsv"))
    )


def forms(cell: str) -> tuple[str, ...]:
    """Give the forms of a cell; they are separated by a bar."""
    return tuple(form.strip() for form in cell.split("|") if form.strip())
