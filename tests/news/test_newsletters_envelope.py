"""Envelopes of newsletters: what their headers say, of whom, and who vouches for it."""

from __future__ import annotations

import pytest

from daily8.news.newsletters import NotANewsletter, read_envelope, read_message
from tests.news.test_newsletters import ME, mail


def test_a_sender_who_says_to_whom_they_write_is_their_site() -> None:
    """As in variable envelope return paths, which some use for From too."""
    named = ME.replace("@", "=")
    found = read_envelope(
        mail(
            From=f"N <n+{named}@list.example>", List_Id=f"<{named}.list.example>", Message_ID=f"<9.{named}@x>"
        )
    )
    assert (found.name, found.site) == ("list.example", "list.example")
    assert "samir" not in found.id


def test_on_a_platform_a_list_is_its_senders() -> None:
    ours, theirs = (read_envelope(mail(From=f"{name}@gmail.com")) for name in ("ada", "mallory"))
    assert (ours.site, ours.list_id) == (theirs.site, theirs.list_id)
    assert ours.name != theirs.name


@pytest.mark.parametrize(
    "headers",
    [
        {"List_Id": "", "List_Unsubscribe": ""},
        {"From": "undisclosed"},
        {"From": "MAILER-DAEMON@harbour.example"},
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated", "List_Id": "", "List_Unsubscribe": "", "Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"Return_Path": "<>"},
        {"Subject": "Please confirm your subscription"},
        {"Subject": "Reset your password"},
        {"Subject": "يرجى تأكيد اشتراكك"},
    ],
)
def test_other_mail_is_left_alone(headers: dict[str, str]) -> None:
    with pytest.raises(NotANewsletter):
        read_message(mail(**headers))


@pytest.mark.parametrize(
    "headers",
    [
        {"List_Id": ""},
        {"List_Unsubscribe": ""},
        {"List_Id": "", "List_Unsubscribe": "", "Precedence": "bulk"},
    ],
)
def test_one_sign_of_a_newsletter_is_enough(headers: dict[str, str]) -> None:
    assert read_envelope(mail(**headers)).name in {"weekly.harbour.example", "letters@harbour.example"}


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        ("mx.reader.example; dmarc=pass header.from=harbour.example", True),
        ("mx.reader.example 1; dkim=pass (good) header.d=mail.harbour.example header.s=a", True),
        ("mx.reader.example; dkim=pass header.i=@harbour.example; spf=fail", True),
        ("mx.reader.example; dkim=pass header.d=elsewhere.example; dmarc=fail", False),
        ("mx.reader.example; spf=pass smtp.mailfrom=harbour.example; dkim=none", False),
        ("mx.elsewhere.example; dmarc=pass header.from=harbour.example", False),
        (
            'mx.reader.example; spf=none smtp.mailfrom="; dmarc=pass header.from=harbour.example "@e.example',
            False,
        ),
        ("mx.reader.example; spf=pass (a (b) dmarc=pass; dmarc=pass header.from=harbour.example )", False),
        ('mx.reader.example; spf=none smtp.helo="\\"; dmarc=pass header.from=harbour.example', False),
        ("mx.reader.example; spf=none dmarc=pass header.from=harbour.example", False),
        ("mx.reader.example; dmarc=pass header.from=elsewhere.example", False),
        ("mx.reader.example; dmarc=pass", False),
        (
            "mx.reader.example; dmarc=fail header.from=harbour.example; dkim=pass header.d=harbour.example",
            False,
        ),
        ("mx.reader.example;  dmarc=pass (p=REJECT (sp=NONE)) header.from=HARBOUR.example", True),
        ("", False),
    ],
)
def test_the_operators_server_may_have_to_vouch(said: str, believed: bool) -> None:
    message = mail(Authentication_Results=said)
    assert read_envelope(message).sender  # nobody asked
    if believed:
        assert read_envelope(message, "mx.reader.example").sender
    else:
        with pytest.raises(NotANewsletter, match="vouch"):
            read_envelope(message, "mx.reader.example")


def test_only_the_topmost_word_of_the_server_counts() -> None:
    forged = b"Authentication-Results: mx.reader.example; dmarc=fail\n" + mail(
        Authentication_Results="mx.reader.example; dmarc=pass header.from=harbour.example"
    )
    with pytest.raises(NotANewsletter, match="vouch"):
        read_envelope(forged, "mx.reader.example")


def test_headers_do_not_name_the_addressee_either() -> None:
    found = read_envelope(
        mail(
            List_Id=f"News for {ME} <{ME}>",
            From=f"{ME} via Post <a@harbour.example>",
            List_Archive=f"<https://harbour.example/all?for={ME}&list=3>",
        )
    )
    assert (found.list_id, found.title, found.name) == ("", "harbour.example", "a@harbour.example")
    assert found.archive == "https://harbour.example/all?list=3"


def test_a_mail_without_identity_gets_one_that_stays() -> None:
    one, same, other = (mail(Message_ID="", Subject=s) for s in ("One", "One", "Two"))
    assert read_envelope(one).id == read_envelope(same).id != read_envelope(other).id
