"""The pages, asked for by Django's client on the real database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from daily8.store.models import Article
from tests import newsroom as rows
from tests.newsroom import Newsroom


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    """Forget how often somebody tried to sign in."""
    cache.clear()


class Closing(Client):
    """A client that reads every answer to its end, which closes its file, as a server does."""

    def request(self, **request: Any) -> Any:
        response: Any = super().request(**request)
        if response.streaming:
            response.body = b"".join(response.streaming_content)
        return response


@pytest.fixture
def client() -> Client:
    return Closing()


@pytest.fixture
def media(tmp_path: Path, settings: object) -> Path:
    """An empty media folder."""
    settings.MEDIA_FOLDER = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def newsroom(db: None) -> Newsroom:
    """Three publishers, 48 English articles and 8 Arabic ones."""
    room = rows.found()
    for number in range(2, 42):
        room.publish(number)
    for number in range(2, 10):
        room.publish(number, arabic=True)
    for number in range(2, 10):
        room.publish(number, source=room.other)
    return room


@pytest.fixture
def article(newsroom: Newsroom, media: Path) -> Article:
    """An article with every kind of block, seventeen minutes old."""
    made = newsroom.publish(
        17,
        key="https://harbour.example/whole",
        title="Ferry returns after 3-day storm",
        dek="Nobody was hurt, and the harbour is open again.",
        authors=["Maeve Byrne", "Tom Quay"],
        image={
            "url": "https://harbour.example/whole.jpg",
            "alt": "A ferry",
            "caption": "The ferry",
            "credit": "Quay",
        },
        url="https://harbour.example/whole?from=feed",
        canonical_url="https://harbour.example/whole",
        updated_at=newsroom.now,
    )
    newsroom.text(made, *rows.every_block())
    newsroom.picture(made, media=media)
    newsroom.picture(made, url="https://harbour.example/quay.jpg", lead=False, media=media)
    return made


@pytest.fixture
def signed_in(client: Client, db: None) -> Client:
    """A client whose reader has signed in."""
    client.force_login(rows.reader(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def editor(client: Client, db: None) -> Client:
    """A client whose reader is of the staff."""
    client.force_login(rows.reader("editor"), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
