"""The history of an article: its versions, and what each changed, to be seen and to be heard."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from daily8.news.types import Heading, Image, ListBlock, Paragraph, Quote
from daily8.store.models import Article, Source
from tests.newsroom import Newsroom
from tests.web.reading import text, texts, tree

SAME = [
    Paragraph(f"Paragraph {n} tells how the boat came in late and why nobody minded much.") for n in range(6)
]


@pytest.fixture
def changed(newsroom: Newsroom) -> Article:
    """An article that was changed in silence half an hour ago: headline, a number, a heading, a list."""
    made = newsroom.publish(90, title="Boat with 15 aboard returns", key="https://harbour.example/changed")
    newsroom.now -= timedelta(hours=1)
    newsroom.text(made, Paragraph("There were 12 people in the boat, <em>all</em> told."), *SAME)
    made.revisions.update(title="Boat with 12 aboard returns", kind="first")
    newsroom.change(
        made,
        Heading("What is new"),
        Paragraph("There were 15 people in the boat, <em>all</em> told."),
        *SAME,
        ListBlock(("one rope", "two ropes")),
        title="Boat with 15 aboard returns",
        silent=True,
    )
    return made


def test_an_article_says_quietly_that_it_was_changed_in_silence(client: Client, changed: Article) -> None:
    page = tree(client.get(f"/article/{changed.id.hex}"))
    said = text(page, '//p[@class="byline-changed"]')
    assert said.startswith("Changed without notice, seen 30 minutes ago (")
    assert said.endswith("UTC) What changed")
    assert page.xpath('//p[@class="byline-changed"]/a/@href') == [f"/article/{changed.id.hex}/history"]
    arabic = tree(client.get(f"/ar/article/{changed.id.hex}"))
    assert text(arabic, '//p[@class="byline-changed"]').startswith("تغيّر دون تنويه، ولوحظ ذلك منذ ٣٠ دقيقة (")
    assert arabic.xpath('//p[@class="byline-changed"]/a/@href') == [f"/ar/article/{changed.id.hex}/history"]


def test_an_article_that_never_changed_says_nothing(client: Client, newsroom: Newsroom) -> None:
    made = newsroom.publish(1)
    newsroom.text(made, *SAME)
    assert not tree(client.get(f"/article/{made.id.hex}")).xpath('//*[@class="byline-changed"]')


def test_mended_slips_are_not_called_an_update(client: Client, newsroom: Newsroom) -> None:
    made = newsroom.publish(90, updated_at=newsroom.now)
    newsroom.text(made, *SAME)
    newsroom.change(made, *SAME[1:], kind="typo")
    assert text(tree(client.get(f"/article/{made.id.hex}")), '//p[@class="byline-changed"]') == "What changed"


def test_what_changed_is_seen_and_heard(client: Client, changed: Article) -> None:
    response = client.get(f"/article/{changed.id.hex}/history")
    page = tree(response)
    assert response["X-Robots-Tag"] == "noindex"
    assert text(page, '//h2[@id="change"]') == "Update Without notice"
    assert texts(page, '//dl[@class="change-facts"]/div') == ["Number 12 became 15"]
    headline = '//p[@class="change-title"]'
    assert text(page, headline) == ("Boat with (removed: 12 end) (added: 15 end) aboard returns")
    assert texts(page, f"{headline}/del/text()[normalize-space()]/..") == ["(removed: 12 end)"]
    assert texts(page, '//div[@class="change-text"]/*') == [
        "(added: What is new end)",
        "There were (removed: 12 end) (added: 15 end) people in the boat, all told.",
        "Paragraph 0 tells how the boat came in late and why nobody minded much.",
        "4 paragraphs stayed as they were",
        "Paragraph 5 tells how the boat came in late and why nobody minded much.",
        "(added: one rope two ropes end)",
    ]
    for spoken in page.xpath('//*[@class="spoken"]'):
        assert (spoken.get("lang"), spoken.get("dir")) == ("en", "ltr")


def test_the_same_in_arabic(client: Client, changed: Article) -> None:
    page = tree(client.get(f"/ar/article/{changed.id.hex}/history"))
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    assert text(page, '//h2[@id="change"]') == "تحديث دون تنويه"
    assert texts(page, '//dl[@class="change-facts"]/div') == ["رقم 12 أصبح 15"]
    assert "بقيت ٤ فقرات كما هي" in texts(page, '//p[contains(@class, "gap")]')
    for part in page.xpath('//p[@class="change-title"] | //div[contains(@class, "passage")]/p[@lang]'):
        assert (part.get("lang"), part.get("dir")) == ("en", "auto")
    assert {spoken.get("dir") for spoken in page.xpath('//*[@class="spoken"]')} == {"rtl"}


def test_the_versions_are_listed_newest_first_each_with_its_own_page(
    client: Client, changed: Article
) -> None:
    page = tree(client.get(f"/article/{changed.id.hex}/history/1"))
    assert "history begins" in page.xpath('//section[@class="change"]')[0].text_content()
    versions = '//section[@class="versions"]//li'
    assert [line.split(" ", 3)[:2] for line in texts(page, versions)] == [
        ["Update", "Without"],
        ["The", "first"],
    ]
    assert page.xpath(f"{versions}/a/@href") == [f"/article/{changed.id.hex}/history/{n}" for n in (2, 1)]
    assert page.xpath(f"{versions}/a/@aria-current") == ["true"]
    assert len(page.xpath(f"{versions[:-2]}li[2]/a[@aria-current]")) == 1


def test_only_headlines_of_what_may_not_be_shown_whole(client: Client, changed: Article) -> None:
    Source.objects.update(rights="excerpt")
    page = tree(client.get(f"/article/{changed.id.hex}/history"))
    body = page.xpath('//section[@class="change"]')[0].text_content()
    assert "Boat with" in body
    assert "people in the boat" not in body
    assert "Paragraph" not in body
    assert "This publisher does not let others show whole texts" in body


@pytest.mark.parametrize("known", [True, False])
def test_what_is_shown_whole_after_signing_in_is_not_called_forbidden(
    signed_in: Client, changed: Article, settings: object, known: bool
) -> None:
    settings.VISIBILITY = "public"  # type: ignore[attr-defined]
    Source.objects.update(rights="unknown")
    response = (signed_in if known else Client()).get(f"/article/{changed.id.hex}/history")
    body = tree(response).xpath('//section[@class="change"]')[0].text_content()
    assert ("people in the boat" in body) == known
    assert ("shown to those who are signed in" in body) == (not known)
    assert "does not let others" not in body


def test_hostile_texts_stay_texts(client: Client, newsroom: Newsroom) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    made = newsroom.publish(1, title=evil, language='"><script>', url="javascript:alert(1)")
    newsroom.text(made, Paragraph("Nothing was here."))
    block = Paragraph("&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=alert(1)&gt; 12")
    newsroom.change(made, block, Quote((block.html,), evil), Image("x", caption=evil), title=f"{evil} more")
    page = tree(client.get(f"/article/{made.id.hex}/history"))
    assert not page.xpath("//*[starts-with(name(@*[1]), 'on')] | //img[@src='x']")
    assert all(script.get("src", "").startswith("/static/") for script in page.xpath("//script"))
    assert not [a for a in page.xpath("//@href | //@src") if "javascript:" in a]


def test_what_is_not_kept_is_not_there(client: Client, changed: Article) -> None:
    assert client.get(f"/article/{changed.id.hex}/history/3").status_code == 404
    assert client.get(f"/article/{changed.id.hex}/history/{10**30}").status_code == 404
    assert client.get(f"/article/{uuid.uuid4().hex}/history").status_code == 404
    moved = client.get(f"/ar/article/{changed.id.hex.upper()}/history/2")
    assert (moved.status_code, moved["Location"]) == (301, f"/ar/article/{changed.id.hex}/history/2")


def test_an_article_without_a_text_of_its_page_has_an_empty_history(
    client: Client, newsroom: Newsroom
) -> None:
    made = newsroom.publish(1)
    page = tree(client.get(f"/article/{made.id.hex}/history"))
    assert text(page, '//h2[@id="change"]') == "No text of its page was kept yet"


def test_both_pages_cost_few_queries(
    client: Client, changed: Article, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        client.get(f"/article/{changed.id.hex}")
    with django_assert_max_num_queries(4):
        client.get(f"/article/{changed.id.hex}/history")
