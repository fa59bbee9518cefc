"""The page of an article: every block of the original, in its order, for everybody who may see it."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from daily8.news.types import Heading, Paragraph, Quote
from daily8.store.models import Article, Copy, Source
from tests.newsroom import Newsroom
from tests.web.reading import text, texts, tree

ORDER = [
    '//header[@class="masthead"]//*[@class="logo"]',
    '//figure[@class="story-picture"]//img',
    '//h1[@id="headline"]',
    '//*[contains(@class, "byline-who")]',
    '//*[contains(@class, "byline-when")]',
    '//p[@class="dek"]',
    '//div[@class="prose"]',
    '//h2[@id="hashtags"]',
    '//h2[@id="ai"]',
    '//h2[@id="comments"]',
    '//h2[@id="related"]',
    '//h3[@id="more-news"]',
    '//h2[@id="install"]',
]


@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_the_blocks_stand_in_the_order_of_the_original(client: Client, article: Article, prefix: str) -> None:
    page = tree(client.get(f"{prefix}/article/{article.id.hex}"))
    every = list(page.iter())
    places = []
    for path in ORDER:
        found = page.xpath(path)
        assert len(found) == 1, path
        places.append(every.index(found[0]))
    assert places == sorted(places)


def test_what_an_article_says(client: Client, article: Article) -> None:
    page = tree(client.get(f"/article/{article.id.hex}"))
    assert text(page, "//h1") == "Ferry returns after 3-day storm"
    assert text(page, '//*[contains(@class, "byline-who")]') == "T The Harbour Post By Maeve Byrne, Tom Quay"
    when = page.xpath('//*[contains(@class, "byline-when")]//time')
    assert [time.text for time in when][1] == "17 minutes ago"
    for time in when:
        assert time.get("datetime").endswith("Z")
        assert time.get("title").endswith("UTC")
    assert text(page, '//*[contains(@class, "byline-changed")]').startswith("Updated just now (")
    assert page.xpath('//*[@class="byline-out"]/a/@href') == ["https://harbour.example/whole?from=feed"]
    assert page.xpath('//link[@rel="canonical"]/@href') == ["https://harbour.example/whole"]
    assert page.xpath('//meta[@name="robots"]/@content') == ["noindex, nofollow"]
    assert text(page, '//p[@class="ai-lead"]') == "Explore what Daily8 AI can do for you:"
    assert texts(page, '//li[@class="ai-item"]/h3') == ["Daily Wrap-Up", "Unbiased Opinion", "AI Moderator"]
    assert texts(page, '//p[@class="ai-state"]') == ["Not switched on here yet"] * 3
    assert text(page, '//p[@class="comments-none"]') == "No comments yet..."
    assert not page.xpath('//section[@class="related"]//article[preceding::h3[@id="more-news"]][7]')


def test_the_same_in_arabic(client: Client, article: Article) -> None:
    page = tree(client.get(f"/ar/article/{article.id.hex}"))
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    headline = page.xpath("//h1")[0]
    assert (headline.get("lang"), headline.get("dir")) == ("en", "ltr")
    assert "منذ ١٧ دقيقة" in text(page, '//*[contains(@class, "byline-when")]')
    assert texts(page, "//section/h2[@id] | //section/div/h2[@id] | //section/div/div/h2[@id]") == [
        "الوسوم",
        "جرب ميزات الذكاء الاصطناعي لدينا",
        "التعليقات",
        "مقالات ذات صلة",
        "حمّل التطبيق",
    ]
    assert text(page, '//p[@class="ai-lead"]') == "اكتشف ما يمكن أن يفعله Daily8 AI من أجلك:"
    assert text(page, '//p[@class="comments-none"]') == "لا يوجد تعليقات بعد..."


def test_each_block_of_a_body(client: Client, article: Article) -> None:
    body = tree(client.get(f"/article/{article.id.hex}")).xpath('//div[@class="prose"]')[0]
    assert text(body, './p[@id="b0"]') == "The ferry returned at noon."
    assert body.xpath('./p[@id="b0"]/a/@href') == ["https://harbour.example/old"]
    assert text(body, './h2[@id="b1"]') == "What the captain said"
    assert texts(body, './figure[@class="quote"]//p') == ["We saw the light.", "Then we were home."]
    assert text(body, './figure[@class="quote"]/figcaption') == "Captain Orla Finn"
    assert texts(body, "./ol/li") == ["first rope", "second rope"]
    assert texts(body, './/th[@scope="col"]') == ["Day", "Boats"]
    assert texts(body, ".//td") == ["Monday", "4"]
    assert body.xpath('./figure[@class="plate"]//img/@alt') == ["The quay"]
    assert text(body, './figure[@class="plate"]/figcaption') == "The quay at noon A. Finn"
    assert "Home at last." in text(body, './figure[@class="post"]')
    assert text(body, './figure[@class="post"]/p[@class="post-from"]') == "X @finn"
    film = body.xpath('.//div[contains(@class, "film ")]')[0]
    assert film.get("data-frame").startswith("https://www.youtube-nocookie.com/embed/abcdefghijk")
    assert film.xpath("./a/@href") == ["https://www.youtube.com/watch?v=abcdefghijk"]
    assert not body.xpath(".//iframe")
    [sound] = body.xpath('.//div[@data-sound="https://harbour.example/horn.mp3"]')
    assert sound.xpath('.//a[contains(@class, "listen-play")]/@href') == ["https://harbour.example/horn.mp3"]
    assert not body.xpath(".//audio | .//video")
    assert len(body.xpath("./hr")) == 1


def test_a_picture_has_its_space_before_it_has_come(client: Client, article: Article) -> None:
    page = tree(client.get(f"/article/{article.id.hex}"))
    image = page.xpath('//figure[@class="story-picture"]//img')[0]
    assert (image.get("width"), image.get("height")) == ("640", "427")
    assert "320w" in image.get("srcset")
    assert page.xpath('//figure[@class="story-picture"]//rect/@fill') == ["#3a6ea5"]


def test_the_page_costs_few_queries(
    client: Client, article: Article, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        client.get(f"/article/{article.id.hex}")


def test_an_article_whose_page_was_not_read_shows_what_the_feed_said(
    client: Client, newsroom: Newsroom
) -> None:
    made = newsroom.publish(1)
    page = tree(client.get(f"/article/{made.id.hex}"))
    assert text(page, '//div[@class="prose"]') == "The whole text of it."


@pytest.mark.parametrize(
    ("rights", "visibility", "expected"),
    [
        ("unknown", "private", "full"),
        ("unknown", "public", "excerpt"),
        ("full", "public", "full"),
        ("excerpt", "private", "excerpt"),
        ("link", "private", "link"),
    ],
)
def test_rights_decide_what_is_shown(
    client: Client, newsroom: Newsroom, settings: object, rights: str, visibility: str, expected: str
) -> None:
    settings.VISIBILITY = visibility  # type: ignore[attr-defined]
    Source.objects.update(rights=rights)
    made = newsroom.publish(1, content=f"<p>{'long ' * 200}</p><p>THE END</p>", excerpt="long " * 80)
    page = tree(client.get(f"/article/{made.id.hex}"))
    body = text(page, '//div[@class="prose"]')
    assert ("THE END" in body) == (expected == "full")
    assert bool(body) == (expected != "link")
    if expected == "excerpt":
        assert len(body) <= 300
    if expected != "full":
        assert page.xpath('//p[@class="flag"]')


def test_a_signed_in_reader_sees_what_is_unknown_in_full(
    signed_in: Client, newsroom: Newsroom, settings: object
) -> None:
    settings.VISIBILITY = "public"  # type: ignore[attr-defined]
    made = newsroom.publish(1, content="<p>THE END</p>")
    response = signed_in.get(f"/article/{made.id.hex}")
    assert "THE END" in response.content.decode()
    assert response["Cache-Control"] == "private, no-cache"


def test_hostile_texts_stay_texts(client: Client, newsroom: Newsroom) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    made = newsroom.publish(
        1,
        title=evil,
        dek=evil,
        authors=[evil],
        excerpt=evil,
        url="javascript:alert(1)",
        canonical_url="javascript:alert(1)",
        content=f"<p onclick=alert(1)>{evil}</p><iframe src=https://evil.example></iframe>",
        enclosures=[{"url": "javascript:alert(1)", "type": "audio/mpeg", "length": None, "duration": None}],
        language='"><script>',
    )
    for path in (f"/article/{made.id.hex}", "/edition/world"):
        page = tree(client.get(path))
        assert not page.xpath("//*[starts-with(name(@*[1]), 'on')] | //iframe | //img[@src='x']")
        assert all(script.get("src", "").startswith("/static/") for script in page.xpath("//script"))
        assert not [a for a in page.xpath("//@href | //@src") if "javascript:" in a]
    assert (
        "<script>alert(1)</script>"
        in tree(client.get(f"/article/{made.id.hex}")).xpath("//h1")[0].text_content()
    )


@pytest.mark.parametrize("form", ["upper", "hyphens"])
def test_other_forms_of_an_address_lead_to_the_one(client: Client, article: Article, form: str) -> None:
    other = article.id.hex.upper() if form == "upper" else str(article.id)
    response = client.get(f"/ar/article/{other}?x=1")
    assert response.status_code == 301
    assert response["Location"] == f"/ar/article/{article.id.hex}?x=1"


def test_an_unknown_article_is_not_there(client: Client, db: None) -> None:
    assert client.get(f"/article/{uuid.uuid4().hex}").status_code == 404
    assert client.get("/article/no").status_code == 404
    assert client.get(f"/article/{uuid.uuid4().hex}/").status_code == 404


def test_a_page_is_asked_for_again_cheaply(client: Client, article: Article) -> None:
    first = client.get(f"/article/{article.id.hex}")
    assert first["Cache-Control"] == "public, no-cache"
    assert first["Vary"] == "Cookie"
    again = client.get(f"/article/{article.id.hex}", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert not again.content
    Article.objects.filter(id=article.id).update(title="Another title")
    changed = client.get(f"/article/{article.id.hex}", headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200


def test_dates_of_old_articles(client: Client, newsroom: Newsroom) -> None:
    made = newsroom.publish(3, key="https://harbour.example/old")
    Article.objects.filter(id=made.id).update(published_at=newsroom.now - timedelta(days=8))
    relative = texts(tree(client.get(f"/article/{made.id.hex}")), '//*[@class="meta-time"]')[0]
    assert "ago" not in relative
    assert relative.split()[-1].isdecimal()


@pytest.mark.parametrize(("prefix", "said"), [("", "Also at: {0}, {0}"), ("/ar", "أيضًا لدى: {0}، {0}")])
def test_it_names_where_its_text_stands_too(
    client: Client, newsroom: Newsroom, article: Article, prefix: str, said: str
) -> None:
    copy = newsroom.publish(305, source=newsroom.other, title="The same ferry elsewhere")
    third = newsroom.publish(304, source=newsroom.other, title="The same ferry once more")
    for row in (copy, third):
        Copy.objects.create(article=row, leader=article, reason="same text", share=0.9, recipe="r")
    page = tree(client.get(f"{prefix}/article/{article.id.hex}"))
    [line] = page.xpath('//header//p[@class="quiet"]')
    assert text(line, ".") == said.format(newsroom.other.publisher.name)
    assert [link.rpartition("/")[2] for link in line.xpath(".//a/@href")] == [copy.id.hex, third.id.hex]
    page = tree(client.get(f"{prefix}/article/{third.id.hex}"))
    links = page.xpath('//header//p[@class="quiet"]//a/@href')
    assert [link.rpartition("/")[2] for link in links] == [article.id.hex, copy.id.hex]
    related = page.xpath('//section[@class="related"]//a/@href')
    assert not any(article.id.hex in link or copy.id.hex in link for link in related)


def test_of_copies_the_home_page_lists_the_leader(
    client: Client, newsroom: Newsroom, article: Article
) -> None:
    copy = newsroom.publish(0, source=newsroom.other, title="The same ferry elsewhere")
    Copy.objects.create(article=copy, leader=article, reason="same text", share=0.9, recipe="r")
    home = client.get("/").content.decode()
    assert article.id.hex in home
    assert copy.id.hex not in home
    assert copy.id.hex in client.get(f"/publisher/{newsroom.other.publisher.slug}").content.decode()


def test_a_block_in_another_script_has_its_own_language_and_direction(
    client: Client, newsroom: Newsroom
) -> None:
    english = "The ferry will sail again on Monday, said the harbour board, once the gates have been mended."
    arabic = "ستبحر العبارة من جديد يوم الاثنين، كما قال مجلس المرفأ، بعد إصلاح البوابات."
    both = (Paragraph(english), Quote((arabic,)), Paragraph(arabic), Heading(english, 2))
    for number, tongue, others in (
        (311, False, {"b1": ("ar", "rtl"), "b2": ("ar", "rtl")}),
        (312, True, {"b0": ("en", "ltr"), "b3": ("en", "ltr")}),
    ):
        made = newsroom.publish(number, arabic=tongue)
        newsroom.text(made, *both)
        page = tree(client.get(f"/article/{made.id.hex}"))
        found = page.xpath('//div[@class="prose"]//*[@id and @lang]')
        assert {each.get("id"): (each.get("lang"), each.get("dir")) for each in found} == others
