"""Articles that tell of some events in two languages, on their way to stories; and what came of them."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from daily8.news.stories.live import Concepts
from daily8.pipeline import assigning
from daily8.pipeline.assigning import Mind
from daily8.pipeline.threads import StoreThreads
from daily8.store import sources
from daily8.store.models import (
    Arrival,
    Article,
    Assigner,
    Copy,
    Membership,
    Progress,
    Source,
    Story,
    StoryAct,
)
from daily8.store.sources import NewSource

AGENCY = {
    "en": (
        "The harbour board of Kelmar said on Tuesday that the inner basin will be closed to freight for nine "
        "weeks while divers mend the sluice gates, which were damaged when a barge broke loose in the storm "
        "of last month. Fishing boats may still pass at high water, and the ferries to Dunmar keep to their "
        "winter timetable. Shipowners had asked for a shorter closure, but engineers found cracks in both "
        "gates and advised against any haste."
    ),
    "ar": (
        "أعلن مجلس إدارة مرفأ كلمار يوم الثلاثاء أن الحوض الداخلي سيغلق أمام سفن الشحن تسعة أسابيع ريثما "
        "يصلح الغواصون بوابات الهويس التي تضررت حين أفلت صندل من مرساه في عاصفة الشهر الماضي. ويمكن لقوارب "
        "الصيد أن تعبر عند المد، وتبقى العبارات المتجهة إلى دنمار على جدولها الشتوي. وكان أصحاب السفن قد "
        "طلبوا مدة أقصر، لكن المهندسين وجدوا شقوقا في البوابتين ونصحوا بعدم التسرع."
    ),
}
"""A text that others re-post; every eighth article bears it under a headline of its own."""
HEADS = {
    "en": (
        "Basin closes for nine weeks",
        "Nine weeks without freight in the inner harbour",
        "Gates to be mended",
    ),
    "ar": ("إغلاق الحوض تسعة أسابيع", "تسعة أسابيع بلا شحن في الحوض الداخلي", "إصلاح بوابات الهويس"),
}
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
EVENTS = {
    "en": (
        ("Ferry {} runs aground off Kelmar harbour", "Passengers were taken off the ferry near Kelmar."),
        ("Parliament of Ostrava rejects the water levy", "The levy on water failed by {} votes in Ostrava."),
        ("Striker Odun Barak signs for Port Tellis", "Odun Barak, who scored {} goals, joins Port Tellis."),
        ("Quake of strength {} shakes the Dunmar valley", "Houses in the Dunmar valley were left in ruins."),
        ("Bakery in Lower Quay wins the bread prize", "The bakery of Lower Quay won with {} loaves."),
    ),
    "ar": (
        ("جنوح العبارة {} قبالة ميناء كلمار", "نقل الركاب من العبارة قرب ميناء كلمار."),
        ("برلمان أوسترافا يرفض رسوم المياه", "سقطت رسوم المياه في أوسترافا بفارق {} أصوات."),
        ("المهاجم أودون باراك يوقع لنادي بورت تيليس", "سجل أودون باراك {} هدفا قبل انتقاله."),
        ("زلزال بقوة {} يهز وادي دنمار", "تحولت منازل في وادي دنمار إلى أنقاض."),
        ("مخبز في الرصيف السفلي يفوز بجائزة الخبز", "فاز المخبز بفضل {} رغيفا."),
    ),
}


def source(domain: str = "post.example", name: str = "The Post") -> Source:
    """Make a source of a fictional publisher."""
    key = f"https://{domain}/feed.xml"
    sources.add([NewSource(key, key, domain, domain, name, language="en")], due={key: NOW})
    return Source.objects.get(key=key)


def arrive(count: int, *, understood: bool = True) -> list[Article]:
    """Let articles arrive; they wait for their stories, or to be understood first."""
    post = Source.objects.filter(key="https://post.example/feed.xml").first() or source()
    first = Article.objects.count()
    made = []
    for n in range(first, first + count):
        language = ("en", "ar")[n % 2]
        title, text = EVENTS[language][(n * 7 // 3) % 5]
        of = post
        if n % 8 in (2, 5):
            of = source(f"paper{n}.example", f"Paper {n}")
            title, text = HEADS[language][n % 3], AGENCY[language]
        made.append(
            Article.objects.create(
                publisher=of.publisher,
                source=of,
                key=f"https://post.example/{n}",
                url=f"https://post.example/{n}",
                title=title.format(n),
                summary=f"<p>{text.format(n)}</p>",
                language=language,
                published_at=NOW - timedelta(hours=count, minutes=-20 * n),
                arrived_at=NOW,
            )
        )
    due = {"assign_at": NOW} if understood else {"understand_at": NOW}
    Progress.objects.bulk_create([Progress(article=row, **due) for row in made])
    return made


def no_repair() -> None:
    """Let repair not be due: when it comes is chance, and it is a fact once it came."""
    Assigner.objects.update_or_create(id=1, defaults={"repaired_at": NOW})


def assign(mind: Mind | None = None, *, most: int | None = None, at_once: int = 200) -> int:
    """Assign what waits, as one worker does; give the number of events."""

    async def run() -> int:
        store = StoreThreads(1)
        try:
            return await assigning.drain(
                mind or Mind(), store, asyncio.Event(), lambda: NOW, most=most, at_once=at_once
            )
        finally:
            await asyncio.to_thread(store.close)

    return asyncio.run(run())


def poisoned(title: str) -> Concepts:
    """Give what finds nothing in titles, and fails at one."""

    def read(told: str, text: str, language: str) -> dict[str, float]:
        if told == title:
            raise ArithmeticError("this title is poison")
        return {}

    return read


def fingerprint() -> str:
    """Give a hash of who belongs where, of each decision, and of where stories lead."""
    rows = Membership.objects.order_by("seq").values_list(
        "seq", "article__key", "story__opened_seq", "decision", "recipe"
    )
    stories = Story.objects.order_by("opened_seq").values_list(
        "opened_seq", "forward_to__opened_seq", "locked"
    )
    copies = Copy.objects.order_by("article__key").values_list(
        "article__key", "leader__key", "led_by", "reason", "share"
    )
    found = Membership.objects.order_by("seq").values_list("copied", "trouble")
    told = json.dumps([list(rows), list(stories), list(copies), list(found)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def assert_each_is_in_one_story(articles: Sequence[Article]) -> None:
    """Nothing is lost, and nothing is done twice."""
    seqs = list(Membership.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(Arrival.objects.order_by("seq").values_list("seq", flat=True))
    assert len(seqs) == len(articles)
    assert not Progress.objects.filter(assign_at__isnull=False).exists()
    assert not StoryAct.objects.filter(place=None, refused="").exists()
