"""A mailbox is read, never changed; whatever its server does costs a visit and tells no secret."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.net import mailbox
from daily8.net.mailbox import (
    PASSED,
    TRIES,
    MailboxAddress,
    MailboxFailed,
    Visit,
    avisit,
    count,
    modified_utf7,
    parse_mailboxes,
    visit,
)
from daily8.net.trusted import Trusted
from tests.imap import PASSWORD, USER, Folder, ImapServer, client_context


def mails(number: int, size: int = 40) -> Folder:
    folder = Folder()
    folder.bring(*(b"Subject: mail %d\r\n\r\n" % n + b"x" * size for n in range(1, number + 1)))
    return folder


def look(server: ImapServer, scheme: str = "", folder: str = "INBOX", **options: Any) -> Visit:
    """Visit the mailbox of a server."""
    scheme = scheme or ("imaps" if server.tls else "imap+plain")
    user, password = options.pop("user", USER), options.pop("password", PASSWORD)
    (box,) = parse_mailboxes(f"{scheme}://{user}@127.0.0.1:{server.port}/{folder}", password)
    if options.pop("starttls", False):
        box = replace(box, security="starttls")
    endpoint = Trusted(box.url, deadline=5.0, tls=options.pop("tls", None))
    return visit(box, endpoint, **options)


def test_the_first_visit_takes_the_newest() -> None:
    folder = mails(60)
    with ImapServer(folder) as server:
        found = look(server)
    assert [mail.uid for mail in found.mails] == list(range(11, 61))
    assert found.mails[-1].raw == folder.mails[60]
    assert (found.uid, found.uidvalidity, found.more, found.cause) == (60, 1, False, "")


def test_later_ones_take_what_is_new_oldest_first() -> None:
    folder = mails(60)
    with ImapServer(folder) as server:
        found = look(server, uidvalidity=1, uid=5)
        assert [mail.uid for mail in found.mails] == list(range(6, 56))
        assert found.more
        found = look(server, uidvalidity=1, uid=found.uid)
        assert ([mail.uid for mail in found.mails], found.more) == (list(range(56, 61)), False)
        found = look(server, uidvalidity=1, uid=60)
        assert (found.mails, found.uid) == ((), 60)
        folder.uidvalidity = 2
        assert len(look(server, uidvalidity=1, uid=60).mails) == 50


def test_an_empty_mailbox_is_empty() -> None:
    with ImapServer() as server:
        assert look(server) == Visit(1, 0, ())


def test_nothing_is_changed() -> None:
    folder = mails(3)
    with ImapServer(folder) as server:
        look(server)
        assert folder.flagged == []
        assert {said.split()[0] for said in server.said} == {
            "CAPABILITY",
            "AUTHENTICATE",
            "EXAMINE",
            "UID",
            "LOGOUT",
        }


@pytest.mark.parametrize("plain_login", [True, False])
def test_a_password_of_any_characters_is_said_right(plain_login: bool) -> None:
    with ImapServer(mails(1), plain_login=plain_login) as server:
        assert len(look(server).mails) == 1


def test_connections_are_encrypted_and_certificates_held_against_the_name() -> None:
    with ImapServer(mails(1), tls=True) as server:
        assert len(look(server, tls=client_context()).mails) == 1
        with pytest.raises(MailboxFailed, match="certificate"):
            look(server)


def test_starttls_comes_before_anything_is_said() -> None:
    with ImapServer(mails(1), starttls=True) as server:
        assert len(look(server, starttls=True, tls=client_context()).mails) == 1
        assert server.said[1] == "STARTTLS"
    with ImapServer(mails(1)) as server:
        with pytest.raises(MailboxFailed, match="offers no encryption"):
            look(server, starttls=True, tls=client_context())
        assert server.said == ["CAPABILITY"]


def test_what_is_slipped_in_before_the_encryption_is_not_heard() -> None:
    with ImapServer(mails(1), starttls=True, wrong="injects") as server:
        with pytest.raises(MailboxFailed):
            look(server, starttls=True, tls=client_context())
        assert not [said for said in server.said if said.startswith(("LOGIN", "AUTH"))]


def test_a_folder_may_have_an_arabic_name() -> None:
    with ImapServer(mails(2)) as server:
        assert len(look(server, folder="%D9%86%D8%B4%D8%B1%D8%A7%D8%AA").mails) == 2
        with pytest.raises(MailboxFailed, match="There is no folder Elsewhere"):
            look(server, folder="Elsewhere")


@pytest.mark.parametrize("wrong", ["", "refers"])
def test_a_refused_password_is_told_apart_and_not_repeated(wrong: str) -> None:
    with ImapServer(mails(1), wrong=wrong) as server, pytest.raises(MailboxFailed) as failure:
        look(server, password="canary-4711")
    assert failure.value.refused
    assert "canary" not in str(failure.value)
    assert failure.value.__cause__ is None


def test_who_lets_nobody_in_refused_no_password() -> None:
    with (
        ImapServer(wrong="unavailable") as server,
        pytest.raises(MailboxFailed, match="nobody in") as failure,
    ):
        look(server)
    assert not failure.value.refused


@pytest.mark.parametrize(
    ("wrong", "cause"),
    [
        ("silent", "did not answer in time"),
        ("slow", "did not answer in time"),
        ("babbles", "could not be understood"),
        ("endless", "sends more than is read"),
        ("floods", "sends more than is read"),
        ("short", "could not be understood"),
        ("long", "could not be understood|did not answer in time"),
    ],
)
def test_a_server_that_misbehaves_costs_a_visit(wrong: str, cause: str) -> None:
    with ImapServer(mails(3), wrong=wrong) as server:
        began = time.monotonic()
        with pytest.raises(MailboxFailed, match=cause):
            look(server, deadline=1.0)
        assert time.monotonic() - began < 15  # a second is what it is given


def test_a_mail_that_is_longer_than_was_said_counts_as_large(monkeypatch: pytest.MonkeyPatch) -> None:
    with ImapServer(mails(3), wrong="huge") as server:
        found = look(server)
    assert (found.mails, found.large, found.uid, found.more, found.cause) == ((), 1, 1, True, "")
    folder = mails(3)
    folder.mails[2] = b"x" * 6000
    monkeypatch.setattr(mailbox, "MAIL_MOST", 5000)
    with ImapServer(folder, wrong="belittles") as server:
        found = look(server)
        assert ([mail.uid for mail in found.mails], found.large, found.uid) == ([1], 1, 2)
        assert [mail.uid for mail in look(server, uidvalidity=1, uid=2).mails] == [3]


def test_a_mail_that_cannot_be_had_is_passed_over_in_the_end() -> None:
    with ImapServer(mails(3), wrong="short") as server:
        for stuck in range(TRIES - 1):
            with pytest.raises(MailboxFailed) as failure:
                look(server, uidvalidity=1, stuck=stuck)
            assert failure.value.stuck
        found = look(server, uidvalidity=1, stuck=TRIES - 1)
        assert (found.mails, found.uid, found.more, found.cause, found.stuck) == ((), 1, True, PASSED, False)
    with ImapServer() as server:
        pass
    with pytest.raises(MailboxFailed) as failure:
        look(server, stuck=TRIES - 1)
    assert not failure.value.stuck


def test_a_number_that_is_none_is_not_taken_for_one() -> None:
    with (
        ImapServer(mails(1), wrong="counts") as server,
        pytest.raises(MailboxFailed, match="does not number"),
    ):
        look(server)


def test_what_came_before_a_failure_is_kept() -> None:
    with ImapServer(mails(3), wrong="breaks") as server:
        found = look(server)
    assert [mail.uid for mail in found.mails] == [1]
    assert (found.uid, found.more, found.stuck) == (1, True, True)
    assert "broke off" in found.cause


def test_the_uid_may_stand_behind_the_mail() -> None:
    with ImapServer(mails(2), wrong="behind") as server:
        assert [mail.uid for mail in look(server).mails] == [1, 2]


def test_large_mails_are_passed_over_and_a_visit_has_its_fill(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = mails(3)
    folder.bring(b"x" * 5000)
    folder.bring(b"y" * 300)
    monkeypatch.setattr(mailbox, "MAIL_MOST", 4000)
    with ImapServer(folder) as server:
        found = look(server)
        assert ([mail.uid for mail in found.mails], found.large, found.uid) == ([1, 2, 3, 5], 1, 5)
        monkeypatch.setattr(mailbox, "VISIT_MOST", 100)
        found = look(server)
        assert ([mail.uid for mail in found.mails], found.more, found.uid) == ([1, 2], True, 2)


def test_who_wants_to_end_does_not_wait_for_a_server_that_drags_on() -> None:
    async def hurried(box: MailboxAddress) -> None:
        async with asyncio.timeout(0.3):
            await avisit(box, Trusted(box.url))

    with ImapServer(wrong="silent") as server:
        (box,) = parse_mailboxes(f"imap://{USER}@127.0.0.1:{server.port}", PASSWORD)
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            asyncio.run(hurried(box))
        assert time.monotonic() - began < 10  # seconds; the server would be waited for twice as long


def test_a_visit_from_a_loop_gives_what_came_and_why_not() -> None:
    with ImapServer(mails(2)) as server:
        (box,) = parse_mailboxes(f"imap://{USER}@127.0.0.1:{server.port}", PASSWORD)
        assert len(asyncio.run(avisit(box, Trusted(box.url))).mails) == 2
        with pytest.raises(MailboxFailed, match="refused"):
            asyncio.run(avisit(replace(box, password="wrong"), Trusted(box.url)))


def test_it_can_be_asked_whether_it_answers() -> None:
    with ImapServer(mails(7)) as server:
        (box,) = parse_mailboxes(f"imap://{USER}@127.0.0.1:{server.port}", PASSWORD)
        assert count(box, Trusted(box.url)) == 7


def test_a_mailbox_is_written_as_an_address() -> None:
    one, two, three = parse_mailboxes(
        "imaps://news%40reader.example:s%20t@mail.reader.example imap://me@mail.example:1143/News/%D9%86\n"
        "imap+plain://me@10.0.0.5/",
        "secret",
    )
    assert (one.user, one.password, one.port, one.folder, one.security) == (
        "news@reader.example",
        "s t",
        993,
        "INBOX",
        "tls",
    )
    assert (two.port, two.folder, two.security, two.password) == (1143, "News/ن", "starttls", "secret")
    assert (three.security, three.url) == ("plain", "imap://10.0.0.5:143")
    assert one.name == "news@reader.example@mail.reader.example:993/INBOX"
    assert one.owners == ("news@reader.example",)
    assert two.owners == ("me@mail.example",)
    assert three.owners == ("me@10.0.0.5",)
    (four,) = parse_mailboxes("imaps://me@imap.eu.reader.example", "x")
    assert four.owners == ("me@imap.eu.reader.example", "me@eu.reader.example", "me@reader.example")
    assert parse_mailboxes("imap://me@localhost", "x")[0].security == "plain"
    assert parse_mailboxes("imap://me@127.0.0.1.example", "x")[0].security == "starttls"
    assert "secret" not in repr((two, one))


@pytest.mark.parametrize(
    "text",
    [
        "mail.example",
        "https://me@mail.example",
        "imaps://mail.example/INBOX",
        "imaps://me@",
        "imaps://me@mail.example:0",
        "imaps://me@mail.example:99999",
        "imaps://me@mail.example?x=1",
        "imaps://me%0d%0aA1:canary@mail.example",
        "imaps://me:canary@mail.example imaps://me:canary@mail.example",
    ],
)
def test_a_setting_that_is_wrong_is_told_of_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError) as failure:
        parse_mailboxes(text, "canary")
    said = str(failure.value)
    assert said.endswith(".")
    assert "canary" not in said
    assert "\n" not in said


def test_a_password_is_asked_for() -> None:
    with pytest.raises(ValueError, match="DAILY8_MAILBOX_PASSWORD"):
        parse_mailboxes("imaps://me@mail.example")


def test_folders_in_modified_utf7() -> None:
    assert modified_utf7("~peter/mail/台北/日本語") == "~peter/mail/&U,BTFw-/&ZeVnLIqe-"  # RFC 3501 5.1.3
    assert modified_utf7("A & B") == "A &- B"


@given(st.text(max_size=30))
def test_modified_utf7_is_plain_ascii(name: str) -> None:
    if not any("\ud800" <= c <= "\udfff" for c in name):
        assert modified_utf7(name).isascii()
