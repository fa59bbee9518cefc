"""The stage *embed*: what is due gets its vectors, whatever providers do and whoever dies."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
from django.db import connection

from daily8.ai.models import ModelUnusable
from daily8.ai.ports import Embedder, ProviderFailed, Purpose, Recipe, Setup, Vectors
from daily8.ai.registry import open_embedder
from daily8.pipeline import embedding, upkeep
from daily8.pipeline.embedding import Hands, drain
from daily8.pipeline.threads import StoreThreads
from daily8.store import vectors
from daily8.store.models import Article, Embedding, Vector
from daily8.store.sources import NewSource, add
from tests.ai.endpoint import Endpoint, endpoint
from tests.store.conftest import NOW, new_source

pytestmark = pytest.mark.django_db(transaction=True)


Publish = Callable[..., list[Article]]


class Counted:
    """A provider that gives vectors of its own, counts what it is asked, and fails as it is told."""

    def __init__(self, name: str = "counted", languages: frozenset[str] | None = None) -> None:
        self.recipe = Recipe(name, "1", 4)
        self.languages = languages
        self.asked: list[str] = []
        self.calls: list[int] = []
        self.fault: Callable[[Sequence[str]], None] = lambda texts: None

    def embed(self, texts: Sequence[str], purpose: Purpose = "passage") -> Vectors:
        self.calls.append(len(texts))
        self.fault(texts)
        self.asked += texts
        found = np.zeros((len(texts), 4), np.float32)
        found[:, 0] = 1
        return found


def lexical() -> Embedder:
    return open_embedder("lexical", Path())


@pytest.fixture
def publish(transactional_db: None) -> Publish:
    """Bring articles of a source, told of as those who write them do."""
    wanted: NewSource = new_source()
    add([wanted], due={wanted.key: NOW})

    def bring(*titles: str, language: str = "en") -> list[Article]:
        from daily8.store.models import Source

        source = Source.objects.get()
        rows = [
            Article.objects.create(
                publisher=source.publisher,
                source=source,
                key=f"{title} {language}",
                title=title,
                language=language,
                published_at=NOW,
                arrived_at=NOW,
                excerpt="Nobody minded.",
            )
            for title in titles
        ]
        vectors.tell(row.id for row in rows)
        return rows

    return bring


def run(hands: Hands, *, at: timedelta = timedelta(), stopping: asyncio.Event | None = None) -> int:
    async def go() -> int:
        store = StoreThreads(2)
        try:
            return await drain(hands, store, stopping or asyncio.Event(), lambda: NOW + at)
        finally:
            store.close()

    return asyncio.run(go())


def recipes(row: Article) -> set[str]:
    return {
        key.split()[0] for key in Vector.objects.filter(article=row).values_list("recipe__recipe", flat=True)
    }


def test_each_article_is_embedded_once_by_the_first_that_speaks_its_language(
    publish: Publish,
) -> None:
    english, arabic = publish("Ferry late", "Bread dear"), publish("تأخر العبارة", language="ar")
    speaker = Counted(languages=frozenset({"en"}))
    hands = Hands([lambda: speaker, lexical])
    assert run(hands) == 3
    assert run(hands) == 0
    assert sorted(speaker.asked) == ["Bread dear. Nobody minded", "Ferry late. Nobody minded"]
    assert [recipes(row) for row in (*english, *arabic)] == [{"counted"}, {"counted"}, {"lexical"}]


def test_texts_of_like_length_go_together_and_no_call_is_large(publish: Publish) -> None:
    publish(*(f"Ferry {'very ' * (n % 7)}late {n}" for n in range(70)))
    speaker = Counted()
    assert run(Hands([lambda: speaker])) == 70
    assert speaker.calls == [32, 32, 6]
    lengths = [len(text) for text in speaker.asked]
    assert all(lengths[a:b] == sorted(lengths[a:b]) for a, b in ((0, 64), (64, 70)))


def test_a_model_is_changed_in_the_background_and_the_old_serves_meanwhile(publish: Publish) -> None:
    old, new = Counted("old"), Counted("new")
    rows = publish(*(f"Number {number}" for number in range(140)))
    assert run(Hands([lambda: old])) == 140
    stopping = asyncio.Event()

    def stop(texts: Sequence[str]) -> None:
        if len(new.calls) == 3:
            stopping.set()

    new.fault = stop
    changed = Hands([lambda: new], {"old": lambda: old})
    assert run(changed, stopping=stopping) == 64
    assert serving() == ([old.recipe.key], [new.recipe.key])
    assert len(vectors.nearest_to(rows[0].id, 200)) == 139  # the old serves all, whatever the new one lacks
    fresh = publish("Fresh")[0]
    assert run(changed) == 140 - 64 + 1
    assert serving() == ([new.recipe.key], [new.recipe.key])
    assert len(vectors.nearest_to(fresh.id, 200)) == 140
    asked = len(new.asked)
    assert run(changed) == 0
    assert len(new.asked) == asked == 141 + 32  # what it had embedded when it was stopped, it embeds again


def serving() -> tuple[list[str], list[str]]:
    found = vectors.plans()
    assert found is not None
    both = (found.serving, found.wanted)
    first, second = ([part.made.recipe for part in plan.parts] for plan in both)
    return first, second


def test_new_articles_are_found_by_the_old_recipe_too_while_it_serves(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "SHARE", 2.0)  # never enough: it goes on serving
    old, new = Counted("old"), Counted("new")
    publish("One")
    run(Hands([lambda: old]))
    fresh = publish("Two")[0]
    assert run(Hands([lambda: new], {"old": lambda: old})) == 2
    assert recipes(fresh) == {"old", "new"}
    gone = publish("Three")[0]
    assert run(Hands([lambda: new])) == 1
    assert recipes(gone) == {"new"}


def test_a_provider_that_fails_rests_and_nothing_is_lost(publish: Publish) -> None:
    publish("One", "Two")
    speaker = Counted()
    hands = Hands([lambda: speaker])

    def busy(texts: Sequence[str]) -> None:
        raise ProviderFailed("It is busy.", passing=True, after=90)

    speaker.fault = busy
    assert run(hands) == 0
    assert vectors.progress().cause == "It is busy."
    assert Embedding.objects.filter(plan=0, claim_token=None).count() == 2
    assert run(hands, at=timedelta(seconds=60)) == 0
    assert speaker.calls == [2]  # it was left alone
    speaker.fault = lambda texts: None
    assert run(hands, at=timedelta(seconds=91)) == 2
    assert vectors.progress().cause == ""


def test_one_text_that_is_refused_does_not_hold_the_others(publish: Publish) -> None:
    poison = publish("One", "Poison", "Three")[1]
    speaker = Counted()

    def refuse(texts: Sequence[str]) -> None:
        if any("Poison" in text for text in texts):
            raise ProviderFailed("It refuses this text.", passing=False)

    speaker.fault = refuse
    hands = Hands([lambda: speaker])
    assert run(hands) == 3
    assert Vector.objects.count() == 2
    assert Embedding.objects.get(article=poison).cause == "It refuses this text."
    vectors.tell([poison.id])  # and alone it is no trouble of the provider's
    assert run(hands) == 1
    assert vectors.progress().cause == ""


def test_a_provider_that_refuses_all_is_a_trouble_and_sets_nothing_aside(
    publish: Publish,
) -> None:
    publish("One", "Two")
    speaker = Counted()

    def refuse(texts: Sequence[str]) -> None:
        raise ProviderFailed("It refuses the key.", passing=False)

    speaker.fault = refuse
    assert run(Hands([lambda: speaker])) == 0
    assert speaker.calls == [2, 1]  # it is not asked for each text
    assert (vectors.progress().cause, vectors.progress().aside) == ("It refuses the key.", 0)


def test_a_provider_that_cannot_be_opened_is_told_and_tried_again(
    publish: Publish,
) -> None:
    publish("One")
    ready = threading.Event()

    def opens() -> Embedder:
        if not ready.is_set():
            raise ModelUnusable("There is no folder.")
        return Counted()

    hands = Hands([opens])
    assert run(hands) == 0
    assert vectors.progress().cause == "There is no folder."
    ready.set()
    assert run(hands) == 0  # it rests
    assert run(hands, at=timedelta(seconds=31)) == 1
    assert vectors.progress().cause == ""


def test_what_is_new_is_embedded_by_what_serves_while_the_wanted_cannot_be_opened(publish: Publish) -> None:
    publish("One")
    old, new = Counted("old"), Counted("new")
    run(Hands([lambda: old]))
    ready = threading.Event()

    def opens() -> Embedder:
        if not ready.is_set():
            raise ModelUnusable("There is no folder.")
        return new

    hands = Hands([opens], {"old": lambda: old})
    first = publish("Two")[0]
    assert run(hands) == 1  # it was found out just now
    second = publish("Three")[0]
    assert run(hands, at=timedelta(seconds=5)) == 1  # it rests
    assert [recipes(row) for row in (first, second)] == [{"old"}, {"old"}]
    assert vectors.progress().cause == "There is no folder."
    asked = len(old.asked)
    assert run(hands, at=timedelta(seconds=6)) == 0
    assert len(old.asked) == asked
    ready.set()
    assert run(hands, at=timedelta(seconds=31)) == 3
    assert [recipes(row) for row in (first, second)] == [{"old", "new"}] * 2
    assert serving() == ([new.recipe.key], [new.recipe.key])


def test_what_is_new_is_embedded_by_what_serves_while_the_wanted_gives_nothing(publish: Publish) -> None:
    publish(*(f"Number {number}" for number in range(3)))
    old, new = Counted("old"), Counted("new")
    run(Hands([lambda: old]))

    def busy(texts: Sequence[str]) -> None:
        raise ProviderFailed("It is busy.", passing=True)

    new.fault = busy
    hands = Hands([lambda: new], {"old": lambda: old})
    assert run(hands) == 0
    fresh = publish("Fresh")[0]
    asked = len(new.asked)
    assert run(hands, at=timedelta(seconds=5)) == 1
    assert recipes(fresh) == {"old"}
    assert len(new.asked) == asked
    new.fault = lambda texts: None
    assert run(hands, at=timedelta(seconds=31)) == 4
    assert recipes(fresh) == {"old", "new"}


def test_what_serves_is_left_alone_where_not_all_of_it_is_at_hand(publish: Publish) -> None:
    publish("One")
    run(Hands([lambda: Counted("old"), lexical]))
    publish("Two")

    def opens() -> Embedder:
        raise ModelUnusable("There is no folder.")

    assert run(Hands([opens], {"lexical": lexical})) == 0
    assert Embedding.objects.filter(plan=0, claim_token=None).count() == 1


def test_a_worker_of_older_settings_embeds_nothing(publish: Publish) -> None:
    old, new = Counted("old"), Counted("new")
    first, second = Hands([lambda: old]), Hands([lambda: new])
    publish("One")
    run(first)
    run(second)
    publish("Two")
    asked = len(old.asked)
    assert run(first) == 0
    assert len(old.asked) == asked
    assert run(second) == 1


def test_an_article_that_changes_while_it_is_embedded_stays_due(
    publish: Publish,
) -> None:
    row = publish("One")[0]
    speaker = Counted()

    def change(texts: Sequence[str]) -> None:
        if texts[0].startswith("One"):
            worker = threading.Thread(target=_retitle, args=(row,))
            worker.start()
            worker.join()

    speaker.fault = change
    run(Hands([lambda: speaker]))
    assert speaker.asked == ["One. Nobody minded", "Another. Nobody minded"]
    assert Vector.objects.count() == 1


def _retitle(row: Article) -> None:
    Article.objects.filter(id=row.id).update(title="Another")
    vectors.tell([row.id])
    connection.close()


@pytest.fixture
def there() -> Iterator[Endpoint]:
    with endpoint() as found:
        yield found


def test_an_endpoint_serves_after_it_was_down(publish: Publish, there: Endpoint) -> None:
    publish("Ferry late", "Bread dear")
    there.faults = [lambda texts, rows: (503, {}, {"Retry-After": "60"})]
    setup = Setup(Path(), 1, there.options(), there.reach, there.waits.append)
    hands = Hands([lambda: open_embedder("openai", Path(), setup=setup)])
    assert run(hands) == 0
    assert "answers with the status 503" in vectors.progress().cause
    assert run(hands, at=timedelta(seconds=61)) == 2
    assert Vector.objects.count() == 2


WORKER = """
import asyncio, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "daily8.conf.settings"
import django
django.setup()
from tests.pipeline.test_embedding import Counted, Hands, run
def die(texts):
    print("claimed", flush=True)
    os.kill(os.getpid(), 9)
speaker = Counted()
speaker.fault = die
run(Hands([lambda: speaker]))
"""


def test_what_a_killed_worker_held_is_due_when_its_lease_ends(publish: Publish) -> None:
    publish("One", "Two")
    described = connection.settings_dict
    where = urlencode({"host": described["HOST"], "user": described["USER"] or "postgres"})
    url = f"postgresql:///{described['NAME']}?{where}"
    killed = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WORKER],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.stdout == "claimed\n", killed.stderr
    hands = Hands([lambda: Counted()])
    assert run(hands) == 0
    assert run(hands, at=embedding.LEASE) == 2
    assert not Embedding.objects.exclude(claim_token=None).exists()


def test_the_tick_wakes_the_stage_where_something_is_due(publish: Publish) -> None:
    def waiting() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'embed'")
            return int(cursor.fetchone()[0])

    upkeep.tick(NOW, embeds=True)
    assert waiting() == 0
    publish("One")
    upkeep.tick(NOW)
    assert waiting() == 0
    upkeep.tick(NOW, embeds=True)
    upkeep.tick(NOW, embeds=True)
    assert waiting() == 1
