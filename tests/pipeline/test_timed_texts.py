"""Chapters and transcripts, from the feed that names them to the page that shows them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from daily8.net.cage import Cage
from daily8.news.types import Chapter, Episode, Line
from daily8.store import articles, hosts
from daily8.store.models import Article, Errand, Source, TimedText
from daily8.store.values import ArticlePage
from tests.pipeline.test_listing import later, subscribe
from tests.sites import NOW, XML, Sites, open_sites

pytestmark = pytest.mark.django_db(transaction=True)

HOST = "www.radio.example/"
FEED = f"http://{HOST}feed.xml"
VTT = (
    "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Mara>Good <b>morning</b>.\n\n00:09.000 --> 00:10.000\n<v Bo>Yes.\n"
)
CHAPTERS = json.dumps(
    {"version": "1.2.0", "chapters": [{"startTime": 9, "title": "Bo"}, {"startTime": 0, "title": "In"}]}
)
SPACES = (
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:psc="http://podlove.org/simple-chapters" '
    'xmlns:podcast="https://podcastindex.org/namespace/1.0"'
)
FILES = (
    '<podcast:chapters url="/7.json" type="application/json+chapters"/>'
    '<podcast:transcript url="http://files.cdn.example/7.vtt" type="text/vtt"/>'
)


def feed(inner: str = FILES, *, days: int = 1) -> str:
    """Write a feed of one episode."""
    date = (NOW - timedelta(days=days)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    return (
        f"<rss version='2.0' {SPACES}><channel><title>Radio</title><item><guid>7</guid>"
        "<title>The crane falls</title>"
        f"<pubDate>{date}</pubDate><itunes:episode>7</itunes:episode><podcast:person>Mara</podcast:person>"
        f'<enclosure url="https://files.cdn.example/7.mp3" type="audio/mpeg" length="9"/>{inner}'
        "</item></channel></rss>"
    )


@pytest.fixture
def sites(transactional_db: None, cage: Cage) -> Iterator[Sites]:
    """A programme whose feed names chapters and a transcript."""
    with open_sites(cage) as found:
        found.put(f"{HOST}feed.xml", feed(), XML)
        found.put(f"{HOST}7.json", CHAPTERS, "application/json")
        found.put("files.cdn.example/7.vtt", VTT, "text/vtt")
        yield found


def shown(*, rights: str = "full") -> ArticlePage:
    Source.objects.update(rights=rights)
    page = articles.page(Article.objects.get().id, signed_in=False, visibility="private")
    assert page is not None
    return page


def test_files_are_read_and_shown(sites: Sites) -> None:
    subscribe(sites, FEED)
    sites.drain()
    sites.drain()
    page = shown()
    assert page.timed.chapters == (Chapter(0, "In"), Chapter(9, "Bo"))
    assert page.timed.transcript == (Line("Good morning.", 1, "Mara"), Line("Yes.", 9, "Bo"))
    assert page.episode == Episode(None, 7, ("Mara",))
    assert page.player is not None
    assert page.player.source == "https://files.cdn.example/7.mp3"
    assert set(Errand.objects.filter(kind="timed").values_list("verdict", flat=True)) == {"done"}
    assert len(sites.asked("files.cdn.example/7.vtt")) == 1
    assert not sites.asked("files.cdn.example/7.mp3"), "sounds are fetched by nobody here"


def test_words_of_the_publisher_are_shown_as_its_text_is(sites: Sites) -> None:
    subscribe(sites, FEED)
    sites.drain()
    sites.drain()
    excerpt = shown(rights="excerpt")
    assert (excerpt.timed.transcript, excerpt.timed.chapters) == ((), ())
    assert excerpt.player is not None
    assert shown(rights="link").player is None


def test_who_may_be_linked_to_only_is_asked_for_no_words(sites: Sites) -> None:
    subscribe(sites, FEED, rights="link")
    sites.drain()
    assert not TimedText.objects.exists()
    assert not sites.asked("files.cdn.example/7.vtt")


def test_files_of_old_episodes_are_linked_to_but_not_read(sites: Sites) -> None:
    sites.put(f"{HOST}feed.xml", feed(days=31), XML)
    subscribe(sites, FEED)
    sites.drain()
    sites.drain()
    page = shown()
    assert page.timed.transcript_url == "http://files.cdn.example/7.vtt"
    assert page.timed.transcript == ()
    assert not sites.asked("files.cdn.example/7.vtt")


def test_chapters_in_the_feed_need_no_file(sites: Sites) -> None:
    inner = '<psc:chapters><psc:chapter start="0:05" title="Sea"/></psc:chapters>'
    sites.put(f"{HOST}feed.xml", feed(FILES + inner), XML)
    subscribe(sites, FEED)
    sites.drain()
    sites.drain()
    assert shown().timed.chapters == (Chapter(5, "Sea"),)
    assert not sites.asked(f"{HOST}7.json")


def test_a_transcript_that_comes_later_is_read_then(sites: Sites) -> None:
    sites.put(f"{HOST}feed.xml", feed(""), XML)
    subscribe(sites, FEED)
    sites.drain()
    assert shown().timed.transcript == ()
    sites.put(f"{HOST}feed.xml", feed(), XML)
    later(sites)
    sites.drain()
    assert shown().timed.transcript[0].text == "Good morning."
    sites.put("files.cdn.example/7b.vtt", VTT.replace("Good", "Better"), "text/vtt")
    sites.put(f"{HOST}feed.xml", feed(FILES.replace("7.vtt", "7b.vtt")), XML)
    later(sites)
    sites.drain()
    assert shown().timed.transcript[0].text == "Better morning."


@pytest.mark.parametrize(
    ("body", "cause"),
    [("WEBVTT\n", "holds no text"), ("x" * 3_000_001, "larger than 3 MB")],
    ids=["empty", "too large"],
)
def test_what_is_no_transcript_is_set_aside(sites: Sites, body: str, cause: str) -> None:
    sites.put("files.cdn.example/7.vtt", body, "text/vtt")
    subscribe(sites, FEED)
    sites.drain()
    sites.drain()
    errand = Errand.objects.get(kind="timed", host="cdn.example")
    assert errand.verdict == "aside"
    assert cause in errand.cause
    assert shown().timed.transcript == ()


def test_what_is_missing_is_asked_for_no_more(sites: Sites) -> None:
    del sites.pages[f"{HOST}7.json"]
    subscribe(sites, FEED)
    sites.drain()
    sites.drain()
    assert Errand.objects.get(kind="timed", host="radio.example").verdict == "aside"
    assert len(sites.asked(f"{HOST}7.json")) == 1


def test_what_was_read_stays_until_the_file_at_another_address_was_read(sites: Sites) -> None:
    subscribe(sites, FEED)
    sites.drain()
    sites.drain()
    sites.put(f"{HOST}feed.xml", feed(FILES.replace("7.vtt", "gone.vtt")), XML)
    later(sites)
    assert TimedText.objects.get(kind="transcript").url.endswith("gone.vtt")
    assert shown().timed.transcript[0].text == "Good morning."
    assert Errand.objects.get(kind="timed", host="cdn.example").verdict == "aside"


def test_what_was_read_of_an_old_episode_stays_when_its_file_moves(sites: Sites) -> None:
    subscribe(sites, FEED)
    sites.drain()
    sites.drain()
    sites.put(f"{HOST}feed.xml", feed(FILES.replace("7.vtt", "moved.vtt"), days=31), XML)
    Article.objects.update(published_at=NOW - timedelta(days=31))
    later(sites)
    assert TimedText.objects.get(kind="transcript").url.endswith("moved.vtt")
    assert shown().timed.transcript[0].text == "Good morning."


def test_a_file_that_we_failed_to_read_is_tried_again(sites: Sites) -> None:
    subscribe(sites, FEED)
    sites.drain()
    sites.drain()
    Errand.objects.filter(kind="timed").update(verdict=None)
    hosts.tell({"cdn.example": NOW})
    with Cage(workers=1) as closed:
        pass
    sites.cage = closed
    sites.drain()
    errand = Errand.objects.get(kind="timed", host="cdn.example")
    assert (errand.verdict, errand.tries) == (None, 1)
    assert errand.cause.endswith("because the cage is closed.")
    assert errand.due_at > NOW
