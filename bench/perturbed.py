"""Copies of articles as they occur, made from the newsroom of the demo: by kind, strength and language."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from daily8.news.reports import Report
from daily8.replay.newsroom import press

LEAST = 40
"""Words of a text from which it can be perturbed."""
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
_BLOCK = re.compile(r"</(?:p|li|h\d|blockquote|figcaption|td|cite)>")
_TAG = re.compile(r"<[^>]+>")

CREDITS = {
    "en": (
        "By Tamsin Roe",
        "(Lodeline)",
        "Reporting by Lodeline; editing by Ann Fell",
        "Read more: the week in pictures",
        "© 2026 The Calder Gazette. All rights reserved.",
        "Subscribe to our newsletter for the news of the morning",
    ),
    "ar": (
        "بقلم: هالة منصور",
        "(سارية)",
        "المصدر: وكالة سارية",
        "اقرأ أيضًا: أخبار الأسبوع بالصور",
        "جميع الحقوق محفوظة © ٢٠٢٦ صحيفة الضفة",
        "تابعونا على قناتنا لتصلكم أخبار الصباح",
    ),
}
DATELINES = {"en": ("CALDER, Ireland (Lodeline) — ", "CALDER — "), "ar": ("صور - سارية - ", "صور (سارية) – ")}
LEADS = {
    "en": (
        "Readers in Calder have followed this closely, and some of them have family there.",
        "At the market on Quay Street nobody talked of anything else before the stalls had opened.",
        (
            "Councillor Fergus Hale told the Gazette that the town would watch what comes of it, "
            "since much of its trade goes that way."
        ),
        "A meeting is planned at the parish hall, with tea, and anyone may come who wants to ask a question.",
        "What follows is the account of the agency, as it reached our desk in the evening.",
    ),
    "ar": (
        "تابع أهالي الضفة هذه الأخبار باهتمام، فلبعضهم أقارب هناك.",
        "ولم يكن في سوق السمك صباح اليوم حديث غير هذا الحديث قبل أن تُفتح الدكاكين.",
        (
            "وقال عضو المجلس البلدي فؤاد النجار للصحيفة إن المدينة ستراقب ما يجري لأن كثيرًا من "
            "تجارتها يمر من تلك الطريق."
        ),
        "ومن المقرر عقد لقاء مفتوح في قاعة البلدية يستطيع أن يحضره كل من يريد أن يسأل.",
        "وفي ما يلي ما نقلته الوكالة كما وصل إلى مكتبنا في المساء.",
    ),
}
HEADLINES = {
    "en": ("What we know so far about the news of the day", "Five questions, and the answers that there are"),
    "ar": ("ما نعرفه حتى الآن عن خبر اليوم", "خمسة أسئلة وما توفر من أجوبة"),
}
FILLERS = {
    "en": ("also", "reportedly", "meanwhile", "yesterday", "however"),
    "ar": ("أيضًا", "أمس", "كذلك", "بدوره", "لاحقًا"),
}
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@dataclass(frozen=True, slots=True)
class Made:
    """A copy that was made, and of which article."""

    kind: str
    of: str
    report: Report


def sample() -> list[Report]:
    """Give the articles of the newsroom that are no copies, in the order of their times."""
    return [_report(row) for row in press.rows() if "copy_of" not in row]


def natural() -> list[tuple[str, Report]]:
    """Give the re-posted agency texts of the newsroom, each with the name of what it copies."""
    return [(row["copy_of"], _report(row)) for row in press.rows() if "copy_of" in row]


def _report(row: dict[str, object]) -> Report:
    body = _BLOCK.sub("\n\n", str(row["html"]))
    text = "\n\n".join(
        line for part in _TAG.sub("", body).split("\n") if (line := html.unescape(part).strip())
    )
    return Report(
        id=str(row["id"]),
        title=str(row["title"]),
        text=text,
        language=str(row["lang"]),
        time=NOON + timedelta(minutes=press.minutes(str(row["published"]))),
        publisher=str(row["publisher_name"]),
        url=f"https://{row['publisher']}.example{row['url']}",
    )


Change = Callable[[Report, int, random.Random], Report]


def paragraphs(report: Report) -> list[str]:
    return report.text.split("\n\n")


def written(report: Report, parts: list[str]) -> Report:
    return replace(report, text="\n\n".join(parts))


def credit(report: Report, strength: int, chance: random.Random) -> Report:
    """Change dateline, byline and the notes around the text."""
    lines = CREDITS[report.language]
    parts = paragraphs(report)
    parts[0] = chance.choice(DATELINES[report.language]) + parts[0]
    if strength > 0:
        parts = [lines[0], *parts, lines[2]]
    if strength > 1:
        parts = [lines[4], *parts, lines[3], lines[5]]
    return written(report, parts)


def typography(report: Report, strength: int, chance: random.Random) -> Report:
    """Change quotes, dashes and spaces; then digits and vowel marks; then characters that nobody sees."""
    text, title = report.text, report.title
    for old, new in (
        ("“", '"'),
        ("”", '"'),
        ("«", '"'),
        ("»", '"'),
        ("’", "'"),
        ("—", " - "),
        ("–", "-"),
        ("…", "..."),
    ):
        text, title = text.replace(old, new), title.replace(old, new)
    if strength > 0:
        text = (
            text.translate(ARABIC_DIGITS)
            if report.language == "ar"
            else text.replace("fi", "ﬁ").replace("é", "e\u0301")
        )
        text = text.replace("أ", "ا").replace("ة", "ه").replace("ى", "ي") if report.language == "ar" else text
    if strength > 1:
        text = "".join(
            c + ("\u200b" if c == "e" else "\u0640" if c == "س" and chance.random() < 0.3 else "")
            for c in text
        )
        text = text.replace(" ", "\u00a0")
    return replace(report, text=text, title=title)


def cut(report: Report, strength: int, chance: random.Random) -> Report:
    """Leave out the last paragraph; a third from the end; half from the end; a third from anywhere."""
    parts = paragraphs(report)
    count = len(parts)
    if strength == 3:
        gone = set(chance.sample(range(count), count // 3))
        return written(report, [part for place, part in enumerate(parts) if place not in gone])
    keep = (count - 1, count - count // 3, count - count // 2)[strength]
    return written(report, parts[: max(1, keep)])


def moved(report: Report, strength: int, chance: random.Random) -> Report:
    """Change places of two paragraphs; of all but the first; of all."""
    parts = paragraphs(report)
    if strength == 0 and len(parts) > 2:
        place = chance.randrange(1, len(parts) - 1)
        parts[place], parts[place + 1] = parts[place + 1], parts[place]
    elif strength == 1:
        rest = parts[1:]
        chance.shuffle(rest)
        parts = [parts[0], *rest]
    else:
        chance.shuffle(parts)
    return written(report, parts)


def headline(report: Report, strength: int, chance: random.Random) -> Report:
    """Turn the headline's words round; write another one."""
    words = report.title.split()
    if strength == 0:
        middle = len(words) // 2
        return replace(report, title=" ".join(words[middle:] + words[:middle]))
    return replace(report, title=chance.choice(HEADLINES[report.language]))


def lead(report: Report, strength: int, chance: random.Random) -> Report:
    """Put one, two or all sentences of local news before the text; the strongest leaves out the end too."""
    lines = list(LEADS[report.language])
    chance.shuffle(lines)
    parts = paragraphs(report)
    size = len(report.text.split())
    added = lines[: min((1, 2, 4)[strength], 1 + size // 60)]  # a lead is shorter than what it leads to
    if strength == 2 and len(parts) > 4:
        parts = parts[:-1]
    return written(headline(report, 1, chance), [" ".join(added), *parts])


def excerpt(report: Report, strength: int, chance: random.Random) -> Report:
    """Keep the beginning: some 70 words, some 40, both cut off in the middle of a sentence; or 25 to 30."""
    words = report.text.split()
    size = (70, 40, 28)[strength]
    return replace(
        report, text=" ".join(words[: min(size, len(words) - 4)]) + chance.choice((" …", " [...]", "..."))
    )


def address(report: Report, strength: int, chance: random.Random) -> Report:
    """Put the piece under another host; with tracking; with one sentence only; with a headline only."""
    path = report.url.partition(".example")[2]
    url = f"https://mirror-{chance.randrange(9)}.example{path}?utm_source=feed&utm_medium=rss"
    text = report.text if strength < 2 else " ".join(report.text.split()[:16]) + " …" if strength == 2 else ""
    return replace(report, url=url if strength else url.partition("?")[0], text=text)


def edits(report: Report, strength: int, chance: random.Random) -> Report:
    """Replace or put in a word at every fiftieth, then every thirtieth place."""
    step = (50, 30)[strength]
    parts = []
    for part in paragraphs(report):
        words = part.split(" ")
        for place in range(chance.randrange(step), len(words), step):
            if not any(c.isdigit() for c in words[place]):
                words[place] = chance.choice(FILLERS[report.language])
        parts.append(" ".join(words))
    return written(report, parts)


def together(report: Report, strength: int, chance: random.Random) -> Report:
    """Do several of these at once."""
    made = typography(headline(report, 1, chance), strength, chance)
    made = cut(made, strength, chance)
    if strength:
        made = lead(made, 0, chance)
    return credit(made, strength, chance)


def suffix(report: Report, strength: int, chance: random.Random) -> Report:
    """Give the headline alone, with the house's name behind it."""
    return replace(report, text="", title=f"{report.title}{(' | ', ' - ')[strength]}Calder Gazette", url="")


KINDS: dict[str, tuple[Change, int]] = {
    "credit": (credit, 3),
    "typography": (typography, 3),
    "cut": (cut, 4),
    "moved": (moved, 3),
    "headline": (headline, 2),
    "local lead": (lead, 3),
    "excerpt": (excerpt, 3),
    "address": (address, 4),
    "edits": (edits, 2),
    "together": (together, 3),
    "headline only": (suffix, 2),
}
HOUSES = {
    "en": ("The Calder Gazette", "Quayside News", "Northern Mail"),
    "ar": ("صحيفة الضفة", "أخبار المرفأ", "بريد الشمال"),
}


def copies(bases: list[Report], kind: str, strength: int) -> Iterator[Made]:
    """Make a copy of each article that is long enough, by another publisher, some hours later."""
    change = KINDS[kind][0]
    for base in bases:
        least = LEAST * 2 if kind == "together" else LEAST  # so that more is left of it than is put to it
        if len(base.text.split()) < least or (kind == "headline only" and len(base.title.split()) < 6):
            continue
        chance = random.Random(f"{kind} {strength} {base.id}")
        made = change(replace(base, publisher=chance.choice(HOUSES[base.language])), strength, chance)
        url = made.url if kind == "address" else f"https://copy.example/{chance.randrange(10**9)}"
        time = (base.time or NOON) + timedelta(hours=chance.randrange(1, 20))
        yield Made(kind, base.id, replace(made, id=f"{kind}-{strength}-{base.id}", url=url, time=time))
