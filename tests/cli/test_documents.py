"""``parse`` and ``extract`` keep their contracts, need nothing around them, and say what they cannot use."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from daily8.replay.rows import corpus_from_rows
from daily8.replay.server import ReplayServer
from tests.cli.conftest import Run, sentence
from tests.pipeline.conftest import row

FEED = {"kind", "title", "description", "url", "home", "language", "hub", "ttl", "entries"}
ENTRY = {
    *("id", "url", "title", "published", "updated", "authors", "summary", "content", "language"),
    *("categories", "enclosures", "image"),
}
PAGE = {
    *("title", "dek", "authors", "published", "updated", "language", "kind", "section", "tags", "text"),
    *("html", "image", "canonical_url", "paywalled", "live", "quality"),
}
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Harbour Post</title><link>https://harbour.example/</link>
<item><title>The ferry is late</title><link>/news/1</link><guid isPermaLink="false">n-1</guid>
<pubDate>Sun, 01 Jun 2025 14:00:00 +0200</pubDate><category>Harbour</category>
<description>&lt;p onclick="x()"&gt;Nobody minded.&lt;script&gt;x()&lt;/script&gt;&lt;/p&gt;</description>
<enclosure url="https://harbour.example/1.mp3" type="audio/mpeg" length="1000"/></item>
<item><title>No more is known</title></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Hill Gazette</title><id>urn:x</id>
<updated>2025-06-01T12:00:00Z</updated><entry><id>urn:x:1</id><title>Snow</title>
<link href="https://hill.example/1"/><updated>2025-06-01T12:00:00Z</updated></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Dune Wire",
        "items": [{"id": "1", "title": "Sand", "content_text": "Much of it."}],
    }
)
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url>
<loc>https://harbour.example/news/1</loc><lastmod>2025-06-01T12:00:00Z</lastmod></url></urlset>"""
OPML = """<opml version="2.0"><head><title>Mine</title></head><body><outline text="News">
<outline text="Egypt"><outline type="rss" text="A" xmlUrl="https://a.example/feed"/></outline></outline>
</body></opml>"""
WORDS = "The ferry came in late, and nobody minded much, since the harbour had been quiet all day. "
ARTICLE = f"""<!doctype html><html lang="en"><head><title>The ferry is late</title>
<meta property="article:published_time" content="2025-06-01T12:00:00+02:00">
<meta property="og:image" content="/ferry.jpg"><link rel="canonical" href="https://harbour.example/news/1">
</head><body><article><h1>The ferry is late</h1><p>By Ada Quill</p>
{"".join(f"<p>{n}. {WORDS * 3}</p>" for n in range(6))}</article></body></html>"""


def json_of(text: str) -> Any:
    assert text.endswith("\n")
    assert text.count("\n") == 1
    return json.loads(text)


def zoned(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo is not None
    return moment


@pytest.mark.parametrize(
    ("document", "title"),
    [
        (RSS, "Harbour Post"),
        (ATOM, "Hill Gazette"),
        (JSON_FEED, "Dune Wire"),
        (SITEMAP, None),
        (OPML, "Mine"),
    ],
    ids=["rss", "atom", "json", "sitemap", "opml"],
)
def test_parse_gives_every_key_of_its_contract(
    daily8: Run, folder: Path, document: str, title: str | None
) -> None:
    done = daily8("parse", "-", "--url", "https://harbour.example/feed", stdin=document)
    assert (done.returncode, done.stderr) == (0, "")
    feed = json_of(done.stdout)
    assert set(feed) >= FEED
    assert feed["title"] == title
    assert feed["entries"]
    for entry in feed["entries"]:
        assert set(entry) >= ENTRY
        for time in (entry["published"], entry["updated"]):
            assert time is None or zoned(time).year == 2025
    assert not (folder / "data").exists()


def test_parse_of_a_file_is_sanitised_absolute_and_null_where_nothing_is(daily8: Run, tmp_path: Path) -> None:
    file = tmp_path / "feed.xml.gz"
    file.write_bytes(gzip.compress(RSS.encode()))
    done = daily8("parse", str(file), "--url", "https://harbour.example/feed")
    first, second = json_of(done.stdout)["entries"]
    assert zoned(first["published"]) == datetime(2025, 6, 1, 12, tzinfo=UTC)
    assert (first["id"], first["url"]) == ("n-1", "https://harbour.example/news/1")
    assert first["summary"] == "<p>Nobody minded.</p>"
    assert first["enclosures"] == [
        {
            "url": "https://harbour.example/1.mp3",
            "type": "audio/mpeg",
            "length": 1000,
            "duration": None,
            "bitrate": None,
        }
    ]
    assert second["title"] == "No more is known"
    assert [second[key] for key in ("id", "url", "published", "updated", "summary", "content", "image")] == [
        None
    ] * 7


def test_parse_of_an_outline_gives_folders(daily8: Run) -> None:
    (entry,) = json_of(daily8("parse", "-", stdin=OPML).stdout)["entries"]
    assert (entry["url"], entry["categories"]) == ("https://a.example/feed", ["News/Egypt"])


def test_extract_gives_every_key_of_its_contract(daily8: Run, folder: Path) -> None:
    file = folder / "page.html"
    file.write_text(ARTICLE)
    done = daily8("extract", str(file), "--url", "https://harbour.example/news/1")
    assert (done.returncode, done.stderr) == (0, "")
    page = json_of(done.stdout)
    assert set(page) >= PAGE
    assert page["title"] == "The ferry is late"
    assert zoned(page["published"]).utcoffset() is not None
    assert page["updated"] is None
    assert set(page["image"]) >= {"url", "alt", "credit"}
    assert page["image"]["url"] == "https://harbour.example/ferry.jpg"
    assert len([part for part in page["text"].split("\n\n") if "harbour had been quiet" in part]) == 6
    assert page["quality"]["verdict"] == "article"
    assert set(page["quality"]) >= {"score", "verdict", "reasons"}
    assert not (folder / "data").exists()


def test_a_page_nested_500_deep_keeps_its_text(daily8: Run) -> None:
    page = f"<html><body>{'<div>' * 500}<p>{WORDS * 20}</p>{'</div>' * 500}</body></html>"
    done = daily8("extract", "-", stdin=page)
    assert done.returncode == 0
    assert "harbour had been quiet" in json_of(done.stdout)["text"]


def test_arabic_in_windows_1256_called_utf_8_is_read(daily8: Run) -> None:
    title = "وصلت العبّارة إلى الميناء أخيرًا بعد تأخير طويل"
    feed = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>'
    feed += f"<item><title>{title}</title><description>{title}</description></item></channel></rss>"
    done = daily8("parse", "-", stdin=feed.encode("windows-1256"))
    assert json_of(done.stdout)["entries"][0]["title"] == title


def test_nul_bytes_are_left_out(daily8: Run) -> None:
    done = daily8("parse", "-", stdin=RSS.replace("ferry", "fe\0rry").encode())
    assert json_of(done.stdout)["entries"][0]["title"] == "The ferry is late"


def _file(content: bytes) -> Callable[[Path], str]:
    def make(folder: Path) -> str:
        (folder / "document").write_bytes(content)
        return str(folder / "document")

    return make


@pytest.mark.parametrize(
    ("command", "make", "says"),
    [
        ("parse", _file(b" \n"), "document is empty."),
        ("extract", _file(b""), "document is empty."),
        ("parse", _file(gzip.compress(RSS.encode())[:-20]), "breaks off before its end"),
        ("parse", _file(bytes(range(256)) * 40), "not a feed"),
        ("extract", _file(bytes(range(256)) * 40), "This is no web page."),
        ("parse", _file(b"<rss>" + b" " * 50_000_000), "larger than 5 MB"),
        ("extract", _file(gzip.compress(b"<p>" + b" " * 50_000_000)), "larger than 5 MB"),
        ("parse", str, "Is a directory"),
        ("extract", lambda folder: str(folder / "nothing"), "There is no file"),
        ("parse", lambda _: "ftp://harbour.example/feed", "http:// or https://"),
    ],
    ids=[
        *("empty-feed", "empty-page", "gzip-cut", "binary-feed", "binary-page", "large", "large-packed"),
        *("folder", "missing", "scheme"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(
    daily8: Run, tmp_path: Path, command: str, make: Callable[[Path], str], says: str
) -> None:
    done = daily8(command, make(tmp_path))
    assert says in sentence(done)
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (ARTICLE, "This is a web page, not a feed."),
        (OPML[:-30], "The OPML document breaks off before its end; export it again."),
        ("{}", "This is JSON, but not a JSON Feed."),
    ],
    ids=["page", "opml-cut", "json"],
)
def test_what_is_no_feed_is_called_what_it_is(daily8: Run, document: str, says: str) -> None:
    assert sentence(daily8("parse", "-", stdin=document)) == says


def test_addresses_that_are_not_public_are_refused_in_one_sentence(daily8: Run, taken_port: int) -> None:
    places = (f"127.0.0.1:{taken_port}", "10.0.0.1", "router.lan")
    said = {sentence(daily8("parse", f"http://{place}/feed")).partition(": ")[2] for place in places}
    assert said == {"This address does not belong to the public web, so it is not fetched."}


def test_a_host_that_is_not_there(daily8: Run, folder: Path) -> None:
    assert "No site of this name" in sentence(daily8("extract", "https://nowhere.invalid/"))
    assert not (folder / "data").exists()


@pytest.fixture(scope="module")
def web() -> Iterator[ReplayServer]:
    with ReplayServer(corpus_from_rows([row(1)]), public_port=80) as server:
        yield server


def test_addresses_are_read(daily8: Run, folder: Path, web: ReplayServer) -> None:
    publisher = web.publishers[0]
    done = daily8("parse", publisher.feed, DAILY8_EGRESS_HOSTS=web.hosts_map)
    (entry,) = json_of(done.stdout)["entries"]
    page = json_of(daily8("extract", entry["url"], DAILY8_EGRESS_HOSTS=web.hosts_map).stdout)
    assert page["title"] == entry["title"]
    assert "passengers" in page["text"]
    missing = daily8("parse", f"{publisher.home}nowhere", DAILY8_EGRESS_HOSTS=web.hosts_map)
    assert "HTTP 404" in sentence(missing)
    assert not (folder / "data").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["parse"], "Missing argument 'X'; `daily8 parse --help` shows how it is written."),
        (["parse", "--now", "-"], "No such option: --now"),
        (["nothing"], "No such command 'nothing'"),
        (["run", "--port", "70000"], "'--port'"),
        (["sources", "starter", "--country", "XX"], "the nearest is"),
        (["run", "--demo", "--replay", "x"], "exclude each other"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_words_are_refused_in_a_sentence(daily8: Run, words: list[str], says: str) -> None:
    assert says in sentence(daily8(*words))


def test_a_page_is_read_by_the_rules_of_its_site(daily8: Run, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(
        'format = "daily8-site-rules/1"\n[[site]]\ndomain = "harbour.example"\ndrop = ["5. The*"]\n',
        encoding="utf-8",
    )
    given = ("extract", "-", "--rules", str(rules), "--url")
    assert (
        "5. The ferry"
        not in json_of(daily8(*given, "https://www.harbour.example/1", stdin=ARTICLE).stdout)["text"]
    )
    assert "5. The ferry" in json_of(daily8(*given, "https://hill.example/1", stdin=ARTICLE).stdout)["text"]
    assert "--url" in sentence(daily8("extract", "-", "--rules", str(rules), stdin=ARTICLE))
    rules.write_text("no rules", encoding="utf-8")
    assert "TOML" in sentence(daily8(*given, "https://hill.example/1", stdin=ARTICLE))
