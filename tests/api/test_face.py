"""How the interface behaves whatever is asked: errors, validators, cookies, cost, its own description."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daily8.store.models import Article, Source
from tests.api.conftest import SITE, Ask

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=101",
        "limit=many",
        "limit=1e3",
        "limit=",
        "older=",
        "older=x",
        "older=1",
        "older=99999999999999999999-00000000000000000000000000000000",
        "older=1-0000000000000000000000000000000g",
        "older=%00",
        "language=arabic",
        "language=%D8%B9%D8%B1",
        "language=ar%00",
        "language=ar%0A",
        "language=..",
        "country=EGY",
        "country=%27%3B",
    ],
)
def test_a_parameter_that_cannot_be_used_is_refused_in_a_sentence(
    site: Article, ask: Ask, query: str
) -> None:
    answer = ask(f"/articles?{query}")
    assert answer.status_code == 400
    told = answer.json()
    assert list(told) == ["error"]
    assert told["error"].endswith(".")


@pytest.mark.parametrize("words", ["%00", "a" * 101, "%25", "_", "%5C", "%27+OR+1=1", "%ED%A0%80", "+"])
def test_words_of_every_kind_are_only_words(site: Article, ask: Ask, words: str) -> None:
    answer = ask(f"/sources?words={words}")
    assert answer.status_code in {200, 400}
    if answer.status_code == 200 and words != "+":
        assert answer.json()["total"] == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    path=st.sampled_from(["/articles", "/sources", "/publishers/post", "/articles/", "/publishers/", "/"]),
    more=st.text(max_size=20),
    query=st.dictionaries(
        st.sampled_from(["language", "country", "older", "limit", "words", "x"]), st.text(max_size=40)
    ),
)
def test_nothing_that_is_asked_makes_the_interface_fail(
    ask: Ask, path: str, more: str, query: dict[str, str]
) -> None:
    def plain(text: str) -> str:
        return quote(text.encode("utf-8", "replace"), safe="")

    asked = "&".join(f"{name}={plain(value)}" for name, value in query.items())
    answer = ask(f"{path}{plain(more)}?{asked}")
    assert answer.status_code in {200, 400, 404}
    assert answer.headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("path", ["", "/", "/docs", "/nothing", "/articles/", "/articles/x/y", "/editions"])
def test_an_address_that_is_not_there_says_what_is(ask: Ask, path: str) -> None:
    answer = ask(path or "/")
    assert answer.status_code == 404
    assert answer.json().keys() == {"error"}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/articles", "/openapi.json", "/nothing"])
def test_nothing_can_be_written(method: str, path: str) -> None:
    client = Client(headers={"host": "news.example"}, enforce_csrf_checks=True)
    answer = client.generic(method, f"/api/v1{path}", data=b"x=1", content_type="text/plain")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert answer.json() == {"error": "This interface is read only: use GET or HEAD."}


def test_head_is_answered_as_get_is(site: Article, ask: Ask) -> None:
    got, headed = ask("/articles"), ask("/articles", method="HEAD")
    assert headed.status_code == 200
    assert headed.headers["ETag"] == got.headers["ETag"]
    assert not headed.content


def test_an_answer_that_did_not_change_is_not_sent_again(site: Article, ask: Ask) -> None:
    etag = ask("/articles").headers["ETag"]
    again = ask("/articles", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    Article.objects.filter(id=site.id).update(title="The harbour is shut")
    assert ask("/articles", headers={"if-none-match": etag}).status_code == 200


def test_strangers_get_no_cookie_and_answers_that_may_be_shared(site: Article, ask: Ask) -> None:
    for path in (
        "/articles",
        f"/articles/{site.id.hex}",
        "/sources",
        "/publishers/post",
        "/openapi.json",
        "/",
    ):
        answer = ask(path)
        assert not answer.cookies
        assert answer.headers["Cache-Control"] == "public, no-cache"
        assert "Cookie" in answer.headers["Vary"]


def test_what_a_reader_gets_is_their_own(site: Article, django_user_model: Any) -> None:
    client = Client(headers={"host": "news.example"})
    client.force_login(django_user_model.objects.create_user("reader@example.org", "a long password"))
    answer = client.get(f"/api/v1/articles/{site.id.hex}")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert not answer.cookies


def test_addresses_stand_on_the_setting_whatever_the_request_calls_its_host(site: Article) -> None:
    told = Client(headers={"host": "news.example:8443"}).get("/api/v1/articles?limit=1").json()
    assert told["next"].startswith(f"{SITE}/api/v1/")


def test_an_error_of_ours_is_told_and_logged(
    site: Article, ask: Ask, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE store_article RENAME TO elsewhere")
        answer = ask("/articles")
        transaction.set_rollback(True)
    assert answer.status_code == 500
    assert answer.json()["error"].startswith("Daily8 failed")
    assert "store_article" not in answer.content.decode()
    printed = capsys.readouterr()
    assert "store_article" in printed.out + printed.err + caplog.text


Budget = Callable[[int], AbstractContextManager[Any]]


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/articles", 4),
        ("/articles?language=en&country=ie&limit=3", 4),
        ("/articles/{article}", 12),
        ("/publishers/post", 5),
        ("/sources", 3),
        ("/sources/{source}", 5),
        ("/openapi.json", 0),
    ],
)
def test_an_answer_costs_few_queries(
    site: Article, ask: Ask, django_assert_max_num_queries: Budget, path: str, most: int
) -> None:
    source = Source.objects.get(publisher__slug="post")
    with django_assert_max_num_queries(most):
        assert ask(path.format(article=site.id.hex, source=source.id.hex)).status_code == 200


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(reference := value.get("$ref"), str):
            yield reference
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def test_the_description_is_whole_and_names_every_resource(ask: Ask) -> None:
    told = ask("/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    assert told["servers"] == [{"url": told["servers"][0]["url"]}]
    assert set(told["paths"]) == {
        "/api/v1/articles",
        "/api/v1/articles/{article}",
        "/api/v1/publishers/{slug}",
        "/api/v1/sources",
        "/api/v1/sources/{source}",
        "/api/v1/stories",
        "/api/v1/stories/{story}",
    }
    operations = [method for path in told["paths"].values() for method in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations) == 7
    for operation in operations:
        assert operation["summary"]
        assert operation["description"]
        for parameter in operation["parameters"]:
            assert parameter["description"]
    known = {f"#/components/schemas/{name}" for name in told["components"]["schemas"]}
    assert set(_references(told)) <= known


def test_parameters_are_described_with_their_limits(ask: Ask) -> None:
    told = ask("/openapi.json").json()["paths"]["/api/v1/articles"]["get"]["parameters"]
    limit = next(parameter["schema"] for parameter in told if parameter["name"] == "limit")
    assert (limit["minimum"], limit["maximum"], limit["default"]) == (1, 100, 24)
