"""Folders of real pages."""

from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daily8.news.feeds import parse_feed
from daily8.replay.articles import Corpus
from daily8.replay.corpus import expectations, load_pages, open_corpus
from daily8.replay.server import ReplayServer
from daily8.replay.site import Answer

PAGE = (
    b'<!DOCTYPE html><html lang="de-AT"><head><title>Flut &amp; Ebbe</title>'
    b'<link rel="canonical" href="https://www.hafen.example/welt/flut.html?x=1"></head><body>Text</body></html>'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    country = tmp_path / "pages" / "publishers" / "uk"
    country.mkdir(parents=True)
    versions = {
        "V1": {
            "title": "Old",
            "authors": ["A"],
            "publishing_date": "2024-01-02 03:04:05+00:00",
            "body": {"summary": ["S"]},
        },
        "V2": {
            "title": "New",
            "publishing_date": "nonsense",
            "body": {"sections": [{"paragraphs": ["word " * 60]}]},
        },
    }
    (country / "HafenZeitungHN.json").write_text(json.dumps(versions))
    for date in ("2024_01_03", "2025_06_07"):
        (country / f"HafenZeitungHN_{date}.html.gz").write_bytes(gzip.compress(PAGE))
    (country / "Torn_2025_01_01.html.gz").write_bytes(gzip.compress(PAGE)[:30])
    (country / "Odd.html.gz").write_bytes(gzip.compress(PAGE))
    (country / "Bad.json").write_text("[1")
    (country / "Bad_2025_01_01.html.gz").write_bytes(gzip.compress(PAGE))
    return tmp_path


def answer(corpus: Corpus, path: str, host: str) -> Answer:
    with ReplayServer(corpus, public_port=80) as server:
        return server.site.respond(host, path, {}, server.time)


def test_a_folder_of_pages_is_found_and_read(folder: Path) -> None:
    corpus = open_corpus(folder)
    assert {(a.id, a.title, a.path) for a in corpus.articles} == {
        ("uk/HafenZeitungHN_2024_01_03", "Old", "/welt/flut.html?x=1"),
        ("uk/HafenZeitungHN_2025_06_07", "New", "/a/uk-hafenzeitunghn-2025-06-07"),
        ("uk/Bad_2025_01_01", "Flut & Ebbe", "/welt/flut.html?x=1"),
    }
    old, new = (a for a in corpus.articles if a.publisher == "hafenzeitunghn")
    assert old.time == datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert new.time == datetime(2025, 6, 7, tzinfo=UTC)
    assert (old.dek, old.authors, old.language) == ("S", ("A",), "de")
    assert new.dek is not None
    assert len(new.dek) < 190
    publisher = next(p for p in corpus.publishers if p.slug == "hafenzeitunghn")
    assert (publisher.name, publisher.country, publisher.language) == ("Hafen Zeitung HN", "GB", "de")
    assert corpus.problems == (
        "uk/Odd.html.gz is not named <Publisher>_<YYYY>_<MM>_<DD>.html.gz.",
        "uk/Bad.json is not JSON with one object a version, and is not used.",
        "uk/Torn_2025_01_01.html.gz is no readable gzip file.",
    )


def test_pages_are_served_byte_for_byte_and_the_feed_leaves_the_rest_to_them(folder: Path) -> None:
    corpus = open_corpus(folder)
    host = "hafenzeitunghn.replay.test"
    page = answer(corpus, "/welt/flut.html?x=1", host)
    assert (page.body, page.headers["Content-Type"]) == (PAGE, "text/html; charset=utf-8")
    publisher = next(p for p in corpus.publishers if p.slug == "hafenzeitunghn")
    entry = parse_feed(answer(corpus, publisher.feed.removeprefix(publisher.origin), host).body).entries[1]
    assert (entry.title, entry.summary, entry.content, entry.image) == ("Old", "S", None, None)


def test_a_page_that_is_lost_later_is_told(folder: Path) -> None:
    corpus = open_corpus(folder)
    for path in folder.rglob("*.html.gz"):
        path.unlink()
    lost = answer(corpus, "/welt/flut.html?x=1", "bad.replay.test")
    assert lost.status == 500
    assert lost.body.startswith(b"The page cannot be read:")


def test_expectations_go_with_their_pages(folder: Path) -> None:
    (folder / "pages/publishers/uk/Bad.json").unlink()
    found = dict(expectations(folder / "pages" / "publishers"))
    assert {k: v["title"] for k, v in found.items()} == {
        "uk/HafenZeitungHN_2024_01_03": "Old",
        "uk/HafenZeitungHN_2025_06_07": "New",
    }


@pytest.mark.corpus
def test_the_real_pages_are_all_there() -> None:
    root = Path(os.environ.get("DAILY8_CORPUS", Path(__file__).parents[2] / ".." / "shared" / "corpus"))
    folder = root / "pages" / "publishers"
    if not folder.is_dir():
        pytest.skip(f"no evaluation corpus at {root}: set DAILY8_CORPUS")
    corpus = load_pages(folder)
    assert corpus.problems == ()
    assert len(corpus.articles) == 258
    assert len({p.country for p in corpus.publishers}) >= 40
    assert len(dict(expectations(folder))) == 258
    with ReplayServer(corpus) as server:
        for article in corpus.articles[::20]:
            host = f"{article.publisher}.replay.test"
            page = server.site.respond(
                host, server.site.address(article).split(str(server.port), 1)[1], {}, server.time
            )
            assert article.page is not None
            assert page.body == article.page()
