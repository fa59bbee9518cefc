"""`daily8 doctor` says whether mailboxes answer."""

from __future__ import annotations

from typing import Any

from daily8.cli.diagnosis import examine
from daily8.net.mailbox import parse_mailboxes
from tests.imap import PASSWORD, USER, Folder, ImapServer


def test_mailboxes_are_asked(settings: Any) -> None:
    folder = Folder()
    folder.bring(b"Subject: one\r\n\r\n", b"Subject: two\r\n\r\n")
    with ImapServer(folder) as server:
        place = f"127.0.0.1:{server.port}"
        settings.MAILBOXES = (
            *parse_mailboxes(f"imap+plain://{USER}@{place}", PASSWORD),
            *parse_mailboxes(f"imap+plain://{USER}@{place}/Elsewhere", "canary-4711"),
        )
        found = [(f.level, f.detail) for f in examine() if f.subject == "mailbox"]
    assert found == [
        ("right", f"{place}/INBOX answers and holds 2 mails."),
        ("note", f"{place}/INBOX is read without encryption."),
        ("wrong", "The mail server 127.0.0.1 refused the user or the password."),
        ("note", f"{place}/Elsewhere is read without encryption."),
    ]


def test_without_mailboxes_none_is_asked() -> None:
    assert not [finding for finding in examine() if finding.subject == "mailbox"]
