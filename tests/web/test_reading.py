"""The console's pages of reading: what is doubtful, rules tried on stored pages, saved, undone and shared."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from daily8.news.repair import checked
from daily8.store import sites
from daily8.store.models import Article, KeptPage, RepeatedBlock, Revision, SiteRules
from tests import newsroom as rows
from tests.newsroom import Newsroom
from tests.web.reading import text, texts, tree

SITE = "/console/reading/site/harbour.example"
BOX = "Follow the Harbour Post on all channels."


@pytest.fixture
def pages(newsroom: Newsroom) -> list[Article]:
    """Three articles whose pages are kept; one was read badly."""
    made = [newsroom.publish(number) for number in (101, 102, 103)]
    for article in made:
        rows.keep(article, low=article is made[0])
    return made


def send(client: Client, word: str, **said: str) -> Any:
    return client.post(SITE, {"word": word, **said})


def learn() -> RepeatedBlock:
    """Let the site repeat a text."""
    return RepeatedBlock.objects.create(
        domain="harbour.example",
        mark="m",
        text=BOX,
        articles=4,
        days=2,
        learned_at="2026-11-29T00:00Z",
        recipe="r",
    )


def test_it_lists_sites_and_doubtful_articles_with_their_reasons(
    editor: Client, pages: list[Article]
) -> None:
    page = tree(editor.get("/console/reading"))
    assert texts(page, "//table//tbody/tr/*")[:3] == ["harbour.example", "3", "1"]
    [doubtful] = page.xpath('//ol[@class="source-list"]/li')
    said = text(doubtful, ".")
    for part in (
        pages[0].title,
        "Excerpt",
        "Score 0.4",
        "Text found in the page",
        "daily8-extract/2 policy 1",
    ):
        assert part in said
    assert text(doubtful, './/ul[@class="reasons reasons-low"]') == "Short: perhaps not the whole article."
    assert f"{SITE}?article={pages[0].id.hex}" in doubtful.xpath(".//@href")


def test_it_speaks_arabic(editor: Client, pages: list[Article]) -> None:
    page = tree(editor.get("/ar/console/reading"))
    assert text(page, "//main//h1") == "القراءة"
    assert text(page, '//ul[@class="reasons reasons-low"]') == "قصير: ربما ليس المقال كله."
    site = tree(editor.get(f"/ar{SITE}"))
    assert "القواعد" in texts(site, "//h2")


def test_an_article_leads_editors_to_the_repair_of_its_site(
    editor: Client, pages: list[Article], media: object
) -> None:
    page = tree(editor.get(f"/article/{pages[0].id.hex}"))
    assert "Score 0.4" in text(page, "//main")
    assert f"{SITE}?article={pages[0].id.hex}" in page.xpath("//main//@href")


def test_readers_are_not_led_there(client: Client, pages: list[Article], media: object) -> None:
    page = tree(client.get(f"/article/{pages[0].id.hex}"))
    assert not [link for link in page.xpath("//main//@href") if "console" in link]


def test_a_site_shows_its_pages_the_asked_for_first(editor: Client, pages: list[Article]) -> None:
    page = tree(editor.get(f"{SITE}?article={pages[2].id.hex}"))
    titles = texts(page, '//article[@class="comparison"]/h3')
    assert titles[0] == pages[2].title
    assert titles[1] == pages[0].title  # the most doubtful of the others
    assert len(page.xpath('//div[@class="side"]')) == 3


def test_rules_are_tried_on_stored_pages_and_nothing_changes(editor: Client, pages: list[Article]) -> None:
    before = list(Revision.objects.order_by("id").values_list("blocks", flat=True))
    page = tree(send(editor, "try", authors=".by", body=".story", remove=".box"))
    first = page.xpath('//article[@class="comparison"]')[0]
    assert texts(first, './/del[contains(@class, "side-line")]') == ["Maeve Byrne"]
    assert texts(first, './/dd[@class="changed"]') == ["Maeve Byrne"]
    now, then = first.xpath('.//div[@class="side"]')
    assert "Text found in the page" in text(now, "./p")
    assert "Text by the site's rules" in text(then, "./p")
    assert page.xpath('//textarea[@id="body"]')[0].text.strip() == ".story"
    assert list(Revision.objects.order_by("id").values_list("blocks", flat=True)) == before
    assert not SiteRules.objects.exists()


def test_they_are_saved_undone_and_restored(editor: Client, pages: list[Article]) -> None:
    response = send(editor, "save", body=".story\n\n.text", path="")
    assert (response.status_code, response.url) == (302, f"{SITE}?did=save")
    assert KeptPage.objects.filter(generation=0).count() == 3
    [rules] = sites.current("harbour.example")
    assert rules.body == (".story", ".text")
    assert "The rules count from now on." in text(tree(editor.get(response.url)), "//main")
    send(editor, "save", body=".other")
    send(editor, "undo", path="")
    assert [r.body for r in sites.current("harbour.example")] == [(".story", ".text")]
    versions = sites.history("harbour.example")
    other = next(version for version in versions if version.rules.body == (".other",))
    send(editor, "restore", version=str(other.id))
    assert [r.body for r in sites.current("harbour.example")] == [(".other",)]
    assert {version.saved_by for version in sites.history("harbour.example")} == {"Editor"}


def test_a_try_after_saving_is_not_called_saved(editor: Client, pages: list[Article]) -> None:
    saved = send(editor, "save", body=".story").url
    for word, said in (("try", ".other"), ("save", "p:hover")):
        page = tree(editor.post(saved, {"word": word, "body": said}))
        assert not page.xpath('//p[@class="notice"]')


def test_what_is_undone_is_what_is_shown_whatever_was_typed(editor: Client, pages: list[Article]) -> None:
    send(editor, "save", path="/sport/", body=".story")
    page = tree(send(editor, "save", path="/sport/", body="p:hover"))
    page.xpath('//input[@id="path"]')[0].set("value", "/typed/")
    [button] = page.xpath('//button[@value="undo"]')
    [form] = page.xpath(f'//form[@id="{button.get("form")}"]')
    assert form.xpath('./input[@name="path"]/@value') == ["/sport/"]
    assert send(editor, "undo", **dict(form.fields)).status_code == 302
    assert sites.current("harbour.example") == ()


def test_earlier_rules_are_listed_by_whom_they_were_saved(editor: Client, pages: list[Article]) -> None:
    send(editor, "save", body=".story")
    heads = "//thead//th"
    assert texts(tree(editor.get(SITE)), heads)[:3] == ["Saved", "Saved by", "For"]
    assert texts(tree(editor.get(f"/ar{SITE}")), heads)[1:3] == ["حفظها", "تسري على"]


def test_the_first_rules_of_a_site_can_be_undone(editor: Client, pages: list[Article]) -> None:
    send(editor, "save", body=".story")
    send(editor, "undo", path="")
    assert sites.current("harbour.example") == ()


def test_rules_that_cannot_be_used_are_refused_in_words_and_stay_in_the_form(
    editor: Client, pages: list[Article]
) -> None:
    page = tree(send(editor, "save", body="p:hover", drop="Follow *"))
    assert text(page, '//p[@id="wrong"]').startswith("The selector p:hover cannot be read")
    assert page.xpath('//textarea[@id="body"]')[0].text.strip() == "p:hover"
    assert page.xpath('//*[@aria-invalid="true" and @aria-describedby="wrong"]/@id') == ["body"]
    page = tree(send(editor, "try", path="sport"))
    assert page.xpath('//*[@aria-invalid="true"]/@id') == ["path"]
    page = tree(send(editor, "save", body="p:hover", drop="Follow *"))
    assert page.xpath('//textarea[@id="drop"]')[0].text.strip() == "Follow *"
    assert not SiteRules.objects.exists()


def test_rules_of_a_path_stand_beside_the_general_ones(editor: Client, pages: list[Article]) -> None:
    send(editor, "save", body=".story")
    response = send(editor, "save", path="/sport/", title="h2")
    assert response.url == f"{SITE}?path=%2Fsport%2F&did=save"
    page = tree(editor.get(f"{SITE}?path=/sport/"))
    assert page.xpath('//input[@id="path"]/@value') == ["/sport/"]
    assert texts(page, '//p[@class="paths"]/a') == ["all pages", "/sport/"]
    assert "No page of this site is stored under this path." in text(page, "//main")


def test_a_repeated_text_can_be_kept(editor: Client, pages: list[Article]) -> None:
    block = learn()
    assert BOX in text(tree(editor.get(SITE)), '//li[@class="repeat"]')
    assert send(editor, "keep", mark=block.mark).status_code == 302
    assert [r.keep for r in sites.current("harbour.example")] == [(BOX,)]
    assert "Stays in its articles" in text(tree(editor.get(SITE)), '//li[@class="repeat"]')
    assert send(editor, "keep", mark="unknown").status_code == 404


def test_rules_travel_as_a_file(editor: Client, pages: list[Article]) -> None:
    send(editor, "save", body=".story", drop="تابعوا *")
    response = editor.get("/console/reading/rules?site=harbour.example")
    assert response["Content-Disposition"] == 'attachment; filename="harbour.example.toml"'
    SiteRules.objects.all().delete()
    sent = BytesIO(response.content)
    sent.name = "rules.toml"
    taken = editor.post("/console/reading/rules", {"file": sent, "rules": ""})
    assert taken.status_code == 302
    assert sites.every() == (checked("harbour.example", "", {"body": [".story"], "drop": ["تابعوا *"]}),)


def test_a_file_that_cannot_be_used_is_refused_in_words(editor: Client, pages: list[Article]) -> None:
    page = tree(editor.post("/console/reading/rules", {"rules": "format = 1"}))
    assert text(page, '//p[@id="wrong"]').startswith("A file of site rules begins with the line")
    assert page.xpath('//textarea[@id="typed"]')[0].text.strip() == "format = 1"


def test_others_learn_nothing(signed_in: Client, pages: list[Article]) -> None:
    for address in ("/console/reading", "/console/reading/rules", SITE):
        assert signed_in.get(address).status_code == 404
    assert send(signed_in, "save", body="p").status_code == 404
    assert not SiteRules.objects.exists()


@pytest.mark.parametrize("word", ["hack", "restore", ""])
def test_what_no_form_sends_is_refused(editor: Client, pages: list[Article], word: str) -> None:
    assert send(editor, word, version="x").status_code == 400


def test_a_site_of_which_nothing_is_known_is_not_there(editor: Client, pages: list[Article]) -> None:
    assert editor.get("/console/reading/site/other.example").status_code == 404
    assert editor.get("/console/reading/site/a%00b").status_code == 404
    assert editor.post("/console/reading/site/a%00b", {"word": "undo", "path": ""}).status_code == 404
    assert editor.get(f"{SITE}?article=nonsense").status_code == 200


def test_the_pages_cost_few_queries(
    editor: Client, pages: list[Article], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        editor.get("/console/reading")
    with django_assert_max_num_queries(30):
        editor.get(SITE)
