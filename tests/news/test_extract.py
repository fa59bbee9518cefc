"""Articles in pages: each fact from each of the places where publishers put it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from daily8.news.blocks import blocks_from_html
from daily8.news.extract import EXTRACTOR, extract, extracted_to_json
from daily8.news.types import Embed, Enclosure, Entry, Heading, Image, ListBlock, Paragraph, Quote, Table

URL = "https://paper.example/world/2026/05/04/harbour-opens-after-ten-years"
TEXT = [
    (
        "The old harbour of Lindholm opened to ships on Monday, "
        "ten years after a storm had filled its basin with sand."
    ),
    (
        "Engineers moved four million tonnes of it, the port said, "
        "and found the hull of a schooner that nobody had missed."
    ),
    (
        "“We had drawn every stone of this quay before we touched "
        "one,” said the chief engineer, who retires this summer."
    ),
    (
        "Fishing crews will be the first to return; ferries to the "
        "islands follow in June, if the pilots agree to the plan."
    ),
]
ARABIC = [
    "افتتح الميناء القديم في المدينة أبوابه أمام السفن يوم الاثنين بعد عشر سنوات من عاصفة ملأت حوضه بالرمال.",
    "وقالت إدارة الميناء إن المهندسين نقلوا أربعة ملايين طن من الرمال وعثروا على هيكل سفينة لم يفتقدها أحد.",
    "وسيكون الصيادون أول العائدين إلى الأرصفة، على أن تتبعهم العبارات المتجهة إلى الجزر في شهر يونيو المقبل.",
]


def page(
    body: str = "",
    head: str = "",
    linked: dict[str, Any] | None = None,
    title: str = "Harbour opens after ten years",
    language: str = "en",
) -> str:
    script = f'<script type="application/ld+json">{json.dumps(linked)}</script>' if linked else ""
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta '
        f'charset="utf-8"><title>{title}</title>{head}{script}</head>'
        f"<body>{body}</body></html>"
    )


def article(
    paragraphs: list[str] | None = None, extra: str = "", title: str = "Harbour opens after ten years"
) -> str:
    text = "".join(f"<p>{p}</p>" for p in (paragraphs or TEXT))
    return f'<main><article><h1>{title}</h1><div class="story-body">{text}{extra}</div></article></main>'


def test_structured_data_is_read() -> None:
    linked = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Organization", "@id": "#org", "name": "The Paper"},
            {"@type": "Person", "@id": "#ada", "name": "Ada Holm"},
            {
                "@type": ["NewsArticle"],
                "headline": "Harbour opens after ten years",
                "datePublished": "2026-05-04T08:00:00+02:00",
                "dateModified": "2026-05-04T09:30:00+02:00",
                "author": [{"@id": "#ada"}, {"@type": "Person", "name": "Bo Lind"}],
                "publisher": {"@id": "#org"},
                "articleSection": "World",
                "keywords": "ports, Lindholm, #ships, ports",
                "inLanguage": "en-GB",
                "isAccessibleForFree": "False",
                "image": {"@type": "ImageObject", "url": "https://img.example/a-quay.jpg", "width": 1200},
            },
        ],
    }
    found = extract(page(article(), linked=linked), URL)
    zone = timezone(timedelta(hours=2))
    assert found.title == "Harbour opens after ten years"
    assert found.authors == ("Ada Holm", "Bo Lind")
    assert found.published == datetime(2026, 5, 4, 8, tzinfo=zone)
    assert found.updated == datetime(2026, 5, 4, 9, 30, tzinfo=zone)
    assert (found.language, found.section, found.tags) == ("en", "World", ("ports", "Lindholm", "ships"))
    assert found.paywalled
    assert found.image == Image("https://img.example/a-quay.jpg", width=1200)
    assert found.canonical_url == URL
    assert [b.html for b in found.blocks if isinstance(b, Paragraph)] == TEXT


@pytest.mark.parametrize(
    "broken",
    [
        '{"@type":"NewsArticle","headline":"Harbour opens after ten years","author":"Ada Holm",}',
        '{"@type":"NewsArticle","author":"Ada Holm","description":"a\nline and \\x a tab\t"}',
        '<!-- {"@type":"NewsArticle","author":{"name":"Ada Holm"}} -->',
        '//<![CDATA[\n{"@type":"NewsArticle","author":["Ada Holm"]}\n//]]>',
        '{"@type":"NewsArticle","author":[{"@type":"Person","name":"Ada Holm"}]};',
        '{"@type":"NewsArticle","author":{"givenName":"Ada","familyName":"Holm"}}{"@type":"Thing"}',
    ],
)
def test_broken_json_is_tolerated(broken: str) -> None:
    head = f'<script type="application/ld+json">{broken}</script>'
    assert extract(page(article(), head), URL).authors == ("Ada Holm",)


def test_the_page_s_own_node_wins_over_those_it_links_to() -> None:
    other = {
        "@type": "NewsArticle",
        "headline": "Another thing",
        "author": "Not Me",
        "datePublished": "2020-01-01",
    }
    own = {"@type": "Article", "headline": "Harbour opens after ten years", "author": "Ada Holm", "url": URL}
    found = extract(page(article(), linked={"@graph": [other, own]}), URL)
    assert found.authors == ("Ada Holm",)


def test_meta_elements_are_read() -> None:
    head = (
        '<meta property="og:title" content="Harbour opens after ten years | The Paper">'
        '<meta property="og:site_name" content="The Paper"><meta property="og:type" content="article">'
        '<meta property="og:description" content="Four million tonnes of sand were moved.">'
        '<meta property="og:image" content="/pictures/quay-1234567.jpg">'
        '<meta property="og:image:alt" content="The quay">'
        '<meta property="article:published_time" content="2026-05-04T06:00:00Z">'
        '<meta property="article:tag" content="ports"><meta property="article:tag" content="sand">'
        '<meta property="article:section" content="World">'
        '<meta name="author" content="By Ada Holm and Bo Lind">'
        '<link rel="canonical" href="/world/2026/05/04/harbour-opens-after-ten-years?utm_source=x">'
    )
    found = extract(page(article(), head), URL + "?utm_source=feed")
    assert found.title == "Harbour opens after ten years"
    assert found.dek == "Four million tonnes of sand were moved."
    assert found.authors == ("Ada Holm", "Bo Lind")
    assert found.published == datetime(2026, 5, 4, 6, tzinfo=UTC)
    assert found.tags == ("ports", "sand")
    assert found.image == Image("https://paper.example/pictures/quay-1234567.jpg", alt="The quay")
    assert found.canonical_url == URL


def test_what_is_only_shown_is_read() -> None:
    body = (
        "<article><h1>Harbour opens after ten years</h1><p class='standfirst'>"
        "Four million tonnes of sand were moved first.</p>"
        "<div class='byline'>By <a rel='author' href='/authors/ada'>Ada Holm</a></div>"
        "<time datetime='2026-05-04T08:00+02:00'>4 May</time>"
        "<figure><img src='/i/quay.jpg' width=900 alt='A quay'><figcaption>"
        "The quay in May. Photo: Eva Sund</figcaption></figure>"
        "<div class='text'>" + "".join(f"<p>{p}</p>" for p in TEXT) + "</div></article>"
    )
    found = extract(page(body), URL)
    assert found.dek == "Four million tonnes of sand were moved first."
    assert found.authors == ("Ada Holm",)
    assert found.published == datetime(2026, 5, 4, 6, tzinfo=UTC)
    assert found.image == Image(
        "https://paper.example/i/quay.jpg", "A quay", "The quay in May.", "Eva Sund", 900
    )
    assert [b.html for b in found.blocks if isinstance(b, Paragraph)] == TEXT


def test_an_arabic_page_is_read_as_well_as_an_english_one() -> None:
    body = article(
        ARABIC,
        "<p>اقرأ أيضا: خبر آخر عن الموانئ</p><div class='ad-slot'>إعلان</div>",
        "الميناء القديم يعود بعد عشر سنوات",
    )
    body = body.replace("</h1>", "</h1><div class='author'>بقلم: سلمى الحداد</div><time>٤ مايو ٢٠٢٦</time>")
    found = extract(
        page(body, title="الميناء القديم يعود بعد عشر سنوات - الصحيفة", language="en"),
        "https://paper.example/ar/1",
    )
    assert found.title == "الميناء القديم يعود بعد عشر سنوات"
    assert found.authors == ("سلمى الحداد",)
    assert found.published == datetime(2026, 5, 4, tzinfo=UTC)
    assert found.language == "ar"
    assert [b.html for b in found.blocks if isinstance(b, Paragraph)] == ARABIC
    assert len(found.blocks) == len(ARABIC)


def test_blocks_of_every_kind_are_kept_in_the_body() -> None:
    extra = (
        "<h2>What comes next</h2><ul><li>Pilots vote on the second "
        "of June.</li><li>Ferries sail a week later.</li></ul>"
        "<blockquote><p>Nobody had missed her at all.</p></blockquote>"
        "<table><tr><th>Year</th><th>Ships</th></tr><tr><td>2015</td><td>412</td></tr></table>"
        "<blockquote class='twitter-tweet'><p>Open at last</p><a "
        "href='https://twitter.com/port/status/99887766'>d</a></blockquote>"
        f"<p>{TEXT[0]} And a second time, with <a href='/sand'>more sand</a>.</p>"
    )
    kinds = [type(b) for b in extract(page(article(TEXT, extra)), URL).blocks]
    assert kinds == [*[Paragraph] * 4, Heading, ListBlock, Quote, Table, Embed, Paragraph]


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>Advertisement</p>",
        "<p>READ MORE WORLD NEWS</p>",
        "<p>1 / 12</p>",
        "<div class='share-bar'><a href='#'>Facebook</a> <a href='#'>X</a></div>",
        (
            "<div class='newsletter-signup'><h3>Stay informed</h3><p>Our "
            "morning letter brings the day's stories to you.</p></div>"
        ),
        "<p>.st0{fill:#FFF;} .st1{fill:none;stroke:#000;}</p>",
        (
            "<aside class='related'><h3>Related</h3><ul><li><a "
            "href='/x'>Another story about a port</a></li></ul></aside>"
        ),
        "<p>إعلان</p>",
        "<p>اقرأ المزيد: خبر آخر</p>",
        "<p>شارك</p>",
        "<p>Anzeige</p>",
        "<p>Sign up for our free newsletter today</p>",
        (
            "<div class='cookie-notice'><p>We use cookies to keep "
            "this site running and to count our readers.</p></div>"
        ),
    ],
)
def test_furniture_is_left_out(furniture: str) -> None:
    text = "".join(f"<p>{p}</p>{furniture}" for p in TEXT)
    body = (
        "<main><article><h1>Harbour opens after ten years</h1>"
        f"<div class='story-body'>{text}</div></article></main>"
    )
    assert [getattr(b, "html", b) for b in extract(page(body), URL).blocks] == TEXT


def test_the_text_is_found_without_any_helpful_name() -> None:
    menu = "".join(f"<div><a href='/{n}'>Section number {n}</a></div>" for n in range(40))
    text = "".join(f"<div class='x9{n}'>{p}</div>" for n, p in enumerate(TEXT))
    side = "".join(
        f"<div><a href='/s/{n}'>Some other story that is not this one, number {n}</a></div>"
        for n in range(20)
    )
    found = extract(page(f"<div>{menu}</div><div><div>{text}</div><div>{side}</div></div>"), URL)
    assert [b.html for b in found.blocks if isinstance(b, Paragraph)] == TEXT


def test_a_misleading_name_does_not_hide_the_text() -> None:
    body = article().replace("story-body", "paywall newsletter sidebar")
    assert [b.html for b in extract(page(body), URL).blocks if isinstance(b, Paragraph)] == TEXT


def test_the_lead_image_is_not_repeated_in_the_body() -> None:
    figure = (
        "<figure><img src='/i/quay-640x360.jpg' width=640><figcaption>"
        "The quay <small>E. Sund</small></figcaption></figure>"
    )
    later = "<figure><img src='/i/islands.jpg' width=640></figure>"
    body = (
        article()
        .replace("<p>", figure + "<p>", 1)
        .replace("</div>", f"{later}<p>{TEXT[0]} Indeed.</p></div>")
    )
    head = '<meta property="og:image" content="https://paper.example/i/quay-1200x630.jpg">'
    found = extract(page(body, head), URL)
    assert found.image is not None
    assert (found.image.caption, found.image.credit) == ("The quay", "E. Sund")
    assert [b.url for b in found.blocks if isinstance(b, Image)] == ["https://paper.example/i/islands.jpg"]


def test_kinds() -> None:
    def kind(**linked: Any) -> str:
        return extract(
            page(article(), linked={"headline": "Harbour opens after ten years", **linked}), URL
        ).kind

    assert kind(**{"@type": "NewsArticle"}) == "text"
    assert kind(**{"@type": "VideoObject", "name": "x"}) == "video"
    assert kind(**{"@type": "PodcastEpisode"}) == "podcast"
    assert kind(**{"@type": "ImageGallery"}) == "gallery"
    assert kind(**{"@type": "LiveBlogPosting"}) == "live"
    entry = Entry(enclosures=(Enclosure("https://paper.example/e.mp3", "audio/mpeg"),))
    assert extract(page(article()), URL, entry=entry).kind == "podcast"


@pytest.mark.parametrize(
    ("linked", "seconds"),
    [
        ({"@type": "VideoObject", "duration": "PT1H2M3S"}, 3723),
        ({"@type": "PodcastEpisode", "duration": "P0DT10M"}, 600),
        ({"@type": "PodcastEpisode", "associatedMedia": {"@type": "AudioObject", "duration": "PT90S"}}, 90),
        ({"@type": "VideoObject", "duration": ["x"]}, None),
        ({"@type": "VideoObject", "duration": "soon"}, None),
        ({"@type": "NewsArticle", "audio": {"@type": "AudioObject", "duration": "PT90S"}}, None),
    ],
)
def test_the_length_of_a_film_or_an_episode(linked: dict[str, Any], seconds: int | None) -> None:
    told = {"headline": "Harbour opens after ten years", **linked}
    assert extract(page(article(), linked=told), URL).duration == seconds


def test_a_film_that_the_page_states_is_an_embed_with_its_length() -> None:
    film = {
        "@type": "VideoObject",
        "duration": "PT75S",
        "contentUrl": "https://cdn.paper.example/harbour.m3u8",
        "embedUrl": "https://paper.example/player/1",
    }
    linked = {"@type": "NewsArticle", "headline": "Harbour opens after ten years", "video": film}
    blocks = extract(page(article(), linked=linked), URL).blocks
    assert blocks[0] == Embed("video", "https://cdn.paper.example/harbour.m3u8", duration=75)


def test_sources_of_a_film_in_the_text() -> None:
    inside = '<video poster="/p.jpg"><source type="application/x-mpegurl" src="/film/7.m3u8"></video>'
    blocks = blocks_from_html(f"<p>Before.</p>{inside}<p>After.</p>", URL)
    assert blocks[1] == Embed("video", "https://paper.example/film/7.m3u8")


def test_a_missing_zone_and_clock_are_borrowed_from_one_who_agrees() -> None:
    head = '<meta property="article:published_time" content="2026-05-04T08:00:00+03:00">'
    linked = {
        "@type": "NewsArticle",
        "headline": "Harbour opens after ten years",
        "datePublished": "2026-05-04 08:00:00",
    }
    zone = timezone(timedelta(hours=3))
    assert extract(page(article(), head, linked), URL).published == datetime(2026, 5, 4, 8, tzinfo=zone)
    linked["datePublished"] = "2026-05-04"
    assert extract(page(article(), head, linked), URL).published == datetime(2026, 5, 4, 8, tzinfo=zone)


def test_the_feed_is_one_more_witness() -> None:
    entry = Entry(
        url=URL,
        title="Harbour opens after ten years",
        published=datetime(2026, 5, 4, 6, tzinfo=UTC),
        authors=("Ada Holm",),
        image="https://img.example/feed.jpg",
        categories=("ports",),
        content="".join(f"<p>{p}</p>" for p in TEXT * 2),
    )
    bare = page("<main><h1>Harbour opens</h1><p>" + TEXT[0][:80] + "…</p></main>", title="Harbour opens")
    found = extract(bare, URL, entry=entry)
    assert (found.published, found.authors, found.tags) == (entry.published, ("Ada Holm",), ("ports",))
    assert found.image == Image("https://img.example/feed.jpg")
    assert found.quality.verdict == "article"
    assert "the text is the feed's own" in found.quality.reasons
    assert len(found.blocks) == 8


def test_the_page_s_fuller_text_stands_against_the_feed_s() -> None:
    entry = Entry(url=URL, title="Harbour opens after ten years", content=f"<p>{TEXT[0]}</p>")
    assert len(extract(page(article()), URL, entry=entry).blocks) == 4


def test_json_has_the_keys_of_the_command() -> None:
    found = extracted_to_json(extract(page(article()), URL))
    assert list(found) == (
        [
            "title",
            "dek",
            "authors",
            "published",
            "updated",
            "language",
            "kind",
            "duration",
            "section",
            "tags",
            "text",
            "html",
            "image",
            "canonical_url",
            "paywalled",
            "live",
            "description",
            "site_name",
            "direction",
            "amp_url",
            "syndicated_from",
            "quality",
        ]
    )
    assert found["text"] == "\n\n".join(TEXT)
    assert found["html"] == "\n".join(f"<p>{p}</p>" for p in TEXT)
    assert found["published"] == "2026-05-04T00:00:00Z"  # of the address
    assert found["updated"] is None
    assert set(found["quality"]) == {"score", "verdict", "reasons"}
    assert json.loads(json.dumps(found)) == found


def test_times_in_json_are_rfc_3339() -> None:
    head = '<meta property="article:published_time" content="2026-05-04T08:00:00.123+03:00">'
    assert extracted_to_json(extract(page(article(), head), URL))["published"] == "2026-05-04T08:00:00+03:00"
    head = '<meta property="article:published_time" content="2026-05-04T08:00:00Z">'
    assert extracted_to_json(extract(page(article(), head), URL))["published"] == "2026-05-04T08:00:00Z"


def test_the_recipe_has_a_name_and_a_version() -> None:
    name, _, version = EXTRACTOR.partition("/")
    assert name
    assert version.isdigit()
