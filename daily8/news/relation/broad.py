"""Words that say little wherever they stand: those of grammar and of news, countries, months, weekdays.

What is broad is mostly learned from the reports at hand. Of a handful of reports nothing can be learned:
there these lists count as though fifty reports had been seen before. Names of countries, languages, months
and days are those of Unicode's CLDR (by Babel).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from babel import Locale, UnknownLocaleError

from daily8.news.relation import terms
from daily8.news.relation.terms import plain, tokens, words

SEEN = 50
"""Reports that count as seen before the first."""
_GRAMMAR, _NEWS, PLACES = 30, 8, 6
"""In how many of them each kind of broad word stood."""

_WORDS = {
    "en": (
        "a about above across after again against all almost along also although always am among an and any"
        " are around as at away back be became because been before began being below between both but by"
        " came can cannot come could day did do does done down during each early either end enough even ever"
        " every far few first for former found from further gave get give given go going gone good got great"
        " had has have having he held her here herself him himself his how however i if in including into is"
        " it its itself just keep kept know known last late later least left less let like long made make"
        " many may me might more most much must my near never new next no nor not nothing now of off often"
        " on once one only onto or other others our out over own part place put rather said same saw say"
        " says second see seen set several she should show since so some soon still such take taken than"
        " that the their them themselves then there these they thing things third this those though three"
        " through time times to today together told took toward two under until up upon us used very want"
        " was way we well went were what when where whether which while who whole whom whose why will with"
        " within without work would yesterday year years yet you your"
    ),
    "ar": (
        "في من إلى على عن مع هذا هذه ذلك تلك التي الذي الذين اللذان ما ماذا لا لم لن ليس ليست كان كانت يكون"
        " تكون أن إن أنه أنها إنه إنها وأن كما قد لقد قال قالت يقول تقول بعد قبل خلال بين حتى حول حيث كل بعض"
        " غير هو هي هم هن نحن أنا أو أم ثم لكن بل منذ عند عندما إذا لو أي أكثر أقل أول آخر اليوم أمس غدا عام"
        " سنة يوم أيام شهر أسبوع الآن هناك هنا نفس ذات أيضا فقط حين مثل ضمن ضد تحت فوق أمام وراء نحو لدى"
        " عليه عليها فيه فيها منه منها له لها لهم به بها بهم وقد وكان وكانت وقال وقالت واحد اثنان الأول"
        " الثاني الثانية الأولى أحد إحدى جديد جديدة كبير كبيرة تم يتم جدا عدد عدة سوف"
    ),
}
_GENERIC = {
    "en": (
        "according agency announced announcement article breaking case city claims comment confirmed country"
        " crisis death dead deal department deputy director government head help hope hospital house incident"
        " including international issue killed latest leader live man meeting men million minister ministry"
        " morning nation national news night office officer official officials party people person photo"
        " plan police policy president press prime public published read report reported reporter reporters"
        " reports service source sources spokesman spokesperson spokeswoman state statement story support"
        " team update video week woman women world percent billion group law court high chief member"
    ),
    "ar": (
        "أعلن أعلنت أكد أكدت أوضح أوضحت أضاف أضافت أشار ذكر ذكرت كشف كشفت وكالة الأنباء أخبار خبر تقرير بيان"
        " تصريح تصريحات مصدر مصادر رئيس الرئيس وزير الوزير وزارة حكومة الحكومة دولة الدولة دول مدينة بلاد"
        " شخص أشخاص مواطن مواطنين رجل امرأة شرطة الشرطة مسؤول مسؤولون متحدث الرسمي مليون مليار مقتل إصابة"
        " حادث قضية محكمة اجتماع مؤتمر صحفي صحيفة قناة عاجل فيديو صور العالم دولي وطني عضو مجلس لجنة"
    ),
}
_NONE: Mapping[str, int] = MappingProxyType({})


@lru_cache(maxsize=64)
def broad(language: str) -> Mapping[str, int]:
    """Give the broad terms of a language (ISO 639-1), each with in how many of `SEEN` reports it stood.

    Only English and Arabic have lists of words; of the others CLDR's names are known.
    """
    found: dict[str, int] = {}
    for kind, count in ((_GENERIC, _NEWS), (_WORDS, _GRAMMAR)):
        for each in words(tokens(plain(kind.get(language, "")))):
            found[each] = max(count, found.get(each, 0))
    for name in _cldr(language):
        for each in words(tokens(plain(name))):
            if not each.isdigit():
                found.setdefault(each, PLACES)
    return MappingProxyType(found) if found else _NONE


@lru_cache(maxsize=64)
def skeletons(language: str) -> frozenset[str]:
    """Give the skeletons of the names that are broad in a language."""
    return frozenset(each for name in _cldr(language) for each in terms.crossing(terms.plain(name.title())))


def _cldr(language: str) -> list[str]:
    try:
        locale = Locale.parse(language)
    except (ValueError, UnknownLocaleError, TypeError):
        return []
    known = [name for code, name in locale.territories.items() if len(code) == 2]
    known += locale.languages.values()
    for forms in (locale.months, locale.days):
        known += [name for width in forms.get("format", {}).values() for name in width.values()]
    return [str(name) for name in known]
