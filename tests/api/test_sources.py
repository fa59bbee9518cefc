"""What programs are told of publishers and of the sources that bring their news."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from daily8.api.schemas import PublisherDetail, SourceDetail, SourceList
from daily8.store.models import Article, Fetch, Poll, Publisher, Source
from tests.api.conftest import NOW, SITE, Ask


def test_sources_are_listed_with_when_they_are_asked_next_and_why(site: Article, ask: Ask) -> None:
    Poll.objects.filter(source__publisher__slug="sahifa").update(cause="The site could not be reached.")
    told = ask("/sources").json()
    SourceList.model_validate(told)
    assert told["total"] == 2
    by_title = {source["title"]: source for source in told["sources"]}
    assert by_title["Post"]["next_at"] == "2025-06-01T13:00:00Z"
    assert by_title["Post"]["why"]
    assert by_title["Post"]["articles"] == 11
    assert by_title["Sahifa"]["cause"] == "The site could not be reached."


def test_sources_are_found_by_words_and_paged(site: Article, ask: Ask) -> None:
    assert [source["title"] for source in ask("/sources?words=SAHI").json()["sources"]] == ["Sahifa"]
    first = ask("/sources?limit=1&words=example").json()
    assert first["total"] == 2
    second = ask(first["next"].removeprefix(f"{SITE}/api/v1")).json()
    assert {source["title"] for page in (first, second) for source in page["sources"]} == {"Post", "Sahifa"}
    assert second["next"] is None


def test_a_source_tells_its_last_fetches(site: Article, ask: Ask) -> None:
    source = Source.objects.get(publisher__slug="post")
    told = ask(f"/sources/{source.id.hex}").json()
    SourceDetail.model_validate(told)
    assert told["source"]["href"] == f"{SITE}/api/v1/sources/{source.id.hex}"
    assert told["source"]["page"] == f"{SITE}/source/{source.id.hex}"
    (fetch,) = told["fetches"]
    assert fetch["at"] == "2025-06-01T12:00:00Z"
    assert fetch["status"] == 200
    assert fetch["arrivals"] == 11


def test_a_source_tells_how_its_news_comes(site: Article, ask: Ask) -> None:
    source = Source.objects.get(publisher__slug="post")
    told = ask(f"/sources/{source.id.hex}").json()
    assert [told["source"][name] for name in ("way", "links", "parts", "ailing")] == ["feed", "", 0, False]
    (fetch,) = told["fetches"]
    assert (fetch["via"], fetch["conditional"], fetch["why"]) == ("", False, "")

    Source.objects.filter(id=source.id).update(way="page", pattern={"links": "/news/*"})
    Source.objects.create(
        publisher=source.publisher, parent=source, url="https://post.example/a.xml", key="a", host=source.host
    )
    Poll.objects.filter(source=source).update(
        failures=9, fetched_at=NOW, succeeded_at=NOW - timedelta(days=7), cause="There is nothing there."
    )
    why = {"code": "floor", "seconds": 3600.0}
    Fetch.objects.update(via="pushed", conditional=True, why=why)
    told = ask(f"/sources/{source.id.hex}").json()
    assert [told["source"][name] for name in ("way", "links", "parts", "ailing")] == [
        "page",
        "/news/*",
        1,
        True,
    ]
    (fetch,) = told["fetches"]
    assert (fetch["via"], fetch["conditional"], fetch["next_at"]) == ("pushed", True, "2025-06-01T12:00:00Z")
    assert "every 1 hour" in fetch["why"]


def test_an_unknown_source_is_not_there(site: Article, ask: Ask) -> None:
    answer = ask(f"/sources/{uuid4().hex}")
    assert answer.status_code == 404
    assert answer.json() == {"error": "There is no such source."}


def test_a_publisher_is_given_with_its_sources_and_articles(site: Article, ask: Ask) -> None:
    told = ask("/publishers/post?limit=10").json()
    PublisherDetail.model_validate(told)
    assert told["publisher"]["page"] == f"{SITE}/publisher/post"
    assert [source["title"] for source in told["sources"]] == ["Post"]
    assert len(told["articles"]) == 10
    rest = ask(told["next"].removeprefix(f"{SITE}/api/v1")).json()
    assert [row["title"] for row in rest["articles"]] == ["Article 10"]


def test_a_name_of_another_script_stands_in_addresses(site: Article, ask: Ask) -> None:
    Publisher.objects.filter(slug="sahifa").update(slug="صحيفة")
    href = ask("/articles?language=ar").json()["articles"][0]["publisher"]["href"]
    assert href.isascii()
    assert ask(href.removeprefix(f"{SITE}/api/v1")).json()["publisher"]["slug"] == "صحيفة"


def test_an_unknown_publisher_is_not_there(site: Article, ask: Ask) -> None:
    for name in ("nobody", "%00", "p" * 81, "..", "%2e%2e%2fpost"):
        assert ask(f"/publishers/{name}").status_code == 404
