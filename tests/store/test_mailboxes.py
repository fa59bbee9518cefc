"""Mailboxes: one visit at a time, each mail once, and nobody's newsletter before an editor says so."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction

from daily8.store import deliveries, hosts, mailboxes, polls, publishers, sources
from daily8.store.mailboxes import FULL, KEPT, LARGE, WAITS, Issue, MailboxState, Taken
from daily8.store.models import Article, Delivery, Entry, Errand, Host, Mailbox, Poll, Publisher, Source
from daily8.store.polls import FeedFacts, PollResult
from tests.store.conftest import NOW, new_source
from tests.store.test_arrivals import draft

pytestmark = pytest.mark.django_db
BOX = "news@reader.example@mail.reader.example:993/INBOX"


def issue(number: int = 1, name: str = "harbour", **values: Any) -> Issue:
    key = f"mail:{name}.example/weekly"
    source = new_source(
        name, url=key, key=key, host=f"mail:{name}.example", title=f"{name} weekly", way="mail", format="mail"
    )
    return Issue(source, f"{number}@{name}.example", b"Subject: x\r\n\r\n")


def bring(*issues: Issue, trusting: bool = False, uid: int = 0) -> Taken:
    """Record a visit that goes on from where the last one came."""
    Mailbox.objects.get_or_create(name=BOX)
    row = Mailbox.objects.get()
    state = MailboxState(BOX, row.uidvalidity, row.uid, row.failures)
    return mailboxes.record(
        state,
        issues,
        uidvalidity=7,
        uid=uid or row.uid + 1,
        trusting=trusting,
        now=NOW,
        next_at=NOW + timedelta(minutes=10),
    )


def test_a_mailbox_is_taken_once() -> None:
    later = NOW + timedelta(minutes=15)
    assert mailboxes.claim([BOX], NOW, until=later) == MailboxState(BOX, 0, 0, 0)
    assert mailboxes.claim([BOX], NOW, until=later) is None
    state = mailboxes.claim([BOX], later, until=later + timedelta(minutes=15))
    assert state is not None
    assert state.name == BOX


def test_mailboxes_are_taken_one_by_one() -> None:
    """Each for as long as its own visit takes, not for those before it."""
    later = NOW + timedelta(minutes=15)
    assert mailboxes.claim(["b", "a"], NOW, until=later) == MailboxState("a", 0, 0, 0)
    assert mailboxes.claim(["b", "a"], NOW, until=later) == MailboxState("b", 0, 0, 0)
    assert mailboxes.claim(["b", "a"], NOW, until=later) is None


def test_how_far_it_is_read_is_kept_with_the_mails() -> None:
    assert bring(issue(), uid=12) == Taken(waiting=1)
    row = Mailbox.objects.get()
    assert (row.uidvalidity, row.uid, row.cause, row.failures) == (7, 12, "", 0)
    stale = MailboxState(BOX, 0, 0, 0)
    taken = mailboxes.record(stale, [issue(2)], uidvalidity=7, uid=5, trusting=False, now=NOW, next_at=NOW)
    assert taken == Taken()
    assert (Mailbox.objects.get().uid, Delivery.objects.count()) == (12, 1)


def test_failures_are_counted_until_it_is_read() -> None:
    state = mailboxes.claim([BOX], NOW, until=NOW)
    assert state is not None
    mailboxes.fail(state, "It is down.", now=NOW, next_at=NOW + timedelta(hours=1))
    (view,) = mailboxes.overview().mailboxes
    assert (view.name, view.cause) == ("mail.reader.example:993/INBOX", "It is down.")
    state = mailboxes.claim([BOX], NOW + timedelta(hours=1), until=NOW)
    assert state is not None
    assert state.failures == 1
    bring()
    assert Mailbox.objects.get().failures == 0


def test_a_new_newsletter_waits_and_is_shown_to_nobody() -> None:
    bring(issue(1), issue(2))
    row = Source.objects.get()
    poll = Poll.objects.get()
    assert (row.state, row.way, poll.next_at, poll.cause) == ("paused", "mail", None, WAITS)
    assert Delivery.objects.count() == 2
    assert not Errand.objects.exists()
    assert sources.listing().total == sources.count() == len(sources.every()) == 0
    assert sources.page(row.id) is None
    assert publishers.page(row.publisher.slug) is None
    (waiting,) = mailboxes.overview().waiting
    assert (waiting.id, waiting.title, waiting.domain, waiting.mails) == (
        row.id,
        "harbour weekly",
        "harbour.example",
        2,
    )


def test_once_confirmed_it_is_read() -> None:
    bring(issue(1))
    row = Source.objects.get()
    assert mailboxes.confirm(row.id, NOW)
    (claim,) = hosts.claim(NOW, lease=timedelta(minutes=3))
    assert claim.name == "mail:harbour.example"
    (due,) = claim.due
    found = deliveries.load(due)  # type: ignore[arg-type]
    assert found is not None
    assert (found.kind, found.source.way, found.document.url) == ("mailed", "mail", "mid:1@harbour.example")
    assert bring(issue(2)) == Taken(due=1)
    assert Errand.objects.filter(kind="delivery").count() == 2
    assert sources.page(row.id) is not None
    assert mailboxes.overview().waiting == ()


def test_once_refused_it_is_left_alone() -> None:
    bring(issue(1))
    row = Source.objects.get()
    assert mailboxes.refuse(row.id)
    assert bring(issue(2)) == Taken()
    assert not Delivery.objects.exists()
    assert mailboxes.overview().waiting == ()


def test_what_was_refused_unread_is_shown_to_nobody() -> None:
    bring(issue(1))
    row = Source.objects.get()
    mailboxes.refuse(row.id)
    assert sources.page(row.id) is None
    assert sources.listing().total == sources.count() == len(sources.every()) == 0
    assert publishers.page(Publisher.objects.get().slug) is None
    row.refresh_from_db()
    assert (row.title, row.home, row.publisher.name) == ("", "", "")
    assert mailboxes.confirm(row.id, NOW)  # somebody changed their mind
    assert sources.page(row.id) is not None


def test_what_is_being_read_when_it_is_refused_becomes_no_article() -> None:
    bring(issue(1), trusting=True)
    (claim,) = hosts.claim(NOW, lease=timedelta(minutes=3))
    (due,) = claim.due
    found = deliveries.load(due)  # type: ignore[arg-type]
    assert found is not None
    mailboxes.refuse(found.source.source)
    result = PollResult(step=None, status=200, seconds=0.0, size=1, facts=FeedFacts("Harbour"), via="mailed")
    arrived = polls.record(
        claim,
        found.source,
        result,
        new=[draft()],
        now=NOW,
        lease=timedelta(minutes=3),
        delivery=due,  # type: ignore[arg-type]
    )
    assert arrived == 0
    assert not Article.objects.exists()
    assert not Errand.objects.exists()
    row = Source.objects.get()
    assert (row.title, row.state) == ("", "gone")


def test_what_was_read_before_it_was_refused_stays(article: Any) -> None:
    bring(issue(1), trusting=True)
    row = Source.objects.get(way="mail")
    article(source=row)
    mailboxes.refuse(row.id)
    found = sources.page(row.id)
    assert found is not None
    assert found.source.title == "harbour weekly"


def forged(name: str = "post") -> Issue:
    """A mail that says it comes from a publisher, of whatever words."""
    letter = issue(1, name)
    words: Any = {"publisher_name": "Buy pills", "home": "https://pills.example/", "title": "Pills"}
    return replace(letter, source=replace(letter.source, **words))


def test_before_an_editors_word_mail_names_no_publisher() -> None:
    bring(forged())
    assert not Publisher.objects.filter(domain="post.example").exists()
    assert "pills" not in Publisher.objects.get().slug
    wanted = new_source(publisher_name="The Post", home="https://post.example/")
    sources.add([wanted], due={wanted.key: NOW})
    mailboxes.confirm(Source.objects.get(way="mail").id, NOW)
    (publisher,) = Publisher.objects.all()
    assert (publisher.name, publisher.home) == ("The Post", "https://post.example/")
    assert set(publisher.sources.values_list("way", flat=True)) == {"feed", "mail"}


@pytest.mark.parametrize("trusting", [True, False])
def test_a_feed_knows_its_publisher_better_than_mail(trusting: bool) -> None:
    bring(forged(), trusting=trusting)
    mailboxes.confirm(Source.objects.get().id, NOW)
    (publisher,) = Publisher.objects.all()
    assert (publisher.domain, publisher.name, publisher.home) == ("post.example", "Buy pills", "")
    wanted = new_source(publisher_name="The Post", home="https://post.example/")
    sources.add([wanted], due={wanted.key: NOW})
    publisher.refresh_from_db()
    assert (publisher.name, publisher.home) == ("The Post", "https://post.example/")


def test_on_a_platform_each_newsletter_is_a_publishers_own() -> None:
    key = "mail:substack.com/ada@substack.com/ferry.substack.com"
    letter = issue(1)
    source = replace(letter.source, url=key, key=key, host="mail:substack.com", publisher_name="Ada")
    bring(replace(letter, source=source), trusting=True)
    (publisher,) = Publisher.objects.all()
    assert (publisher.domain, publisher.name, publisher.slug) == (key.removeprefix("mail:"), "Ada", "ada")


def test_only_newsletters_are_confirmed_or_refused(source: Source) -> None:
    assert not mailboxes.confirm(source.id, NOW)
    assert not mailboxes.refuse(source.id)
    assert not mailboxes.confirm(uuid4(), NOW)
    source.refresh_from_db()
    assert source.state == "unverified"


def test_whoever_trusts_reads_at_once() -> None:
    assert bring(issue(1), trusting=True) == Taken(due=1)
    assert Source.objects.get().state == "unverified"
    assert (Poll.objects.get().next_at, Poll.objects.get().cause) == (None, "")


def test_a_mail_arrives_once() -> None:
    assert bring(issue(1), issue(1)) == Taken(waiting=1)
    assert bring(issue(1)) == Taken()
    mailboxes.confirm(Source.objects.get().id, NOW)
    assert bring(issue(1)) == Taken()


def test_a_mail_that_was_read_does_not_come_again(article: Any) -> None:
    bring(issue(1), trusting=True)
    row = Source.objects.get(way="mail")
    Delivery.objects.all().delete()
    Entry.objects.create(
        source=row, key="1@harbour.example", article=article(source=row), digest="x", seen_at=NOW
    )
    assert bring(issue(1), issue(3)) == Taken(due=1)


def test_as_many_wait_as_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    bring(*(issue(number) for number in range(KEPT + 5)))
    kept = set(Delivery.objects.values_list("url", flat=True))
    assert len(kept) == KEPT
    assert "mid:4@harbour.example" not in kept
    monkeypatch.setattr(mailboxes, "WAITING_MOST", 2)
    assert bring(issue(1, "one"), issue(1, "two"), issue(1, "three")).waiting == 1
    assert Source.objects.count() == 2
    assert Mailbox.objects.get().cause == mailboxes.overview().full == FULL


def test_a_flood_of_new_names_does_not_shut_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailboxes, "WAITING_MOST", 3)
    bring(issue(1, "wanted"), issue(2, "wanted"))
    bring(*(issue(1, f"forged{number}") for number in range(5)))
    assert mailboxes.overview().full == FULL
    assert bring(issue(1, "real")) == Taken(waiting=1)
    waiting = {view.title for view in mailboxes.overview().waiting}
    assert {"wanted weekly", "real weekly"} < waiting
    assert len(waiting) == 3
    assert Mailbox.objects.get().cause == FULL
    assert Publisher.objects.count() == 3


def test_mails_that_wait_have_a_room_of_so_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert bring(issue(1)) == Taken(waiting=1)
    assert mailboxes.overview().full == ""
    monkeypatch.setattr(mailboxes, "KEPT_ALL", 2 * len(issue().raw))
    assert bring(issue(2), issue(3)) == Taken(waiting=1)
    assert Mailbox.objects.get().cause == mailboxes.overview().full == FULL


def test_what_waits_is_small() -> None:
    large = replace(issue(1), raw=b"x" * (mailboxes.KEPT_SIZE + 1))
    assert bring(large) == Taken()
    assert Mailbox.objects.get().cause == LARGE
    mailboxes.confirm(Source.objects.get().id, NOW)
    assert bring(large) == Taken(due=1)


def test_what_nobody_confirmed_is_forgotten(source: Source) -> None:
    bring(issue(1), issue(1, "other"))
    mailboxes.confirm(Source.objects.get(key="mail:other.example/weekly").id, NOW)
    later = NOW + timedelta(days=31)
    assert deliveries.prune(later) == 0  # one waits for an editor, the other is due
    assert mailboxes.prune(NOW) == 0
    assert mailboxes.prune(later) == 1
    assert set(Source.objects.values_list("way", flat=True)) == {"feed", "mail"}
    assert not Publisher.objects.filter(domain="harbour.example").exists()
    assert Publisher.objects.count() == 2


def test_accepted_late_its_mails_are_still_read() -> None:
    bring(issue(1), issue(2))
    late = NOW + timedelta(days=20)
    mailboxes.confirm(Source.objects.get().id, late)
    assert deliveries.prune(late) == 0
    Errand.objects.update(verdict="aside")
    assert deliveries.prune(late) == 2


def test_where_a_mailbox_is_stuck_is_counted() -> None:
    Mailbox.objects.create(name=BOX)

    def visit(uid: int, *, stuck: bool) -> int:
        row = Mailbox.objects.get()
        state = MailboxState(BOX, row.uidvalidity, row.uid, row.failures, row.stuck)
        mailboxes.record(
            state, [], uidvalidity=7, uid=uid, cause="x", stuck=stuck, trusting=False, now=NOW, next_at=NOW
        )
        return Mailbox.objects.get().stuck

    assert [visit(3, stuck=True), visit(3, stuck=True), visit(5, stuck=True)] == [1, 2, 1]
    mailboxes.fail(MailboxState(BOX, 7, 5, 0, 1), "x", now=NOW, next_at=NOW)
    assert Mailbox.objects.get().stuck == 1  # the connection failed, and says nothing of the mail
    mailboxes.fail(MailboxState(BOX, 7, 5, 0, 1), "x", now=NOW, next_at=NOW, stuck=True)
    assert Mailbox.objects.get().stuck == 2
    assert visit(9, stuck=False) == 0


@pytest.mark.django_db(transaction=True)
def test_hosts_are_told_in_the_order_of_their_names() -> None:
    """Who gives both hosts back at that moment has the first and waits for the second."""
    Mailbox.objects.create(name=BOX)
    bring(issue(1, "a"), issue(1, "b"), trusting=True)
    errors: list[Exception] = []
    first = threading.Event()

    def give_back() -> None:
        try:
            with transaction.atomic():
                list(Host.objects.select_for_update().filter(name="mail:a.example"))
                first.set()
                time.sleep(0.5)  # seconds, in which the mails below are kept
                list(Host.objects.select_for_update().filter(name="mail:b.example"))
        except OperationalError as error:
            errors.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=give_back)
    other.start()
    first.wait()
    assert bring(issue(2, "b"), issue(2, "a"), trusting=True) == Taken(due=2)
    other.join()
    assert errors == []


def test_mail_is_never_asked_for() -> None:
    bring(issue(1), trusting=True)
    assert sources.refresh(None, NOW, not_since=NOW) == 0
    assert Poll.objects.get().next_at is None
