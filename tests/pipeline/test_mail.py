"""Newsletters through the whole line: from a true IMAP server to the page of an article."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from daily8.net.cage import Cage
from daily8.net.mailbox import PASSED, MailboxAddress, parse_mailboxes
from daily8.net.mailbox import TRIES as TRIES_AT_ONE
from daily8.net.trusted import Trusted
from daily8.pipeline import mail
from daily8.pipeline.mail import Post
from daily8.pipeline.pages import TRIES
from daily8.pipeline.threads import StoreThreads
from daily8.store import mailboxes
from daily8.store.models import Article, Delivery, Errand, Fetch, Mailbox, Picture, Poll, Source
from tests.imap import PASSWORD, USER, Folder, ImapServer
from tests.news.test_newsletters import ARABIC, ME
from tests.news.test_newsletters import mail as written
from tests.pipeline.conftest import Line, row

pytestmark = pytest.mark.django_db(transaction=True)

SITE = "harbour-post.replay.test"
HTML = f"""<p><a href="http://{SITE}/letters/12?email={ME}">View in your browser</a></p>
<p>Dear Samir,</p><h1>The ferry comes back</h1><p>After two winters the ferry sails again, {ME}.</p>
<img src="http://{SITE}/img/ferry-1.jpg" width="600" height="300" alt="The ferry">
<img src="http://{SITE}/img/open.gif" width="1" height="1">
<img src="http://{SITE}/img/x.jpg?r={ME}" width="600">
<p>You are receiving this because {ME} signed up. <a href="http://{SITE}/leave?{ME}">Unsubscribe</a></p>"""


def letter(number: int = 12, html: str = HTML, **headers: str) -> bytes:
    return written(
        html,
        None,
        **{"From": f"Harbour Post <letters@{SITE}>", "Message_ID": f"<{number}@{SITE}>", **headers},
    )


def box(server: ImapServer, password: str = PASSWORD) -> MailboxAddress:
    (found,) = parse_mailboxes(f"imap+plain://{USER}@127.0.0.1:{server.port}", password)
    return found


def visit(line: Line, *boxes: MailboxAddress, **options: Any) -> int:
    """Visit mailboxes."""
    return send(line, Post(boxes, lambda url: Trusted(url, deadline=5.0), **options))


def send(line: Line, post: Post) -> int:
    """Visit the mailboxes of a post that are due."""

    async def run() -> int:
        store = StoreThreads(1)
        try:
            async with line.world() as world:
                return await mail.drain(world, store, post)
        finally:
            store.close()

    return asyncio.run(run())


@pytest.fixture
def quiet(line: Callable[..., Line]) -> Iterator[Line]:
    """A line with a publisher that nobody has subscribed to."""
    yield line([row(1)])
    connections.close_all()


def test_a_newsletter_becomes_an_article_once_it_is_confirmed(quiet: Line, settings: Any) -> None:
    folder = Folder()
    folder.bring(
        letter(),
        letter(
            13,
            ARABIC,
            From="ميناء <news@mina.example>",
            List_Id="<nashra.mina.example>",
            Subject="عادت العبّارة",
        ),
        written(List_Id="", List_Unsubscribe="", Subject="Dinner on Friday?", From="lina@friends.example"),
        written(From="MAILER-DAEMON@harbour.example", Subject="Undelivered"),
    )
    with ImapServer(folder) as server:
        assert visit(quiet, box(server)) == 2
        assert visit(quiet, box(server)) == 0  # it is not due
    quiet.drain()
    assert Article.objects.count() == 0
    waiting = mailboxes.overview().waiting
    assert {(found.title, found.domain) for found in waiting} == {
        ("Harbour Weekly", SITE),
        ("ميناء", "mina.example"),
    }
    assert not any(
        b"Dinner" in bytes(found.body) or b"Undelivered" in bytes(found.body)
        for found in Delivery.objects.all()
    )
    for found in waiting:
        mailboxes.confirm(found.id, quiet.moment)
    quiet.drain()
    english, arabic = Article.objects.order_by("source__title")
    assert (english.title, english.language, english.url) == (
        "The ferry comes back",
        "en",
        f"http://{SITE}/letters/12",
    )
    assert (arabic.title, arabic.language) == ("عادت العبّارة", "ar")
    assert english.excerpt.startswith("The ferry comes back After two winters")
    assert not Errand.objects.filter(kind="page").exists()
    assert not Delivery.objects.exists()
    assert set(Source.objects.values_list("state", "format")) == {("active", "mail")}
    assert set(Fetch.objects.values_list("via", "cause", "next_at")) == {("mailed", "", None)}
    assert set(Poll.objects.values_list("next_at", flat=True)) == {None}
    assert list(Picture.objects.values_list("url", flat=True)) == [f"http://{SITE}/img/ferry-1.jpg"]
    settings.ALLOWED_HOSTS = ["testserver"]
    for article, word in ((english, "After two winters"), (arabic, "بعد شتاءين")):
        for path in (
            f"/article/{article.id.hex}",
            f"/ar/article/{article.id.hex}",
            f"/source/{article.source_id.hex}",
            "/",
        ):
            page = Client().get(path, follow=True)
            text = page.content.decode()
            assert page.status_code == 200
            assert "samir" not in text.lower()
            assert USER not in text
            assert word in text or "article" not in path
    assert 'dir="rtl"' in Client().get(f"/article/{arabic.id.hex}", follow=True).content.decode()


def test_nothing_arrives_twice_when_the_server_counts_anew(quiet: Line) -> None:
    folder = Folder()
    folder.bring(letter(1), letter(2, Subject="Two"))
    with ImapServer(folder) as server:
        visit(quiet, box(server), trusting=True)
        quiet.drain()
        folder.uidvalidity = 99
        folder.mails = {40 + number: raw for number, raw in folder.mails.items()}
        folder.bring(letter(3, "<p>The third.</p>", Subject="Three"))
        quiet.moment += timedelta(hours=1)
        assert visit(quiet, box(server), trusting=True) == 1
        quiet.drain()
        assert folder.flagged == []
    assert (Mailbox.objects.get().uidvalidity, Mailbox.objects.get().uid) == (99, 43)
    assert Fetch.objects.count() == 3


def test_what_the_publishers_feed_lists_too_is_one_article(quiet: Line) -> None:
    quiet.subscribe()
    quiet.drain()
    before = Article.objects.get()
    folder = Folder()
    folder.bring(
        letter(1, f"<p><a href='{before.url}?utm_source=mail'>View in browser</a></p><p>The ferry.</p>")
    )
    with ImapServer(folder) as server:
        visit(quiet, box(server), trusting=True)
    quiet.drain()
    assert Article.objects.get().id == before.id
    assert before.entries.count() == 2


def test_failures_are_spaced_further_and_further(quiet: Line) -> None:
    with ImapServer() as server:
        address = box(server)
    waits = []
    for _ in range(10):
        visit(quiet, address)
        found = Mailbox.objects.get()
        assert found.next_at is not None
        waits.append((found.next_at - quiet.moment).total_seconds() / 60)
        quiet.moment = found.next_at
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]
    assert found.cause.endswith("cannot be reached; see whether it runs.")


def test_a_refused_password_is_not_tried_soon_and_stands_nowhere(
    quiet: Line, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with ImapServer() as server:
        visit(quiet, box(server, "canary-4711"))
    found = Mailbox.objects.get()
    assert found.next_at == quiet.moment + timedelta(hours=4)
    assert found.cause == "The mail server 127.0.0.1 refused the user or the password."
    printed = capfd.readouterr()
    said = printed.out + printed.err + caplog.text
    assert "mail.failed" in said
    assert "canary" not in said + found.cause + repr(box(server, "canary-4711"))


def test_what_stands_over_is_fetched_soon(quiet: Line) -> None:
    folder = Folder()
    folder.bring(letter(0))
    with ImapServer(folder) as server:
        visit(quiet, box(server), trusting=True)
        folder.bring(*(letter(number, f"<p>Number {number}.</p>") for number in range(1, 60)))
        quiet.moment += timedelta(hours=1)
        assert visit(quiet, box(server), trusting=True) == 50
        assert Mailbox.objects.get().next_at == quiet.moment + timedelta(minutes=1)
        quiet.moment += timedelta(minutes=1)
        assert visit(quiet, box(server), trusting=True) == 9


def test_what_came_before_a_break_is_kept(quiet: Line) -> None:
    folder = Folder()
    folder.bring(*(letter(number) for number in range(3)))
    with ImapServer(folder, wrong="breaks") as server:
        assert visit(quiet, box(server), trusting=True) == 1
        found = Mailbox.objects.get()
        assert (found.uid, found.failures) == (1, 1)
        assert "broke off" in found.cause
        server.wrong = ""
        quiet.moment += timedelta(hours=1)
        assert visit(quiet, box(server), trusting=True) == 2
    assert Mailbox.objects.get().failures == 0


def test_hostile_mail_stands_in_nobodys_way(quiet: Line) -> None:
    folder = Folder()
    folder.bring(
        letter(1, "<div>" * 100_000),
        letter(2, "<p>" + "<!--" * 50_000),
        b"\xff" * 5000,
        letter(3, "<p>Still here.</p>"),
        letter(4, "<img src='cid:nothing'>"),
    )
    with ImapServer(folder) as server:
        visit(quiet, box(server), trusting=True)
    quiet.drain()
    assert "<p>Still here.</p>" in set(Article.objects.values_list("content", flat=True))
    assert not Errand.objects.filter(kind="delivery", verdict=None).exists()
    causes = set(Fetch.objects.exclude(cause="").values_list("cause", flat=True))
    assert "There is nothing to read in this mail." in causes


def test_only_whom_the_mail_server_vouches_for_is_read(quiet: Line) -> None:
    folder = Folder()
    good = f"mx.reader.example; dmarc=pass header.from={SITE}"
    folder.bring(letter(1), letter(2, Authentication_Results=good))
    with ImapServer(folder) as server:
        assert visit(quiet, box(server), trusting=True, vouched_by="mx.reader.example") == 1


def test_publishers_on_one_platform_are_told_apart(quiet: Line) -> None:
    folder = Folder()
    for name in ("one", "two"):
        folder.bring(letter(1, From=f"{name} <{name}@substack.com>", List_Id=f"<{name}.substack.com>"))
    with ImapServer(folder) as server:
        visit(quiet, box(server), trusting=True)
    assert set(Source.objects.values_list("publisher__name", "publisher__domain")) == {
        ("one", "substack.com/one@substack.com/one.substack.com"),
        ("two", "substack.com/two@substack.com/two.substack.com"),
    }


def test_mailboxes_do_not_wait_for_each_other(quiet: Line) -> None:
    folder = Folder()
    folder.bring(letter(1))
    with ImapServer(folder) as server, ImapServer(wrong="babbles") as broken:
        assert visit(quiet, box(broken), box(server), trusting=True) == 1
        twice = replace(box(server), folder="نشرات")
        assert visit(quiet, twice, trusting=True) == 0  # the same mail in another folder


def without_parsers(line: Line) -> Line:
    """Give a line that has no parser left, as when a worker is being stopped."""
    busy = copy(line)
    with Cage(workers=1) as busy.cage:
        pass
    return busy


def test_a_document_that_was_sent_is_read_again_when_the_parser_had_no_time(quiet: Line) -> None:
    folder = Folder()
    folder.bring(letter())
    with ImapServer(folder) as server:
        visit(quiet, box(server), trusting=True)
    without_parsers(quiet).drain()
    errand = Errand.objects.get(kind="delivery")
    assert (errand.verdict, errand.tries) == (None, 1)
    assert "is closed" in errand.cause
    quiet.moment = errand.due_at
    quiet.drain()
    assert Article.objects.count() == 1
    assert not Delivery.objects.exists()


def test_a_mail_waits_for_a_parser_that_has_no_time(quiet: Line) -> None:
    folder = Folder()
    folder.bring(letter())
    with ImapServer(folder) as server:
        assert visit(without_parsers(quiet), box(server), trusting=True) == 0
        found = Mailbox.objects.get()
        assert (found.uid, found.cause, found.failures, found.stuck) == (0, mail.BUSY, 1, 1)
        quiet.moment += timedelta(hours=1)
        assert visit(quiet, box(server), trusting=True) == 1
    assert (Mailbox.objects.get().cause, Mailbox.objects.get().stuck) == ("", 0)


def test_a_mail_that_no_parser_survives_stands_in_nobodys_way(quiet: Line) -> None:
    folder = Folder()
    folder.bring(letter(1))
    with ImapServer(folder) as server:
        Mailbox.objects.create(name=box(server).name, stuck=TRIES_AT_ONE - 1)
        assert visit(without_parsers(quiet), box(server), trusting=True) == 0
        assert (Mailbox.objects.get().uid, Mailbox.objects.get().cause) == (1, PASSED)
        folder.bring(letter(2))
        quiet.moment += timedelta(hours=1)
        assert visit(quiet, box(server), trusting=True) == 1


def test_the_owner_is_not_named_though_no_header_names_them(quiet: Line) -> None:
    folder = Folder()
    folder.bring(
        letter(To="subscribers@harbour.example", From=f"N <n+{USER.replace('@', '=')}@{SITE}>", List_Id="")
    )
    with ImapServer(folder) as server:
        visit(quiet, box(server), trusting=True)
    assert Source.objects.get().key == f"mail:{SITE}/{SITE}"


def test_what_surprises_us_in_one_mailbox_stops_no_other(
    quiet: Line, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    folder = Folder()
    folder.bring(letter())

    def reach(url: str) -> Trusted:
        if url.endswith(":1"):
            raise AttributeError(PASSWORD)
        return Trusted(url, deadline=5.0)

    with ImapServer(folder) as server:
        post = Post((replace(box(server), port=1), box(server)), reach, trusting=True)
        assert send(quiet, post) == 1
    found = Mailbox.objects.get(name__contains=":1/")
    assert (found.cause, found.next_at) == (mail.OURS, quiet.moment + timedelta(minutes=10))
    printed = capfd.readouterr()
    said = printed.out + printed.err + caplog.text
    assert "error_of_ours" in said
    assert PASSWORD not in said


def test_it_is_not_read_for_ever(quiet: Line) -> None:
    folder = Folder()
    folder.bring(letter())
    with ImapServer(folder) as server:
        visit(quiet, box(server), trusting=True)
    Errand.objects.update(tries=TRIES - 1)
    without_parsers(quiet).drain()
    assert not Delivery.objects.exists()
    assert "is closed" in Fetch.objects.get().cause
