"""What is common is learned as articles come, within bounds, and makes no hashtag."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.hashtags import streaming
from daily8.news.hashtags.phrases import NOTHING, terms_of
from daily8.news.hashtags.streaming import Backgrounds, Count
from daily8.news.reports import Report
from daily8.news.understanding import Given, understand

TEXTS = {
    "en": (
        "Harbour fund grows again",
        "The harbour fund pays for the sea wall. The sea wall is old, and the harbour fund is small.",
        "HarbourFund",
    ),
    "ar": (
        "صندوق المرفأ ينمو من جديد",
        "يدفع صندوق المرفأ ثمن حاجز الأمواج. حاجز الأمواج قديم.",
        "حاجز_الأمواج",
    ),
}
"""Title, text, and a hashtag of a phrase in them."""


def tags(language: str, known: Backgrounds, publisher: str = "post.example") -> str:
    title, text, _ = TEXTS[language]
    told = understand(
        Given(Report("1", title, text, language, publisher=publisher)), known.of(language, publisher)
    )
    return " ".join(name for tag in told.hashtags for _, name in tag.names)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_stands_everywhere_or_in_all_of_one_publisher_makes_no_hashtag(language: str) -> None:
    title, text, sign = TEXTS[language]
    terms = terms_of(title, text)
    everywhere, furniture = Backgrounds(), Backgrounds()
    for n in range(60):
        everywhere.take(language, f"p{n}.example", terms)
        furniture.take(language, "post.example", terms)
        for other in range(12):
            furniture.take(language, f"p{other}.example", frozenset({f"w{n} {other}"}))
    assert sign in tags(language, Backgrounds())
    assert sign not in tags(language, everywhere)
    assert sign not in tags(language, furniture)
    assert sign in tags(language, furniture, "elsewhere.example")


def test_nothing_is_known_of_a_language_that_was_never_met() -> None:
    assert Backgrounds().of("en", "post.example") == NOTHING


@given(st.lists(st.frozensets(st.text("abc", max_size=3), max_size=9), max_size=60), st.integers(1, 12))
def test_counts_stay_within_bounds_and_never_above_the_documents(
    documents: list[frozenset[str]], most: int
) -> None:
    count = Count(most)
    for terms in documents:
        count.take(terms)
        assert len(count.holds) <= most
        assert all(0 < n <= count.documents for n in count.holds.values())


def test_publishers_and_languages_are_bounded_and_old_counts_fade(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "DOCUMENTS", 100)
    known = Backgrounds()
    for n in range(streaming.PUBLISHERS + 20):
        known.take(f"l{n % 90}", f"p{n}.example", frozenset({"sea wall"}))
    assert len(known._publishers) == streaming.PUBLISHERS
    assert len(known._languages) == streaming.LANGUAGES
    for n in range(1000):
        known.take("en", "", frozenset({"old"} if n < 100 else {"new"}))
    told = known.of("en", "")
    assert told.documents <= 100
    assert told.holds.get("old", 0) == 0
    assert told.rarity("new") == 0.0
