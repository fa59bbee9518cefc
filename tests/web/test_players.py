"""Films and episodes on the page of an article, before anything is played."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from daily8.news import types
from daily8.store.models import Article, TimedText
from tests.newsroom import Newsroom
from tests.web.reading import text, texts, tree

SOUND = "https://files.radio.example/7.mp3"


def file(url: str, kind: str, **values: Any) -> dict[str, Any]:
    return {"url": url, "type": kind, "length": None, "duration": 3723, **values}


def episode(newsroom: Newsroom, url: str = SOUND, **values: Any) -> Article:
    people = {"season": 2, "number": 7, "people": ["Mara Quill"]}
    given = {"kind": "podcast", "enclosures": [file(url, "audio/mpeg")], "episode": people, **values}
    made = newsroom.publish(1, **given)
    TimedText.objects.create(
        article=made, kind="chapters", content=[{"start": 61.0, "title": "<b>Sea", "url": "javascript:1"}]
    )
    TimedText.objects.create(
        article=made,
        kind="transcript",
        content=[
            {"start": 5.0, "speaker": "Mara", "text": "<script>alert(1)</script> صباح الخير"},
            {"start": None, "speaker": None, "text": "No time."},
        ],
    )
    return made


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("", ("Season 2", "Episode 7", "With Mara Quill", "Chapters", "Transcript", "1:02:03", "1:01")),
        ("/ar", ("الموسم ٢", "الحلقة ٧", "مع Mara Quill", "الفصول", "النص المكتوب", "١:٠٢:٠٣", "١:٠١")),
    ],
)
def test_an_episode_with_chapters_and_transcript(
    client: Client, newsroom: Newsroom, prefix: str, words: tuple[str, ...]
) -> None:
    made = episode(newsroom)
    page = tree(client.get(f"{prefix}/article/{made.id.hex}"))
    [card] = page.xpath('//div[contains(@class, "story-sound")]/div')
    assert (card.get("data-sound"), card.get("data-key")) == (SOUND, made.id.hex)
    assert card.get("data-page") == f"{prefix}/article/{made.id.hex}"
    assert texts(card, './/p[@class="listen-what"]/span') == list(words[:3])
    assert text(card, './/span[@class="listen-length"]') == words[5]
    assert "files.radio.example" in text(card, './/p[@class="listen-note"]')
    assert card.xpath('.//a[contains(@class, "listen-play")]/@href') == [SOUND]
    assert text(page, '//h2[@id="chapters"]') == words[3]
    assert text(page, '//section[@class="chapters"]//a') == words[6]
    assert page.xpath('//section[@class="chapters"]//a/@href') == [f"{SOUND}#t=61"]
    assert text(page, '//span[@class="chapter-title"]') == "<b>Sea"
    assert text(page, '//details[@class="transcript"]/summary/h2') == words[4]
    lines = page.xpath('//div[@class="lines"]/p')
    assert [line.get("data-from") for line in lines] == ["5.0", None]
    assert "<script>alert(1)</script> صباح الخير" in text(lines[0], './span[@class="line-text"]')
    assert page.xpath('//span[@class="line-text"]/@dir') == ["auto", "auto"]


def test_nothing_is_loaded_from_elsewhere(client: Client, newsroom: Newsroom) -> None:
    made = episode(newsroom)
    newsroom.text(
        made,
        types.Embed("youtube", "https://www.youtube.com/watch?v=abcdefghijk", id="abcdefghijk"),
        types.Embed("video", "https://tv.example/a.mp4"),
        types.Embed("audio", "https://radio.example/b.mp3"),
        types.Embed("instagram", "https://www.instagram.com/p/abc/", author="Bo", text="Home"),
    )
    page = tree(client.get(f"/article/{made.id.hex}"))
    assert not page.xpath("//iframe | //audio | //video | //source | //object | //embed")
    assert all(src.startswith("/") for src in page.xpath("//@src"))
    assert text(page, '//figure[@class="post"]/p[@class="post-from"]') == "Instagram Bo"
    assert page.xpath('//figure[@class="post"]//a/@href') == ["https://www.instagram.com/p/abc/"]


@pytest.mark.parametrize(
    ("url", "files", "source"),
    [
        ("https://youtu.be/abcdefghijk", [], "https://www.youtube-nocookie.com/embed/abcdefghijk"),
        ("https://vimeo.com/76979871", [], "https://player.vimeo.com/video/76979871"),
        ("https://tv.example/7", [file("https://tv.example/7.mp4", "video/mp4")], "https://tv.example/7.mp4"),
        (
            "https://tv.example/7",
            [file("https://tv.example/7.m3u8", "application/x-mpegurl")],
            "https://tv.example/7.m3u8",
        ),
    ],
)
def test_a_film_stands_for_the_lead_image(
    client: Client, newsroom: Newsroom, url: str, files: list[dict[str, Any]], source: str
) -> None:
    made = newsroom.publish(1, kind="video", key=url, url=url, enclosures=files, duration=75)
    newsroom.picture(made)
    page = tree(client.get(f"/article/{made.id.hex}"))
    [film] = page.xpath('//div[contains(@class, "story-player")]/div')
    told = film.get("data-frame") or film.get("data-video") or film.get("data-stream")
    assert told.startswith(source)
    assert film.xpath(".//img/@src")[0].startswith("/media/")
    assert text(film, './/span[@class="film-length"]') == ("1:02:03" if files else "1:15")
    assert not page.xpath('//figure[@class="story-picture"]')


def test_a_film_of_the_text_that_leads_stands_once(client: Client, newsroom: Newsroom) -> None:
    made = newsroom.publish(1, kind="video")
    film = types.Embed("vimeo", "https://vimeo.com/76979871", id="76979871", duration=65)
    newsroom.text(made, film, types.Paragraph("Text."))
    page = tree(client.get(f"/article/{made.id.hex}"))
    assert len(page.xpath("//@data-frame")) == 1
    assert page.xpath('//div[contains(@class, "story-player")]//@data-frame')
    assert text(page, '//p[@id="b1"]') == "Text."


def test_what_is_not_encrypted_is_a_link(client: Client, newsroom: Newsroom) -> None:
    made = episode(newsroom, SOUND.replace("https", "http"))
    page = tree(client.get(f"/article/{made.id.hex}"))
    assert page.xpath('//div[@class="story-media"]//a/@href') == [SOUND.replace("https", "http")]
    assert not page.xpath("//@data-sound")
    assert not page.xpath('//a[@class="place"]')


def test_a_transcript_that_was_not_read_is_linked_to(client: Client, newsroom: Newsroom) -> None:
    made = newsroom.publish(1, kind="podcast", enclosures=[file(SOUND, "audio/mpeg")])
    TimedText.objects.create(article=made, kind="transcript", url=f"{SOUND}.vtt")
    page = tree(client.get(f"/article/{made.id.hex}"))
    assert page.xpath(f'//p[@class="at-origin"]/a[@href="{SOUND}.vtt"]')


def test_a_card_tells_how_long_it_takes(client: Client, newsroom: Newsroom) -> None:
    newsroom.publish(0, key="https://tv.example/0", kind="video", duration=75, title="A film")
    sound = [file(SOUND, "audio/mpeg")]
    newsroom.publish(1, key="https://tv.example/1", kind="podcast", title="An episode", enclosures=sound)
    page = tree(client.get("/"))
    kinds = texts(page, '//span[@class="kind"]')
    assert kinds[:2] == ["Video 1:15", "Podcast 1:02:03"]
    assert len(page.xpath('//span[@class="kind"]/svg')) == 2
