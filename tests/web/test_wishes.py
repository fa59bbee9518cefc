"""Pages say why no more is shown, what publishers ask, and how they may ask; editors set rights."""

from __future__ import annotations

import pytest
from django.test import Client

from daily8.news.types import Wish
from daily8.news.wishes import SiteWishes, Usage
from daily8.store import wishes
from daily8.store.models import Article
from tests.newsroom import Newsroom
from tests.web.reading import text, texts, tree

KEEP_NO_COPY = "The publisher asks others to keep no copy of this article, so this is only its beginning."
CANARY = "The last paragraph."


def ask(article: Article, newsroom: Newsroom, *asked: Wish) -> None:
    wishes.on_page(article, asked, newsroom.now)
    article.save()


@pytest.mark.parametrize(
    ("name", "value", "english", "arabic"),
    [
        (
            "max-snippet",
            "160",
            "The publisher asks for excerpts of at most 160 characters. The whole text is there.",
            "يطلب الناشر ألا يزيد المقتطف على ١٦٠ حرفًا. والنص الكامل لديه.",
        ),
        (
            "nosnippet",
            "",
            "The publisher asks others to show no text of this article. It can be read there.",
            "يطلب الناشر من غيره ألا يعرض شيئًا من نص هذا المقال. ويمكن قراءته لديه.",
        ),
        (
            "max-snippet",
            "0",
            "The publisher asks others to show no text of this article. It can be read there.",
            "يطلب الناشر من غيره ألا يعرض شيئًا من نص هذا المقال. ويمكن قراءته لديه.",
        ),
        (
            "noarchive",
            "",
            f"{KEEP_NO_COPY} The whole text is there.",
            "يطلب الناشر من غيره ألا يحفظ نسخة من هذا المقال، فهذه بدايته فقط. والنص الكامل لديه.",
        ),
    ],
)
def test_an_article_says_why_no_more_is_shown(
    client: Client, article: Article, newsroom: Newsroom, name: str, value: str, english: str, arabic: str
) -> None:
    ask(article, newsroom, Wish(name, "page", value))
    for prefix, sentence in (("", english), ("/ar", arabic)):
        response = client.get(f"{prefix}/article/{article.id.hex}")
        page = tree(response)
        assert text(page, '//p[@class="flag"]') == sentence
        assert CANARY not in response.content.decode()
        assert page.xpath('//link[@rel="canonical"]/@href') == ["https://harbour.example/whole"]
        assert page.xpath('//*[@class="byline-out"]/a/@href') == ["https://harbour.example/whole?from=feed"]
        assert response["X-Robots-Tag"] == "noindex"


def test_an_article_without_limits_says_nothing_of_them(client: Client, article: Article) -> None:
    response = client.get(f"/article/{article.id.hex}")
    assert not texts(tree(response), '//p[@class="flag"]')
    assert CANARY in response.content.decode()


@pytest.mark.parametrize("rights", ["unknown", "full", "excerpt", "link"])
def test_every_article_page_leads_to_its_publisher_and_is_for_no_search_engine(
    client: Client, article: Article, newsroom: Newsroom, rights: str, settings: object
) -> None:
    settings.VISIBILITY = "public"  # type: ignore[attr-defined]
    wishes.settle(article.source_id, rights=rights, ai="asked", now=newsroom.now)
    for prefix in ("", "/ar"):
        response = client.get(f"{prefix}/article/{article.id.hex}")
        page = tree(response)
        assert page.xpath('//link[@rel="canonical"]/@href') == ["https://harbour.example/whole"]
        assert page.xpath('//meta[@name="robots"]/@content') == ["noindex"]
        assert response["X-Robots-Tag"] == "noindex"


def test_rights_take_effect_at_once_on_every_surface(
    client: Client, editor: Client, article: Article, newsroom: Newsroom
) -> None:
    article.excerpt = "Canary words of the excerpt."
    article.published_at = newsroom.now
    article.save()
    reader = Client()
    places = (
        f"/article/{article.id.hex}",
        f"/ar/article/{article.id.hex}",
        "/edition/world",
        f"/publisher/{article.publisher.slug}",
        f"/api/v1/articles/{article.id.hex}",
        "/api/v1/articles",
        f"/api/v1/publishers/{article.publisher.slug}",
    )

    def sings() -> list[bool]:
        return ["Canary words" in reader.get(place).content.decode() for place in places]

    assert all(sings())
    path = f"/console/sources/{article.source_id.hex}/rights"
    response = editor.post(path, {"rights": "link", "ai": "never"})
    assert response.status_code == 302
    assert not any(sings())
    told = reader.get(places[4]).json()
    assert (told["display"], told["limited"], told["may_use_ai"]) == ("link", "rights", False)
    assert {reason["place"] for reason in told["permissions"]["reasons"]} == {"operator"}
    editor.post(path, {"rights": "unknown", "ai": "asked"})
    assert all(sings())


def test_only_editors_set_rights(client: Client, signed_in: Client, newsroom: Newsroom) -> None:
    path = f"/console/sources/{newsroom.english.id.hex}/rights"
    chosen = {"rights": "full", "ai": "agreed"}
    assert "/accounts/login/" in Client().post(path, chosen)["Location"]
    assert signed_in.post(path, chosen).status_code == 404
    newsroom.english.refresh_from_db()
    assert newsroom.english.rights == "unknown"
    assert not tree(signed_in.get(f"/source/{newsroom.english.id.hex}")).xpath('//form[@class="settling"]')


def test_an_editor_sets_rights_on_the_page_of_a_source(editor: Client, newsroom: Newsroom) -> None:
    path = f"/console/sources/{newsroom.english.id.hex}/rights"
    page = tree(editor.get(f"/source/{newsroom.english.id.hex}"))
    assert page.xpath('//form[@class="settling"]//option[@selected]/@value') == ["usual", "unknown", "asked"]
    location = editor.post(path, {"rights": "full", "ai": "agreed"})["Location"]
    page = tree(editor.get(location))
    assert page.xpath('//form[@class="settling"]//option[@selected]/@value') == ["usual", "full", "agreed"]
    assert text(page, '//p[@role="status"]').startswith("The rights are set")
    assert "May read its articles, by agreement" in texts(page, '//dl[contains(@class, "facts")]//dd')
    assert editor.post(path, {"rights": "all", "ai": "asked"}).status_code == 400
    assert editor.post(path, {}).status_code == 400
    assert editor.get(path).status_code == 405
    nobody = f"/console/sources/{'0' * 32}/rights"
    assert editor.post(nobody, {"rights": "full", "ai": "asked"}).status_code == 404


def test_the_page_of_a_source_tells_what_is_asked_and_what_follows(
    client: Client, article: Article, newsroom: Newsroom
) -> None:
    asked = (Wish("max-snippet", "page", "160"), Wish("max-image-preview", "header", "standard"))
    ask(article, newsroom, *asked, Wish("noai", "header"))
    usage = (Usage("content-signal", "/", "ai-train=no"),)
    wishes.on_site("https://harbour.example", SiteWishes(usage=usage), newsroom.now)
    page = tree(client.get(f"/source/{article.source_id.hex}"))
    rows = texts(page, '//h2[@id="rights"]/following-sibling::div[1]//tbody/tr')
    table = "\n".join(rows)
    assert len(rows) == 4
    for first, place, follows in (
        ("max-snippet: 160", "The page itself", "Excerpts of at most 160 characters"),
        ("max-image-preview: standard", "The answer with the page", "Small pictures only"),
        ("noai", "The answer with the page", "No model reads it"),
        ("content-signal: ai-train=n", "robots.txt", "No training, which is never done here"),
    ):
        row = next(row for row in rows if row.startswith(first))
        assert place in row
        assert follows in row
    arabic = tree(client.get(f"/ar/source/{article.source_id.hex}"))
    table = "\n".join(texts(arabic, '//h2[@id="rights"]/following-sibling::div[1]//tbody/tr'))
    assert "مقتطفات لا تزيد على ١٦٠ حرفًا" in table
    assert "لا يقرؤه أي نموذج" in table
    told = client.get(f"/api/v1/sources/{article.source_id.hex}").json()
    assert ("noai", "ai", 1) in {(w["name"], w["limits"], w["articles"]) for w in told["wishes"]}


def test_where_nothing_is_asked_the_page_says_so(client: Client, newsroom: Newsroom) -> None:
    page = tree(client.get(f"/source/{newsroom.english.id.hex}"))
    assert "Nothing is asked" in text(page, '//h2[@id="rights"]/following-sibling::p[1]')


def test_publishers_are_told_how_to_ask(client: Client, db: None) -> None:
    for prefix in ("", "/ar"):
        page = tree(client.get(f"{prefix}/about/fetching"))
        named = texts(page, "//code")
        for name in ("nosnippet", "noai", "tdm-reservation", "Content-Usage", "data-nosnippet", "License"):
            assert name in named
