"""What the service after which ours is modelled does badly cannot happen here, from a page to the reader's.

The publishers and all their words are made up; every page is as careless as those on which it was seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import Client

from daily8.desk.subscribing import Wanted, add
from daily8.net.cage import Cage
from daily8.net.outside import Outside
from daily8.news.blocks import blocks_to_text
from daily8.news.types import Embed
from daily8.store import articles
from daily8.store.models import Article
from daily8.store.values import ArticlePage
from tests.sites import NOW, XML, Sites, open_sites
from tests.web.reading import text, texts, tree

pytestmark = pytest.mark.django_db(transaction=True)

ENGLISH = [
    "The council of the harbour town voted on Monday to keep its old lighthouse burning for ten more years.",
    "Keepers had feared that the lamp would be put out, since ships now find their way by other means.",
    "The mayor said that the tower was worth its oil, and that nobody would have to pay more for it.",
    "A fund of the fishing crews will buy the glass for the lamp, which was broken by hail two winters ago.",
    "Children of the school by the quay will paint the door, and the band will play when it is opened.",
]
ARABIC = [
    "صوّت مجلس بلدة الميناء يوم الاثنين على إبقاء المنارة القديمة مضاءة عشر سنوات أخرى رغم كلفة الوقود.",
    "وكان حراس المنارة يخشون إطفاء المصباح بعد أن صارت السفن تهتدي في الليل بوسائل أخرى غير الضوء.",
    "وقال رئيس البلدية إن البرج يستحق ثمن زيته، وإن أحدًا من السكان لن يدفع أكثر من أجله هذا العام.",
    "وسيشتري صندوق الصيادين زجاج المصباح الذي كسره البرد قبل شتاءين، كما وعد الصندوق في رسالة إلى البلدة.",
    "وسيطلي تلاميذ المدرسة المجاورة للرصيف باب المنارة، وستعزف الفرقة في حفل الافتتاح أمام الجميع.",
]
TITLES = {"en": "Council keeps the old lighthouse burning", "ar": "المجلس يبقي المنارة القديمة مضاءة"}
TEXTS = {"en": ENGLISH, "ar": ARABIC}
HOSTS = {"en": "harbour.example", "ar": "mina.example"}
Languages = pytest.mark.parametrize("language", ["en", "ar"])


class Publisher:
    """A made-up publisher of one article, and a reader of what becomes of it."""

    def __init__(self, sites: Sites, client: Client) -> None:
        self.sites = sites
        self.client = client

    def publishes(
        self,
        body: str,
        *,
        language: str = "en",
        head: str = "",
        item: str = "",
        title: str = "",
        path: str = "news/lighthouse-burns-on",
    ) -> ArticlePage:
        """Let a page with this body stand in a feed, go through the whole line and be read."""
        host, headline = HOSTS[language], title or TITLES[language]
        url = f"http://{host}/{path}"
        self.sites.put(
            f"{host}/{path}",
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{headline}</title>'
            f"{head}</head><body>{body}</body></html>",
        )
        self.sites.put(
            f"{host}/feed",
            f"<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><title>{host}</title>"
            f"<language>{language}</language><item><guid>1</guid><title>{headline}</title>"
            f"<link>{url}</link>{item}</item></channel></rss>",
            XML,
        )
        self.sites.run(lambda world: self._add(world, f"http://{host}/feed"))
        self.sites.drain()
        return self.read()

    @staticmethod
    async def _add(world: Outside, url: str) -> None:
        def inside() -> None:
            try:
                add(world, [Wanted(url, rights="full")])
            finally:
                connections.close_all()

        await sync_to_async(inside)()

    def read(self) -> ArticlePage:
        """Give the article as the pages get it."""
        found = articles.page(Article.objects.get().id, signed_in=False, visibility="private")
        assert found is not None
        return found

    def shown(self, locale: str = "") -> Any:
        """Give the tree of the page that readers see."""
        return tree(self.client.get(f"{locale}/article/{Article.objects.get().id.hex}"))


@pytest.fixture
def publisher(transactional_db: None, cage: Cage, client: Client) -> Iterator[Publisher]:
    with open_sites(cage) as sites:
        yield Publisher(sites, client)


def paragraphs(texts: Sequence[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def story(language: str, *extra: str, between: Sequence[str] = ()) -> str:
    """Write an article with something after each of its paragraphs."""
    text = TEXTS[language]
    parts = [f"<p>{p}</p>{between[n % len(between)] if between else ''}" for n, p in enumerate(text)]
    return (
        f"<main><article><h1>{TITLES[language]}</h1><div class='story-body'>{''.join(parts)}{''.join(extra)}"
        "</div></article></main>"
    )


def prose(page: Any) -> str:
    return " ".join(page.xpath('//div[@class="prose"]')[0].text_content().split())


# 4. Text dropped at links and at the joints of paragraphs.

LINKED = {
    "en": (
        (
            'ABILENE (<a href="https://w.example/"><span>Wire</span></a>) – The <a href="/c">council</a> of '
            'the <strong><a href="/h">harbour</a></strong> town<a href="/n">, voting late,</a> kept its lamp.'
        ),
        "ABILENE (Wire) – The council of the harbour town, voting late, kept its lamp.",
    ),
    "ar": (
        (
            'الميناء (<a href="https://wire.example/"><span>وكالة</span></a>) – صوّت <a href="/m">مجلس</a> '
            '<b><a href="/b">البلدة</a></b> على <a href="/m">المنارة</a>، وأبقى مصباحها.'
        ),
        "الميناء (وكالة) – صوّت مجلس البلدة على المنارة، وأبقى مصباحها.",
    ),
}


@Languages
def test_no_word_is_dropped_at_a_link(publisher: Publisher, language: str) -> None:
    markup, said = LINKED[language]
    rest = paragraphs(TEXTS[language])
    page = publisher.publishes(
        f"<article><h1>{TITLES[language]}</h1><p>{markup}</p>{rest}</article>", language=language
    )
    assert blocks_to_text(page.blocks).split("\n\n")[0] == said
    assert texts(publisher.shown(), '//div[@class="prose"]/p')[0] == said


JOINTS = [
    pytest.param("<div>{0}<br><br>{1}<br><br>{2}</div>", id="breaks"),
    pytest.param("<div>{0}<p>{1}</p>{2}</div>", id="loose text"),
    pytest.param("<div><p>{0}</p></div><div><div><p>{1}</p></div></div><p>{2}</p>", id="boxes"),
    pytest.param("<p>{0}</p><aside><p>Advertisement</p></aside>{1}<p>{2}</p>", id="beside an advertisement"),
    pytest.param("<p>{0}<p>{1}<p>{2}", id="without ends"),
    pytest.param("<p>{0}</p><ul><li>{1}</li></ul><p>{2}</p>", id="list"),
    pytest.param("<section><p>{0}</p></section><section><p>{1}</p><p>{2}</p></section>", id="sections"),
]


@pytest.mark.parametrize("form", JOINTS)
@Languages
def test_paragraphs_neither_run_together_nor_lose_a_word(
    publisher: Publisher, language: str, form: str
) -> None:
    text = TEXTS[language]
    body = f"<article><h1>{TITLES[language]}</h1>{form.format(*text)}{paragraphs(text[3:])}</article>"
    page = publisher.publishes(body, language=language)
    assert blocks_to_text(page.blocks).split() == " ".join(text).split()
    said = [line for block in page.blocks for line in blocks_to_text((block,)).split("\n\n")]
    assert said == text


# 5. The wrong text taken as the body.

SIDE = {
    "en": "Ten recipes for soup that our readers love to cook in winter, with leeks, beans and fish.",
    "ar": "عشر وصفات للحساء يحب قراؤنا طهوها في الشتاء بالكراث والفاصولياء والسمك وغيرها.",
}


@Languages
def test_no_side_box_is_taken_for_the_body(publisher: Publisher, language: str) -> None:
    box = f"<h3>{SIDE[language]}</h3><p>{SIDE[language]} {SIDE[language]}</p>" * 6
    body = (
        f"<aside class='sidebar'>{box}</aside>{story(language)}<div class='most-read'>{box}</div>"
        f"<div id='related-stories'>{box}</div><footer>{box}</footer>"
    )
    page = publisher.publishes(body, language=language)
    assert blocks_to_text(page.blocks).split("\n\n") == TEXTS[language]
    assert SIDE[language] not in publisher.shown().text_content()


@pytest.mark.parametrize("wrapped", ["%3Cp%3E{}%3C/p%3E", "%3Cp%3E{}%3C%2Fp%3E", "&lt;p&gt;{}&lt;/p&gt;"])
@Languages
def test_no_tag_is_shown_as_text(publisher: Publisher, language: str, wrapped: str) -> None:
    coded = "".join(wrapped.format(p) for p in TEXTS[language])
    body = f"<article><h1>{TITLES[language]}</h1><div class='story-body'>{coded}</div></article>"
    publisher.publishes(body, language=language, item=f"<description>{TEXTS[language][0]}</description>")
    said = publisher.shown().text_content()
    assert not re.search(r"%3C|<p>|</p>|&lt;", said, re.IGNORECASE)
    assert TEXTS[language][0] in said


NAMES = {"en": ("Ada Quill", "Lighthouse"), "ar": ("مها الميناوي", "المنارة")}


@pytest.mark.parametrize("kind", ["author", "tag"])
@Languages
def test_a_page_of_an_author_or_a_tag_is_no_article(publisher: Publisher, language: str, kind: str) -> None:
    name = NAMES[language][kind == "tag"]
    listed = "".join(
        f"<article><h3><a href='/news/{n}'>{TEXTS[language][n % 5][:60]}</a></h3><time>{n}</time></article>"
        for n in range(12)
    )
    about = f"<p>{SIDE[language]}</p>" if kind == "author" else ""
    body = f"<main><h1>{name}</h1>{about}<section>{listed}</section></main>"
    page = publisher.publishes(
        body,
        language=language,
        path=f"{kind}/some-name",
        item=f"<description>{TEXTS[language][0]}</description>",
    )
    assert Article.objects.get().verdict == "none"
    assert (page.title, page.revision) == (TITLES[language], 0)
    assert prose(publisher.shown()) == TEXTS[language][0]  # what the feed said


# 6. Boilerplate kept.

JUNK = {
    "en": [
        *["<p>Advertisement</p>", "<div class='ad-slot'><span>ADVERTISEMENT</span></div>"],
        *[
            "<p><strong>READ MORE WORLD NEWS</strong></p>",
            "<p><a href='/x'>READ MORE: Ten soups for winter</a></p>",
        ],
        *["<div class='gallery'><span>1 of 14</span></div>", "<p>3/14</p>", "<p>Image 2 of 9</p>"],
        *["<svg><style>.st0{fill:#E2E2E2;}</style><text>.st0{fill:#E2E2E2;}</text></svg>"],
        *["<p>.st0{fill:#FFFFFF;} .st1{fill:none;stroke:#000;}</p>", "<p>Photo: Quay Pictures</p>"],
        *[
            "<p>Photograph: A. Finn/Quay Pictures</p>",
            "<ul><li>Share</li><li>Tweet</li><li>Copy link</li></ul>",
        ],
        *["<p>Sign up for our free newsletter today</p>", "<p>12 comments</p>"],
        *[
            "<p>Follow us on Facebook and Instagram</p>",
            "<div id='cookie-banner'><p>We use cookies.</p></div>",
        ],
    ],
    "ar": [
        *["<p>إعلان</p>", "<div class='ad-slot'><span>إعلان</span></div>"],
        *["<p><strong>اقرأ المزيد</strong></p>", "<p><a href='/x'>اقرأ أيضًا: عشر وصفات للشتاء</a></p>"],
        *["<p>صورة 3 من 14</p>", "<p>٣/١٤</p>", "<p>.st0{fill:#FFFFFF;} .st1{fill:none;stroke:#000;}</p>"],
        *[
            "<p>تصوير: وكالة الرصيف</p>",
            "<p>الصورة: وكالة الرصيف</p>",
            "<ul><li>شارك</li><li>طباعة</li></ul>",
        ],
        *[
            "<p>اشترك في نشرتنا البريدية المجانية</p>",
            "<p>١٢ تعليقًا</p>",
            "<p>تابعنا على فيسبوك وإنستغرام</p>",
        ],
    ],
}


@Languages
def test_eleven_advertisements_are_none(publisher: Publisher, language: str) -> None:
    word = "Advertisement" if language == "en" else "إعلان"
    page = publisher.publishes(
        story(language, f"<p>{word}</p>" * 6, between=[f"<div><p>{word}</p></div>"]), language=language
    )
    assert blocks_to_text(page.blocks).split("\n\n") == TEXTS[language]


@pytest.mark.parametrize(
    ("language", "junk"), [(language, junk) for language, every in JUNK.items() for junk in every]
)
def test_what_is_no_text_is_not_kept(publisher: Publisher, language: str, junk: str) -> None:
    page = publisher.publishes(story(language, junk, between=["", junk]), language=language)
    assert blocks_to_text(page.blocks).split("\n\n") == TEXTS[language]


# 7. Empty items. 8. Media lost.


@pytest.mark.parametrize("body", ["", "<main><h1>{title}</h1></main>", "<article><p>...</p></article>"])
@Languages
def test_no_item_is_empty_without_a_word_why(publisher: Publisher, language: str, body: str) -> None:
    page = publisher.publishes(body.format(title=TITLES[language]), language=language)
    assert page.title == TITLES[language]
    for locale in ("", "/ar"):
        shown = publisher.shown(locale)
        assert prose(shown) or shown.xpath('//p[@class="flag"]'), "an empty item, and no word why"
        assert shown.xpath('//p[@class="byline-out"]/a/@href')


@Languages
def test_an_item_without_a_page_text_shows_what_the_feed_said(publisher: Publisher, language: str) -> None:
    said = TEXTS[language][0]
    publisher.publishes("<main></main>", language=language, item=f"<description>{said}</description>")
    assert prose(publisher.shown()) == said


FILMS = [
    ('<iframe src="https://www.youtube.com/embed/abcdefghijk?rel=0"></iframe>', "youtube"),
    ('<iframe data-src="//www.youtube-nocookie.com/embed/abcdefghijk"></iframe>', "youtube"),
    ('<iframe src="https://player.vimeo.com/video/12345678"></iframe>', "vimeo"),
    ('<figure><video controls><source src="/films/tower.mp4" type="video/mp4"></video></figure>', "video"),
    ('<audio controls src="/sound/bell.mp3"></audio>', "audio"),
]
CLICK = {"en": "Click to watch the video:", "ar": "اضغط لمشاهدة الفيديو:"}


@pytest.mark.parametrize(("film", "provider"), FILMS)
@Languages
def test_a_film_that_is_spoken_of_is_there(
    publisher: Publisher, language: str, film: str, provider: str
) -> None:
    page = publisher.publishes(story(language, f"<p>{CLICK[language]}</p>{film}"), language=language)
    assert [block.provider for block in page.blocks if isinstance(block, Embed)] == [provider]
    shown = publisher.shown()
    if provider in ("youtube", "vimeo"):
        assert shown.xpath('//div[contains(@class, "film")]/@data-frame')
    else:  # not on https, so it plays at its publisher
        assert shown.xpath('//p[@class="at-origin"]/a/@href')[0].startswith(f"http://{HOSTS[language]}/")
    assert not shown.xpath("//iframe")


@Languages
def test_an_episode_of_a_feed_is_there(publisher: Publisher, language: str) -> None:
    item = "<enclosure url='https://cast.example/1.mp3' type='audio/mpeg' length='1000'/>"
    publisher.publishes(story(language), language=language, item=item)
    assert publisher.shown().xpath("//div/@data-sound") == ["https://cast.example/1.mp3"]


# 10. Dates without time or zone, ambiguous, in two systems of digits.

ARAB_DIGITS = "٠١٢٣٤٥٦٧٨٩"
STATED = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
TIMES = [
    ('<meta property="article:published_time" content="2026-11-21T16:30:00+02:00">', STATED),
    ('<meta property="article:published_time" content="2026-11-21T14:30:00Z">', STATED),
    ('<meta property="article:published_time" content="٢٠٢٦-١١-٢١T١٤:٣٠:٠٠Z">', STATED),
    ('<meta name="date" content="03/04/2026">', None),  # the third of April, or the fourth of March
    ('<meta name="date" content="21/11/2026 ١٤:٣٠">', STATED),
    ('<meta property="article:published_time" content="0001-01-01T00:00:00Z">', None),
]


@pytest.mark.parametrize(("head", "expected"), TIMES)
@Languages
def test_a_time_is_whole_and_true_or_the_feeds(
    publisher: Publisher, language: str, head: str, expected: datetime | None
) -> None:
    told = "<pubDate>Sat, 21 Nov 2026 09:15:00 +0000</pubDate>"
    page = publisher.publishes(story(language), language=language, head=head, item=told)
    feeds = datetime(2026, 11, 21, 9, 15, tzinfo=UTC)
    # Of an ambiguous date nothing is guessed that is another day than the feed's.
    assert page.published_at == (expected or feeds)
    for locale in ("", "/ar"):
        for time in publisher.shown(locale).xpath('//p[@class="byline-when"]//time'):
            assert datetime.fromisoformat(time.get("datetime")) == page.published_at
            assert time.get("title").endswith("UTC")


@Languages
def test_a_page_has_one_system_of_digits_and_names_its_months(publisher: Publisher, language: str) -> None:
    publisher.publishes(
        story(language), language=language, item="<pubDate>Sat, 21 Nov 2026 09:15:00 GMT</pubDate>"
    )
    english = text(publisher.shown(), '//p[@class="byline-when"]')
    arabic = text(publisher.shown("/ar"), '//p[@class="byline-when"]')
    assert "November 21, 2026, 9:15" in english
    assert not set(english) & set(ARAB_DIGITS)
    assert "٢١ نوفمبر ٢٠٢٦" in arabic
    assert not set(arabic) & set("0123456789")


def test_an_article_without_any_time_has_that_of_its_arrival(publisher: Publisher) -> None:
    page = publisher.publishes(story("en"))
    assert page.published_at == page.arrived_at == NOW
    assert NOW - page.published_at < timedelta(days=1)


# 11. Quotes that open curly and close straight.

QUOTES = [
    ('“We saw the lamp" from the sea, he said.', "“We saw the lamp” from the sea, he said."),
    ('"We saw the lamp” from the sea, he said.', "“We saw the lamp” from the sea, he said."),
    ("‘We saw the lamp' from the sea, he said.", "‘We saw the lamp’ from the sea, he said."),
    ('“We saw the lamp&quot;, he said. “It was late."', "“We saw the lamp”, he said. “It was late.”"),
    ("\u201cWe didn't see the keepers' lamp\", he said.", "“We didn't see the keepers' lamp”, he said."),
    ('He said: "We saw the lamp."', 'He said: "We saw the lamp."'),
    ('The mast is 6\' 2" high, “they say".', "The mast is 6' 2\" high, “they say”."),
    ('قال: “رأينا المصباح" من البحر.', "قال: “رأينا المصباح” من البحر."),
    ('قال: «رأينا المصباح" من البحر.', "قال: «رأينا المصباح» من البحر."),
    ("قال: «رأينا المصباح» من البحر.", "قال: «رأينا المصباح» من البحر."),
]


@pytest.mark.parametrize(("written", "read"), QUOTES)
def test_quotes_close_as_they_open(publisher: Publisher, written: str, read: str) -> None:
    language = "ar" if "قال" in written else "en"
    text = TEXTS[language]
    body = f"<article><h1>{TITLES[language]}</h1>{paragraphs([text[0], written, *text[1:]])}</article>"
    page = publisher.publishes(body, language=language)
    found = blocks_to_text(page.blocks).split("\n\n")
    assert found[1].replace("’t", "'t").replace("s’ ", "s' ") == read
    assert [found[0], *found[2:]] == text
