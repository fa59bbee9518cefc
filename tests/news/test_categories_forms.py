"""What is no news is known by its form and by what its source says, and why is told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daily8.news.categories import is_news
from daily8.news.reports import Report


@pytest.mark.parametrize(
    ("language", "title", "kind"),
    [
        ("en", "Your horoscope for Monday", "horoscope"),
        ("ar", "حظك اليوم الاثنين", "horoscope"),
        ("fr", "Horoscope du lundi 4 mars", "horoscope"),
        ("es", "Horóscopo de hoy", "horoscope"),
        ("en", "News quiz of the week", "quiz"),
        ("ar", "اختبر معلوماتك عن الموانئ", "quiz"),
        ("en", "Quick crossword No 12", "puzzle"),
        ("ar", "حل الكلمات المتقاطعة", "puzzle"),
        ("en", "Lottery results for Saturday", "lottery"),
        ("fr", "Résultats du Loto de samedi", "lottery"),
        ("en", "Save 30% with this promo code", "deals"),
        ("ar", "كود خصم جديد", "deals"),
        ("en", "The 9 best kettles to buy now", "products"),
        ("ar", "دليل شراء الأفران", "products"),
        ("fr", "Programme TV de ce soir", "guide"),
        ("en", "Sponsored: a bank for all", "sponsored"),
        ("ar", "محتوى مدفوع: مصرف للجميع", "sponsored"),
        ("de", "Anzeige: Eine Bank für alle", "sponsored"),
        ("ar", "مواقيت الصلاة اليوم", "service"),
    ],
)
def test_a_form_is_known(language: str, title: str, kind: str) -> None:
    found = is_news(Report("1", title, language=language))
    assert (found.news, found.kind) == (False, kind)
    assert "in the title" in found.reason


@pytest.mark.parametrize(
    ("section", "tags", "url", "kind"),
    [
        ("Horoscopes", (), "", "horoscope"),
        ("", ("Sponsored Content",), "", "sponsored"),
        ("", (), "https://ledger.example/crosswords/quick/12", "puzzle"),
        ("أبراج", (), "", "horoscope"),
        ("", (), "https://ledger.example/tv-guide/thursday", "guide"),
    ],
)
def test_the_source_says_it(section: str, tags: tuple[str, ...], url: str, kind: str) -> None:
    found = is_news(Report("1", "Xyz", url=url, language="en"), section=section, tags=tags)
    assert (found.news, found.kind) == (False, kind)
    assert "in the title" not in found.reason


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Horoscope app fined for selling data"),
        ("en", "Sponsored athletes leave the team"),
        ("en", "How to keep herbs fresh"),
        ("en", "Parliament votes on lottery law"),
        ("ar", "وفاة مبتكر الكلمات المتقاطعة"),
        ("ar", "البرلمان يناقش قانون الإعلان"),
        ("en", ""),
    ],
)
def test_news_that_speaks_of_such_things_is_news(language: str, title: str) -> None:
    assert is_news(Report("1", title, language=language)).news


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=80), st.sampled_from(["en", "ar", "", "xx"]))
def test_whatever_is_written_is_judged(title: str, other: str, language: str) -> None:
    found = is_news(Report("1", title, language=language, url=other), section=other, tags=(other,))
    assert found.news == (not found.kind) == (not found.reason)


@pytest.mark.parametrize("title", ["best " * 200_000, "a" * 1_000_000, "\ud800:" * 9999, ": " * 500_000])
def test_hostile_titles_are_judged_within_bounds(title: str) -> None:
    assert is_news(Report("1", title, language="en", url=title), section=title, tags=(title,) * 999).news
