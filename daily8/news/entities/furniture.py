"""What stands on a page and is not the piece: bylines, credits, links to more, names of sections and publishers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from daily8.news.entities.folding import fold

_LINE = re.compile(
    r"^(?:(?:written |words |reporting |compiled |edited |story |text |photos? )?by\b[^.]{0,80}$"
    r"|(?:additional )?(?:reporting|editing|writing)(?: and \w+)? by\b.*"
    r"|(?:photo|photos|photograph|picture|image|video|credit|credits|source|foto|bild|crédit|photo by|graphic)s?\s*[:/©].*"
    r"|©.*|\(?(?:c\)|copyright).{0,100}$"
    r"|(?:read|see|watch|listen)(?: more| also| next| here)?\s*[:|–-].*|read more\b.*|also read\b.*|lire aussi\b.*"
    r"|lesen sie auch\b.*|lea también\b.*|читайте также\b.*|more (?:on|from|about) .{0,60}$"
    r"|(?:sign up|subscribe|follow us|download|click here|share this|advertisement|related)\b.{0,160}$"
    r"|(?:اقرأ|إقرأ|شاهد|طالع|تابع)\s*(?:أيض|المزيد|كذلك).*|(?:كتب|كتبت|بقلم|إعداد|تحرير|ترجمة|تصوير)\s*[:：].*"
    r"|(?:المصدر|المصادر|الصورة|صورة)\s*[:：].*"
    r")$",
    re.IGNORECASE,
)
_CREDIT = re.compile(r"\((?:[A-Z][\w .]{1,20}/)*(?:Reuters|AFP|AP|dpa|EPA|Getty Images|Getty|UPI|Xinhua)\)|\((?:رويترز|أ ف ب|أ\.ف\.ب|فرانس برس|الأناضول|د ب أ|وكالات)\)")  # fmt: skip
_PARTED = re.compile(r"[.\-]")
_SPECIAL = frozenset({"www", "com", "org", "net", "co", "uk", "news", "news24"})

BRANDS = frozenset(
    fold(name)
    for name in (
        "News|Top News|Top Stories|Top Story|Breaking|Breaking News|Latest|Latest News|Exclusive|Exclusives|Headlines|"
        "World News|UK News|US News|Local News|Sport24|News24|Sports|Sport|Business|Opinion|Opinions|Video|Videos|"
        "Featured|Feature|Features|Trending|Most Read|Editor's Pick|Editor's Picks|Home|Homepage|Main|General|"
        "Uncategorized|Uncategorised|Other|Others|Misc|Live|Live Blog|Analysis|Explainer|Explainers|Newsletter|"
        "Newsletters|Podcast|Podcasts|Gallery|Photos|Pictures|Culture|Lifestyle|Life & Style|Entertainment|Showbiz|"
        "Celebrity|Tech|Technology|Money|Travel|Comment|Comments|Premium|Subscribers|Sponsored|Advertisement|"
        "Advertorial|Partner Content|Press Release|Wire|Must Read|Story|Stories|Article|Articles|Report|Reports|"
        "Interview|Update|Updates|Alert|Viral|Watch|Read More|In Brief|Briefing|Today|Front Page|Homepage Featured|"
        "À la une|Actualité|Actualités|Actu|Une|Monde|Infos|Société|Nachrichten|Aktuell|Schlagzeilen|Panorama|"
        "Meldungen|Ticker|Noticias|Última hora|Portada|Actualidad|Titulares|Notícias|Notizie|Ultime notizie|Новости|"
        "Главное|Лента новостей|Главные новости|Haber|Haberler|Son Dakika|Gündem|"
        "أخبار|الأخبار|آخر الأخبار|أهم الأخبار|أبرز الأخبار|عاجل|خبر عاجل|الرئيسية|حصري|خاص|منوعات|فيديو|صور|رأي|مقالات|"
        "تقارير|تقرير|متفرقات|عام|أخبار محلية|أخبار عالمية|أخبار الرياضة|أخبار اليوم|سلايدر|مختارات|الأكثر قراءة|مميز|رئيسي|"
        "رياضة|سياسة|اقتصاد|ثقافة|ثقافة وفن|مجتمع|دولي|وطني|عربي|عربي ودولي|محليات|أخبار وطنية|أخبار دولية|تكنولوجيا"
    ).split("|")
)  # fmt: skip
"""Names of sections and labels, folded: they name no topic."""


def cleaned(text: str) -> str:
    """Give a text without the paragraphs and brackets of its furniture; the length of the rest stays true."""
    kept = [line for line in text.split("\n") if len(line) > 200 or not _LINE.match(line.strip())]
    return _CREDIT.sub(" ", "\n".join(kept))


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
