"""Files of pictures go when nobody shows them any more, and not before that is certain."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from daily8.store import hosts, pictures
from daily8.store.hosts import DuePicture
from daily8.store.models import Article, ArticlePicture, Picture
from daily8.store.pictures import PictureResult
from tests.store.conftest import NOW

URL = "https://post.example/1.jpg"


@pytest.fixture
def shown(article: Callable[..., Article], tmp_path: Path, settings: Any) -> tuple[Article, Path]:
    """An article with a picture, and the file of that."""
    settings.MEDIA_FOLDER = tmp_path
    row, picture = article(1), Picture.objects.create(url=URL, widths=[320])
    ArticlePicture.objects.create(article=row, picture=picture, lead=True, recipe="r")
    file = pictures.path(picture.id, 320)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"picture")
    return row, file


@pytest.mark.django_db(transaction=True)
def test_files_stay_where_the_transaction_is_undone(shown: tuple[Article, Path]) -> None:
    row, file = shown
    with transaction.atomic():
        pictures.forget(row.id)
        assert not Picture.objects.exists()
        transaction.set_rollback(True)
    assert file.exists()
    assert Picture.objects.get().widths == [320]
    pictures.forget(row.id)
    assert not file.exists()
    assert not Picture.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_picture_that_another_article_takes_at_this_moment_is_kept(
    shown: tuple[Article, Path], article: Callable[..., Article]
) -> None:
    row, file = shown
    other = article(2)
    held = Event()

    def show() -> None:
        with closing(connection), transaction.atomic():
            picture = Picture.objects.select_for_update().get()
            ArticlePicture.objects.create(article=other, picture=picture, lead=True, recipe="r")
            held.set()
            _until_somebody_waits()

    thread = Thread(target=show)
    thread.start()
    assert held.wait(10)
    pictures.forget(row.id)
    thread.join()
    assert ArticlePicture.objects.get().article_id == other.id
    assert file.exists()


def _until_somebody_waits() -> None:
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute("SELECT pg_sleep(0.05), EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
            if cursor.fetchone()[1]:
                return
    raise AssertionError("nobody came to wait")


@pytest.mark.django_db(transaction=True)
def test_no_file_is_left_of_a_picture_that_was_forgotten_while_it_was_fetched(
    shown: tuple[Article, Path],
) -> None:
    row, file = shown
    told = pictures.keep(row.id, [URL], lead=URL, now=NOW)
    hosts.tell(told)
    [claim] = hosts.claim(NOW, lease=timedelta(minutes=3))
    [due] = [due for due in claim.due if isinstance(due, DuePicture)]
    pictures.forget(row.id)
    result = PictureResult(320, 200, "#336699", {320: b"picture"}, "r")
    pictures.record(claim, due, result, now=NOW, lease=timedelta(minutes=3))
    assert not file.exists()
