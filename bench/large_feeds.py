"""Write feeds as large as real ones are, of the kinds that publishers serve, in English and in Arabic.

The words are our own, about a fictional harbour town. The mark-up is that of the programs which write most
feeds: attributes, entities and CDATA sections stand where WordPress, Blogger, podcast hosts and the systems
of newspapers put them. The same arguments give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from random import Random

SENTENCES = {
    "en": (
        "The council met on Monday to hear what the new harbour would cost, and who was to pay for it.",
        "Nobody was hurt when the old crane fell, but the quay will stay closed until the end of the month.",
        "&#8220;We waited for this bridge eleven years,&#8221; said the head of the dockers&#8217; union.",
        "The ferry to the islands leaves at six in the morning &#8211; an hour earlier than in the summer.",
        "Prices of bread and fish rose by four per cent since the spring, the office of statistics wrote.",
        "Teachers asked for smaller classes, warmer rooms and a library that is open in the afternoon.",
        "A court in the capital will decide in March whether the licence of the shipyard was lawful.",
        "The storm took forty roofs in the lower town &#038; flooded the market up to the second step.",
        "Engineers measured the old lighthouse and found that it leans by less than a hand&#8217;s breadth.",
        "In the second half the visitors hardly left their own side of the field, and still they won.",
        "The museum shows maps that were drawn before the river changed its bed, many for the first time.",
        "Doctors advise everybody over sixty to be vaccinated before the cold comes, free of charge.",
    ),
    "ar": (
        "اجتمع المجلس يوم الاثنين ليسمع كم سيكلف الميناء الجديد ومن الذي سيدفع ثمنه في العام المقبل.",
        "لم يصب أحد بأذى عندما سقطت الرافعة القديمة، لكن الرصيف سيبقى مغلقا حتى نهاية الشهر.",
        "«انتظرنا هذا الجسر أحد عشر عاما»، هكذا قال رئيس نقابة عمال الأرصفة أمام البلدية مساء أمس.",
        "تغادر العبارة إلى الجزر في السادسة صباحا، أي قبل موعدها الصيفي بساعة كاملة.",
        "ارتفعت أسعار الخبز والسمك أربعة في المئة منذ الربيع، كما جاء في نشرة مكتب الإحصاء.",
        "طالب المعلمون بصفوف أصغر وغرف أدفأ ومكتبة تفتح أبوابها بعد الظهر.",
        "ستقرر محكمة في العاصمة في آذار ما إذا كانت رخصة حوض بناء السفن قانونية.",
        "اقتلعت العاصفة أربعين سقفا في البلدة السفلى وغمرت السوق حتى الدرجة الثانية.",
        "قاس المهندسون المنارة القديمة فوجدوا أن ميلها أقل من عرض كف.",
        "في الشوط الثاني لم يكد الضيوف يغادرون نصف ملعبهم، ومع ذلك فازوا بالمباراة.",
        "يعرض المتحف خرائط رسمت قبل أن يغير النهر مجراه، وكثير منها للمرة الأولى.",
        "ينصح الأطباء كل من تجاوز الستين بأن يتلقى اللقاح مجانا قبل حلول البرد.",
    ),
}
TOPICS = {
    "en": ("Harbour", "Town Hall", "Weather", "Schools", "Sport", "Culture &amp; Arts", "Health"),
    "ar": ("الميناء", "البلدية", "الطقس", "المدارس", "الرياضة", "الثقافة والفنون", "الصحة"),
}
NAMES = {
    "en": ("Mara Quill", "Jonas Weir", "Lena Strand"),
    "ar": ("سلمى المرسى", "نادر الشاطئ", "هالة الرصيف"),
}
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:media="http://search.yahoo.com/mrss/"'
)
SITE = "https://harbour.example"


class Author:
    """Writes one feed; its chances are fixed by what it writes."""

    def __init__(self, language: str, kind: str) -> None:
        self.language = language
        self.chance = Random(f"{language} {kind}")

    def sentence(self) -> str:
        return self.chance.choice(SENTENCES[self.language])

    def sentences(self, least: int, most: int) -> str:
        return " ".join(self.sentence() for _ in range(self.chance.randint(least, most)))

    def title(self) -> str:
        return " ".join(self.sentence().split()[: self.chance.randint(5, 11)]).rstrip(".,،")

    def topic(self) -> str:
        return self.chance.choice(TOPICS[self.language])

    def name(self) -> str:
        return self.chance.choice(NAMES[self.language])

    def linked(self, item: int) -> str:
        """Give a paragraph's text with a link and a mark or two in it."""
        words = self.sentences(2, 5).split(" ")
        at = self.chance.randrange(len(words) - 3)
        target = ' target="_blank" rel="noopener"' if self.chance.random() < 0.4 else ""
        words[at] = f'<a href="{SITE}/2025/11/{item}-{at}/?from=story&#038;n={at}"{target}>{words[at]}'
        words[at + 1] += "</a>"
        if self.chance.random() < 0.5:
            words[-1] = f"<strong>{words[-1]}</strong>"
        return " ".join(words)


def wordpress_body(author: Author, item: int) -> str:
    """Give a full article as the block editor of WordPress writes it into feeds."""
    out = []
    for n in range(author.chance.randint(9, 22)):
        if n % 6 == 2:
            file = f"{SITE}/wp-content/uploads/2025/11/picture-{item}-{n}"
            sizes = ", ".join(f"{file}-{w}x{w * 2 // 3}.jpg {w}w" for w in (1024, 300, 768, 1536, 2048))
            out.append(
                f'<figure class="wp-block-image size-large"><img fetchpriority="high" decoding="async" '
                f'width="1024" height="683" src="{file}-1024x683.jpg" alt="{author.title()}" '
                f'class="wp-image-{item}{n}" srcset="{sizes}" sizes="(max-width: 1024px) 100vw, 1024px" />'
                f'<figcaption class="wp-element-caption">{author.sentence()}</figcaption></figure>\n\n\n\n'
            )
        elif n % 7 == 4:
            out.append(f'<h2 class="wp-block-heading">{author.title()}</h2>\n\n\n\n')
        elif n % 9 == 5:
            rows = "".join(f"<li>{author.sentence()}</li>\n\n\n\n" for _ in range(4))
            out.append(f'<ul class="wp-block-list">\n{rows}</ul>\n\n\n\n')
        elif n % 11 == 8:
            quote = f"<p>{author.sentence()}</p>\n<cite>{author.name()}</cite>"
            out.append(f'<blockquote class="wp-block-quote is-layout-flow">\n{quote}</blockquote>\n\n\n\n')
        else:
            out.append(f"<p>{author.linked(item) if n % 2 else author.sentences(2, 5)}</p>\n\n\n\n")
    return "\n".join(out)


def wordpress(author: Author, item: int, when: datetime) -> str:
    title, link = author.title(), f"{SITE}/2025/11/story-{item}/"
    ending = (
        f'<p>The post <a href="{link}">{title}</a> appeared first on <a href="{SITE}">Harbour Post</a>.</p>'
    )
    topics = "".join(f"\t\t<category><![CDATA[{author.topic()}]]></category>\n" for _ in range(4))
    return (
        f"<item>\n\t\t<title>{title}</title>\n\t\t<link>{link}</link>\n"
        f"\t\t\t\t\t<comments>{link}#respond</comments>\n\n"
        f"\t\t<dc:creator><![CDATA[{author.name()}]]></dc:creator>\n"
        f"\t\t<pubDate>{format_datetime(when)}</pubDate>\n{topics}"
        f'\t\t<guid isPermaLink="false">{SITE}/?p={item}</guid>\n\n'
        f"\t\t\t\t\t<description><![CDATA[<p>{author.sentences(1, 2)} [&#8230;]</p>\n{ending}]]>"
        f"</description>\n\t\t\t\t\t<content:encoded><![CDATA[\n{wordpress_body(author, item)}{ending}\n]]>"
        f"</content:encoded>\n"
        f"\t\t\t\t\t<wfw:commentRss>{link}feed/</wfw:commentRss>\n"
        f"\t\t\t<slash:comments>{item % 9}</slash:comments>\n\t\t\t</item>\n"
    )


def blog_body(author: Author, item: int) -> str:
    """Give a full article as Blogger writes it: pictures in tables of style, breaks for paragraphs."""
    out = []
    for n in range(author.chance.randint(6, 14)):
        if n % 4 == 0:
            file = f"https://pictures.example/img/b/R29vZ/AVvXsEh{item}x{n}/s{{}}/harbour%20{n}.jpg"
            out.append(
                '<div class="separator" style="clear: both; text-align: center;">'
                f'<a href="{file.format(4000)}" imageanchor="1" style="margin-left: 1em; margin-right: 1em;">'
                '<img border="0" data-original-height="3000" data-original-width="4000" height="480" '
                f'src="{file.format(640)}" width="640" /></a></div><br />'
            )
        out.append(
            f'<p style="text-align: justify;">{author.linked(item)}&nbsp;</p>'
            if n % 3
            else f"<div><span>{author.sentences(2, 5)}</span></div><div><br /></div>"
        )
    return "".join(out)


def atom(author: Author, item: int, when: datetime) -> str:
    link, body = f"{SITE}/2025/11/story-{item}.html", blog_body(author, item)
    topics = "".join(
        f"<category scheme='{SITE}/ns#' term='{author.topic().replace('&amp;', 'and')}'/>" for _ in range(3)
    )
    return (
        f"<entry><id>tag:harbour.example,2025:blog.post-{item}</id>"
        f"<published>{when.isoformat()}</published>"
        f"<updated>{(when + timedelta(hours=1)).isoformat()}</updated>{topics}"
        f"<title type='text'>{author.title()}</title><content type='html'>{escape(body)}</content>"
        f"<link rel='replies' type='application/atom+xml' href='{SITE}/feeds/{item}/comments/default'/>"
        f"<link rel='edit' type='application/atom+xml' href='{SITE}/feeds/posts/default/{item}'/>"
        f"<link rel='self' type='application/atom+xml' href='{SITE}/feeds/posts/default/{item}'/>"
        f"<link rel='alternate' type='text/html' href='{link}' title='{escape(author.title())}'/>"
        f"<author><name>{author.name()}</name><uri>{SITE}/people/{item % 7}</uri></author>"
        f"<media:thumbnail url='https://pictures.example/{item}/s72-c/a.jpg' height='72' width='72'/>"
        "</entry>\n"
    )


def podcast(author: Author, item: int, when: datetime) -> str:
    notes = "".join(f"<li>{n:02}:{n * 7 % 60:02} {author.title()}</li>" for n in range(8))
    links = "".join(f"<p>{author.linked(item)}</p>" for _ in range(3))
    body = f"<p>{author.sentences(2, 4)}</p><ul>{notes}</ul>{links}"
    title = author.title()
    return (
        f"<item><title>{title}</title><itunes:title>{title}</itunes:title><link>{SITE}/episodes/{item}</link>"
        f'<guid isPermaLink="false">episode-{item}-8d2f</guid><pubDate>{format_datetime(when)}</pubDate>'
        f"<description><![CDATA[{body}]]></description><content:encoded><![CDATA[{body}]]></content:encoded>"
        f'<enclosure url="https://sound.example/{item}/audio.mp3?source=feed" length="{item * 991 + 10**7}" '
        f'type="audio/mpeg"/><itunes:episode>{item}</itunes:episode><itunes:season>2</itunes:season>'
        f"<itunes:episodeType>full</itunes:episodeType>"
        f"<itunes:duration>00:{item % 60:02}:17</itunes:duration><itunes:explicit>false</itunes:explicit>"
        f"<itunes:author>{author.name()}</itunes:author>"
        f"<itunes:subtitle>{author.sentence()}</itunes:subtitle>"
        f"<itunes:summary><![CDATA[{author.sentences(2, 3)}]]></itunes:summary>"
        f'<itunes:image href="https://pictures.example/shows/{item}.jpg"/>'
        f'<podcast:transcript url="https://sound.example/{item}.vtt" type="text/vtt"/></item>\n'
    )


def newspaper(author: Author, item: int, when: datetime) -> str:
    """Give a short item with Media RSS, as newspapers write it."""
    link, picture = f"{SITE}/{item}/article.html", f"https://pictures.example/wires/{item}"
    media = "".join(
        f'<media:content url="{picture}-{w}.jpg" medium="image" type="image/jpeg" width="{w}" '
        f'height="{w * 2 // 3}"><media:description type="plain">{author.sentence()}</media:description>'
        f'<media:credit scheme="urn:ebu">{author.name()}</media:credit></media:content>'
        for w in (140, 460, 700)
    )
    topics = "".join(
        f'<category domain="{SITE}/topics/{n}">{author.topic()}</category>'
        for n in range(author.chance.randint(2, 6))
    )
    return (
        f"<item><title>{author.title()}</title><link>{link}</link>"
        f"<description>{escape('<p>' + author.linked(item) + '</p>')}</description>{topics}"
        f"<pubDate>{when:%a, %d %b %Y %H:%M:%S} GMT</pubDate><guid>{link}</guid>{media}"
        f"<dc:creator>{author.name()}</dc:creator><dc:date>{when:%Y-%m-%dT%H:%M:%SZ}</dc:date></item>\n"
    )


def json_item(author: Author, item: int, when: datetime) -> str:
    link = f"{SITE}/2025/11/story-{item}/"
    row = {
        "id": f"{SITE}/?p={item}",
        "url": link,
        "title": author.title(),
        "content_html": wordpress_body(author, item),
        "summary": author.sentence(),
        "date_published": when.isoformat(),
        "authors": [{"name": author.name(), "url": f"{SITE}/people/1"}],
        "image": f"https://pictures.example/{item}.jpg",
        "tags": [author.topic(), author.topic()],
    }
    return json.dumps(row, ensure_ascii=False)


def _rss(rows: list[str], language: str) -> str:
    head = (
        f"<title>Harbour Post</title>\n\t<atom:link href='{SITE}/feed/' rel='self' "
        f"type='application/rss+xml'/><link>{SITE}</link><description>All the news</description>"
        f"<lastBuildDate>Fri, 21 Nov 2025 14:03:05 +0000</lastBuildDate><language>{language}</language>"
        "<sy:updatePeriod>\n\thourly\t</sy:updatePeriod><sy:updateFrequency>\n\t1\t</sy:updateFrequency>"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {SPACES}>\n<channel>\n{head}'
        f"{''.join(rows)}</channel></rss>"
    )


def _atom(rows: list[str], language: str) -> str:
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom' "
        f"xmlns:media='http://search.yahoo.com/mrss/' xml:lang='{language}'><title>Harbour Post</title>"
        f"<id>tag:harbour.example,2025:blog</id><updated>2025-11-21T14:03:05Z</updated>"
        f"<link rel='alternate' href='{SITE}/'/>{''.join(rows)}</feed>"
    )


def _json(rows: list[str], language: str) -> str:
    head = f'"version": "https://jsonfeed.org/version/1.1", "title": "Harbour Post", "language": "{language}"'
    return f'{{{head}, "home_page_url": "{SITE}/", "items": [{", ".join(rows)}]}}'


Item = Callable[[Author, int, datetime], str]
KINDS: dict[str, tuple[Item, Callable[[list[str], str], str]]] = {
    "WordPress, full text": (wordpress, _rss),
    "Atom, full text": (atom, _atom),
    "podcast": (podcast, _rss),
    "newspaper, Media RSS": (newspaper, _rss),
    "JSON Feed, full text": (json_item, _json),
}
SIZES = (100_000, 300_000, 1_000_000)
"""Bytes, about."""


def large_feed(kind: str, language: str, size: int) -> bytes:
    """Write a feed of one of `KINDS` that has about ``size`` bytes."""
    write, frame = KINDS[kind]
    author = Author(language, kind)
    start = datetime(2025, 11, 21, 14, 3, 5, tzinfo=UTC)
    rows: list[str] = []
    so_far = 0
    while so_far < size:
        rows.append(write(author, len(rows), start - timedelta(minutes=37 * len(rows))))
        so_far += len(rows[-1].encode())
    return frame(rows, language).encode()
