"""``daily8 sources`` and ``daily8 refresh``."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daily8.cli.output import PARTLY, Refused, as_json, complain, note, progress, say, table
from daily8.cli.start import database

if TYPE_CHECKING:
    from daily8.news.opml import Opml
    from daily8.store.sources import Added
    from daily8.store.values import SourcePage, SourceView

app = typer.Typer(help="Sources: what is fetched.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]


@app.command("add")
def add(
    addresses: Annotated[
        list[str], typer.Argument(help="Addresses of feeds, or of pages that announce one.")
    ],
    folder: Annotated[str, typer.Option(help="Folder to put them in; / divides nested ones.")] = "",
    page: Annotated[
        bool, typer.Option("--page", help="Watch the page itself, whatever feeds it announces.")
    ] = False,
    links: Annotated[
        str, typer.Option(help="Form of the addresses of its articles, such as '/news/*'; implies --page.")
    ] = "",
    json: Json = False,
) -> None:
    """Add sources: each is fetched once now, to find its feed and see that it can be read.

    A page without a feed is watched itself, if it is clear which of its links are articles.
    """
    folders = (tuple(part for part in folder.split("/") if part),) if folder else ()
    with database():
        results = asyncio.run(_add(addresses, folders, page=page, links=links))
    failed = [result for result in results if result["error"]]
    if json:
        as_json(results)
    else:
        for result in results:
            (complain if result["error"] else say)(str(result["sentence"]))
    if failed:
        raise typer.Exit(PARTLY if len(failed) < len(results) else 2)


async def _add(
    addresses: list[str], folders: tuple[tuple[str, ...], ...], *, page: bool, links: str
) -> list[dict[str, Any]]:
    from daily8 import wiring
    from daily8.desk.looking import NoFeed
    from daily8.desk.subscribing import subscribe

    results = []
    async with wiring.outside(workers=1) as world:
        with progress("Looking for feeds", len(addresses)) as advance:
            for address in addresses:
                result: dict[str, Any] = {"address": address, "url": None, "new": False, "error": None}
                result |= {"links": None, "note": ""}
                try:
                    added, found = await subscribe(world, address, folders=folders, page=page, links=links)
                    count = len(found.feed.entries)
                    result |= {"url": found.url, "title": found.feed.title, "new": bool(added.new)}
                    result |= {"links": found.pattern.links if found.pattern else None, "note": found.note}
                    said = f"Added {found.url} ({found.feed.title or 'untitled'}, {count} entries)."
                    result["sentence"] = (
                        f"{said} {found.note}".rstrip() if added.new else f"{found.url} is a source already."
                    )
                except NoFeed as error:
                    result["error"] = result["sentence"] = str(error)
                results.append(result)
                advance()
    return results


@app.command("list")
def list_(
    failing: Annotated[bool, typer.Option("--failing", help="Only those whose last fetch failed.")] = False,
    json: Json = False,
) -> None:
    """List the sources, how they are, and when each is fetched next."""
    with database():
        from daily8.store import sources

        found = [source for source in sources.every() if source.cause or not failing]
    if json:
        as_json([_plain(source) for source in found])
        return
    table(
        ("Title", "Lang", "State", "Articles", "Next fetch", "Trouble"),
        (
            (
                source.title[:40],
                source.language,
                source.state,
                str(source.articles),
                source.next_at.strftime("%Y-%m-%d %H:%M %Z") if source.next_at else "never",
                source.cause,
            )
            for source in found
        ),
    )
    note(f"{len(found)} sources.")


def _plain(source: SourceView) -> dict[str, Any]:
    return {**asdict(source), "folders": ["/".join(path) for path in source.folders]}


@app.command("rights")
def rights(
    which: Annotated[list[str], typer.Argument(help="Addresses or ids of sources.")],
    rights: Annotated[
        str, typer.Option(help="What may be shown: full (by agreement), excerpt, link or unknown.")
    ] = "",
    ai: Annotated[
        str, typer.Option("--ai", help="Whether models may read it: asked (as it asks), agreed or never.")
    ] = "",
    json: Json = False,
) -> None:
    """Show or set what may be shown of sources, and tell what their publishers ask.

    What is set holds at once, for all that they have brought.
    """
    with database():
        from daily8 import wiring
        from daily8.store import sources, wishes

        found = {name: sources.find(name) for name in which}
        if missing := [name for name, row in found.items() if row is None]:
            raise Refused(f"There is no source {missing[0]}; `daily8 sources list` shows them.")
        pages = [page for row in found.values() if row and (page := sources.page(row))]
        if rights or ai:
            for page in pages:
                told = {"rights": rights or page.source.rights, "ai": ai or page.source.ai}
                try:
                    wishes.settle(page.source.id, **told, now=wiring.now())
                except ValueError as error:
                    raise Refused(f"{str(error).capitalize()}; see --help.") from error
            pages = [page for row in found.values() if row and (page := sources.page(row))]
    if json:
        as_json([_rights(page) for page in pages])
        return
    for page in pages:
        source = page.source
        say(f"{source.url}: rights {source.rights}, ai {source.ai}.")
        table(
            ("Asked", "Where", "Value", "Limits", "Articles"),
            (
                (v.wish.name, v.wish.place, v.wish.value, ", ".join(v.limits) or "nothing", str(v.articles))
                for v in page.wishes
            ),
        )


def _rights(page: SourcePage) -> dict[str, Any]:
    source = page.source
    asked = [{**asdict(v.wish), "limits": list(v.limits), "articles": v.articles} for v in page.wishes]
    return {"url": source.url, "rights": source.rights, "ai": source.ai, "wishes": asked}


@app.command("weigh")
def weigh(
    which: Annotated[list[str], typer.Argument(help="Addresses or ids of sources.")],
    as_: Annotated[
        str, typer.Option("--as", help="What their reports count for: less, usual, more or most.")
    ] = "",
    json: Json = False,
) -> None:
    """Show or set what sources count for on front pages and in the choice of what leads a story."""
    with database():
        from daily8.store import sources, steering

        found = {name: sources.find(name) for name in which}
        if missing := [name for name, row in found.items() if row is None]:
            raise Refused(f"There is no source {missing[0]}; `daily8 sources list` shows them.")
        for row in found.values():
            if as_ and row:
                try:
                    steering.weigh(row, as_)
                except ValueError as error:
                    raise Refused(f"{str(error).capitalize()}; see --help.") from error
        pages = [page for row in found.values() if row and (page := sources.page(row))]
    told = [{"url": page.source.url, "weight": page.source.weight} for page in pages]
    if json:
        as_json(told)
        return
    for one in told:
        say(f"{one['url']}: weight {one['weight']:g}.")


@app.command("check")
def check(
    which: Annotated[
        list[str] | None, typer.Argument(help="Addresses; none means all that are failing.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Check every source.")] = False,
    json: Json = False,
) -> None:
    """Fetch sources now and say how they are. Nothing is stored."""
    with database():
        from daily8.store import sources

        known = [source for source in sources.every() if source.way != "mail"]
        urls = which or [source.url for source in known if every or source.cause]
        results = asyncio.run(_check(urls, {source.url: source.links for source in known}))
    if json:
        as_json([asdict(result) for result in results])
    else:
        table(
            ("", "Address", "What was found"),
            (("well" if r.well else "ill", r.url, r.detail) for r in results),
        )
    if any(not result.well for result in results):
        raise typer.Exit(PARTLY)


async def _check(urls: list[str], links: dict[str, str]) -> list[Any]:
    from daily8 import wiring
    from daily8.desk.checking import check as check_one

    async with wiring.outside() as world:
        # One request in flight a host, with the spacing of the manners; hosts side by side.
        hosts: dict[str, list[str]] = {}
        for url in urls:
            hosts.setdefault(world.domain(url), []).append(url)
        found: dict[str, Any] = {}
        with progress("Checking", len(urls)) as advance:

            async def serve(mine: list[str]) -> None:
                for place, url in enumerate(mine):
                    if place:
                        await asyncio.sleep(world.manners.spacing)
                    async with gate:
                        found[url] = await check_one(world, url, links.get(url, ""))
                    advance()

            gate = asyncio.Semaphore(50)
            await asyncio.gather(*map(serve, hosts.values()))
    return [found[url] for url in urls]


@app.command("starter")
def starter(
    country: Annotated[list[str] | None, typer.Option(help="ISO code, such as EG; may be repeated.")] = None,
    lang: Annotated[list[str] | None, typer.Option(help="Language, such as ar; may be repeated.")] = None,
    interest: Annotated[list[str] | None, typer.Option(help="Such as science; may be repeated.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="At most this many; 0 for all.")] = 50,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list them.")] = False,
    json: Json = False,
) -> None:
    """Add sources of the starter catalogue by country, language and interest.

    They are unverified until they were fetched once. Without a choice, the catalogue is described.
    """
    from daily8.news import starter as catalogue

    if not (country or lang or interest):
        _describe_catalogue(json)
        return
    try:
        chosen = catalogue.choose(country or (), lang or (), interest or (), limit or None)
    except catalogue.UnknownChoice as error:
        raise Refused(str(error)) from error
    if dry_run:
        rows = [asdict(row) for row in chosen]
        if json:
            as_json(rows)
        else:
            columns = ("country", "language", "publisher", "url")
            table(columns, ([str(row[name]) for name in columns] for row in rows))
        return
    with database():
        added = asyncio.run(_add_starter(chosen))
    if json:
        as_json({"new": list(added.new), "known": list(added.known)})
    else:
        say(f"{len(added.new)} sources added, {len(added.known)} were there already.")


async def _add_starter(chosen: Any) -> Any:
    from asgiref.sync import sync_to_async

    from daily8 import wiring
    from daily8.desk import subscribing

    async with wiring.outside(workers=1) as world:
        return await sync_to_async(subscribing.add)(world, [*map(subscribing.from_catalogue, chosen)])


def _describe_catalogue(json: bool) -> None:
    from daily8.news import starter as catalogue

    parts = {
        "countries": catalogue.countries(),
        "languages": catalogue.languages(),
        "interests": catalogue.interests(),
    }
    if json:
        as_json(parts)
        return
    for name, counts in parts.items():
        say(f"{name}: " + ", ".join(f"{key} {count}" for key, count in counts.items()))
    note("Choose with --country, --lang and --interest; --dry-run shows what would be added.")


@app.command("import")
def import_(
    outline: Annotated[str, typer.Argument(metavar="OPML", help="A file, an address, or -.")],
    json: Json = False,
) -> None:
    """Add the sources of an OPML outline, with their folders."""
    from daily8.cli.reading import caged, read
    from daily8.news.opml import read_opml

    document = read(outline)
    found = caged(read_opml, document.body)
    with database():
        added, ill = asyncio.run(_import(found))
    problems = [f"Row {p.row} ({p.title or 'untitled'}): {p.reason.rstrip('.')}." for p in found.problems]
    if found.untold:
        problems.append(f"{found.untold} more rows could not be taken over.")
    problems += ill
    if json:
        as_json({"new": list(added.new), "known": list(added.known), "problems": problems})
    else:
        refused = f", {len(problems) + max(found.untold - 1, 0)} could not be taken over" if problems else ""
        say(f"{len(added.new)} sources added, {len(added.known)} were there already{refused}.")
        for problem in problems:
            complain(problem)
    if problems:
        raise typer.Exit(PARTLY)


async def _import(found: Opml) -> tuple[Added, list[str]]:
    from asgiref.sync import sync_to_async

    from daily8 import wiring
    from daily8.desk import subscribing

    wanted, problems = [], []
    async with wiring.outside(workers=1) as world:
        for row in found.outlines:
            one = subscribing.Wanted(row.url, row.title or "", row.home or "", folders=row.folders)
            try:
                subscribing.describe(world, one)
                wanted.append(one)
            except subscribing.BadSource as error:
                problems.append(str(error))
        return await sync_to_async(subscribing.add)(world, wanted), problems


@app.command("export")
def export(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; standard output else.")
    ] = None,
) -> None:
    """Write all sources as an OPML outline, in their folders."""
    from daily8.news.opml import Subscription, write_opml

    with database():
        from daily8 import wiring
        from daily8.store import sources

        rows = [
            Subscription(url=row.url, title=row.title, home=row.home or None, folders=row.folders)
            for row in sources.every()
            if row.way != "mail"  # other programs have no mailbox of ours
        ]
        text = write_opml(rows, title="Daily8", now=wiring.now())
    if output is None:
        say(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refused(f"{output} cannot be written: {error.strerror}.") from error
    note(f"{len(rows)} sources written to {output}.")


def refresh(
    which: Annotated[list[str] | None, typer.Argument(help="Addresses or ids; none means all.")] = None,
) -> None:
    """Make sources due now. Conditional requests, Retry-After and the pace of hosts are kept."""
    with database():
        from daily8 import wiring
        from daily8.store import sources
        from daily8.store.wakeups import wake

        ids = None
        if which:
            found = {name: sources.find(name) for name in which}
            if missing := [name for name, row in found.items() if row is None]:
                raise Refused(f"There is no source {missing[0]}; `daily8 sources list` shows them.")
            ids = [row for row in found.values() if row]
        now = wiring.now()
        count = sources.refresh(ids, now, not_since=now - sources.BY_HAND)
        wake("fetch")
    say(f"{count} sources are due now.")
    total = len(which) if which else None
    if total and count < total:
        note("The others were fetched in the last five minutes, or asked us to wait.")
