"""All that a server can do wrong, through the whole line: what is stored and said, when it is asked next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import chain

import pytest

from daily8.news.schedule import Manners
from daily8.store.models import Article, Errand, Host, Poll, Source
from tests.faults import tls
from tests.faults.answers import feed
from tests.faults.ends import BEFORE, BLOCKED, DEADLINE, ENDS, FINE, KEPT, NO_NAME, TLS, End
from tests.faults.server import ANSWERS, BEHAVIOURS, XML, FaultServer, Request, answer, says, serving
from tests.pipeline.conftest import NOW, Line, at

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
Beside = Callable[[FaultServer], Line]


def as_it_is(there: Line) -> dict[str, End]:
    """Tell of every source what a table of ends tells, by its address."""
    titles: dict[str, list[str]] = {}
    for url, title in Article.objects.order_by("id").values_list("source__url", "title"):
        titles.setdefault(url, []).append(title)
    found = {}
    for poll in Poll.objects.select_related("source"):
        assert poll.source.state == Source.State.ACTIVE
        assert poll.failures == bool(poll.cause), poll.source.url
        assert poll.next_at is not None
        assert poll.why is not None
        found[poll.source.url] = End(
            poll.status,
            poll.why["code"],
            (poll.next_at - there.moment) / HOUR,
            poll.cause,
            (poll.etag, poll.last_modified),
            tuple(titles.get(poll.source.url, ())),
        )
    return found


def ours(there: Line, deadline: float = DEADLINE) -> Line:
    """Let a line live at the world's pace, with a deadline that a test can wait for."""
    there.speed, there.manners = 1.0, Manners(deadline=deadline, spacing=0.0)
    return there


def test_every_behaviour_has_its_end() -> None:
    told = [*chain.from_iterable(ENDS.values())]
    assert sorted(told) == sorted(BEHAVIOURS | ANSWERS)
    assert len(told) > 150


@pytest.mark.parametrize("theme", ENDS)
def test_a_behaviour_has_the_end_that_is_told(theme: str, beside: Beside) -> None:
    expected = ENDS[theme]
    with serving() as server:
        server.first = BEFORE
        there = ours(beside(server))
        there.subscribe(map(at, expected))
        there.drain()
        well = End(200, "floor", 1.0)
        assert as_it_is(there) == dict.fromkeys(map(at, expected), well)

        there.moment = NOW + HOUR
        there.drain()
        found = as_it_is(there)
        asked = {request.path.partition("?")[0].lstrip("/") for request in server.requests}
    assert {name: found[at(name)] for name in expected} == expected
    assert not Host.objects.exclude(claim_token=None).exists()
    assert not Errand.objects.filter(verdict=None, due_at__lte=there.moment).exists()
    assert "latest/meta-data/" not in asked
    for request in server.requests:
        assert not any(
            name.lower() in {"cookie", "referer", "x-injected", "x-evil"} for name, _ in request.headers
        )


def test_validators_are_sent_back_as_they_came(beside: Beside) -> None:
    names = ENDS["validators"]
    with serving() as server:
        server.first = BEFORE
        there = ours(beside(server))
        there.subscribe(map(at, names))
        for hours in (0, 1, 3):
            there.moment = NOW + hours * HOUR
            there.drain()
    for name, end in names.items():
        first, second, third = [r for r in server.requests if r.path == f"/{name}"]
        etag, modified = end.validators
        conditions = [
            (r.header("If-None-Match"), r.header("If-Modified-Since")) for r in (first, second, third)
        ]
        before = (KEPT[0].encode(), KEPT[1].encode())
        after = (etag.encode() if etag else None, modified.encode() if modified else None)
        assert conditions == [(None, None), before, after], name


def test_a_first_fetch_that_fails_leaves_nothing_to_send_back(beside: Beside) -> None:
    names = ["status-304", "304-of-another", "web-page", "error-as-a-feed", "status-206"]
    with serving() as server:
        there = ours(beside(server))
        there.subscribe(map(at, names))
        there.drain()
        there.moment = NOW + HOUR
        there.drain()
    assert len(server.requests) == 2 * len(names)
    assert all(request.header("If-None-Match") is None for request in server.requests)
    assert set(Poll.objects.values_list("failures", "etag", "last_modified")) == {(2, None, None)}
    assert set(Source.objects.values_list("state", flat=True)) == {Source.State.UNVERIFIED}
    assert Poll.objects.get(source__url=at("status-304")).cause == (
        "The publisher's server answered without the document (HTTP 304)."
    )


def test_a_name_that_comes_and_goes(beside: Beside) -> None:
    answers: list[Sequence[str] | None] = [["127.0.0.1"], None, ["127.0.0.1"], None]

    async def lookup(host: str) -> Sequence[str]:
        found = answers.pop(0)
        if found is None:
            raise OSError("no such name")
        return found

    with serving() as server:
        there = ours(beside(server))
        # A place that the operator has opened: the door asks the name service for it each time.
        there.private, there.door = frozenset({("flap.test", server.port)}), {"lookup": lookup}
        url = f"http://flap.test:{server.port}/etag-weak"
        there.subscribe([url])
        ends = []
        for hours in (0, 1, 2, 3.5):
            there.moment = NOW + hours * HOUR
            there.drain()
            ends.append(as_it_is(there)[url])
    kept = ('W/"é, ü"', None)
    assert [(end.cause, end.validators, end.titles) for end in ends] == [
        ("", kept, ("Before",)),
        (NO_NAME.cause, kept, ("Before",)),
        ("", kept, ("Before",)),
        (NO_NAME.cause, kept, ("Before",)),
    ]


def test_a_name_that_turns_inward_is_not_followed(beside: Beside) -> None:
    answers = [["127.0.0.1"], ["10.0.0.1", "::1"], ["::ffff:127.0.0.1"]]

    async def lookup(host: str) -> Sequence[str]:
        return answers[0]

    with serving() as server:
        there = ours(beside(server))
        there.door = {"lookup": lookup}
        there.subscribe(["http://turns.example/fine"])
        for day in range(3):
            there.moment = NOW + timedelta(days=day)
            there.drain()
            poll = Poll.objects.get()
            assert (poll.cause, poll.failures) == (BLOCKED.cause, day + 1)
            answers.append(answers.pop(0))
        assert server.connections == 0


def test_certificates_that_are_not_in_order(beside: Beside) -> None:
    names = {"tls-fine": FINE, "tls-expired": TLS, "tls-of-another": TLS, "tls-self-signed": TLS}
    with serving(FaultServer(tls=True)) as server:
        there = ours(beside(server))
        there.door = {"tls": tls.client_context()}
        urls = {f"https://{name}.bad.test/fine": end for name, end in names.items()}
        there.subscribe(urls)
        there.drain()
        found = dict(Poll.objects.values_list("source__url", "cause"))
        assert [request.path for request in server.requests] == ["/fine"]
    assert found == {url: end.cause for url, end in urls.items()}


def test_plain_words_where_tls_is_expected_and_the_other_way_round(beside: Beside) -> None:
    with serving() as server, serving(FaultServer(tls=True)) as secure:
        there = ours(beside(server))
        there.egress = {
            "plain.bad.test": ("127.0.0.1", server.port),
            "secure.bad.test": ("127.0.0.1", secure.port),
        }
        there.subscribe(["https://plain.bad.test/fine", "http://secure.bad.test/fine"])
        there.drain()
        causes = dict(Poll.objects.values_list("source__url", "cause"))
    assert causes["https://plain.bad.test/fine"] == TLS.cause
    assert (
        causes["http://secure.bad.test/fine"]
        == "The site broke off before its answer was complete; try again later."
    )
    assert server.requests == secure.requests == []


def test_an_answer_that_nobody_asked_for_is_nobodys(beside: Beside) -> None:
    with serving(other=says(answer(200, feed("Mine").encode(), XML))) as server:
        there = ours(beside(server))
        there.subscribe(["http://pair.bad.test/answers-twice", "http://pair.bad.test/other"])
        there.drain()
        assert len(server.requests) == 2
    assert set(Poll.objects.values_list("cause", flat=True)) == {""}
    assert list(Article.objects.values_list("title", flat=True)) == ["Mine"]


# Of the 480 requests that 20 sources would make in a day: five each while their errors are answered; three in
# all, then one at a time, once a host as a whole asks for less or says nothing.
STORMS = {
    "throttles-without-a-word": 10,
    "throttles": 10,
    "is-busy": 10,
    "hangs": 10,
    "resets-at-once": 100,
    "server-error": 100,
}


@pytest.mark.parametrize("name", STORMS)
def test_a_host_that_fails_all_is_asked_less_and_less(name: str, beside: Beside) -> None:
    paths = [f"feed-{number}" for number in range(20)]
    with serving(**dict.fromkeys(paths, (BEHAVIOURS | ANSWERS)[name])) as server:
        there = ours(beside(server), deadline=0.5)
        there.subscribe(f"http://storm.bad.test/{path}" for path in paths)
        while (due := Host.objects.get().next_at) is not None and due < NOW + timedelta(days=1):
            there.moment = max(due, there.moment)
            there.drain()
        asked = [request.path for request in server.requests]
    assert 3 <= len(asked) <= STORMS[name]
    assert max(map(asked.count, asked)) <= 6
    assert not Poll.objects.filter(cause="").exclude(fetched_at=None).exists()


def test_a_host_that_takes_long_holds_nobody_up(beside: Beside) -> None:
    others = [f"well-{number}" for number in range(30)]

    async def waits_for_all_others(request: Request, writer: asyncio.StreamWriter) -> None:
        while len(server.requests) <= len(others):
            await asyncio.sleep(0.01)
        writer.write(answer(200, feed("Late").encode(), XML))
        await writer.drain()

    well = dict.fromkeys(others, says(answer(200, feed("News").encode(), XML)))
    with serving(late=waits_for_all_others, **well) as server:
        there = ours(beside(server), deadline=20.0)
        there.subscribe([at("late"), *map(at, others)])
        there.drain()
    assert set(Poll.objects.values_list("cause", flat=True)) == {""}
    assert Article.objects.filter(title="News").count() == len(others)
    assert Article.objects.filter(title="Late").exists()
