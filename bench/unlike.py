"""Articles that look like copies and are none: series, later states, live blogs, quotations, boilerplate."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bench.perturbed import LEAST, NOON, paragraphs, written
from daily8.news.reports import Report

Pair = tuple[Report, Report]
"""An article, and a later one that is no copy of it."""
TOWNS = {
    "en": (
        "Calder",
        "Easton",
        "Platte Falls",
        "Ardmore",
        "Tarn",
        "Wexcombe",
        "Holm",
        "Ravensea",
        "Ottery",
        "Little Sedge",
        "Marsh End",
        "Cobden",
        "Thornwick",
        "Upper Fell",
        "Sallow",
        "Gant",
        "Burrow",
        "Oxlade",
        "Nether Coombe",
        "Quill",
    ),
    "ar": (
        "صور",
        "المرفأ",
        "الضفة",
        "الوادي",
        "الرملة",
        "النخيل",
        "السد",
        "البرج",
        "الزهراء",
        "العين",
        "الكرمة",
        "الصفصاف",
        "الغدير",
        "القلعة",
        "الجسر",
        "الحقل",
        "المنارة",
        "الينبوع",
        "التل",
        "الروضة",
    ),
}
SERIES = {
    "en": (
        (
            "Weather in {t} for the {a}th",
            (
                "{t} will be dry until noon, with light wind from the west and a high of {b} degrees. In "
                "the afternoon clouds come in from the sea, and {c} millimetres of rain may fall before "
                "the evening. The night stays mild at {d} degrees. The sun rises at {e}:{f} and sets at "
                "{g}:{h}. Bathing water has {i} degrees. The next forecast appears here tomorrow morning "
                "at six, as always, written by the weather office of the county."
            ),
        ),
        (
            "Markets close: index at {b}{c}",
            (
                "The Calder index closed at {b}{c} points on a quiet day, {a} points from the day "
                "before. Some {d} million shares changed hands. Of the thirty papers in the index {e} "
                "rose and {f} fell. A barrel of oil cost {g}.{h} crowns, an ounce of gold {i}00 crowns. "
                "Traders said that most waited for the decision of the central bank. The exchange opens "
                "again at nine tomorrow morning."
            ),
        ),
        (
            "Lottery: the numbers of draw {a}{b}",
            (
                "In draw {a}{b} of the county lottery these numbers came up: {c}, {d}, {e}, {f}, {g} and "
                "{h}, the bonus number is {i}. Tickets are paid out at every post office until the end "
                "of next month. All figures without guarantee. The next draw is held on Saturday evening "
                "at eight."
            ),
        ),
        (
            "Quake of 4.{a} near {t}",
            (
                "An earthquake of magnitude 4.{a} was measured {b} kilometres from {t} at {c}:{d} on the "
                "{e}th, at a depth of {f} kilometres, the seismological service said. Nothing is known "
                "of damage so far. In the past ten days there were {g} quakes of magnitude 3.{h} or more "
                "nearby. This report was written by a program from the figures of the service and "
                "checked by an editor before it appeared."
            ),
        ),
        (
            "{t} results: round {a}",
            (
                "Round {a} of the county league in {t} ended like this: Mill United {b}, Harbour Town "
                "{c}; Rovers {d}, Quarry Boys {e}; Northside {f}, Lamplighters {g}. The table is led by "
                "Rovers with {h} points before Northside with {i}. The next round is played on Sunday "
                "afternoon."
            ),
        ),
        (
            "Search for walker near {t}",
            (
                "Police in {t} ask for help in the search for {n}, who was last seen on {w} evening on "
                "the road to {u}. Whoever has seen a walker in a dark coat there is asked to call the "
                "station in {t}. The hills are searched by volunteers and by a helicopter, and the "
                "search goes on until it is dark. Relatives are being looked after, a spokesman said, "
                "and asked for patience. Those who want to help may come to the parish hall."
            ),
        ),
        (
            "{t} council: {n} takes the chair",
            (
                "The council of {t} met on {w} with {n} in the chair. The minutes of the last meeting "
                "were read and found to be right. There were no questions from the public. The budget "
                "was moved to the next meeting, as the clerk had not finished it. Members thanked the "
                "volunteers from {u}, who had cleared the paths after the storm. The next meeting is "
                "open to all, and tea will be served from seven, as is the custom."
            ),
        ),
        (
            "Roadworks in {t} this week",
            (
                "In {t} the main road is closed from the {a}th to the {b}th between house {c} and house "
                "{d}. Buses of line {e} stop at the station instead. The council expects to spend {f} "
                "thousand crowns. Questions are answered at the town hall, room {g}."
            ),
        ),
    ),
    "ar": (
        (
            "طقس {t} ليوم {a} من الشهر",
            (
                "يكون الطقس في {t} جافًا حتى الظهر مع رياح غربية خفيفة وتبلغ الحرارة العظمى {b} درجة. "
                "وتتقدم الغيوم من البحر بعد الظهر وقد يهطل {c} ملم من المطر قبل المساء. وتكون الليلة "
                "معتدلة عند {d} درجة. تشرق الشمس عند {e}:{f} وتغرب عند {g}:{h}. وحرارة مياه البحر {i} "
                "درجة. وتنشر النشرة التالية هنا صباح غد في السادسة كالعادة من إعداد مكتب الأرصاد."
            ),
        ),
        (
            "إغلاق البورصة: المؤشر عند {b}{c}",
            (
                "أغلق مؤشر البورصة عند {b}{c} نقطة في يوم هادئ بفارق {a} نقطة عن اليوم السابق. وبلغ عدد "
                "الأسهم المتداولة {d} مليون سهم. وارتفعت أسهم {e} شركة وتراجعت أسهم {f} شركة. وبلغ سعر "
                "برميل النفط {g},{h} دينارًا وسعر أونصة الذهب {i}00 دينار. وقال متعاملون إن الأغلبية "
                "تنتظر قرار المصرف المركزي. وتفتح البورصة أبوابها صباح غد في التاسعة."
            ),
        ),
        (
            "اليانصيب: أرقام السحب {a}{b}",
            (
                "ظهرت في السحب {a}{b} من يانصيب المحافظة الأرقام التالية: {c} و {d} و {e} و {f} و {g} و "
                "{h} والرقم الإضافي {i}. وتصرف الجوائز في جميع مكاتب البريد حتى نهاية الشهر المقبل. "
                "ويجرى السحب التالي مساء السبت في الثامنة."
            ),
        ),
        (
            "هزة بقوة 4.{a} قرب {t}",
            (
                "سجلت هزة أرضية بقوة 4.{a} درجات على بعد {b} كيلومترًا من {t} عند الساعة {c}:{d} في "
                "اليوم {e} من الشهر على عمق {f} كيلومترات بحسب مركز رصد الزلازل. ولم ترد حتى الآن أنباء "
                "عن أضرار. وشهدت المنطقة في الأيام العشرة الأخيرة {g} هزات بقوة 3.{h} أو أكثر. كتب هذا "
                "الخبر برنامج من أرقام المركز وراجعه محرر قبل نشره."
            ),
        ),
        (
            "نتائج {t}: الجولة {a}",
            (
                "انتهت الجولة {a} من دوري المحافظة في {t} على النحو التالي: الطاحونة {b} والمرفأ {c}، "
                "الرحالة {d} والمحجر {e}، الشمال {f} والمصابيح {g}. ويتصدر الرحالة الترتيب برصيد {h} "
                "نقطة أمام الشمال وله {i} نقطة. وتقام الجولة المقبلة بعد ظهر الأحد."
            ),
        ),
        (
            "البحث عن متنزه قرب {t}",
            (
                "طلبت الشرطة في {t} المساعدة في البحث عن {n} الذي شوهد آخر مرة مساء {w} على الطريق إلى "
                "{u}. ويرجى ممن شاهد رجلًا يرتدي معطفًا داكنًا هناك الاتصال بالمخفر في {t}. ويشارك "
                "متطوعون ومروحية في تمشيط التلال ويستمر البحث حتى حلول الظلام. وقال متحدث إن الأقارب "
                "يتلقون الرعاية وطلب من الجميع الصبر. ويمكن لمن يريد المساعدة الحضور إلى قاعة البلدة."
            ),
        ),
        (
            "مجلس {t}: {n} يرأس الجلسة",
            (
                "اجتمع مجلس {t} يوم {w} برئاسة {n}. وتلي محضر الجلسة السابقة وأقره الأعضاء. ولم تطرح "
                "أسئلة من الجمهور. وأجل بحث الموازنة إلى الجلسة المقبلة لأن الكاتب لم ينته منها. وشكر "
                "الأعضاء متطوعي {u} الذين نظفوا الدروب بعد العاصفة. والجلسة المقبلة مفتوحة للجميع ويقدم "
                "الشاي فيها من السابعة كما جرت العادة."
            ),
        ),
        (
            "أشغال الطرق في {t} هذا الأسبوع",
            (
                "يغلق الشارع الرئيسي في {t} من اليوم {a} إلى اليوم {b} بين المنزل {c} والمنزل {d}. "
                "وتتوقف حافلات الخط {e} عند المحطة. وتتوقع البلدية إنفاق {f} ألف دينار. وللاستفسار يرجى "
                "مراجعة مبنى البلدية، الغرفة {g}."
            ),
        ),
    ),
}
TITLES = {
    "en": (
        "{t} beats {u} in the final of the county cup",
        "Police in {t} search for driver after crash on bridge",
        "Fire in {t} warehouse is put out after {a} hours",
        "{t} council votes on plan for {a} new homes",
        "Two hurt in {t} as storm takes roofs",
        "{t} school wins prize for its garden",
    ),
    "ar": (
        "{t} يفوز على {u} في نهائي كأس المحافظة",
        "الشرطة في {t} تبحث عن سائق بعد حادث على الجسر",
        "إخماد حريق في مستودع في {t} بعد {a} ساعات",
        "مجلس {t} يصوت على خطة لبناء {a} منزلًا",
        "إصابة شخصين في {t} مع اقتلاع العاصفة الأسطح",
        "مدرسة في {t} تفوز بجائزة عن حديقتها",
    ),
}
NAMES = {
    "en": ("Aldous Pike", "Maren Holt", "Tilda Frost", "Osric Vane", "Ines Calloway", "Bram Tolliver"),
    "ar": ("سليم الحداد", "رباب النحاس", "فارس الملاح", "لميس القطان", "أنور الصياد", "هدى البنا"),
}
DAYS = {"en": ("Monday", "Tuesday", "Thursday", "Friday"), "ar": ("الاثنين", "الثلاثاء", "الخميس", "الجمعة")}
SPEECH = {
    "en": (
        "“We have heard the people of this coast, and we have been slow to answer them. From the "
        "first of the month no boat will leave without a list of those on board, and no owner "
        "will be asked twice. Those who lost somebody will not have to fill in a form to be "
        "believed. I have asked the harbour office to open on Sundays, to keep its lamp lit, and "
        "to pay what it owes before it speaks of rules. If that costs us votes, then let it cost "
        "us votes; there are things that must be done before one counts,” the minister said."
    ),
    "ar": (
        "«سمعنا أهل هذا الساحل وتأخرنا في الرد عليهم. ابتداء من مطلع الشهر لن يغادر قارب من دون "
        "قائمة بأسماء من على متنه ولن يسأل مالك مرتين. ومن فقد عزيزًا لن يحتاج إلى ملء استمارة "
        "كي يصدق. وقد طلبت من مكتب الميناء أن يفتح أيام الآحاد وأن يبقي مصباحه مضاء وأن يدفع ما "
        "عليه قبل أن يتحدث عن القواعد. وإن كلفنا ذلك أصواتًا فليكلفنا، فثمة أمور يجب أن تنجز قبل "
        "العد والحساب»، قال الوزير."
    ),
}
FOOTER = {
    "en": (
        "The Harbour Bulletin is a newspaper that belongs to its readers. Since it was founded "
        "it has been printed every morning but one, and that one was the flood. If you value "
        "what you read here, become a member: members pay what they can, come to the yearly "
        "meeting, elect the editors and get the Saturday letter with the crossword. Ask at the "
        "desk in Quay Street or write to us, we answer every letter."
    ),
    "ar": (
        "نشرة المرفأ صحيفة يملكها قراؤها. ومنذ تأسيسها طبعت كل صباح إلا صباحًا واحدًا كان صباح "
        "الفيضان. فإن كنت تقدر ما تقرأه هنا فكن عضوًا: يدفع الأعضاء ما يستطيعون ويحضرون اللقاء "
        "السنوي وينتخبون المحررين وتصلهم رسالة السبت مع الكلمات المتقاطعة. اسأل في مكتب شارع "
        "الرصيف أو اكتب إلينا فنحن نجيب عن كل رسالة."
    ),
}


def series(bases: list[Report], language: str) -> Iterator[Pair]:
    """Fill the same templates with other figures and towns, by one publisher and by two."""
    chance = random.Random(f"series {language}")
    for title, text in SERIES[language]:
        for turn in range(10):
            first, second = (_filled(title, text, language, chance, turn * 2 + n) for n in (0, 1))
            yield first, replace(second, publisher="Another House" if turn % 2 else first.publisher)


def _filled(title: str, text: str, language: str, chance: random.Random, turn: int) -> Report:
    values = {name: str(chance.randrange(10, 60)) for name in "abcdefghi"}
    towns = TOWNS[language]
    values |= {
        "t": towns[turn % len(towns)],
        "u": towns[(turn + chance.randrange(1, len(towns))) % len(towns)],
    }
    values |= {"n": chance.choice(NAMES[language]), "w": chance.choice(DAYS[language])}
    ident = f"series-{language}-{turn}-{values['a']}{values['b']}{values['c']}{values['d']}"
    return Report(
        ident,
        title.format(**values),
        text.format(**values),
        language,
        NOON + timedelta(hours=turn),
        "County Desk",
    )


def titles(bases: list[Report], language: str) -> Iterator[Pair]:
    """Change a name or a number in a headline; with and without one sentence."""
    chance = random.Random(f"titles {language}")
    seen: set[str] = set()
    for turn in range(12):
        for title in TITLES[language]:
            reports = []
            for _ in (0, 1):
                t, u = chance.sample(TOWNS[language], 2)
                a = str(chance.randrange(2, 90))
                head = title.format(t=t, u=u, a=a)
                text = (
                    f"{head}{' , officials said' if language == 'en' else '، بحسب مسؤولين'}."
                    if turn % 2
                    else ""
                )
                reports.append(
                    Report(f"title-{turn}-{t}-{u}-{a}", head, text, language, NOON, chance.choice("AB"))
                )
            if reports[0].title != reports[1].title and not seen & {each.title for each in reports}:
                seen.update(each.title for each in reports)
                yield reports[0], reports[1]


def updates(bases: list[Report], language: str) -> Iterator[Pair]:
    """Write a later state by the same publisher: a new lead over kept background; or new figures."""
    some = _long(bases, language)
    for base, another in zip(some, some[1:] + some[:1], strict=True):
        chance = random.Random(f"update {base.id}")
        parts = paragraphs(base)
        new = _fresh(another, 40)
        fresh = replace(written(base, [new, *parts[len(parts) // 2 :]]), title=new[:50])
        yield base, replace(fresh, id=f"later-{base.id}", url="")
        changed = re.sub(r"\d+", lambda found: str(int(found[0]) + 7), base.text)
        numbers = len(set(re.findall(r"\d+", base.text)))
        if numbers > 2 + len(base.text.split()) // 200:
            other = replace(base, text=changed, id=f"figures-{base.id}", url="")
            yield base, replace(other, publisher="Another House" if chance.random() < 0.5 else base.publisher)


def live(bases: list[Report], language: str) -> Iterator[Pair]:
    """Add entries on top of a text that is told by the clock, or under it."""
    word = {"en": "Live: ", "ar": "مباشر: "}[language]
    some = _long(bases, language)
    for number, base in enumerate(some):
        parts = [f"{8 + place // 4}:{place % 4}5 {part}" for place, part in enumerate(paragraphs(base))]
        another = some[number - 1]
        later = [
            f"{14 + n}:{n}0 {_fresh(written(another, [part]), 30)}"
            for n, part in enumerate(paragraphs(another)[:3])
        ]
        title = word + base.title
        whole = [*later, *parts] if number % 2 else [*parts, *later]
        yield (
            replace(written(base, parts), title=title, id=f"live-{base.id}"),
            replace(written(base, whole), title=title, id=f"live-later-{base.id}", url=""),
        )


def quotes(bases: list[Report], language: str) -> Iterator[Pair]:
    """Let two texts about different things quote the same speech."""
    some = _long(bases, language)
    half = len(some) // 2
    for one, other in zip(some[:half], some[half:], strict=False):  # none twice: it would be its own copy
        short = [written(each, _beginning(each, 45)) for each in (one, other)]
        first, second = (written(each, [*paragraphs(each), SPEECH[language]]) for each in short)
        yield (
            replace(first, id=f"quote-{one.id}"),
            replace(second, id=f"quoted-{other.id}", publisher="Another House"),
        )


def boilerplate(bases: list[Report], language: str) -> Iterator[Pair]:
    """End short articles of one publisher with the same long note about the house."""
    some = _long(bases, language)
    made = [
        replace(
            written(each, [*_beginning(each, 45), FOOTER[language]]),
            id=f"foot-{each.id}",
            publisher="Harbour Bulletin",
        )
        for each in some
    ]
    yield from itertools.pairwise(made)


def _beginning(report: Report, words: int) -> list[str]:
    return [" ".join(report.text.split()[:words]) + "."]


def _fresh(report: Report, words: int) -> str:
    """Give some words that stand in this order nowhere else."""
    return " ".join(report.text.split()[: words * 2 : 2])


def _long(bases: list[Report], language: str) -> list[Report]:
    return [base for base in bases if base.language == language and len(base.text.split()) >= LEAST * 2]


KINDS = {
    "series": series,
    "headlines alike": titles,
    "later states": updates,
    "live blogs": live,
    "same quotation": quotes,
    "boilerplate": boilerplate,
}
