"""Every place that asks the web, and for whom: the list that the matrix of addresses is held against."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.house.reading import Breach, Module, caught, hold, modules

HANDLES = frozenset({"door", "robots"})
"""What a world outside is reached by; whoever touches one of them asks the web."""
VERBS = frozenset({"fetch", "post"})
"""Of the door, whatever it is called there."""
FUNCTIONS = frozenset(
    {"daily8.net.pictures.fetch_picture", "daily8.net.egress.Door", "daily8.net.trusted.Trusted"}
)

SURFACES: dict[tuple[str, str], str] = {
    ("daily8.pipeline.polls", "poll"): "feed: a source that is due",
    ("daily8.pipeline.pages", "read"): "page: of an article",
    ("daily8.pipeline.pages", "_may_read"): "robots.txt: before a page and after its redirects",
    ("daily8.pipeline.pages", "unasked"): "robots.txt: whether a site may be asked what it reserves",
    ("daily8.pipeline.pages", "_site"): "tdmrep.json: of the site to which a page's redirects led",
    ("daily8.pipeline.pages", "_record"): "asks nothing: the name under which we ask",
    ("daily8.pipeline.pictures", "take"): "picture: of an article",
    ("daily8.pipeline.timed_texts", "take"): "timed text: chapters or a transcript that a feed names",
    ("daily8.pipeline.hubs", "_post"): "WebSub hub: what a feed names as the one that tells of its news",
    ("daily8.pipeline.fetch", "_ready"): "robots.txt, tdmrep.json: before what is crawled",
    ("daily8.pipeline.polls", "_arrive"): "asks nothing: the name under which we ask",
    ("daily8.pipeline.inside", "at_home"): "asks nothing: whether an address lies at an opened private place",
    ("daily8.desk.looking", "look"): "asks nothing: whether an address lies at an opened private place",
    ("daily8.desk.looking", "_Asked._inside"): "asks nothing: whether an address lies at that place",
    ("daily8.desk.looking", "_Asked.bring"): "look-up: an address that somebody names, and what it announces",
    ("daily8.desk.looking", "_Asked.sitemaps"): "robots.txt: for the sitemaps of a site that is looked at",
    ("daily8.desk.looking", "_Asked.may_watch"): "robots.txt: before a page is watched",
    ("daily8.pipeline.reading", "agent"): "the name under which a source is asked",
    ("daily8.pipeline.reading", "refused"): "robots.txt: before a watched page",
    ("daily8.pipeline.reading", "_page"): "robots.txt: where a watched page led",
    ("daily8.desk.subscribing", "describe"): "an address that somebody adds: judged as written, not asked",
    ("daily8.desk.checking", "check"): "robots.txt: of a watched page that somebody asks about",
    ("daily8.desk.checking", "_ask"): "check: a source that somebody asks about",
    ("daily8.cli.reading", "_fetch"): "parse, extract: an address on the command line",
    ("daily8.cli.installing", "_from_hub"): "hub: a model that the operator asks for by name",
    ("daily8.net.robots", "Robots._ask"): "robots.txt: of a site",
    ("daily8.net.robots", "Robots.__init__"): "robots.txt: its door",
    ("daily8.net.reservations", "Reservations._ask"): "tdmrep.json: of a site whose pages are read",
    ("daily8.net.reservations", "Reservations.__init__"): "tdmrep.json: its door",
    ("daily8.net.pictures", "fetch_picture"): "picture, icon: what a feed or a page names",
    ("daily8.wiring", "outside"): "makes the door",
    ("daily8.wiring", "trusted"): "makes the client of an endpoint that a setting names",
}
"""By module and function: the surface that it serves, and whose address it is."""


def ways_out(module: Module) -> Iterator[tuple[int, str, str]]:
    """Give line, function and what is used there, for all that asks the web."""
    for line, function, node in _inside(module.tree, ()):
        dotted = module.dotted(node) or ""
        if dotted in FUNCTIONS:
            yield line, function, dotted.rpartition(".")[2]
        elif isinstance(node, ast.Attribute) and not dotted.startswith("daily8."):
            if node.attr in HANDLES or (node.attr in VERBS and _may_be_a_door(node.value)):
                yield line, function, f".{node.attr}"
        elif isinstance(node, ast.Name) and node.id in HANDLES and isinstance(node.ctx, ast.Load):
            yield line, function, node.id


def _may_be_a_door(node: ast.expr) -> bool:
    """Tell whether the receiver of ``.fetch`` or ``.post`` may be a door: anything but a literal."""
    return not isinstance(node, ast.Constant)


def _inside(node: ast.AST, names: tuple[str, ...]) -> Iterator[tuple[int, str, ast.expr]]:
    """Give every expression with the function that it stands in; annotations ask nothing."""
    notes = (getattr(node, "annotation", None), getattr(node, "returns", None))
    for child in ast.iter_child_nodes(node):
        if child in notes:
            continue
        if isinstance(child, (ast.Attribute, ast.Name)):
            yield child.lineno, ".".join(names), child
        inner = names
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not _final(names):
            inner = (*names, child.name)
        yield from _inside(child, inner)


def _final(names: tuple[str, ...]) -> bool:
    """Tell whether names lead to a function already: what is defined inside of it belongs to it."""
    return bool(names) and names[-1].lstrip("_")[:1].islower()


def asks_the_web(module: Module) -> Iterator[Breach]:
    """Who asks the web stands in the list of surfaces, with whose address it is."""
    for line, function, what in ways_out(module):
        if (module.name, function) not in SURFACES and module.name != "daily8.net.egress":
            yield line, f"{function or 'the module'} asks the web by {what}"


def test_every_place_that_asks_the_web_is_named() -> None:
    hold(asks_the_web, "daily8")


def test_every_place_that_is_named_asks_the_web() -> None:
    found = {(module.name, function) for module in modules("daily8") for _, function, _ in ways_out(module)}
    assert set(SURFACES) - found == set()


@pytest.mark.parametrize(
    "text",
    [
        "async def icon(world, url):\n    return await world.door.fetch(url)",
        "async def hub(door, url):\n    return await door.post(url, body=b'', content_type='')",
        "async def sly(world, url):\n    way = world.door\n    return await way.fetch(url)",
        "async def sly(world, url):\n    return await getattr(world.door, 'fetch')(url)",
        "from daily8.net.pictures import fetch_picture as get\nasync def f(w):\n    return await get(w, '')",
        "async def f(world, url):\n    return await world.robots.delay(url)",
        "async def f(anything, url):\n    return await anything.post(url)",
        "from daily8.net.egress import Door\ndef f(e):\n    return Door(e, 'x')",
        "from daily8.net.trusted import Trusted\ndef f(u):\n    return Trusted(u)",
        "class A:\n    async def f(self, url):\n        return await self._door.fetch(url)",
    ],
)
def test_a_new_place_is_caught(text: str) -> None:
    assert caught(asks_the_web, text, "daily8.pipeline.thing")


@pytest.mark.parametrize(
    "text",
    [
        "from daily8.net.egress import Door, Response\ndef f(door: Door) -> Response:\n    return Response()",
        "from daily8.pipeline import fetch\nasync def f(w):\n    await fetch.drain(w)",
        "from daily8.ai import packages\ndef f(p):\n    return packages.fetch(p)",
    ],
)
def test_what_asks_nobody_is_not(text: str) -> None:
    assert not caught(asks_the_web, text, "daily8.pipeline.thing")
