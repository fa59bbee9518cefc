"""Home, publishers, sources, about: what they show, what they cost, and how their lists go on."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from daily8.store.models import Source
from tests import newsroom as rows
from tests.newsroom import Newsroom
from tests.web.reading import text, texts, tree

TITLES = '//*[contains(@class, "card-title")]/a'


def test_home_is_in_the_language_being_spoken(client: Client, newsroom: Newsroom) -> None:
    english = texts(tree(client.get("/")), TITLES)
    assert len(english) == 30
    assert english[0].startswith("Ferry number 2 ")
    assert not any("الميناء" in title for title in english)
    arabic = texts(tree(client.get("/ar/")), TITLES)
    assert len(arabic) == 8
    assert arabic[0].startswith("خبر رقم 2 ")


@pytest.mark.parametrize("language", ["english", "en-english", '"><b>', "e1", "x", "EN"])
def test_a_language_that_is_none_breaks_no_page(client: Client, newsroom: Newsroom, language: str) -> None:
    """Feeds state what they like as their language; the front page lists what can be an address."""
    newsroom.other.language = language
    newsroom.other.save()
    for path in ("/", "/edition/world", f"/source/{newsroom.other.id.hex}"):
        assert client.get(path).status_code == 200
    for link in tree(client.get("/")).xpath('//nav[contains(@class, "editions-sheet")]/a/@href'):
        assert client.get(link).status_code == 200, link


def test_editions(client: Client, newsroom: Newsroom) -> None:
    page = tree(client.get("/edition/eg-ar"))
    assert text(page, "//h1") == "Egypt Arabic"
    assert len(texts(page, TITLES)) == 8
    assert text(tree(client.get("/ar/edition/eg-ar")), "//h1") == "مصر العربية"
    everywhere = texts(tree(client.get("/edition/world")), TITLES)
    assert any("الميناء" in title for title in everywhere)
    assert any("Ferry" in title for title in everywhere)
    switch = page.xpath('//nav[contains(@class, "editions-sheet")]/a')
    assert [a.get("href") for a in switch] == ["/edition/world", "/edition/ie-en", "/edition/eg-ar"]
    assert [a.get("aria-current") for a in switch] == [None, None, "page"]
    assert client.get("/edition/EG-AR").status_code == 404
    assert texts(tree(client.get("/edition/fr-fr")), "//h2")[0] == "No news here yet"


def test_a_list_goes_on_until_its_end(client: Client, newsroom: Newsroom) -> None:
    seen: list[str] = []
    path = "/"
    for _ in range(9):
        page = tree(client.get(path))
        seen += page.xpath(f"{TITLES}/@href")
        links = page.xpath('//li[@class="more"]/a')
        if not links:
            break
        assert links[0].get("href") == links[0].get("hx-get")
        path = f"/{links[0].get('href')}"
    assert len(seen) == len(set(seen)) == 48


@pytest.mark.parametrize("path", ["/", "/edition/world", "/sources", "/publisher/the-harbour-post"])
@pytest.mark.parametrize("older", ["x", "1-1", "99999999999999999-" + "0" * 32, "'; drop table", "\x00"])
def test_a_place_that_is_none_is_not_there(client: Client, newsroom: Newsroom, path: str, older: str) -> None:
    response = client.get(path, {"older": older})
    assert response.status_code in ({200, 404} if older.startswith("999") else {404})


def test_a_service_just_born_says_what_to_do(client: Client, db: None) -> None:
    page = tree(client.get("/"))
    assert text(page, "//h2") == "There are no sources yet"
    assert "daily8 sources starter" in text(page, "//pre")


def test_sources_without_news_yet(client: Client, db: None) -> None:
    rows.found()
    page = tree(client.get("/ar/"))
    assert "تُسأل ٣ مصادر عن الأخبار" in text(page, '//section[@class="empty"]')


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", 8),
        ("/edition/world", 8),
        ("/publisher/the-harbour-post", 8),
        ("/sources", 6),
        ("/about", 0),
        ("/about/fetching", 0),
        ("/robots.txt", 0),
        ("/livez", 0),
    ],
)
def test_pages_cost_few_queries(
    client: Client,
    newsroom: Newsroom,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    path: str,
    most: int,
) -> None:
    with django_assert_max_num_queries(most):
        assert client.get(path).status_code == 200


def test_the_page_of_a_publisher(client: Client, newsroom: Newsroom) -> None:
    page = tree(client.get("/publisher/the-harbour-post"))
    assert text(page, "//h1") == "The Harbour Post"
    assert texts(page, '//dl[@class="facts"]/div') == [
        "CountryIreland",
        "LanguageEnglish",
        "KindPrivately owned",
        "OwnerQuay Readers' Trust",
    ]
    assert len(texts(page, TITLES)) == 24
    assert page.xpath('//li[@class="more"]')
    assert texts(page, '//h3[@class="source-title"]/a') == ["Harbour news"]
    arabic = tree(client.get(f"/ar/publisher/{newsroom.arabic.publisher.slug}"))
    assert text(arabic, "//h1") == "صحيفة الميناء"
    assert client.get("/publisher/nobody").status_code == 404


def test_sources_tell_their_state(client: Client, newsroom: Newsroom) -> None:
    rows.fail(newsroom.english, newsroom.now)
    page = tree(client.get("/sources"))
    assert text(page, '//p[@class="page-lead"]').startswith("3 sources, with")
    failing = page.xpath('//article[@class="source"][.//*[contains(@class, "state-bad")]]')
    assert len(failing) == 1
    assert text(failing[0], ".//h2/a") == "Harbour news"
    assert (
        text(failing[0], './/p[@class="source-cause"]') == "The publisher refuses us this address (HTTP 403)."
    )
    assert "in 3 hours · The publisher refuses us this address; the next try is in 4 hours." in text(
        failing[0], './/p[@class="source-next"]'
    )
    arabic = tree(client.get("/ar/sources"))
    assert texts(arabic, '//p[@class="source-cause"]') == [
        "يرفض الناشر أن يفتح لنا هذا العنوان (\u2066HTTP ٤٠٣\u2069)."
    ]


def test_sources_are_found_by_words(client: Client, newsroom: Newsroom) -> None:
    assert texts(tree(client.get("/sources", {"q": "islander"})), "//h2/a") == ["The Islander"]
    nothing = tree(client.get("/sources", {"q": "<b>nothing</b>"}))
    assert text(nothing, "//h2") == "No source found"
    assert nothing.xpath('//input[@name="q"]/@value') == ["<b>nothing</b>"]


def test_the_page_of_a_source(client: Client, newsroom: Newsroom) -> None:
    rows.fail(newsroom.english, newsroom.now)
    page = tree(client.get(f"/source/{newsroom.english.id.hex}"))
    assert text(page, "//h1") == "Harbour news Failing"
    assert texts(page, "//tbody/tr/td") == [
        "just now",
        "403",
        "0.25 s",
        "1.2 kB",
        "0",
        "The publisher refuses us this address (HTTP 403). · Asked for whole",
    ]
    assert client.get(f"/source/{uuid.uuid4().hex}").status_code == 404
    moved = client.get(f"/source/{newsroom.english.id}")
    assert (moved.status_code, moved["Location"]) == (301, f"/source/{newsroom.english.id.hex}")


def test_hostile_addresses_of_a_source_are_no_links(client: Client, newsroom: Newsroom) -> None:
    Source.objects.filter(id=newsroom.other.id).update(url="javascript:alert(1)", home="data:text/html,x")
    page = tree(client.get(f"/source/{newsroom.other.id.hex}"))
    assert not [a for a in page.xpath("//@href") if not a.startswith(("/", "#", "http"))]


@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_about(client: Client, db: None, prefix: str) -> None:
    assert text(tree(client.get(f"{prefix}/about")), "//h1")
    page = tree(client.get(f"{prefix}/about/fetching"))
    assert "User-agent: Daily8" in text(page, "//pre")
    assert ("٥ ثوانٍ" if prefix else "5 seconds") in text(page, '//div[@class="prose"]')


def test_the_contact_of_the_operator_is_named(client: Client, db: None, settings: object) -> None:
    settings.CONTACT = "mailto:desk@harbour.example"  # type: ignore[attr-defined]
    assert "mailto:desk@harbour.example" in tree(client.get("/about/fetching")).xpath("//main//@href")


def test_the_manifest(client: Client, db: None) -> None:
    for prefix, locale, direction in (("", "en", "ltr"), ("/ar", "ar", "rtl")):
        response = client.get(f"{prefix}/manifest.webmanifest")
        assert response["Content-Type"] == "application/manifest+json"
        manifest = response.json()
        assert (manifest["lang"], manifest["dir"]) == (locale, direction)
        assert manifest["start_url"] == f"{prefix}/"
        for icon in manifest["icons"]:
            assert client.get(icon["src"]).status_code == 200


def test_robots(client: Client, settings: object) -> None:
    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"
    settings.VISIBILITY = "public"  # type: ignore[attr-defined]
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /" not in lines
    assert "Disallow: /console/" in lines


def test_health(client: Client, db: None) -> None:
    assert client.get("/livez").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok", "database": True, "migrations": True}
    assert "no-store" in client.get("/readyz")["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/about", "/sources", "/livez"])
def test_pages_are_only_read(client: Client, newsroom: Newsroom, path: str) -> None:
    assert client.head(path).status_code == 200
    assert client.post(path).status_code in {403, 405}
    assert client.delete(path).status_code in {403, 405}
