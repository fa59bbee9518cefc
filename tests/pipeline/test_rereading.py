"""Pages that are kept: read again by other recipes and other rules, and never fetched for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from daily8.net.cage import Cage
from daily8.net.outside import Outside
from daily8.news.blocks import block_text
from daily8.news.repair import GENERATION, BadRules, Rules, checked, is_like
from daily8.news.sanitise import POLICY_VERSION
from daily8.news.types import Entry, block_from_json
from daily8.pipeline import rereading, upkeep
from daily8.pipeline.threads import StoreThreads
from daily8.store import kept, repeats, sites
from daily8.store import rereading as stored
from daily8.store.models import Article, EdgeBlock, Errand, Host, KeptPage, RepeatedBlock, Revision, SiteRules
from tests.pipeline.test_listing import later, subscribe
from tests.sites import NOW, TITLES, XML, Sites, article, feed, open_sites

pytestmark = pytest.mark.django_db(transaction=True)

HOME = "www.harbour.example/"
BOX = "Follow the Harbour Post on all channels."
ARABIC_BOX = "تابعوا صحيفة الميناء على جميع المنصات."


def page(number: int, *, box: str = BOX, day: int = 20) -> str:
    """Write the page of an article whose end its site repeats."""
    head = f'<meta property="article:published_time" content="2026-11-{day}T08:00:00Z">'
    return (
        article(TITLES[number % 8], head=head)
        .replace(" tells", f" of {number} tells")
        .replace("</article>", f"<p>{box}</p></article>")
    )


@pytest.fixture
def there(transactional_db: None, cage: Cage) -> Iterator[Sites]:
    """A publisher with a feed of one article."""
    with open_sites(cage) as found:
        publish(found, 1)
        subscribe(found, f"http://{HOME}feed.xml")
        yield found


def publish(there: Sites, *numbers: int, **said: Any) -> None:
    """Let a publisher have these articles in its feed."""
    for number in numbers:
        there.put(f"{HOME}{number}", page(number, **said))
    there.put(f"{HOME}feed.xml", feed(*((f"http://{HOME}{n}", TITLES[n % 8]) for n in numbers)), XML)


def reread(there: Sites, *, wall_seconds: float = 10) -> int:
    """Read again what is due, each in so many seconds; give the number of pages."""

    async def call(world: Outside) -> int:
        store = StoreThreads(2)
        try:
            narrow = replace(world, cage=world.cage.within(wall_seconds=wall_seconds))
            return await rereading.drain(narrow, store, asyncio.Event())
        finally:
            store.close()

    return there.run(call)


def texts(number: int = 1) -> list[str]:
    """Give what is shown of an article."""
    newest = Revision.objects.filter(article__url__endswith=f"/{number}").order_by("-number")[0]
    return [block_text(block_from_json(block)) for block in newest.blocks]


def say(**said: tuple[str, ...]) -> Rules:
    return checked("harbour.example", "", said)


def test_a_page_is_kept_once_it_was_read(there: Sites) -> None:
    there.drain()
    row = KeptPage.objects.get()
    assert (row.domain, row.url, row.generation) == ("harbour.example", f"http://{HOME}1", GENERATION)
    assert row.size == len(row.body) > 100
    assert row.said["title"] == TITLES[1]
    quality = Article.objects.get().quality
    assert quality is not None
    assert quality["witness"] == "page"
    assert row.score == quality["score"]
    assert reread(there) == 0


def test_a_newer_recipe_reads_it_again_and_changes_the_text_in_place(there: Sites) -> None:
    there.drain()
    asked = len(there.asked())
    updated_at = Article.objects.get().updated_at
    KeptPage.objects.update(generation=GENERATION - 1)
    Article.objects.update(title="As the old recipe had it")
    Revision.objects.update(blocks=[{"type": "paragraph", "html": "Old."}], recipe="old", digest="old")
    assert reread(there) == 1
    assert len(texts()) == 7
    row, revision = Article.objects.get(), Revision.objects.get()
    assert (revision.number, revision.recipe) == (1, row.quality["recipe"] if row.quality else "")
    assert row.title == revision.title == TITLES[1]  # what an old recipe gave is no witness
    assert row.updated_at == updated_at
    assert len(there.asked()) == asked
    assert reread(there) == 0


def test_an_unchanged_page_that_is_fetched_after_an_update_is_no_change_by_its_publisher(
    there: Sites,
) -> None:
    there.drain()
    KeptPage.objects.update(generation=GENERATION - 1)
    Revision.objects.update(blocks=[{"type": "paragraph", "html": "Old."}], digest="old")
    Errand.objects.filter(kind="page").update(verdict=None, due_at=there.moment)
    Host.objects.update(next_at=there.moment)
    there.drain()
    assert len(there.asked(f"{HOME}1")) == 2
    assert [revision.number for revision in Revision.objects.all()] == [1]
    assert len(texts()) == 7


def test_rules_take_effect_on_stored_pages_and_can_be_taken_back(there: Sites) -> None:
    there.drain()
    asked = len(there.asked())
    assert sites.save(say(remove=("p:first-child", "h1"), drop=("Follow *",)), by="Orla", now=NOW) == 1
    assert reread(there) == 1
    assert len(texts()) == 6
    quality = Article.objects.get().quality
    assert quality is not None
    assert " rules " in quality["recipe"]
    assert sites.undo("harbour.example", "", by="Orla", now=NOW)
    assert reread(there) == 1
    assert len(texts()) == 7
    assert len(there.asked()) == asked
    assert Revision.objects.count() == 1


def test_rules_that_change_while_a_page_is_read_fence_it_off(there: Sites) -> None:
    there.drain()
    KeptPage.objects.update(generation=0)
    [due] = kept.claim(NOW, lease=timedelta(minutes=5))
    sites.save(say(drop=("Follow *",)), by="", now=NOW)
    assert KeptPage.objects.filter(claim_token=due.token).count() == 0
    assert reread(there) == 1
    assert BOX not in texts()


def test_rules_that_set_a_page_aside_show_what_the_feed_said(there: Sites) -> None:
    there.drain()
    sites.save(say(remove=("p",)), by="", now=NOW)
    reread(there)
    row = Article.objects.get()
    assert row.verdict == "none"
    assert Revision.objects.count() == 1


@pytest.mark.parametrize("box", [BOX, ARABIC_BOX])
def test_what_a_site_repeats_is_learned_and_taken_out_of_what_is_stored_too(there: Sites, box: str) -> None:
    publish(there, 1, 2, 3, box=box, day=20)
    there.drain()
    assert texts(1)[-1] == box
    publish(there, 1, 2, 3, 4, box=box, day=21)
    later(there)
    [learned] = RepeatedBlock.objects.all()
    assert (learned.text, learned.articles, learned.days) == (box, 4, 2)
    asked = len(there.asked())
    assert reread(there) == 4
    for number in (1, 2, 3, 4):
        assert len(texts(number)) == 6
    assert len(there.asked()) == asked
    assert reread(there) == 0
    publish(there, 5, box=box, day=22)
    later(there)
    assert len(texts(5)) == 6
    assert reread(there) == 0


def test_an_editor_keeps_a_text_that_is_no_boilerplate(there: Sites) -> None:
    publish(there, 1, 2, 3, day=20)
    there.drain()
    publish(there, 4, day=21)
    later(there)
    reread(there)
    mark = RepeatedBlock.objects.get().mark
    assert sites.keep("harbour.example", mark, by="Orla", now=NOW)
    assert reread(there) == 4
    assert [texts(n)[-1] for n in (1, 2, 3, 4)] == [BOX] * 4
    assert [block.kept for block in sites.repeated("harbour.example")] == [True]
    assert reread(there) == 0


def test_what_was_left_out_comes_back_without_its_page(there: Sites) -> None:
    publish(there, 1, 2, 3, day=20)
    there.drain()
    publish(there, 1, 2, 3, 4, day=21)
    later(there)
    reread(there)
    assert [len(texts(n)) for n in (1, 2, 3, 4)] == [6] * 4
    KeptPage.objects.all().delete()
    assert sites.keep("harbour.example", RepeatedBlock.objects.get().mark, by="Orla", now=NOW)
    assert repeats.any_returning()
    reread(there)
    assert [texts(n)[-1] for n in (1, 2, 3, 4)] == [BOX] * 4
    assert not repeats.any_returning()
    assert not Revision.objects.exclude(aside=[]).exists()


def test_an_unchanged_page_whose_site_is_learned_meanwhile_is_no_change_by_its_publisher(
    there: Sites,
) -> None:
    publish(there, 1, 2, 3, day=20)
    there.drain()
    publish(there, 1, 2, 3, 4, day=21)
    later(there)
    KeptPage.objects.all().delete()  # 1 to 3 were not read again
    assert texts(1)[-1] == BOX
    Errand.objects.filter(kind="page").update(verdict=None, due_at=there.moment)
    Host.objects.update(next_at=there.moment)
    there.drain()
    assert len(texts(1)) == 6
    assert set(Revision.objects.values_list("number", "kind")) == {(1, "first")}
    assert [one["block"]["html"] for row in Revision.objects.all() for one in row.aside] == [BOX] * 4


def test_a_text_in_a_small_part_of_a_sites_articles_is_their_own(there: Sites) -> None:
    publish(there, 1, 2, 3, day=20)
    there.drain()
    row = Article.objects.all()[0]
    for n in range(30):
        row.pk, row.key = None, f"other {n}"
        row.save(force_insert=True)
        EdgeBlock.objects.create(article=row, domain="harbour.example", mark=str(n), day=NOW, recipe="r")
    publish(there, 4, day=21)
    later(there)
    assert not RepeatedBlock.objects.exists()


def test_a_text_of_one_day_is_not_learned(there: Sites) -> None:
    publish(there, 1, 2, 3, 4, 5, day=20)
    there.drain()
    assert not RepeatedBlock.objects.exists()


def test_html_of_an_older_policy_is_sanitised_again(there: Sites) -> None:
    there.drain()
    bad = '<p onclick="a()">Fine.<script>a()</script></p>'
    Article.objects.update(policy=POLICY_VERSION - 1, summary=bad, content=bad)
    Revision.objects.update(blocks=[{"type": "paragraph", "html": bad}, {"type": "rule"}], digest="old")
    assert stored.any_older_policy()
    reread(there)
    row = Article.objects.get()
    assert (row.summary, row.content, row.policy) == ("<p>Fine.</p>", "<p>Fine.</p>", POLICY_VERSION)
    revision = Revision.objects.get()
    assert revision.blocks == [{"type": "paragraph", "html": "Fine."}, {"type": "rule"}]
    assert revision.digest != "old"


def test_a_page_that_gives_no_answer_is_let_go_after_some_tries(there: Sites) -> None:
    there.drain()
    KeptPage.objects.update(generation=0)
    for tries in range(kept.TRIES):
        assert kept.any_due(there.moment), tries
        assert reread(there, wall_seconds=0.000_001) == 0
        there.moment += timedelta(minutes=6)
    assert not kept.any_due(there.moment)
    assert len(texts()) == 7


def test_what_a_feed_says_is_kept_as_it_says_it(there: Sites) -> None:
    there.drain()
    assert KeptPage.objects.get().said["title"] == TITLES[1]
    Article.objects.update(title="As its page has it", tags=["of the page"])
    row = Article.objects.get()
    assert kept.material(row.id, "harbour.example", row.url).entry.title == TITLES[1]
    with transaction.atomic():
        kept.retold({row.id: Entry(title="As the feed has it now")})
    Errand.objects.filter(kind="page").update(verdict=None, due_at=there.moment)
    Host.objects.update(next_at=there.moment)
    there.drain()
    said = KeptPage.objects.get().said
    assert said["title"] == "As the feed has it now"
    assert "categories" not in said


def test_wake_ups_come_after_the_transaction(there: Sites) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    there.drain()
    ProcrastinateJob.objects.all().delete()
    waiting = ProcrastinateJob.objects.filter(task_name="reread")
    with transaction.atomic():
        sites.save_all([say(drop=("Follow *",))], by="", now=NOW)
        assert not waiting.exists()
    assert waiting.count() == 1


def test_pages_that_others_hold_are_pruned_another_time(there: Sites) -> None:
    publish(there, 1, 2)
    there.drain()
    held = KeptPage.objects.order_by("article_id")[0]

    def prune() -> int:
        try:
            return kept.prune(there.moment + timedelta(seconds=1), limit=10**9)
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        KeptPage.objects.select_for_update().get(article=held.article_id)
        assert other.submit(prune).result(timeout=10) == 1
    assert prune() == 1


def test_a_text_with_a_star_is_kept_as_itself_alone(there: Sites) -> None:
    text = "*All times are those of the harbour."
    RepeatedBlock.objects.create(
        domain="harbour.example", mark="m", text=text, articles=4, days=2, learned_at=NOW, recipe="r"
    )
    assert sites.keep("harbour.example", "m", by="", now=NOW)
    [rules] = sites.current("harbour.example")
    assert is_like(text, rules.keep[0])
    assert not is_like(f"Read on. {text[1:]}", rules.keep[0])


def test_rules_that_cannot_be_read_are_not_written_over(there: Sites) -> None:
    RepeatedBlock.objects.create(
        domain="harbour.example", mark="m", text=BOX, articles=4, days=2, learned_at=NOW, recipe="r"
    )
    SiteRules.objects.create(domain="harbour.example", said={"flags": ["of another version"]}, saved_at=NOW)
    with pytest.raises(BadRules, match="cannot be read"):
        sites.keep("harbour.example", "m", by="", now=NOW)
    assert SiteRules.objects.get().current


def test_pages_are_pruned_by_age_and_by_their_bytes(there: Sites) -> None:
    publish(there, 1, 2, 3)
    there.drain()
    sizes = [row.size for row in KeptPage.objects.order_by("-read_at", "article_id")]
    assert kept.prune(NOW - timedelta(days=1), limit=sizes[0] + sizes[1]) == 1
    assert KeptPage.objects.count() == 2
    assert kept.prune(there.moment + timedelta(seconds=1), limit=10**9) == 2


def test_a_tick_wakes_the_stage_that_has_work(there: Sites) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    there.drain()
    ProcrastinateJob.objects.all().delete()  # of other tests
    waiting = ProcrastinateJob.objects.filter(task_name="reread")
    upkeep.tick(there.moment)
    assert not waiting.exists()
    KeptPage.objects.update(generation=0)
    upkeep.tick(there.moment)
    assert waiting.count() == 1


def test_a_damaged_page_is_left_alone(there: Sites) -> None:
    there.drain()
    KeptPage.objects.update(generation=0, body=b"damaged")
    before = texts()
    assert reread(there) == 0
    assert texts() == before
    assert not kept.any_due(there.moment + timedelta(days=1))
