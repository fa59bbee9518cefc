"""Stored HTML goes through a newer policy text by text: no word is lost, and nothing holds up the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from daily8.net.cage import Cage
from daily8.net.outside import Outside
from daily8.news.sanitise import POLICY_VERSION
from daily8.pipeline import cleaning
from daily8.pipeline.threads import StoreThreads
from daily8.store import rereading as stored
from daily8.store.models import Article, Revision
from tests.pipeline.test_listing import subscribe
from tests.sites import TITLES, XML, Sites, article, feed, open_sites

pytestmark = pytest.mark.django_db(transaction=True)

HOME = "www.harbour.example/"
BAD = '<p onclick="a()">Fine &amp; <b>dry</b>.</p>'
HUGE = "<p onclick='a()'>Late &amp; wet.</p>" + "<a href=x>b" * 20_000


@pytest.fixture
def there(transactional_db: None, cage: Cage) -> Iterator[Sites]:
    """A publisher of two articles, all of whose HTML went through an older policy."""
    with open_sites(cage) as found:
        for n in (1, 2):
            found.put(f"{HOME}{n}", article(TITLES[n]))
        found.put(f"{HOME}feed.xml", feed(*((f"http://{HOME}{n}", TITLES[n]) for n in (1, 2))), XML)
        subscribe(found, f"http://{HOME}feed.xml")
        found.drain()
        Article.objects.update(policy=POLICY_VERSION - 1, summary=BAD, content=BAD)
        old = [{"type": "paragraph", "html": BAD}, {"type": "rule"}]
        aside = [{"at": 2, "mark": "m", "block": {"type": "paragraph", "html": BAD}}]
        Revision.objects.update(
            blocks=old, aside=aside, digest="old", recipe="daily8-extract/9 policy 0 rules 3"
        )
        yield found


def clean(there: Sites, **limits: float) -> None:
    """Sanitise again what is due, in a cage of narrow limits."""

    async def call(world: Outside) -> None:
        store = StoreThreads(2)
        try:
            narrow = replace(world, cage=world.cage.within(**limits))  # type: ignore[arg-type]
            await cleaning.drain(narrow, store, asyncio.Event())
        finally:
            store.close()

    there.run(call)


def test_all_that_is_stored_of_an_article_is_cleaned_and_says_so(there: Sites) -> None:
    clean(there)
    for revision in Revision.objects.all():
        assert revision.blocks[0]["html"] == "Fine &amp; <b>dry</b>."
        assert revision.aside[0]["block"]["html"] == "Fine &amp; <b>dry</b>."
        assert revision.recipe == f"daily8-extract/9 policy {POLICY_VERSION} rules 3"
    assert not stored.any_older_policy()


def test_what_cannot_be_sanitised_becomes_plain_text_alone(there: Sites) -> None:
    first, second = Article.objects.order_by("id")
    Article.objects.filter(id=first.id).update(content=HUGE)
    clean(there, cpu_seconds=0.3)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.content.startswith("Late &amp; wet. b")
    assert first.content.count("b") == 20_000
    assert first.summary == second.summary == second.content == "<p>Fine &amp; <b>dry</b>.</p>"
    assert first.policy == second.policy == POLICY_VERSION
    assert {row.blocks[0]["html"] for row in Revision.objects.all()} == {"Fine &amp; <b>dry</b>."}


def test_blocks_that_cannot_be_sanitised_keep_their_words(there: Sites) -> None:
    row = Revision.objects.order_by("article_id")[0]
    Revision.objects.filter(id=row.id).update(
        blocks=[{"type": "list", "items": ["<b>One</b>", HUGE], "ordered": False}, *row.blocks]
    )
    clean(there, cpu_seconds=0.3)
    blocks = Revision.objects.get(id=row.id).blocks
    assert [item[:14] for item in blocks[0]["items"]] == ["One", "Late &amp; wet"]
    assert blocks[1]["html"] == "Fine &amp; <b>dry</b>."
    assert not stored.any_older_policy()


def test_a_cage_that_does_nothing_leaves_all_as_it_is(there: Sites) -> None:
    clean(there, wall_seconds=0.000_001)
    assert Article.objects.filter(policy__lt=POLICY_VERSION, content=BAD).count() == 2


def test_an_article_of_which_a_text_changed_meanwhile_stays_due(there: Sites) -> None:
    [old, *_] = stored.older_policy(2)
    Revision.objects.filter(article=old.article).update(blocks=[{"type": "rule"}])
    stored.record_cleaned([(old, replace(old, summary="s", content="c"))])
    row = Article.objects.get(id=old.article)
    assert (row.summary, row.content, row.policy) == ("s", "c", POLICY_VERSION - 1)
    assert Revision.objects.get(article=row).blocks == [{"type": "rule"}]
    assert next(one.article for one in stored.older_policy(2)) == old.article
    assert old.article not in [one.article for one in stored.older_policy(2, after=old.article)]
