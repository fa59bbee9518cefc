"""Accounts made from the command line."""

from __future__ import annotations

import pytest

from daily8.store import readers
from daily8.store.models import Reader

pytestmark = pytest.mark.django_db
GOOD = "eleven grey herons"


def test_an_account_stands_once_whatever_the_case_of_its_address() -> None:
    readers.create("Editor@Example.org", GOOD, role="admin")
    assert readers.any_admin()
    assert Reader.objects.get().email == "editor@example.org"
    with pytest.raises(readers.ReaderRefused, match="already"):
        readers.create("editor@example.org", GOOD, role="reader")


@pytest.mark.parametrize(
    ("email", "password", "role", "says"),
    [
        ("nobody", GOOD, "reader", "valid email"),
        ("a@example.org", "short", "reader", "too short"),
        ("a@example.org", GOOD, "queen", "no role 'queen'"),
    ],
)
def test_what_cannot_be_an_account_is_refused(email: str, password: str, role: str, says: str) -> None:
    with pytest.raises(readers.ReaderRefused, match=says):
        readers.create(email, password, role=role)
    assert not Reader.objects.exists()
