"""The console's pages of stories: found, looked into, merged, split, moved, locked; two articles compared."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from daily8.store.models import Article, Story, StoryAct
from tests.newsroom import Newsroom
from tests.web.reading import text, texts, tree


@pytest.fixture
def stories(newsroom: Newsroom) -> list[Story]:
    """Two stories, one of three articles and one of two."""
    rows = newsroom.articles
    return [newsroom.story(*rows[:3]), newsroom.story(rows[40], rows[41])]


def address(story: Story) -> str:
    return f"/console/stories/{story.id.hex}"


def send(client: Client, story: Story, word: str, **said: Any) -> Any:
    return client.post(address(story), {"word": word, **said})


def test_stories_are_listed_and_found_by_words_and_addresses(editor: Client, stories: list[Story]) -> None:
    page = tree(editor.get("/console/stories"))
    assert page.xpath('//ol[@class="source-list"]//h2/a/@href') == [
        address(stories[1]),
        address(stories[0]),
    ]
    assert "3 reports 1 publisher" in texts(page, '//ol[@class="source-list"]/li')[1]
    found = tree(editor.get("/console/stories?q=FERRY%20number%203"))
    assert found.xpath('//ol[@class="source-list"]//h2/a/@href') == [address(stories[0])]
    assert "There is none." in text(tree(editor.get("/console/stories?q=zzz")), "//main")
    member = stories[1].members.order_by("seq")[1].article_id
    for words in (
        f"https://site.example/article/{member.hex}",
        str(stories[1].id),
        stories[1].id.hex.upper(),
    ):
        assert editor.get("/console/stories", {"q": words})["Location"] == address(stories[1])


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("الامير وصل", True),
        ("وُصُول الأمــير", True),
        ("اميره", True),
        ("الأميرة غادرت", False),
        ("'; DROP TABLE x; -- :* & | ! <-> \\ (", False),
        ("\u064b & |", False),
        ("الأميرة 'وصل'", True),
    ],
)
def test_arabic_titles_are_found_however_they_are_written(
    editor: Client, newsroom: Newsroom, words: str, found: bool
) -> None:
    title = "وصول الأميرة: الأميرة وصلت إلى الميناء، أميرة من الجنوب"
    story = newsroom.story(newsroom.publish(7001, arabic=True, title=title))
    newsroom.story(newsroom.articles[0])
    page = tree(editor.get("/console/stories", {"q": words}))
    hrefs = page.xpath('//ol[@class="source-list"]//h2/a/@href')
    assert hrefs == ([address(story)] if found else [])


def test_a_headline_of_an_editor_is_found(editor: Client, stories: list[Story]) -> None:
    Story.objects.filter(id=stories[0].id).update(headline="A 50% storm")
    page = tree(editor.get("/console/stories", {"q": "50% st"}))
    assert page.xpath('//ol[@class="source-list"]//h2/a/@href') == [address(stories[0])]


def test_the_list_goes_on(editor: Client, newsroom: Newsroom) -> None:
    made = [newsroom.story(row) for row in newsroom.articles[:45]]
    first = tree(editor.get("/console/stories"))
    [older] = first.xpath('//a[@class="button"][contains(@href, "older=")]/@href')
    rest = tree(editor.get(f"/console/stories{older}"))
    assert len(rest.xpath('//ol[@class="source-list"]/li')) == 5
    assert rest.xpath('//ol[@class="source-list"]//h2/a/@href')[-1] == address(made[0])
    assert editor.get("/console/stories?older=x").status_code == 404


def test_a_story_shows_the_figures_of_each_decision(editor: Client, stories: list[Story]) -> None:
    page = tree(editor.get(address(stories[0])))
    newest, *_, first = texts(page, '//li[@class="member"]')
    assert "Joined by its words Score 0.31 Threshold 0.2" in newest
    assert "In common: ferry 0.2 island 0.1" in newest
    assert "Opened the story: nothing was near enough" in first
    arabic = tree(editor.get(f"/ar{address(stories[0])}"))
    assert "انضم بكلماته" in text(arabic, "//main")


def test_what_editors_say_is_written_down_and_waits_for_its_turn(
    editor: Client, stories: list[Story]
) -> None:
    big, small = stories
    leaving = big.members.order_by("-seq").values_list("article_id", flat=True)[0]
    response = send(editor, big, "split", article=[leaving.hex], why="Another ferry.")
    assert (response.status_code, response.url) == (302, f"{address(big)}?did=split")
    assert "carried out in its turn" in text(tree(editor.get(response.url)), "//main")
    send(editor, small, "merge", other=f"https://site.example/ar/stories/{big.id.hex}")
    send(editor, big, "move", article=[leaving.hex], other=small.members.all()[0].article_id.hex)
    send(editor, big, "lock")
    acts = StoryAct.objects.order_by("id")
    assert [(act.kind, act.story_id, act.other_id) for act in acts] == [
        ("split", big.id, None),
        ("merge", small.id, big.id),
        ("move", big.id, small.id),
        ("lock", big.id, None),
    ]
    assert all(act.by for act in acts)
    history = texts(tree(editor.get(address(big))), '//div[@class="table"]//tbody/tr')
    assert len(history) == 4
    assert history[-1].endswith("Another ferry. Waits")


def test_a_headline_counts_at_once(editor: Client, stories: list[Story]) -> None:
    response = send(editor, stories[0], "headline", headline="  The long \n storm ")
    assert Story.objects.get(id=stories[0].id).headline == "The long storm"
    page = tree(editor.get(response.url))
    assert text(page, "//main//h1") == "The long storm"
    assert "The headline counts from now on." in text(page, "//main")


@pytest.mark.parametrize(
    ("word", "said", "english", "arabic"),
    [
        ("merge", {"other": "nowhere"}, "This is no address", "هذا ليس عنوان قصة"),
        ("split", {}, "None of these articles", "ليس أي من هذه المقالات"),
        ("headline", {"headline": "x" * 400}, "longer than 300", "أطول من ٣٠٠"),
    ],
)
def test_what_cannot_be_done_is_said_in_both_languages(
    editor: Client, stories: list[Story], word: str, said: dict[str, str], english: str, arabic: str
) -> None:
    page = tree(send(editor, stories[0], word, **said))
    assert english in text(page, '//p[@role="alert"]')
    page = tree(editor.post(f"/ar{address(stories[0])}", {"word": word, **said}))
    assert arabic in text(page, '//p[@role="alert"]')
    assert not StoryAct.objects.exists()


def test_a_word_that_no_form_sends_is_refused(editor: Client, stories: list[Story]) -> None:
    assert send(editor, stories[0], "delete").status_code == 400


def test_the_console_follows_what_was_merged(editor: Client, stories: list[Story]) -> None:
    Story.objects.filter(id=stories[1].id).update(forward_to=stories[0])
    assert editor.get(address(stories[1]))["Location"] == address(stories[0])


@pytest.mark.parametrize("path", ["/console/stories", "/console/stories/pair", "story"])
def test_readers_learn_nothing_of_it(signed_in: Client, stories: list[Story], path: str) -> None:
    path = address(stories[0]) if path == "story" else path
    assert signed_in.get(path).status_code == 404
    assert signed_in.post(path, {"word": "lock"}).status_code == 404
    assert not StoryAct.objects.exists()


def test_two_articles_are_compared(editor: Client, newsroom: Newsroom, stories: list[Story]) -> None:
    one, other = newsroom.articles[0], newsroom.articles[1]
    page = tree(editor.get("/console/stories/pair", {"one": one.id.hex, "other": f"/article/{other.id.hex}"}))
    assert text(page, '//p[@class="notice"]') == "They are in one story."
    assert len(page.xpath('//div[@class="side"]')) == 2
    facts = texts(page, '//dl[@class="side-facts"]/dd')
    assert float(facts[0]) > 0
    assert "In common:" in texts(page, '//p[@class="shared"]')[-1]
    apart = newsroom.articles[40]
    page = tree(editor.get("/console/stories/pair", {"one": one.id.hex, "other": apart.id.hex}))
    assert text(page, '//p[@class="notice"]') == "They are not in one story."
    page = tree(editor.get("/console/stories/pair", {"one": one.id.hex, "other": "0" * 32}))
    assert text(page, '//p[@role="alert"]') == "One of these is no address of an article here."


def test_one_that_waits_for_its_story_is_said_to(
    editor: Client, newsroom: Newsroom, stories: list[Story]
) -> None:
    waiting = Article.objects.get(id=newsroom.articles[10].id)
    page = tree(
        editor.get("/console/stories/pair", {"one": waiting.id.hex, "other": newsroom.articles[0].id.hex})
    )
    assert "It waits for its story." in text(page, "//main")
