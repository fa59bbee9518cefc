"""What editors do with a source by hand: ask it now, pause it, resume it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from daily8.store import sources
from daily8.store.models import Errand, Poll, Source, Subscription
from tests.newsroom import Newsroom
from tests.web.reading import text, texts, tree


def steer(client: Client, source: Source, word: str, prefix: str = "") -> str:
    response = client.post(f"{prefix}/console/sources/{source.id.hex}/steer", {"word": word})
    assert response.status_code == 302
    return str(response["Location"])


def test_only_editors_see_and_may(signed_in: Client, newsroom: Newsroom) -> None:
    address = f"/sources/{newsroom.english.id.hex}"
    stranger = Client()
    for reader in (stranger, signed_in):
        assert not tree(reader.get(address)).xpath('//form[@class="steering"]')
    assert "/accounts/login/" in stranger.post(f"/console{address}/steer", {"word": "pause"})["Location"]
    assert signed_in.post(f"/console{address}/steer", {"word": "pause"}).status_code == 404
    newsroom.english.refresh_from_db()
    assert newsroom.english.state != "paused"


def test_a_source_is_asked_now_but_not_twice_in_five_minutes(editor: Client, newsroom: Newsroom) -> None:
    source = newsroom.english
    Poll.objects.filter(source=source).update(
        fetched_at=newsroom.now - timedelta(days=1), next_at=newsroom.now + timedelta(days=1)
    )
    page = tree(editor.get(steer(editor, source, "ask")))
    assert text(page, '//p[@role="status"]') == "It is being asked now."
    poll = Poll.objects.get(source=source)
    assert poll.next_at is not None
    assert poll.next_at < newsroom.now + timedelta(days=1)
    Poll.objects.filter(source=source).update(fetched_at=poll.next_at)
    page = tree(editor.get(steer(editor, source, "ask", "/ar")))
    assert text(page, '//p[@role="status"]').startswith("لم يُسأل")


def test_a_paused_source_is_asked_no_more_until_it_is_resumed(editor: Client, newsroom: Newsroom) -> None:
    source = newsroom.english
    Source.objects.filter(id=source.id).update(state="active")
    pushes = Subscription.objects.create(
        source=source,
        hub="http://hub.example/",
        topic=source.url,
        token="t" * 43,
        secret="s",
        state="active",
        lease_until=newsroom.now + timedelta(days=9),
    )
    pushes.refresh_from_db()
    Errand.objects.create(kind="hub", subject=pushes.id, host="hub.example", due_at=newsroom.now)
    page = tree(editor.get(steer(editor, source, "pause")))
    assert texts(page, '//form[@class="steering"]//button') == ["Resume"]
    assert sources.refresh([source.id], newsroom.now, not_since=newsroom.now) == 0
    assert Subscription.objects.get(id=pushes.id).state == "leaving"
    Poll.objects.filter(source=source).update(succeeded_at=newsroom.now)
    page = tree(editor.get(steer(editor, source, "resume")))
    assert texts(page, '//form[@class="steering"]//button') == ["Ask now", "Pause"]
    source.refresh_from_db()
    assert source.state == "active"


@pytest.mark.parametrize("word", ["", "delete"])
def test_other_words_are_refused(editor: Client, newsroom: Newsroom, word: str) -> None:
    path = f"/console/sources/{newsroom.english.id.hex}/steer"
    assert editor.post(path, {"word": word}).status_code == 400
    assert editor.get(path).status_code == 405


@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_an_editor_lets_a_source_count_for_more(editor: Client, newsroom: Newsroom, prefix: str) -> None:
    source = newsroom.english
    path = f"{prefix}/console/sources/{source.id.hex}/weight"
    answer = editor.post(path, {"weight": "most"})
    page = tree(editor.get(answer["Location"]))
    assert text(page, '//select[@name="weight"]/option[@selected]') == (
        "وزنه الأكبر" if prefix else "counts most"
    )
    source.refresh_from_db()
    assert source.weight == 4.0
    assert editor.post(path, {"weight": "9"}).status_code == 400


def test_only_editors_weigh(signed_in: Client, newsroom: Newsroom) -> None:
    path = f"/console/sources/{newsroom.english.id.hex}/weight"
    assert "/accounts/login/" in Client().post(path, {"weight": "most"})["Location"]
    assert signed_in.post(path, {"weight": "most"}).status_code == 404
    newsroom.english.refresh_from_db()
    assert newsroom.english.weight == 1.0
    assert not tree(signed_in.get(f"/sources/{newsroom.english.id.hex}")).xpath('//select[@name="weight"]')
