"""What stands on a page and is not the piece: bylines, credits, links to more, sections and publishers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files
from urllib.parse import urlsplit

from daily8.news.entities.folding import fold

_LINE = re.compile(
    r"^(?:(?:written |words |reporting |compiled |edited |story |text |photos? )?by\b[^.]{0,80}$"
    r"|(?:additional )?(?:reporting|editing|writing)(?: and \w+)? by\b.*"
    r"|(?:photo|photograph|picture|image|video|credit|source|foto|bild|crédit|photo by|graphic)s?"
    r"\s*[:/©].*"
    r"|©.*|\(?(?:c\)|copyright).{0,100}$"
    r"|(?:read|see|watch|listen)(?: more| also| next| here)?\s*[:|–-].*"
    r"|read more\b.*|also read\b.*|lire aussi\b.*"
    r"|lesen sie auch\b.*|lea también\b.*|читайте также\b.*|more (?:on|from|about) .{0,60}$"
    r"|(?:sign up|subscribe|follow us|download|click here|share this|advertisement|related)\b.{0,160}$"
    r"|(?:اقرأ|إقرأ|شاهد|طالع|تابع)\s*(?:أيض|المزيد|كذلك).*|(?:كتب|كتبت|بقلم|إعداد|تحرير|ترجمة|تصوير)\s*[:：].*"
    r"|(?:تابعونا|تابعنا|شارك(?:وا|نا|ها|ه)?|اشتركوا?|انضموا?) (?:على|عبر|في|إلى)\b.{0,120}$"
    r"|(?:المصدر|المصادر|الصورة|صورة)\s*[:：].*"
    r")$",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"\((?:[A-Z][\w .]{1,20}/)*(?:Reuters|AFP|AP|dpa|EPA|Getty Images|Getty|UPI|Xinhua)\)"
    r"|\((?:رويترز|أ ف ب|أ\.ف\.ب|فرانس برس|الأناضول|د ب أ|وكالات)\)"
)
_AGENCY = re.compile(
    r"وكال(?:ة|ات) (?:تونس [أإا]فريقيا لل[أا]نباء|ال[أا]نباء (?:الفرنسية|ال[أا]لمانية)|الصحافة الفرنسية"
    r"|فرانس برس|رويترز|[أا]سوشي?ت?يد ?برس|شينخوا|ال[أا]ناضول|سبوتنيك|بلومبرغ|يونايتد برس)"
)
"""Agencies that Arabic texts name for what they tell."""
_PARTED = re.compile(r"[.\-]")
_SPECIAL = frozenset({"www", "com", "org", "net", "co", "uk", "news", "news24"})

BRANDS = frozenset(
    fold(line)
    for line in files("daily8.news.entities")
    .joinpath("data")
    .joinpath("brands.txt")
    .read_text("utf-8")
    .splitlines()
    if not line.startswith("#")
)
"""Names of sections and labels, folded: they name no topic."""


def cleaned(text: str) -> str:
    """Give a text without the paragraphs and brackets of its furniture; the length of the rest stays true."""
    kept = [line for line in text.split("\n") if len(line) > 200 or not _LINE.match(line.strip())]
    return _AGENCY.sub(" . ", _CREDIT.sub(" ", "\n".join(kept)))


def set_aside(publisher: str, url: str, authors: Iterable[str]) -> frozenset[str]:
    """Give the folded names that a piece bears without speaking of them: publisher, site, writers."""
    found = {fold(publisher), *(fold(author) for author in authors)}
    plain = fold(publisher)
    found.add(plain.removeprefix("the ").removesuffix(" com").strip())
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    found |= {fold(part) for part in _PARTED.split(host) if len(part) > 3 and part not in _SPECIAL}
    found.discard("")
    return frozenset(found)
