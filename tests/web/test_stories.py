"""The page of a story: what leads, how it went, who reports; addresses that were merged lead on."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from daily8.store import stories
from daily8.store.models import Article, Copy, Entity, Hashtag, Membership, Relation, Story, Tagging
from tests.newsroom import Newsroom
from tests.web.reading import text, texts, tree


@pytest.fixture
def story(newsroom: Newsroom, article: Article) -> Story:
    """A story of five articles by three publishers in two languages."""
    made = [
        newsroom.publish(300, title="Ferry caught in storm"),
        newsroom.publish(290, source=newsroom.other, title="Storm holds the ferry"),
        newsroom.publish(280, arabic=True, title="العاصفة تحتجز العبارة"),
        newsroom.publish(15, source=newsroom.other, title="Ferry is back in the harbour"),
    ]
    return newsroom.story(*made, article)


def test_it_tells_who_leads_how_it_went_and_who_reports(
    client: Client, story: Story, article: Article
) -> None:
    Article.objects.filter(id=article.id).update(verdict="article")
    page = tree(client.get(f"/stories/{story.id.hex}"))
    assert text(page, "//h1") == "Ferry returns after 3-day storm"
    # The headline is the lead's own: it is not said twice, and a button leads to the report.
    assert texts(page, '//section[@class="tale-lead"]//h2') == []
    assert text(page, '//p[@class="tale-read"]') == "Read the report of The Harbour Post"
    assert page.xpath('//p[@class="tale-read"]/a/@href') == [f"/article/{article.id.hex}"]
    why = text(page, '//p[contains(@class, "tale-why")]')
    assert why == (
        "Chosen to lead because its words are its own, it is in your language, its whole text was read, "
        "it has a picture, its publisher reports again and again."
    )
    head = text(page, '//header[@class="tale-head"]')
    assert "Developing 5 reports 3 publishers 2 countries" in head
    turns = texts(page, '//ol[@class="turns"]/li')
    assert [turn.split(" ago ")[1] for turn in turns] == [
        "3 reports Ferry caught in storm",
        "2 reports Ferry returns after 3-day storm",
    ]
    assert 2 <= len(page.xpath('//figure[@class="growth"]//rect')) <= 4  # hours may begin in between
    assert len(page.xpath('//ol[@class="grid"]/li')) == 4
    assert len(page.xpath('//section[@aria-labelledby="who"]//li')) == 3
    assert page.xpath('//link[@rel="canonical"]/@href')[0].endswith(f"/stories/{story.id.hex}")


def test_in_arabic_an_arabic_report_leads(client: Client, story: Story) -> None:
    page = tree(client.get(f"/ar/stories/{story.id.hex}"))
    heading = page.xpath("//h1")[0]
    assert text(page, "//h1") == "العاصفة تحتجز العبارة"
    assert (heading.get("lang"), heading.get("dir")) == ("ar", "rtl")
    assert "هو بلغتك" in text(page, '//p[contains(@class, "tale-why")]')
    assert "٥ تقارير" in text(page, '//header[@class="tale-head"]')


def test_a_copy_does_not_lead(client: Client, story: Story, article: Article) -> None:
    first = Membership.objects.get(seq=story.opened_seq).article
    Copy.objects.create(article=article, leader=first, reason="same text", share=0.9, recipe="r")
    page = tree(client.get(f"/stories/{story.id.hex}"))
    assert text(page, "//h1") == "Ferry caught in storm"
    assert "others repeat it" in text(page, '//p[contains(@class, "tale-why")]')
    assert "4 reports 3 publishers" in text(page, '//header[@class="tale-head"]')
    assert "One more report repeats another word for word" in text(page, "//main")
    assert article.id.hex not in "".join(page.xpath('//ol[@class="grid"]//a/@href'))
    arabic = tree(client.get(f"/ar/stories/{story.id.hex}"))
    assert "٤ تقارير" in text(arabic, '//header[@class="tale-head"]')
    assert "تقرير آخر يكرر غيره حرفيًا" in text(arabic, "//main")


def test_an_editors_headline_stands_above(client: Client, story: Story) -> None:
    Story.objects.update(headline="The storm <b>of May</b>")
    page = tree(client.get(f"/stories/{story.id.hex}"))
    assert text(page, "//h1") == "The storm <b>of May</b>"
    assert text(page, '//section[@class="tale-lead"]//h2') == "Ferry caught in storm"


def test_hashtags_and_names_stand_in_the_readers_language(
    client: Client, story: Story, article: Article
) -> None:
    for key, english, arabic in (("storm", "Storm", "عاصفة"), ("ferry", "Ferry", "")):
        tag = Hashtag.objects.create(key=key, name_en=english, name_ar=arabic)
        Tagging.objects.create(article=article, hashtag=tag, place=0, recipe="r")
    Entity.objects.create(article=article, key="q1", name="Kelmar", kind="place", place=0, recipe="r")
    english = tree(client.get(f"/stories/{story.id.hex}"))
    assert texts(english, '//section[@aria-labelledby="hashtags"]//li') == ["#Ferry", "#Storm"]
    assert texts(english, '//section[@aria-labelledby="names"]//li') == ["Kelmar"]
    arabic = tree(client.get(f"/ar/stories/{story.id.hex}"))
    assert texts(arabic, '//section[@aria-labelledby="hashtags"]//li') == ["#Ferry", "#عاصفة"]


def test_an_address_that_was_merged_leads_on_for_good(
    client: Client, newsroom: Newsroom, story: Story
) -> None:
    old = newsroom.story(newsroom.articles[0])
    Membership.objects.filter(story=old).update(story=story)
    Story.objects.filter(id=old.id).update(forward_to=story)
    for prefix in ("", "/ar"):
        response = client.get(f"{prefix}/stories/{old.id.hex}")
        assert response.status_code == 308
        assert response["Location"] == f"{prefix}/stories/{story.id.hex}"
    api = client.get(f"/api/v1/stories/{old.id.hex}")
    assert api.status_code == 308
    assert api["Location"].endswith(f"/api/v1/stories/{story.id.hex}")


def test_there_is_nothing_where_no_story_is(client: Client, story: Story) -> None:
    assert client.get(f"/stories/{uuid4().hex}").status_code == 404
    Membership.objects.all().delete()
    assert client.get(f"/stories/{story.id.hex}").status_code == 404


def test_a_long_story_shows_the_newest_and_says_so(client: Client, newsroom: Newsroom) -> None:
    story = newsroom.story(*newsroom.articles[:45])
    page = tree(client.get(f"/stories/{story.id.hex}"))
    assert len(page.xpath('//ol[@class="grid"]/li')) == 40
    assert "The newest 40 reports are shown." in text(page, "//main")


def test_a_very_long_story_is_counted_whole(
    client: Client, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "READ_MOST", 10)
    made = [*newsroom.articles[:30], newsroom.publish(900, source=newsroom.other, title="The first of all")]
    story = newsroom.story(made[-1], *made[:-1])
    Copy.objects.create(article=made[3], leader=made[-1], reason="same text", share=0.9, recipe="r")
    value = stories.page(story.id, language="en", now=newsroom.now)
    assert value is not None
    assert (value.reports, sum(value.growth.counts), value.copies, value.voices) == (31, 31, 1, 2)
    assert value.first is not None
    assert value.first.title == "The first of all"
    assert value.first_at == made[-1].published_at
    assert "30 reports" in text(tree(client.get(f"/stories/{story.id.hex}")), '//header[@class="tale-head"]')


def test_the_page_costs_few_queries(
    client: Client, story: Story, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(7):
        client.get(f"/stories/{story.id.hex}")


def test_an_article_leads_to_its_story_and_to_what_is_related(
    client: Client, newsroom: Newsroom, story: Story, article: Article
) -> None:
    near = newsroom.articles[:2]
    for place, other in enumerate(near):
        values = {"relation": "background", "score": 0.4, "place": place, "recipe": "r"}
        reason = {"turn": "background", "about": ["ferry", "harbour"], "seconds": 60.0} if place else {}
        Relation.objects.create(article=article, other=other, reason=reason, **values)
    page = tree(client.get(f"/article/{article.id.hex}"))
    related = '//section[@class="related"]'
    assert page.xpath(f"{related}//p[@class='story-link']/a/@href") == [f"/stories/{story.id.hex}"]
    assert text(page, f"{related}//p[@class='story-link']") == "The whole story: 5 reports"
    assert texts(page, f"{related}/ul[1]//h3") == [row.title for row in near]
    why = f"{related}//p[@class='near-why']"
    # The harbour stands in neither title, so it may be a word of a text that is not to be shown.
    assert texts(page, why) == ["Background", "Background: also about ferry"]
    arabic = tree(client.get(f"/ar/article/{article.id.hex}"))
    assert texts(arabic, why)[0] == "خلفية"
    more = page.xpath(f"{related}/ul[2]//h4/a/@href")
    assert more
    mates = Article.objects.filter(membership__story=story)
    assert not {f"/article/{row.id.hex}" for row in (*near, *mates)} & set(more)


def test_an_article_alone_in_its_story_leads_nowhere(client: Client, newsroom: Newsroom) -> None:
    newsroom.story(newsroom.articles[3])
    page = tree(client.get(f"/article/{newsroom.articles[3].id.hex}"))
    assert not page.xpath("//p[@class='story-link']")
