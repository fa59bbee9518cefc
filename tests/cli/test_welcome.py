"""The first start asks whose news is wanted."""

from __future__ import annotations

from collections.abc import Callable

from daily8.cli.welcome import AT_FIRST, choose


def answers(*given: str) -> Callable[[str], str]:
    left = list(given)
    return lambda question: left.pop(0)


def test_sources_are_chosen_by_country_language_and_interest() -> None:
    chosen = choose(answers("eg, jo", "ar", ""))
    assert {row.country for row in chosen} == {"EG", "JO"}
    assert {row.language for row in chosen} == {"ar"}
    assert len(chosen) <= AT_FIRST


def test_an_unknown_name_is_asked_for_again() -> None:
    chosen = choose(answers("XX", "GB", "", ""))
    assert {row.country for row in chosen} == {"GB"}


def test_empty_answers_add_nothing() -> None:
    assert choose(answers("", " ", "")) == ()
