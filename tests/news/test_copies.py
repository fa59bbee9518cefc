"""Copies of one article: what counts as one, and what only looks like it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from daily8.news.copies import BadCheckpoint, LiveCopies, copy_to_json, dump, judge, load, read_document
from daily8.news.copies.words import _number, numbered
from daily8.news.reports import Report

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ENGLISH = Report(
    "en",
    "Ferries stay in Calder harbour as the storm nears",
    "CALDER (Lodeline) — The harbour office of Calder has closed the sea gate, and no ferry "
    "will leave before "
    "Thursday.\n\n“We would rather be asked why we stayed than where we are,” said the "
    "harbour master, Edda Quill, who "
    "has held the post for 19 years.\n\nSome 340 passengers were given beds in the school, "
    "and the baker on Quay Street "
    "opened at three in the morning.\n\nThe weather office expects gusts of 110 kilometres "
    "an hour from the west. Fishing "
    "boats were tied up twice, and the market moved into the fire station.\n\nThe line to "
    "the islands was last stopped "
    "for so long eleven winters ago, when ice lay in the sound and the mail was carried over it by sledge.",
    "en",
    NOON,
    "Lodeline",
    "https://lodeline.example/2026/ferries-stay-in-calder-harbour",
)
ARABIC = Report(
    "ar",
    "العبّارات تبقى في ميناء المرفأ مع اقتراب العاصفة",
    "المرفأ - سارية - أغلق مكتب الميناء في مدينة المرفأ البوابة البحرية، ولن تغادر أي عبّارة "
    "قبل يوم الخميس.\n\n«نفضّل أن "
    "نُسأل لماذا بقينا على أن يُسأل أين نحن»، قالت مديرة الميناء عايدة الصيّاد التي تشغل "
    "المنصب منذ 19 عامًا.\n\nوحصل نحو 340 "
    "راكبًا على أسرّة في المدرسة، وفتح خبّاز شارع الرصيف مخبزه في الثالثة فجرًا.\n\nويتوقع "
    "مكتب الأرصاد هبّات تبلغ سرعتها 110 "
    "كيلومترات في الساعة من جهة الغرب. ورُبطت قوارب الصيد مرتين، ونُقل السوق إلى مبنى "
    "الإطفاء.\n\nوكان الخط إلى الجزر قد توقف "
    "مدة كهذه آخر مرة قبل أحد عشر شتاء حين غطى الجليد المضيق ونُقل البريد فوقه بالزلاجات.",
    "ar",
    NOON,
    "سارية",
    "https://sariya.example/2026/ferries-stay-in-almarfa-harbour",
)
BOTH = pytest.mark.parametrize("base", [ENGLISH, ARABIC], ids=["en", "ar"])


def elsewhere(base: Report, **values: object) -> Report:
    """Give the piece as another house re-posts it two hours later."""
    values = {
        "id": "copy",
        "publisher": "Another House",
        "url": "",
        "time": NOON + timedelta(hours=2),
    } | values
    return replace(base, **values)  # type: ignore[arg-type]


def rule(one: Report, other: Report) -> str | None:
    found = LiveCopies()
    assert found.place(one, 1) is None
    copy = found.place(other, 2)
    assert copy is None or (copy.of, copy.group) == (1, 1)
    return copy.rule if copy else None


@BOTH
def test_a_text_with_other_credits_and_typography_is_the_same(base: Report) -> None:
    text = base.text.partition(" — " if base is ENGLISH else "سارية - ")[2]
    for old, new in (("“", '"'), ("”", '"'), ("«", '"'), ("»", '"'), ("ّ", ""), ("أ", "ا")):
        text = text.replace(old, new)
    credit = {"en": ("By Nell Orchard", "(Lodeline)"), "ar": ("بقلم: نورا البستاني", "المصدر: سارية")}[
        base.language
    ]
    text = "\n\n".join([credit[0], text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")), credit[1]])
    assert rule(base, elsewhere(base, text=text)) == "same text"


@BOTH
def test_cut_moved_and_headed_anew_it_is_most_of_the_text(base: Report) -> None:
    parts = base.text.split("\n\n")
    assert rule(base, elsewhere(base, title="What we know so far", text="\n\n".join(parts[:3]))) is not None
    assert (
        rule(base, elsewhere(base, text="\n\n".join([parts[0], parts[3], parts[1], parts[4], parts[2]])))
        is not None
    )
    assert rule(base, elsewhere(base, text="\n\n".join(parts[1:4]))) is not None


@BOTH
def test_a_local_lead_leaves_it_a_copy(base: Report) -> None:
    lead = {
        "en": "Readers in Tarn have followed the news from the coast with care since the morning, for "
        "many have family there.",
        "ar": "تابع أهالي الرملة أخبار الساحل باهتمام منذ الصباح لأن لكثيرين منهم أقارب هناك ينتظرون "
        "العودة إلى بيوتهم.",
    }[base.language]
    parts = base.text.split("\n\n")
    assert rule(base, elsewhere(base, title=lead[:40], text="\n\n".join([lead, *parts[:4]]))) is not None
    assert rule(base, elsewhere(base, title=lead[:40], text="\n\n".join([lead, *parts[:2]]))) is not None


@BOTH
def test_a_summary_is_an_excerpt_whichever_comes_first(base: Report) -> None:
    summary = elsewhere(base, text=" ".join(base.text.split()[:45]) + " …")
    assert rule(base, summary) == "excerpt"
    assert rule(summary, base) == "excerpt"


@BOTH
def test_another_host_and_tracking_are_no_difference(base: Report) -> None:
    url = base.url.replace("https://", "https://mirror.") + "?utm_source=feed"
    short = elsewhere(base, text="", title=base.title, url=url, time=NOON + timedelta(days=2))
    assert rule(replace(base, text=""), short) == "same address"
    assert rule(base, elsewhere(base, text=" ".join(base.text.split()[:14]), url=url)) == "same address"


@BOTH
def test_headlines_alone_must_be_equal(base: Report) -> None:
    one = replace(base, text="", url="")
    assert rule(one, elsewhere(one, title=f"{base.title} | Another House")) == "same headline"
    assert rule(one, elsewhere(one, title=base.title.rpartition(" ")[0])) is None
    assert rule(one, elsewhere(one, time=NOON + timedelta(days=2))) is None
    assert rule(replace(one, title="Storm"), elsewhere(one, title="Storm")) is None


@BOTH
def test_other_numbers_at_the_same_places_are_a_series(base: Report) -> None:
    other = base.text.replace("340", "515").replace("110", "90")
    assert rule(base, elsewhere(base, text=other)) is None
    assert rule(base, elsewhere(base, text=other, publisher=base.publisher)) is None


@BOTH
def test_what_one_publisher_rewrites_is_a_later_state(base: Report) -> None:
    parts = base.text.split("\n\n")
    news = {
        "en": "The first ferry left Calder on Thursday at dawn, half empty and to the sound of a brass "
        "band that had waited all night.",
        "ar": "غادرت أولى العبّارات الميناء فجر الخميس نصف فارغة على أنغام فرقة نحاسية انتظرت طوال "
        "الليل على الرصيف الشرقي.",
    }[base.language]
    later = elsewhere(base, title=news[:50], text="\n\n".join([news, *parts[1:]]), publisher=base.publisher)
    assert rule(base, later) is None


def test_names_that_change_with_the_headline_are_a_series() -> None:
    text = (
        "Police in {} ask for help in the search for a walker who was last seen on the road to "
        "the hills in the evening. "
        "Whoever has seen a man in a dark coat is asked to call the station in {}, a spokesman "
        "said. Volunteers search the "
        "woods, and a helicopter is on its way."
    )
    one, other = (
        Report(n, f"Walker is missed in {n}", text.format(n, n), "en", NOON, n) for n in ("Tarn", "Holm")
    )
    assert rule(one, other) is None


def test_a_quotation_in_common_is_no_copy() -> None:
    speech = "“" + " ".join(f"we{n} have said this word{n}" for n in range(18)) + "”"
    one = Report(
        "1", "Minister speaks", f"{' '.join(f'first{n}' for n in range(22))}\n\n{speech}", "en", NOON, "A"
    )
    other = Report(
        "2", "Harbour waits", f"{' '.join(f'other{n}' for n in range(24))}\n\n{speech}", "en", NOON, "B"
    )
    assert rule(one, other) is None
    assert rule(one, replace(one, id="3", publisher="C")) == "same text"


@BOTH
def test_two_that_begin_anew_over_the_same_background_are_two_reports(base: Report) -> None:
    parts = base.text.split("\n\n")
    one, other = (" ".join(f"{side}{n}" for n in range(30)) for side in ("north", "south"))
    first = replace(base, text="\n\n".join([one, *parts[1:]]))
    second = elsewhere(base, title="Later", text="\n\n".join([other, *parts[1:]]))
    assert rule(first, second) is None


def test_a_live_blog_and_its_later_state_are_two_articles() -> None:
    rows = [f"{8 + n}:15 {' '.join(f'w{n}x{i}' for i in range(30))}" for n in range(5)]
    one = Report("1", "Live: storm on the coast", "\n\n".join(rows[:4]), "en", NOON, "A")
    assert rule(one, replace(one, id="2", text="\n\n".join(rows))) is None
    assert rule(one, replace(one, id="2", text="\n\n".join(reversed(rows)))) is None
    assert rule(one, replace(one, id="2", publisher="B")) == "same text"


def test_boilerplate_of_a_publisher_makes_no_copies_and_is_learned() -> None:
    note = "This paper belongs to its readers and is printed every morning but one. " * 6
    live = LiveCopies()
    for n in range(12):
        text = f"{' '.join(f'a{n}b{i}' for i in range(40))}\n\n{note}"
        assert (
            live.place(Report(str(n), f"Title number{n} is about thing{n}", text, "en", NOON, f"P{n % 2}"), n)
            is None
        )
    assert live.documents[11].words == 40


def test_a_notice_under_every_headline_of_a_house_is_no_article_and_is_learned() -> None:
    wall = " ".join(f"consent{i}" for i in range(120))
    live = LiveCopies()
    for n in range(8):
        report = Report(str(n), f"Title{n} about{n} thing{n} and{n} more{n}", wall, "en", NOON, "P")
        assert live.place(report, n) is None
    assert live.documents[7].words == 0


def test_copies_of_copies_are_one_group() -> None:
    live = LiveCopies()
    assert live.place(ENGLISH, 5) is None
    first = live.place(elsewhere(ENGLISH), 8)
    second = live.place(
        elsewhere(ENGLISH, id="again", publisher="Third House", title="Storm stops ferries"), 9
    )
    assert first is not None
    assert second is not None
    assert (first.group, second.group) == (5, 5)
    told = copy_to_json(second)
    assert told["rule"] == "same text"
    assert told["share"] == 1.0
    assert told["words"][0] == live.documents[9].words


def test_no_copy_is_seen_beyond_the_window() -> None:
    assert rule(ENGLISH, elsewhere(ENGLISH, time=NOON + timedelta(days=6))) == "same text"
    assert rule(ENGLISH, elsewhere(ENGLISH, time=NOON + timedelta(days=8))) is None
    assert rule(ENGLISH, elsewhere(ENGLISH, time=None)) == "same text"


def test_judging_is_the_same_from_both_sides() -> None:
    one, other = read_document(ENGLISH, 1), read_document(elsewhere(ENGLISH, text=ENGLISH.text[:500]), 2)
    there, back = judge(one, other), judge(other, one)
    assert there is not None
    assert back is not None
    assert (there.rule, there.share, there.common) == (back.rule, back.share, back.common)


def test_the_oldest_go_beyond_the_caps() -> None:
    live = LiveCopies(articles=3)
    for n in range(5):
        live.place(
            replace(ENGLISH, title=f"Number {n}", text=" ".join(f"c{n}d{i}" for i in range(50)), url=""), n
        )
    assert list(live.documents) == [2, 3, 4]
    assert {seq for key in live._by_key for seq in live._held(key)} == {2, 3, 4}
    small = LiveCopies(words=120)
    for n in range(5):
        small.place(replace(ENGLISH, title="", text=" ".join(f"c{n}d{i}" for i in range(50)), url=""), n)
    assert list(small.documents) == [3, 4]


def test_numbers_must_grow() -> None:
    live = LiveCopies()
    live.place(ENGLISH, 3)
    with pytest.raises(ValueError, match="comes after"):
        live.place(ARABIC, 3)


def test_a_checkpoint_goes_on_as_if_nothing_had_happened() -> None:
    whole = LiveCopies(articles=40)
    half = None
    answers: list[object] = []
    again: list[object] = []
    for n in range(120):
        base = (ENGLISH, ARABIC)[n % 2]
        words = base.text.split()
        text = " ".join(words[(n * 7) % 60 :] + [f"n{n}"] * (n % 5))
        report = replace(base, id=str(n), title=f"{base.title} {n % 3}", text=text, publisher=f"P{n % 4}")
        answers.append(whole.place(report, n))
        if half is not None:
            again.append(half.place(report, n))
        if n == 69:
            half = load(dump(whole))
            assert dump(half) == dump(whole)
    assert again == answers[70:]
    assert any(answers[70:])


@pytest.mark.parametrize("octets", [b"", b"x", b"\x00" * 40, dump(LiveCopies())[:-3]])
def test_what_is_no_checkpoint_is_refused(octets: bytes) -> None:
    with pytest.raises(BadCheckpoint):
        load(octets)


HOSTILE = [
    "a" * 1_000_000,
    "same " * 200_000,
    "“" * 1_000_000,
    "\n" * 1_000_000,
    "(" * 1_000_000,
    "ال " * 300_000,
    "A" * 60 + " - " * 300_000,
    "漢" * 1_000_000,
    "\ud800 \udfff " * 250_000,
    "\u202e\u0000\u200f" * 300_000,
    "1,000" * 200_000,
    '"x y" ' * 160_000,
    "by x\n" * 200_000,
    "٣" * 1_000_000,
    "",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:6]))
def test_a_hostile_text_costs_no_more_than_its_beginning(text: str) -> None:
    live = LiveCopies()
    live.place(ENGLISH, 0)
    live.place(Report("1", text, text, "", NOON, text, text), 1)
    live.place(Report("2", text[:300], text, "", NOON, "B"), 2)
    assert live.documents[1].words <= 40_000
    copy = live.place(elsewhere(ENGLISH), 3)
    assert copy is not None
    assert copy.group == 0
    assert dump(load(dump(live))) == dump(live)


def test_many_with_the_same_words_are_judged_by_a_few() -> None:
    live = LiveCopies()
    footer = " ".join(f"note{i}" for i in range(80))
    for n in range(2000):
        text = f"{' '.join(f'q{n}r{i}' for i in range(30))}\n\n{footer}"
        assert live.place(Report(str(n), f"Title t{n} u{n} v{n}", text, "en", NOON, "P"), n) is None
    assert max(len(live._held(key)) for key in live._by_key) <= 8


def test_words_without_end_are_not_remembered() -> None:
    before = _number.cache_info().currsize
    assert numbered(["x" * 5_000, "y" * 5_000]) != numbered(["x" * 5_000] * 2)
    assert _number.cache_info().currsize == before
