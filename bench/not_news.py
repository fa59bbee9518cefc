"""Measure what is told to be no news, on titles of our own: half of them news that speaks of the same things.

python -m bench.not_news
"""

from __future__ import annotations

from rich.console import Console

from daily8.news.categories import is_news
from daily8.news.reports import Report

NOT_NEWS = {
    "en": """
Aries to Pisces: your stars for the week ahead
Horoscope for Tuesday, 4 March
Daily horoscope: Libra should listen today
What your zodiac sign says about your Monday
Saturday quiz: 15 questions on rivers, kings and cheese
Quiz: can you spot the fake harbour?
How well do you know Norland? Take our quiz
The Ledger's weekly news quiz
Quick crossword No 4,211
Wordle today: hints and answer for puzzle 1,402
Crossword answers for Friday
Sudoku: hard, No 88
Lotto results: winning numbers for Saturday night
Northland lottery numbers for Wednesday's draw
Powerball numbers for 6 April
Save 40% with these Brightmart promo codes
Best Black Friday deals on headphones
These noise-cancelling earbuds are $80 off at Brightmart
The 12 best blenders to buy this spring
Gift guide: 25 presents for people who love tea
We tested the best air fryers under $100
Best running shoes for flat feet, tested and reviewed
TV tonight: a thriller on the fjord and a baking final
What's on TV this Thursday
TV guide for the weekend
Sponsored: How Harbour Bank helps young savers
Paid content | Five reasons to move your firm to Eastport
Advertorial: the future of flooring
Prayer times in Port Selim for Sunday
Gold rate today: 22-carat prices in five cities
Today in history: 12 May
Cartoon of the day
""",
    "ar": """
حظك اليوم الثلاثاء: توقعات الأبراج
برج الحمل اليوم: لا تتسرع في القرار
توقعات الأبراج لهذا الأسبوع من الحمل إلى الحوت
أبراج اليوم الجمعة 4 مارس
ماذا يخبئ لك برجك هذا الشهر
اختبر معلوماتك: 15 سؤالا عن الأنهار والملوك
اختبار: هل تعرف عواصم العالم؟
كويز الأسبوع عن السينما
كلمات متقاطعة العدد 4211
حل الكلمات المتقاطعة ليوم الجمعة
سودوكو اليوم: المستوى الصعب
حل لغز كلمة السر المكونة من سبعة حروف
نتائج اليانصيب الوطني ليوم السبت
الأرقام الرابحة في سحب اللوتو
أرقام اليانصيب لسحب الأربعاء
كود خصم برايت مارت بقيمة 40%
أفضل عروض الجمعة البيضاء على السماعات
عروض اليوم في متاجر النور: خصومات تصل إلى 70%
كوبونات تخفيض على الملابس
أفضل 10 سماعات لاسلكية يمكنك شراؤها
دليل شراء الغسالات لهذا العام
أفكار هدايا لمن يحب الشاي
مواعيد عرض مسلسل بيت البحر والقنوات الناقلة
تردد قناة الميناء الجديد على النايل سات
برامج التلفزيون اليوم الخميس
محتوى مدفوع: كيف يساعد بنك الميناء صغار المدخرين
إعلان: شقق جديدة في مدينة النور
مادة إعلانية | مستقبل الأرضيات
مواقيت الصلاة في مدينة النور ليوم الأحد
أسعار الذهب اليوم في خمس مدن
في مثل هذا اليوم: 12 مايو
كاريكاتير اليوم
""",
}
NEWS = {
    "en": """
Astrologer who advised three presidents dies at 91
Horoscope app fined for selling users' birth dates
Museum shows a zodiac mosaic found under a car park
Quiz show host leaves after 20 years
Pub quiz team finds lost cello in Eastport
Crossword setter wins national prize
Sudoku champion banned for using a phone
Lottery winner gives half of jackpot to fire brigade
Minister cancels state lottery after fraud inquiry
Powerball winner sued by former colleagues
Retailers report weak Black Friday as shoppers stay home
Coupon fraud ring arrested in Eastport
Brightmart shares fall after profit warning
Price of headphones rises after new tariff
Blender maker recalls 40,000 machines after fires
Parliament bans gifts for officials
TV licence fee to rise, government says
Broadcaster drops evening news from Thursday schedule
Sponsor leaves national team after doping case
Watchdog tells influencers to mark paid posts
Mosque reopens for prayer after flood
Gold falls to lowest in two years
Historian finds letter of founder in attic
Cartoonist freed after eleven months in prison
Best season in history ends with defeat for Eastport
Ten best universities lose state funds
Deal reached to end dock strike
Government to save 4 billion on roads
Star of harbour drama dies
Guide dies in avalanche on Mount Ost
Court answers question that split the coalition
Test finds lead in school water
""",
    "ar": """
وفاة فلكي شهير قدم المشورة لثلاثة رؤساء
تغريم تطبيق أبراج باع بيانات مستخدميه
انهيار أبراج كهرباء بسبب العاصفة
متحف يعرض فسيفساء عثر عليها تحت مرآب
مقدم برنامج مسابقات يغادر بعد عشرين عاما
طلاب يجتازون اختبارات الثانوية وسط إجراءات مشددة
وفاة مبتكر الكلمات المتقاطعة في الصحيفة
حل أزمة المياه يتصدر جلسة البرلمان
حل البرلمان والدعوة إلى انتخابات مبكرة
فائز باليانصيب يتبرع بنصف الجائزة للإطفاء
الوزير يلغي اليانصيب الوطني بعد تحقيق في احتيال
تراجع مبيعات المتاجر في موسم التخفيضات
القبض على شبكة زورت قسائم المساعدات
أسهم برايت مارت تهبط بعد تحذير من الأرباح
ارتفاع أسعار السماعات بعد الرسوم الجديدة
شركة تسحب أربعين ألف غسالة بعد حرائق
البرلمان يحظر الهدايا على المسؤولين
الحكومة ترفع رسوم التلفزيون
قناة الميناء توقف نشرة المساء
الراعي ينسحب من المنتخب بعد قضية منشطات
هيئة الإعلام تلزم المؤثرين بالإفصاح عن الإعلانات
مسجد يعيد فتح أبوابه للصلاة بعد الفيضان
الذهب يهبط إلى أدنى مستوى في عامين
مؤرخ يعثر على رسالة المؤسس
الإفراج عن رسام كاريكاتير بعد أحد عشر شهرا
أفضل موسم في تاريخ النادي ينتهي بهزيمة
عشر جامعات تفقد التمويل
اتفاق ينهي إضراب الميناء
نجمة مسلسل بيت البحر ترحل عن سبعين عاما
دليل جبلي يلقى حتفه في انهيار ثلجي
المحكمة تجيب عن سؤال قسم الائتلاف
عرض عسكري في العاصمة اليوم
""",
}


def titles(table: dict[str, str], language: str) -> list[str]:
    """Give the titles of a language."""
    return [line for line in table[language].strip().splitlines() if line]


def figures(language: str) -> tuple[float, float, list[str]]:
    """Give precision and recall of what is told to be no news, and the titles that were judged wrongly."""
    missed = [t for t in titles(NOT_NEWS, language) if is_news(Report("1", t, "", language)).news]
    wrong = [t for t in titles(NEWS, language) if not is_news(Report("1", t, "", language)).news]
    right = len(titles(NOT_NEWS, language)) - len(missed)
    return right / (right + len(wrong)), right / len(titles(NOT_NEWS, language)), missed + wrong


def main() -> None:
    console = Console(width=130)
    for language in NOT_NEWS:
        precision, recall, errors = figures(language)
        console.print(f"{language}: precision {precision:.3f}, recall {recall:.3f}")
        for title in errors:
            console.print("   ", title, markup=False)


if __name__ == "__main__":
    main()
