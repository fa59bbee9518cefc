"""What publishers ask, from their servers to what is remembered and shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from daily8.desk.subscribing import Wanted, add
from daily8.net.cage import Cage
from daily8.net.outside import Outside
from daily8.store import articles, wishes
from daily8.store.models import Article, ArticlePicture, Errand, Picture, Poll, Site, Source
from daily8.store.values import ArticlePage
from tests.sites import NOW, TITLES, XML, Sites, article, open_sites

pytestmark = pytest.mark.django_db(transaction=True)

HOME = "www.harbour.example"
FEED = f"{HOME}/feed"
PROHIBITS = "<rsl:prohibits type='usage'>ai-all</rsl:prohibits>"
RSL = "https://rslstandard.org/rsl"
TDMREP = f"{HOME}/.well-known/tdmrep.json"


@pytest.fixture
def sites(transactional_db: None, cage: Cage) -> Iterator[Sites]:
    """A publisher with a feed of one article, whose page asks nothing."""
    with open_sites(cage) as found:
        tell(found)
        yield found


def tell(there: Sites, *headers: str, item: str = "", words: str = "The ferry is back.") -> None:
    entry = f"<item><title>{TITLES[0]}</title><link>http://{HOME}/1</link><description>{words}</description>{item}</item>"
    there.put(
        FEED,
        f'<rss version="2.0" xmlns:rsl="{RSL}"><channel><title>Post</title>{entry}</channel></rss>',
        XML,
        *headers,
    )


def page(there: Sites, *headers: str, head: str = "") -> None:
    picture = f'<meta property="og:image" content="http://{HOME}/1.jpg">'
    there.put(f"{HOME}/1", article(TITLES[0], head=picture + head), "text/html; charset=utf-8", *headers)


def read(there: Sites, **facts: str) -> ArticlePage:
    """Subscribe, if that was not done, do what is due, and give what a reader sees."""

    async def call(world: Outside) -> None:
        def inside() -> None:
            try:
                add(world, [Wanted(f"http://{FEED}", **facts)])  # type: ignore[arg-type]
            finally:
                connections.close_all()

        await sync_to_async(inside)()

    if not Source.objects.exists():
        there.run(call)
    there.drain()
    value = articles.page(Article.objects.get().id, signed_in=False, visibility="private")
    assert value is not None
    return value


def again(there: Sites) -> ArticlePage:
    """Read all anew, some days later."""
    there.moment = max(poll.next_at for poll in Poll.objects.all() if poll.next_at) + timedelta(days=2)
    return read(there)


def test_nothing_is_asked_where_nothing_is(sites: Sites) -> None:
    page(sites)
    value = read(sites)
    assert value.display == "full"
    assert value.permissions.may_use_ai
    assert value.limited == ""
    assert value.permissions.may_train is False
    assert Article.objects.get().wishes == []
    assert not Site.objects.exists()
    assert Picture.objects.count() == 1


@pytest.mark.parametrize(
    ("headers", "head", "display", "limited", "may_use_ai"),
    [
        (["X-Robots-Tag: nosnippet"], "", "link", "nosnippet", False),
        ([], '<meta name="robots" content="max-snippet:60">', "excerpt", "max-snippet", True),
        (["X-Robots-Tag: noarchive"], "", "excerpt", "noarchive", True),
        (["X-Robots-Tag: otherbot: nosnippet", "X-Robots-Tag: noai"], "", "full", "", False),
        (["tdm-reservation: 1"], "", "full", "", False),
        (["Content-Usage: ai-use=n"], "", "full", "", False),
        ([], '<meta name="tdm-reservation" content="1">', "full", "", False),
        ([], '<link rel="license" type="application/rsl+xml" href="/rsl.xml">', "full", "", False),
    ],
)
def test_what_a_page_asks_is_kept_to(
    sites: Sites, headers: list[str], head: str, display: str, limited: str, may_use_ai: bool
) -> None:
    page(sites, *headers, head=head)
    value = read(sites)
    assert (value.display, value.limited, value.permissions.may_use_ai) == (display, limited, may_use_ai)
    assert bool(value.blocks) == (display == "full")
    if limited == "max-snippet":
        assert 0 < len(value.excerpt) <= 60
    reasons = [wish for found in value.permissions.reasons.values() for wish in found]
    assert reasons
    assert {wish.seen_at for wish in reasons} == {NOW}, "each is remembered with its time"


def test_the_strictest_of_page_and_answer_counts_and_both_are_remembered(sites: Sites) -> None:
    page(sites, "X-Robots-Tag: max-snippet:90", head='<meta name="daily8" content="max-snippet:40">')
    value = read(sites)
    assert value.permissions.excerpt_most == 40
    reasons = value.permissions.reasons["excerpt"]
    assert [(wish.value, wish.place) for wish in reasons] == [("40", "page"), ("90", "header")]


def test_a_page_that_asks_something_else_is_believed(sites: Sites) -> None:
    page(sites, "X-Robots-Tag: nosnippet")
    assert read(sites).display == "link"
    page(sites)
    tell(sites, words="The ferry is back again.")
    assert again(sites).display == "full"
    page(sites, head='<meta name="robots" content="noarchive">')
    tell(sites, words="The ferry is gone again.")
    assert again(sites).display == "excerpt"


def test_no_picture_is_kept_where_none_may_be_shown(sites: Sites) -> None:
    page(sites)
    assert read(sites).picture is not None
    page(sites, head='<meta name="robots" content="max-image-preview:none">')
    tell(sites, words="The ferry is back again.")
    value = again(sites)
    assert value.picture is None
    assert value.display == "full"
    assert not ArticlePicture.objects.exists()
    assert not Picture.objects.exists()
    assert not Errand.objects.filter(kind="picture").exists()


def test_an_agreement_brings_the_picture_back(sites: Sites) -> None:
    page(sites, head='<meta name="robots" content="max-image-preview:none, nosnippet, noai">')
    value = read(sites, rights="full")
    assert value.picture is not None
    assert value.display == "full"
    assert not value.permissions.may_use_ai, "an agreement about text says nothing of models"


def test_regions_that_are_no_snippet_stay_out_of_excerpts(sites: Sites) -> None:
    hidden = "<span data-nosnippet>ninety secret cats</span>"
    text = f"<p>The harbour master counted {hidden} before the bell rang.</p>"
    body = article(TITLES[0]).replace("<p>", f"{text}<p>", 1)
    sites.put(f"{HOME}/1", body)
    value = read(sites)
    assert "ninety secret cats" in str(value.blocks)
    assert "ninety secret cats" not in value.excerpt
    assert value.excerpt.startswith("The harbour master counted before the bell rang.")


def test_where_all_is_no_snippet_there_is_no_excerpt(sites: Sites) -> None:
    page(sites)
    assert read(sites).excerpt
    body = (
        article(TITLES[0]).replace("<body>", "<body><div data-nosnippet>").replace("</body>", "</div></body>")
    )
    sites.put(f"{HOME}/1", body)
    tell(sites, words="The ferry is back again.")
    value = again(sites)
    assert value.blocks
    assert value.excerpt == ""


@pytest.mark.parametrize(
    ("headers", "item", "may_use_ai"),
    [
        ([], "", True),
        (["tdm-reservation: 1"], "", False),
        (["X-Robots-Tag: noindex, nosnippet"], "", True),
        (
            [],
            f"<rsl:content url='/'><rsl:license>{PROHIBITS}</rsl:license></rsl:content>",
            False,
        ),
    ],
)
def test_what_a_feed_asks(sites: Sites, headers: list[str], item: str, may_use_ai: bool) -> None:
    page(sites)
    tell(sites, *headers, item=item)
    value = read(sites)
    assert value.permissions.may_use_ai == may_use_ai
    assert value.display == "full"
    if item:
        tell(sites, words="The ferry is back again.")
        assert again(sites).permissions.may_use_ai, "it asks for that no more"


def test_a_site_is_asked_once_a_day_what_it_reserves(sites: Sites) -> None:
    page(sites)
    sites.put(TDMREP, '[{"location": "/", "tdm-reservation": 1}]', "application/json")
    value = read(sites)
    assert not value.permissions.may_use_ai
    assert [wish.place for wish in value.permissions.reasons["ai"]] == ["tdmrep"]
    assert value.display == "full"
    asked = sites.asked(TDMREP)
    assert len(asked) == 1
    assert asked[0].header("User-Agent") == b"Daily8-fetch/test"
    order = [request.path for request in sites.asked()]
    assert order.index("/robots.txt") < order.index("/.well-known/tdmrep.json") < order.index("/1")


def test_who_may_not_be_asked_is_not_asked_what_it_reserves(sites: Sites) -> None:
    page(sites)
    sites.put(f"{HOME}/robots.txt", "User-agent: *\nDisallow: /1", "text/plain")
    read(sites)
    assert not sites.asked(TDMREP)
    sites.put(f"{HOME}/robots.txt", "User-agent: *\nDisallow: /.well-known/", "text/plain")
    tell(sites, words="The ferry is back again.")
    again(sites)
    assert sites.asked(f"{HOME}/1")
    assert not sites.asked(TDMREP)


def test_what_a_robots_txt_asks_holds_for_articles_read_before(sites: Sites) -> None:
    page(sites)
    sites.put(f"{HOME}/2", article(TITLES[1]))
    assert read(sites).permissions.may_use_ai
    rules = "User-agent: *\nAllow: /\nContent-Signal: search=yes, ai-input=no, ai-train=no"
    sites.put(f"{HOME}/robots.txt", rules, "text/plain")
    sites.put(
        FEED,
        f"<rss><channel><item><link>http://{HOME}/2</link><title>{TITLES[1]}</title></item></channel></rss>",
        XML,
    )
    sites.moment = max(poll.next_at for poll in Poll.objects.all() if poll.next_at) + timedelta(hours=1)
    sites.drain()
    rows = list(Article.objects.select_related("source"))
    assert len(rows) == 2
    found = wishes.of(rows)
    assert [found[row.id].may_use_ai for row in rows] == [False, False]
    assert all(wishes.shown(row).may_show_full for row in rows)
    assert {wish.value for wish in found[rows[0].id].reasons["ai"]} == {"ai-input=n"}


def test_where_a_redirect_led_its_own_site_is_asked(sites: Sites) -> None:
    sites.put(f"{HOME}/1", "", "text/html", "Location: http://news.harbour.example/one")
    sites.put(
        "news.harbour.example/one",
        article(TITLES[0], head="<link rel=canonical href='http://news.harbour.example/one'>"),
    )
    sites.put("news.harbour.example/.well-known/tdmrep.json", '[{"location": "/one", "tdm-reservation": 1}]')
    value = read(sites)
    assert not value.permissions.may_use_ai
    assert Site.objects.get().name == "http://news.harbour.example"


def test_a_source_tells_what_is_asked_of_its_articles(sites: Sites) -> None:
    page(sites, "X-Robots-Tag: max-snippet:90, noai")
    read(sites)
    views = {view.wish.name: view for view in wishes.of_source(Source.objects.get().id)}
    assert views["max-snippet"].limits == ("full", "excerpt")
    assert views["noai"].limits == ("ai", "ai-pictures", "train")
    assert views["noai"].articles == 1
    assert views["noai"].wish.seen_at == NOW


def test_pages_are_asked_for_once_rights_allow_more_than_links(sites: Sites) -> None:
    page(sites)
    assert read(sites, rights="link").display == "link"
    assert not sites.asked(f"{HOME}/1")
    source = Source.objects.get().id
    assert wishes.settle(source, rights="unknown", ai="asked", now=NOW)
    assert read(sites).blocks
    assert sites.asked(f"{HOME}/1")


def test_no_page_is_read_of_who_may_be_linked_to_only(sites: Sites) -> None:
    page(sites)
    assert read(sites).blocks
    assert len(sites.asked(f"{HOME}/1")) == 1
    tell(sites, words="The ferry is back again.")
    Errand.objects.filter(kind="page").update(verdict=None, due_at=NOW)
    Source.objects.update(rights="link")  # while the page was due already
    sites.moment = NOW + timedelta(hours=1)
    read(sites)
    errand = Errand.objects.get(kind="page")
    assert (errand.verdict, errand.cause) == ("aside", wishes.CLOSED)
    assert len(sites.asked(f"{HOME}/1")) == 1
