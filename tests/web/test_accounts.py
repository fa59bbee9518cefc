"""Accounts: each page and each mail of allauth is drawn by a Jinja2 template of ours, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import allauth
import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.http import HttpRequest
from django.template.backends.jinja2 import Template
from django.template.loader import get_template
from django.test import Client

from daily8.store.models import Reader
from tests import newsroom as rows
from tests.web.reading import text, texts, tree

THEIRS = Path(allauth.__file__).parent / "templates" / "account"
PREFIXES = pytest.mark.parametrize("prefix", ["", "/ar"])
PARTS = re.compile(r"base_|snippets/")


def _names() -> list[str]:
    files = [*THEIRS.glob("*.html"), *THEIRS.glob("email/*.txt"), *THEIRS.glob("messages/*.txt")]
    names = [f"account/{file.relative_to(THEIRS).as_posix()}" for file in files]
    return [*sorted(name for name in names if not PARTS.search(name)), "429.html"]


@pytest.mark.parametrize("name", _names())
def test_each_template_of_allauth_has_one_of_ours(name: str) -> None:
    assert isinstance(get_template(name), Template)


@pytest.fixture
def reader(db: None) -> Reader:
    return rows.reader()


def _drawn_by_us(response: object) -> None:
    """Django's own templates report themselves to the test client; ours do not."""
    assert [template.name for template in getattr(response, "templates", [])] == []


@PREFIXES
@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("login/", ("Sign in", "تسجيل الدخول")),
        ("signup/", ("Accounts are not open here", "إنشاء الحسابات غير متاح هنا")),
        ("inactive/", ("This account is closed", "هذا الحساب مغلق")),
        ("password/reset/", ("Forgot your password?", "نسيت كلمة المرور؟")),
        ("password/reset/done/", ("Look into your mail", "تفقّد بريدك")),
        ("password/reset/key/1-x/", ("Choose a new password", "اختر كلمة مرور جديدة")),
        ("password/reset/key/done/", ("Your password is changed", "تغيّرت كلمة مرورك")),
        ("confirm-email/", ("Look into your mail", "تفقّد بريدك")),
        ("confirm-email/none/", ("Confirm your address", "أكّد عنوانك")),
    ],
)
def test_pages_for_everybody(
    client: Client, db: None, prefix: str, path: str, title: tuple[str, str]
) -> None:
    response = client.get(f"{prefix}/accounts/{path}")
    assert response.status_code == 200
    _drawn_by_us(response)
    page = tree(response)
    assert text(page, "//h1") == title[bool(prefix)]
    assert page.xpath('//meta[@name="robots"]')
    assert "Sign in" not in texts(page, "//main//button") or not prefix


@PREFIXES
@pytest.mark.parametrize(
    "path", ["email/", "password/change/", "logout/", "reauthenticate/", "confirm-email/"]
)
def test_pages_for_readers(client: Client, reader: Reader, prefix: str, path: str) -> None:
    client.post("/accounts/login/", {"login": reader.email, "password": rows.PASSWORD})
    response = client.get(f"{prefix}/accounts/{path}")
    assert response.status_code == 200
    _drawn_by_us(response)
    assert text(tree(response), "//h1")


def test_set_password_is_for_accounts_without_one(client: Client, reader: Reader) -> None:
    Reader.objects.filter(id=reader.id).update(password="!none")
    reader.refresh_from_db()
    client.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.get("/accounts/password/set/")
    assert response.status_code == 200
    _drawn_by_us(response)
    assert text(tree(response), "//h1") == "Set a password"


@PREFIXES
def test_signing_in_leads_back(client: Client, reader: Reader, prefix: str) -> None:
    page = tree(client.get(f"{prefix}/sources"))
    login = page.xpath('//header//a[@rel="nofollow"]/@href')[0]
    assert login == f"{prefix}/accounts/login/?next={prefix}/sources"
    form = tree(client.get(login)).xpath("//main//form")[0]
    hidden = {field.get("name"): field.get("value") for field in form.xpath('.//input[@type="hidden"]')}
    assert hidden["next"] == f"{prefix}/sources"
    response = client.post(
        form.get("action"), {**hidden, "login": reader.email, "password": rows.PASSWORD, "remember": "on"}
    )
    assert (response.status_code, response["Location"]) == (302, f"{prefix}/sources")
    assert client.cookies["daily8"]["httponly"]
    assert client.cookies["daily8"]["samesite"] == "Lax"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil"]
)
def test_signing_in_leads_nowhere_else(client: Client, reader: Reader, target: str) -> None:
    response = client.post(
        "/accounts/login/", {"login": reader.email, "password": rows.PASSWORD, "next": target}
    )
    assert response.status_code == 302
    assert response["Location"] == "/"


@PREFIXES
def test_a_wrong_password_is_refused_plainly(client: Client, reader: Reader, prefix: str) -> None:
    response = client.post(f"{prefix}/accounts/login/", {"login": reader.email, "password": "wrong"})
    assert response.status_code == 200
    _drawn_by_us(response)
    page = tree(response)
    assert texts(page, '//ul[@role="alert"]/li')
    assert page.xpath('//input[@name="login"]/@value') == [reader.email]
    assert not page.xpath('//input[@type="password"]/@value')
    assert not Session.objects.exists()


def test_each_field_has_a_label(client: Client, db: None) -> None:
    page = tree(client.get("/accounts/login/"))
    for field in page.xpath('//main//input[not(@type="hidden")]'):
        assert page.xpath(f'//label[@for="{field.get("id")}"]'), field.get("name")
    assert page.xpath('//input[@type="password"]/@autocomplete') == ["current-password"]


def test_signing_out_asks_first(signed_in: Client) -> None:
    assert signed_in.get("/accounts/logout/").status_code == 200
    assert Session.objects.exists()
    response = signed_in.post("/ar/accounts/logout/")
    assert response["Location"] == "/ar/"
    assert not Session.objects.exists()


def test_signing_up_where_it_is_open(client: Client, db: None, settings: object) -> None:
    settings.REGISTRATION_OPEN = True  # type: ignore[attr-defined]
    page = client.get("/accounts/signup/")
    _drawn_by_us(page)
    assert len(tree(page).xpath('//main//input[@type="password"]')) == 2
    assert "/accounts/signup/" in tree(client.get("/accounts/login/")).xpath("//main//@href")
    wrong = client.post(
        "/accounts/signup/", {"email": "new@harbour.example", "password1": "short", "password2": "other"}
    )
    assert texts(tree(wrong), '//ul[@class="wrong"]/li')
    answer = client.post(
        "/accounts/signup/",
        {"email": "new@harbour.example", "password1": rows.PASSWORD, "password2": rows.PASSWORD},
    )
    assert answer.status_code == 302
    assert Reader.objects.get().role == "reader"


def test_nobody_signs_up_where_it_is_closed(client: Client, db: None) -> None:
    client.post(
        "/accounts/signup/",
        {"email": "new@harbour.example", "password1": rows.PASSWORD, "password2": rows.PASSWORD},
    )
    assert not Reader.objects.exists()


@PREFIXES
def test_a_forgotten_password(client: Client, reader: Reader, prefix: str) -> None:
    done = client.post(f"{prefix}/accounts/password/reset/", {"email": reader.email}, follow=True)
    _drawn_by_us(done)
    (letter,) = mail.outbox
    assert letter.subject == ("Daily8: اختر كلمة مرور جديدة" if prefix else "Daily8: Choose a new password")
    assert ("تحية طيبة" in letter.body) == bool(prefix)
    link = re.search(r"http\S+", str(letter.body))
    assert link
    assert link[0].startswith(f"http://localhost:8008{prefix}/accounts/password/reset/key/")
    page = client.get(urlsplit(link[0]).path, follow=True)
    _drawn_by_us(page)
    form = tree(page).xpath("//main//form")[0]
    action = form.get("action") or page.request["PATH_INFO"]
    new = f"{rows.PASSWORD} 2"
    changed = client.post(action, {"password1": new, "password2": new}, follow=True)
    _drawn_by_us(changed)
    reader.refresh_from_db()
    assert reader.check_password(new)


def test_a_mail_names_the_configured_site_whatever_host_was_asked(client: Client, reader: Reader) -> None:
    client.post("/accounts/password/reset/", {"email": reader.email}, headers={"host": "127.0.0.1"})
    assert "http://localhost:8008/" in mail.outbox[0].body
    assert "127.0.0.1" not in mail.outbox[0].body


def test_a_reset_for_nobody_looks_the_same(client: Client, reader: Reader) -> None:
    known = client.post("/accounts/password/reset/", {"email": reader.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@harbour.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert "There is none here" in mail.outbox[1].body


def test_changing_the_password(client: Client, reader: Reader) -> None:
    client.post("/accounts/login/", {"login": reader.email, "password": rows.PASSWORD})
    new = rows.PASSWORD + "3"
    client.post(
        "/accounts/password/change/",
        {"oldpassword": rows.PASSWORD, "password1": new, "password2": new},
    )
    reader.refresh_from_db()
    assert reader.check_password(new)


def test_addresses_are_added_confirmed_and_removed(client: Client, reader: Reader) -> None:
    client.post("/accounts/login/", {"login": reader.email, "password": rows.PASSWORD})
    added = client.post("/accounts/email/", {"action_add": "", "email": "two@harbour.example"}, follow=True)
    _drawn_by_us(added)
    assert "two@harbour.example" in text(tree(added), '//fieldset[@class="choices"]')
    assert texts(tree(added), '//p[@class="notice"]')
    link = re.search(r"http\S+", str(mail.outbox[-1].body))
    assert link
    asked = client.get(urlsplit(link[0]).path)
    _drawn_by_us(asked)
    form = tree(asked).xpath("//main//form")[0]
    client.post(form.get("action"))
    assert EmailAddress.objects.get(email="two@harbour.example").verified
    client.post("/accounts/email/", {"action_add": "", "email": "three@harbour.example"})
    for address in ("two", "three"):
        client.post("/accounts/email/", {"action_remove": "", "email": f"{address}@harbour.example"})
    kept = dict(EmailAddress.objects.values_list("email", "primary"))
    assert kept == {reader.email: False, "two@harbour.example": True}
    assert "The main address two@harbour.example cannot be removed." in texts(
        tree(client.get("/accounts/email/")), '//p[@class="notice"]'
    )


def test_too_many_tries(client: Client, reader: Reader) -> None:
    for _ in range(40):
        response = client.post("/accounts/password/reset/", {"email": reader.email})
        if response.status_code == 429:
            break
    assert response.status_code == 429
    _drawn_by_us(response)
    assert text(tree(response), "//h1") == "Too many tries"


@PREFIXES
def test_a_form_from_elsewhere_is_refused(db: None, prefix: str) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    response = strict.post(f"{prefix}/accounts/login/", {"login": "x", "password": "x"})
    assert response.status_code == 403
    _drawn_by_us(response)
    assert text(tree(response), "//h1") == (
        "تعذّر قبول هذا النموذج" if prefix else "This form could not be accepted"
    )


def _request() -> HttpRequest:
    request = HttpRequest()
    request.META["HTTP_HOST"] = "localhost"
    return request


@pytest.mark.parametrize(
    "name", sorted({file.name.rpartition("_")[0] for file in THEIRS.glob("email/*_message.txt")} - {"base"})
)
def test_each_mail_can_be_written(name: str) -> None:
    values = {
        "email": "a@harbour.example",
        "user_display": "<A & B>",
        "code": "1234",
        "activate_url": "http://localhost:8008/a",
        "password_reset_url": "http://localhost:8008/b",
        "from_email": "a@harbour.example",
        "to_email": "b@harbour.example",
        "deleted_email": "c@harbour.example",
    }
    if (THEIRS / "email" / f"{name}_subject.txt").exists():
        subject = get_template(f"account/email/{name}_subject.txt").render(values)
        assert len(subject.strip().splitlines()) == 1
        body = get_template(f"account/email/{name}_message.txt").render(values, _request())
        assert "Daily8 · http://localhost:8008" in body
        assert "&lt;" not in body
