"""Editors say in the console which newsletters are read."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from daily8.store import mailboxes
from daily8.store.mailboxes import MailboxState
from daily8.store.models import Mailbox, Reader, Source
from tests.store.conftest import NOW
from tests.store.test_mailboxes import BOX, bring, issue
from tests.web.reading import text, texts, tree

PAGE = "/console/newsletters"


@pytest.fixture
def waiting(db: None) -> Source:
    bring(issue(1), issue(2))
    return Source.objects.get()


def test_it_names_what_waits_and_how_mailboxes_are(editor: Client, waiting: Source) -> None:
    mailboxes.fail(
        MailboxState(BOX, 7, 1, 0), "The mail server m.example did not answer in time.", now=NOW, next_at=NOW
    )
    page = tree(editor.get(PAGE))
    assert texts(page, '//h3[@class="source-title"]') == ["harbour weekly"]
    assert "mail:harbour.example/weekly 2 mails" in text(page, '//article//p[@class="meta"]')
    assert text(page, "//tbody/tr/th") == "mail.reader.example:993/INBOX"
    assert "news@" not in editor.get(PAGE).content.decode()
    arabic = tree(editor.get(f"/ar{PAGE}"))
    assert text(arabic, "//main//h1") == "النشرات البريدية"
    assert texts(arabic, "//article//button") == ["قبول", "تجاهل"]
    assert "لم يُجب خادم البريد m.example في الوقت المحدد." in text(arabic, "//tbody/tr")


def test_without_a_mailbox_it_says_how_to_have_one(editor: Client, db: None) -> None:
    assert "DAILY8_MAILBOX" in text(tree(editor.get(PAGE)), "//main")


@pytest.mark.parametrize(("word", "state"), [("accept", "unverified"), ("refuse", "gone")])
def test_an_editor_decides(editor: Client, waiting: Source, word: str, state: str) -> None:
    response = editor.post(f"{PAGE}/{waiting.id.hex}", {"word": word})
    assert (response.status_code, response["Location"]) == (302, PAGE)
    waiting.refresh_from_db()
    assert waiting.state == state


def test_what_is_asked_wrongly_changes_nothing(editor: Client, waiting: Source) -> None:
    path = f"{PAGE}/{waiting.id.hex}"
    assert editor.get(path).status_code == 405
    assert editor.post(path, {"word": "perhaps"}).status_code == 400
    assert editor.post(f"{PAGE}/{uuid4().hex}", {"word": "accept"}).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(Reader.objects.get(role="editor"))
    assert strict.post(path, {"word": "accept"}).status_code == 403
    waiting.refresh_from_db()
    assert waiting.state == "paused"


def test_others_do_not(client: Client, signed_in: Client, waiting: Source) -> None:
    for stranger, status in ((Client(), 302), (signed_in, 404)):
        assert stranger.get(PAGE).status_code == status
        assert stranger.post(f"{PAGE}/{waiting.id.hex}", {"word": "accept"}).status_code == status
    waiting.refresh_from_db()
    assert waiting.state == "paused"
    assert Mailbox.objects.count() == 1


def test_readers_see_nothing_of_what_waits(client: Client, waiting: Source) -> None:
    for path in ("/sources", "/api/v1/sources", "/"):
        assert "harbour" not in client.get(path).content.decode().lower()
    for path in (f"/source/{waiting.id.hex}", f"/api/v1/sources/{waiting.id.hex}", "/publisher/harbour"):
        assert client.get(path).status_code == 404
