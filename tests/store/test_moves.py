"""Sources that move, and two that turn out to be one: nothing is lost, and old addresses still lead there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from daily8.store import moves, sources
from daily8.store.models import (
    Alias,
    Article,
    Delivery,
    Entry,
    Fetch,
    Poll,
    Source,
    Subscription,
)
from daily8.store.moves import Home
from tests.store.conftest import NOW, new_source

HOME = Home("https://new.example/feed", "https://new.example/feed", "new.example")
pytestmark = pytest.mark.django_db


def add(name: str, at: float = 0, **values: object) -> Source:
    """Add a source some days ago."""
    wanted = new_source(name, **values)
    sources.add([wanted], due={wanted.key: NOW})
    Source.objects.filter(key=wanted.key).update(added_at=NOW - timedelta(days=at))
    return Source.objects.get(key=wanted.key)


def write(source: Source, *keys: str) -> None:
    """Give a source entries with an article each."""
    for key in keys:
        article = Article.objects.create(
            publisher=source.publisher,
            source=source,
            key=f"{source.id} {key}",
            url="",
            title=key,
            language="en",
            published_at=NOW,
            arrived_at=NOW,
        )
        Entry.objects.create(source=source, key=key, article=article, digest="1", seen_at=NOW)


def move(source: Source) -> None:
    with transaction.atomic():
        moves.move(source.id, HOME, NOW)


def test_a_moved_source_is_found_and_added_by_its_old_address_too() -> None:
    post = add("post")
    move(post)
    post.refresh_from_db()
    assert (post.url, post.key, post.host) == (HOME.url, HOME.key, HOME.host)
    old = new_source("post", folders=(("Sea",),))
    for address in (old.url, HOME.url, f"{old.url}?utm_source=x", str(post.id)):
        assert sources.find(address) == post.id
    added = sources.add([old], due={old.key: NOW})
    assert (added.new, added.known) == ((), (old.key,))
    post.refresh_from_db()
    assert post.folders == [["Sea"]]
    both = [old, new_source("new", url=HOME.url, key=HOME.key)]
    assert sources.add(both, due={source.key: NOW for source in both}).new == ()
    assert Source.objects.count() == 1


def test_a_source_that_comes_back_has_its_address_again() -> None:
    post = add("post")
    old = Home(post.url, post.key, post.host)
    move(post)
    with transaction.atomic():
        moves.move(post.id, old, NOW)
    post.refresh_from_db()
    assert post.key == old.key
    assert list(Alias.objects.values_list("key", flat=True)) == [HOME.key]


@pytest.mark.parametrize("older", ["mine", "other"])
def test_two_that_are_one_become_the_older_with_all_that_both_had(older: str) -> None:
    mine = add("post", at=9 if older == "mine" else 1, folders=(("Sea",),), title="Post")
    other = add("new", at=5, url=HOME.url, key=HOME.key, folders=(("Sea",), ("Land",)), rights="full")
    write(mine, "a", "b")
    write(other, "b", "c")
    for source in (mine, other):
        Fetch.objects.create(source=source, at=NOW)
    Delivery.objects.create(source=other, kind="pushed", body=b"x", arrived_at=NOW)
    Alias.objects.create(key="https://older.example/", source=other, since=NOW)
    Subscription.objects.create(source=other, hub="h", topic="t", token="1", secret="s")
    Poll.objects.filter(source=mine).update(etag='"mine"')
    Source.objects.filter(id=mine.id).update(state=Source.State.ACTIVE)
    move(mine)

    kept = Source.objects.get()
    assert kept.id == (mine if older == "mine" else other).id
    assert (kept.url, kept.key, kept.host) == (HOME.url, HOME.key, HOME.host)
    assert (kept.title, kept.rights, kept.state) == ("Post", "full", "active")
    assert sorted(map(tuple, kept.folders)) == [("Land",), ("Sea",)]
    assert sorted(kept.entries.values_list("key", flat=True)) == ["a", "b", "c"]
    assert Article.objects.filter(source=kept).count() == 4
    assert Poll.objects.get(source=kept).etag == '"mine"'  # of the document that was just fetched
    assert (kept.fetches.count(), kept.deliveries.count(), kept.subscription.topic) == (2, 1, "t")
    assert sources.find("https://post.example/feed.xml") == kept.id
    assert sources.find("https://older.example/") == kept.id


def test_who_moves_to_where_a_part_lives_stays_a_source() -> None:
    index = add("index", at=9)
    part = add("new", at=5, url=HOME.url, key=HOME.key)
    Source.objects.filter(id=part.id).update(parent=index)
    mine = add("post", at=1)
    move(mine)
    kept = Source.objects.get(key=HOME.key)
    assert (kept.id, kept.parent_id) == (part.id, None)


def test_all_that_hangs_on_a_source_goes_over() -> None:
    """Who adds a table that points to sources says here, and in `moves`, what becomes of it in a merger."""
    tables = {relation.related_model for relation in Source._meta.related_objects}
    assert tables == {Article, Entry, Fetch, Delivery, Alias, Poll, Subscription, Source}
