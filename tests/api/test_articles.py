"""What programs are told of articles."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.utils import override_settings

from daily8.api.schemas import Article as ArticleShape
from daily8.api.schemas import ArticleList
from daily8.store.models import Article, Errand, Reader, Revision, Source, TimedText
from tests.api.conftest import BLOCKS, NOW, SITE, Ask


def test_the_newest_come_first_each_with_its_publisher_and_its_addresses(site: Article, ask: Ask) -> None:
    answer = ask("/articles")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    told = answer.json()
    ArticleList.model_validate(told)
    first = told["articles"][0]
    assert first["id"] == site.id.hex
    assert first["href"] == f"{SITE}/api/v1/articles/{site.id.hex}"
    assert first["page"] == f"{SITE}/article/{site.id.hex}"
    assert first["publisher"]["href"] == f"{SITE}/api/v1/publishers/post"
    assert first["published_at"] == "2025-06-01T12:00:00Z"
    assert first["picture"]["files"][0]["url"].startswith(f"{SITE}/media/")
    assert len(told["articles"]) == 12
    assert told["older"] is told["next"] is None


def test_an_edition_is_asked_for_by_language_and_country(site: Article, ask: Ask) -> None:
    def titles(query: str) -> list[str]:
        return [row["title"] for row in ask(f"/articles?{query}").json()["articles"]]

    assert titles("language=ar") == titles("country=eg") == titles("language=AR&country=EG")
    assert titles("language=ar") == ["الميناء يفتح أبوابه"]
    assert titles("language=ar&country=ie") == []
    assert len(titles("language=en")) == 11


def test_arabic_is_written_as_it_is(site: Article, ask: Ask) -> None:
    assert "الميناء" in ask("/articles?language=ar").content.decode()


def test_a_list_is_followed_to_its_end_by_its_own_addresses(site: Article, ask: Ask) -> None:
    seen: list[str] = []
    following: str | None = f"{SITE}/api/v1/articles?limit=5"
    while following:
        told = ask(following.removeprefix(f"{SITE}/api/v1")).json()
        seen += [row["id"] for row in told["articles"]]
        assert (told["older"] is None) == (told["next"] is None)
        following = told["next"]
    assert len(seen) == len(set(seen)) == 12


def test_an_article_is_given_with_everything(site: Article, ask: Ask) -> None:
    told = ask(f"/articles/{site.id.hex}").json()
    ArticleShape.model_validate(told)
    assert told["url"] == "https://post.example/0"
    assert told["display"] == "full"
    assert told["arrived_at"] == NOW.isoformat().replace("+00:00", "Z")
    assert [block["type"] for block in told["blocks"]] == [block["type"] for block in BLOCKS]
    for block, given in zip(BLOCKS, told["blocks"], strict=True):
        assert given | block == given
    assert list(told["pictures"]) == ["https://post.example/lead.jpg", "https://post.example/inside.jpg"]
    assert told["revision"] == 1
    assert [version["kind"] for version in told["revisions"]] == ["first"]


def test_each_text_that_an_article_had_is_told(site: Article, ask: Ask) -> None:
    values = {"number": 2, "kind": "update", "silent": True, "title": "The harbour closes"}
    later = NOW + timedelta(hours=1)
    Revision.objects.create(article=site, seen_at=later, blocks=BLOCKS, digest="e", recipe="r", **values)
    told = ask(f"/articles/{site.id.hex}").json()
    ArticleShape.model_validate(told)
    assert told["revisions"][0] == {
        **values,
        "seen_at": "2025-06-01T13:00:00Z",
        "updated_at": None,
        "page": f"{SITE}/article/{site.id.hex}/history/2",
    }
    assert [version["number"] for version in told["revisions"]] == [2, 1]


def test_the_cause_of_a_missing_text_is_told(site: Article, ask: Ask) -> None:
    cause = "There is nothing at this address (HTTP 404)."
    Errand.objects.create(
        kind="page", subject=site.id, host="post.example", due_at=NOW, verdict="aside", cause=cause
    )
    assert ask(f"/articles/{site.id.hex}").json()["cause"] == cause


@pytest.mark.parametrize(
    ("rights", "visibility", "anonymous", "reader"),
    [
        ("full", "public", "full", "full"),
        ("unknown", "private", "full", "full"),
        ("unknown", "public", "excerpt", "full"),
        ("excerpt", "private", "excerpt", "excerpt"),
        ("link", "private", "link", "link"),
    ],
)
def test_rights_hold_here_as_on_the_pages(
    site: Article, ask: Ask, rights: str, visibility: str, anonymous: str, reader: str
) -> None:
    Source.objects.update(rights=rights)
    client = Client(headers={"host": "news.example"})
    client.force_login(Reader.objects.create_user("reader@example.org", "a long password"))
    path = f"/articles/{site.id.hex}"
    with override_settings(VISIBILITY=visibility):
        for told, shown in ((ask(path), anonymous), (client.get(f"/api/v1{path}"), reader)):
            value: dict[str, Any] = told.json()
            assert value["display"] == shown
            assert bool(value["blocks"]) == bool(value["pictures"]) == (shown == "full")
            assert bool(value["excerpt"]) == (shown != "link")


@pytest.mark.parametrize(
    "name",
    [
        "8c90c997ac594ba195f429a96468dd0b",
        "0" * 32,
        "A" * 32,
        "zz",
        "0" * 31,
        "%00" * 32,
        "8c90c997-ac59-4ba1-95f4-29a96468dd0b",
    ],
)
def test_what_is_no_article_is_not_there(site: Article, ask: Ask, name: str) -> None:
    answer = ask(f"/articles/{name}")
    assert answer.status_code == 404
    assert list(answer.json()) == ["error"]


def test_an_episode_is_given_with_what_plays_it_and_its_words(site: Article, ask: Ask) -> None:
    sound = "https://post.example/7.mp3"
    Article.objects.filter(id=site.id).update(
        kind="podcast",
        enclosures=[{"url": sound, "type": "audio/mpeg", "length": None, "duration": 90}],
        episode={"season": 2, "number": 7, "people": ["Mara"]},
    )
    chapters = [{"start": 0.0, "title": "In", "url": None}]
    lines = [{"start": 1.5, "speaker": "Mara", "text": "Good morning."}]
    TimedText.objects.create(article=site, kind="chapters", content=chapters)
    TimedText.objects.create(article=site, kind="transcript", url=f"{sound}.vtt", content=lines)
    told = ask(f"/articles/{site.id.hex}").json()
    ArticleShape.model_validate(told)
    assert told["player"] == {
        "form": "audio",
        "url": sound,
        "source": sound,
        "provider": "",
        "type": "audio/mpeg",
        "duration": 90,
    }
    assert told["episode"] == {"season": 2, "number": 7, "people": ["Mara"]}
    assert (told["chapters"], told["transcript"]) == (chapters, lines)
    assert told["transcript_url"] == f"{sound}.vtt"
